"""The days of the ladder: what Python says of a clock is what the sweep's SQL says, and both are what one counts by hand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.deadlines.rules import CalendarRow, CalendarYear, DayKind, WorkingCalendar, YearStatus, build_calendar
from app.jurisdictions.rules.profile import ReminderStep
from app.urging.rules import (
    NOTHING_MORE,
    Dates,
    House,
    days_around,
    first_day,
    next_day,
    next_instant,
    occasion,
    weekdays_only,
)
from app.urging.services.speaking import _DAYS, _STEPPED, counting

D = dt.date
DAY = dt.timedelta(days=1)
TODAY = D(2026, 3, 11)  # a Wednesday


def step(relative_to: Any, offset: int = 0, **more: Any) -> ReminderStep:
    return ReminderStep(key=more.pop("key", "one"), relative_to=relative_to, offset=offset, **more)


def walked(one: ReminderStep, dates: Dates, calendar: WorkingCalendar, working_days_only: bool) -> dt.date:
    """The first day of a step, found as a person finds it: with a finger on the calendar, day by day."""
    day = {"dispatched": dates.start_on, "light": dates.light_on}.get(one.relative_to, dates.due_on)
    by, left = (DAY if one.offset > 0 else -DAY), abs(one.offset)
    while left:
        day += by
        left -= 1 if one.unit == "calendar_day" or calendar.is_working(day) else 0
    while working_days_only and not calendar.is_working(day):
        day += -DAY if one.relative_to == "due" else DAY
    return day


# -- what the law and the design say, with their names ----------------------------------------------------------------

# 2026: 1–3 January and 15–23 February are off, 4 January, 14 and 28 February are working days
HOLIDAYS = [D(2026, 1, day) for day in (1, 2, 3)] + [D(2026, 2, day) for day in range(15, 24)]
MADE_UP = [D(2026, 1, 4), D(2026, 2, 14), D(2026, 2, 28)]
NOTICE = build_calendar(
    [CalendarYear(year, YearStatus.ANNOUNCED) for year in (2025, 2026)],
    [
        *(CalendarRow(on, DayKind.OFF, "放假") for on in HOLIDAYS),
        *(CalendarRow(on, DayKind.WORK, "上班") for on in MADE_UP),
    ],
)

CASES = [
    ("the day itself, a working day", step("due"), D(2026, 3, 11), D(2026, 3, 11)),
    ("due on a Sunday: told on Friday", step("due"), D(2026, 3, 15), D(2026, 3, 13)),
    ("due in the festival: told on the made-up Saturday before", step("due"), D(2026, 2, 18), D(2026, 2, 14)),
    ("a working day before a Monday is Friday", step("due", -1), D(2026, 3, 16), D(2026, 3, 13)),
    ("a working day before the first day after the festival", step("due", -1), D(2026, 2, 24), D(2026, 2, 14)),
    ("three before, over a weekend", step("due", -3), D(2026, 3, 17), D(2026, 3, 12)),
    ("a day late after a Friday is Monday", step("overdue", 1), D(2026, 3, 13), D(2026, 3, 16)),
    ("a day late before the festival waits for its end", step("overdue", 1), D(2026, 2, 14), D(2026, 2, 24)),
    ("the made-up Saturday is a day late", step("overdue", 1), D(2026, 2, 27), D(2026, 2, 28)),
    ("five late over the festival", step("overdue", 5), D(2026, 2, 13), D(2026, 2, 27)),
    ("calendar days fall forward", step("overdue", 1, unit="calendar_day"), D(2026, 3, 13), D(2026, 3, 16)),
    ("calendar days before fall back", step("due", -1, unit="calendar_day"), D(2026, 3, 16), D(2026, 3, 13)),
]


@pytest.mark.parametrize(("one", "due_on", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_where_a_step_falls(one: ReminderStep, due_on: dt.date, expected: dt.date) -> None:
    dates = Dates(D(2026, 1, 5), due_on, due_on)
    assert first_day(one, dates, days_around(NOTICE, TODAY), True) == expected


@pytest.mark.parametrize(("offset", "expected"), [(1, D(2026, 3, 7)), (3, D(2026, 3, 9)), (5, D(2026, 3, 11))])
def test_media_matters_are_asked_about_on_calendar_days_after_the_dispatch(offset: int, expected: dt.date) -> None:
    one, dates = step("dispatched", offset, unit="calendar_day"), Dates(D(2026, 3, 6), D(2026, 3, 13), D(2026, 3, 13))
    days = days_around(NOTICE, TODAY)
    assert first_day(one, dates, days, False) == expected
    assert first_day(one, dates, days, True) == (D(2026, 3, 9) if offset == 1 else expected), "the 7th is a Saturday"


def test_then_weekly_goes_on_over_a_festival_and_says_each_week_once() -> None:
    one, days = step("overdue", 5, every=5), days_around(NOTICE, TODAY)
    dates = Dates(D(2026, 1, 5), D(2026, 1, 30), D(2026, 1, 30))
    told, day = [], D(2026, 1, 31)
    since = next_day([one], dates, days, D(2026, 1, 30))
    while day < D(2026, 3, 5):
        found = occasion([one], dates, days, day, since=since) if day >= since else None
        if found is not None:
            told.append((found.on, found.time))
            since = next_day([one], dates, days, day)
        day += DAY
    # 6 and 13 February; over the festival of nine days 14, 24, 25, 26, 27 February; then 28 February and 2–5 March
    assert told == [(D(2026, 2, 6), 0), (D(2026, 2, 13), 1), (D(2026, 2, 27), 2)]
    assert since == D(2026, 3, 5)


def test_of_several_steps_that_came_the_last_speaks_and_the_later_of_two_on_one_day() -> None:
    days, dates = days_around(NOTICE, TODAY), Dates(D(2026, 3, 2), D(2026, 3, 9), D(2026, 3, 10))
    ladder = [step("light", key="light"), step("due", -1, key="before"), step("overdue", 1, key="late")]
    assert [occasion(ladder, dates, days, on) for on in (D(2026, 3, 6),)] == [None]
    said = {on: occasion(ladder, dates, days, D(2026, 3, on)) for on in (9, 10, 11, 20)}
    assert {on: one.step.key for on, one in said.items() if one} == {9: "before", 10: "before", 11: "late", 20: "late"}
    assert occasion(ladder, dates, days, D(2026, 3, 20), since=D(2026, 3, 12)) is None, "said on the 11th"
    assert next_day(ladder, dates, days, D(2026, 3, 11)) == NOTHING_MORE
    house = House(8, True, (tuple(ladder),))
    assert next_instant(house, 0, dates, days, D(2026, 3, 10)) == dt.datetime(2026, 3, 11, 0, tzinfo=dt.UTC)


def test_a_unit_that_has_signed_is_not_asked_whether_it_has() -> None:
    days, ladder = days_around(NOTICE, TODAY), [step("dispatched", 1, only_unacknowledged=True)]
    waiting = Dates(D(2026, 3, 9), D(2026, 3, 20), D(2026, 3, 20))
    assert occasion(ladder, waiting, days, TODAY) is not None
    signed = Dates(D(2026, 3, 9), D(2026, 3, 20), D(2026, 3, 20), acknowledged=True)
    assert occasion(ladder, signed, days, TODAY) is None
    assert next_day(ladder, signed, days, D(2026, 3, 9)) == NOTHING_MORE


def test_beyond_the_calendar_nothing_is_known_and_it_is_looked_at_again_when_it_is() -> None:
    days = days_around(weekdays_only(D(2026, 1, 1)), TODAY)
    far = Dates(D(2026, 3, 2), D(2031, 1, 1), D(2031, 1, 8))
    assert occasion([step("due", -3)], far, days, TODAY) is None
    assert next_day([step("due", -3)], far, days, TODAY) == days.last + DAY == days.unknown


# -- properties -------------------------------------------------------------------------------------------------------

near = st.dates(D(2025, 10, 1), D(2026, 10, 1))
steps = st.builds(
    lambda relative_to, offset, unit, every, unsigned: ReminderStep(  # type: ignore[arg-type]
        key="x",
        relative_to=relative_to,
        offset={"due": -offset, "overdue": offset + 1}.get(relative_to, offset),
        unit=unit,
        every=every if relative_to in ("dispatched", "overdue") else None,
        only_unacknowledged=unsigned,
    ),
    st.sampled_from(("dispatched", "light", "due", "overdue")),
    st.integers(0, 12),
    st.sampled_from(("working_day", "calendar_day")),
    st.one_of(st.none(), st.integers(1, 9)),
    st.booleans(),
)
ladders = st.lists(steps, min_size=1, max_size=7).map(
    lambda many: tuple(one.model_copy(update={"key": f"s{number}"}) for number, one in enumerate(many))
)
clocks = st.builds(
    lambda start, lead, length, signed: Dates(start, start + DAY * max(length - lead, 0), start + DAY * length, signed),
    near,
    st.integers(0, 10),
    st.integers(0, 90),
    st.booleans(),
)
local_days = st.dictionaries(st.dates(D(2025, 9, 1), D(2027, 3, 1)), st.sampled_from(DayKind), max_size=60)


def calendar_of(rows: dict[dt.date, DayKind]) -> WorkingCalendar:
    years = [CalendarYear(year, YearStatus.ANNOUNCED) for year in (2025, 2026)]
    return build_calendar(years, [CalendarRow(on, kind, "地方") for on, kind in rows.items()])


@settings(deadline=None, max_examples=150)
@given(steps, clocks, local_days, st.booleans())
def test_every_step_falls_where_a_finger_on_the_calendar_comes_to(
    one: ReminderStep, dates: Dates, rows: dict[dt.date, DayKind], working_days_only: bool
) -> None:
    calendar = calendar_of(rows)
    assert first_day(one, dates, days_around(calendar, TODAY), working_days_only) == walked(
        one, dates, calendar, working_days_only
    )


@settings(deadline=None, max_examples=100)
@given(ladders, clocks, local_days, st.booleans(), near)
def test_day_by_day_each_occasion_is_said_once_and_on_its_day(
    ladder: tuple[ReminderStep, ...], dates: Dates, rows: dict[dt.date, DayKind], only: bool, begin: dt.date
) -> None:
    """Looking only on the days next_day names says the same as looking every day, and nothing twice."""
    days = days_around(calendar_of(rows), TODAY)
    lazily, daily, since = [], set(), None
    for number in range(120):
        day = begin + DAY * number
        if since is None or since <= day:
            found = occasion(ladder, dates, days, day, since=since, working_days_only=only)
            lazily += [(found.step.key, found.on, found.time)] if found else []
            since = next_day(ladder, dates, days, day, working_days_only=only)
            assert since > day
        every = occasion(ladder, dates, days, day, working_days_only=only)
        daily |= {(every.step.key, every.on, every.time)} if every else set()
    assert len(lazily) == len(set(lazily))
    assert set(lazily) == daily


_SAID = text(
    f"""
