"""The demonstration's people: their accounts, posts and memberships, made by the commands an administrator uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.organisation import queries, services
from app.organisation.models import JurisdictionRole, Membership, Person, Unit
from app.platform.demo.story import PersonTold, Story

PASSWORD = "Huiyin@2026"  # noqa: S105 - of the demonstration, and shown with it
_QUICK_HASH = "pbkdf2:sha256:1"  # replaced at once: all accounts share one real hash


@dataclass(frozen=True)
class Account:
    """An account as it is shown: how one signs in, who that is, what the person is there."""

    username: str
    name: str
    office: str
    role: str
    where: str


@dataclass
class Cast:
    """Who plays in one jurisdiction, by the story's words."""

    jurisdiction_id: int
    units: dict[str, Unit] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    liaisons: dict[str, str] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)

    def by_role(self, role: str, unit_id: int | None = None) -> Actor:
        """The first who holds a role, of one unit when asked."""
        return next(one for one in self.actors.values() if role in one.roles and unit_id in (None, one.unit_id))


def gather(session: Any, story: Story, jurisdiction_id: int, *, at: dt.datetime) -> Cast:
    """Bring the story's people into the jurisdiction in scope."""
    system = Actor.system(jurisdiction_id)
    cast = Cast(jurisdiction_id)
    units = {unit.code: unit.id for unit in queries.list_units(session)}
    roles = {role.key: role.id for role in session.scalars(select(JurisdictionRole))}
    phones = _phones(story.phone)
    for told in story.people:
        _office_person(session, system, story, told, units, roles, next(phones), at)
    for code, told_unit in story.units.items():
        _unit_people(session, system, story, code, units, roles, phones, at)
        if told_unit.person:
            slug, key = told_unit.person.split("/")
            cast.liaisons[code] = f"{slug}/{key}"
        else:
            cast.liaisons[code] = _username(story, code)
        if told_unit.leader:
            cast.leaders[code] = _username(story, f"{code}-ld")
    return cast


def join(session: Any, story: Story, cast: Cast, others: dict[str, str], *, at: dt.datetime) -> None:
    """Take in the people of other jurisdictions, then read everybody's standing. ``others``: story word to sign-in name."""
    role = session.scalars(select(JurisdictionRole).where(JurisdictionRole.key == "unit_liaison")).one()
    for code, who in list(cast.liaisons.items()):
        if "/" in who:
            cast.liaisons[code] = others[who]
            unit = session.scalars(select(Unit).where(Unit.code == code)).one()
            services.add_membership(
                session,
                Actor.system(cast.jurisdiction_id),
                username=others[who],
                unit_id=unit.id,
                role_ids=[role.id],
                at=at,
            )
    for membership in queries.list_memberships(session):
        actor = queries.find_actor(session, membership.person, today=clock.local_date(at))
        if actor is not None:
            cast.actors[membership.person.username] = actor
            cast.accounts.append(_account(membership))
    cast.units = {unit.code: unit for unit in queries.list_units(session)}
    for unit in cast.units.values():
        session.expunge(unit)


def _account(membership: Membership) -> Account:
    return Account(
        membership.person.username,
        membership.person.get_full_name(),
        membership.post.name if membership.post else membership.unit.short_name,
        "、".join(role.name for role in membership.roles),
        membership.unit.short_name,
    )


@command
def open_accounts(session: Any, actor: Actor, *, method: str) -> None:
    """Give every account of the demonstration the one password, which nobody has to change. Part of no real installation."""
    hashed = generate_password_hash(PASSWORD, method)
    for person in session.scalars(select(Person)):
        person.password, person.must_change_password = hashed, False


def _username(story: Story, word: str) -> str:
    return f"{story.prefix}-{word.lower()}"


def _phones(prefix: str) -> Iterator[str]:
    for number in range(101, 999):
        yield f"{prefix}0{number}"


def _office_person(
    session: Any,
    system: Actor,
    story: Story,
    told: PersonTold,
    units: dict[str, int],
    roles: dict[str, int],
    phone: str,
    at: dt.datetime,
) -> None:
    there = {(post.unit_id, post.name): post.id for post in queries.list_posts(session)}
    post_id = there.get((units[told.unit], told.post))
    if post_id is None:
        post_id = services.add_post(
            session,
            system,
            unit_id=units[told.unit],
            name=told.post,
            kind=told.kind,
            supervising_unit_id=units[told.group] if told.group else None,
            at=at,
        ).id
    _add(session, system, _username(story, told.key), told.name, units[told.unit], roles[told.role], phone, at, post_id)


def _unit_people(
    session: Any,
    system: Actor,
    story: Story,
    code: str,
    units: dict[str, int],
    roles: dict[str, int],
    phones: Iterator[str],
    at: dt.datetime,
) -> None:
    told, unit_id = story.units[code], units[code]
    unit = session.get(Unit, unit_id)
    phone = next(phones)
    services.change_unit(
        session,
        system,
        unit_id,
        name=unit.name,
        kind=unit.kind,
        short_name=unit.short_name,
        parent_id=unit.parent_id,
        functional_line=unit.functional_line,
        first_responsible_person=told.leader or None,
        leader_in_charge=told.leader or None,
        phone=phone,
        position=unit.position,
        at=at,
    )
    if told.leader:
        post = services.add_post(session, system, unit_id=unit_id, name="主要负责人", kind="head", at=at)
        name = _username(story, f"{code}-ld")
        _add(session, system, name, told.leader, unit_id, roles["unit_leader"], next(phones), at, post.id)
    if told.liaison:
        post = services.add_post(session, system, unit_id=unit_id, name="督查联络员", kind="liaison", at=at)
        _add(session, system, _username(story, code), told.liaison, unit_id, roles["unit_liaison"], phone, at, post.id)


def _add(
    session: Any,
    system: Actor,
    username: str,
    name: str,
    unit_id: int,
    role_id: int,
    phone: str,
    at: dt.datetime,
    post_id: int,
) -> None:
    services.add_person(
        session,
        system,
        name=name,
        username=username,
        unit_id=unit_id,
        post_id=post_id,
        role_ids=[role_id],
        method=_QUICK_HASH,
        password=PASSWORD,
        phone=phone,
        at=at,
    )
