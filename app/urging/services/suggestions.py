"""What the ladder has laid before the office is dealt with: by urging, by the bulletin, or by a reason why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from app.deadlines.rules import local_day
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, handles, record
from app.kernel.i18n import N_
from app.matters.models import Matter
from app.matters.queries.visible import may_see
from app.matters.rules import REASONS
from app.urging.models import Suggestion

PUBLISHED, DROPPED, URGED = "published", "dropped", "urged"
_OUTCOMES = {"bulletin": (PUBLISHED, DROPPED), "urging": (DROPPED,)}
LONGEST_NOTE = 300


@command
def settle_suggestions(
    session: Any, actor: Actor, suggestion_ids: Sequence[int], outcome: str, note: str, *, at: dt.datetime
) -> int:
    """Say what became of suggestions, all of one act; returns how many.

    ``published`` is a candidate taken into a bulletin, ``dropped`` one that is not followed, with the reason. An urging is
    followed by being sent, not here. Refuses one that was dealt with before (Conflict) and, as not there, one of a matter the
    actor does not see.
    """
    if not actor.may("matter:urge"):
        raise Refused("right_missing", REASONS["right_missing"])
    said = " ".join(note.split())
    if not suggestion_ids:
        raise Invalid("nothing_chosen", N_("Tick at least one line."))
    if outcome == DROPPED and not said:
        raise Invalid("reason_needed", N_("Say why it is not followed."), {"note": N_("A reason is needed.")})
    if len(said) > LONGEST_NOTE:
        raise Invalid("too_long", N_("One of the texts is too long."), {"note": N_("This is too long.")})
    seen = (
        select(Suggestion)
        .join(Matter, Matter.id == Suggestion.matter_id)
        .where(Suggestion.id.in_(set(suggestion_ids)), may_see(actor, local_day(at)))
        .order_by(Suggestion.id)
        .with_for_update(of=Suggestion)
        .execution_options(populate_existing=True)
    )
    found = list(session.scalars(seen))
    if len(found) != len(set(suggestion_ids)):
        raise NotFound()
    for one in found:
        if outcome not in _OUTCOMES[one.kind]:
            raise Invalid("no_such_outcome", N_("Choose what becomes of it."))
        if one.settled_at is not None:
            raise Conflict("already_settled", N_("Somebody has dealt with one of these already. Read the page again."))
        one.outcome, one.settled_at, one.settled_by, one.note = outcome, at, actor.membership_id, said or None
    session.flush()
    for one in found:
        record(
            session, actor, "suggestion.settled", "suggestion", one.id, at,
            matter_id=one.matter_id, about=one.kind, outcome=outcome, reason=said,
        )  # fmt: skip
    return len(found)


@handles("matter.urged")
def urged(session: Any, happened: Event) -> None:
    """A unit that has been urged needs no suggestion to urge it."""
    session.execute(
        update(Suggestion)
        .where(
            Suggestion.matter_id == happened.subject_id,
            Suggestion.assignment_id.in_(happened.facts.get("assignment_ids", ())),
            Suggestion.kind == "urging",
            Suggestion.settled_at.is_(None),
        )
        .values(outcome=URGED, settled_at=happened.at)
        .execution_options(synchronize_session=False)
    )
