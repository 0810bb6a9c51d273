"""Document numbers as the offices write them: 华政督〔2026〕1号 (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from app.documents.rules.refusals import FileRefused

ZONE = ZoneInfo("Asia/Shanghai")


def format_number(pattern: str, year: int, number: int) -> str:
    """The number in words: full year, no leading zero. Refuses (``number_pattern``) a pattern without ``{no}``.

    The pattern is filled in, never evaluated.
    """
    if "{no}" not in pattern:
        raise FileRefused("number_pattern", pattern=pattern)
    return pattern.replace("{year}", str(year)).replace("{no}", str(number))


def local_year(at: dt.datetime) -> int:
    """The year an instant falls in where the office stands: the year of its number."""
    return at.astimezone(ZONE).year


def written_date(on: dt.date) -> str:
    """A date as a document's signature carries it: 2026年3月5日 (GB/T 9704-2012, 7.3.5)."""
    return f"{on.year}年{on.month}月{on.day}日"


def local_written_date(at: dt.datetime) -> str:
    """The local date of an instant, as written."""
    return written_date(at.astimezone(ZONE).date())
