"""Escalation slips 督办单: issued with a number and a limit of their own, answered by the unit, settled by what it reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.deadlines.rules import ClockRule, RuleKind
from app.documents.rules import written_date
from app.documents.services import issue_document, refuse_secret_text, withdraw_document
from app.jurisdictions.rules.profile import Slip
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, handles
from app.kernel.i18n import N_
from app.matters.models import Approval, Assignment, Obligation, Report
from app.matters.rules import REASONS, Act, decide
from app.matters.services import clocks
from app.matters.services.approving import Decision, ask, settles, weighs, withdraw
from app.matters.services.casework import Work, note, take, tell_office, tell_unit
from app.urging.models import EscalationSlip
from app.urging.queries import facts_of_part, list_assignments_for_urging, list_open_slips
from app.urging.rules import CLOCKS, LONGEST_MESSAGE, OPEN_SLIPS, SLIP_STAGE, Refusal, SlipState, why_not

PURPOSE = "slip"
LONGEST_ANSWER = 4000
"""Characters of a unit's answer to a slip."""

_NOT_THEIRS = ("right_missing", "not_your_step")
_ENDED_PARTS = ("declined", "accepted")
_ENDED_MATTERS = ("completed", "closed_out", "archived", "cancelled")


@command
def issue_slip(
    session: Any, actor: Actor, matter_id: int, *, assignment_id: int, slip: str, demand: str, at: dt.datetime
) -> EscalationSlip:
    """Issue a slip to a unit: a numbered document, letters to its people and leader, and a limit that begins to run.

    Where the profile wants a leader's consent the slip is first asked for, and issued by the vote that settles it.
    Refused: what may not be urged, what ``rules.why_not`` refuses, each with its own sentence; Invalid without words.
    """
    work = take(session, actor, matter_id, at)
    verdict = decide(work.case(), Act.URGE)
    if verdict.reason is not None:
        raise Refused(verdict.reason, REASONS[verdict.reason])
    part = _part(work, assignment_id)
    _check(work, part, slip)
    wanted = _slip(work, slip)
    row = EscalationSlip(
        matter_id=work.matter.id,
        assignment_id=part.id,
        slip_key=wanted.key,
        colour=wanted.colour,
        name=wanted.name,
        state=SlipState.ASKED,
        demand=_words("demand", demand, LONGEST_MESSAGE, N_("Write what the unit is to do.")),
        asked_at=at,
        asked_by=actor.membership_id,
    )
    session.add(row)
    session.flush()
    if wanted.approval is None:
        _issue(work, row, part, wanted)
    else:
        note(work, "slip_asked", unit=part.unit.short_name, slip=wanted.name, demand=row.demand)
        facts = {"slip": wanted.name, "unit": part.unit.short_name}
        ask(work, PURPOSE, row.id, wanted.approval, reason=row.demand, facts=facts)
    session.flush()
    return row


@command
def answer_slip(
    session: Any, actor: Actor, matter_id: int, *, assignment_id: int, answer: str, at: dt.datetime
) -> list[EscalationSlip]:
    """A unit answers the slips it has been issued for its part: the highest and those below it that ran out are met.

    Refused: another unit's part, no slip to answer; Invalid without words. A unit that has not signed for the notice yet
    may answer all the same.
    """
    work = take(session, actor, matter_id, at)
    verdict = decide(work.case(), Act.REPORT_PROGRESS, assignment_id)
    if verdict.reason not in (None, "unit_state"):
        raise Refused(str(verdict.reason), REASONS[str(verdict.reason)])
    part = _part(work, assignment_id)
    mine = [one for one in list_open_slips(session, work.matter.id, part.id) if one.state == SlipState.ISSUED]
    if not mine:
        raise Refused("no_slip", N_("There is no slip to answer."))
    words = _words("answer", answer, LONGEST_ANSWER, N_("Write the answer."))
    for one in mine:
        one.state, one.answer, one.answered_at, one.answered_by = SlipState.ANSWERED, words, at, actor.membership_id
    clocks.meet(work, part, (SLIP_STAGE,), "slip", mine[-1].id)
    names = [one.name for one in mine]
    note(work, "slip_answered", assignment_id=part.id, unit=part.unit.short_name, slip=names, answer=words)
    tell_office(
        work, "matter.slip_answered", f"slip{mine[-1].id}", unit=part.unit.short_name, slip=mine[-1].name, answer=words
    )
    session.flush()
    return mine


