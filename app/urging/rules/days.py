"""Days as the ladder counts them: a stretch of a working calendar, in a form that Python and SQL read alike.

``counts[i]`` is how many working days there are up to the day ``first + i``, itself included; ``working`` are the working
days, as offsets from ``first``. Both are looked up by place, so that a step of a clock costs the same on every day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from threading import Lock

from app.deadlines.rules import WorkingCalendar

YEARS_BACK = 4
"""How far back a clock may have started, or fallen due, and still be counted from there; older ones count from here."""

KEPT = 64
_built: dict[tuple[str, dt.date, dt.date], Days] = {}
_lock = Lock()


@dataclass(frozen=True)
class Days:
    """A stretch of days from ``first`` on, with its working days."""

    first: dt.date
    counts: tuple[int, ...]
    working: tuple[int, ...]
    counts_text: str
    working_text: str

    @property
    def last(self) -> dt.date:
        """The last day of which something is known."""
        return self.first + dt.timedelta(len(self.counts) - 1)

    @property
    def unknown(self) -> dt.date:
        """The day after the last: stands for every day beyond, on which it will be looked again."""
        return self.first + dt.timedelta(len(self.counts))

    def count(self, day: dt.date) -> int:
        """How many working days there are up to a day, itself included."""
        place = (day - self.first).days
        return 0 if place < 0 else self.counts[min(place, len(self.counts) - 1)]

    def nth(self, number: int) -> dt.date:
        """The working day of that number; the first for smaller ones, ``unknown`` beyond."""
        if number > len(self.working):
            return self.unknown
        return self.first + dt.timedelta(self.working[max(number, 1) - 1])


def days_around(calendar: WorkingCalendar, today: dt.date) -> Days:
    """The days by which a house's clocks are counted today: from ``YEARS_BACK`` years ago to the calendar's end."""
    first = max(calendar.first_day, dt.date(today.year - YEARS_BACK, 1, 1))
    known = (calendar.version, first, calendar.last_day)
    found = _built.get(known)
    if found is None:
        found = _build(calendar, first)
        with _lock:
            while len(_built) >= KEPT:
                _built.pop(next(iter(_built)))
            _built[known] = found
    return found


def _build(calendar: WorkingCalendar, first: dt.date) -> Days:
    counts: list[int] = []
    working: list[int] = []
    for place in range((calendar.last_day - first).days + 1):
        if calendar.is_working(first + dt.timedelta(place)):
            working.append(place)
        counts.append(len(working))
    return Days(first, tuple(counts), tuple(working), _array(counts), _array(working))


def _array(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
