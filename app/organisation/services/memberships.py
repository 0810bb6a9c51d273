"""Commands on memberships: who is in which unit, at which post, with which roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import write_letter
from app.kernel.tenancy import set_based
from app.organisation.models import JurisdictionRole, Membership, Person, Post, Unit, membership_role
from app.organisation.permissions import known
from app.organisation.queries import list_members_with_right, role_keys_of_profiles
from app.organisation.services.accounts import Account, chose_password, new_person
from app.organisation.services.authority import (
    get_roles,
    keep_an_administrator,
    must,
    must_hold,
    rights_changed,
    rights_of_roles,
)
from app.organisation.services.changing import get_own, optional_words, put


@command
def add_person(
    session: Any,
    actor: Actor,
    *,
    name: str,
    username: str,
    unit_id: int,
    method: str,
    post_id: int | None = None,
    role_ids: Collection[int] = (),
    password: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    at: dt.datetime,
) -> Account:
    """Make an account whose home is this jurisdiction, and its membership here.

    Without a password a one-time one is made and handed back once. Either must be changed at the first sign-in. Refuses a
    taken sign-in name, a weak password, units, posts and roles of another jurisdiction (NotFound), and roles that carry more
    than the giver's own rights (Refused). Roles need ``membership:write`` as well. ``method`` is how passwords are hashed.
    """
    must(actor, "person:write")
    if role_ids:
        must(actor, "membership:write")
    person, one_time = new_person(
        session,
        name=name,
        username=username,
        password=password,
        method=method,
        home_jurisdiction_id=actor.jurisdiction_id,
        phone=phone,
        email=email,
    )
    record(session, actor, "person.added", "person", person.id, at, name=person.name)
    membership = join(session, actor, person, unit_id=unit_id, post_id=post_id, role_ids=role_ids, note=None, at=at)
    return Account(person.id, person.username, one_time, membership.id)


def account_named(session: Any, username: str) -> Person:
    """The open account with exactly this sign-in name; one sentence for a name nobody has and for a closed account."""
    wanted = (username or "").strip().lower()
    person: Person | None = session.scalars(
        select(Person).where(func.lower(Person.username) == wanted, Person.active.is_(True))
    ).first()
    if person is None:
        raise Invalid(
            "no_such_account",
            N_("No account with this sign-in name can be added."),
            {"username": N_("Ask the person for the exact sign-in name.")},
        )
    return person


@command
def add_membership(
    session: Any,
    actor: Actor,
    *,
    username: str,
    unit_id: int,
    post_id: int | None = None,
    role_ids: Collection[int] = (),
    note: str | None = None,
    at: dt.datetime,
) -> Membership:
    """Take in somebody who has an account already, by the exact sign-in name; also after an earlier membership ended.

    One sentence for a name nobody has and for an account that is closed. Refuses what ``add_person`` refuses of units, posts
    and roles, somebody who is here already (Conflict), and, but for the host's command line, an account that another
    jurisdiction looks after: such a person is invited and joins by his own consent (Refused).
    """
    must(actor, "membership:write")
    person = account_named(session, username)
    if not actor.is_system and person.home_jurisdiction_id != actor.jurisdiction_id:
        raise Refused(
            "consent_needed", N_("This account belongs elsewhere. Invite the person, who joins by accepting.")
        )
    return join(session, actor, person, unit_id=unit_id, post_id=post_id, role_ids=role_ids, note=note, at=at)


@command
def change_membership(
    session: Any,
    actor: Actor,
    membership_id: int,
    *,
    unit_id: int,
    post_id: int | None = None,
    role_ids: Collection[int] = (),
    note: str | None = None,
    at: dt.datetime,
) -> Membership:
    """Move somebody, or give and take roles.

    Refuses giving oneself a role, giving roles that carry more than one's own rights (unless one may appoint people to
    such roles of the procedure), and taking away the last possibility to give roles. Another jurisdiction's membership,
    unit, post or role is NotFound.
    """
    must(actor, "membership:write")
    membership = get_own(session, Membership, membership_id)
    left = membership.post_id
    before, after = put(membership, place_of(session, unit_id, post_id) | {"note": optional_words(note, "note", 2000)})
    if "post_id" in before and left is not None:
        membership.former_post_id = left
    given, taken = _set_roles(session, actor, membership, role_ids, at)
    session.flush()
    if not (after or given or taken):
        return membership
    if taken:
        keep_an_administrator(session, actor.jurisdiction_id)
    if given or taken:
        rights_changed(session, actor.jurisdiction_id)
    record(
        session,
        actor,
        "membership.changed",
        "membership",
        membership.id,
        at,
        name=membership.person.get_full_name(),
        before={key: value for key, value in before.items() if key != "note"},
        after={key: value for key, value in after.items() if key != "note"},
        given=[role.name for role in given],
        taken=[role.name for role in taken],
    )
    return membership


@command
def end_membership(session: Any, actor: Actor, membership_id: int, *, at: dt.datetime) -> Membership:
    """End a membership; it acts on the person's next request. What the person did keeps the name.

    Refuses ending one's own, and the last that can give roles.
    """
    must(actor, "membership:write")
    membership = get_own(session, Membership, membership_id)
    if membership.id == actor.membership_id:
        raise Refused("own_membership", N_("You cannot end your own membership. Ask another administrator."))
    if not membership.active:
        raise Conflict("membership_ended", N_("This membership has already ended."))
    membership.active = False
    keep_an_administrator(session, actor.jurisdiction_id)
    rights_changed(session, actor.jurisdiction_id)
    name = membership.person.get_full_name()
    record(session, actor, "membership.ended", "membership", membership.id, at, name=name)
    return membership


def join(
    session: Any,
    actor: Actor,
    person: Person,
    *,
    unit_id: int,
    post_id: int | None,
    role_ids: Collection[int],
    note: str | None,
    at: dt.datetime,
) -> Membership:
    """Make somebody a member here, part of the caller's transaction. Refuses what ``add_membership`` refuses."""
    place = place_of(session, unit_id, post_id)
    membership = session.scalars(select(Membership).where(Membership.person_id == person.id)).first()
    if membership is not None and membership.active:
        raise Conflict("already_member", N_("This person already belongs to the jurisdiction. Change the membership."))
    if membership is None:
        membership = Membership(person_id=person.id, **place)
        session.add(membership)
    else:
        put(membership, place)
    membership.active, membership.note = True, optional_words(note, "note", 2000)
    session.flush()
    given, _taken = _set_roles(session, actor, membership, role_ids, at)
    rights_changed(session, actor.jurisdiction_id)
    record(
        session,
        actor,
        "membership.added",
        "membership",
        membership.id,
        at,
        name=person.get_full_name(),
        unit=get_own(session, Unit, unit_id).name,
        given=[role.name for role in given],
    )
    return membership


