"""Roles and who holds them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from app.jurisdictions.models import ProfileVersion
from app.kernel.errors import NotFound
from app.kernel.i18n import N_
from app.kernel.tenancy import set_based
from app.organisation.models import (
    JurisdictionRole,
    Membership,
    membership_role,
)


def get_roles_by_key(session: Any, keys: Collection[str]) -> list[JurisdictionRole]:
    """The roles of these keys in the jurisdiction in scope. Raises NotFound for the first that is not there."""
    found = {role.key: role for role in list_roles(session)}
    for key in keys:
        if key not in found:
            raise NotFound("unknown_role", N_("There is no role with the key %(key)s here."), key=key)
    return [found[key] for key in keys]


def list_roles(session: Any) -> list[JurisdictionRole]:
    """The jurisdiction's roles in its own order, each with its rights."""
    return list(session.scalars(select(JurisdictionRole).order_by(JurisdictionRole.position, JurisdictionRole.id)))


def count_holders(session: Any, jurisdiction_id: int | None) -> dict[int, int]:
    """How many active members hold each role."""
    memberships = Membership.__table__
    rows = session.execute(
        set_based(
            select(membership_role.c.role_id, func.count())
            .join(
                memberships,
                (memberships.c.id == membership_role.c.membership_id)
                & (memberships.c.jurisdiction_id == membership_role.c.jurisdiction_id),
            )
            .where(membership_role.c.jurisdiction_id == jurisdiction_id, memberships.c.active.is_(True))
            .group_by(membership_role.c.role_id)
        )
    )
    return {role_id: int(holders) for role_id, holders in rows}


def role_keys_of_profiles(session: Any) -> set[str]:
    """The keys of the roles that a published profile of the jurisdiction names: running matters keep their version."""
    documents = session.scalars(select(ProfileVersion.document).where(ProfileVersion.status == "published"))
    return {str(role["key"]) for document in documents for role in document.get("roles") or () if "key" in role}
