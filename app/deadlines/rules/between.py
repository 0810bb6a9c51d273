"""What lies between two states of a calendar: the days on which they differ. Only dates that read them have to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from app.deadlines.rules.calendar import LATE_NOTICE_FROM, CalendarRow, WorkingCalendar, YearStatus

Span = tuple[date, date]
_ONE_DAY = timedelta(days=1)


def snapshot(calendar: WorkingCalendar, since: date) -> dict[str, Any]:
    """What a calendar says from a day on, as plain data: every day that is not an ordinary one, and the years announced."""
    return {
        "since": since.isoformat(),
        "days": {on.isoformat(): _said(row) for on, row in calendar.entries.items() if on >= since},
        "announced": _announced(calendar),
    }


def changed_spans(before: Mapping[str, Any], calendar: WorkingCalendar) -> list[Span]:
    """The days of which ``calendar`` says something else than a snapshot did, neighbours put together.

    A year that is announced now and was not, or the other way round, changes everything from the last week of December
    before it: what was provisional is no longer. Days before the snapshot begins count as changed, since nothing is known.
    """
    since = date.fromisoformat(before["since"])
    days = {date.fromisoformat(on): said for on, said in before["days"].items()}
    now = {on: _said(row) for on, row in calendar.entries.items() if on >= since}
    differing = sorted(on for on in days.keys() | now.keys() if days.get(on) != now.get(on))
    spans = [(date.min, since - _ONE_DAY), *_together(differing)]
    years = set(before["announced"]).symmetric_difference(_announced(calendar))
    if years:
        spans.append((date(min(years) - 1, *LATE_NOTICE_FROM), date.max))
    return spans


def _announced(calendar: WorkingCalendar) -> list[int]:
    return sorted(year for year, row in calendar.years.items() if row.status is not YearStatus.UNANNOUNCED)


def _said(row: CalendarRow) -> list[str]:
    return [row.kind.value, row.name, row.layer]


def _together(days: Iterable[date]) -> list[Span]:
    spans: list[Span] = []
    for day in days:
        if spans and spans[-1][1] + _ONE_DAY == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
