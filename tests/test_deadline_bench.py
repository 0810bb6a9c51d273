"""What is measured is the same work: the loop and the product agree on every case before either is timed."""

from __future__ import annotations

import pytest

from app.deadlines.data import built_in_calendar, national_rows, national_years
from app.deadlines.rules import CalendarRow, DayKind, build_calendar
from app.platform.bench import deadline


def test_both_sides_find_the_same_dates_and_ours_is_far_ahead() -> None:
    figures = deadline.measure(built_in_calendar(), rounds=1)
    assert figures.cases == deadline.CASES
    assert figures.ratio > 20  # on a machine as busy as one likes; the claim itself is the measurement's


def test_a_side_that_is_wrong_is_not_measured() -> None:
    off = [CalendarRow(day, DayKind.OFF) for day in (deadline.FIRST.replace(day=n) for n in range(5, 20))]
    with pytest.raises(RuntimeError, match="the loop"):
        deadline.measure(build_calendar(national_years(), national_rows(), off), rounds=1)
