"""The address under which a calendar program reads what is due for a person: made, renewed and revoked by that person."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import NotFound
from app.kernel.events import record
from app.organisation.models import CalendarFeed
from app.organisation.queries import find_feed
from app.organisation.rules import token_hash


@command
def make_feed(session: Any, actor: Actor, *, at: dt.datetime) -> str:
    """Make the token of the actor's own feed and return it: it is said once, only its hash is kept.

    An earlier one ends with it. NotFound for somebody who is no member here.
    """
    if actor.membership_id is None:
        raise NotFound()
    token = secrets.token_urlsafe(32)
    feed = find_feed(session, actor.membership_id)
    if feed is None:
        feed = CalendarFeed(membership_id=actor.membership_id)
        session.add(feed)
    feed.token_hash, feed.made_at = token_hash(token), at
    session.flush()
    record(session, actor, "calendar_feed.made", "membership", actor.membership_id, at)
    return token


@command
def revoke_feed(session: Any, actor: Actor, *, at: dt.datetime) -> None:
    """End the actor's own feed: its address opens nothing from now on. NotFound where there is none."""
    feed = session.scalars(
        select(CalendarFeed).where(CalendarFeed.membership_id == (actor.membership_id or 0)).with_for_update()
    ).first()
    if feed is None:
        raise NotFound()
    session.delete(feed)
    session.flush()
    record(session, actor, "calendar_feed.revoked", "membership", feed.membership_id, at)
