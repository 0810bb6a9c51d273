"""Lights: the states, their thresholds, and that the day of the yellow light says the same as the light itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.data import built_in_calendar
from app.deadlines.rules import ClockRule, Light, RuleKind, compute, light, yellow_from

CALENDAR = built_in_calendar()
D = date.fromisoformat
DUE = D("2026-03-11")  # a Wednesday, seven working days after 2026-03-02


@pytest.mark.parametrize(
    ("today", "state", "remaining", "overdue"),
    [
        ("2026-03-02", Light.OK, 7, 0),
        ("2026-03-06", Light.OK, 3, 0),
        ("2026-03-07", Light.OK, 3, 0),
        ("2026-03-09", Light.WARN, 2, 0),
        ("2026-03-11", Light.WARN, 0, 0),
        ("2026-03-12", Light.BAD, 0, 1),
        ("2026-03-15", Light.BAD, 0, 2),
    ],
)
def test_the_light_of_seven_working_days(today: str, state: Light, remaining: int, overdue: int) -> None:
    reading = light(DUE, D(today), CALENDAR, 2, start_on=D("2026-03-02"))
    assert (reading.light, reading.remaining, reading.overdue) == (state, remaining, overdue)
    assert reading.late is (state is Light.BAD)


def test_the_due_day_itself_is_in_time_and_the_rest_day_after_it_is_late() -> None:
    friday, saturday = D("2026-03-06"), D("2026-03-07")
    assert light(friday, friday, CALENDAR, 2).light is Light.WARN
    reading = light(friday, saturday, CALENDAR, 2)
    assert (reading.light, reading.overdue, reading.late) == (Light.BAD, 0, True)


def test_days_left_skip_a_long_rest() -> None:
    assert light(D("2026-10-08"), D("2026-09-30"), CALENDAR, 2).remaining == 1


def test_paused_is_grey_and_finished_says_whether_it_was_late() -> None:
    assert light(DUE, D("2026-03-05"), CALENDAR, 2, paused=True).light is Light.HOLD
    on_time = light(DUE, D("2026-04-01"), CALENDAR, 2, closed_on=DUE)
    assert (on_time.light, on_time.late) == (Light.DONE, False)
    late = light(DUE, D("2026-04-01"), CALENDAR, 2, closed_on=D("2026-03-16"))
    assert (late.light, late.late, late.overdue) == (Light.DONE, True, 3)


def test_a_clock_without_a_date_yet_is_on_track() -> None:
    today = D("2026-03-05")
    assert light(None, today, CALENDAR, 2).light is Light.OK
    assert light(None, today, CALENDAR, 2, paused=True).light is Light.HOLD
    assert light(None, today, CALENDAR, 2, closed_on=today).light is Light.DONE


def test_the_threshold_is_never_more_than_half_the_period() -> None:
    start = D("2026-03-02")
    short = compute(ClockRule(RuleKind.WORKING_DAYS, 2, yellow_days=5), start, CALENDAR)
    assert short.yellow_days == 1
    assert light(short.due_on, start, CALENDAR, 5, start_on=start).light is Light.OK
    assert light(short.due_on, D("2026-03-03"), CALENDAR, 5, start_on=start).light is Light.WARN


@pytest.mark.parametrize(
    ("rule", "amount", "days"),
    [("working_days", 7, 2), ("calendar_days", 7, 2), ("months", 1, 5), ("fixed", None, 3), ("on_event", 3, 2)],
)
def test_usual_thresholds(rule: str, amount: int | None, days: int) -> None:
    assert ClockRule(RuleKind(rule), amount).days_of_warning == days
    assert ClockRule(RuleKind(rule), amount, yellow_days=1).days_of_warning == 1


def test_a_date_beyond_the_calendar_is_simply_far_away() -> None:
    assert light(D("2030-12-31"), D("2026-03-02"), CALENDAR, 3, start_on=D("2026-03-02")).light is Light.OK
    assert compute(ClockRule(RuleKind.FIXED), D("2030-12-31"), CALENDAR).yellow_on <= CALENDAR.last_day


DAYS = st.dates(D("2023-01-01"), D("2028-06-30"))


@given(due_on=DAYS, offset=st.integers(-40, 40), yellow_days=st.integers(0, 12), length=st.none() | st.integers(0, 40))
def test_the_yellow_day_says_the_same_as_the_light(
    due_on: date, offset: int, yellow_days: int, length: int | None
) -> None:
    today = due_on + timedelta(days=offset)
    start_on = None if length is None else due_on - timedelta(days=length)
    yellow_on = yellow_from(due_on, CALENDAR, yellow_days, start_on)
    expected = Light.BAD if today > due_on else Light.WARN if today >= yellow_on else Light.OK
    assert light(due_on, today, CALENDAR, yellow_days, start_on=start_on).light is expected