with {_DAYS}, due as materialized (
    select * from jsonb_to_recordset(cast(:clocks as jsonb)) as given (
        id int, ladder int, start_on date, yellow_on date, last_on date, unsigned boolean, next_reminder_on date)
), {_STEPPED}
select d.id, d.last[2] as place, c.first_day + d.last[1] as said_on, d.last[3] as time, d.next_on as day
  from stepped d cross join calendar c order by d.id
"""
)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ladders, min_size=1, max_size=3),
    st.lists(clocks, min_size=1, max_size=12),
    local_days,
    st.booleans(),
    st.dates(D(2025, 11, 1), D(2026, 12, 31)),
)
def test_the_sweep_says_of_every_clock_what_the_rules_say(
    session: Any, many: list[Any], told: list[Dates], rows: dict[dt.date, DayKind], only: bool, today: dt.date
) -> None:
    house, days = House(9, only, tuple(many)), days_around(calendar_of(rows), today)
    given_ = [
        {
            "id": number,
            "ladder": number % len(many),
            "start_on": dates.start_on.isoformat(),
            "yellow_on": dates.light_on.isoformat(),
            "last_on": dates.due_on.isoformat(),
            "unsigned": not dates.acknowledged,
        }
        for number, dates in enumerate(told)
    ]
    found = session.connection().execute(_SAID, counting(house, days, today) | {"clocks": json.dumps(given_)}).all()
    for number, dates in enumerate(told):
        ladder = house.ladders[number % len(many)]
        said = occasion(ladder, dates, days, today, working_days_only=only)
        expected = (ladder.index(said.step), said.on, said.time) if said else (None, None, None)
        row = found[number]
        assert (row.place, row.said_on, row.time) == expected, (ladder, dates)
        assert row.day == next_day(ladder, dates, days, today, working_days_only=only)
