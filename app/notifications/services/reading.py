"""A person opens his own letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import update

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.outbox import INBOX, READ, Letter
from app.notifications.queries import get_letter


@command
def mark_read(session: Any, actor: Actor, letter_id: int, *, at: dt.datetime) -> Letter:
    """Note that the reader opened one of their own letters, the first time. Raises NotFound for anybody else's."""
    letter = get_letter(session, actor.person_id, letter_id)
    if letter.read_at is None:
        letter.read_at, letter.state = at, READ
    return letter


@command
def mark_all_read(session: Any, actor: Actor, *, at: dt.datetime) -> int:
    """Note that the reader has seen every letter of their inbox here; returns how many were new."""
    seen = (
        update(Letter)
        .where(Letter.recipient_id == actor.person_id, Letter.channel == INBOX, Letter.read_at.is_(None))
        .values(read_at=at, state=READ)
    )
    return int(session.execute(seen).rowcount)
