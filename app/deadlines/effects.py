"""What a proposed calendar would do to the dates that run, told by the room that keeps them, without knowing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.deadlines.rules import WorkingCalendar


@dataclass(frozen=True)
class Effect:
    """In one jurisdiction: matters with a date that moves, dates that move, and those kept although they would be earlier."""

    matters: int
    moved: int
    kept: int


Teller = Callable[[Any, WorkingCalendar, dt.datetime], Effect]
_tellers: list[Teller] = []


def tells_effect(teller: Teller) -> Teller:
    """Have this teller asked, inside the jurisdiction's scope, before a calendar is put into force."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def effect_of(session: Any, calendar: WorkingCalendar, at: dt.datetime) -> Effect:
    """What ``calendar`` would do in the jurisdiction in scope; nothing is changed."""
    found = [teller(session, calendar, at) for teller in _tellers]
    return Effect(sum(one.matters for one in found), sum(one.moved for one in found), sum(one.kept for one in found))
