"""Who may do what to a matter now: one table, asked twice.

``allowed`` asks it for every act and draws the buttons; ``decide`` asks it for the one act somebody does. What is not in
the table cannot be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules import concluding
from app.matters.rules.asking import carried, why_not_decide
from app.matters.rules.deciding import Absent, Turn, deciding_roles, turn
from app.matters.rules.facts import AssignmentFacts, Case, MatterFacts
from app.matters.rules.words import UNDER_WAY, WORKING_STATES, Act, AssignmentState, MatterState, ReportKind


@dataclass(frozen=True)
class Verdict:
    """The answer to one act. ``reason`` is None when it may be done; ``missing`` names fields and files still wanted."""

    act: Act
    assignment_id: int | None = None
    reason: str | None = None
    missing: tuple[str, ...] = ()
    role: str | None = None  # the role in which an approval is given
    for_whom: Absent | None = None  # whose it is when a deputy decides
    approval_id: int | None = None  # the question that is decided
    until: dt.date | None = None  # the day on which the reason against it ends

    @property
    def may(self) -> bool:
        """Whether the person may do it, once nothing is missing."""
        return self.reason is None


Question = Callable[[Case, Step, AssignmentFacts | None], "str | None"]


def allowed(case: Case) -> tuple[Verdict, ...]:
    """Every act the person may do now, with what is still missing, in the order of a matter's life."""
    return tuple(verdict for verdict in _all(case) if verdict.may)


def decide(
    case: Case,
    act: Act,
    assignment_id: int | None = None,
    given: frozenset[str] = frozenset(),
    approval_id: int | None = None,
) -> Verdict:
    """The verdict on one act. ``given`` are fields and files that come with the act itself."""
    if act in PER_QUESTION:
        return _on_question(case, act, approval_id)
    assignment = next((one for one in case.matter.assignments if one.id == assignment_id), None)
    if act in PER_UNIT and assignment is None:
        return Verdict(act, assignment_id, "which_unit")
    return _verdict(case, act, assignment if act in PER_UNIT else None, given)


def _all(case: Case) -> Iterator[Verdict]:
    for act in Act:
        if act in PER_UNIT:
            for assignment in case.matter.assignments:
                yield _verdict(case, act, assignment, frozenset())
        elif act in PER_QUESTION:
            for asked in case.matter.asked:
                yield _on_question(case, act, asked.id)
        else:
            yield _verdict(case, act, None, frozenset())


def _verdict(case: Case, act: Act, assignment: AssignmentFacts | None, given: frozenset[str]) -> Verdict:
    step = case.procedure.step(case.matter.step_key)
    right, question = _TABLE[act]
    assignment_id = assignment.id if assignment else None
    if not case.actor.may(right):
        return Verdict(act, assignment_id, "right_missing")
    reason = question(case, step, assignment)
    if reason is not None:
        until = concluding.open_until(case.matter) if reason in concluding.DATED else None
        return Verdict(act, assignment_id, reason, until=until)
    missing = missing_for(case, step, given) if act in LEAVING else ()
    now = _turn(case, step) if act in (Act.APPROVE, Act.RETURN) else None
    return Verdict(act, assignment_id, None, missing, now.role if now else None, now.for_whom if now else None)


def _on_question(case: Case, act: Act, approval_id: int | None) -> Verdict:
    """The verdict on deciding something that is no step: an extension, a slip."""
    asked = next((one for one in case.matter.asked if one.id == approval_id), None)
    if not case.actor.may("matter:approve"):
        return Verdict(act, reason="right_missing", approval_id=approval_id)
    reason = _awake(case) or ("which_decision" if asked is None else why_not_decide(asked, case.actor))
    if reason is not None or asked is None:
        return Verdict(act, reason=reason, approval_id=approval_id)
    now = turn(asked.approval, asked.approved_by, case.actor)
    return Verdict(act, role=now.role if now else None, for_whom=now.for_whom if now else None, approval_id=approval_id)


