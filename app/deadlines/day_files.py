"""Tables of days in and out: CSV and .xlsx with five columns, read without trusting them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import load_workbook

from app.deadlines.models import RegionalCalendarDay
from app.deadlines.rules import CalendarRow
from app.deadlines.rules.day_table import COLUMNS, MOST_ROWS, Line, read_days, read_region_days
from app.deadlines.rules.notice_faults import NoticeFault, NoticeRefused
from app.documents.rules import sniff

MOST_BYTES = 1024 * 1024
_MOST_UNPACKED = 16 * 1024 * 1024
_MOST_COLUMNS = 12
_FORMULA = ("=", "+", "@")


def read_file(data: bytes, name: str) -> dict[int, tuple[CalendarRow, ...]]:
    """The days of a file by year. Refuses with ``NoticeRefused``: what cannot be read, other columns, a formula, more
    than 2,000 rows, and every row that does not fit."""
    return read_days(_lines(data, name))


def read_region_file(data: bytes, name: str) -> dict[tuple[str, int], tuple[CalendarRow, ...]]:
    """The days of a file of provinces and cities, by region and year. Refuses as ``read_file`` does."""
    return read_region_days(_lines(data, name))


def _lines(data: bytes, name: str) -> list[Line]:
    if len(data) > MOST_BYTES:
        raise NoticeRefused([NoticeFault("file_too_large")])
    lines = _sheet(data) if name.lower().endswith(".xlsx") else _text(data)
    headings = [heading.strip() for heading in lines[0]] if lines else []
    while headings and not headings[-1]:
        headings.pop()
    if tuple(headings) != COLUMNS:
        raise NoticeRefused([NoticeFault("columns_differ", (("columns", ",".join(COLUMNS)),))])
    formulas = [
        NoticeFault("formula", (("line", number),))
        for number, line in enumerate(lines[1:], 2)
        if any(cell.startswith(_FORMULA) for cell in line)
    ]
    if formulas:
        raise NoticeRefused(formulas)
    return [
        (number, dict(zip(COLUMNS, [*line, *[""] * len(COLUMNS)], strict=False)))
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]


def written_regions(days: Iterable[RegionalCalendarDay]) -> bytes:
    """Regions' days as CSV with the five columns, for ``read_region_file`` to read again."""
    ordered = sorted(days, key=lambda one: (one.region_code, one.on))
    return _written((one.on, one.kind, one.name, one.region_code, one.notice or "") for one in ordered)


def written(rows: Iterable[CalendarRow]) -> bytes:
    """Days as CSV with the five columns, for a spreadsheet to open and for ``read_file`` to read again."""
    return _written((row.on, row.kind.value, row.name, "", row.notice) for row in rows)


def _written(lines: Iterable[tuple[dt.date, str, str, str, str]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for on, *cells in lines:
        writer.writerow((on.isoformat(), *cells))
    return target.getvalue().encode("utf-8-sig")


def _text(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return _counted(csv.reader(io.StringIO(text)))
        except csv.Error:
            break
    raise NoticeRefused([NoticeFault("file_unreadable")])


def _sheet(data: bytes) -> list[list[str]]:
    stream = io.BytesIO(data)
    try:
        sniff("a.xlsx", stream)
        with zipfile.ZipFile(stream) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise NoticeRefused([NoticeFault("file_too_large")])
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            sheet = book[book.sheetnames[0]]
            sheet.reset_dimensions()
            return _counted([_cell(cell.value) for cell in line] for line in sheet.iter_rows(max_col=_MOST_COLUMNS))
        finally:
            book.close()
    except NoticeRefused:
        raise
    except Exception as error:  # whatever a forged container makes the library raise, it cannot be read
        raise NoticeRefused([NoticeFault("file_unreadable")]) from error


def _counted(lines: Iterable[list[str]]) -> list[list[str]]:
    found = []
    for number, line in enumerate(lines):
        if number > MOST_ROWS:
            raise NoticeRefused([NoticeFault("too_many_rows", (("most", MOST_ROWS),))])
        found.append(line)
    return found


def _cell(value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value).strip()
