"""Reports that come round: the dates of a periodic schedule (每月5日前), each of which becomes its own obligation."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from app.deadlines.rules.calendar import WorkingCalendar
from app.deadlines.rules.errors import DeadlineError
from app.deadlines.rules.schedule import Every, Roll, Schedule

MONTHS_IN = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
FAR = timedelta(days=800)
"""Further ahead than any schedule's next day lies."""


def next_occurrence(
    schedule: Schedule, dispatched_on: date, calendar: WorkingCalendar, after: date | None = None
) -> tuple[date, date]:
    """The next day of the schedule after the day ``after``, as the schedule names it and as it is due after rolling.

    Without ``after`` the first one a matter dispatched on that day has. Refuses with ``DeadlineError`` as ``occurrences``.
    """
    begins = _first(schedule, dispatched_on, calendar)
    for raw_on in _raw_dates(schedule, after or dispatched_on, (after or dispatched_on) + FAR):
        due_on = _due(schedule, raw_on, calendar)
        if due_on > begins and (after is None or raw_on > after):
            return raw_on, due_on
    raise DeadlineError("date_too_far")


def occurrences(schedule: Schedule, dispatched_on: date, until: date, calendar: WorkingCalendar) -> list[date]:
    """The due dates after ``dispatched_on`` up to and including ``until``, in order.

    Refuses with ``DeadlineError`` what the calendar does not cover, where the schedule rolls or has a first interval.
    """
    first = _first(schedule, dispatched_on, calendar)
    dates = (_due(schedule, raw_on, calendar) for raw_on in _raw_dates(schedule, dispatched_on, until))
    return [due_on for due_on in dates if first < due_on <= until]


def _first(schedule: Schedule, dispatched_on: date, calendar: WorkingCalendar) -> date:
    """The day after which the first report may fall."""
    within = schedule.first_not_within
    return calendar.nth_working_day_after(dispatched_on, within) if within else dispatched_on


def _due(schedule: Schedule, raw_on: date, calendar: WorkingCalendar) -> date:
    if schedule.roll is Roll.NONE:
        return raw_on
    back = schedule.roll is Roll.PREVIOUS
    return calendar.previous_working_day(raw_on) if back else calendar.next_working_day(raw_on)


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
