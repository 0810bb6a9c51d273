"""The light of a due date on a given day. Computed, never stored: who asks names the day.

Shape, colour and words belong to the page and the jurisdiction (绿黄红, 蓝黄红, 蓝橙红); here are only the five states.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.deadlines.rules.calendar import ONE_DAY, WorkingCalendar


class Light(StrEnum):
    """On track, soon due, overdue, standing still, finished."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    HOLD = "hold"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LightReading:
    """A light with the working days left, or the working days it is late; ``late`` also speaks of finished ones.

    A date that fell on a Friday is late on Saturday although no working day has passed: ``late`` true, ``overdue`` 0.
    """

    light: Light
    remaining: int = 0
    overdue: int = 0
    late: bool = False


def light(
    due_on: date | None,
    today: date,
    calendar: WorkingCalendar,
    yellow_days: int,
    paused: bool = False,
    closed_on: date | None = None,
    *,
    start_on: date | None = None,
    due_at: datetime | None = None,
    seen_at: datetime | None = None,
) -> LightReading:
    """The light on ``today``: the due day itself is in time until 24:00, so it turns only on the day after.

    A date with a time of its day (``due_at``) turns at that instant, where the instant ``seen_at`` of looking, or of
    finishing, is known.

    ``yellow_days`` are working days; with ``start_on`` known they are never more than half the working days of the
    period. A clock without a date yet is on track. Days beyond the calendar's end are not counted as remaining.
    """
    if due_on is None:
        still = Light.DONE if closed_on else Light.HOLD if paused else Light.OK
        return LightReading(still)
    seen_on = closed_on or today
    late = seen_on > due_on if due_at is None or seen_at is None else seen_at > due_at
    gap = _between(seen_on, due_on, calendar)
    remaining, overdue = (0, -gap) if late else (gap, 0)
    if closed_on:
        return LightReading(Light.DONE, remaining, overdue, late)
    if paused:
        return LightReading(Light.HOLD, remaining, overdue, late)
    if late:
        return LightReading(Light.BAD, 0, overdue, True)
    near = remaining <= threshold(due_on, calendar, yellow_days, start_on)
    return LightReading(Light.WARN if near else Light.OK, remaining)


def threshold(due_on: date, calendar: WorkingCalendar, yellow_days: int, start_on: date | None) -> int:
    """Working days before the date at which the light turns, capped at half the period when its start is known."""
    if start_on is None:
        return yellow_days
    return min(yellow_days, max(0, _between(start_on, due_on, calendar) // 2))


def yellow_from(due_on: date, calendar: WorkingCalendar, yellow_days: int, start_on: date | None = None) -> date:
    """The first day whose light is "soon": what a set of dates can be compared with in one sweep."""
    day = min(due_on, calendar.last_day)
    for _step in range(threshold(due_on, calendar, yellow_days, start_on)):
        day = calendar.previous_working_day(day) - ONE_DAY
    return max(calendar.first_day, calendar.previous_working_day(day))


def _between(after: date, until: date, calendar: WorkingCalendar) -> int:
    earliest, latest = calendar.first_day, calendar.last_day
    return calendar.working_days_between(
        min(max(after, earliest), latest),
        min(max(until, earliest), latest),
    )
