"""A date computed again from its stored record: the same under its own calendar, and moved only by days it looked at."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.deadlines.data import built_in_calendar, national_rows, national_years
from app.deadlines.rules import (
    ZONE,
    CalendarRow,
    ClockRule,
    DayInYear,
    DayKind,
    Due,
    Every,
    LastDay,
    Roll,
    RuleKind,
    Schedule,
    Standstill,
    WorkingCalendar,
    again,
    build_calendar,
    compute,
    compute_contribution,
    compute_from_events,
    facts,
)

D = date.fromisoformat
CALENDAR = built_in_calendar()
ONE = timedelta(days=1)
DAYS = st.dates(D("2005-01-05"), D("2026-06-30"))
TIMES = st.times().map(lambda one: one.replace(microsecond=0))
INSTANTS = st.builds(lambda day, hour: datetime.combine(day, hour, ZONE), DAYS, TIMES)
LAST_DAYS = st.none() | st.builds(
    LastDay, st.builds(DayInYear, st.integers(1, 12), st.integers(1, 31)), st.just("第十条")
)
COMMON: dict[str, Any] = {
    "roll": st.sampled_from(Roll),
    "count_start_day": st.booleans(),
    "after_hours_cutoff": st.none() | TIMES,
    "due_time": st.none() | TIMES,
    "last_day": LAST_DAYS,
    "yellow_days": st.none() | st.integers(0, 9),
    "article": st.just("第八条"),
}
COUNTING = st.builds(
    ClockRule,
    st.sampled_from(
        [RuleKind.CALENDAR_DAYS, RuleKind.WORKING_DAYS, RuleKind.MONTHS, RuleKind.HOURS, RuleKind.ON_EVENT]
    ),
    st.integers(0, 20),
    **COMMON,
)
YEARLY = st.builds(
    ClockRule,
    st.just(RuleKind.DAY_OF_YEAR),
    day_of_year=st.builds(DayInYear, st.integers(1, 12), st.integers(1, 31)),
    **COMMON,
)
ROUND = st.builds(
    Schedule, st.sampled_from(Every), st.integers(1, 31), st.integers(1, 3), st.sampled_from(Roll), st.integers(0, 9)
).map(lambda schedule: ClockRule(RuleKind.PERIODIC, roll=schedule.roll, schedule=schedule))
PAUSES = st.lists(
    st.builds(lambda day, days: Standstill(day, day + timedelta(days=days)), DAYS, st.integers(0, 40)), max_size=3
)


def stored(due: Due) -> dict[str, Any]:
    """As the database gives it back."""
    kept: dict[str, Any] = json.loads(json.dumps(facts(due)))
    return kept


def with_day(on: date) -> WorkingCalendar:
    """The calendar with one day turned over: a working day that rests, a rest day that works."""
    kind = DayKind.OFF if CALENDAR.is_working(on) else DayKind.WORK
    return build_calendar(national_years(), national_rows(), [CalendarRow(on, kind, "改", "", "jurisdiction")])


@given(COUNTING | YEARLY | ROUND, DAYS | INSTANTS, PAUSES)
def test_under_its_own_calendar_a_record_gives_itself(rule: ClockRule, start: date | datetime, pauses: Any) -> None:
    record = stored(compute(rule, start, CALENDAR, pauses=pauses))
    assert stored(again(record, CALENDAR)) == record


@given(DAYS, LAST_DAYS, st.sampled_from(Roll), st.integers(0, 90))
def test_a_fixed_date_gives_itself(day: date, last_day: Any, roll: Roll, before: int) -> None:
    rule = ClockRule(RuleKind.FIXED, roll=roll, last_day=last_day)
    record = stored(compute(rule, day, CALENDAR, begun_on=day - timedelta(days=before)))
    assert stored(again(record, CALENDAR)) == record


@given(COUNTING, DAYS, st.none() | INSTANTS, st.integers(0, 5), PAUSES)
def test_a_start_with_the_receipt_gives_itself(
    rule: ClockRule, sent: date, signed: datetime | None, after: int, pauses: Any
) -> None:
    waits = ClockRule(rule.rule, rule.amount, "acknowledged", rule.roll, after, after_hours_cutoff=time(17, 30))
    due = compute_from_events(waits, {"dispatched": sent, "acknowledged": signed}, CALENDAR, pauses=pauses)
    assert due is not None
    record = stored(due)
    assert stored(again(record, CALENDAR)) == record


@given(DAYS, st.integers(0, 9), st.integers(0, 40))
def test_an_opinion_gives_itself_and_follows_another_date_of_the_lead(lead: date, days: int, left: int) -> None:
    rule = ClockRule(RuleKind.FIXED, yellow_days=2, stage="contribution")
    due = compute_contribution(rule, lead, days, lead - timedelta(days=left), CALENDAR)
    record = stored(due)
    assert stored(again(record, CALENDAR)) == record
    later = lead + timedelta(days=30)
    moved = compute_contribution(rule, later, days, lead - timedelta(days=left), CALENDAR)
    assert again(record, CALENDAR, lead_due_on=later).due_on == moved.due_on


@settings(deadline=None, max_examples=60)  # each example builds a calendar
@given(COUNTING | YEARLY, st.dates(D("2025-01-05"), D("2026-03-30")), st.dates(D("2025-01-01"), D("2026-12-20")))
def test_a_day_nobody_looked_at_moves_nothing(rule: ClockRule, start: date, changed: date) -> None:
    due = compute(rule, start, CALENDAR)
    moved = again(stored(due), with_day(changed))
    if due.consulted is None or not due.consulted[0] <= changed <= due.consulted[1]:
        assert (moved.start_on, moved.raw_on, moved.due_on) == (due.start_on, due.raw_on, due.due_on)


def test_a_working_day_called_off_moves_what_counted_it() -> None:
    record = stored(compute(ClockRule(RuleKind.WORKING_DAYS, 7), D("2026-03-02"), CALENDAR))
    assert again(record, with_day(D("2026-03-04"))).due_on == D("2026-03-12")
    assert again(record, with_day(D("2026-03-12"))).due_on == D("2026-03-11") == D(record["due_on"])


def test_receipt_deemed_later_gives_way_to_the_signature_at_its_own_hour() -> None:
    rule = ClockRule(RuleKind.HOURS, 24, "acknowledged", deemed_receipt_after=1)
    events = {"dispatched": D("2026-03-02"), "acknowledged": datetime(2026, 3, 4, 9, 30, tzinfo=ZONE)}
    due = compute_from_events(rule, events, CALENDAR)
    assert due is not None
    assert due.due_on == D("2026-03-04")  # deemed to have come on the 3rd
    assert again(stored(due), CALENDAR).due_at == due.due_at
    # the 3rd called off: it would be deemed to have come on the 4th, the day of the signature, which has its hour
    assert again(stored(due), with_day(D("2026-03-03"))).due_at == datetime(2026, 3, 5, 9, 30, tzinfo=ZONE)


def test_what_an_older_record_does_not_say_is_read_as_usual() -> None:
    newer = ("yellow_days", "due_time", "after_hours_cutoff", "after_hours", "day_of_year", "last_day")
    last = LastDay(DayInYear(6, 30), "第九条")
    for due in (
        compute(ClockRule(RuleKind.WORKING_DAYS, 7, roll=Roll.NEXT), D("2026-03-02"), CALENDAR),
        compute(ClockRule(RuleKind.MONTHS, 6, last_day=last), D("2026-03-02"), CALENDAR),
        compute(ClockRule(RuleKind.DAY_OF_YEAR, day_of_year=DayInYear(11, 30)), D("2026-03-02"), CALENDAR),
    ):
        old = {name: value for name, value in stored(due).items() if name not in newer}
        assert again(old, CALENDAR).due_on == due.due_on