def missing_for(case: Case, step: Step, given: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What the step demands before it is left and the matter does not hold: field names, then kinds of files."""
    there = case.matter.filled | given
    wanted = list(step.required_fields)
    if step.kind is StepKind.DRAFT:
        wanted += [name for name in case.matter.demanded if name not in wanted]
    fields = [name for name in wanted if name not in there]
    if step.kind in (StepKind.CLOSING, StepKind.ARCHIVING):
        fields += [name for name, owed in _owed_at_the_end(case.matter) if owed]
    files = [kind for kind in step.required_attachments if not _attached(kind, case.matter.attached | given)]
    return tuple(fields + files)


def _owed_at_the_end(matter: MatterFacts) -> tuple[tuple[str, bool], ...]:
    return (
        ("conclusion", concluding.owes_conclusion(matter)),
        ("rectification", matter.rectification_due),
        ("after_completion", matter.after_report_due),
        ("satisfaction", matter.satisfaction_due),
    )


def _attached(kind: str, there: frozenset[str]) -> bool:
    return bool(there & {"original", "copy"}) if kind == "original_or_copy" else kind in there


def _turn(case: Case, step: Step) -> Turn | None:
    if step.approval is None or case.matter.approval is None:
        return None
    return turn(step.approval, case.matter.approval.approved_by, case.actor)


def is_approved(step: Step, approved_by: frozenset[str]) -> bool:
    """Whether the approvals given so far carry the step."""
    return step.approval is not None and carried(step.approval, approved_by)


def _awake(case: Case) -> str | None:
    if case.matter.state is MatterState.SUSPENDED:
        return "suspended"
    if case.matter.state in (MatterState.CANCELLED, MatterState.ARCHIVED):
        return "ended"
    return None


def _at(*kinds: StepKind, roles: bool = True) -> Question:
    """The step is of one of these kinds and the person holds one of its roles, in its supervising unit where it says so."""

    def question(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
        if asleep := _awake(case):
            return asleep
        if step.kind not in kinds:
            return "wrong_step"
        return _holds(case, step) if roles else None

    return question


def _holds(case: Case, step: Step) -> str | None:
    if case.actor.is_system:
        return None
    if not set(step.who) & case.actor.roles or not _supervises(case):
        return "not_your_step"
    carrying = case.matter.supervising_unit_id
    if step.by_supervising_unit and carrying is not None and carrying != case.actor.unit_id:
        return "not_your_group"
    return None


def _supervises(case: Case) -> bool:
    """Whether the person may supervise here: the office always, another unit only while the matter is delegated to it."""
    return case.actor.is_system or case.actor.may("matter:read_all") or case.actor.unit_id in case.matter.delegated_to


def _approval(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if asleep := _awake(case):
        return asleep
    if step.kind is not StepKind.APPROVAL or step.approval is None:
        return "wrong_step"
    if not deciding_roles(step.approval, case.actor):
        return "not_your_step"
    return None if _turn(case, step) else "already_decided"


def _handles(case: Case, assignment: AssignmentFacts) -> str | None:
    """Whether the person's role is one that handles: a unit's people, and the office's own for a part of the office itself."""
    if case.actor.is_system:
        return None
    if assignment.unit_id != case.actor.unit_id:
        return "not_your_unit"
    steps = [case.procedure.first_of(kind, case.matter.choice) for kind in (StepKind.HANDLING, StepKind.DRAFT)]
    handling = {role for step in steps if step is not None for role in step.who}
    return None if handling & case.actor.roles else "not_your_step"


def _own_part(*states: AssignmentState, lead_only: bool = False) -> Question:
    """The person's own unit's part stands in one of these states."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        if asleep := _awake(case):
            return asleep
        if assignment is None:
            return "which_unit"
        if stranger := _handles(case, assignment):
            return stranger
        if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
            return "wrong_step"
        if lead_only and not assignment.is_lead:
            return "lead_only"
        return None if assignment.state in states else "unit_state"

    return question


def _progress(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A working unit reports how far it is; afterwards the lead still reports what is owed once the matter is done."""
    if assignment is not None and owed_report(case.matter, assignment) is not None:
        return _awake(case) or _handles(case, assignment)
    return _own_part(*WORKING_STATES)(case, step, assignment)


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


def _completion(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    reason = _own_part(*WORKING_STATES, lead_only=True)(case, step, assignment)
    return reason or (None if step.kind is StepKind.HANDLING else "wrong_step")


def _decline(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    reason = _own_part(AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED)(case, step, assignment)
    if reason is None and assignment is not None:
        if assignment.decline_proposed:
            return "decline_waits"
        return None if assignment.may_decline else "window_closed"
    return reason


def _sign_decline(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """Whoever signs for the unit confirms or rejects what the liaison has proposed; the window was kept by the proposal."""
    if asleep := _awake(case):
        return asleep
    if assignment is None or (assignment.unit_id != case.actor.unit_id and not case.actor.is_system):
        return "not_your_unit"
    open_still = assignment.state in (AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED)
    if not assignment.decline_proposed or not open_still:
        return "nothing_to_sign"
    return None if step.kind in (StepKind.HANDLING, StepKind.REVIEW) else "wrong_step"


def _explain(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    if not case.matter.settings.may_explain_delay:
        return "not_here"
    return _own_part(*WORKING_STATES)(case, step, assignment)


def _request_extension(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    reason = _own_part(*WORKING_STATES)(case, step, assignment)
    if reason is not None or assignment is None:
        return reason
    return assignment.no_extension


def _withdraw_extension(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    reason = _own_part(*WORKING_STATES)(case, step, assignment)
    if reason is None and assignment is not None and not assignment.extension_asked:
        return "no_extension_asked"
    return reason


def _office_part(*states: AssignmentState) -> Question:
    """The office acts on any unit's part that stands in one of these states."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        if asleep := _awake(case):
            return asleep
        if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
            return "wrong_step"
        return None if assignment is not None and assignment.state in states else "unit_state"

    return question


def _reassign(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """A declined part is handed on by whoever dispatches."""
    reason = _office_part(AssignmentState.DECLINED)(case, step, assignment)
    dispatching = case.procedure.first_of(StepKind.DISPATCH, case.matter.choice)
    return reason or (_holds(case, dispatching) if dispatching is not None else "not_here")


def _log_receipt(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    if not case.matter.settings.may_log_receipt:
        return "not_here"
    return _office_part(AssignmentState.NOTIFIED)(case, step, assignment)


def _rework(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    if not case.matter.settings.return_allowed:
        return "not_here"
    return _at(StepKind.REVIEW)(case, step, assignment)


def _satisfaction(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if asleep := _awake(case):
        return asleep
    if step.kind not in (StepKind.CLOSING, StepKind.ARCHIVING):
        return "wrong_step"
    return None if case.matter.satisfaction_due else "not_here"


def _suspend(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if asleep := _awake(case):
        return asleep
    if step.kind not in (StepKind.HANDLING, StepKind.REVIEW):
        return "wrong_step"
    return "overdue" if case.matter.overdue else None


def _resume(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    return None if case.matter.state is MatterState.SUSPENDED else "not_suspended"


def _cancel(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if case.matter.state is MatterState.SUSPENDED:
        return None
    if case.matter.state in (MatterState.COMPLETED, MatterState.CLOSED_OUT):
        return "ended"
    return _awake(case)


def _reopen(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    ended = (MatterState.COMPLETED, MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)
    return None if case.matter.state in ended else "not_ended"


def _urge(case: Case, step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if asleep := _awake(case):
        return asleep
    if step.kind is not StepKind.HANDLING:
        return "wrong_step"
    if not _supervises(case):
        return "not_your_step"
    busy = any(one.state in UNDER_WAY - {AssignmentState.REPORTED} for one in case.matter.assignments)
    return None if busy else "nobody_open"


def _office(case: Case) -> str | None:
    """A conclusion is the government's own: nobody outside its office serves one or decides on an objection."""
    return None if case.actor.may("matter:read_all") else "office_only"


def _conclude(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    reason = concluding.may_conclude(case.matter) or _at(StepKind.CLOSING, StepKind.ARCHIVING)(case, step, assignment)
    return reason or _office(case)


def _of_unit(question: Callable[[AssignmentFacts], str | None]) -> Question:
    """The person's own unit answers the conclusion served on it."""

    def asked(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
        if not case.matter.settings.concludes:
            return "not_here"
        if assignment is None:
            return "which_unit"
        return _awake(case) or _handles(case, assignment) or question(assignment)

    return asked


def _log_conclusion(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
    if not (case.matter.settings.concludes and case.matter.settings.may_log_receipt):
        return "not_here"
    return _awake(case) or (concluding.may_receive(assignment) if assignment else "which_unit")


def _decide_objection(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
    if not case.matter.settings.concludes:
        return "not_here"
    if assignment is None:
        return "which_unit"
    return _awake(case) or concluding.may_decide(case.matter, assignment) or _office(case)


def _delegate(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    if not case.matter.settings.delegates:
        return "not_here"
    if case.matter.state in (MatterState.DRAFT, MatterState.PROPOSED):
        return "wrong_step"
    return _awake(case) or _office(case)


def _end_delegation(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    return _office(case) if case.matter.delegations else "no_delegation"


def _ending(kind: StepKind) -> Question:
    """The step is there, and nothing about a conclusion keeps the matter open."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        return _at(kind)(case, step, assignment) or concluding.may_end(case.matter)

    return question


# Act: the right it needs, and what must hold. The order of a matter's life.
_TABLE: Mapping[Act, tuple[str, Question]] = {
    Act.EDIT: ("matter:register", _at(StepKind.DRAFT)),
    Act.SUBMIT: ("matter:register", _at(StepKind.DRAFT)),
    Act.APPROVE: ("matter:approve", _approval),
    Act.RETURN: ("matter:approve", _approval),
    Act.REGISTER: ("matter:number", _at(StepKind.REGISTRATION)),
    Act.SCHEME: ("matter:scheme", _at(StepKind.SCHEME)),
    Act.DISPATCH: ("matter:dispatch", _at(StepKind.DISPATCH)),
    Act.ACKNOWLEDGE: ("matter:acknowledge", _own_part(AssignmentState.NOTIFIED)),
    Act.LOG_RECEIPT: ("matter:log_receipt", _log_receipt),
    Act.DECLINE: ("matter:acknowledge", _decline),
    Act.CONFIRM_DECLINE: ("matter:sign_report", _sign_decline),
    Act.REJECT_DECLINE: ("matter:sign_report", _sign_decline),
    Act.REASSIGN: ("matter:dispatch", _reassign),
    Act.REPORT_PROGRESS: ("matter:report", _progress),
    Act.EXPLAIN_DELAY: ("matter:report", _explain),
    Act.REQUEST_EXTENSION: ("matter:report", _request_extension),
    Act.WITHDRAW_EXTENSION: ("matter:report", _withdraw_extension),
    Act.REPORT_COMPLETION: ("matter:report", _completion),
    Act.ACCEPT: ("matter:review", _at(StepKind.REVIEW)),
    Act.RETURN_FOR_REWORK: ("matter:review", _rework),
    Act.RECORD_SATISFACTION: ("matter:review", _satisfaction),
    Act.SERVE_CONCLUSION: ("matter:review", _conclude),
    Act.ACKNOWLEDGE_CONCLUSION: ("matter:acknowledge", _of_unit(concluding.may_receive)),
    Act.LOG_CONCLUSION_RECEIPT: ("matter:log_receipt", _log_conclusion),
    Act.OBJECT: ("matter:report", _of_unit(concluding.may_object)),
    Act.WAIVE_OBJECTION: ("matter:report", _of_unit(concluding.may_object)),
    Act.DECIDE_OBJECTION: ("matter:review", _decide_objection),
    Act.DELEGATE: ("matter:dispatch", _delegate),
    Act.END_DELEGATION: ("matter:dispatch", _end_delegation),
    Act.CLOSE_OUT: ("matter:close", _ending(StepKind.CLOSING)),
    Act.ARCHIVE: ("matter:archive", _ending(StepKind.ARCHIVING)),
    Act.SUSPEND: ("matter:suspend", _suspend),
    Act.RESUME: ("matter:suspend", _resume),
    Act.CANCEL: ("matter:cancel", _cancel),
    Act.REOPEN: ("matter:reopen", _reopen),
    Act.URGE: ("matter:urge", _urge),
}

# Acts on one unit's part.
PER_UNIT = frozenset(
    {
        Act.ACKNOWLEDGE,
        Act.LOG_RECEIPT,
        Act.DECLINE,
        Act.CONFIRM_DECLINE,
        Act.REJECT_DECLINE,
        Act.REASSIGN,
        Act.REPORT_PROGRESS,
        Act.EXPLAIN_DELAY,
        Act.REQUEST_EXTENSION,
        Act.WITHDRAW_EXTENSION,
        Act.REPORT_COMPLETION,
        Act.ACKNOWLEDGE_CONCLUSION,
        Act.LOG_CONCLUSION_RECEIPT,
        Act.OBJECT,
        Act.WAIVE_OBJECTION,
        Act.DECIDE_OBJECTION,
    }
)

# Acts on something that was asked for and is no step.
PER_QUESTION = frozenset({Act.AGREE, Act.REFUSE})

# Acts that leave a step: its demands must be met.
LEAVING = frozenset({Act.SUBMIT, Act.REGISTER, Act.SCHEME, Act.DISPATCH, Act.CLOSE_OUT, Act.ARCHIVE})
