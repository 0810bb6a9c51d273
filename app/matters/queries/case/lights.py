"""The light of one clock."""

from __future__ import annotations

import datetime as dt

from app.deadlines.rules import LightReading, WorkingCalendar, light
from app.kernel.clock import local_date
from app.matters.models import Obligation


def reading_of(
    obligation: Obligation,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    paused: bool = False,
    at: dt.datetime | None = None,
) -> LightReading:
    """The light of a clock on a day, or at an instant of that day where its date has a time."""
    met_on = local_date(obligation.met_at) if obligation.met_at else None
    return light(
        obligation.due_on,
        today,
        calendar,
        obligation.yellow_days,
        paused=paused and obligation.state == "open",
        closed_on=met_on if obligation.state != "open" else None,
        due_at=obligation.due_at,
        seen_at=at if obligation.state == "open" else obligation.met_at,
    )
