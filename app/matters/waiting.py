"""What waits for the reader, read once in a request: the number in the frame and the list on the page are one thing."""

from __future__ import annotations

from flask import g

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.matters import queries
from app.matters.queries import Todo
from app.matters.rules import Act


def waiting_for(actor: Actor) -> list[Todo]:
    """Everything that waits for the person, the most pressing first."""
    if "waiting" not in g:
        g.waiting = queries.todo(db.session, actor, clock.today())
    found: list[Todo] = g.waiting
    return found


def decisions_waiting_for(actor: Actor) -> list[Todo]:
    """Of these, the decisions a leader is asked for, the oldest first."""
    asked = [one for one in waiting_for(actor) if one.act in (Act.APPROVE, Act.AGREE) and one.approval is not None]
    return sorted(asked, key=lambda one: (one.approval.opened_at, one.matter.id))  # type: ignore[union-attr]
