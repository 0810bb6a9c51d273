"""Reading saved views, and what the filters offer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.organisation.queries import list_members_with_right
from app.reporting.models import SavedView


def list_saved_views(session: Any, actor: Actor) -> list[SavedView]:
    """The person's own views of the ledger and the shared ones, in their order."""
    statement = (
        select(SavedView)
        .where(or_(SavedView.membership_id == actor.membership_id, SavedView.shared.is_(True)))
        .order_by(SavedView.position, SavedView.id)
    )
    return list(session.scalars(statement))


def get_own_view(session: Any, actor: Actor, view_id: int) -> SavedView:
    """One of the person's own views. Raises NotFound for anybody else's, a shared one included."""
    found: SavedView | None = None
    if 0 < view_id < 2**63:
        found = session.scalars(
            select(SavedView).where(SavedView.id == view_id, SavedView.membership_id == actor.membership_id)
        ).first()
    if found is None:
        raise NotFound()
    return found


def inspectors(session: Any) -> tuple[tuple[str, str], ...]:
    """Who draws matters up here: membership and name, for a filter to choose from."""
    return tuple(
        (str(one.id), one.person.get_full_name()) for one in list_members_with_right(session, "matter:register")
    )
