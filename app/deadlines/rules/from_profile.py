"""The clocks a jurisdiction's profile speaks of, as the values the arithmetic understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.deadlines.rules.clock import ClockRule, Roll, RuleKind

if TYPE_CHECKING:
    from app.jurisdictions.rules.procedure import Step
    from app.jurisdictions.rules.profile import DeadlineRule


def clock_rule(said: DeadlineRule) -> ClockRule:
    """One deadline rule of the profile; a clock that waits for an event and names no days is due on its day.

    Refuses with ``DeadlineError`` what ``ClockRule`` refuses.
    """
    kind = RuleKind(said.rule)
    return ClockRule(
        kind,
        0 if kind is RuleKind.ON_EVENT and said.amount is None else said.amount,
        start_event=said.start_event,
        roll=Roll(said.roll),
        deemed_receipt_after=said.deemed_receipt_after,
        count_start_day=said.count_start_day,
        yellow_days=said.yellow_days,
        article=said.article,
        key=said.key,
        stage=said.stage,
        sources=frozenset(said.sources),
        urgencies=frozenset(said.urgencies),
        origin_levels=frozenset(said.origin_levels),
    )


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