@command
def withdraw_slip(
    session: Any, actor: Actor, matter_id: int, *, slip_id: int, reason: str, at: dt.datetime
) -> EscalationSlip:
    """Take a slip back by hand, with a reason: its document is marked as withdrawn, its limit ends, the unit is told.

    One that has only been asked for is not asked for any more. The next slip is decided on as if it had never been issued.
    Refused: who may not urge here, a slip that is answered or taken back already; Invalid without a reason.
    """
    work = take(session, actor, matter_id, at)
    barred = decide(work.case(), Act.URGE).reason
    if barred in _NOT_THEIRS:
        raise Refused(barred, REASONS[barred])
    row = next((one for one in list_open_slips(session, work.matter.id) if one.id == slip_id), None)
    if row is None:
        if session.scalar(
            select(EscalationSlip.id).where(EscalationSlip.id == slip_id, EscalationSlip.matter_id == work.matter.id)
        ):
            raise Conflict("slip_not_open", N_("This slip has been answered or taken back already."))
        raise NotFound()
    why = _words("reason", reason, LONGEST_MESSAGE, N_("A reason is needed."))
    part = work.assignment(row.assignment_id)
    told = {"unit": part.unit.short_name, "slip": row.name, "reason": why}
    if row.state == SlipState.ASKED:
        withdraw(work, PURPOSE, row.id)
    elif row.document_id is not None:
        told["document_no"] = withdraw_document(session, actor, row.document_id, reason=why, at=at).document_no
        tell_unit(work, part, "matter.slip_withdrawn", f"slip{row.id}", **told)
    row.state, row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = SlipState.WITHDRAWN, at, actor.membership_id, why
    _end_clock(session, row, "cancelled", at)
    note(work, "slip_withdrawn", assignment_id=part.id, **told)
    session.flush()
    return row


# -- a leader's consent -----------------------------------------------------------------------------------------------


@weighs(PURPOSE)
def _weigh(work: Work, approval: Approval, _decision: Decision) -> None:
    """Consent to a slip that may no longer be issued is refused with the reason."""
    row = _asked_for(work, approval)
    _check(work, work.assignment(row.assignment_id), row.slip_key, but=row.id)


@settles(PURPOSE)
def _settle(work: Work, approval: Approval, outcome: str, decision: Decision) -> None:
    row = _asked_for(work, approval)
    part = work.assignment(row.assignment_id)
    if outcome == "approved":
        _issue(work, row, part, _slip(work, row.slip_key))
    else:
        row.state = SlipState.WITHDRAWN
        note(work, "slip_withdrawn", unit=part.unit.short_name, slip=row.name, reason=decision.opinion)
        tell_office(
            work, "matter.slip_withdrawn", f"slip{row.id}", unit=part.unit.short_name, slip=row.name,
            reason=decision.opinion,
        )  # fmt: skip
    work.session.flush()


def _asked_for(work: Work, approval: Approval) -> EscalationSlip:
    row: EscalationSlip | None = work.session.get(EscalationSlip, approval.subject_id)
    if row is None:
        raise NotFound()
    return row


# -- issuing ----------------------------------------------------------------------------------------------------------


def _issue(work: Work, row: EscalationSlip, part: Assignment, slip: Slip) -> None:
    slips = work.profile.slips
    assert slips is not None
    clock = clocks.open_clock(work, SLIP_STAGE, part, _limit(slip, slips.article))
    assert clock is not None
    paper = work.profile.document_type(slip.document_type)
    document = issue_document(
        work.session,
        work.actor,
        matter_id=work.matter.id,
        unit_id=part.unit_id,
        document_type_key=paper.key,
        series=paper.series,
        number_pattern=paper.number_pattern,
        title=f"{slip.name}：{work.matter.title}"[:300],
        facts=_paper(work, row, part, clock, slips.article),
        at=work.at,
    )
    row.state, row.issued_at, row.issued_by = SlipState.ISSUED, work.at, work.actor.membership_id
    row.document_id, row.obligation_id = document.id, clock.id
    told = {
        "unit": part.unit.short_name,
        "slip": slip.name,
        "document_no": document.document_no,
        "due_on": clock.due_on.isoformat(),
        "demand": row.demand,
    }
    note(work, "slip_issued", assignment_id=part.id, **told)
    tell_unit(work, part, "matter.slip_issued", f"slip{row.id}", **told)


def _limit(slip: Slip, article: str) -> ClockRule:
    """The clock of a slip."""
    return ClockRule(
        RuleKind.WORKING_DAYS,
        amount=slip.limit_working_days,
        start_event="slip_issued",
        article=article,
        key=slip.key,
        stage=SLIP_STAGE,
    )


def _paper(work: Work, row: EscalationSlip, part: Assignment, clock: Obligation, article: str) -> dict[str, object]:
    """What the slip says, frozen at this moment."""
    units = {one.unit_id: one.unit.name for one in work.assignments if one.state != "declined"}
    leads = [units[one.unit_id] for one in work.assignments if one.role == "lead" and one.unit_id in units]
    return {
        "主送": part.unit.name,
        "督办事项": work.matter.title,
        "立项依据": f"{work.source.name}（{work.source.article}）" if work.source.article else work.source.name,
        "来文字号": work.matter.register_no or "",
        "主办单位": "、".join(leads),
        "办理要求": [line for line in row.demand.splitlines() if line.strip()],
        "交办日期": written_date(work.today),
        "办结时限": written_date(clock.due_on),
        "时限依据": article,
        "反馈方式": "请于时限前登录本系统书面答复。",
        "联系人": work.actor.name,
        "署名": work.profile.bodies.operating,
    }


