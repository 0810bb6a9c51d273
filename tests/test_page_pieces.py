"""The pieces of pages as values: pagers, due cells."""

from __future__ import annotations

from datetime import date

import pytest

from app.deadlines.rules import Light, LightReading
from app.kernel.pages import DueCell, Pager


def labels(pager: Pager) -> str:
    return " ".join(f"[{label}]" if current else label for label, _href, current in pager.entries)


@pytest.mark.parametrize(
    ("total", "page", "expected"),
    [
        (0, 1, "[1]"),
        (20, 1, "[1]"),
        (21, 1, "[1] 2"),
        (251, 7, "1 … 5 6 [7] 8 9 … 13"),
        (251, 1, "[1] 2 3 … 13"),
        (251, 13, "1 … 11 12 [13]"),
        (251, 99, "1 … 11 12 [13]"),
        (80, 3, "1 2 [3] 4"),
    ],
)
def test_a_pager_shows_the_ends_and_the_neighbours(total: int, page: int, expected: str) -> None:
    assert labels(Pager.of(total, page, 20, lambda number: f"?page={number}")) == expected


def test_a_pager_has_no_way_beyond_its_ends() -> None:
    first = Pager.of(60, 1, 20, lambda number: f"?page={number}")
    last = Pager.of(60, 3, 20, lambda number: f"?page={number}")
    assert (first.previous, first.next) == ("", "?page=2")
    assert (last.previous, last.next) == ("?page=2", "")


def test_a_due_cell_knows_its_day() -> None:
    on = date(2026, 11, 23)
    cell = DueCell.read(on, LightReading(Light.WARN, 0), on)
    assert (cell.light, cell.is_today, cell.remaining) == ("warn", True, 0)
    assert not DueCell.read(on, LightReading(Light.BAD, 0, 1, True), date(2026, 11, 24)).is_today
