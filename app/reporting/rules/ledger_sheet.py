"""Reading a ledger as offices print it: a title row, headings of every kind, merged cells, the first unit in the lead.

Nothing here knows a jurisdiction: names of units stay names. Rows that cannot be taken come back as faults with row,
column and reason; the row numbers are those a person sees in the file, from 1.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.reporting.rules.deadline_words import LedgerDate, read_deadline

MAX_ROWS = 20_000
MAX_TITLE = 300
MAX_BYTES = 20 * 1024 * 1024

# What a column is, by the headings seen in published ledgers. The order decides where a heading fits two.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("序号", "编号", "第几项", "项次"),
    "title": (
        "督办事项", "督查事项", "项目名称", "重点任务", "工作任务", "任务名称", "实事内容", "会议确定事项", "事项名称", "事项",
        "任务", "项目", "工作内容", "目标任务", "title",
    ),
    "content": ("项目内容及任务分解", "具体内容", "办理要求", "工作要求", "完成情况", "进展情况", "备注", "content"),
    "lead": ("牵头组织实施单位", "牵头单位", "主办单位", "主要责任单位", "牵头部门", "承办单位", "lead_unit"),
    "responsible": ("责任单位", "责任部门"),
    "co": ("配合单位", "协办单位", "相关单位", "参与单位", "会办单位", "配合部门", "co_units"),
    "leader": ("责任领导", "主管领导", "分管领导", "区政府分管领导"),
    "deadline": ("完成时限", "办结时限", "进度安排", "时限要求", "完成时间", "时限", "deadline_text"),
    "deadline_iso": ("deadline_iso",),
    "category": ("事项来源", "任务来源", "来源", "category"),
    "address": ("source",),
}  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_NONE = ("", "/", "—", "-", "无")


@dataclass(frozen=True)
class RowFault:
    """Why a row was not taken (``fatal``), or what to look at in one that was. ``code`` is put into words later."""

    row: int
    column: str
    code: str
    value: str = ""
    fatal: bool = True


@dataclass(frozen=True)
class LedgerRow:
    """One matter as the ledger has it."""

    row: int
    title: str
    content: str
    lead: str
    co: tuple[str, ...]
    deadline: LedgerDate
    category: str
    address: str
    key: str


@dataclass(frozen=True)
class Sheet:
    """A ledger that was read."""

    title: str
    rows: tuple[LedgerRow, ...]
    faults: tuple[RowFault, ...]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, or the national encoding office programs still write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def read_sheet(data: bytes, *, year: int | None = None) -> Sheet:
    """Read a CSV ledger. A file that is no ledger gives one fatal fault at row 0 and no rows."""
    if len(data) > MAX_BYTES:
        return Sheet("", (), (RowFault(0, "", "file_too_large"),))
    try:
        text = decode(data)
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error):
        return Sheet("", (), (RowFault(0, "", "file_unreadable"),))
    if len(lines) > MAX_ROWS:
        return Sheet("", (), (RowFault(0, "", "too_many_rows"),))
    head = _find_head(lines)
    if head is None:
        return Sheet("", (), (RowFault(0, "", "no_headings"),))
    columns, doubled = _columns(lines[head])
    title = " ".join(cell.strip().lstrip("#").strip() for line in lines[:head] for cell in line if cell.strip())
    if doubled:
        return Sheet(title, (), tuple(RowFault(head + 1, name, "heading_doubled") for name in doubled))
    if "title" not in columns:
        return Sheet(title, (), (RowFault(head + 1, "", "no_title_column"),))
    return _read_rows(lines, head, columns, title, year)


def _find_head(lines: Sequence[Sequence[str]]) -> int | None:
    """The first row two of whose cells are known headings; the rows above it are the ledger's title."""
    for index, line in enumerate(lines[:30]):
        known = [cell for cell in line if _heading(cell)]
        if len(known) >= 2 and any(_heading(cell) in ("title", "lead", "responsible") for cell in line):
            return index
    return None


def _heading(cell: str) -> str | None:
    name = re.sub(r"[\s*＊（(].*$", "", cell.strip().lstrip("\ufeff"))
    for column, names in HEADINGS.items():
        if name in names:
            return column
    return None


