"""Two small jurisdictions with an administrator, an inspector and a liaison each, and browsers that really sign in."""

from __future__ import annotations

import contextvars
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.tenancy import scope, set_based
from app.organisation import queries
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, Unit, membership_role
from app.organisation.permissions import RIGHTS

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
METHOD = "pbkdf2:sha256:1000"
PASSWORD = "Huiyin-2026!"

# The administrator may everything but see sensitive matters, as in the shipped profiles.
ROLES: dict[str, frozenset[str]] = {
    "administrator": frozenset(RIGHTS) - {"matter:read_restricted"},
    "inspector": frozenset({"matter:read_all", "matter:register", "letter:read", "unit:read"}),
    "office_leader": frozenset({"matter:read_all", "matter:read_restricted", "matter:approve", "unit:read"}),
    "unit_liaison": frozenset({"matter:read_unit", "matter:acknowledge", "matter:report", "unit:read"}),
    "clerk": frozenset(
        {"person:read", "person:write", "membership:read", "membership:write", "role:read", "role:write", "unit:read"}
    ),
}
PEOPLE = {"admin": "administrator", "inspector": "inspector", "leader": "office_leader", "liaison": "unit_liaison"}
PEOPLE |= {"clerk": "clerk"}


@lru_cache
def password_hash() -> str:
    """The hash of ``PASSWORD``, made once."""
    return generate_password_hash(PASSWORD, METHOD)


@dataclass
class House:
    """One jurisdiction."""

    id: int
    slug: str
    session: Any
    units: dict[str, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    memberships: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work within this jurisdiction."""
        with scope(self.id, self.session):
            yield

    def actor(self, name: str) -> Actor:
        """Somebody of the house, as a request would find him. Only inside."""
        found = queries.find_actor(self.session, self.session.get(Person, self.people[name]), today=AT.date())
        assert found is not None
        return found

    def username(self, name: str) -> str:
        """How somebody of the house signs in."""
        return f"{self.slug}.{name}"

    def join(self, person_id: int, role_keys: Iterable[str], unit: str = "office") -> int:
        """A membership with roles. Only inside; commits."""
        membership = Membership(person_id=person_id, unit_id=self.units[unit])
        self.session.add(membership)
        self.session.flush()
        for key in role_keys:
            self.session.execute(
                set_based(
                    membership_role.insert().values(
                        jurisdiction_id=self.id, membership_id=membership.id, role_id=self.roles[key]
                    )
                )
            )
        made = membership.id
        self.session.commit()
        return int(made)


def new_account(session: Any, username: str, home: int | None) -> int:
    """Somebody who can sign in with ``PASSWORD``."""
    person = Person(
        username=username,
        first_name="",
        last_name=username,
        name=username,
        email=f"{username}@people.invalid",
        password=password_hash(),
        active=True,
        home_jurisdiction_id=home,
    )
    session.add(person)
    session.flush()
    return int(person.id)


def build_two_houses(session: Any) -> tuple[House, House]:
    """``north`` and ``south``."""
    return _build(session, "north", "110000"), _build(session, "south", "120000")


def _build(session: Any, slug: str, code: str) -> House:
    row = Jurisdiction(
        code=code, slug=slug, name=f"{slug} jurisdiction", short_name=slug, level="county", created_at=AT
    )
    session.add(row)
    session.commit()
    house = House(row.id, slug, session)
    with house.inside():
        for unit_code, kind in (("office", "office"), ("ZJJ", "department")):
            unit = Unit(code=unit_code, name=f"{slug}-{unit_code}-canary", short_name=unit_code, kind=kind)
            session.add(unit)
            session.flush()
            house.units[unit_code] = unit.id
        for key, rights in ROLES.items():
            role = JurisdictionRole(key=key, name=f"{slug}-{key}")
            session.add(role)
            session.flush()
            session.add_all([RoleRight(role_id=role.id, right=word) for word in rights])
            house.roles[key] = role.id
        session.commit()
        for name, key in PEOPLE.items():
            house.people[name] = new_account(session, house.username(name), house.id)
            house.memberships[name] = house.join(
                house.people[name], [key], "ZJJ" if key == "unit_liaison" else "office"
            )
    return house


_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor(FlaskClient):
    """A browser with a person in front of it: reads the form before posting it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As Browser.open; a clock held still by the test is still for the request as well."""
        outside = contextvars.Context()
        outside.run(clock._frozen.set, clock._frozen.get())
        return outside.run(FlaskClient.open, self, *args, **kwargs)

    def token(self, page: str) -> str:
        """The CSRF token of the form on a page."""
        found = _TOKEN.search(self.get(page).text)
        assert found, f"no form on {page}"
        return found.group(1)

    def sign_in(self, username: str, password: str = PASSWORD, base: str = "") -> Any:
        """Through the form."""
        form = {"username": username, "password": password, "csrf_token": self.token(f"{base}/login/")}
        return self.post(f"{base}/login/", data=form)

    def send(self, page: str, data: dict[str, Any], to: str | None = None) -> Any:
        """Post a page's form with its token."""
        return self.post(to or page, data=data | {"csrf_token": self.token(page)})


def visitor(app: Any, house: House | None = None, name: str = "admin") -> Visitor:
    """A browser; signed in as somebody of the house when one is given."""
    browser = Visitor(app, app.response_class)
    if house is not None:
        assert browser.sign_in(house.username(name)).status_code == 302
    return browser
