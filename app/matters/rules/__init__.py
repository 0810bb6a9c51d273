"""Pure rules of a matter's life."""

from app.matters.rules.acts import (
    LEAVING,
    PER_QUESTION,
    PER_UNIT,
    Verdict,
    allowed,
    decide,
    is_approved,
    missing_for,
    owed_report,
)
from app.matters.rules.asking import AskedFacts, carried
from app.matters.rules.deciding import Turn, deciding_roles, turn
from app.matters.rules.draft import Draft
from app.matters.rules.facts import (
    ActorFacts,
    ApprovalFacts,
    AssignmentFacts,
    Case,
    ConclusionFacts,
    MatterFacts,
    Settings,
)
from app.matters.rules.reasons import REASONS
from app.matters.rules.words import (
    MAIN_STAGES,
    OFFICE_EVENTS,
    OPEN_STATES,
    PART_EVENTS,
    RESULT_STAGES,
    UNDER_WAY,
    WORKING_STATES,
    Act,
    AssignmentState,
    ConclusionState,
    MatterState,
    ReportKind,
)

__all__ = [
    "LEAVING",
    "MAIN_STAGES",
    "OFFICE_EVENTS",
    "OPEN_STATES",
    "PART_EVENTS",
    "PER_QUESTION",
    "PER_UNIT",
    "REASONS",
    "RESULT_STAGES",
    "UNDER_WAY",
    "WORKING_STATES",
    "Act",
    "ActorFacts",
    "ApprovalFacts",
    "AskedFacts",
    "AssignmentFacts",
    "AssignmentState",
    "Case",
    "ConclusionFacts",
    "ConclusionState",
    "Draft",
    "MatterFacts",
    "MatterState",
    "ReportKind",
    "Settings",
    "Turn",
    "Verdict",
    "allowed",
    "carried",
    "decide",
    "deciding_roles",
    "is_approved",
    "missing_for",
    "owed_report",
    "turn",
]
