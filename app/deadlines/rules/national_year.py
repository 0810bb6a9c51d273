"""A year of the national calendar before and after a notice: whether it can be, and what it changes day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.deadlines.rules.calendar import CalendarRow, CalendarYear, DayKind, YearStatus
from app.deadlines.rules.notice_faults import NoticeFault
from app.deadlines.rules.notice_text import unsound

FIRST_YEAR, LAST_YEAR = 2004, 2100
# Days from here on may have been given by the notice of the year after (2006, 2007, 2011, 2018).
_NEXT_NOTICE_FROM = 20
_ASKED_FROM, _URGENT_FROM = (11, 1), (12, 15)


@dataclass(frozen=True)
class DayChange:
    """A day of which something else is said than before; None is an ordinary day of the week."""

    on: date
    before: CalendarRow | None
    after: CalendarRow | None

    @property
    def moves(self) -> bool:
        """Whether the day works now and rested before, or the other way round."""
        return works(self.on, self.before) is not works(self.on, self.after)


def works(on: date, row: CalendarRow | None) -> bool:
    """Whether a day is a working day under its row."""
    return row.kind is DayKind.WORK if row else on.weekday() < 5


def year_after(
    year: int, stored: Mapping[date, CalendarRow], rows: Iterable[CalendarRow], *, next_is_known: bool
) -> dict[date, CalendarRow]:
    """What is said of a year, and of the December before it, once ``rows`` are all that its notice gives.

    Days of the December before are only added to. The last days of the year itself stay as they are where the next
    year's notice is known already: they are its days.
    """
    said = {row.on: row for row in rows}
    kept = {
        on: row
        for on, row in stored.items()
        if (on.year == year - 1 and on.month == 12)
        or (next_is_known and on.year == year and on.month == 12 and on.day >= _NEXT_NOTICE_FROM)
    }
    return kept | said


def year_faults(year: int, rows: Iterable[CalendarRow], after: Mapping[date, CalendarRow]) -> tuple[NoticeFault, ...]:
    """Everything that keeps days from being the calendar of a year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return (NoticeFault("year_unlikely", (("year", year),)),)
    faults = []
    for row in rows:
        if not (row.on.year == year or (row.on.year == year - 1 and row.on.month == 12)):
            faults.append(NoticeFault("no_such_day", (("quote", f"{year}: {row.on.isoformat()}"),)))
        elif row.kind is DayKind.WORK and row.on.weekday() < 5:
            faults.append(NoticeFault("works_midweek", (("quote", row.name), ("on", row.on.isoformat()))))
    return tuple(faults) or tuple(unsound(year, after))


def region_faults(
    year: int, rows: Iterable[CalendarRow], national: Mapping[date, CalendarRow]
) -> tuple[NoticeFault, ...]:
    """Everything that keeps days from being a region's in a year: another year's, and a working day that is one anyway."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return (NoticeFault("year_unlikely", (("year", year),)),)
    faults = []
    for row in rows:
        if row.on.year != year:
            faults.append(NoticeFault("no_such_day", (("quote", f"{year}: {row.on.isoformat()}"),)))
        elif row.kind is DayKind.WORK and works(row.on, national.get(row.on)):
            faults.append(NoticeFault("works_midweek", (("quote", row.name), ("on", row.on.isoformat()))))
    return tuple(faults)


def day_changes(
    year: int, stored: Mapping[date, CalendarRow], after: Mapping[date, CalendarRow]
) -> tuple[DayChange, ...]:
    """What becomes different, in order: in the year, and in the December before it."""
    days = sorted(
        on for on in stored.keys() | after.keys() if on.year == year or (on.year == year - 1 and on.month == 12)
    )
    found = (DayChange(on, stored.get(on), after.get(on)) for on in days)
    return tuple(change for change in found if _said(change.before) != _said(change.after))


def _said(row: CalendarRow | None) -> tuple[str, str, str] | None:
    return (row.kind.value, row.name, row.notice) if row else None


@dataclass(frozen=True)
class MissingNotice:
    """A year whose notice should be here: how pressing it is."""

    year: int
    urgency: Literal["asked", "urgent"]


def missing_notice(today: date, years: Iterable[CalendarYear]) -> MissingNotice | None:
    """The year whose notice the platform should bring in now: the running one at once, the next from 1 November on,
    urgently from 15 December. None while nothing is missing."""
    known = {row.year for row in years if row.status is not YearStatus.UNANNOUNCED}
    if today.year not in known:
        return MissingNotice(today.year, "urgent")
    if today.year + 1 in known or (today.month, today.day) < _ASKED_FROM:
        return None
    return MissingNotice(today.year + 1, "urgent" if (today.month, today.day) >= _URGENT_FROM else "asked")
