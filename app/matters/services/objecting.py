"""A unit's objection to its conclusion, and the office's decision on it (政府督查工作条例 art. 17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.deadlines.rules import ClockRule, RuleKind
from app.documents.services import refuse_secret_text
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.models import Assignment, Conclusion, Matter, Objection
from app.matters.queries.conclusions import list_reviewers
from app.matters.rules import Act, ConclusionState
from app.matters.services import clocks
from app.matters.services.casework import Work, note, require, take, tell_office, tell_unit, write_to
from app.matters.services.concluding import issue, name_of, section, standing
from app.matters.services.reporting import keep_files

DECISIONS = (ConclusionState.UPHELD, ConclusionState.CHANGED, ConclusionState.REVOKED)
_WORDS = {
    ConclusionState.UPHELD: "维持原督查结论。",
    ConclusionState.CHANGED: "变更原督查结论。",
    ConclusionState.REVOKED: "撤销原督查结论。",
}


@command
def object_to(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    reason: str,
    attachment_ids: Sequence[int] = (),
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """A unit applies for review within its time; the office's time to decide runs from today. Refuses without a reason."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.OBJECT, assignment_id)
    if not reason.strip():
        raise Invalid("reason_needed", N_("Write down the reason."), {"reason": N_("A reason is needed.")})
    refuse_secret_text(reason)
    said, served = section(work), standing(work, assignment_id)
    rule = ClockRule(
        RuleKind.CALENDAR_DAYS,
        said.review_days,
        start_event="objected",
        yellow_days=5,
        article=said.article,
        key="conclusion_review",
        stage="conclusion_review",
    )
    clock = clocks.open_from(work, "conclusion_review", None, rule, at)
    filed = Objection(
        conclusion_id=served.id,
        reason=reason.strip(),
        filed_at=at,
        filed_by=actor.membership_id,
        obligation_id=clock.id,
    )
    session.add(filed)
    served.state = ConclusionState.OBJECTED
    session.flush()
    keep_files(work, "objection", filed.id, attachment_ids)
    unit = name_of(work, work.assignment(assignment_id))
    note(work, "objected", unit=unit, reason=filed.reason)
    tell_office(work, "matter.objected", str(filed.id), unit=unit, reason=filed.reason)
    reviewers = list_reviewers(session, work.matter, recusal=said.recusal)
    write_to(work, reviewers, "matter.objected", str(filed.id), unit=unit, reason=filed.reason, due_on=clock.due_on)
    return work.matter


@command
def waive_objection(
    session: Any, actor: Actor, matter_id: int, *, assignment_id: int, expected_version: int, at: dt.datetime
) -> Matter:
    """A unit says that it does not object: as far as it is concerned the matter may end before its time has passed."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.WAIVE_OBJECTION, assignment_id)
    served = standing(work, assignment_id)
    served.state, served.waived_at, served.waived_by = ConclusionState.WAIVED, at, actor.membership_id
    unit = name_of(work, work.assignment(assignment_id))
    note(work, "objection_waived", unit=unit)
    tell_office(work, "matter.objection_waived", str(served.id), unit=unit)
    return work.matter


@command
def decide_objection(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    decision: str,
    text: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Decide on an objection: the conclusion is upheld, changed or revoked, in a numbered paper of its own.

    Refuses whoever took part in the supervision, a decision that is none of the three, and one without its grounds.
    A changed conclusion holds in its new words; a demand for rectification falls with a revoked one.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.DECIDE_OBJECTION, assignment_id)
    faults = {}
    if decision not in DECISIONS:
        faults["decision"] = N_("Choose what becomes of the conclusion.")
    if not text.strip():
        faults["text"] = N_("Write down the grounds; where it is changed, the conclusion as it now stands.")
    if faults:
        raise Invalid("decision_incomplete", N_("The decision is not complete."), faults)
    said, part, served = section(work), work.assignment(assignment_id), standing(work, assignment_id)
    outcome = ConclusionState(decision)
    lines = [_WORDS[outcome], *(line for line in text.strip().splitlines() if line.strip())]
    paper = issue(work, part, said.review_document_type or said.document_type, lines, said)
    filed = _close(work, part, served, outcome)
    filed.decision, filed.decision_text, filed.document_id = outcome, text.strip(), paper.id
    filed.decided_at, filed.decided_by = at, actor.membership_id
    note(
        work,
        "objection_decided",
        unit=name_of(work, part),
        document_no=paper.document_no,
        decision=outcome,
        text=text.strip(),
    )
    tell_unit(work, part, "matter.objection_decided", str(filed.id), document_no=paper.document_no, text=text.strip())
    return work.matter


def _close(work: Work, part: Assignment, served: Conclusion, outcome: ConclusionState) -> Objection:
    """The review is over: its clock is met, and what hung on a revoked conclusion hangs on nothing."""
    filed: Objection = work.session.query(Objection).filter(Objection.conclusion_id == served.id).one()
    served.state = outcome
    for clock in clocks.open_clocks(work, None, ("conclusion_review",)):
        if clock.id == filed.obligation_id:
            clock.state, clock.met_at, clock.next_reminder_on = "met", work.at, None
            clock.met_by_type, clock.met_by_id = "objection", filed.id
    if outcome is ConclusionState.REVOKED:
        for clock in clocks.open_clocks(work, part, ("rectification_result",)):
            clock.state, clock.met_at, clock.next_reminder_on = "cancelled", work.at, None
    work.session.flush()
    return filed
