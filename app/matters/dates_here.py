"""What a proposed calendar would do to the open dates here, for the page on which it is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.deadlines.effects import Effect
from app.deadlines.rules import WorkingCalendar
from app.matters.services.recomputing import preview


def effect_here(session: Any, calendar: WorkingCalendar, at: dt.datetime) -> Effect:
    """What ``app.deadlines.effects`` asks for, in the jurisdiction in scope."""
    moves = preview(session, at=at, calendar=calendar)
    return Effect(moves.matters, len(moves.moved), len(moves.kept))
