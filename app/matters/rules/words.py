"""The words of a matter's life."""

from __future__ import annotations

from enum import StrEnum


class MatterState(StrEnum):
    """Where a matter stands, told the same in every jurisdiction."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    LISTED = "listed"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    COMPLETED = "completed"
    CLOSED_OUT = "closed_out"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class AssignmentState(StrEnum):
    """Where one unit stands with its part. ``planned`` is before the notice has gone out."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Act(StrEnum):
    """Everything that can be done to a matter. The API's action names are these words."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REGISTER = "register"
    SCHEME = "scheme"
    DISPATCH = "dispatch"
    ACKNOWLEDGE = "acknowledge"
    LOG_RECEIPT = "log_receipt"
    DECLINE = "decline"
    CONFIRM_DECLINE = "confirm_decline"
    REJECT_DECLINE = "reject_decline"
    REASSIGN = "reassign"
    REPORT_PROGRESS = "report_progress"
    EXPLAIN_DELAY = "explain_delay"
    REPORT_COMPLETION = "report_completion"
    ACCEPT = "accept"
    RETURN_FOR_REWORK = "return_for_rework"
    RECORD_SATISFACTION = "record_satisfaction"
    SERVE_CONCLUSION = "serve_conclusion"
    ACKNOWLEDGE_CONCLUSION = "acknowledge_conclusion"
    LOG_CONCLUSION_RECEIPT = "log_conclusion_receipt"
    OBJECT = "object"
    WAIVE_OBJECTION = "waive_objection"
    DECIDE_OBJECTION = "decide_objection"
    DELEGATE = "delegate"
    END_DELEGATION = "end_delegation"
    CLOSE_OUT = "close_out"
    ARCHIVE = "archive"
    INSTRUCT = "instruct"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REOPEN = "reopen"
    URGE = "urge"
    REQUEST_EXTENSION = "request_extension"
    WITHDRAW_EXTENSION = "withdraw_extension"
    AGREE = "agree"
    REFUSE = "refuse"


class ConclusionState(StrEnum):
    """Where a conclusion served on a unit stands. ``superseded``: the matter was opened again and will end anew."""

    SERVED = "served"
    RECEIVED = "received"
    WAIVED = "waived"
    OBJECTED = "objected"
    UPHELD = "upheld"
    CHANGED = "changed"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class ReportKind(StrEnum):
    """What a unit reports."""

    PROGRESS = "progress"
    INTERIM_FEEDBACK = "interim_feedback"
    DELAY_EXPLANATION = "delay_explanation"
    COMPLETION = "completion"
    RECTIFICATION = "rectification"
    AFTER_COMPLETION = "after_completion"


OPEN_STATES = frozenset(MatterState) - {MatterState.ARCHIVED, MatterState.CANCELLED}
WORKING_STATES = frozenset({AssignmentState.ACKNOWLEDGED, AssignmentState.IN_PROGRESS, AssignmentState.RETURNED})
UNDER_WAY = frozenset(
    {
        AssignmentState.NOTIFIED,
        AssignmentState.ACKNOWLEDGED,
        AssignmentState.IN_PROGRESS,
        AssignmentState.RETURNED,
        AssignmentState.REPORTED,
    }
)

# What a matter is judged by before anything else: a signature or a contribution that is late is the unit's own to-do.
MAIN_STAGES = ("first_feedback", "progress", "result", "rework", "rectification_result", "after_completion")
RESULT_STAGES = ("result", "rework")

# What the office weighs before a matter goes out: units read none of it, whatever they read afterwards.
OFFICE_EVENTS = frozenset(
    f"matter.{kind}"
    for kind in (
        "agreed",
        "disagreed",
        "drafted",
        "imported",
        "edited",
        "submitted",
        "approved",
        "returned",
        "scheme_drawn_up",
        "handed_over",
        "slip_asked",
        "slip_withdrawn",
    )
)
# What passes between the office and one unit: the others do not read it. Its facts name the part.
PART_EVENTS = frozenset({"matter.slip_issued", "matter.slip_answered"})
