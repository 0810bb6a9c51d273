"""A first password without one being sent: a link that works once, for three days, and is kept only as its hash."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from werkzeug.security import generate_password_hash

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.organisation.models import Activation, Person
from app.organisation.queries import list_without_password
from app.organisation.rules import token_hash
from app.organisation.services.accounts import end_sign_ins, refuse_weak, rights_here
from app.organisation.services.authority import must
from app.organisation.services.changing import put

VALID_FOR = dt.timedelta(hours=72)
LONGEST_TOKEN = 100
OPENS_NOTHING = N_("This link opens nothing: it was used, has expired, or was mistyped. Ask for a new one.")


def make_activation(session: Any, actor: Actor, person: Person, *, at: dt.datetime) -> str:
    """Make the link's token, part of the caller's transaction; it is said once. Earlier ones of this person end.

    Refuses (Conflict) an account that has a password: its owner has been in, and a link would let another one in.
    """
    if person.password:
        raise Conflict(
            "has_password",
            N_("This person has signed in before. A new password comes from the jurisdiction's own administrator."),
        )
    session.execute(
        update(Activation).where(Activation.person_id == person.id, Activation.used_at.is_(None)).values(used_at=at)
    )
    token = secrets.token_urlsafe(32)
    session.add(Activation(token_hash=_hashed(token), person_id=person.id, made_at=at, expires_at=at + VALID_FOR))
    session.flush()
    record(session, actor, "person.activation_made", "person", person.id, at, name=person.name)
    return token


@command
def activate_account(session: Any, token: str, *, password: str, method: str, at: dt.datetime) -> Person:
    """Set the first password of the account a link belongs to; the link is spent.

    A token that never was, was used, or is too old is NotFound with one sentence; a weak password is Invalid and the link
    stays good.
    """
    person = _usable(session, token, at)
    refuse_weak(password, person.username)
    session.execute(update(Activation).where(Activation.token_hash == _hashed(token)).values(used_at=at))
    person.password = generate_password_hash(password, method)
    put(person, {"must_change_password": False, "recent_failures": 0, "locked_until": None})
    end_sign_ins(session, person, at=at)
    session.flush()
    who = Actor(person.id, person.get_full_name(), None)
    record(session, who, "person.activated", "person", person.id, at, name=person.name)
    return person


def find_to_activate(session: Any, token: str, *, at: dt.datetime) -> Person | None:
    """Whose account a link opens, or None for every link that opens nothing."""
    try:
        return _usable(session, token, at, lock=False)
    except NotFound:
        return None


def _usable(session: Any, token: str, at: dt.datetime, *, lock: bool = True) -> Person:
    statement = (
        select(Activation, Person)
        .join(Person, Person.id == Activation.person_id)
        .where(
            Activation.token_hash == _hashed(token),
            Activation.used_at.is_(None),
            Activation.expires_at > at,
            Person.active.is_(True),
        )
    )
    found = session.execute(statement.with_for_update(of=Activation) if lock else statement).first()
    if found is None or found[1].password:
        raise NotFound("activation_refused", OPENS_NOTHING)
    return found[1]


def _hashed(token: str) -> str:
    return token_hash(token[:LONGEST_TOKEN])


@dataclass(frozen=True)
class MadeLink:
    """A link to hand out: whose it is, and its token, said once."""

    name: str
    username: str
    unit: str
    token: str


@command
def make_activations(
    session: Any, actor: Actor, person_ids: Collection[int] | None = None, *, at: dt.datetime
) -> list[MadeLink]:
    """Make links for people of this jurisdiction who have no password yet: these, or all of them; earlier links end.

    Only accounts this jurisdiction looks after. Refuses (NotFound) anybody else, and people who may more here than oneself
    (Refused): their link would be their rights.
    """
    must(actor, "person:write")
    waiting = {one.person_id: one for one in list_without_password(session, actor.jurisdiction_id)}
    wanted = list(waiting) if person_ids is None else list(dict.fromkeys(person_ids))
    if not set(wanted) <= waiting.keys():
        raise NotFound()
    made = []
    for person_id in wanted:
        membership = waiting[person_id]
        if not actor.is_system and not rights_here(session, actor.jurisdiction_id, person_id) <= actor.rights:
            if person_ids is None:
                continue
            raise Refused(
                "beyond_own_rights",
                N_("This person may do more here than you. Ask somebody whose role here is wider."),
            )
        token = make_activation(session, actor, membership.person, at=at)
        made.append(
            MadeLink(membership.person.get_full_name(), membership.person.username, membership.unit.name, token)
        )
    return made
