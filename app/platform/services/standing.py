"""Who may act on a jurisdiction from outside, and for how long."""

from __future__ import annotations

from typing import Any

from app.jurisdictions import queries as jurisdiction_queries
from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.i18n import N_


def find_house(session: Any, code: str) -> Jurisdiction:
    """The jurisdiction of that code. Raises NotFound."""
    found = jurisdiction_queries.find_by_code(session, code)
    if found is None:
        raise NotFound()
    return found


def inside_of(actor: Actor, jurisdiction_id: int) -> Actor:
    """The platform's staff at work inside a jurisdiction that is being prepared."""
    return Actor(actor.person_id, actor.name, jurisdiction_id, is_system=True)


def must_manage(actor: Actor) -> None:
    """Refused unless the actor looks after jurisdictions."""
    if not actor.may("jurisdiction:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def must_prepare(house: Jurisdiction) -> None:
    """Conflict once the jurisdiction has been put into service."""
    if house.status != "preparing":
        raise Conflict(
            "not_preparing",
            N_("This jurisdiction is in service. What is inside is its own administrator's to change."),
        )
