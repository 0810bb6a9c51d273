"""Keeping and dropping views of the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, Refused
from app.kernel.i18n import N_
from app.matters.rules import REASONS
from app.reporting.models import SavedView
from app.reporting.queries import get_own_view, list_saved_views

MOST_VIEWS = 30
LONGEST_NAME = 60
LONGEST_QUERY = 1000


@command
def save_view(session: Any, actor: Actor, *, name: str, query: str, shared: bool, at: dt.datetime) -> SavedView:
    """Keep a filter of the ledger under a name; the same name again replaces it.

    Refuses without a name, with a name beyond 60 characters, beyond 30 views of one's own, and sharing without the right.
    A view is nobody's business act, so no event is written.
    """
    name = name.strip()
    if not name:
        raise Invalid("name_missing", N_("Give the view a name."), {"name": N_("Give the view a name.")})
    if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise Invalid("name_too_long", N_("This is too long."), {"name": N_("This is too long.")})
    if shared and not actor.may("view:share"):
        raise Refused("right_missing", REASONS["right_missing"])
    own = [view for view in list_saved_views(session, actor) if view.membership_id == actor.membership_id]
    view = next((one for one in own if one.name == name), None)
    if view is None:
        if len(own) >= MOST_VIEWS:
            raise Invalid("too_many_views", N_("You have 30 views already. Remove one first."))
        view = SavedView(membership_id=actor.membership_id, name=name, query=query, shared=shared, position=len(own))
        session.add(view)
    view.query, view.shared = query, shared
    session.flush()
    return view


@command
def drop_view(session: Any, actor: Actor, view_id: int, *, at: dt.datetime) -> str:
    """Take one of one's own views away; returns its name. NotFound for anybody else's."""
    view = get_own_view(session, actor, view_id)
    name: str = view.name
    session.delete(view)
    session.flush()
    return name
