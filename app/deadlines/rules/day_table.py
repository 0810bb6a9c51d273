"""A table of days, one row each: date, off or work, festival, region, notice. Every row is read, every fault is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from app.deadlines.rules.calendar import CalendarRow, DayKind
from app.deadlines.rules.notice_faults import NoticeFault, NoticeRefused

COLUMNS = ("date", "kind", "name", "region", "source_doc")
MOST_ROWS = 2_000
LONGEST_NAME, LONGEST_NOTICE_NUMBER = 40, 80
_REGION = re.compile(r"[1-9]\d(?:\d\d)?", re.ASCII)
_WHOLE_COUNTRY = {"", "CN", "cn", "national", "全国", "国家"}

Line = tuple[int, Mapping[str, str]]


def read_days(lines: Iterable[Line]) -> dict[int, tuple[CalendarRow, ...]]:
    """The days of a table by the year whose notice they belong to; a line is its number and its cells by column.

    Days at the end of December belong to the next year's notice when they are all that is said of their year. Refuses
    with ``NoticeRefused``, every fault at once.
    """
    return _by_year(row for _region, row in _read(lines, _WHOLE_COUNTRY.__contains__, "line_region"))


def read_region_days(lines: Iterable[Line]) -> dict[tuple[str, int], tuple[CalendarRow, ...]]:
    """The days of a table of provinces and cities, by the region's code and the year. Refuses as ``read_days`` does."""
    found: dict[tuple[str, int], list[CalendarRow]] = {}
    for region, row in sorted(_read(lines, is_region, "line_no_region"), key=lambda one: (one[0], one[1].on)):
        found.setdefault((region, row.on.year), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def is_region(code: str) -> bool:
    """Whether this is the code of a province (two digits) or of a city (four)."""
    return _REGION.fullmatch(code) is not None


def _read(lines: Iterable[Line], fits: Callable[[str], bool], misplaced: str) -> list[tuple[str, CalendarRow]]:
    faults: list[NoticeFault] = []
    rows: dict[tuple[str, date], CalendarRow] = {}
    for number, cells in lines:
        region = cells.get("region", "").strip()
        row = _row(number, cells, fits, misplaced, faults)
        if row is None:
            continue
        key = (region if is_region(region) else "", row.on)
        if key in rows:
            faults.append(NoticeFault("line_twice", (("line", number), ("on", row.on.isoformat()))))
        rows[key] = row
    if not rows and not faults:
        faults.append(NoticeFault("no_rows"))
    if faults:
        raise NoticeRefused(faults)
    return [(region, row) for (region, _on), row in rows.items()]


def _row(
    number: int, cells: Mapping[str, str], fits: Callable[[str], bool], misplaced: str, faults: list[NoticeFault]
) -> CalendarRow | None:
    def fault(code: str, quote: str = "") -> None:
        faults.append(NoticeFault(code, (("line", number), ("quote", quote[:40]))))

    before = len(faults)
    said_day, kind, name, notice = (cells.get(key, "").strip() for key in ("date", "kind", "name", "source_doc"))
    region = cells.get("region", "").strip()
    try:
        on = date.fromisoformat(said_day)
    except ValueError:
        fault("line_date", said_day)
        return None
    if kind not in ("off", "work"):
        fault("line_kind", kind)
    if not name or len(name) > LONGEST_NAME:
        fault("line_name")
    if len(notice) > LONGEST_NOTICE_NUMBER:
        fault("line_notice")
    if not fits(region):
        fault(misplaced, region)
    if len(faults) > before:
        return None
    return CalendarRow(on, DayKind(kind), name, notice)


def _by_year(rows: Iterable[CalendarRow]) -> dict[int, tuple[CalendarRow, ...]]:
    by_year: dict[int, list[CalendarRow]] = {}
    for row in sorted(rows, key=lambda one: one.on):
        by_year.setdefault(row.on.year, []).append(row)
    for year in sorted(by_year):
        if year + 1 in by_year and all(row.on.month == 12 for row in by_year[year]):
            by_year[year + 1] = by_year.pop(year) + by_year[year + 1]
    return {year: tuple(found) for year, found in by_year.items()}
