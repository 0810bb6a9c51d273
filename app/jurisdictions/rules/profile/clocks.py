"""What the clock does: deadlines, extensions, reminders, checks that come round."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.jurisdictions.rules.profile.base import (
    Article,
    Key,
    LongText,
    OriginLevel,
    Section,
    Stage,
    StartEvent,
    Urgency,
    Words,
)


class DeadlineRule(Section):
    """One clock: for which matters, which stage, how long, from when, and what the law of rolling says."""

    key: Key
    article: Article
    stage: Stage
    rule: Literal["calendar_days", "working_days", "months", "fixed", "on_event"]
    amount: Annotated[int, Field(ge=0, le=5000)] | None = None
    start_event: StartEvent
    sources: tuple[Key, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    origin_levels: tuple[OriginLevel, ...] = ()
    roll: Literal["none", "next_working_day", "previous_working_day"] = "none"
    count_start_day: bool = False
    deemed_receipt_after: Annotated[int, Field(ge=0, le=60)] | None = None
    required_at_intake: bool = False
    written: bool = False
    guard: bool = False
    exposed_only: bool = False
    yellow_days: Annotated[int, Field(ge=0, le=120)] = 3
    note: LongText | None = None


class Extension(Section):
    """What a unit may do when it will be late: nothing, explain, or ask for more time."""

    mode: Literal["none", "explanation_only", "approval"]
    max_times: Annotated[int, Field(ge=0, le=10)] = 0
    article: Article | None = None


class ReminderStep(Section):
    """One rung of the ladder, in working days from the due date (before is negative)."""

    occasion: Literal["due_soon", "due_today", "overdue"]
    to: tuple[Key, ...]


class Reminders(Section):
    """When and to whom the clock writes by itself."""

    hour: Annotated[int, Field(ge=0, le=23)] = 9
    ladder: tuple[ReminderStep, ...]
    min_urging_interval_days: Annotated[int, Field(ge=0, le=30)] = 1
    article: Article


class PeriodicCheck(Section):
    """A check that comes round."""

    key: Key
    name: Words
    every: Literal["month", "quarter", "half_year", "year"]
    origin_levels: tuple[OriginLevel, ...] = ()
    article: Article
