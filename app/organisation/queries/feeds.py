"""Whose feed of due dates an address opens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.organisation.models import CalendarFeed, Membership, Person
from app.organisation.rules import token_hash

LONGEST_TOKEN = 100


def find_feed(session: Any, membership_id: int) -> CalendarFeed | None:
    """The feed of a member."""
    return session.scalars(select(CalendarFeed).where(CalendarFeed.membership_id == membership_id)).first()


def find_feed_person(session: Any, token: str) -> Person | None:
    """Whose feed a token opens in the jurisdiction in scope; None when it opens nothing, the member's time here is over
    or the account is closed."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    statement = (
        select(Membership)
        .join(CalendarFeed, CalendarFeed.membership_id == Membership.id)
        .where(CalendarFeed.token_hash == token_hash(token), Membership.active.is_(True))
    )
    membership = session.scalars(statement).first()
    return membership.person if membership is not None and membership.person.active else None
