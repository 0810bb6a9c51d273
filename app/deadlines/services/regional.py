"""Days that a province or a city declares for all jurisdictions below it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import select

from app.deadlines.models import NationalCalendarDay, RegionalCalendarDay
from app.deadlines.rules import DayKind
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_

_REGION = re.compile(r"[1-9]\d(?:\d\d)?", re.ASCII)
LONGEST_NAME, LONGEST_NOTICE = 40, 80


@command
def add_regional_day(
    session: Any,
    actor: Actor,
    *,
    region_code: str,
    on: dt.date | None,
    kind: str,
    name: str,
    notice: str,
    at: dt.datetime,
) -> RegionalCalendarDay:
    """Declare a region's day off, or working. It wins over the national calendar; a jurisdiction's own day wins over it.

    Refuses what is no region of two or four digits, a day the region has already, and a working day that is one anyway
    (Invalid, each field with its sentence).
    """
    _may(actor)
    code, said, number = region_code.strip(), " ".join(name.split()), notice.strip()
    faults = _faults(session, code, on, kind, said, number)
    if faults or on is None:
        raise Invalid("day_refused", N_("The day cannot be taken as it stands."), faults)
    day = RegionalCalendarDay(region_code=code, on=on, kind=kind, name=said, notice=number or None)
    session.add(day)
    session.flush()
    record(
        session, actor, "calendar.regional_day_added", "regional_calendar_day", day.id, at,
        region=code, on=on, kind_of_day=kind, name=said, document_no=number,
    )  # fmt: skip
    return day


@command
def remove_regional_day(session: Any, actor: Actor, day_id: int, *, at: dt.datetime) -> None:
    """Take a region's day away; the national calendar holds there again."""
    _may(actor)
    day = session.get(RegionalCalendarDay, day_id)
    if day is None:
        raise NotFound()
    session.delete(day)
    session.flush()
    record(
        session, actor, "calendar.regional_day_removed", "regional_calendar_day", day_id, at,
        region=day.region_code, on=day.on, kind_of_day=day.kind, name=day.name,
    )  # fmt: skip


def _faults(session: Any, code: str, on: dt.date | None, kind: str, name: str, notice: str) -> dict[str, str]:
    faults = {}
    if not _REGION.fullmatch(code):
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
