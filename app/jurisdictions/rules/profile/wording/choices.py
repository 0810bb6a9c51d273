"""Which words belong to which choice."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.profile.base import Approval, Section
from app.jurisdictions.rules.profile.clocks import (
    DeadlineRule,
    Extension,
    PeriodicCheck,
    Recompute,
    ReminderStep,
    ReportSchedule,
)
from app.jurisdictions.rules.profile.conduct import PointRule, Points, ReportType, Secrecy, Slip, Threshold
from app.jurisdictions.rules.profile.document import Profile
from app.jurisdictions.rules.profile.office import LowerBodies, Regulation, Routing, UnitsSection
from app.jurisdictions.rules.profile.procedure import (
    DocumentType,
    Intake,
    MatterSource,
    Step,
    StepCondition,
    StepLimit,
)
from app.jurisdictions.rules.profile.readings import Readings
from app.jurisdictions.rules.profile.urging import UrgingText
from app.jurisdictions.rules.profile.wording import values

CHOICES: Mapping[tuple[type[Section], str], Mapping[str, str]] = {
    (Approval, "mode"): values.DECIDING,
    (DeadlineRule, "handling_modes"): values.HANDLING_MODE,
    (DeadlineRule, "origin_levels"): values.ORIGIN_LEVEL,
    (DeadlineRule, "roll"): values.ROLL,
    (DeadlineRule, "rule"): values.RULE,
    (DeadlineRule, "sessions"): values.SESSION,
    (DeadlineRule, "stage"): values.STAGE,
    (DeadlineRule, "start_event"): values.START_EVENT,
    (DeadlineRule, "urgencies"): values.URGENCY,
    (DocumentType, "audience"): values.AUDIENCE,
    (DocumentType, "header"): values.HEADER,
    (Extension, "cap"): values.CAP,
    (Extension, "mode"): values.EXTENSION_MODE,
    (Intake, "paper"): values.INTAKE_PAPER,
    (Intake, "plan_cardinality"): values.PLAN_CARDINALITY,
    (LowerBodies, "relation"): values.RELATION,
    (MatterSource, "category"): values.SOURCE_CATEGORY,
    (MatterSource, "origin_level"): values.ORIGIN_LEVEL,
    (PeriodicCheck, "every"): values.EVERY,
    (PeriodicCheck, "origin_levels"): values.ORIGIN_LEVEL,
    (PointRule, "occasion"): values.POINT_OCCASION,
    (Points, "period"): values.EVERY,
    (Profile, "handling_modes"): values.HANDLING_MODE,
    (Profile, "words"): values.PLACE_WORDS,
    (Readings, "conflict"): values.CONFLICT,
    (Readings, "reinstruct"): values.REINSTRUCT,
    (Readings, "urgent_default"): values.URGENT_DEFAULT,
    (Recompute, "earlier"): values.EARLIER,
    (Regulation, "level"): values.OFFICE_LEVEL,
    (Regulation, "status"): values.REGULATION_STATUS,
    (ReminderStep, "channels"): values.WAY,
    (ReminderStep, "relative_to"): values.RELATIVE_TO,
    (ReminderStep, "unit"): values.DAY_UNIT,
    (ReportSchedule, "every"): values.EVERY,
    (ReportType, "audience"): values.AUDIENCE,
    (Routing, "strategy"): values.ROUTING,
    (Secrecy, "levels"): values.SECRECY_LEVEL,
    (Slip, "colour"): values.COLOUR,
    (Step, "kind"): values.STEP_KIND,
    (StepCondition, "handling_modes"): values.HANDLING_MODE,
    (StepCondition, "origin_levels"): values.ORIGIN_LEVEL,
    (StepCondition, "urgencies"): values.URGENCY,
    (StepLimit, "rule"): values.LIMIT_RULE,
    (Threshold, "consequence"): values.CONSEQUENCE,
    (UnitsSection, "kinds"): values.UNIT_KIND,
    (UrgingText, "kind"): values.URGED_FOR,
}

# The lists that are code and not the profile's own: what a word may name, and what it is called.
CODE_LISTS: Mapping[str, Mapping[str, str]] = {"fields": values.MATTER_FIELD, "attachments": values.ATTACHMENT}
