"""The calendar's address read, and its days as values. A month and a week are an address, as every view of the ledger is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.deadlines.rules import DayKind, WorkingCalendar, until
from app.kernel.i18n import _
from app.kernel.pages import Filter, Tab
from app.matters.presenting.common import LIGHT_WORDS, STAGE_WORDS, matter_href, word
from app.matters.queries import DueDay, DueEntry
from app.reporting.pages import DueCellDay, DueLine, DuePage
from app.reporting.presenting.ledger import Asked, Choices, address

SHOWN = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100
KEPT = ("unit", "group", "inspector", "mine")
_MONTH, _WEEK = re.compile(r"([0-9]{4})-([0-9]{2})"), re.compile(r"([0-9]{4})-W([0-9]{2})")
_ONE_DAY, _ONE_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """A month or a week: its days with the neighbours that fill its weeks, and a sentence when the address made no sense."""

    kind: str
    first: dt.date
    last: dt.date
    fault: str = ""

    @property
    def monday(self) -> dt.date:
        """The first day on the sheet."""
        return self.first - dt.timedelta(days=self.first.weekday())

    @property
    def sunday(self) -> dt.date:
        """The last day on the sheet."""
        return self.last + dt.timedelta(days=6 - self.last.weekday())

    @property
    def name(self) -> str:
        """The value of ``month`` or ``week`` in an address."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        year, week, _day = self.first.isocalendar()
        return f"{year:04d}-W{week:02d}"

    def beside(self, step: int) -> Span:
        """The one before (-1) or after (1)."""
        if self.kind == "week":
            return _week(self.first + step * _ONE_WEEK)
        return _month(self.first - _ONE_DAY if step < 0 else self.last + _ONE_DAY)


def read_span(given: Mapping[str, str], today: dt.date) -> Span:
    """The month or week that is asked for; what is none gives the current one and a sentence."""
    kind = "week" if "week" in given and "month" not in given else "month"
    text = given.get(kind, "").strip()
    current = _week(today) if kind == "week" else _month(today)
    if not text:
        return current
    found = (_WEEK if kind == "week" else _MONTH).fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, number = int(found[1]), int(found[2])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(text)
        return _week(dt.date.fromisocalendar(year, number, 1)) if kind == "week" else _month(dt.date(year, number, 1))
    except ValueError:
        sentence = (
            _("“%(value)s” is no week, such as 2026-W48; the current one is shown.", value=text[:40])
            if kind == "week"
            else _("“%(value)s” is no month, such as 2026-11; the current one is shown.", value=text[:40])
        )
        return Span(kind, current.first, current.last, sentence)


def _month(day: dt.date) -> Span:
    first = day.replace(day=1)
    return Span("month", first, (first + dt.timedelta(days=31)).replace(day=1) - _ONE_DAY)


def _week(day: dt.date) -> Span:
    monday = day - dt.timedelta(days=day.weekday())
    return Span("week", monday, monday + dt.timedelta(days=6))


def page_of(
    span: Span,
    days: Mapping[dt.date, DueDay],
    asked: Asked,
    calendar: WorkingCalendar,
    *,
    today: dt.date,
    root: str,
    units: Choices,
    own: bool,
) -> DuePage:
    """The sheet. ``own`` offers what the reader drew up himself; ``units`` is empty for who sees only his own."""
    base, kept = f"{root}/calendar/", {name: asked.parameters[name] for name in KEPT if name in asked.parameters}

    def at(other: Span, **changes: str) -> str:
        return address(base, {other.kind: other.name, **kept, **changes})

    def cell(on: dt.date) -> DueCellDay:
        outside = not span.first <= on <= span.last
        return _cell(on, days.get(on), calendar, today=today, root=root, kept=kept, outside=outside)

    count = (span.sunday - span.monday).days + 1
    sheet = [cell(span.monday + dt.timedelta(days=offset)) for offset in range(count)]
    now = _week(today) if span.kind == "week" else _month(today)
    year, number, _day = span.first.isocalendar()
    return DuePage(
        heading=_("%(year)s-%(month)s", year=span.first.year, month=f"{span.first.month:02d}")
        if span.kind == "month"
        else _(
            "Week %(number)s of %(year)s: %(first)s to %(last)s",
            number=number,
            year=year,
            first=span.first.isoformat(),
            last=span.last.isoformat(),
        ),
        total=sum(day.total for day in sheet if not day.outside),
        weeks=tuple(tuple(sheet[place : place + 7]) for place in range(0, count, 7)),
        tabs=(
            Tab(_("Month"), at(_month(_anchor(span, today))), current=span.kind == "month"),
            Tab(_("Week"), at(_week(_anchor(span, today))), current=span.kind == "week"),
        ),
        filters=_filters(asked, units, own=own),
        hidden=((span.kind, span.name),),
        previous_href=at(span.beside(-1)),
        next_href=at(span.beside(1)),
        now_href=at(now),
        subscribe_href=f"{root}/me/#feed",
    )


def _anchor(span: Span, today: dt.date) -> dt.date:
    """The day that stays in sight when month and week change places."""
    return today if span.first <= today <= span.last else span.first


def _filters(asked: Asked, units: Choices, *, own: bool) -> tuple[Filter, ...]:
    now, found = asked.parameters.get, []
    known = tuple((str(key), text) for key, text in units)
    if known:
        found.append(Filter("select", "unit", _("Unit"), now("unit", ""), choices=known))
        found.append(Filter("select", "group", _("Group that carries it"), now("group", ""), choices=known))
    people = tuple(asked.listed.get("inspector", {}).items())
    if people:
        found.append(Filter("select", "inspector", _("Inspector"), now("inspector", ""), choices=people))
    if own:
        found.append(Filter("select", "mine", _("Whose"), now("mine", ""), choices=(("1", _("Registered by me")),)))
    return tuple(found)


def _cell(
    on: dt.date,
    day: DueDay | None,
    calendar: WorkingCalendar,
    *,
    today: dt.date,
    root: str,
    kept: Mapping[str, str],
    outside: bool,
) -> DueCellDay:
    covered = calendar.first_day <= on <= calendar.last_day
    rest = not calendar.is_working(on) if covered else on.weekday() > 4
    row = calendar.entries.get(on)
    made_up = row is not None and row.kind is DayKind.WORK
    mark = row.name if row is not None and row.name else ""
    total = day.total if day is not None else 0
    worst = next(iter(day.lights)).value if day is not None and day.lights else ""
    return DueCellDay(
        on=on,
        is_today=on == today,
        outside=outside,
        rest=rest,
        made_up=made_up,
        mark=mark,
        total=total,
        light=worst,
        light_label=_lights(day) if day is not None else "",
        href=address(f"{root}/matters/", {"due_from": on.isoformat(), "due_to": on.isoformat(), "running": "1", **kept})
        if total
        else "",
        lines=tuple(_line(entry, root) for entry in day.entries) if day is not None else (),
        more=total - len(day.entries) if day is not None else 0,
    )


def _lights(day: DueDay) -> str:
    """“Overdue 1, On track 2”."""
    return "，".join(f"{word(LIGHT_WORDS, light.value)} {count}" for light, count in day.lights.items())


def _line(entry: DueEntry, root: str) -> DueLine:
    return DueLine(
        title=entry.title,
        href=matter_href(root, entry.id),
        light=entry.light.value,
        light_label=word(LIGHT_WORDS, entry.light.value),
        stage=word(STAGE_WORDS, entry.stage),
        unit=entry.unit,
        until=until(entry.due_at) if entry.due_at is not None else "",
        provisional=entry.provisional,
    )
