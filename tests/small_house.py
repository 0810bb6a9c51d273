"""A jurisdiction of few rows: one office, units with their people, matters with one clock. For tests of what the clock does."""

from __future__ import annotations

import contextvars
import datetime as dt
import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask.testing import FlaskClient

from app.deadlines.models import NationalCalendarYear
from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.rules import dump_profile
from app.jurisdictions.rules.folder import read_folder
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.tenancy import scope, set_based
from app.matters.models import Assignment, Matter, MatterSource, Obligation
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, Unit, membership_role
from app.organisation.services import open_user_session
from tests.conftest import ROOT

LONG_AGO = dt.datetime(2026, 1, 5, 1, 0, tzinfo=dt.UTC)
ROLES = ("inspector", "unit_liaison", "unit_leader")


class Browser(FlaskClient):
    """Asks from outside: the application context a test works in, and who was asked for there, are not the request's."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As FlaskClient.open."""
        return contextvars.Context().run(super().open, *args, **kwargs)

    def csrf_token(self, page: str) -> str:
        """The token that a form on this page carries."""
        return str(self.get(page).text.split("X-CSRFToken&#34;: &#34;")[-1].split('X-CSRFToken": "')[-1].split('"')[0])


@dataclass
class House:
    """What was built, by name."""

    session: Any
    id: int
    slug: str
    source_id: int = 0
    profile_id: int = 0
    roles: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    memberships: dict[str, int] = field(default_factory=dict)

    def unit(self, name: str, kind: str = "department") -> int:
        """A unit."""
        unit = Unit(code=name, name=name, short_name=name, kind=kind)
        self.session.add(unit)
        self.session.flush()
        self.units[name] = unit.id
        return unit.id

    def person(self, name: str, unit: str, *roles: str, email: str | None = None) -> int:
        """Somebody in a unit with roles; with a mail address when one is given."""
        username = f"{self.slug}-{name}"
        person = Person(
            username=username,
            first_name="",
            last_name=name,
            name=name,
            email=email or f"{username}@none.invalid",
            active=True,
            home_jurisdiction_id=self.id,
        )
        self.session.add(person)
        self.session.flush()
        membership = Membership(person_id=person.id, unit_id=self.units[unit])
        self.session.add(membership)
        self.session.flush()
        for role in roles:
            self.session.execute(
                set_based(
                    membership_role.insert().values(
                        jurisdiction_id=self.id, membership_id=membership.id, role_id=self.roles[role]
                    )
                )
            )
        self.people[name], self.memberships[name] = person.id, membership.id
        return person.id

    def grant(self, role: str, *rights: str) -> None:
        """Give a role these rights."""
        self.session.add_all([RoleRight(role_id=self.roles[role], right=right) for right in rights])
        self.session.flush()

    def client(self, app: Any, name: str) -> Any:
        """A browser in which this person has signed in."""
        sid = secrets.token_urlsafe(8)
        self.session.rollback()
        person = self.session.get(Person, self.people[name])
        open_user_session(self.session, person, sid=sid, address=None, at=clock.now())
        client = Browser(app, app.response_class)
        with client.session_transaction() as cookie:
            cookie.update(_user_id=str(self.people[name]), _fresh=True, sid=sid)
        return client

    def matter(self, title: str, *, registered_by: str | None = "inspector", **values: Any) -> Matter:
        """A matter in hand."""
        matter = Matter(
            **{
                "profile_version_id": self.profile_id,
                "step_key": "handling",
                "state": "in_progress",
                "title": title,
                "source_id": self.source_id,
                "origin_level": "own",
                "registered_by": self.memberships[registered_by] if registered_by else None,
                "created_at": LONG_AGO,
                "changed_at": LONG_AGO,
            }
            | values
        )
        self.session.add(matter)
        self.session.flush()
        return matter

    def assignment(self, matter: Matter, unit: str, **values: Any) -> Assignment:
        """A unit's part in a matter."""
        values = {"role": "lead", "state": "in_progress"} | values
        assignment = Assignment(matter_id=matter.id, unit_id=self.units[unit], **values)
        self.session.add(assignment)
        self.session.flush()
        return assignment

    def clock(self, matter: Matter, assignment: Assignment | None, yellow_on: dt.date, due_on: dt.date) -> Obligation:
        """Something due."""
        obligation = Obligation(
            matter_id=matter.id,
            assignment_id=assignment.id if assignment else None,
            stage="result" if assignment else "step",
            rule="working_days",
            amount=7,
            start_event="dispatched",
            start_on=LONG_AGO.date(),
            raw_on=due_on,
            due_on=due_on,
            original_due_on=due_on,
            yellow_days=2,
            yellow_on=yellow_on,
            explanation={},
            state="open",
            created_at=LONG_AGO,
        )
        self.session.add(obligation)
        self.session.flush()
        return obligation

    def actor(self, name: str, *rights: str) -> Actor:
        """Somebody of the house with these rights."""
        return Actor(
            person_id=self.people[name],
            name=name,
            jurisdiction_id=self.id,
            membership_id=self.memberships[name],
            rights=frozenset(rights),
        )


@cache
def _document() -> dict[str, Any]:
    return dump_profile(read_folder(ROOT / "tenants" / "420703-huarong").profile)


def build(session: Any, slug: str = "huarong", code: str = "420703") -> House:
    """An active jurisdiction: 督查室 with an inspector; 住建局 with a liaison and a leader; 教育局 with a liaison."""
    row = Jurisdiction(
        code=code, slug=slug, name=slug, short_name=slug, level="district", status="active", created_at=LONG_AGO
    )
    session.add(row)
    if session.get(NationalCalendarYear, LONG_AGO.year) is None:
        session.add(NationalCalendarYear(year=LONG_AGO.year, status="announced"))
    session.commit()
    house = House(session, row.id, slug)
    with scope(house.id, session):
        profile = ProfileVersion(number=1, status="published", document=_document(), digest="0" * 64)
        source = MatterSource(key="meeting", name="会议", short_name="会议", category="meeting", origin_level="own")
        session.add_all([profile, source])
        for key in ROLES:
            session.add(JurisdictionRole(key=key, name=key))
        session.flush()
        house.profile_id, house.source_id = profile.id, source.id
        house.roles = {role.key: role.id for role in session.query(JurisdictionRole)}
        house.unit("督查室", "office")
        house.unit("住建局")
        house.unit("教育局")
        house.person("inspector", "督查室", "inspector")
        house.person("liaison", "住建局", "unit_liaison", email=f"liaison@{slug}.example")
        house.person("leader", "住建局", "unit_leader")
        house.person("teacher", "教育局", "unit_liaison", email=f"teacher@{slug}.example")
        session.commit()
    return house
