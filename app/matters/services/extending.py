"""More time: asked for by the lead unit before the date, decided by whom the regulation names, kept beside the first date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.deadlines.rules import ZONE, yellow_from
from app.documents.services import refuse_secret_text
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import Event, handles
from app.kernel.i18n import N_
from app.matters.models import Approval, Assignment, Extension, Matter, Obligation
from app.matters.queries.extensions import extendable, running_clock, terms_of, times_granted
from app.matters.rules import REASONS, Act
from app.matters.rules.extending import latest_date, why_no_extension, why_not_until
from app.matters.services import clocks
from app.matters.services.approving import Decision, ask, end_round, settles, weighs, withdraw
from app.matters.services.casework import Work, note, require, take, tell_office, tell_unit
from app.organisation.models import Unit

PURPOSE = "extension"

_DATES = {
    "not_later": N_("The new date must be later than the present one, %(due)s."),
    "day_has_passed": N_("The new date has passed already."),
    "beyond_cap": N_("The rules allow no later date than %(latest)s."),
}
_BESIDE = {
    "not_later": N_("Enter a later date than the present one."),
    "day_has_passed": N_("Enter a date that has not passed."),
    "beyond_cap": N_("Enter an earlier date: the rules allow none so late."),
}


@command
def request_extension(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    reason: str,
    progress: str,
    proposed_due_on: dt.date | None,
    obligation_id: int | None = None,
    expected_version: int,
    at: dt.datetime,
) -> Extension:
    """The lead unit asks for more time before the date: why, how far it is, and until when (extension section of the rules).

    Without ``obligation_id`` it is the completion date. Refuses where the rules know no extension, after the date, too
    late before it, once more than they allow, and a day that is not later or beyond what they allow. The date stays until
    somebody has decided; meanwhile nothing overdue is written to the unit.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REQUEST_EXTENSION, assignment_id)
    assignment = work.assignment(assignment_id)
    obligation = _chosen(work, assignment, obligation_id)
    _refuse_gaps(reason, progress, proposed_due_on)
    assert proposed_due_on is not None
    _refuse_day(work, obligation, proposed_due_on, "proposed_due_on")
    article = work.profile.extension.article
    extension = Extension(
        matter_id=work.matter.id,
        assignment_id=assignment.id,
        obligation_id=obligation.id,
        state="asked",
        asked_at=at,
        asked_by=actor.membership_id,
        reason=reason.strip(),
        progress=progress.strip(),
        base_due_on=obligation.due_on,
        proposed_due_on=proposed_due_on,
        article=article,
    )
    session.add(extension)
    obligation.extension_asked = True
    session.flush()
    facts = {"unit": _name(work, assignment), "due_on": obligation.due_on, "proposed_due_on": proposed_due_on}
    approval = work.profile.extension.approval
    assert approval is not None
    ask(
        work,
        PURPOSE,
        extension.id,
        approval,
        reason=extension.reason,
        facts=facts | {"progress": extension.progress},
        within=work.profile.extension.answer_within,
        article=article,
    )
    note(work, "extension_asked", reason=extension.reason, text=extension.progress, **facts)
    tell_office(work, "matter.extension_asked", f"office{extension.id}", reason=extension.reason, **_told(facts))
    return extension


