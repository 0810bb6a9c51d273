"""The working-day calendar as a value: which days work, which rest and why, and how many lie between two of them.

Layers from national to most local are laid over Monday to Friday; the most local row for a day wins. A prefix index
makes every question an array look-up, so that nothing in the product ever walks day by day. All days are local dates
in Asia/Shanghai.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.deadlines.rules.baseline import statutory_days
from app.deadlines.rules.errors import DeadlineError

YEARS_AHEAD = 2
LATE_NOTICE_FROM = (12, 25)
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a row says of its day: rest, or work although it is a weekend day (调休上班)."""

    OFF = "off"
    WORK = "work"


class YearStatus(StrEnum):
    """How far the State Council's notice for a year has come."""

    UNANNOUNCED = "unannounced"
    ANNOUNCED = "announced"
    AMENDED = "amended"


class RestReason(StrEnum):
    """Why a day does not count: an ordinary Saturday or Sunday, or a named day off."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that differs from Monday to Friday, as a notice or a local decision gives it."""

    on: date
    kind: DayKind
    name: str = ""
    notice: str = ""
    layer: str = "national"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of the national layer: announced or not, by which notice, in which version."""

    year: int
    status: YearStatus = YearStatus.ANNOUNCED
    notice: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class RestSpan:
    """Neighbouring days that rest for one and the same reason, first and last included."""

    first: date
    last: date
    reason: RestReason
    name: str = ""
    notice: str = ""
    layer: str = ""

    @property
    def days(self) -> int:
        """How many days the span has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of a span of years, answered from a prefix index. Make it with ``build_calendar``.

    Refuses with ``DeadlineError``: a question before ``first_day`` (``start_too_early``) and one after ``last_day``
    (``year_not_covered``). Two calendars with the same days, years and notices are equal.
    """

    first_day: date
    last_day: date
    version: str
    entries: Mapping[date, CalendarRow] = field(compare=False, repr=False)
    years: Mapping[int, CalendarYear] = field(compare=False, repr=False)
    _base: int = field(init=False, compare=False, repr=False)
    _count: list[int] = field(init=False, compare=False, repr=False)
    _working: list[date] = field(init=False, compare=False, repr=False)
    _firm_before: date = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        base = self.first_day.toordinal() - 1
        count, working, entries = [0], [], self.entries
        for ordinal in range(base + 1, self.last_day.toordinal() + 1):
            day = date.fromordinal(ordinal)
            row = entries.get(day)
            if row.kind is DayKind.WORK if row else day.weekday() < 5:
                working.append(day)
            count.append(len(working))
        if not working:
            raise DeadlineError("calendar_empty")
        object.__setattr__(self, "_base", base)
        object.__setattr__(self, "_count", count)
        object.__setattr__(self, "_working", working)
        object.__setattr__(self, "_firm_before", self._first_doubtful_day())

    def _first_doubtful_day(self) -> date:
        for year in range(self.first_day.year, self.last_day.year + 1):
            if self.status(year) is YearStatus.UNANNOUNCED:
                return date(year, 1, 1) if year < self.last_announced else date(self.last_announced, *LATE_NOTICE_FROM)
        return date(self.last_announced, *LATE_NOTICE_FROM)

    @property
    def last_announced(self) -> int:
        """The last year whose notice is known."""
        return max(year for year, row in self.years.items() if row.status is not YearStatus.UNANNOUNCED)

    def status(self, year: int) -> YearStatus:
        """How far the notice for a year has come; a year nobody spoke of is unannounced."""
        row = self.years.get(year)
        return row.status if row else YearStatus.UNANNOUNCED

    def is_working(self, day: date) -> bool:
        """Whether the day is a working day here."""
        index = self._index(day)
        if index == 0:
            raise DeadlineError("start_too_early", on=day, first=self.first_day)
        return self._count[index] != self._count[index - 1]

    def nth_working_day_after(self, start: date, n: int) -> date:
        """The n-th working day after ``start``, which itself is not counted (民法典 201). ``n`` is 1 or more."""
        if n < 1:
            raise DeadlineError("amount_negative", amount=n)
        position = self._count[self._index(start)] + n - 1
        if position >= len(self._working):
            raise self._not_covered(self.last_day.year + 1)
        return self._working[position]

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is a working day, otherwise the first one after it (民法典 203)."""
        position = self._count[self._index(day - ONE_DAY)]
        if position >= len(self._working):
            raise self._not_covered(max(day.year, self.last_day.year + 1))
        return self._working[position]

    def previous_working_day(self, day: date) -> date:
        """``day`` itself if it is a working day, otherwise the last one before it."""
        position = self._count[self._index(day)] - 1
        if position < 0:
            raise DeadlineError("start_too_early", on=day, first=self.first_day)
        return self._working[position]

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (``after``, ``until``]; negative when ``until`` comes first."""
        return self._count[self._index(until)] - self._count[self._index(after)]

    def skipped(self, after: date, until: date) -> tuple[RestSpan, ...]:
        """The days in (``after``, ``until``] that rest, neighbours of one reason put together, each with its reason."""
        spans: list[RestSpan] = []
        for ordinal in range(after.toordinal() + 1, until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.is_working(day):
                continue
            row = self.entries.get(day)
            name, notice, layer = (row.name, row.notice, row.layer) if row else ("", "", "")
            reason = RestReason.HOLIDAY if row else RestReason.WEEKEND
            last = spans[-1] if spans else None
            if last and last.last + ONE_DAY == day and (last.reason, last.name, last.layer) == (reason, name, layer):
                spans[-1] = RestSpan(last.first, day, reason, name, last.notice, layer)
            else:
                spans.append(RestSpan(day, day, reason, name, notice, layer))
        return tuple(spans)

    def made_up(self, after: date, until: date) -> tuple[CalendarRow, ...]:
        """The Saturdays and Sundays in (``after``, ``until``] that count, because a notice makes them working days."""
        days = (date.fromordinal(n) for n in range(after.toordinal() + 1, until.toordinal() + 1))
        rows = (self.entries.get(day) for day in days if day.weekday() >= 5)
        return tuple(row for row in rows if row and row.kind is DayKind.WORK)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a notice still to come may change a day in [``first``, ``last``].

        True when the span meets an unannounced year, or the last week of December of the last announced one: notices
        for the next year have reached back into it (2006, 2007, 2011, 2018).
        """
        if last < self._firm_before:
            return False
        if last >= date(self.last_announced, *LATE_NOTICE_FROM):
            return True
        return any(self.status(year) is YearStatus.UNANNOUNCED for year in range(first.year, last.year + 1))

    def unannounced_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years met by [``first``, ``last``] whose notice is not known."""
        years = range(first.year, last.year + 1)
        return tuple(year for year in years if self.status(year) is YearStatus.UNANNOUNCED)

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._base
        if index < 0:
            raise DeadlineError("start_too_early", on=day, first=self.first_day)
        if index >= len(self._count):
            raise self._not_covered(day.year)
        return index

    def _not_covered(self, year: int) -> DeadlineError:
        return DeadlineError("year_not_covered", year=year, announced=self.last_announced)


def build_calendar(
    years: Iterable[CalendarYear], *layers: Iterable[CalendarRow], version: str | None = None
) -> WorkingCalendar:
    """Lay the layers over Monday to Friday, the national one first and the most local last, and index the result.

    The calendar reaches from the first year given to two years after the last announced one; unannounced years have
    weekends and statutory days only, unless a layer says more. Rows outside that span are left aside. ``version`` names
    the state of the calendar in explanations; without one it is derived from the content.

    Refuses with ``DeadlineError``: no announced year (``calendar_empty``), a day twice in one layer with two meanings
    (``day_given_twice``).
    """
    by_year = {row.year: row for row in years}
    announced = [year for year, row in by_year.items() if row.status is not YearStatus.UNANNOUNCED]
    if not announced:
        raise DeadlineError("calendar_empty")
    first_day, last_day = date(min(announced), 1, 1), date(max(announced) + YEARS_AHEAD, 12, 31)
    merged: dict[date, CalendarRow] = {}
    for year in range(first_day.year, last_day.year + 1):
        if year not in announced:
            merged |= {
                day: CalendarRow(day, DayKind.OFF, name, layer="baseline") for day, name in statutory_days(year).items()
            }
    for layer in layers:
        merged |= _one_layer(layer)
    merged = {day: merged[day] for day in sorted(merged) if first_day <= day <= last_day}
    return WorkingCalendar(
        first_day,
        last_day,
        version or _fingerprint(by_year, list(merged.values())),
        MappingProxyType(merged),
        MappingProxyType(by_year),
    )


def _one_layer(rows: Iterable[CalendarRow]) -> dict[date, CalendarRow]:
    layer: dict[date, CalendarRow] = {}
    for row in rows:
        if row.on in layer and layer[row.on].kind is not row.kind:
            raise DeadlineError("day_given_twice", on=row.on)
        layer[row.on] = row
    return layer


def _fingerprint(years: Mapping[int, CalendarYear], rows: Sequence[CalendarRow]) -> str:
    said = [f"{year} {row.status} {row.notice} {row.version}" for year, row in sorted(years.items())]
    said += [f"{row.on} {row.kind} {row.name} {row.notice} {row.layer}" for row in rows]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
