"""The clocks a jurisdiction's profile speaks of, as the values the arithmetic understands."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from app.deadlines.rules.clock import ClockRule, LastDay, RuleKind
from app.deadlines.rules.schedule import DayInYear, Every, Roll, Schedule

if TYPE_CHECKING:
    from app.jurisdictions.rules.procedure import Step
    from app.jurisdictions.rules.profile import DeadlineRule
    from app.jurisdictions.rules.profile import LastDay as LastDaySaid

DAYS_END = "24:00"
HELD_BACK_STAGES = ("first_feedback", "result")


def clock_rule(said: DeadlineRule, urgency: str = "normal", last_day: LastDaySaid | None = None) -> ClockRule:
    """One deadline rule of the profile, for a matter of that urgency; a clock that waits for an event and names no days is
    due on its day.

    ``last_day`` is the profile's: it holds back results and first feedback. Refuses with ``DeadlineError`` what
    ``ClockRule`` refuses.
    """
    kind = RuleKind(said.rule)
    amount = getattr(said.amounts, urgency, None)
    if amount is None:
        amount = 0 if kind is RuleKind.ON_EVENT and said.amount is None else said.amount
    return ClockRule(
        kind,
        amount,
        start_event=said.start_event,
        roll=Roll(said.roll),
        deemed_receipt_after=said.deemed_receipt_after,
        count_start_day=said.count_start_day,
        after_hours_cutoff=_cutoff(said.after_hours_cutoff),
        due_time=None if said.due_time == DAYS_END else time.fromisoformat(said.due_time),
        day_of_year=DayInYear(said.day_of_year.month, said.day_of_year.day) if said.day_of_year else None,
        schedule=_schedule(said),
        last_day=_last_day(said, last_day),
        yellow_days=said.yellow_days,
        article=said.article,
        key=said.key,
        stage=said.stage,
    )


def _cutoff(said: str | None) -> time | None:
    if said is None:
        return None
    return time.max if said == DAYS_END else time.fromisoformat(said)


def _schedule(said: DeadlineRule) -> Schedule | None:
    told = said.schedule
    if told is None:
        return None
    return Schedule(Every(told.every), told.day, told.month_in_period, Roll(said.roll), told.first_not_within)


def _last_day(said: DeadlineRule, last_day: LastDaySaid | None) -> LastDay | None:
    if last_day is None or said.stage not in HELD_BACK_STAGES:
        return None
    return LastDay(DayInYear(last_day.day_of_year.month, last_day.day_of_year.day), last_day.article)


def step_clock(step: Step) -> ClockRule | None:
    """The office's own limit for a step, running from the day the step is entered; None for a step without one."""
    if step.limit is None:
        return None
    return ClockRule(
        RuleKind(step.limit.rule),
        step.limit.amount,
        start_event="entered",
        article=step.article,
        key=step.key,
        stage="step",
    )
