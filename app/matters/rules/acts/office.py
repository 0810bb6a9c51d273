"""What keeps the office and its leaders from an act: the reason, or None."""

from __future__ import annotations

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules.acts.standing import at_step, awake, holds, office_part, own_turn, supervises
from app.matters.rules.deciding import deciding_roles
from app.matters.rules.facts import AssignmentFacts, Case
from app.matters.rules.words import UNDER_WAY, AssignmentState, MatterState


def approval(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """It is the person's turn to decide on the step."""
    if asleep := awake(case):
        return asleep
    if step.kind is not StepKind.APPROVAL or step.approval is None:
        return "wrong_step"
    if not deciding_roles(step.approval, case.actor):
        return "not_your_step"
    return None if own_turn(case, step) else "already_decided"


def reassign(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A declined part is handed on by whoever dispatches."""
    reason = office_part(AssignmentState.DECLINED)(case, step, assignment)
    dispatching = case.procedure.first_of(StepKind.DISPATCH, case.matter.choice)
    return reason or (holds(case, dispatching) if dispatching is not None else "not_here")


def log_receipt(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """The office signs for a unit that was told by telephone, where the procedure lets it."""
    if not case.matter.settings.may_log_receipt:
        return "not_here"
    return office_part(AssignmentState.NOTIFIED)(case, step, assignment)


def rework(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A completion report goes back, where the procedure lets it."""
    if not case.matter.settings.return_allowed:
        return "not_here"
    return at_step(StepKind.REVIEW)(case, step, assignment)


def satisfaction(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """Those who raised the matter are to be asked once it is completed."""
    if asleep := awake(case):
        return asleep
    if step.kind not in (StepKind.CLOSING, StepKind.ARCHIVING):
        return "wrong_step"
    return None if case.matter.satisfaction_due else "not_here"


def instruct(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """Whoever dispatches records a new instruction while the matter is handled; without a dispatch, whoever draws up."""
    if asleep := awake(case):
        return asleep
    if step.kind is not StepKind.HANDLING:
        return "wrong_step"
    steps = (case.procedure.first_of(kind, case.matter.choice) for kind in (StepKind.DISPATCH, StepKind.DRAFT))
    return next((holds(case, one) for one in steps if one is not None), "not_here")


def suspend(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """The clock of a matter at work is stopped, unless it is overdue already."""
    if asleep := awake(case):
        return asleep
    if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
        return "wrong_step"
    return "overdue" if case.matter.overdue else None


def resume(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """A stopped clock runs on."""
    return None if case.matter.state is MatterState.SUSPENDED else "not_suspended"


def cancel(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """A matter that is not yet completed is given up."""
    if case.matter.state is MatterState.SUSPENDED:
        return None
    if case.matter.state in (MatterState.COMPLETED, MatterState.CLOSED_OUT):
        return "ended"
    return awake(case)


def reopen(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """What has ended is opened again."""
    ended = (MatterState.COMPLETED, MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)
    return None if case.matter.state in ended else "not_ended"


def urge(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """Units that still work are reminded by whoever supervises."""
    if asleep := awake(case):
        return asleep
    if step.kind is not StepKind.HANDLING:
        return "wrong_step"
    if not supervises(case):
        return "not_your_step"
    busy = any(one.state in UNDER_WAY - {AssignmentState.REPORTED} for one in case.matter.assignments)
    return None if busy else "nobody_open"
