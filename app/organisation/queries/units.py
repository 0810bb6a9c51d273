"""Units and posts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel.errors import NotFound
from app.kernel.i18n import N_
from app.kernel.tenancy import set_based
from app.organisation.models import (
    Membership,
    Person,
    Post,
    RoleRight,
    Unit,
    membership_role,
)
from app.organisation.rules import HANDLING_KINDS


def get_unit(session: Any, unit_id: int) -> Unit | None:
    """A unit of the jurisdiction in scope, or None."""
    return session.get(Unit, unit_id)


def get_unit_by_code(session: Any, code: str) -> Unit:
    """The unit of that code in the jurisdiction in scope. Raises NotFound."""
    found = session.scalars(select(Unit).where(Unit.code == code)).first()
    if found is None:
        raise NotFound("unknown_unit", N_("There is no unit with the code %(unit)s here."), unit=code)
    return found


def list_units(session: Any, *, kinds: tuple[str, ...] = (), only_active: bool = True) -> list[Unit]:
    """Units in the jurisdiction's own order."""
    statement = select(Unit).order_by(Unit.position, Unit.sort_key, Unit.id)
    if kinds:
        statement = statement.where(Unit.kind.in_(kinds))
    if only_active:
        statement = statement.where(Unit.active.is_(True))
    return list(session.scalars(statement))


def list_uncovered(session: Any, jurisdiction_id: int | None) -> list[Unit]:
    """The units that are given matters and in which nobody could sign for receipt: the number and the list are these."""
    return [unit for unit in list_units_without(session, jurisdiction_id) if unit.kind in HANDLING_KINDS]


def list_units_without(session: Any, jurisdiction_id: int | None, right: str = "matter:acknowledge") -> list[Unit]:
    """Active units in which nobody holds a right: by default those where nobody could sign for receipt."""
    memberships, rights, people = Membership.__table__, RoleRight.__table__, Person.__table__
    covered = set(
        session.execute(
            set_based(
                select(memberships.c.unit_id)
                .distinct()
                .join(people, people.c.id == memberships.c.person_id)
                .join(membership_role, membership_role.c.membership_id == memberships.c.id)
                .join(rights, rights.c.role_id == membership_role.c.role_id)
                .where(
                    memberships.c.jurisdiction_id == jurisdiction_id,
                    membership_role.c.jurisdiction_id == jurisdiction_id,
                    rights.c.jurisdiction_id == jurisdiction_id,
                    memberships.c.active.is_(True),
                    people.c.active.is_(True),
                    rights.c.right == right,
                )
            )
        ).scalars()
    )
    return [unit for unit in list_units(session) if unit.id not in covered]


def list_posts(session: Any, *, only_active: bool = True) -> list[Post]:
    """Posts in the order of their units."""
    statement = (
        select(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(Unit.position, Unit.sort_key, Post.position, Post.id)
        .options(joinedload(Post.unit))
    )
    if only_active:
        statement = statement.where(Post.active.is_(True), Unit.active.is_(True))
    return list(session.scalars(statement))
