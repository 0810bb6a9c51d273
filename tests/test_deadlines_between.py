"""Between two states of a calendar: only the days that say something else, and everything a notice still to come may change."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.deadlines.data import built_in_calendar, national_rows, national_years
from app.deadlines.rules import (
    CalendarRow,
    ClockRule,
    DayKind,
    Roll,
    RuleKind,
    build_calendar,
    changed_spans,
    compute,
    facts,
    snapshot,
)

D = date.fromisoformat
CALENDAR = built_in_calendar()
SINCE = D("2024-01-01")
RULES = (
    ClockRule(RuleKind.WORKING_DAYS, 7),
    ClockRule(RuleKind.CALENDAR_DAYS, 7),
    ClockRule(RuleKind.MONTHS, 1, roll=Roll.NEXT),
    ClockRule(RuleKind.MONTHS, 1, "acknowledged", roll=Roll.NEXT),
)


def test_the_same_calendar_differs_only_in_what_is_not_kept() -> None:
    assert changed_spans(snapshot(CALENDAR, SINCE), CALENDAR) == [(date.min, D("2023-12-31"))]


def test_neighbouring_days_are_one_span_and_a_renamed_day_is_a_change_too() -> None:
    other = build_calendar(
        national_years(),
        national_rows(),
        [CalendarRow(D(f"2026-03-{day}"), DayKind.OFF, "纪念日") for day in ("10", "11", "13")],
    )
    assert changed_spans(snapshot(CALENDAR, SINCE), other)[1:] == [
        (D("2026-03-10"), D("2026-03-11")),
        (D("2026-03-13"), D("2026-03-13")),
    ]
    renamed = build_calendar(
        national_years(), national_rows(), [CalendarRow(D("2026-10-01"), DayKind.OFF, "国庆节（本区）")]
    )
    assert (D("2026-10-01"), D("2026-10-01")) in changed_spans(snapshot(CALENDAR, SINCE), renamed)


def test_an_announced_year_changes_everything_from_the_last_week_before_it() -> None:
    earlier = build_calendar([one for one in national_years() if one.year < 2026], national_rows())
    assert (D("2025-12-25"), date.max) in changed_spans(snapshot(earlier, SINCE), CALENDAR)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(RULES),
    st.dates(D("2025-01-02"), D("2026-06-30")),
    st.lists(st.dates(D("2025-01-02"), D("2026-09-30")), min_size=1, max_size=4, unique=True),
)
def test_a_date_that_reads_no_changed_day_is_the_same_under_both(
    rule: ClockRule, start: date, days: list[date]
) -> None:
    other = build_calendar(
        national_years(), national_rows(), [CalendarRow(day, DayKind.OFF, "临时放假") for day in days]
    )
    before, after = compute(rule, start, CALENDAR), compute(rule, start, other)
    first, last = before.decided_by
    if not any(begin <= last and end >= first for begin, end in changed_spans(snapshot(CALENDAR, SINCE), other)):
        assert (before.due_on, before.yellow_on) == (after.due_on, after.yellow_on)
        assert {**facts(before), "calendar_version": ""} == {**facts(after), "calendar_version": ""}
