"""Laws that hold for every date, and ten thousand cases against a loop that walks day by day."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.data import built_in_calendar
from app.deadlines.rules import (
    ClockRule,
    Roll,
    RuleKind,
    Standstill,
    add_months,
    compute,
    due_date,
    facts,
    merged_pauses,
)

CALENDAR = built_in_calendar()
ONE = timedelta(days=1)
DAYS = st.dates(date(2004, 1, 5), date(2027, 6, 30))
AMOUNTS = st.integers(0, 260)
RULES = st.builds(
    ClockRule,
    st.sampled_from([RuleKind.CALENDAR_DAYS, RuleKind.WORKING_DAYS]),
    AMOUNTS,
    roll=st.sampled_from(Roll),
    count_start_day=st.booleans(),
)


@given(DAYS, st.integers(1, 250))
def test_the_nth_working_day_works_and_lies_n_working_days_on(start: date, n: int) -> None:
    end = CALENDAR.nth_working_day_after(start, n)
    assert CALENDAR.is_working(end)
    assert end > start
    assert CALENDAR.working_days_between(start, end) == n
    assert CALENDAR.working_days_between(start, end - ONE) == n - 1
    assert CALENDAR.working_days_between(end, start) == -n


@given(DAYS)
def test_rolling_twice_is_rolling_once(day: date) -> None:
    after, before = CALENDAR.next_working_day(day), CALENDAR.previous_working_day(day)
    assert before <= day <= after
    assert CALENDAR.is_working(after)
    assert CALENDAR.is_working(before)
    assert CALENDAR.next_working_day(after) == after
    assert CALENDAR.previous_working_day(before) == before
    assert CALENDAR.is_working(day) == (before == day == after)


@given(DAYS, DAYS, DAYS)
def test_counting_adds_up(a: date, b: date, c: date) -> None:
    between = CALENDAR.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, a) == 0


@given(DAYS, st.integers(0, 60))
def test_every_day_of_a_span_is_working_or_skipped_with_a_reason(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    skipped = sum(span.days for span in CALENDAR.skipped(start, end))
    assert skipped + CALENDAR.working_days_between(start, end) == length


@given(RULES, DAYS, st.integers(0, 40))
def test_a_later_start_is_never_due_earlier(rule: ClockRule, start: date, later: int) -> None:
    assert due_date(rule, start + timedelta(days=later), CALENDAR) >= due_date(rule, start, CALENDAR)


@given(RULES, DAYS, st.integers(0, 30))
def test_a_longer_period_is_never_due_earlier(rule: ClockRule, start: date, more: int) -> None:
    longer = ClockRule(rule.rule, (rule.amount or 0) + more, roll=rule.roll, count_start_day=rule.count_start_day)
    assert due_date(longer, start, CALENDAR) >= due_date(rule, start, CALENDAR)


@given(RULES, DAYS)
def test_the_quick_date_is_the_explained_date(rule: ClockRule, start: date) -> None:
    found = compute(rule, start, CALENDAR)
    assert found.due_on == due_date(rule, start, CALENDAR)
    assert facts(found)["due_on"] == found.due_on.isoformat()
    if rule.roll is not Roll.NONE:
        assert CALENDAR.is_working(found.due_on)


@given(st.dates(date(2004, 1, 1), date(2200, 12, 31)), st.integers(0, 600))
def test_a_month_never_ends_later_than_its_corresponding_day(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert end.day == start.day or end.day == monthrange(end.year, end.month)[1]


PAUSES = st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 30)), max_size=5)


@given(DAYS, st.integers(1, 40), PAUSES)
def test_a_clock_runs_its_days_outside_every_standstill(
    start: date, amount: int, pauses: list[tuple[int, int]]
) -> None:
    near = [Standstill(start + ONE * after, start + ONE * (after + length)) for after, length in pauses]
    stopped = {p.stopped_on + timedelta(days=n) for p in near for n in range(p.days)}
    for kind in (RuleKind.CALENDAR_DAYS, RuleKind.WORKING_DAYS):
        found = compute(ClockRule(kind, amount), start, CALENDAR, pauses=near)
        counted, day = 0, start
        while counted < amount:
            day += ONE
            counted += day not in stopped and (kind is RuleKind.CALENDAR_DAYS or CALENDAR.is_working(day))
        assert found.due_on == day
        assert merged_pauses(found.pauses, start) == found.pauses


@cache
def works(day: date) -> bool:
    """The oracle: another package's calendar, asked one day at a time."""
    return bool(chinese_calendar.is_workday(day))


def walk(kind: str, amount: int, start: date, roll: str) -> date:
    """What a careful clerk does with a wall calendar."""
    day = start
    if kind == "working_days":
        left = amount
        while left:
            day += ONE
            left -= works(day)
    elif kind == "calendar_days":
        for _day in range(amount):
            day += ONE
    elif kind == "months":
        month = start.month - 1 + amount
        year, month = start.year + month // 12, month % 12 + 1
        wanted = start.day
        while True:
            try:
                day = date(year, month, wanted)
                break
            except ValueError:
                wanted -= 1
    while roll != "none" and not works(day):
        day += ONE if roll == "next_working_day" else -ONE
    return day


def test_ten_thousand_cases_against_walking_day_by_day() -> None:
    dice = random.Random(20261123)
    first, span = date(2004, 1, 10), (date(2026, 3, 31) - date(2004, 1, 10)).days
    largest = {"calendar_days": 200, "working_days": 130, "months": 6, "fixed": 0}
    for _case in range(10_000):
        kind = dice.choice(list(largest))
        amount = dice.randint(0, largest[kind])
        start = first + timedelta(days=dice.randint(0, span))
        roll = dice.choice(list(Roll))
        rule = ClockRule(RuleKind(kind), None if kind == "fixed" else amount, roll=roll)
        case = (kind, amount, start, roll.value)
        assert due_date(rule, start, CALENDAR) == walk(*case), case
