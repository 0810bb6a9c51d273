"""Who may give what: nobody beyond what he holds himself, and nobody to himself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, update

from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.i18n import N_
from app.kernel.tenancy import set_based
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, membership_role
from app.organisation.permissions import RIGHTS, known


def must(actor: Actor, right: str) -> None:
    """Refused unless the actor's roles carry the right here."""
    if not actor.may(right):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def must_hold(actor: Actor, words: Iterable[str]) -> None:
    """Refused when a right would be given that the giver does not hold; Invalid for a word that is no right."""
    wanted = set(words)
    if not wanted <= RIGHTS.keys():
        raise Invalid("unknown_right", N_("One of the rights is not in the list of rights."))
    if not actor.is_system and not wanted <= actor.rights:
        raise Refused(
            "beyond_own_rights",
            N_("You can only give rights that you hold yourself. Ask somebody whose role here is wider."),
        )


def rights_of_roles(session: Any, role_ids: Iterable[int]) -> frozenset[str]:
    """All rights of these roles together, of the jurisdiction in scope."""
    ids = list(role_ids)
    if not ids:
        return frozenset()
    return known(session.scalars(select(RoleRight.right).where(RoleRight.role_id.in_(ids))))


def get_roles(session: Any, role_ids: Iterable[int]) -> list[JurisdictionRole]:
    """The roles of these ids; NotFound when one of them is not this jurisdiction's."""
    wanted = set(role_ids)
    roles = list(session.scalars(select(JurisdictionRole).where(JurisdictionRole.id.in_(wanted)))) if wanted else []
    if {role.id for role in roles} != wanted:
        raise NotFound()
    return sorted(roles, key=lambda role: (role.position, role.id))


def keep_an_administrator(session: Any, jurisdiction_id: int | None) -> None:
    """Conflict when, as things now stand in this transaction, nobody could give roles any more."""
    session.flush()
    left = session.execute(
        set_based(
            select(func.count())
            .select_from(Membership.__table__)
            .join(Person.__table__, Person.__table__.c.id == Membership.__table__.c.person_id)
            .join(membership_role, membership_role.c.membership_id == Membership.__table__.c.id)
            .join(RoleRight.__table__, RoleRight.__table__.c.role_id == membership_role.c.role_id)
            .where(
                Membership.__table__.c.jurisdiction_id == jurisdiction_id,
                membership_role.c.jurisdiction_id == jurisdiction_id,
                RoleRight.__table__.c.jurisdiction_id == jurisdiction_id,
                Membership.__table__.c.active.is_(True),
                Person.__table__.c.active.is_(True),
                RoleRight.__table__.c.right == "membership:write",
            )
        )
    ).scalar_one()
    if not left:
        raise Conflict(
            "last_administrator",
            N_("Nobody could give roles here any more. Give somebody else that right first."),
        )


def rights_changed(session: Any, jurisdiction_id: int | None) -> None:
    """Say that who may do what has changed in this jurisdiction."""
    session.execute(
        update(Jurisdiction)
        .where(Jurisdiction.id == jurisdiction_id)
        .values(rights_version=Jurisdiction.rights_version + 1)
        .execution_options(synchronize_session=False)
    )
