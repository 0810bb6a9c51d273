"""The deadline rules: calendars, arithmetic, lights and explanations as values and pure functions."""

from __future__ import annotations

from app.deadlines.rules.arithmetic import (
    ZONE,
    Due,
    Receipt,
    Standstill,
    add_months,
    compute,
    compute_from_events,
    due_date,
    local_day,
    merged_pauses,
    settle_receipt,
)
from app.deadlines.rules.baseline import statutory_days
from app.deadlines.rules.calendar import (
    CalendarRow,
    CalendarYear,
    DayKind,
    RestReason,
    RestSpan,
    WorkingCalendar,
    YearStatus,
    build_calendar,
)
from app.deadlines.rules.clock import USUAL_YELLOW_DAYS, ClockRule, Roll, RuleKind, check_amount, choose_rule
from app.deadlines.rules.errors import MOST_AMOUNT, DeadlineError
from app.deadlines.rules.explanation import describe, facts
from app.deadlines.rules.from_profile import clock_rule, step_clock
from app.deadlines.rules.lights import Light, LightReading, light, yellow_from
from app.deadlines.rules.periodic import Every, Schedule, occurrences

__all__ = [
    "MOST_AMOUNT",
    "USUAL_YELLOW_DAYS",
    "ZONE",
    "CalendarRow",
    "CalendarYear",
    "ClockRule",
    "DayKind",
    "DeadlineError",
    "Due",
    "Every",
    "Light",
    "LightReading",
    "Receipt",
    "RestReason",
    "RestSpan",
    "Roll",
    "RuleKind",
    "Schedule",
    "Standstill",
    "WorkingCalendar",
    "YearStatus",
    "add_months",
    "build_calendar",
    "check_amount",
    "choose_rule",
    "clock_rule",
    "compute",
    "compute_from_events",
    "describe",
    "due_date",
    "facts",
    "light",
    "local_day",
    "merged_pauses",
    "occurrences",
    "settle_receipt",
    "statutory_days",
    "step_clock",
    "yellow_from",
]
