"""The closed sets of words a profile may use. The words are fixed here; which of them it uses is the profile's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.jurisdictions.rules.procedure import StepKind

SET_BY_OFFICE = "本级设定"
"""Stands where an article would, when the regulation is silent and the office has decided for itself."""


class Level(StrEnum):
    """The level of government a jurisdiction stands at."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"


class RegulationStatus(StrEnum):
    """Whether the regulation is in force."""

    DRAFT_FOR_COMMENT = "draft_for_comment"
    IN_FORCE = "in_force"


class OriginLevel(StrEnum):
    """Whose wish a matter carries out: a superior body's or the jurisdiction's own."""

    SUPERIOR = "superior"
    OWN = "own"


class Urgency(StrEnum):
    """How pressing a matter is: ordinary, 急, 特急."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class HandlingModeKey(StrEnum):
    """Who handles a matter: units, the office itself, or units led by the office."""

    TRANSFERRED = "transferred"
    SELF_HANDLED = "self_handled"
    OFFICE_LED = "office_led"


class SourceCategory(StrEnum):
    """What kind of source a matter comes from, so that jurisdictions can be counted side by side."""

    DECISION = "decision"
    MEETING = "meeting"
    INSTRUCTION = "instruction"
    REPORT = "report"
    PROJECT = "project"
    PROPOSAL = "proposal"
    PETITION = "petition"
    MEDIA = "media"
    OTHER = "other"


class Stage(StrEnum):
    """What a clock asks for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FIRST_FEEDBACK = "first_feedback"
    PROGRESS = "progress"
    RESULT = "result"
    RECTIFICATION_RESULT = "rectification_result"
    REWORK = "rework"
    REVIEW = "review"
    STEP = "step"


class Count(StrEnum):
    """How a period is counted."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    FIXED = "fixed"
    ON_EVENT = "on_event"


class Period(StrEnum):
    """The ways of counting that have an amount and an end of their own."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class StartEvent(StrEnum):
    """What a clock starts from."""

    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    MEETING_DATE = "meeting_date"
    EXPOSED = "exposed"
    INSTRUCTION_DATE = "instruction_date"
    STATED = "stated"
    COMPLETION_DECLARED = "completion_declared"
    RETURNED = "returned"
    REPORTED = "reported"


class RollWord(StrEnum):
    """What happens when a period ends on a rest day."""

    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


class ExtensionMode(StrEnum):
    """What a unit can do that will not finish in time: nothing, explain, or ask for a later date."""

    NONE = "none"
    EXPLANATION_ONLY = "explanation_only"
    APPROVAL = "approval"


class HeaderStyle(StrEnum):
    """How a document opens: red heading 红头, letter 信函, brief 简报, telegram 电报, none."""

    RED = "red"
    LETTER = "letter"
    BRIEF = "brief"
    TELEGRAM = "telegram"
    NONE = "none"


class Purpose(StrEnum):
    """What a document is for."""

    PROPOSAL = "proposal"
    PLAN = "plan"
    SCHEME = "scheme"
    DISPATCH = "dispatch"
    URGING = "urging"
    COMPLETION = "completion"
    REPORT = "report"
    REPLY = "reply"
    BULLETIN = "bulletin"
    REGISTER = "register"


class RoutingStrategy(StrEnum):
    """How the body that carries a matter is found: by functional line 归口, or by the leader whose matter it is."""

    FUNCTIONAL_LINE = "functional_line"
    LEADER_PORTFOLIO = "leader_portfolio"


class PlanCardinality(StrEnum):
    """Whether an intake paper is for one matter or a plan over several."""

    ONE_MATTER = "one_matter"
    MANY_MATTERS = "many_matters"


class Audience(StrEnum):
    """Whom a report is for."""

    UNITS = "units"
    LEADERS = "leaders"
    SUPERIOR = "superior"


class Relation(StrEnum):
    """What a kind of unit is to the supervising office."""

    GOVERNMENT = "government"
    SUPERVISING = "supervising"
    HANDLING = "handling"
    GUIDED = "guided"


class Every(StrEnum):
    """How often something comes round."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Occasion(StrEnum):
    """What a reminder speaks of."""

    DISPATCHED = "dispatched"
    UNACKNOWLEDGED = "unacknowledged"
    DUE_SOON = "due_soon"
    BEFORE_DUE = "before_due"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    OVERDUE_WEEKLY = "overdue_weekly"


class ConsentFor(StrEnum):
    """For which visits to units a leader's consent is needed."""

    NONE = "none"
    MAJOR = "major"
    ALL = "all"


class Transfer(StrEnum):
    """Which closed files go on to the archives department."""

    NONE = "none"
    IMPORTANT = "important"
    ALL = "all"


class Prohibition(StrEnum):
    """What nobody may do with a protected paper, each of which switches something off in the product."""

    COPY = "copy"
    EXCERPT = "excerpt"
    LEND = "lend"
    PASS_ON = "pass_on"


class DutyPer(StrEnum):
    """Whether a duty is named once for a unit or anew for each matter."""

    UNIT = "unit"
    MATTER = "matter"


class AttachmentKind(StrEnum):
    """What a file is to the matter it belongs to."""

    ORIGINAL = "original"
    COPY = "copy"
    REPORT = "report"
    EVIDENCE = "evidence"
    DOCUMENT = "document"


MATTER_FIELDS: Mapping[str, str] = {
    "content": "content",
    "source_document_no": "source_document_no",
    "handling_proposal": "handling_proposal",
    "instruction": "instruction_text",
    "instruction_leader": "instruction_leader_id",
    "instruction_date": "instruction_on",
    "meeting_date": "meeting_on",
    "exposure_date": "exposed_on",
    "deadline": "stated_due_on",
    "document_type": "document_type",
    "plan": "plan_id",
    "scheme": "scheme",
    "lead_unit": "lead_unit_id",
    "responsible_division": "responsible_division_id",
    "supervising_unit": "supervising_unit_id",
    "custodian": "custodian_id",
    "result": "result",
    "archive_no": "archive_no",
}
"""What a step may require to be filled in, and where a matter keeps it."""

STEP_RIGHTS: Mapping[StepKind, str] = {
    StepKind.DRAFT: "matter:register",
    StepKind.APPROVAL: "matter:approve",
    StepKind.REGISTRATION: "matter:number",
    StepKind.SCHEME: "matter:scheme",
    StepKind.DISPATCH: "matter:dispatch",
    StepKind.HANDLING: "matter:report",
    StepKind.REVIEW: "matter:review",
    StepKind.CLOSING: "matter:close",
    StepKind.ARCHIVING: "matter:archive",
}
"""The right without which a role named at a step could not take it."""

NOUNS: tuple[str, ...] = (
    "matter",
    "handling_unit",
    "lead_unit",
    "co_unit",
    "responsible_division",
    "supervising_office",
    "liaison",
    "plan",
    "scheme",
    "listing",
    "dispatch",
    "feedback",
    "completion_report",
    "bulletin",
)
"""The nouns a jurisdiction may call by its own names."""
