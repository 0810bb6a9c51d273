"""Letters that did not leave: sent again, or given up, by the jurisdiction's administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import INBOX, Letter
from app.notifications.rules.reasons import GIVEN_UP


@command
def resend_letters(session: Any, actor: Actor, letter_ids: Sequence[int], *, at: dt.datetime) -> int:
    """Queue failed and dropped letters again, as if nobody had tried; returns how many.

    They are looked at once more before they leave: what is still pointless is dropped again with its reason. A letter that
    has left, or another jurisdiction's, is not touched. Refuses without the right.
    """
    values = {"state": "queued", "attempts": 0, "next_attempt_at": at, "last_error": None, "message_key": None}
    return _change(session, actor, letter_ids, ("failed", "dropped"), "letters.resent", values, at)


@command
def give_up_letters(session: Any, actor: Actor, letter_ids: Sequence[int], *, at: dt.datetime) -> int:
    """Send these waiting or failed letters no more; returns how many. The inbox keeps them. Refuses without the right."""
    values = {"state": "dropped", "next_attempt_at": None, "last_error": GIVEN_UP}
    return _change(session, actor, letter_ids, ("failed", "queued"), "letters.given_up", values, at)


def _change(
    session: Any,
    actor: Actor,
    letter_ids: Sequence[int],
    states: Sequence[str],
    kind: str,
    values: dict[str, Any],
    at: dt.datetime,
) -> int:
    if not actor.may("channel:write") or actor.jurisdiction_id is None:
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    wanted = (
        update(Letter)
        .where(Letter.id.in_(letter_ids), Letter.channel != INBOX, Letter.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    count = int(session.execute(wanted).rowcount) if letter_ids else 0
    if count:
        record(session, actor, kind, "jurisdiction", actor.jurisdiction_id, at, letters=count)
    return count
