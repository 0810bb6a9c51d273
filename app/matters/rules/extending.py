"""More time: whether a unit may ask for it now, and how far a date may be moved. Pure; days are local, counts working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.deadlines.rules import RuleKind, WorkingCalendar, add_months

# The clocks more time may be asked for, the completion before the first feedback.
EXTENDED_STAGES = ("result", "rework", "first_feedback")


@dataclass(frozen=True)
class Terms:
    """What the regulation says about extensions, as the profile has it."""

    by_approval: bool = False
    max_times: int = 0
    cap: str = "none"  # none, original_period, working_days, calendar_days
    cap_amount: int | None = None
    apply_before: int = 0


@dataclass(frozen=True)
class RunningClock:
    """A clock as an extension sees it: whether an answer is awaited, whether its date has passed.

    ``last_on`` is the regulation's hard last day, where it has one.
    """

    rule: str
    amount: int | None
    start_on: date
    original_due_on: date
    due_on: date
    asked: bool = False
    passed: bool = False
    last_on: date | None = None


def why_no_extension(
    terms: Terms, clock: RunningClock | None, granted: int, calendar: WorkingCalendar, today: date
) -> str | None:
    """Why no more time may be asked for today, as the code of a sentence; None when it may.

    ``granted`` is how often the unit's part has been extended already.
    """
    if not terms.by_approval:
        return "no_extension"
    if clock is None:
        return "nothing_to_extend"
    if clock.asked:
        return "extension_pending"
    if granted >= terms.max_times:
        return "extensions_used"
    if clock.passed:
        return "due_has_passed"
    if terms.apply_before and calendar.working_days_between(today, clock.due_on) < terms.apply_before:
        return "too_late_to_ask"
    return None


def latest_date(terms: Terms, clock: RunningClock, calendar: WorkingCalendar) -> date | None:
    """The last day one extension may reach from the date the clock has now; None where the office is free.

    No longer than the original period means: the same period once more, counted as the rule counts it.
    """
    farthest = _farthest(terms, clock, calendar)
    if clock.last_on is None:
        return farthest
    return clock.last_on if farthest is None else min(farthest, clock.last_on)


def _farthest(terms: Terms, clock: RunningClock, calendar: WorkingCalendar) -> date | None:
    amount = terms.cap_amount or 0
    if terms.cap == "working_days":
        return calendar.nth_working_day_after(clock.due_on, amount)
    if terms.cap == "calendar_days":
        return clock.due_on + timedelta(days=amount)
    if terms.cap != "original_period":
        return None
    if clock.rule == RuleKind.WORKING_DAYS and clock.amount:
        return calendar.nth_working_day_after(clock.due_on, clock.amount)
    if clock.rule == RuleKind.MONTHS and clock.amount:
        return add_months(clock.due_on, clock.amount)
    return clock.due_on + (clock.original_due_on - clock.start_on)


def why_not_until(day: date, terms: Terms, clock: RunningClock, calendar: WorkingCalendar, today: date) -> str | None:
    """Why the date may not be moved to this day, as the code of a sentence; None when it may."""
    if day <= clock.due_on:
        return "not_later"
    if day < today:
        return "day_has_passed"
    latest = latest_date(terms, clock, calendar)
    return "beyond_cap" if latest is not None and day > latest else None
