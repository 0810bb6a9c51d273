"""The deadline rules: calendars, arithmetic, lights and explanations as values and pure functions."""

from __future__ import annotations

from app.deadlines.rules.again import again, changed_days
from app.deadlines.rules.arithmetic import (
    add_months,
    compute,
    compute_contribution,
    compute_from_events,
    compute_occurrence,
    due_date,
    local_day,
    merged_pauses,
    settle_receipt,
)
from app.deadlines.rules.baseline import statutory_days
from app.deadlines.rules.between import changed_spans, snapshot
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
from app.deadlines.rules.choosing import (
    ClockChoice,
    as_clock,
    choose_rule,
    fits,
    from_instruction,
    narrowness,
    rule_of_stage,
)
from app.deadlines.rules.clock import (
    USUAL_YELLOW_DAYS,
    WITHOUT_AMOUNT,
    ClockRule,
    LastDay,
    RuleKind,
    Stated,
    check_amount,
)
from app.deadlines.rules.due import ZONE, Ahead, Due, HeldBack, Receipt, Standstill, until
from app.deadlines.rules.errors import MOST_AMOUNT, DeadlineError
from app.deadlines.rules.explanation import describe, facts
from app.deadlines.rules.from_profile import clock_rule, step_clock
from app.deadlines.rules.lights import Light, LightReading, light, yellow_from
from app.deadlines.rules.periodic import next_occurrence, occurrences
from app.deadlines.rules.schedule import DayInYear, Every, Roll, Schedule
from app.deadlines.rules.simulation import LATE_STEPS, SimulatedClock, Tried, simulate, simulate_matter

__all__ = [
    "LATE_STEPS",
    "MOST_AMOUNT",
    "USUAL_YELLOW_DAYS",
    "WITHOUT_AMOUNT",
    "ZONE",
    "Ahead",
    "CalendarRow",
    "CalendarYear",
    "ClockChoice",
    "ClockRule",
    "DayInYear",
    "DayKind",
    "DeadlineError",
    "Due",
    "Every",
    "HeldBack",
    "LastDay",
    "Light",
    "LightReading",
    "Receipt",
    "RestReason",
    "RestSpan",
    "Roll",
    "RuleKind",
    "Schedule",
    "SimulatedClock",
    "Standstill",
    "Stated",
    "Tried",
    "WorkingCalendar",
    "YearStatus",
    "add_months",
    "again",
    "as_clock",
    "build_calendar",
    "changed_days",
    "changed_spans",
    "check_amount",
    "choose_rule",
    "clock_rule",
    "compute",
    "compute_contribution",
    "compute_from_events",
    "compute_occurrence",
    "describe",
    "due_date",
    "facts",
    "fits",
    "from_instruction",
    "light",
    "local_day",
    "merged_pauses",
    "narrowness",
    "next_occurrence",
    "occurrences",
    "rule_of_stage",
    "settle_receipt",
    "simulate",
    "simulate_matter",
    "snapshot",
    "statutory_days",
    "step_clock",
    "until",
    "yellow_from",
]
