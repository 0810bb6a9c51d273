"""Urging 催办 by a person: for what, through which ways, whom, how often, and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.urging.rules.refusals import Refusal

SYSTEM = "system"
URGING_KINDS: tuple[str, ...] = ("receipt", "feedback")
URGING_CHANNELS: tuple[str, ...] = (SYSTEM, "phone", "paper")
READERS_OF_URGING: tuple[str, ...] = ("unit_liaison",)
LONGEST_MESSAGE = 500
"""Characters of an urging's message."""
MOST_TOGETHER = 200
"""Units' parts urged with one click."""
URGED_STATES: tuple[str, ...] = ("notified", "acknowledged", "in_progress", "returned")


@dataclass(frozen=True)
class Limits:
    """How often units are urged through the system.

    Between two urgings of one unit's part lie ``interval_days`` calendar days (1: once a day, 0: as often as one likes); one
    unit gets ``most_per_day`` on one local day over all matters, None any number.
    """

    interval_days: int = 1
    most_per_day: int | None = None


@dataclass(frozen=True)
class UrgedPart:
    """A unit's part as an urging sees it: its state, when it was last urged, what the unit has had today, who would read.

    Only urgings through the system count; what was said by phone or written on paper is logged as often as it was done.
    """

    unit: str
    state: str
    last_on: dt.date | None
    had_today: int
    readers: int


def why_not_urged(part: UrgedPart, kind: str, channel: str, limits: Limits, today: dt.date) -> Refusal | None:
    """Why this part may not be urged now for a ``receipt`` or for ``feedback``; None when it may."""
    if part.state not in URGED_STATES:
        return Refusal("nothing_to_urge", {"unit": part.unit})
    if kind == "receipt" and part.state != "notified":
        return Refusal("receipt_signed", {"unit": part.unit})
    if channel != SYSTEM:
        return None
    if part.last_on is not None and (today - part.last_on).days < limits.interval_days:
        if part.last_on == today:
            return Refusal("urged_today", {"unit": part.unit})
        until = part.last_on + dt.timedelta(days=limits.interval_days)
        return Refusal("urged_lately", {"unit": part.unit, "on": part.last_on, "until": until})
    if limits.most_per_day is not None and part.had_today >= limits.most_per_day:
        return Refusal("urged_enough", {"unit": part.unit, "had": part.had_today, "most": limits.most_per_day})
    return None if part.readers else Refusal("nobody_to_urge", {"unit": part.unit})


class Outcome(StrEnum):
    """What came of an urging: the unit did what it was asked for, has not yet, or need not any more."""

    ANSWERED = "answered"
    WAITING = "waiting"
    ENDED = "ended"


@dataclass(frozen=True)
class Effect:
    """What came of an urging, and after how many calendar days; while it waits, for how many it has."""

    outcome: Outcome
    days: int


def effect(urged_on: dt.date, answered_on: dt.date | None, *, under_way: bool, today: dt.date) -> Effect:
    """What came of an urging. ``under_way``: the unit still works on its part, and the matter has not ended."""
    if answered_on is not None:
        return Effect(Outcome.ANSWERED, (answered_on - urged_on).days)
    return Effect(Outcome.WAITING if under_way else Outcome.ENDED, (today - urged_on).days)
