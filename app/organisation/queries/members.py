"""People of the jurisdiction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.kernel.errors import NotFound
from app.organisation.models import (
    JurisdictionRole,
    Membership,
    Person,
    Post,
    RoleRight,
    Unit,
    membership_role,
)


def get_member(session: Any, membership_id: int) -> Membership:
    """A membership of the jurisdiction in scope, ended or not. Raises NotFound."""
    found: Membership | None = session.get(Membership, membership_id) if 0 < membership_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def find_in_post(session: Any, successor: Membership) -> list[Membership]:
    """Those who held a membership's post before and have left it, the latest first."""
    if successor.post_id is None:
        return []
    statement = select(Membership).where(
        Membership.id != successor.id,
        or_(
            and_(Membership.post_id == successor.post_id, Membership.active.is_(False)),
            Membership.former_post_id == successor.post_id,
        ),
    )
    return list(session.scalars(statement.order_by(Membership.id.desc())))


def list_memberships(session: Any, *, only_active: bool = True) -> list[Membership]:
    """Memberships of the jurisdiction, in the order they were made."""
    statement = select(Membership).order_by(Membership.id)
    if only_active:
        statement = statement.where(Membership.active.is_(True))
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


def list_members_with_right(session: Any, right: str) -> list[Membership]:
    """Active memberships whose roles carry a right."""
    statement = (
        select(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(RoleRight, RoleRight.role_id == membership_role.c.role_id)
        .where(RoleRight.right == right, Membership.active.is_(True))
        .order_by(Membership.id)
        .distinct()
    )
    return list(session.scalars(statement))


@dataclass(frozen=True)
class DirectoryLine:
    """Somebody of the jurisdiction, as colleagues look for him."""

    membership_id: int
    person_id: int
    name: str
    unit_id: int
    unit_name: str
    post_name: str
    phone: str
    role_names: tuple[str, ...]


def list_directory(session: Any, *, unit_id: int | None = None, words: str = "") -> list[DirectoryLine]:
    """Who belongs here, by unit and post; narrowed to a unit, or to a name, initials or telephone number."""
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Post, Post.id == Membership.post_id)
        .where(Membership.active.is_(True))
        .order_by(Unit.position, Unit.sort_key, Post.position.nulls_last(), Membership.id)
        .options(selectinload(Membership.roles), joinedload(Membership.unit), joinedload(Membership.post))
    )
    if unit_id is not None:
        statement = statement.where(Membership.unit_id == unit_id)
    if words.strip():
        asked = words.strip()
        statement = statement.where(
            or_(
                Person.name.contains(asked, autoescape=True),
                Person.initials.startswith(asked.lower(), autoescape=True),
                Person.phone.contains(asked, autoescape=True),
            )
        )
    return [
        DirectoryLine(
            membership_id=one.id,
            person_id=one.person_id,
            name=one.person.get_full_name(),
            unit_id=one.unit_id,
            unit_name=one.unit.name,
            post_name=one.post.name if one.post else "",
            phone=one.person.phone or "",
            role_names=tuple(role.name for role in one.roles),
        )
        for one in session.scalars(statement).unique()
    ]


def narrowed_to_members(query: Any, jurisdiction_id: int) -> Any:
    """A query over people, narrowed to those who belong to the jurisdiction in scope, and to those who have belonged to it
    and whose account it looks after: who came from elsewhere and has left is no longer shown."""
    memberships = Membership.__table__
    here = select(memberships.c.person_id).where(memberships.c.jurisdiction_id == jurisdiction_id)
    return query.filter(
        or_(
            Person.id.in_(here.where(memberships.c.active.is_(True))),
            and_(Person.id.in_(here), Person.home_jurisdiction_id == jurisdiction_id),
        )
    ).execution_options(set_based=True)


def list_from_elsewhere(session: Any, jurisdiction_id: int | None) -> frozenset[int]:
    """The people here whose accounts another jurisdiction looks after, or the platform."""
    found = session.scalars(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.home_jurisdiction_id.is_distinct_from(jurisdiction_id))
    )
    return frozenset(found)


def list_without_password(session: Any, jurisdiction_id: int | None) -> list[Membership]:
    """Who belongs here, is looked after here, and has never set a password: those who still need an activation link."""
    return list(
        session.scalars(
            select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(
                Membership.active.is_(True),
                Person.active.is_(True),
                Person.password.is_(None),
                Person.home_jurisdiction_id == jurisdiction_id,
            )
            .order_by(Unit.position, Unit.sort_key, Membership.id)
            .options(joinedload(Membership.unit), selectinload(Membership.roles))
        ).unique()
    )
