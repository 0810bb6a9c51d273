"""What a form offers to choose from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.jurisdictions.rules import Profile
from app.matters.models import MatterSource, SupervisionPlan
from app.organisation.models import JurisdictionRole, Membership, membership_role


def list_sources(session: Any, *, only_active: bool = True) -> list[MatterSource]:
    """The matter sources in the regulation's order."""
    statement = select(MatterSource).order_by(MatterSource.position, MatterSource.id)
    if only_active:
        statement = statement.where(MatterSource.active.is_(True))
    return list(session.scalars(statement))


def find_source(session: Any, key: str) -> MatterSource | None:
    """The source of that key."""
    return session.scalars(select(MatterSource).where(MatterSource.key == key)).first()


def list_plans(session: Any) -> list[SupervisionPlan]:
    """The supervision plans, newest first."""
    return list(
        session.scalars(select(SupervisionPlan).order_by(SupervisionPlan.year.desc(), SupervisionPlan.id.desc()))
    )


def list_leaders(session: Any, profile: Profile) -> list[Membership]:
    """The people whose instructions matters carry out: holders of the roles that decide at a step, and of those by whose
    leaders matters are routed."""
    keys = {role for step in profile.procedure.steps if step.approval is not None for role in step.approval.roles}
    keys |= {*profile.routing.principal_roles, *profile.groups.portfolio_roles}
    statement = (
        select(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(JurisdictionRole.key.in_(keys), Membership.active.is_(True))
        .order_by(Membership.id)
        .distinct()
    )
    return list(session.scalars(statement))
