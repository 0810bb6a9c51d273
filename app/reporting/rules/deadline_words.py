"""Deadlines as offices write them in ledgers: 12月底前, 9月投入使用, 2008年内, 6月底前开工、12月底前完工.

The words are kept beside the date. A month without a day is its last day; 上旬, 中旬, 下旬 are the 10th, the 20th and the
last day; a year is its last day; of two stages the later one is the deadline.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_FULL = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_PACKED = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_MONTH = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月(?:份)?(?:\s*(\d{1,2})\s*日|\s*(上旬|中旬|下旬|底|末|初))?")
_QUARTER = re.compile(r"(?:(\d{4})\s*年\s*)?第?([一二三四1-4])\s*季度")
_YEAR = re.compile(r"(?:(\d{4})\s*年?\s*)?(?:年内|年度|年底|年末|全年|年前)|(\d{4})\s*年(?!\s*\d)")
_PART = {"上旬": 10, "初": 10, "中旬": 20}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True)
class LedgerDate:
    """A deadline read from a cell. ``due_on`` is None when the words give no date; ``stages`` are all dates found."""

    words: str
    due_on: dt.date | None
    stages: tuple[dt.date, ...] = ()
    needs_year: bool = False


def read_deadline(words: str, year: int | None) -> LedgerDate:
    """Read one cell. ``year`` serves where the words name none; without it the date stays open and is reported."""
    text = words.strip()
    if not text:
        return LedgerDate("", None)
    found: list[dt.date] = []
    needs_year = False
    for match in _FULL.finditer(text):
        found += _day(int(match[1]), int(match[2]), int(match[3]))
    for match in _PACKED.finditer(text):
        found += _day(int(match[1]), int(match[2]), int(match[3]))
    rest = _PACKED.sub("", _FULL.sub("", text))
    last_year = year
    for match in _MONTH.finditer(rest):
        named = int(match[1]) if match[1] else last_year
        if named is None:
            needs_year = True
            continue
        last_year = named
        found += _month(named, int(match[2]), match[3], match[4])
    for match in _QUARTER.finditer(rest):
        named = int(match[1]) if match[1] else year
        if named is None:
            needs_year = True
        else:
            found += _month(named, _QUARTERS[match[2]] * 3, None, None)
    if not found and not needs_year:
        whole = _YEAR.search(rest)
        if whole:
            named = int(whole[1] or whole[2]) if (whole[1] or whole[2]) else year
            if named is None:
                needs_year = True
            else:
                found.append(dt.date(named, 12, 31))
    return LedgerDate(text, max(found) if found else None, tuple(sorted(set(found))), needs_year and not found)


def _day(year: int, month: int, day: int) -> list[dt.date]:
    try:
        return [dt.date(year, month, day)]
    except ValueError:
        return []


def _month(year: int, month: int, day: str | None, part: str | None) -> list[dt.date]:
    if not 1 <= month <= 12:
        return []
    if day:
        return _day(year, month, int(day))
    return [dt.date(year, month, _PART.get(part or "", calendar.monthrange(year, month)[1]))]
