"""What keeps a unit from an act on its own part: the reason, or None."""

from __future__ import annotations

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules.acts.standing import awake, handles, own_part
from app.matters.rules.facts import AssignmentFacts, Case, MatterFacts
from app.matters.rules.words import WORKING_STATES, AssignmentState, ReportKind


def progress(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A working unit reports how far it is; afterwards the lead still reports what is owed once the matter is done."""
    if assignment is not None and owed_report(case.matter, assignment) is not None:
        return awake(case) or handles(case, assignment)
    return _at_work(case, step, assignment)


def _at_work(case: Case, step: Step, assignment: AssignmentFacts | None, *, lead_only: bool = False) -> str | None:
    """The unit is at work on its part: one that has proposed to decline it is not, until its leader has answered."""
    reason = own_part(*WORKING_STATES, lead_only=lead_only)(case, step, assignment)
    if reason is None and assignment is not None and assignment.decline_proposed:
        return "decline_waits"
    return reason


def owed_report(matter: MatterFacts, assignment: AssignmentFacts) -> ReportKind | None:
    """The report this part owes after its completion report: what was put right (华容区 art. 10), then how it went on."""
    if assignment.conclusion is not None and assignment.conclusion.rectifies:
        return ReportKind.RECTIFICATION
    if not assignment.is_lead:
        return None
    if matter.rectification_due and assignment.state in (AssignmentState.REPORTED, AssignmentState.ACCEPTED):
        return ReportKind.RECTIFICATION
    if matter.after_report_due and assignment.state is AssignmentState.ACCEPTED:
        return ReportKind.AFTER_COMPLETION
    return None


def completion(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """The lead unit reports that it is done."""
    reason = _at_work(case, step, assignment, lead_only=True)
    return reason or (None if step.kind is StepKind.HANDLING else "wrong_step")


def decline(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A unit says that the matter is not its business, within its window."""
    reason = own_part(AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED)(case, step, assignment)
    if reason is None and assignment is not None:
        if assignment.decline_proposed:
            return "decline_waits"
        return None if assignment.may_decline else "window_closed"
    return reason


def sign_decline(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """Whoever signs for the unit confirms or rejects what the liaison has proposed; the window was kept by the proposal."""
    if asleep := awake(case):
        return asleep
    if assignment is None or (assignment.unit_id != case.actor.unit_id and not case.actor.is_system):
        return "not_your_unit"
    open_still = assignment.state in (AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED)
    if not assignment.decline_proposed or not open_still:
        return "nothing_to_sign"
    return None if step.kind in (StepKind.HANDLING, StepKind.REVIEW) else "wrong_step"


def explain(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A unit explains a delay, where the procedure takes explanations."""
    if not case.matter.settings.may_explain_delay:
        return "not_here"
    return own_part(*WORKING_STATES)(case, step, assignment)


def request_extension(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A working unit asks for more time, where nothing speaks against it."""
    reason = _at_work(case, step, assignment)
    if reason is not None or assignment is None:
        return reason
    return assignment.no_extension


def withdraw_extension(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A unit takes back what it has asked for."""
    reason = own_part(*WORKING_STATES)(case, step, assignment)
    if reason is None and assignment is not None and not assignment.extension_asked:
        return "no_extension_asked"
    return reason
