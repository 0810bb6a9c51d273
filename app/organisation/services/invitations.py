"""Commands on invitations: somebody whose account belongs elsewhere joins only when he says yes, on his own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.organisation.models import Invitation, Membership, Unit
from app.organisation.queries import find_actor, find_invitation_place, find_membership
from app.organisation.services.authority import get_roles, must
from app.organisation.services.changing import get_own, optional_words
from app.organisation.services.memberships import account_named, check_roles, join, place_of

LATER = N_("The invitation no longer holds. Ask for a new one.")


@command
def invite(
    session: Any,
    actor: Actor,
    *,
    username: str,
    unit_id: int,
    post_id: int | None = None,
    role_ids: Collection[int] = (),
    note: str | None = None,
    at: dt.datetime,
) -> Membership | Invitation:
    """Take in somebody who has an account already, by the exact sign-in name; also after an earlier membership ended.

    An account that this jurisdiction looks after joins at once. Everybody else is asked: until he accepts on his own page,
    nothing of him is shown here. One sentence for a name nobody has and for an account that is closed. Refuses what
    ``add_person`` refuses of units, posts and roles, somebody who is here already, and a second open invitation (Conflict).
    """
    must(actor, "membership:write")
    person = account_named(session, username)
    if person.home_jurisdiction_id == actor.jurisdiction_id:
        return join(session, actor, person, unit_id=unit_id, post_id=post_id, role_ids=role_ids, note=note, at=at)
    if find_membership(session, person.id) is not None:
        raise Conflict("already_member", N_("This person already belongs to the jurisdiction. Change the membership."))
    if session.scalar(select(Invitation.id).where(Invitation.person_id == person.id, Invitation.state == "open")):
        raise Conflict("already_invited", N_("This person has been invited and has not answered yet."))
    place, roles = place_of(session, unit_id, post_id), get_roles(session, role_ids)
    check_roles(session, actor, person, roles)
    invitation = Invitation(
        person_id=person.id,
        **place,
        role_ids=[role.id for role in roles],
        facts={
            "username": person.username.lower(),
            "unit": get_own(session, Unit, unit_id).name,
            "roles": [role.name for role in roles],
            "by": actor.name,
        },
        note=optional_words(note, "note", 2000),
        state="open",
        invited_by=actor.membership_id,
        invited_at=at,
    )
    session.add(invitation)
    session.flush()
    record(session, actor, "invitation.made", "invitation", invitation.id, at, **invitation.facts)
    return invitation


@command
def withdraw_invitation(session: Any, actor: Actor, invitation_id: int, *, at: dt.datetime) -> None:
    """Take an invitation back. Refuses (Conflict) one that has been answered."""
    must(actor, "membership:write")
    invitation = get_own(session, Invitation, invitation_id)
    _close(session, invitation, "withdrawn", at)
    record(session, actor, "invitation.withdrawn", "invitation", invitation.id, at, **invitation.facts)


def answer_invitation(
    session: Any, person_id: int, invitation_id: int, *, accept: bool, today: dt.date, at: dt.datetime
) -> str:
    """The invited person's own answer, from whichever page he is on; the slug of the jurisdiction that asked.

    Somebody else's invitation is NotFound. Refuses (Conflict) one that was answered or taken back, and one whose inviter may
    no longer give what he offered.
    """
    place = find_invitation_place(session, person_id, invitation_id)
    if place is None:
        raise NotFound()
    jurisdiction_id, slug = place
    with scope(jurisdiction_id, session, person_id=person_id):
        _answer(session, person_id, invitation_id, accept=accept, today=today, at=at)
    return slug


@command
def _answer(session: Any, person_id: int, invitation_id: int, *, accept: bool, today: dt.date, at: dt.datetime) -> None:
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.person_id != person_id:
        raise NotFound()
    person = invitation.person
    himself = Actor(person.id, person.get_full_name(), invitation.jurisdiction_id)
    _close(session, invitation, "accepted" if accept else "refused", at)
    told = "invitation.accepted" if accept else "invitation.refused"
    record(session, himself, told, "invitation", invitation.id, at, **invitation.facts)
    if not accept:
        return
    inviter = session.get(Membership, invitation.invited_by) if invitation.invited_by is not None else None
    giving = find_actor(session, inviter.person, today=today) if inviter is not None else None
    if giving is None or not giving.may("membership:write"):
        raise Conflict("invitation_lapsed", LATER)
    try:
        join(
            session,
            giving,
            person,
            unit_id=invitation.unit_id,
            post_id=invitation.post_id,
            role_ids=invitation.role_ids,
            note=invitation.note,
            at=at,
        )
    except (NotFound, Refused, Invalid) as error:
        raise Conflict("invitation_lapsed", LATER) from error


def _close(session: Any, invitation: Invitation, state: str, at: dt.datetime) -> None:
    if invitation.state != "open":
        raise Conflict("invitation_answered", N_("This invitation has been answered or taken back."))
    invitation.state, invitation.answered_at = state, at
    session.flush()
