"""The ladder: on which day each step of a clock speaks, which one speaks today, and when the clock is looked at again.

The sweep does the same in SQL for all clocks of a house at once; these functions say what it must come to.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.deadlines.rules import ZONE, CalendarYear, WorkingCalendar, build_calendar
from app.jurisdictions.rules.profile import DeadlineRule, Reminders, ReminderStep
from app.urging.rules.days import Days

NOTHING_MORE = dt.date(9999, 12, 31)
"""The next reminder of a clock of which everything has been said. A moved due date arms it again."""

ONE_DAY = dt.timedelta(days=1)

OWN_STAGES: tuple[str, ...] = ("review", "step", "extension_answer", "conclusion_review")
"""Clocks the office itself works against, although they may be about one unit's report."""

LATER_STAGES: tuple[str, ...] = ("after_completion", "rectification_result", "conclusion_review")
"""Clocks that run on after a matter has been accepted, and closed out: a unit's, and the office's on an objection."""

QUIET_MATTER_STATES: tuple[str, ...] = ("suspended", "cancelled", "closed_out", "archived")
QUIET_ASSIGNMENT_STATES: tuple[str, ...] = ("planned", "accepted", "declined")


@dataclass(frozen=True, slots=True)
class Dates:
    """What the steps of one clock are counted from.

    ``due_on`` is the last day on which the house can still speak in time: the day before the due date where that ends
    before the house's hour. ``acknowledged`` is whether the unit has signed, or another clock of its speaks of that.
    """

    start_on: dt.date
    light_on: dt.date
    due_on: dt.date
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A step on its day; ``time`` counts from 0 how often it has come again."""

    step: ReminderStep
    on: dt.date
    time: int = 0


@dataclass(frozen=True)
class House:
    """How a jurisdiction reminds, as its version in force says. ``by_rule`` is the ladder's place by deadline rule."""

    hour: int
    working_days_only: bool
    ladders: tuple[tuple[ReminderStep, ...], ...]
    own_ladder: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def steps_text(self) -> str:
        """The ladders' steps as JSON, for the statement that speaks of all clocks at once. Written once a process."""
        return json.dumps(steps_as_rows(self), ensure_ascii=False)

    @cached_property
    def by_rule_text(self) -> str:
        """Which rule has which ladder, as JSON."""
        return json.dumps(dict(self.by_rule))


def house_of(reminders: Reminders, rules: Sequence[DeadlineRule]) -> House:
    """What a profile says about reminding, with ladders by their places. A ladder that is not there is the first."""
    places = {ladder.key: place for place, ladder in enumerate(reminders.ladders)}
    return House(
        hour=reminders.hour,
        working_days_only=reminders.working_days_only,
        ladders=tuple(ladder.steps for ladder in reminders.ladders),
        own_ladder=places.get(reminders.own_ladder or "", 0),
        by_rule={rule.key: places[rule.ladder] for rule in rules if rule.ladder in places},
    )


def first_day(step: ReminderStep, dates: Dates, days: Days, working_days_only: bool) -> dt.date:
    """The day on which a step speaks for the first time; ``days.unknown`` beyond the calendar.

    Working days are counted after the day the step is counted from, or before it (民法典 201). Where the house speaks on
    working days only, what is not after the date falls back to one, and everything else forward.
    """
    base = max(_base(step, dates), days.first)
    if base > days.last:
        return days.unknown
    counted = step.unit == "working_day" and step.offset != 0
    if counted and step.offset > 0:
        return days.nth(days.count(base) + step.offset)
    if counted:
        return days.nth(days.count(base - ONE_DAY) + step.offset + 1)
    day = max(base + step.offset * ONE_DAY, days.first)
    if day > days.last:
        return days.unknown
    if not working_days_only:
        return day
    if step.relative_to == "due":
        return days.nth(days.count(day))
    return days.nth(days.count(day - ONE_DAY) + 1)


def _base(step: ReminderStep, dates: Dates) -> dt.date:
    if step.relative_to == "dispatched":
        return dates.start_on
    return dates.light_on if step.relative_to == "light" else dates.due_on


