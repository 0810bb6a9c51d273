"""A matter delegated to a department that supervises it in the government's name (政府督查工作条例 art. 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.documents.services import refuse_secret_text
from app.jurisdictions.rules.profile import Delegation as DelegationSection
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import N_
from app.matters.models import Delegation, Matter
from app.matters.queries.delegations import list_delegations, list_running
from app.matters.rules import REASONS, Act
from app.matters.services.casework import Work, note, require, take, write_to
from app.organisation.models import Membership, Unit


@command
def delegate(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    unit_id: int,
    scope: str,
    duty: str,
    from_on: dt.date | None,
    until_on: dt.date | None,
    document_no: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Give a department the matter to supervise, by the instrument of that number, from ``from_on`` to ``until_on`` inclusive.

    During that time its people see the matter, and do what their roles may do at its steps. Refuses what the instrument must
    say and does not, a period that ends before it begins, that has passed or is longer than the profile allows, a unit that
    handles the matter itself, and a second delegation of it to the same unit.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.DELEGATE)
    said = _section(work)
    _check_words(scope, duty, document_no)
    first, last = _period(work, said, from_on, until_on)
    unit = _unit(work, unit_id, first, last)
    given = Delegation(
        matter_id=matter_id,
        unit_id=unit.id,
        scope=scope.strip(),
        duty=duty.strip(),
        from_on=first,
        until_on=last,
        document_no=document_no.strip()[:80],
        delegated_at=at,
        delegated_by=actor.membership_id,
    )
    session.add(given)
    session.flush()
    note(
        work,
        "delegated",
        unit=unit.short_name,
        document_no=given.document_no,
        **{"from": first, "until": last},
        text=given.scope,
    )
    people = session.query(Membership.person_id).filter(Membership.unit_id == unit.id, Membership.active.is_(True))
    write_to(work, (one for (one,) in people), "matter.delegated", str(given.id), document_no=given.document_no)
    return work.matter


@command
def end_delegation(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    delegation_id: int,
    reason: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """End a delegation before its time, with a reason: from now on the department neither sees nor does anything here."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.END_DELEGATION)
    if not reason.strip():
        raise Invalid("reason_needed", N_("Write down the reason."), {"reason": N_("A reason is needed.")})
    running = list_running(session, matter_id, work.today)
    given = next((one for one in running if one.id == delegation_id), None)
    if given is None:
        raise Conflict("no_delegation", REASONS["no_delegation"])
    given.ended_at, given.ended_by, given.end_reason = at, actor.membership_id, reason.strip()
    session.flush()
    note(work, "delegation_ended", unit=given.unit.short_name, reason=reason.strip())
    return work.matter


def _section(work: Work) -> DelegationSection:
    if work.profile.delegation is None:
        raise Conflict("not_here", REASONS["not_here"])
    return work.profile.delegation


def _check_words(scope: str, duty: str, document_no: str) -> None:
    faults = {}
    if not scope.strip():
        faults["scope"] = N_("Say what the department supervises.")
    if not duty.strip():
        faults["duty"] = N_("Say what the department has to do.")
    if not document_no.strip():
        faults["document_no"] = N_("Enter the number of the paper by which the government delegates.")
    if faults:
        raise Invalid("delegation_incomplete", N_("The delegation is not complete."), faults)
    for text in (scope, duty):
        refuse_secret_text(text)


def _period(
    work: Work, said: DelegationSection, from_on: dt.date | None, until_on: dt.date | None
) -> tuple[dt.date, dt.date]:
    if from_on is None or until_on is None:
        faults = {
            name: N_("Give a date such as 2026-10-08.")
            for name, day in (("from_on", from_on), ("until_on", until_on))
            if day is None
        }
        raise Invalid("delegation_incomplete", N_("The delegation is not complete."), faults)
    if until_on < from_on or until_on < work.today:
        field = {"until_on": N_("The period must end after it begins, and not before today.")}
        raise Invalid("period_refused", N_("The period cannot be taken as it stands."), field)
    most = said.most_days
    if most is not None and (until_on - from_on).days + 1 > most:
        raise Invalid(
            "period_too_long",
            N_("A delegation lasts %(most)s days at most here."),
            {"until_on": N_("The period is too long.")},
            most=most,
        )
    return from_on, until_on


def _unit(work: Work, unit_id: int, first: dt.date, last: dt.date) -> Unit:
    unit: Unit | None = work.session.get(Unit, unit_id)
    if unit is None or any(one.unit_id == unit_id for one in work.assignments):
        field = {"unit_id": N_("Choose a department that does not handle this matter itself.")}
        raise Invalid("unit_refused", N_("The matter cannot be delegated to this unit."), field)
    for one in list_delegations(work.session, work.matter.id):
        if one.unit_id == unit_id and one.ended_at is None and one.from_on <= last and first <= one.until_on:
            field = {"unit_id": N_("It has been delegated to this unit for that time already.")}
            raise Invalid("delegated_already", N_("The matter cannot be delegated to this unit."), field)
    return unit
