"""Who somebody is here: the jurisdictions he may enter, his roles and rights, for whom he stands in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import id_in_force
from app.kernel.actor import LENT, Actor, StandIn
from app.kernel.errors import NotFound
from app.kernel.tenancy import current_jurisdiction_id, current_scope, set_based
from app.organisation.models import (
    Absence,
    JurisdictionRole,
    Membership,
    Person,
    RoleRight,
    UserSession,
    membership_role,
)
from app.organisation.permissions import known
from app.organisation.queries.absences import absent_on


@dataclass(frozen=True)
class Standing:
    """A jurisdiction a person may enter, and what the person is there."""

    jurisdiction_id: int
    slug: str
    name: str
    level: str
    unit_name: str
    role_names: tuple[str, ...]
    status: str = "active"


def find_jurisdiction(session: Any, slug: str) -> Jurisdiction | None:
    """The jurisdiction of that name in the URL, if it runs or is being prepared."""
    return session.scalars(
        select(Jurisdiction).where(Jurisdiction.slug == slug, Jurisdiction.status.in_(("active", "preparing")))
    ).first()


def find_actor(session: Any, person: Person, *, today: dt.date) -> Actor | None:
    """The person's standing in the jurisdiction in scope, and for whom he stands in today; None for a stranger.

    One statement. A deputy who is absent himself passes nothing on: only the absent person's own roles are looked at.
    """
    role, right, others = JurisdictionRole.__table__, RoleRight.__table__, Person.__table__
    here = current_jurisdiction_id()
    own = (Membership.person_id == person.id) & Membership.active.is_(True)
    me = select(Membership.id).where(Membership.jurisdiction_id == here, own)
    absent = select(Absence.membership_id).where(
        Absence.jurisdiction_id == here, Absence.deputy_id.in_(me), absent_on(today)
    )
    rows = session.execute(
        set_based(
            select(
                Membership.id,
                Membership.person_id,
                Membership.unit_id,
                others.c.name.label("who"),
                role.c.key,
                role.c.name,
                right.c.right,
                id_in_force(today).label("rules_id"),
            )
            .join(others, others.c.id == Membership.person_id)
            .outerjoin(
                membership_role,
                (membership_role.c.membership_id == Membership.id) & (membership_role.c.jurisdiction_id == here),
            )
            .outerjoin(role, (role.c.id == membership_role.c.role_id) & (role.c.jurisdiction_id == here))
            .outerjoin(right, (right.c.role_id == role.c.id) & (right.c.jurisdiction_id == here))
            .where(
                Membership.jurisdiction_id == here,
                Membership.active.is_(True),
                or_(Membership.person_id == person.id, Membership.id.in_(absent)),
            )
            .order_by(role.c.position)
        )
    ).all()
    mine = [row for row in rows if row.person_id == person.id]
    if not mine:
        return None
    return Actor(
        person_id=person.id,
        name=person.get_full_name(),
        jurisdiction_id=here,
        membership_id=mine[0].id,
        unit_id=mine[0].unit_id,
        roles=frozenset(row.key for row in mine if row.key),
        rights=known(row.right for row in mine if row.right),
        role_names=tuple(dict.fromkeys(row.name for row in mine if row.name)),
        stands_in_for=_stand_ins([row for row in rows if row.person_id != person.id]),
        rules_id=mine[0].rules_id,
    )


def _stand_ins(rows: list[Any]) -> tuple[StandIn, ...]:
    """The absent who may decide: for the others a deputy has nothing to do."""
    people = dict.fromkeys(row.id for row in rows if row.right in LENT)
    return tuple(
        StandIn(
            membership_id=membership_id,
            name=next(row.who for row in rows if row.id == membership_id),
            unit_id=next(row.unit_id for row in rows if row.id == membership_id),
            roles=frozenset(row.key for row in rows if row.id == membership_id and row.key),
        )
        for membership_id in people
    )


def find_signed_in(session: Any, sid: str) -> tuple[UserSession, Person] | None:
    """A sign-in by its secret, with its person. One statement."""
    row = session.execute(
        select(UserSession, Person).join(Person, Person.id == UserSession.person_id).where(UserSession.sid == sid)
    ).first()
    return (row[0], row[1]) if row is not None else None


def list_standings(session: Any, person_id: int, *, detailed: bool = False) -> list[Standing]:
    """Every jurisdiction the person belongs to: the one thing read across walls, one's own memberships only.

    Row-level security lets nothing else of another jurisdiction through, so the unit's and the roles' names are there only
    for the jurisdiction in scope, and only when ``detailed``.
    """
    rows = session.execute(
        select(Jurisdiction.id, Jurisdiction.slug, Jurisdiction.name, Jurisdiction.level, Jurisdiction.status)
        .join(Membership.__table__, Membership.__table__.c.jurisdiction_id == Jurisdiction.id)
        .where(
            Membership.__table__.c.person_id == person_id,
            Membership.__table__.c.active.is_(True),
        )
        .order_by(Jurisdiction.code)
        .execution_options(own_memberships=True)
    ).all()
    here = current_scope().jurisdiction_id
    membership = find_membership(session, person_id) if detailed and here is not None else None
    return [
        Standing(
            row.id,
            row.slug,
            row.name,
            row.level,
            membership.unit.name,
            tuple(r.name for r in membership.roles),
            row.status,
        )
        if membership is not None and row.id == here
        else Standing(row.id, row.slug, row.name, row.level, "", (), row.status)
        for row in rows
    ]


def find_membership(session: Any, person_id: int) -> Membership | None:
    """The person's active membership in the jurisdiction in scope."""
    return session.scalars(
        select(Membership).where(Membership.person_id == person_id, Membership.active.is_(True))
    ).first()


def find_person_by_sign_in(session: Any, username: str) -> Person | None:
    """The person with that sign-in name, however it is spelled in capitals and small letters."""
    return session.scalars(select(Person).where(func.lower(Person.username) == username.lower())).first()


def get_person(session: Any, person_id: int | None) -> Person:
    """The person. Raises NotFound."""
    found = session.get(Person, person_id or 0)
    if found is None:
        raise NotFound()
    return found
