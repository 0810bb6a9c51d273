"""Halting a jurisdiction, letting it run again, and closing it for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import Event, record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.platform.models import JurisdictionExport
from app.platform.services.standing import find_house, must_manage

LONGEST_REASON = 300
_OF_EXPORTS = ("jurisdiction.export_asked", "jurisdiction.export_made", "jurisdiction.export_downloaded")


@command
def suspend(session: Any, actor: Actor, code: str, *, reason: str, at: dt.datetime) -> Jurisdiction:
    """Halt a jurisdiction in service: nobody works in it, its clocks write no letters, nothing is lost.

    Its people read the reason. Refuses one that is not in service (Conflict) and a halt without a reason (Invalid).
    """
    must_manage(actor)
    house = _locked(session, code)
    if house.status != "active":
        raise Conflict("not_active", N_("Only a jurisdiction in service can be halted."))
    return _become(session, actor, house, "suspended", _reason(reason), at=at)


@command
def resume(session: Any, actor: Actor, code: str, *, at: dt.datetime) -> Jurisdiction:
    """Let a halted jurisdiction run again; its clocks speak of where things stand now, not of every day in between."""
    must_manage(actor)
    house = _locked(session, code)
    if house.status != "suspended":
        raise Conflict("not_suspended", N_("This jurisdiction is not halted."))
    house.next_sweep_at = None
    return _become(session, actor, house, "active", None, at=at, kind="jurisdiction.resumed")


def close(session: Any, actor: Actor, code: str, *, reason: str, at: dt.datetime) -> Jurisdiction:
    """Close a halted jurisdiction for good: its pages are gone for everybody, its export apart.

    Refuses (Conflict) while it runs, and until an export of its last state was made: nothing may have happened inside
    since.
    """
    must_manage(actor)
    house = find_house(session, code)
    jurisdiction_id, status, since = house.id, house.status, house.status_at
    if status != "suspended":
        raise Conflict("not_suspended", N_("Halt the jurisdiction first; then nobody changes what is exported."))
    with scope(jurisdiction_id, session):
        if not _is_exported(session, since):
            raise Conflict(
                "not_exported", N_("Make an export first: there is none of the last state. Close when it is ready.")
            )
    return _close(session, actor, code, reason=reason, at=at)


@command
def _close(session: Any, actor: Actor, code: str, *, reason: str, at: dt.datetime) -> Jurisdiction:
    house = _locked(session, code)
    if house.status != "suspended":
        raise Conflict("not_suspended", N_("Halt the jurisdiction first; then nobody changes what is exported."))
    return _become(session, actor, house, "closed", _reason(reason), at=at)


def _is_exported(session: Any, since: dt.datetime | None) -> bool:
    newest = session.scalars(
        select(JurisdictionExport)
        .where(JurisdictionExport.state == "made")
        .order_by(JurisdictionExport.event_seq.desc(), JurisdictionExport.id.desc())
        .limit(1)
    ).first()
    if newest is None or since is None or newest.asked_at < since:
        return False
    later = select(Event.seq).where(Event.seq > newest.event_seq, Event.kind.not_in(_OF_EXPORTS)).limit(1)
    return session.scalar(later) is None


def _locked(session: Any, code: str) -> Jurisdiction:
    house = find_house(session, code)
    found: Jurisdiction = session.scalars(
        select(Jurisdiction)
        .where(Jurisdiction.id == house.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return found


def _become(
    session: Any,
    actor: Actor,
    house: Jurisdiction,
    status: str,
    reason: str | None,
    *,
    at: dt.datetime,
    kind: str = "",
) -> Jurisdiction:
    house.status, house.status_reason, house.status_at = status, reason, at
    session.flush()
    record(
        session, actor, kind or f"jurisdiction.{status}", "jurisdiction", house.id, at,
        code=house.code, name=house.name, reason=reason,
    )  # fmt: skip
    return house


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Invalid("reason_missing", N_("Say why: its people read it."), {"reason": N_("This must be filled in.")})
    if len(said) > LONGEST_REASON:
        raise Invalid("too_long", N_("One of the texts is too long."), {"reason": N_("This is too long.")})
    return said
