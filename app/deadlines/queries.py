"""Which working-day calendar is in force where, what it is made of, and why a stored date is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import String, cast, func, select

from app.deadlines.models import CalendarDay, NationalCalendarDay, NationalCalendarYear
from app.deadlines.rules import (
    CalendarRow,
    CalendarYear,
    DayKind,
    WorkingCalendar,
    YearStatus,
    build_calendar,
    describe,
)
from app.kernel.i18n import N_, translate
from app.kernel.tenancy import set_based

# An index of 25 years takes some 300 kB; jurisdictions without days of their own share one.
KEPT = 64
DATE = N_("%(year)d-%(month)02d-%(day)02d")
_built: dict[Any, WorkingCalendar] = {}
_lock = Lock()


def calendar_for(session: Any, jurisdiction_id: int | None) -> WorkingCalendar:
    """The calendar in force in a jurisdiction: the national days and over them its own; without one the national days.

    One statement asks whether anything has changed; the index is built only then. ``jurisdiction_id`` is the one in
    scope. Refuses with ``DeadlineError`` (``calendar_empty``) before the first year is loaded.
    """
    stamp = _stamp(session, jurisdiction_id)
    calendar = _built.get(stamp)
    if calendar is None:
        local = [] if jurisdiction_id is None or stamp[-1] is None else list_local_days(session, jurisdiction_id)
        calendar = build_calendar(list_years(session), list_national_days(session), local)
        with _lock:
            while len(_built) >= KEPT:
                _built.pop(next(iter(_built)))
            _built[stamp] = calendar
    return calendar


def list_national_days(session: Any) -> list[CalendarRow]:
    """Every day of the national layer in order."""
    return _rows(session.scalars(select(NationalCalendarDay).order_by(NationalCalendarDay.on)), "national")


def list_local_days(session: Any, jurisdiction_id: int) -> list[CalendarRow]:
    """Every day of a jurisdiction's own layer, in order."""
    own = select(CalendarDay).where(CalendarDay.jurisdiction_id == jurisdiction_id).order_by(CalendarDay.on)
    return _rows(session.scalars(own), "jurisdiction")


def list_years(session: Any) -> list[CalendarYear]:
    """The years of the national layer with their notices, in order."""
    found = session.scalars(select(NationalCalendarYear).order_by(NationalCalendarYear.year))
    return [CalendarYear(row.year, YearStatus(row.status), row.notice or "", row.version) for row in found]


def explanation(record: Mapping[str, Any]) -> list[str]:
    """A stored computation as sentences in the reader's language: one call for page, document, API and terminal."""
    words = []
    for msgid, params in describe(record):
        words.append(translate(msgid, **{name: _shown(value) for name, value in params.items()}))
    return words


def _shown(value: object) -> object:
    if isinstance(value, date):
        return translate(DATE, year=value.year, month=value.month, day=value.day)
    return value


def _rows(found: Iterable[NationalCalendarDay | CalendarDay], layer: str) -> list[CalendarRow]:
    return [CalendarRow(row.on, DayKind(row.kind), row.name, row.notice or "", layer) for row in found]


def _stamp(session: Any, jurisdiction_id: int | None) -> tuple[Any, Any, Any]:
    year, day, own = NationalCalendarYear, NationalCalendarDay, CalendarDay
    parts = [
        select(_content(year.year, year.status, year.notice, year.version)),
        select(_content(day.on, day.kind, day.name, day.notice)),
    ]
    if jurisdiction_id is None:
        years, days = session.execute(select(*(part.scalar_subquery() for part in parts))).one()
        return years, days, None
    parts.append(select(_content(own.on, own.kind, own.name, own.notice)).where(own.jurisdiction_id == jurisdiction_id))
    years, days, local = session.execute(set_based(select(*(part.scalar_subquery() for part in parts)))).one()
    return years, days, local


def _content(*columns: Any) -> Any:
    # A sum of hashes notices every edit whoever made it, without sorting and without a counter one could forget.
    text = func.concat_ws("|", *(func.coalesce(cast(column, String), "") for column in columns))
    return func.sum(func.hashtextextended(text, 0))