def latest(step: ReminderStep, dates: Dates, days: Days, today: dt.date, working_days_only: bool) -> Said | None:
    """The last time a step has come up to today; None before its first day."""
    first = first_day(step, dates, days, working_days_only)
    if first > today:
        return None
    time = (days.count(today) - days.count(first)) // step.every if step.every else 0
    return Said(step, days.nth(days.count(first) + time * (step.every or 0)) if time else first, time)


def following(step: ReminderStep, dates: Dates, days: Days, today: dt.date, working_days_only: bool) -> dt.date | None:
    """The first day after today on which a step speaks; None when it never will."""
    first = first_day(step, dates, days, working_days_only)
    if first > today:
        return first
    if step.every is None:
        return None
    time = (days.count(today) - days.count(first)) // step.every
    return days.nth(days.count(first) + (time + 1) * step.every)


def occasion(
    steps: Sequence[ReminderStep],
    dates: Dates,
    days: Days,
    today: dt.date,
    *,
    since: dt.date | None = None,
    working_days_only: bool = True,
) -> Said | None:
    """What there is to say of a clock today: the step that came last, or none.

    Of several the latest stands for all: after days of silence nobody is told what is over. Of two on one day the later in
    the ladder speaks. ``since`` is the day from which on nothing has been looked at; what came before was said then. None
    of it is for a clock that is to be looked at anew.
    """
    come = [
        (found.on, place, found)
        for place, step in enumerate(steps)
        if not (step.only_unacknowledged and dates.acknowledged)
        if (found := latest(step, dates, days, today, working_days_only)) is not None
    ]
    if not come:
        return None
    last = max(come, key=lambda one: one[:2])[2]
    return last if since is None or last.on >= since else None


def next_day(
    steps: Sequence[ReminderStep], dates: Dates, days: Days, today: dt.date, *, working_days_only: bool = True
) -> dt.date:
    """The next day after today on which something is to be said of a clock; ``NOTHING_MORE`` when nothing is."""
    coming = [
        day
        for step in steps
        if not (step.only_unacknowledged and dates.acknowledged)
        if (day := following(step, dates, days, today, working_days_only)) is not None
    ]
    return min(coming, default=NOTHING_MORE)


def speaks(calendar: WorkingCalendar, at: dt.datetime, house: House) -> bool:
    """Whether reminders go out at this instant: from the house's hour on, and on a working day where it keeps to those."""
    local = at.astimezone(ZONE)
    return local.hour >= house.hour and (not house.working_days_only or calendar.is_working(local.date()))


def next_hour_at(at: dt.datetime, hour: int) -> dt.datetime:
    """The first speaking hour after this instant: one, however long the silence was.

    Rest days have theirs too and stay silent in it: a day that is declared a working day at short notice is not missed.
    """
    local = at.astimezone(ZONE)
    day = local.date() if local.hour < hour else local.date() + ONE_DAY
    return dt.datetime.combine(day, dt.time(hour), ZONE).astimezone(dt.UTC)


def next_instant(house: House, ladder: int, dates: Dates, days: Days, today: dt.date) -> dt.datetime:
    """The instant at which something is to be said next of a clock on a ladder."""
    day = next_day(house.ladders[ladder], dates, days, today, working_days_only=house.working_days_only)
    return dt.datetime.combine(day, dt.time(house.hour), ZONE).astimezone(dt.UTC)


def weekdays_only(day: dt.date) -> WorkingCalendar:
    """The calendar where no year's notice covers the day: Monday to Friday around it."""
    return build_calendar([CalendarYear(day.year)], ())


def steps_as_rows(house: House) -> list[dict[str, Any]]:
    """The ladders' steps as plain rows, for the statement that speaks of all clocks at once."""
    return [
        {
            "ladder": number,
            "place": place,
            "key": step.key,
            "name": step.name,
            "base": step.relative_to,
            "days": step.offset,
            "counted": step.unit == "working_day" and step.offset != 0,
            "every": step.every,
            "unsigned": step.only_unacknowledged,
            "carrier": step.to_carrier,
            "drafts": step.drafts_urging,
            "bulletin": step.bulletin_candidate,
            "wanted": list(step.channels) or None,
            "unit_roles": list(step.to_unit),
            "office_roles": list(step.to_office),
        }
        for number, steps in enumerate(house.ladders)
        for place, step in enumerate(steps)
    ]