def _columns(line: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    doubled = []
    for index, cell in enumerate(line):
        column = _heading(cell)
        if column is None:
            continue
        if column in columns and column != "content":
            doubled.append(cell.strip())
        columns.setdefault(column, index)
    return columns, doubled


def _read_rows(
    lines: Sequence[Sequence[str]], head: int, columns: Mapping[str, int], title: str, year: int | None
) -> Sheet:
    rows: list[LedgerRow] = []
    faults: list[RowFault] = []
    above = ""
    seen: dict[str, int] = {}
    heading = {column: lines[head][index].strip() for column, index in columns.items()}
    for number, line in enumerate(lines[head + 1 :], head + 2):
        cells = {column: line[index].strip() if index < len(line) else "" for column, index in columns.items()}
        if not any(cells.values()) or line[0].startswith("#"):
            continue
        fault = _refuse(cells, number, heading)
        if fault:
            faults.append(fault)
            continue
        unit_column = "lead" if "lead" in columns else "responsible"
        stated = cells.get(unit_column, "")
        if stated in _NONE and above and unit_column in columns:
            # a cell merged over several rows is empty in all but the first
            faults.append(RowFault(number, heading[unit_column], "merged_cell", above, fatal=False))
            stated = above
        above = stated or above
        lead, co = _units(stated, cells.get("co", ""), cells.get("responsible", "") if unit_column == "lead" else "")
        deadline = _deadline(cells, title, year)
        if deadline.needs_year:
            faults.append(RowFault(number, heading["deadline"], "deadline_needs_year", deadline.words, fatal=False))
        elif deadline.words and deadline.due_on is None:
            faults.append(RowFault(number, heading["deadline"], "deadline_unclear", deadline.words, fatal=False))
        key = _key(cells["title"], lead, deadline)
        if key in seen:
            faults.append(RowFault(number, heading["title"], "row_doubled", str(seen[key])))
            continue
        seen[key] = number
        rows.append(
            LedgerRow(
                row=number,
                title=cells["title"],
                content=cells.get("content", ""),
                lead=lead,
                co=co,
                deadline=deadline,
                category=cells.get("category", "") or title,
                address=cells.get("address", ""),
                key=key,
            )
        )
    return Sheet(title, tuple(rows), tuple(faults))


def _refuse(cells: Mapping[str, str], number: int, heading: Mapping[str, str]) -> RowFault | None:
    if not cells["title"]:
        return RowFault(number, heading["title"], "title_missing")
    if len(cells["title"]) > MAX_TITLE:
        return RowFault(number, heading["title"], "title_too_long", str(len(cells["title"])))
    for column, cell in cells.items():
        if _CONTROL.search(cell):
            return RowFault(number, heading[column], "control_characters")
    iso = cells.get("deadline_iso", "")
    if iso and read_deadline(iso, None).due_on is None:
        return RowFault(number, heading["deadline_iso"], "date_unreadable", iso)
    return None


def _units(stated: str, co: str, responsible: str) -> tuple[str, tuple[str, ...]]:
    """The lead unit and the others. Where one column names several, the first leads (杭州 2020, 湖州 2020, 鄂州 2008)."""
    names = split_units(stated)
    others = [*names[1:], *split_units(responsible), *split_units(co)]
    lead = names[0] if names else ""
    return lead, tuple(dict.fromkeys(name for name in others if name != lead))


def split_units(cell: str) -> list[str]:
    """The unit names in a cell. Where ； separates them, 、 belongs to a name (各乡、镇人民政府)."""
    separator = r"[；;\n]" if re.search(r"[；;\n]", cell) else r"[、，,\s]+"
    return [name.strip() for name in re.split(separator, cell) if name.strip() not in _NONE]


def _deadline(cells: Mapping[str, str], title: str, year: int | None) -> LedgerDate:
    words, iso = cells.get("deadline", ""), cells.get("deadline_iso", "")
    if iso:
        exact = read_deadline(iso, None)
        return LedgerDate(words or iso, exact.due_on, exact.stages)
    named = _YEAR.search(title) or next((m for m in map(_YEAR.search, cells.values()) if m), None)
    return read_deadline(words, int(named[1]) if named else year)


def _key(title: str, lead: str, deadline: LedgerDate) -> str:
    """What a row is recognised by when the same ledger is read again, under whatever headings."""
    due: dt.date | None = deadline.due_on
    text = "\x1f".join((re.sub(r"\s+", "", title), lead, due.isoformat() if due else ""))
    return hashlib.sha256(text.encode()).hexdigest()
