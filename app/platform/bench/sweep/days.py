"""The days that are measured, and which letters each of them must bring: worked out day by day, without the sweep.

The year is 2026 and its weeks in March have five working days each, so that a weekday is a working day. Every matter has
one open clock. A band of a third comes to the point on the first heavy day, another on the second; the rest is spread
evenly, so that an ordinary day has a few.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.deadlines.rules import ZONE

ONE_DAY = dt.timedelta(days=1)
YELLOW_DAYS = 3

ARMED = dt.date(2026, 3, 2)
"""The first sweep finds every clock new. Monday."""
ORDINARY = dt.date(2026, 3, 3)
BEFORE_HEAVY = dt.date(2026, 3, 9)
HEAVY = dt.date(2026, 3, 10)
CATCH_UP = dt.date(2026, 3, 13)
"""Three days after the heavy day, on none of which anything was swept. Friday."""
BEFORE_QUEUE = dt.date(2026, 3, 23)
HEAVY_QUEUE = dt.date(2026, 3, 24)
ORDINARY_QUEUE = dt.date(2026, 3, 25)

SHARES = 100
"""A matter's place among so many decides what it is like."""
SPREAD_FROM, SPREAD = dt.date(2026, 2, 24), 60
"""The rest is due on so many working days from here on."""


@dataclass(frozen=True, slots=True)
class Share:
    """What the matters of one place in a hundred are like. ``band`` 0 is the rest, whose due date is spread."""

    place: int
    band: int
    due_on: dt.date | None
    suspended: bool
    sensitive: bool


def hour(day: dt.date) -> dt.datetime:
    """Shortly after nine in the morning of a day, when a jurisdiction speaks."""
    return dt.datetime.combine(day, dt.time(9, 1), ZONE)


def working_day(day: dt.date, step: int) -> dt.date:
    """The working day so many before or after one: a plain walk over weekdays."""
    direction = ONE_DAY if step > 0 else -ONE_DAY
    while step:
        day += direction
        if day.weekday() < 5:
            step -= 1 if step > 0 else -1
    return day


def shares() -> Iterator[Share]:
    """The hundred places. In either band a third turns yellow on the heavy day, is due, or is overdue since the day before."""
    for place in range(SHARES):
        band = 1 if place < 34 else 2 if place < 68 else 0
        heavy = HEAVY if band == 1 else HEAVY_QUEUE
        due = (working_day(heavy, YELLOW_DAYS), heavy, working_day(heavy, -1))[place % 3] if band else None
        yield Share(place, band, due, suspended=place % 20 == 13, sensitive=place % 50 == 7)


def spread_days() -> list[dt.date]:
    """The due dates of the rest, in order."""
    return [working_day(SPREAD_FROM, step) for step in range(SPREAD)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a clock says that is due on a day, and to which roles of its unit."""

    due_on: dt.date
    occasion: str
    roles: tuple[str, ...]


_OVERDUE, _TODAY, _SOON = "overdue", "due_today", "due_soon"
_ROLES = {_OVERDUE: ("unit_liaison", "unit_leader"), _TODAY: ("unit_liaison", "unit_leader"), _SOON: ("unit_liaison",)}


def said_on(day: dt.date, swept_before: dt.date | None, due_dates: Iterable[dt.date]) -> list[Said]:
    """What there is to say on a day, when the sweep before it was on another: the present occasion, if it came since."""
    said = []
    for due in due_dates:
        steps = [(working_day(due, -YELLOW_DAYS), _SOON), (due, _TODAY), (due + ONE_DAY, _OVERDUE)]
        come = [(on, occasion) for on, occasion in steps if on <= day]
        if come and (swept_before is None or come[-1][0] > swept_before):
            said.append(Said(due, come[-1][1], _ROLES[come[-1][1]]))
    return said


def due_dates() -> list[dt.date]:
    """Every due date there is, once."""
    return sorted({*spread_days(), *(share.due_on for share in shares() if share.due_on)})