def place_of(session: Any, unit_id: int, post_id: int | None) -> dict[str, Any]:
    """Unit and post of this jurisdiction (NotFound otherwise); the post is one of the unit (Invalid)."""
    get_own(session, Unit, unit_id)
    if post_id is not None and get_own(session, Post, post_id).unit_id != unit_id:
        raise Invalid(
            "post_elsewhere", N_("This post belongs to another unit."), {"post": N_("Choose a post of the same unit.")}
        )
    return {"unit_id": unit_id, "post_id": post_id}


def check_roles(session: Any, actor: Actor, person: Person, given: list[JurisdictionRole]) -> list[JurisdictionRole]:
    """Of these roles, those wider than the giver that he may appoint the person to. Raises Refused for what he may not give.

    Within his own rights anybody who gives roles may; with ``membership:appoint`` also roles the procedure names that go
    beyond them: still not to himself, and not to an account whose owner has not yet chosen a password of his own.
    """
    if given and person.id == actor.person_id:
        raise Refused("own_roles", N_("You cannot give yourself a role. Ask another administrator."))
    wider = [role for role in given if not known(right.right for right in role.rights) <= actor.rights]
    named = role_keys_of_profiles(session)
    may_appoint = "membership:appoint" in actor.rights and all(role.key in named for role in wider)
    if actor.is_system or not wider or not may_appoint:
        must_hold(actor, rights_of_roles(session, [role.id for role in given]))
        return []
    if not chose_password(person):
        raise Refused(
            "not_signed_in_yet",
            N_(
                "This person still has a password that somebody else made. Give the wider role once the person has signed in "
                "and chosen a password of his own."
            ),
        )
    return wider


def _appointed(
    session: Any, actor: Actor, membership: Membership, wider: list[JurisdictionRole], at: dt.datetime
) -> None:
    """An appointment beyond the giver's own rights is written into the log and told to all who may see sensitive matters."""
    name, roles = membership.person.get_full_name(), [role.name for role in wider]
    record(session, actor, "membership.appointed", "membership", membership.id, at, name=name, given=roles)
    readers = {one.person_id for one in list_members_with_right(session, "matter:read_restricted")}
    for person_id in sorted((readers | {membership.person_id}) - {actor.person_id}):
        write_letter(
            session,
            recipient_id=person_id,
            kind="membership.appointed",
            dedupe_key=f"membership.appointed:{membership.id}:{at.isoformat()}",
            subject_type="membership",
            subject_id=membership.id,
            facts={"title": name, "by": actor.name, "roles": "、".join(roles)},
            at=at,
        )


def _set_roles(
    session: Any, actor: Actor, membership: Membership, role_ids: Collection[int], at: dt.datetime
) -> tuple[list[JurisdictionRole], list[JurisdictionRole]]:
    held = set(
        session.execute(
            set_based(
                select(membership_role.c.role_id).where(
                    membership_role.c.jurisdiction_id == membership.jurisdiction_id,
                    membership_role.c.membership_id == membership.id,
                )
            )
        ).scalars()
    )
    given, taken = get_roles(session, set(role_ids) - held), get_roles(session, held - set(role_ids))
    if wider := check_roles(session, actor, membership.person, given):
        _appointed(session, actor, membership, wider, at)
    if taken:
        session.execute(
            set_based(
                membership_role.delete().where(
                    membership_role.c.jurisdiction_id == membership.jurisdiction_id,
                    membership_role.c.membership_id == membership.id,
                    membership_role.c.role_id.in_([role.id for role in taken]),
                )
            )
        )
    for role in given:
        session.execute(
            set_based(
                membership_role.insert().values(
                    jurisdiction_id=membership.jurisdiction_id, membership_id=membership.id, role_id=role.id
                )
            )
        )
    session.expire(membership, ["roles"])
    return given, taken
