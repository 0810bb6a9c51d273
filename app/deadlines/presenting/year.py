"""A year of a calendar as twelve small months, and a proposed change of it day by day."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.deadlines.rules import CalendarRow, DayKind, WorkingCalendar, YearStatus
from app.deadlines.rules.national_year import DayChange
from app.deadlines.rules.notice_text import WEEKDAYS
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link

STATUS: Mapping[YearStatus, tuple[str, str]] = {
    YearStatus.UNANNOUNCED: ("warn", N_("Not announced yet")),
    YearStatus.ANNOUNCED: ("ok", N_("Announced")),
    YearStatus.AMENDED: ("info", N_("Announced and amended since")),
}
LAYERS: Mapping[str, str] = {
    "national": N_("National"),
    "region": N_("Regional"),
    "jurisdiction": N_("Own"),
    "baseline": N_("By law, before the notice"),
}
KINDS: Mapping[DayKind, tuple[str, str]] = {
    DayKind.OFF: ("bad", N_("Day off")),
    DayKind.WORK: ("info", N_("Working day made up")),
}
MARKS: Mapping[str, str] = {"off": N_("R (rest)"), "work": N_("W (work)")}


@dataclass(frozen=True)
class DayCell:
    """One day of a month. ``kind`` is off, work (made up), rest (an ordinary weekend) or day.

    ``mark`` is the one character that says so without any colour; ``said`` is the whole of it, with its source.
    """

    on: dt.date
    kind: str
    mark: str
    said: str
    local: bool = False
    changed: bool = False
    today: bool = False


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday; None is a day of a neighbouring month."""

    label: str
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True)
class SpanLine:
    """Neighbouring days of which the same is said, and where that comes from."""

    first: dt.date
    last: dt.date
    days: int
    tone: str
    kind_label: str
    name: str
    layer_label: str
    notice: str


@dataclass(frozen=True)
class YearView:
    """One year: its months, and where every day that is not an ordinary one comes from."""

    year: int
    status_tone: str
    status_label: str
    notice: str
    version: int
    working_days: int
    months: tuple[Month, ...]
    spans: tuple[SpanLine, ...]


@dataclass(frozen=True)
class YearPage:
    """The page of a year, the platform's or a jurisdiction's. An empty address draws no link."""

    view: YearView
    title: str
    home: Link
    previous: str
    following: str
    links: tuple[Link, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class ChangeLine:
    """A day before and after; ``moves`` when it works now and did not, or the other way round."""

    on: dt.date
    before: str
    after: str
    moves: bool
    works_after: bool


def year_view(
    calendar: WorkingCalendar, year: int, *, today: dt.date, changed: Collection[dt.date] = frozenset()
) -> YearView:
    """A year that the calendar covers; ``changed`` days are marked."""
    known = calendar.years.get(year)
    status = calendar.status(year)
    tone, words = STATUS[status]
    eve = dt.date(year - 1, 12, 31)
    first = eve if eve >= calendar.first_day else dt.date(year, 1, 1)
    counted = calendar.working_days_between(first, dt.date(year, 12, 31))
    if first != eve:
        counted += calendar.is_working(first)
    return YearView(
        year=year,
        status_tone=tone,
        status_label=translate(words),
        notice=known.notice if known else "",
        version=known.version if known else 0,
        working_days=counted,
        months=tuple(_month(calendar, year, month, today, changed) for month in range(1, 13)),
        spans=_spans(row for on, row in calendar.entries.items() if on.year == year),
    )


def change_lines(changes: Iterable[DayChange]) -> tuple[ChangeLine, ...]:
    """A proposed change day by day."""
    return tuple(
        ChangeLine(
            change.on,
            _words(change.on, change.before),
            _words(change.on, change.after),
            change.moves,
            change.after.kind is DayKind.WORK if change.after else change.on.weekday() < 5,
        )
        for change in changes
    )


def _month(calendar: WorkingCalendar, year: int, month: int, today: dt.date, changed: Collection[dt.date]) -> Month:
    weeks = months_of.Calendar().monthdatescalendar(year, month)
    return Month(
        _("Month %(month)s", month=month),
        tuple(
            tuple(_cell(calendar, on, today, on in changed) if on.month == month else None for on in week)
            for week in weeks
        ),
    )


def _cell(calendar: WorkingCalendar, on: dt.date, today: dt.date, changed: bool) -> DayCell:
    row = calendar.entries.get(on)
    weekend = on.weekday() >= 5
    if row is None:
        kind = "rest" if weekend else "day"
    elif row.kind is DayKind.OFF:
        kind = "off"
    else:
        kind = "work"
    said = f"{on.isoformat()} {translate(WEEKDAYS[on.weekday()])}"
    if row is not None:
        parts = (said, _words(on, row), translate(LAYERS[row.layer]), row.notice)
        said = " · ".join(part for part in parts if part)
    local = row is not None and row.layer in ("region", "jurisdiction")
    mark = translate(MARKS[kind]) if kind in MARKS else ""
    return DayCell(on, kind, mark, said, local, changed, on == today)


def _words(on: dt.date, row: CalendarRow | None) -> str:
    if row is None:
        return _("Ordinary weekend") if on.weekday() >= 5 else _("Ordinary working day")
    label = translate(KINDS[row.kind][1])
    return f"{label}（{row.name}）" if row.name else label


def _spans(rows: Iterable[CalendarRow]) -> tuple[SpanLine, ...]:
    lines: list[SpanLine] = []
    for row in sorted(rows, key=lambda one: one.on):
        tone, label = KINDS[row.kind]
        line = SpanLine(row.on, row.on, 1, tone, translate(label), row.name, translate(LAYERS[row.layer]), row.notice)
        last = lines[-1] if lines else None
        if last and last.last + dt.timedelta(days=1) == row.on and _same(last, line):
            lines[-1] = SpanLine(
                last.first, row.on, last.days + 1, tone, last.kind_label, last.name, last.layer_label, last.notice
            )
        else:
            lines.append(line)
    return tuple(lines)


def _same(one: SpanLine, other: SpanLine) -> bool:
    return (one.kind_label, one.name, one.layer_label, one.notice) == (
        other.kind_label,
        other.name,
        other.layer_label,
        other.notice,
    )