def _part(work: Work, assignment_id: int) -> Assignment:
    """The unit's part, locked, so that two clicks at once issue one slip."""
    found = list_assignments_for_urging(work.session, work.matter.id, (assignment_id,))
    if not found:
        raise Invalid("foreign_unit", N_("One of the units does not handle this matter. Read the page again."))
    return found[0]


def _slip(work: Work, key: str) -> Slip:
    slips = work.profile.slips
    found = next((one for one in slips.items if one.key == key), None) if slips is not None else None
    if found is None:
        refusal = Refusal("slip_unknown", {})
        raise Invalid(refusal.code, refusal.msgid, {"slip": refusal.msgid})
    return found


def _check(work: Work, part: Assignment, key: str, *, but: int | None = None) -> None:
    """Refuse what the rules refuse; ``but`` is the slip that asks and does not stand in its own way."""
    _slip(work, key)
    facts = facts_of_part(work.session, work.matter, part, clocks.calendar(work), work.today, at=work.at, but=but)
    refusal = why_not(work.profile.slips, key, facts, work.today)
    if refusal is not None:
        raise Refused(refusal.code, refusal.msgid, **refusal.params)


def _words(name: str, given: str, most: int, lacking: str) -> str:
    words = given.strip()
    if not words:
        raise Invalid("words_needed", lacking, {name: lacking})
    if len(words) > most:
        sentence = N_("This is longer than %(most)s characters. Shorten it.")
        raise Invalid("message_too_long", sentence, {name: N_("This is too long.")}, most=most)
    refuse_secret_text(words)
    return words


# -- what settles a slip without an answer of its own -------------------------------------------------------------------


@handles("matter.progress_reported")
@handles("matter.completion_reported")
def _reported(session: Any, event: Event) -> None:
    """A report after which nothing the unit owes is late answers its slips: what they demanded has been done."""
    for row, part in _open(session, event):
        owed = select(Obligation).where(
            Obligation.assignment_id == part.id, Obligation.stage.in_(CLOCKS), Obligation.state == "open"
        )
        last = session.scalars(
            select(Report)
            .where(Report.assignment_id == part.id, Report.submitted_at == event.at)
            .order_by(Report.id.desc())
        ).first()
        if last is None or any(clock.has_passed(event.at) for clock in session.scalars(owed)):
            continue
        if row.state == SlipState.ASKED:
            _take_back(session, event, row)
            continue
        row.state, row.answer = SlipState.ANSWERED, last.text[:LONGEST_ANSWER]
        row.answered_at, row.answered_by = event.at, last.submitted_by
        _end_clock(session, row, "met", event.at)
    session.flush()


@handles("matter.declined")
@handles("matter.accepted")
@handles("matter.cancelled")
@handles("matter.closed_out")
@handles("matter.archived")
def _ended(session: Any, event: Event) -> None:
    """With the unit's part, or with the matter, its open slips end."""
    for row, part in _open(session, event):
        work = take(session, Actor.system(event.jurisdiction_id), event.subject_id, event.at)
        if part.state in _ENDED_PARTS or work.matter.state in _ENDED_MATTERS:
            _take_back(session, event, row)
    session.flush()


@handles("matter.resumed")
def _resumed(session: Any, event: Event) -> None:
    """After a pause the limits of slips move by the days that stood still."""
    waiting = [row for row, _part in _open(session, event) if row.obligation_id is not None]
    if not waiting:
        return
    work = take(session, Actor.system(event.jurisdiction_id), event.subject_id, event.at)
    assert work.profile.slips is not None
    for row in waiting:
        clock = session.get(Obligation, row.obligation_id)
        assert row.issued_at is not None
        clocks.shift_from(work, clock, _limit(_slip(work, row.slip_key), work.profile.slips.article), row.issued_at)


def _open(session: Any, event: Event) -> list[tuple[EscalationSlip, Assignment]]:
    statement = (
        select(EscalationSlip, Assignment)
        .join(Assignment, Assignment.id == EscalationSlip.assignment_id)
        .where(EscalationSlip.matter_id == event.subject_id, EscalationSlip.state.in_(OPEN_SLIPS))
        .order_by(EscalationSlip.id)
    )
    return [(row[0], row[1]) for row in session.execute(statement).all()]


def _take_back(session: Any, event: Event, row: EscalationSlip) -> None:
    if row.state == SlipState.ASKED:
        work = take(session, Actor.system(event.jurisdiction_id), event.subject_id, event.at)
        withdraw(work, PURPOSE, row.id)
    row.state = SlipState.WITHDRAWN
    _end_clock(session, row, "cancelled", event.at)


def _end_clock(session: Any, row: EscalationSlip, state: str, at: dt.datetime) -> None:
    clock = session.get(Obligation, row.obligation_id) if row.obligation_id is not None else None
    if clock is None or clock.state != "open":
        return
    clock.state, clock.met_at, clock.next_reminder_on = state, at, None
    clock.met_by_type, clock.met_by_id = "slip", row.id
