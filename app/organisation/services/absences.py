"""Commands on absences: who is away, and who decides meanwhile (AB角)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import or_, select

from app.kernel.actor import LENT, Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import write_letter
from app.organisation.models import Absence, Membership
from app.organisation.services.accounts import chose_password, rights_here
from app.organisation.services.authority import must
from app.organisation.services.changing import get_own, optional_words

LONGEST = dt.timedelta(days=366)


@command
def set_absence(
    session: Any,
    actor: Actor,
    membership_id: int,
    *,
    from_on: dt.date | None,
    until_on: dt.date | None,
    deputy_id: int | None,
    reason: str | None = None,
    today: dt.date,
    at: dt.datetime,
) -> Absence:
    """Write down that somebody is away from one day to another, both counted, and who decides for him meanwhile.

    Everybody does so for himself, the administrator (``membership:write``) for anyone. Refuses days that cannot be, a
    second absence in the same days, a deputy who is away himself in them (he would pass nothing on) or who is the absent
    person, and, for somebody else, naming oneself or passing on power one may neither hold nor give (Refused).
    """
    membership = get_own(session, Membership, membership_id)
    if not membership.active:
        raise NotFound()
    own = membership.id == actor.membership_id
    if not own:
        must(actor, "membership:write")
    session.execute(select(Membership.id).where(Membership.id == membership.id).with_for_update())
    first, last = _days(from_on, until_on, today)
    if _away(session, membership.id, first, last):
        raise Conflict("absence_there", N_("An absence is set for these days already. End it first."))
    deputy = _deputy(session, membership, deputy_id, first, last)
    if deputy is not None and not own:
        _refuse_power(session, actor, membership, deputy)
    absence = Absence(
        membership_id=membership.id,
        deputy_id=deputy.id if deputy is not None else None,
        from_on=first,
        until_on=last,
        reason=optional_words(reason, "reason", 200),
        set_by=actor.membership_id,
        set_at=at,
    )
    session.add(absence)
    session.flush()
    _told(session, actor, "absence.set", absence, at)
    return absence


@command
def end_absence(session: Any, actor: Actor, absence_id: int, *, today: dt.date, at: dt.datetime) -> Absence:
    """Somebody is back: from today on nobody decides for him. Refuses (Conflict) an absence that is over."""
    absence = get_own(session, Absence, absence_id)
    if absence.membership_id != actor.membership_id:
        if not actor.may("membership:read"):
            raise NotFound()
        must(actor, "membership:write")
    if absence.until_on < today or absence.ended_on is not None:
        raise Conflict("absence_over", N_("This absence is over."))
    absence.ended_on = today
    session.flush()
    _told(session, actor, "absence.ended", absence, at)
    return absence


def _days(from_on: dt.date | None, until_on: dt.date | None, today: dt.date) -> tuple[dt.date, dt.date]:
    faults: dict[str, str] = {}
    if from_on is None:
        faults["from_on"] = N_("Enter the first day.")
    if until_on is None:
        faults["until_on"] = N_("Enter the last day.")
    elif until_on < today:
        faults["until_on"] = N_("This day is over.")
    elif from_on is not None and until_on < from_on:
        faults["until_on"] = N_("The last day comes before the first.")
    elif from_on is not None and until_on - from_on > LONGEST:
        faults["until_on"] = N_("An absence lasts a year at most. Hand the work over instead.")
    if faults or from_on is None or until_on is None:
        raise Invalid("absence_refused", N_("The absence cannot be taken as it stands."), faults)
    return from_on, until_on


def _away(session: Any, membership_id: int, first: dt.date, last: dt.date) -> bool:
    """Whether the membership is away on one of these days."""
    found = session.scalar(
        select(Absence.id)
        .where(
            Absence.membership_id == membership_id,
            Absence.from_on <= last,
            Absence.until_on >= first,
            or_(Absence.ended_on.is_(None), Absence.ended_on > first),
        )
        .limit(1)
    )
    return found is not None


def _deputy(
    session: Any, membership: Membership, deputy_id: int | None, first: dt.date, last: dt.date
) -> Membership | None:
    if deputy_id is None:
        return None
    deputy: Membership = get_own(session, Membership, deputy_id)
    said = ""
    if deputy.id == membership.id:
        said = N_("Nobody is his own deputy. Choose somebody else.")
    elif not deputy.active or not deputy.person.active:
        said = N_("This person can no longer sign in here. Choose somebody else.")
    elif _away(session, deputy.id, first, last):
        said = N_(
            "This person is away himself on one of these days, and a deputy passes nothing on. Choose somebody else."
        )
    if said:
        raise Invalid("deputy_refused", said, {"deputy": said})
    return deputy


def _refuse_power(session: Any, actor: Actor, membership: Membership, deputy: Membership) -> None:
    """Naming a deputy for somebody else passes his decisions on: not to oneself, and not beyond what one may give.

    Decisions beyond one's own go only to an account whose owner has chosen its password, as roles do.
    """
    passed = rights_here(session, actor.jurisdiction_id, membership.person_id) & LENT
    if not passed or actor.is_system:
        return
    if deputy.id == actor.membership_id:
        raise Refused("own_roles", N_("You cannot make yourself the deputy of somebody who decides. Let him name you."))
    if not passed <= actor.rights and "membership:appoint" not in actor.rights:
        raise Refused(
            "beyond_own_rights",
            N_("You can only pass on what you may decide yourself. Let the person name a deputy."),
        )
    if not passed <= actor.rights and not chose_password(deputy.person):
        raise Refused(
            "not_signed_in_yet",
            N_("This person has not yet signed in with a password of his own. Choose somebody else."),
        )


def may_pass_on(session: Any, actor: Actor, absent: Membership, deputy: Membership) -> bool:
    """Whether somebody may make another the deputy of a person who is away: he could name him just so."""
    if absent.id == deputy.id:
        return False
    try:
        _refuse_power(session, actor, absent, deputy)
    except Refused:
        return False
    return True


def _told(session: Any, actor: Actor, kind: str, absence: Absence, at: dt.datetime) -> None:
    """The event, and a letter to whoever did not do it himself: the deputy and the absent person."""
    facts = {
        "name": absence.membership.person.get_full_name(),
        "from_on": absence.from_on.isoformat(),
        "until_on": (absence.ended_on or absence.until_on).isoformat(),
        "deputy": absence.deputy.person.get_full_name() if absence.deputy is not None else None,
        "reason": absence.reason,
    }
    record(session, actor, kind, "membership", absence.membership_id, at, **facts)
    concerned = [absence.membership.person_id, *([absence.deputy.person_id] if absence.deputy is not None else [])]
    for person_id in concerned:
        if person_id != actor.person_id:
            write_letter(
                session,
                recipient_id=person_id,
                kind=kind,
                dedupe_key=f"{kind}:{absence.id}",
                subject_type="membership",
                subject_id=absence.membership_id,
                facts=facts | {"title": facts["name"], "by": actor.name},
                at=at,
            )
