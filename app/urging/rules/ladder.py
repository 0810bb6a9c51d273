"""The ladder: which occasions a clock has, who hears of each, and at which hour a jurisdiction speaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.deadlines.rules import ZONE, CalendarYear, WorkingCalendar, build_calendar

SPEAKING_HOUR = 9
"""The local hour from which reminders go out on a working day."""

NOTHING_MORE = dt.date(9999, 12, 31)
"""The next reminder of a clock whose last occasion has been spoken of. A moved due date arms it again."""

ONE_DAY = dt.timedelta(days=1)


class Occasion(StrEnum):
    """What there is to say about an open clock on a day; later ones take the place of earlier ones."""

    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: the occasion, and the roles in the handling unit that hear of it."""

    occasion: Occasion
    unit_roles: tuple[str, ...]


LADDER: tuple[Rung, ...] = (
    Rung(Occasion.DUE_SOON, ("unit_liaison",)),
    Rung(Occasion.DUE_TODAY, ("unit_liaison", "unit_leader")),
    Rung(Occasion.OVERDUE, ("unit_liaison", "unit_leader")),
)

OFFICE_ROLES: tuple[str, ...] = ("inspector", "group_inspector")
"""Who hears of a clock nobody else answers for: the office's own, or a unit's that has no liaison yet."""

OFFICE_STAGES: tuple[str, ...] = ("review", "step")
"""Clocks the office itself works against, although they may be about one unit's report."""

LATER_STAGES: tuple[str, ...] = ("after_completion", "rectification_result", "conclusion_review")
"""Clocks that run on after a matter has been accepted, and closed out: a unit's, and the office's on an objection."""

QUIET_MATTER_STATES: tuple[str, ...] = ("suspended", "cancelled", "closed_out", "archived")
QUIET_ASSIGNMENT_STATES: tuple[str, ...] = ("planned", "accepted", "declined")


def speaks(calendar: WorkingCalendar, at: dt.datetime) -> bool:
    """Whether reminders go out at this instant: on a working day, from the speaking hour on."""
    local = at.astimezone(ZONE)
    return local.hour >= SPEAKING_HOUR and calendar.is_working(local.date())


def next_hour_at(at: dt.datetime) -> dt.datetime:
    """The first speaking hour after this instant: one, however long the silence was.

    Rest days have theirs too and stay silent in it: a day that is declared a working day at short notice is not missed.
    """
    local = at.astimezone(ZONE)
    day = local.date() if local.hour < SPEAKING_HOUR else local.date() + ONE_DAY
    return dt.datetime.combine(day, dt.time(SPEAKING_HOUR), ZONE).astimezone(dt.UTC)


def weekdays_only(day: dt.date) -> WorkingCalendar:
    """The calendar before any year's notice has been loaded: Monday to Friday around this day."""
    return build_calendar([CalendarYear(day.year)], ())
