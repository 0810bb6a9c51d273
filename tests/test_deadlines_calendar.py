"""The calendar: agrees with two independent packages on every day, layers, years not announced, refusals."""

from __future__ import annotations

import datetime as dt
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from app.deadlines.data import built_in_calendar, national_rows, national_years, notice_rows
from app.deadlines.rules import (
    CalendarRow,
    CalendarYear,
    DayKind,
    DeadlineError,
    RestReason,
    YearStatus,
    build_calendar,
    statutory_days,
)
from app.deadlines.rules.baseline import MOVABLE

CALENDAR = built_in_calendar()
ANNOUNCED = [year.year for year in national_years()]
# `holidays` alone calls this Saturday a working day; the notice of 2005-12-15 and two other packages do not.
HOLIDAYS_IS_WRONG = {date(2005, 12, 31)}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_day_of_an_announced_year_agrees_with_both_packages(year: int) -> None:
    china = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    for day in days_of(year):
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day), day
        if day not in HOLIDAYS_IS_WRONG:
            assert CALENDAR.is_working(day) == china.is_working_day(day), day


@pytest.mark.parametrize(("year", "working"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, working: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == working


def test_the_committed_notices_say_what_the_package_says() -> None:
    package = chinese_calendar.constants
    for row in notice_rows():
        assert row.on in (package.holidays if row.kind is DayKind.OFF else package.workdays), row
        assert row.notice, row
    recent = {row for row in national_rows() if row.on >= date(2022, 12, 31)}
    assert set(notice_rows()) <= recent
    assert {row.on for row in recent - set(notice_rows())} == {date(2023, 12, 30), date(2023, 12, 31)}, "a weekend"


def test_working_rows_are_only_weekend_days() -> None:
    assert all(row.on.weekday() >= 5 for row in national_rows() if row.kind is DayKind.WORK)


def test_encouraged_leave_is_a_working_day_and_new_years_eve_is_off_since_2025() -> None:
    assert CALENDAR.is_working(date(2024, 2, 9))
    assert not CALENDAR.is_working(date(2025, 1, 28))


def test_years_changed_by_a_second_notice_are_amended() -> None:
    status = {year.year: year.status for year in national_years()}
    assert [year for year, word in status.items() if word is YearStatus.AMENDED] == [2019, 2020]
    assert CALENDAR.is_working(date(2019, 4, 28))
    assert not CALENDAR.is_working(date(2020, 1, 31))


def test_december_days_that_belong_to_the_next_years_notice() -> None:
    for day in (date(2007, 12, 31), date(2018, 12, 31)):
        assert not CALENDAR.is_working(day)
    for day in (date(2006, 12, 30), date(2006, 12, 31), date(2007, 12, 29), date(2011, 12, 31), date(2018, 12, 29)):
        assert CALENDAR.is_working(day)


def test_statutory_days_of_2027_before_its_notice() -> None:
    off = {day for day in statutory_days(2027) if (day.month, day.day) not in ((1, 1), (5, 1), (5, 2))}
    assert {f"{day:%m-%d}" for day in off if day.month < 10} == {
        *("02-05", "02-06", "02-07", "02-08"),
        *("04-05", "06-09", "09-15"),
    }
    assert {f"{day:%m-%d}" for day in off if day.month == 10} == {"10-01", "10-02", "10-03"}
    assert not any(row.kind is DayKind.WORK for day, row in CALENDAR.entries.items() if day.year > 2026)


@pytest.mark.parametrize("year", sorted(MOVABLE))
def test_the_table_of_moving_festivals_agrees_with_an_astronomical_one(year: int) -> None:
    moon = _ChineseLunisolar()
    found = (moon.lunar_new_year_date, moon.qingming_date, moon.dragon_boat_date, moon.mid_autumn_date)
    expected = []
    for asked in found:
        answer = asked(year)
        expected.append(f"{(answer[0] if isinstance(answer, tuple) else answer):%m-%d}")
    assert list(MOVABLE[year]) == expected


def test_coverage_ends_two_years_after_the_last_announced_one() -> None:
    assert (CALENDAR.first_day, CALENDAR.last_day) == (date(2004, 1, 1), date(ANNOUNCED[-1] + 2, 12, 31))
    assert CALENDAR.status(2026) is YearStatus.ANNOUNCED
    assert CALENDAR.status(2027) is YearStatus.UNANNOUNCED
    with pytest.raises(DeadlineError) as refusal:
        CALENDAR.is_working(date(2029, 1, 1))
    assert refusal.value.code == "year_not_covered"
    assert refusal.value.params == {"year": 2029, "announced": 2026}


@pytest.mark.parametrize("ask", ["is_working", "next_working_day", "previous_working_day"])
def test_before_2004_is_refused(ask: str) -> None:
    with pytest.raises(DeadlineError) as refusal:
        getattr(CALENDAR, ask)(date(2003, 12, 30))
    assert refusal.value.code == "start_too_early"
    assert "2004-01-01" in str(refusal.value)


def test_no_working_day_is_left_at_the_edges() -> None:
    with pytest.raises(DeadlineError, match="2029"):
        CALENDAR.next_working_day(date(2028, 12, 30))
    with pytest.raises(DeadlineError, match="2004"):
        CALENDAR.previous_working_day(date(2004, 1, 1))


def test_an_empty_calendar_is_refused() -> None:
    for years in ([], [CalendarYear(2026, YearStatus.UNANNOUNCED)]):
        with pytest.raises(DeadlineError) as refusal:
            build_calendar(years, national_rows())
        assert refusal.value.code == "calendar_empty"


def test_a_day_given_twice_with_two_meanings_is_refused() -> None:
    day = date(2026, 4, 20)
    with pytest.raises(DeadlineError) as refusal:
        build_calendar([CalendarYear(2026)], [CalendarRow(day, DayKind.OFF), CalendarRow(day, DayKind.WORK)])
    assert refusal.value.code == "day_given_twice"


def test_the_most_local_layer_wins_either_way() -> None:
    region = [
        CalendarRow(date(2026, 4, 20), DayKind.OFF, "三月三", "区人民政府通知", "region"),
        CalendarRow(date(2026, 2, 14), DayKind.OFF, "三月三", layer="region"),
    ]
    town = [
        CalendarRow(date(2026, 4, 20), DayKind.WORK, "防汛值守", layer="jurisdiction"),
        CalendarRow(date(2026, 5, 4), DayKind.WORK, "防汛值守", layer="jurisdiction"),
    ]
    calendar = build_calendar(national_years(), national_rows(), region, town)
    assert calendar.is_working(date(2026, 4, 20))
    assert calendar.is_working(date(2026, 5, 4))
    assert not calendar.is_working(date(2026, 2, 14)), "the region takes back the nation's working Saturday"
    assert not calendar.made_up(date(2026, 5, 3), date(2026, 5, 4)), "a Monday is nobody's make-up day"
    assert calendar.version != CALENDAR.version
    assert calendar != CALENDAR


def test_two_calendars_of_the_same_days_are_equal() -> None:
    again = build_calendar(national_years(), reversed(national_rows()))
    assert again == CALENDAR
    assert hash(again) == hash(CALENDAR)


def test_skipped_days_carry_their_reason_and_neighbours_stand_together() -> None:
    spans = CALENDAR.skipped(date(2026, 9, 24), date(2026, 10, 12))
    assert [(span.first, span.last, span.days, span.name) for span in spans] == [
        (date(2026, 9, 25), date(2026, 9, 27), 3, "中秋节"),
        (date(2026, 10, 1), date(2026, 10, 7), 7, "国庆节"),
        (date(2026, 10, 11), date(2026, 10, 11), 1, ""),
    ]
    assert [span.reason for span in spans] == [RestReason.HOLIDAY, RestReason.HOLIDAY, RestReason.WEEKEND]
    assert [row.on for row in CALENDAR.made_up(date(2026, 9, 24), date(2026, 10, 12))] == [date(2026, 10, 10)]


@pytest.mark.parametrize(
    ("first", "last", "provisional"),
    [
        (date(2026, 12, 1), date(2026, 12, 24), False),
        (date(2026, 12, 25), date(2026, 12, 25), True),
        (date(2026, 12, 1), date(2026, 12, 31), True),
        (date(2027, 3, 1), date(2027, 3, 1), True),
        (date(2025, 12, 31), date(2025, 12, 31), False),
    ],
)
def test_provisional_from_the_last_week_of_the_last_announced_year(first: date, last: date, provisional: bool) -> None:
    assert CALENDAR.is_provisional(first, last) is provisional


def test_a_gap_of_one_unannounced_year_makes_only_that_year_provisional() -> None:
    years = [CalendarYear(2024), CalendarYear(2025, YearStatus.UNANNOUNCED), CalendarYear(2026)]
    calendar = build_calendar(years, national_rows())
    assert not calendar.is_provisional(date(2024, 12, 1), date(2024, 12, 31))
    assert calendar.is_provisional(date(2024, 12, 31), date(2025, 1, 2))
    assert not calendar.is_provisional(date(2026, 2, 1), date(2026, 3, 1))
    assert calendar.first_day == dt.date(2024, 1, 1)
