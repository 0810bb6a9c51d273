"""Reading the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.tenancy import set_based
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, Unit, UserSession, membership_role
from app.organisation.permissions import known


@dataclass(frozen=True)
class Standing:
    """A jurisdiction a person may enter, and what the person is there."""

    jurisdiction_id: int
    slug: str
    name: str
    level: str
    unit_name: str
    role_names: tuple[str, ...]


def find_jurisdiction(session: Any, slug: str) -> Jurisdiction | None:
    """The jurisdiction of that name in the URL, if it is open."""
    return session.scalars(select(Jurisdiction).where(Jurisdiction.slug == slug, Jurisdiction.status == "active")).first()


def find_actor(session: Any, person: Person) -> Actor | None:
    """The person's standing in the jurisdiction in scope; None for a stranger. Two statements."""
    membership = session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.active.is_(True))
    ).first()
    if membership is None:
        return None
    rows = session.execute(
        set_based(
            select(JurisdictionRole.key, RoleRight.right)
            .join(membership_role, (membership_role.c.role_id == JurisdictionRole.id)
                  & (membership_role.c.jurisdiction_id == JurisdictionRole.jurisdiction_id))
            .outerjoin(RoleRight, (RoleRight.role_id == JurisdictionRole.id)
                       & (RoleRight.jurisdiction_id == JurisdictionRole.jurisdiction_id))
            .where(
                membership_role.c.jurisdiction_id == membership.jurisdiction_id,
                membership_role.c.membership_id == membership.id,
            )
        )
    ).all()
    return Actor(
        person_id=person.id,
        name=person.get_full_name(),
        jurisdiction_id=membership.jurisdiction_id,
        membership_id=membership.id,
        unit_id=membership.unit_id,
        roles=frozenset(key for key, _ in rows),
        rights=known(right for _, right in rows if right),
    )


def list_standings(session: Any, person_id: int) -> list[Standing]:
    """Every jurisdiction the person belongs to: the one thing read across walls, one's own memberships only.

    Row-level security lets a person's own memberships, units' and roles' names through nowhere else; so the membership
    row alone is read here, and the unit's and roles' names only for the jurisdiction in scope.
    """
    rows = session.execute(
        select(Jurisdiction.id, Jurisdiction.slug, Jurisdiction.name, Jurisdiction.level)
        .join(Membership.__table__, Membership.__table__.c.jurisdiction_id == Jurisdiction.id)
        .where(
            Membership.__table__.c.person_id == person_id,
            Membership.__table__.c.active.is_(True),
            Jurisdiction.status == "active",
        )
        .order_by(Jurisdiction.code)
        .execution_options(own_memberships=True)
    ).all()
    return [Standing(row.id, row.slug, row.name, row.level, "", ()) for row in rows]


def find_person_by_sign_in(session: Any, username: str) -> Person | None:
    """The person with that sign-in name."""
    return session.scalars(select(Person).where(Person.username == username)).first()


def find_user_session(session: Any, sid: str) -> UserSession | None:
    """A sign-in by its secret."""
    return session.get(UserSession, sid)


def get_unit(session: Any, unit_id: int) -> Unit | None:
    """A unit of the jurisdiction in scope, or None."""
    return session.get(Unit, unit_id)


def list_units(session: Any, *, kinds: tuple[str, ...] = (), only_active: bool = True) -> list[Unit]:
    """Units in the jurisdiction's own order."""
    statement = select(Unit).order_by(Unit.position, Unit.sort_key, Unit.id)
    if kinds:
        statement = statement.where(Unit.kind.in_(kinds))
    if only_active:
        statement = statement.where(Unit.active.is_(True))
    return list(session.scalars(statement))


def list_members_with_role(session: Any, role_key: str, *, unit_id: int | None = None) -> list[Membership]:
    """Active memberships that hold a role, of one unit when asked."""
    statement = (
        select(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(JurisdictionRole.key == role_key, Membership.active.is_(True))
        .order_by(Membership.id)
    )
    if unit_id is not None:
        statement = statement.where(Membership.unit_id == unit_id)
    return list(session.scalars(statement))
