"""A small world for tests: the shipped jurisdictions with a person for every role, units' people included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.deadlines.services import seed_national_calendar
from app.jurisdictions.rules.folder import LoadedFolder, read_folder
from app.kernel.actor import Actor
from app.kernel.tenancy import scope, set_based
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, Unit, membership_role
from app.platform.services import import_folder
from tests.conftest import MORNING, ROOT

FOLDERS = {"huarong": "420703-huarong", "huaian": "320800-huaian", "lianshui": "320826-lianshui"}
PASSWORD = "Huiyin-2026!"

# Who sits where: role, unit. Roles of units are filled for every handling unit.
OFFICE = {"huarong": "OFFICE", "huaian": "DCS", "lianshui": "OFFICE", "guifan": "DCS"}
SEATS = {"group_inspector": "DCZ1", "secretary_general": "GOV", "office_director": "OFFICE", "government_leader": "GOV"}
SEATS |= {"principal_leader": "GOV", "vice_mayor": "GOV", "group_leader": "DCZ1"}
UNIT_ROLES = ("unit_liaison", "unit_leader", "delegated_inspector")
HANDLING_KINDS = ("department", "township", "county", "division")


@dataclass
class Place:
    """One jurisdiction of the world."""

    id: int
    slug: str
    session: Any
    units: dict[str, int] = field(default_factory=dict)
    people: dict[tuple[str, str], Actor] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work within this jurisdiction."""
        with scope(self.id, self.session):
            yield

    def actor(self, role: str, unit: str | None = None) -> Actor:
        """The person who holds a role, in a unit when the role is a unit's."""
        seat = unit or SEATS.get(role) or OFFICE[self.slug]
        return self.people[role, seat]

    def username(self, role: str, unit: str | None = None) -> str:
        """How that person signs in; the password is ``PASSWORD``."""
        seat = unit or SEATS.get(role) or OFFICE[self.slug]
        return f"{self.slug}.{role}.{seat.lower()}"


@dataclass
class World:
    """The three shipped jurisdictions, 涟水县 guided by 淮安市."""

    huaian: Place
    huarong: Place
    lianshui: Place


@lru_cache
def folder(slug: str) -> LoadedFolder:
    """A shipped jurisdiction, read once."""
    return read_folder(Path(ROOT) / "tenants" / FOLDERS[slug])


@lru_cache
def _password_hash() -> str:
    return generate_password_hash(PASSWORD, "pbkdf2:sha256:1000")


def build_world(session: Any, at: dt.datetime = MORNING) -> World:
    """Import the shipped jurisdictions into an empty house and people them."""
    seed_national_calendar(session)
    session.commit()
    places = {}
    for slug in ("huaian", "huarong", "lianshui"):
        done = import_folder(session, Actor.system(None), folder(slug), at=at, today=at.date())
        place = places[slug] = Place(done.jurisdiction_id, slug, session)
        with place.inside():
            _people(session, place)
    return World(places["huaian"], places["huarong"], places["lianshui"])


def _people(session: Any, place: Place) -> None:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    place.units = {code: unit.id for code, unit in units.items()}
    rights = _rights(session)
    for role in session.scalars(select(JurisdictionRole)):
        for code in _seats(place, role.key, units):
            place.people[role.key, code] = _member(session, place, role, units[code], rights[role.id])
    session.commit()


def _seats(place: Place, role: str, units: dict[str, Unit]) -> list[str]:
    if role in UNIT_ROLES:
        return [code for code, unit in units.items() if unit.kind in HANDLING_KINDS]
    if role == "group_inspector":
        return [code for code, unit in units.items() if unit.kind == "supervision_group"]
    return [SEATS.get(role, OFFICE[place.slug])]


def _rights(session: Any) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for row in session.scalars(select(RoleRight)):
        found.setdefault(row.role_id, set()).add(row.right)
    return {role_id: frozenset(words) for role_id, words in found.items()}


def _member(session: Any, place: Place, role: JurisdictionRole, unit: Unit, rights: frozenset[str]) -> Actor:
    username = f"{place.slug}.{role.key}.{unit.code.lower()}"
    person = Person(
        username=username,
        first_name="",
        last_name=username,
        name=f"{unit.short_name}{role.name}",
        email=f"{username}@people.invalid",
        password=_password_hash(),
        active=True,
        home_jurisdiction_id=place.id,
    )
    session.add(person)
    session.flush()
    membership = Membership(person_id=person.id, unit_id=unit.id, active=True)
    session.add(membership)
    session.flush()
    session.execute(
        set_based(
            membership_role.insert().values(jurisdiction_id=place.id, membership_id=membership.id, role_id=role.id)
        )
    )
    return Actor(person.id, person.name, place.id, membership.id, unit.id, frozenset({role.key}), rights)
