"""Periods in which points are counted: calendar months, quarters, half-years and years."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_WRITTEN = {"month": "%d-%02d", "quarter": "%d-Q%d", "half_year": "%d-H%d"}
_READ = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half_year>[12])))?")
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One period, both its days included. ``kind`` is month, quarter, half_year or year."""

    kind: str
    first: dt.date
    last: dt.date

    @property
    def key(self) -> str:
        """How it is written in an address: 2026, 2026-H1, 2026-Q1, 2026-03."""
        if self.kind == "year":
            return str(self.first.year)
        return _WRITTEN[self.kind] % (self.first.year, (self.first.month - 1) // _MONTHS[self.kind] + 1)

    @property
    def written(self) -> str:
        """How a paper writes it: 2026年第1季度."""
        parts = {
            "month": f"{self.number}月",
            "quarter": f"第{self.number}季度",
            "half_year": "上半年" if self.number == 1 else "下半年",
        }
        return f"{self.first.year}年{parts.get(self.kind, '')}"

    @property
    def number(self) -> int:
        """Which of its year it is, from 1."""
        return (self.first.month - 1) // _MONTHS[self.kind] + 1

    def holds(self, day: dt.date) -> bool:
        """Whether a local day lies in it."""
        return self.first <= day <= self.last

    def before(self) -> Period:
        """The one before."""
        return period_of(self.kind, self.first - _ONE_DAY)

    def after(self) -> Period:
        """The next one."""
        return period_of(self.kind, self.last + _ONE_DAY)


def period_of(kind: str, day: dt.date) -> Period:
    """The period of this kind in which a local day lies."""
    length = _MONTHS[kind]
    begins = (day.month - 1) // length * length + 1
    first = dt.date(day.year, begins, 1)
    months = day.year * 12 + begins - 1 + length
    return Period(kind, first, dt.date(months // 12, months % 12 + 1, 1) - _ONE_DAY)


def read_period(text: str) -> Period | None:
    """The period an address names, of whatever kind; None for no period at all."""
    found = _READ.fullmatch(text)
    if found is None or not 2000 <= int(found["year"]) <= 2999:
        return None
    kind = next((name for name in ("month", "quarter", "half_year") if found[name]), "year")
    number = int(found[kind]) if kind != "year" else 1
    if not 1 <= number <= 12 // _MONTHS[kind]:
        return None
    return period_of(kind, dt.date(int(found["year"]), (number - 1) * _MONTHS[kind] + 1, 1))
