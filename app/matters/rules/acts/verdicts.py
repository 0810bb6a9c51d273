"""The table asked: for every act, and for the one somebody does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules import concluding
from app.matters.rules.acts.standing import awake, own_turn
from app.matters.rules.acts.table import LEAVING, PER_QUESTION, PER_UNIT, TABLE
from app.matters.rules.asking import carried, why_not_decide
from app.matters.rules.deciding import Absent, turn
from app.matters.rules.facts import AssignmentFacts, Case, MatterFacts
from app.matters.rules.words import Act


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
    right, question = TABLE[act]
    assignment_id = assignment.id if assignment else None
    if not case.actor.may(right):
        return Verdict(act, assignment_id, "right_missing")
    reason = question(case, step, assignment)
    if reason is not None:
        until = concluding.open_until(case.matter) if reason in concluding.DATED else None
        return Verdict(act, assignment_id, reason, until=until)
    missing = missing_for(case, step, given) if act in LEAVING else ()
    now = own_turn(case, step) if act in (Act.APPROVE, Act.RETURN) else None
    return Verdict(act, assignment_id, None, missing, now.role if now else None, now.for_whom if now else None)


def _on_question(case: Case, act: Act, approval_id: int | None) -> Verdict:
    """The verdict on deciding something that is no step: an extension, a slip."""
    asked = next((one for one in case.matter.asked if one.id == approval_id), None)
    if not case.actor.may("matter:approve"):
        return Verdict(act, reason="right_missing", approval_id=approval_id)
    reason = awake(case) or ("which_decision" if asked is None else why_not_decide(asked, case.actor))
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
        ("rectification", _rectifies(matter)),
        ("after_completion", matter.after_report_due and "after_completion" in matter.settings.keeps_open),
        ("satisfaction", matter.satisfaction_due),
    )


def _rectifies(matter: MatterFacts) -> bool:
    """What a conclusion has put right always keeps the matter open; after a media exposure the rules decide."""
    demanded = any(part.conclusion is not None and part.conclusion.rectifies for part in matter.assignments)
    return matter.rectification_due and (demanded or "rectification_result" in matter.settings.keeps_open)


def _attached(kind: str, there: frozenset[str]) -> bool:
    return bool(there & {"original", "copy"}) if kind == "original_or_copy" else kind in there


def is_approved(step: Step, approved_by: frozenset[str]) -> bool:
    """Whether the approvals given so far carry the step."""
    return step.approval is not None and carried(step.approval, approved_by)
