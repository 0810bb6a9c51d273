"""The days rules name besides counting: a day that comes every year, a report that comes round, and what a rest day does."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Roll(StrEnum):
    """What happens when the period ends on a rest day."""

    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


class Every(StrEnum):
    """How often a report comes round."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class DayInYear(NamedTuple):
    """A day that comes every year; a day beyond the month's end is its last."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """The day in one year."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def after(self, day: date) -> date:
        """The next such day after ``day``."""
        this_year = self.of(day.year)
        return this_year if this_year > day else self.of(day.year + 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurring due day.

    ``day`` is the day of the month, or the ISO weekday (1 Monday) of a weekly report; ``month_in_period`` the month of
    the quarter, half-year or year. Anything beyond the end means the last one. The day named is included.
    ``first_not_within`` working days of dispatch no report is asked for yet.
    """

    every: Every
    day: int
    month_in_period: int = 1
    roll: Roll = Roll.NONE
    first_not_within: int = 0
