"""A jurisdiction's own calendar days, and the computing of a due date for the rooms below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from app.deadlines.models import CalendarDay, KnownCalendar
from app.deadlines.queries import find_upper_row, known_calendars
from app.deadlines.rules import (
    ClockRule,
    DayKind,
    DeadlineError,
    Due,
    Standstill,
    WorkingCalendar,
    compute_from_events,
    snapshot,
)
from app.deadlines.rules.national_year import FIRST_YEAR, LAST_YEAR
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_


def due_from_events(
    rule: ClockRule,
    events: Mapping[str, date | datetime | None],
    calendar: WorkingCalendar,
    *,
    pauses: Iterable[Standstill] = (),
) -> Due | None:
    """As ``rules.compute_from_events``, with a refusal as the ``Invalid`` that pages and the API know how to show."""
    try:
        return compute_from_events(rule, events, calendar, pauses=pauses)
    except DeadlineError as error:
        raise Invalid(error.code, error.msgid, **error.params) from error


def remember_calendar(session: Any, calendar: WorkingCalendar, *, since: date, in_use: Collection[str]) -> None:
    """Keep what the calendar says now, from a day on, so that a later one can be compared with it.

    States that no date was computed by any more (``in_use``) are dropped. Part of the caller's transaction, safe to repeat.
    """
    known = known_calendars(session)
    gone = known.keys() - {*in_use, calendar.version}
    if gone:
        session.execute(delete(KnownCalendar).where(KnownCalendar.version.in_(gone)))
    if calendar.version not in known:
        session.add(KnownCalendar(version=calendar.version, said=snapshot(calendar, since)))
    session.flush()


_KINDS = ("off", "work")
_FRIDAY = 4


@command
def add_local_day(
    session: Any, actor: Actor, *, on: date, kind: str, name: str, notice: str, at: datetime
) -> CalendarDay:
    """Declare a day of the jurisdiction's own off, or a weekend day working. It wins over the nation's and the region's.

    Refuses a second row for the same day, and a working day that is no weekend and no day off above, and
    a year for which there can be no calendar.
    """
    _may(actor, "calendar:write")
    _check_day(session, actor.jurisdiction_id, on, kind, name)
    if session.query(CalendarDay).filter(CalendarDay.on == on).first() is not None:
        raise Invalid(
            "day_exists",
            N_("This day is in the calendar already. Change that row instead."),
            {"on": N_("This day is there already.")},
        )
    day = CalendarDay(on=on, kind=kind, name=name.strip(), notice=(notice or "").strip() or None)
    session.add(day)
    session.flush()
    record(session, actor, "calendar.day_added", "calendar_day", day.id, at, on=on, kind_of_day=kind, name=day.name)
    return day


@command
def change_local_day(
    session: Any, actor: Actor, day_id: int, *, on: date, kind: str, name: str, notice: str, at: datetime
) -> CalendarDay:
    """Correct a local day; what it was before stays in the log."""
    _may(actor, "calendar:write")
    day = _get_local_day(session, day_id)
    _check_day(session, actor.jurisdiction_id, on, kind, name)
    before = {"on": day.on.isoformat(), "kind_of_day": day.kind, "name": day.name}
    day.on, day.kind, day.name, day.notice = on, kind, name.strip(), (notice or "").strip() or None
    session.flush()
    record(session, actor, "calendar.day_changed", "calendar_day", day.id, at, on=on, kind_of_day=kind, before=before)
    return day


@command
def remove_local_day(session: Any, actor: Actor, day_id: int, *, at: datetime) -> None:
    """Take a local day away; what the nation and the region say holds again."""
    _may(actor, "calendar:write")
    day = _get_local_day(session, day_id)
    session.delete(day)
    session.flush()
    record(session, actor, "calendar.day_removed", "calendar_day", day_id, at, on=day.on, kind_of_day=day.kind)


def _get_local_day(session: Any, day_id: int) -> CalendarDay:
    day = session.get(CalendarDay, day_id)
    if day is None:
        raise NotFound()
    return day


def _may(actor: Actor, right: str) -> None:
    if not actor.may(right):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def _check_day(session: Any, jurisdiction_id: int | None, on: date, kind: str, name: str) -> None:
    faults = {}
    if not isinstance(on, date):
        faults["on"] = N_("Give a date such as 2026-10-08.")
    if kind not in _KINDS:
        faults["kind"] = N_("A day is either off or working.")
    if not (name or "").strip():
        faults["name"] = N_("Say what the day is.")
    if not faults and not FIRST_YEAR <= on.year <= LAST_YEAR:
        faults["on"] = N_("No calendar reaches this year, so the day would never count.")
    if not faults and kind == "work" and on.weekday() <= _FRIDAY:
        above = find_upper_row(session, jurisdiction_id, on) if jurisdiction_id else None
        if above is None or above.kind is not DayKind.OFF:
            faults["on"] = N_("This is a working day already.")
    if faults:
        raise Invalid("day_refused", N_("The day cannot be taken as it stands."), faults)
