"""The national calendar that ships with the product: public facts from the State Council's yearly notices.

The years come from the ``chinesecalendar`` package, which refuses a year it does not know; ``national_calendar.csv``
adds the notice and the festival's full name for the recent ones. What the product uses at run time is its own table,
seeded from here; only the command line computes straight from these days.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from app.deadlines.rules import CalendarRow, CalendarYear, DayKind, WorkingCalendar, YearStatus, build_calendar

NOTICES = Path(__file__).with_name("national_calendar.csv")
MADE_UP_SUFFIX = "调休"
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
# Years whose notice was followed by a second one that moved days already announced.
AMENDED = {2019: "国务院办公厅通知 2019-03-22", 2020: "国务院办公厅通知 2020-01-26"}


@cache
def notice_rows() -> tuple[CalendarRow, ...]:
    """The days of the committed file, with the notice each comes from."""
    with NOTICES.open(encoding="utf-8", newline="") as file:
        return tuple(
            CalendarRow(date.fromisoformat(row["date"]), DayKind(row["kind"]), row["name"], row["notice"])
            for row in csv.DictReader(file)
        )


@cache
def national_rows() -> tuple[CalendarRow, ...]:
    """Every day off and every working weekend day the installed package knows, in order, notices where known."""
    from chinese_calendar import constants

    names = {holiday.value: FULL_NAMES.get(holiday.chinese, holiday.chinese) for holiday in constants.Holiday}
    rows = {day: CalendarRow(day, DayKind.OFF, names[word]) for day, word in constants.holidays.items()}
    rows |= {
        day: CalendarRow(day, DayKind.WORK, names[word] + MADE_UP_SUFFIX) for day, word in constants.workdays.items()
    }
    rows |= {row.on: row for row in notice_rows()}
    return tuple(rows[day] for day in sorted(rows))


@cache
def national_years() -> tuple[CalendarYear, ...]:
    """Every year the package knows, announced or amended, with the notice where it is known."""
    notices = {row.on.year: row.notice for row in notice_rows() if row.on.month > 1 and row.on.month < 12}
    days_off = [row.on.year for row in national_rows() if row.kind is DayKind.OFF]
    return tuple(
        CalendarYear(
            year,
            YearStatus.AMENDED if year in AMENDED else YearStatus.ANNOUNCED,
            AMENDED.get(year) or notices.get(year, ""),
        )
        for year in range(min(days_off), max(days_off) + 1)
    )


@cache
def built_in_calendar() -> WorkingCalendar:
    """The national calendar as shipped: every known year and the two after it, without any local day."""
    return build_calendar(national_years(), national_rows())