@command
def withdraw_extension(
    session: Any, actor: Actor, matter_id: int, *, assignment_id: int, expected_version: int, at: dt.datetime
) -> Matter:
    """The unit takes its question back before it is answered; the date stands as before."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.WITHDRAW_EXTENSION, assignment_id)
    assignment = work.assignment(assignment_id)
    for extension in _asked(session, work.matter.id):
        if extension.assignment_id != assignment.id:
            continue
        _take_back(session, extension, at)
        withdraw(work, PURPOSE, extension.id)
        note(work, "extension_withdrawn", unit=_name(work, assignment), due_on=extension.base_due_on)
        tell_office(work, "matter.extension_withdrawn", f"{extension.id}", unit=_name(work, assignment))
    return work.matter


@weighs(PURPOSE)
def _weigh(work: Work, asked: Approval, decision: Decision) -> None:
    """Whoever agrees fixes the day: the one proposed, or the one fixed before him, unless he names another."""
    extension = _subject(work, asked)
    obligation: Obligation = work.session.get(Obligation, extension.obligation_id)
    day = decision.due_on or extension.granted_due_on or extension.proposed_due_on
    _refuse_day(work, obligation, day, "due_on")
    extension.granted_due_on = day
    asked.facts = {**(asked.facts or {}), "granted_due_on": day.isoformat()}
    work.session.flush()


@settles(PURPOSE)
def _settle(work: Work, asked: Approval, outcome: str, decision: Decision) -> None:
    extension = _subject(work, asked)
    obligation: Obligation = work.session.get(Obligation, extension.obligation_id)
    assignment = work.assignment(extension.assignment_id)
    extension.settled_at = work.at
    obligation.extension_asked = False
    facts: dict[str, Any] = {"unit": _name(work, assignment), "opinion": decision.opinion}
    if outcome == "approved" and extension.granted_due_on is not None:
        extension.state = "granted"
        _move(work, obligation, extension)
        facts |= {"due_on": extension.base_due_on, "granted_due_on": extension.granted_due_on}
        kind = "extension_granted"
    else:
        extension.state, extension.granted_due_on = "refused", None
        obligation.next_reminder_on = None
        facts |= {"due_on": extension.base_due_on}
        kind = "extension_refused"
    work.session.flush()
    note(work, kind, **facts)
    tell_unit(work, assignment, f"matter.{kind}", f"{extension.id}", **_told(facts))
    tell_office(work, f"matter.{kind}", f"{extension.id}", **_told(facts))


def _move(work: Work, obligation: Obligation, extension: Extension) -> None:
    """The date moves; the original one stays beside it, the reminders begin anew, the opinions of others follow."""
    day = extension.granted_due_on
    assert day is not None
    hour = obligation.due_at.astimezone(ZONE).time() if obligation.due_at is not None else None
    obligation.due_on = obligation.extended_due_on = day
    obligation.due_at = dt.datetime.combine(day, hour, ZONE) if hour is not None else None
    obligation.yellow_on = yellow_from(day, clocks.calendar(work), obligation.yellow_days, obligation.start_on)
    obligation.provisional = False
    told = {
        "before": extension.base_due_on.isoformat(),
        "until": day.isoformat(),
        "on": work.today.isoformat(),
        "article": extension.article,
    }
    obligation.explanation = {
        **obligation.explanation,
        "extended": [*obligation.explanation.get("extended", ()), told],
    }
    flag_modified(obligation, "explanation")
    obligation.next_reminder_on = None
    work.session.flush()
    clocks.follow_lead(work)


@handles("matter.progress_reported")
@handles("matter.completion_reported")
@handles("matter.declined")
@handles("matter.instructed")
@handles("matter.cancelled")
def lapse(session: Any, event: Event) -> None:
    """What is asked about a date that runs no more, since the unit has reported or nothing is due, lapses unanswered."""
    for extension in _asked(session, event.subject_id):
        obligation = session.get(Obligation, extension.obligation_id)
        if obligation.state != "open":
            _take_back(session, extension, event.at)
            end_round(session, PURPOSE, extension.id, event.at)


def _chosen(work: Work, assignment: Assignment, obligation_id: int | None) -> Obligation:
    """The clock that is meant; refuses one that is not the unit's own, does not run, or may not be extended now."""
    running = extendable(clocks.open_clocks(work, assignment))
    terms, granted = terms_of(work.profile), times_granted(work.session, assignment.id)

    def refusal(one: Obligation) -> str | None:
        clock = running_clock(one, work.profile, work.source.key, work.today, work.at)
        return why_no_extension(terms, clock, granted, clocks.calendar(work), work.today)

    if obligation_id is not None:
        running = [one for one in running if one.id == obligation_id]
    if not running:
        raise Conflict("nothing_to_extend", REASONS["nothing_to_extend"])
    reasons = [refusal(one) for one in running]
    if None not in reasons:
        raise Conflict(reasons[0] or "", REASONS[reasons[0] or ""])
    return running[reasons.index(None)]


def _refuse_gaps(reason: str, progress: str, proposed_due_on: dt.date | None) -> None:
    faults = {}
    if not reason.strip():
        faults["reason"] = N_("Explain why more time is needed.")
    if not progress.strip():
        faults["progress"] = N_("Write down how far it is.")
    if proposed_due_on is None:
        faults["proposed_due_on"] = N_("Enter the date until which it would be done.")
    if faults:
        raise Invalid("extension_incomplete", N_("The request is not complete."), faults)
    for text in (reason, progress):
        refuse_secret_text(text)


def _refuse_day(work: Work, obligation: Obligation, day: dt.date, field: str) -> None:
    terms = terms_of(work.profile)
    clock = running_clock(obligation, work.profile, work.source.key, work.today)
    code = why_not_until(day, terms, clock, clocks.calendar(work), work.today)
    if code is not None:
        latest = latest_date(terms, clock, clocks.calendar(work))
        raise Invalid(code, _DATES[code], {field: _BESIDE[code]}, due=obligation.due_on, latest=latest or "")


def _asked(session: Any, matter_id: int) -> list[Extension]:
    asked = select(Extension).where(Extension.matter_id == matter_id, Extension.state == "asked")
    return list(session.scalars(asked.order_by(Extension.id)))


def _take_back(session: Any, extension: Extension, at: dt.datetime) -> None:
    extension.state, extension.settled_at = "withdrawn", at
    obligation = session.get(Obligation, extension.obligation_id)
    obligation.extension_asked, obligation.next_reminder_on = False, None
    session.flush()


def _subject(work: Work, asked: Approval) -> Extension:
    extension: Extension = work.session.get(Extension, asked.subject_id)
    return extension


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts for a letter: days as they are read."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in facts.items()}


def _name(work: Work, assignment: Assignment) -> str:
    unit: Unit = work.session.get(Unit, assignment.unit_id)
    return unit.short_name
