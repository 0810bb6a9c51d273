"""The days that are measured, and which letters each of them must bring: worked out day by day, without the sweep.

The weeks of March 2026 have five working days each, so that there a weekday is a working day. Every matter has
one open clock. A band of a third comes to the point on the first heavy day, another on the second; the rest is spread
evenly, so that an ordinary day has a few.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

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
SPREAD_FROM, SPREAD = dt.date(2026, 3, 2), 60
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
class Step:
    """A rung of the shipped ladder: so many working days from the due date, to whom, and whether it comes every week."""

    key: str
    name: str
    days: int
    unit_roles: tuple[str, ...]
    office_roles: tuple[str, ...] = ()
    carrier: bool = False
    every: int = 0


_LIAISON, _BOTH, _LEADER = ("unit_liaison",), ("unit_liaison", "unit_leader"), ("unit_leader",)
LADDER = (
    Step("light", "进入预警期", -YELLOW_DAYS, _LIAISON),
    Step("day_before", "到期前一个工作日", -1, _BOTH),
    Step("due_day", "到期当日", 0, _BOTH),
    Step("overdue_1", "逾期一个工作日", 1, _BOTH, carrier=True),
    Step("overdue_3", "逾期三个工作日", 3, _LEADER, carrier=True),
    Step("overdue_5", "逾期五个工作日，此后每周", 5, _LEADER, ("office_leader",), every=5),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a clock that is due on a day says on another, and since when it has said so."""

    due_on: dt.date
    since: dt.date
    step: Step
    occasion: str
    kind: str


@cache
def present(due: dt.date, day: dt.date) -> Said | None:
    """The step of the ladder that came last, found by walking from the due date."""
    come: list[tuple[dt.date, Step, int]] = []
    for step in LADDER:
        on, time = working_day(due, step.days), 0
        while on <= day:
            come.append((on, step, time))
            if not step.every:
                break
            on, time = working_day(on, step.every), time + 1
    if not come:
        return None
    since, step, time = come[-1]
    kind = "overdue" if due < day else "due_today" if due == day else "due_soon"
    return Said(due, since, step, f"{step.key}.{time}" if time else step.key, f"obligation.{kind}")


def said_on(day: dt.date, swept_before: dt.date | None, due_dates: Iterable[dt.date]) -> list[Said]:
    """What there is to say on a day, when the sweep before it was on another: the present step, if it came since."""
    said = [present(due, day) for due in due_dates]
    return [one for one in said if one is not None and (swept_before is None or one.since > swept_before)]


def due_dates() -> list[dt.date]:
    """Every due date there is, once."""
    return sorted({*spread_days(), *(share.due_on for share in shares() if share.due_on)})
