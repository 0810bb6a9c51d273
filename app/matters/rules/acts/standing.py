"""What a person is to a matter: whose step it is, whose part, whether the matter sleeps. Each says why not, or None."""

from __future__ import annotations

from collections.abc import Callable

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules.deciding import Turn, turn
from app.matters.rules.facts import AssignmentFacts, Case
from app.matters.rules.words import AssignmentState, MatterState

Question = Callable[[Case, Step, AssignmentFacts | None], "str | None"]


def own_turn(case: Case, step: Step) -> Turn | None:
    """In which role the person may decide on the step now."""
    if step.approval is None or case.matter.approval is None:
        return None
    return turn(step.approval, case.matter.approval.approved_by, case.actor)


def awake(case: Case) -> str | None:
    """Why nothing happens to the matter now: it is paused, or it has ended."""
    if case.matter.state is MatterState.SUSPENDED:
        return "suspended"
    if case.matter.state in (MatterState.CANCELLED, MatterState.ARCHIVED):
        return "ended"
    return None


def at_step(*kinds: StepKind, roles: bool = True) -> Question:
    """The step is of one of these kinds and the person holds one of its roles, in its supervising unit where it says so."""

    def question(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
        if asleep := awake(case):
            return asleep
        if step.kind not in kinds:
            return "wrong_step"
        return holds(case, step) if roles else None

    return question


def holds(case: Case, step: Step) -> str | None:
    """Whether one of the person's roles does the step, in the group that carries the matter where the step says so."""
    if case.actor.is_system:
        return None
    if not set(step.who) & case.actor.roles or not supervises(case):
        return "not_your_step"
    carrying = case.matter.supervising_unit_id
    if step.by_supervising_unit and carrying is not None and carrying != case.actor.unit_id:
        return "not_your_group"
    return None


def supervises(case: Case) -> bool:
    """Whether the person may supervise here: the office always, another unit only while the matter is delegated to it."""
    return case.actor.is_system or case.actor.may("matter:read_all") or case.actor.unit_id in case.matter.delegated_to


def handles(case: Case, assignment: AssignmentFacts) -> str | None:
    """Whether the person's role is one that handles: a unit's people, and the office's own for a part of the office itself."""
    if case.actor.is_system:
        return None
    if assignment.unit_id != case.actor.unit_id:
        return "not_your_unit"
    steps = [case.procedure.first_of(kind, case.matter.choice) for kind in (StepKind.HANDLING, StepKind.DRAFT)]
    handling = {role for step in steps if step is not None for role in step.who}
    return None if handling & case.actor.roles else "not_your_step"


def own_part(*states: AssignmentState, lead_only: bool = False) -> Question:
    """The person's own unit's part stands in one of these states."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        if asleep := awake(case):
            return asleep
        if assignment is None:
            return "which_unit"
        if stranger := handles(case, assignment):
            return stranger
        if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
            return "wrong_step"
        if lead_only and not assignment.is_lead:
            return "lead_only"
        return None if assignment.state in states else "unit_state"

    return question


def office_part(*states: AssignmentState) -> Question:
    """The office acts on any unit's part that stands in one of these states."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        if asleep := awake(case):
            return asleep
        if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
            return "wrong_step"
        return None if assignment is not None and assignment.state in states else "unit_state"

    return question
