"""Reports that come round: the dates of a periodic schedule (每月5日前), each of which becomes its own obligation."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.deadlines.rules.calendar import WorkingCalendar
from app.deadlines.rules.clock import Roll


class Every(StrEnum):
    """How often a report comes round."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS_IN = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
LAST = 99


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurring due day.

    ``day`` is the day of the month, or the ISO weekday (1 Monday) of a weekly report; ``month_in_period`` the month of
    the quarter, half-year or year. ``LAST`` or anything beyond the end means the last one. The day named is included.
    ``first_not_within`` working days of dispatch no report is asked for yet.
    """

    every: Every
    day: int
    month_in_period: int = 1
    roll: Roll = Roll.NONE
    first_not_within: int = 0


def occurrences(schedule: Schedule, dispatched_on: date, until: date, calendar: WorkingCalendar) -> list[date]:
    """The due dates after ``dispatched_on`` up to and including ``until``, in order.

    Refuses with ``DeadlineError`` what the calendar does not cover, where the schedule rolls or has a first interval.
    """
    first = dispatched_on
    if schedule.first_not_within:
        first = calendar.nth_working_day_after(dispatched_on, schedule.first_not_within)
    dates: list[date] = []
    for raw_on in _raw_dates(schedule, dispatched_on, until):
        due_on = raw_on
        if schedule.roll is Roll.NEXT:
            due_on = calendar.next_working_day(raw_on)
        elif schedule.roll is Roll.PREVIOUS:
            due_on = calendar.previous_working_day(raw_on)
        if first < due_on <= until:
            dates.append(due_on)
    return dates


def _raw_dates(schedule: Schedule, after: date, until: date) -> Iterator[date]:
    # One period to either side, because rolling can carry a date over the edge.
    if schedule.every is Every.WEEK:
        monday = after - timedelta(days=after.weekday() + 7)
        while monday <= until + timedelta(days=14):
            yield monday + timedelta(days=min(max(schedule.day, 1), 7) - 1)
            monday += timedelta(days=7)
        return
    size = MONTHS_IN[schedule.every]
    period = (after.year * 12 + after.month - 1) // size - 1
    while True:
        year, month0 = divmod(period * size + min(max(schedule.month_in_period, 1), size) - 1, 12)
        if (year, month0) > (until.year + (until.month == 12), until.month % 12):
            return
        yield date(year, month0 + 1, min(max(schedule.day, 1), monthrange(year, month0 + 1)[1]))
        period += 1
