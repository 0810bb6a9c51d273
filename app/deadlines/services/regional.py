"""Days that a province or a city declares for all jurisdictions below it: proposed by one, confirmed by another.

A proposal says what a region's whole year would be, as one of the national layer does; ``services.national`` confirms,
turns down and takes back either.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.deadlines.models import CalendarProposal, NationalCalendarDay, RegionalCalendarDay
from app.deadlines.queries import region_change
from app.deadlines.rules import CalendarRow, DayKind
from app.deadlines.rules.day_table import is_region
from app.deadlines.services.national import propose, signed_rows
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.i18n import N_

LONGEST_NAME, LONGEST_NOTICE = 40, 80


@command
def propose_regional_day(
    session: Any,
    actor: Actor,
    *,
    region_code: str,
    on: dt.date | None,
    kind: str,
    name: str,
    notice: str,
    at: dt.datetime,
) -> CalendarProposal:
    """Propose one more day off, or working, of a region. It wins over the national calendar, a jurisdiction's own over it.

    Refuses what is no region of two or four digits, a day the region has already, a working day that is one anyway
    (Invalid, each field with its sentence), and what ``propose`` refuses.
    """
    _may(actor)
    code, said, number = region_code.strip(), " ".join(name.split()), notice.strip()
    faults = _faults(session, code, on, kind, said, number)
    if faults or on is None:
        raise Invalid("day_refused", N_("The day cannot be taken as it stands."), faults)
    rows = _stored(session, code, on.year)
    rows[on] = CalendarRow(on, DayKind(kind), said, number)
    return propose(session, actor, on.year, rows.values(), number, "form", "", at, region=code)


@command
def propose_regional_removal(session: Any, actor: Actor, day_id: int, *, at: dt.datetime) -> CalendarProposal:
    """Propose to take a region's day away; once that is confirmed the national calendar holds there again."""
    _may(actor)
    day = session.get(RegionalCalendarDay, day_id)
    if day is None:
        raise NotFound()
    rows = _stored(session, day.region_code, day.on.year)
    del rows[day.on]
    return propose(session, actor, day.on.year, rows.values(), "", "form", "", at, region=day.region_code)


@command
def propose_regional_years(
    session: Any,
    actor: Actor,
    *,
    years: dict[tuple[str, int], tuple[CalendarRow, ...]],
    document_no: str = "",
    at: dt.datetime,
) -> list[CalendarProposal]:
    """Propose every region's year of a table that differs from what is stored: all of them or, with one fault, none.

    A year in the table is the whole of that region's year: what it no longer names is taken away.
    """
    _may(actor)
    new = {
        (region, year): rows
        for (region, year), rows in years.items()
        if region_change(session, region, year, signed_rows(rows, document_no)).changes
    }
    if not new:
        raise Invalid("nothing_new", N_("The calendar says this already. There is nothing to propose."))
    return [
        propose(session, actor, year, rows, document_no.strip(), "file", "", at, region=region)
        for (region, year), rows in new.items()
    ]


def _stored(session: Any, region: str, year: int) -> dict[dt.date, CalendarRow]:
    return dict(region_change(session, region, year, ()).stored)


def _faults(session: Any, code: str, on: dt.date | None, kind: str, name: str, notice: str) -> dict[str, str]:
    faults = {}
    if not is_region(code):
        faults["region_code"] = N_("Give the first two digits of the code for a province, four for a city.")
    if on is None:
        faults["on"] = N_("Give a date such as 2026-10-08.")
    if kind not in [one.value for one in DayKind]:
        faults["kind"] = N_("A day is either off or working.")
    if not name or len(name) > LONGEST_NAME:
        faults["name"] = N_("Say what the day is.")
    if len(notice) > LONGEST_NOTICE:
        faults["notice"] = N_("Not more than 80 characters.")
    if faults or on is None:
        return faults
    own = select(RegionalCalendarDay.on, RegionalCalendarDay.region_code).where(RegionalCalendarDay.on == on)
    if any(row.region_code == code for row in session.execute(own)):
        faults["on"] = N_("This day is there already.")
    elif kind == "work" and on.weekday() < 5:
        national = session.get(NationalCalendarDay, on)
        if national is None or national.kind != "off":
            faults["on"] = N_("This is a working day already.")
    return faults


def _may(actor: Actor) -> None:
    if not actor.may("national_calendar:write"):
        raise Refused("right_missing", N_("Only the platform's administrators change the regions' calendar."))
