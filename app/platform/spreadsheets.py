"""Spreadsheets in and out: the template of units and people, and reading what comes back without trusting it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.documents.rules import FileRefused, sniff
from app.platform.rules.house_list import COLUMNS as HOUSE_COLUMNS
from app.platform.rules.people_sheet import (
    COLUMNS,
    KINDS,
    MOST_ROWS,
    PEOPLE,
    UNITS,
    RawRow,
    RawSheet,
    SheetFault,
)

MOST_BYTES = 4 * 1024 * 1024
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_LINES = 20_000  # lines looked at, empty ones too
_MOST_COLUMNS = 30
_MOST_PACKED = 8 * 1024 * 1024
_EXAMPLE = "示例"


def people_template(roles: Sequence[str], kinds: Sequence[str]) -> bytes:
    """The template: two sheets with headings, a line that is an example, and lists to choose from."""
    book = Workbook()
    units, people = book.active, book.create_sheet(PEOPLE)
    units.title = UNITS
    words = {key: word for word, key in KINDS.items()}
    examples = {
        UNITS: (_EXAMPLE, "区住房和城乡建设局", "区住建局", "部门", "", "城建"),
        PEOPLE: (_EXAMPLE, "zhang.san", "ZJJ", "办公室主任", roles[0] if roles else "", "0711-3350001", ""),
    }
    for sheet in (units, people):
        columns = COLUMNS[sheet.title]
        for index, (_key, heading, needed, longest) in enumerate(columns, 1):
            cell = sheet.cell(1, index, heading + ("*" if needed else ""))
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
            sheet.column_dimensions[get_column_letter(index)].width = min(32, max(12, longest // 3))
        for index, value in enumerate(examples[sheet.title], 1):
            sheet.cell(2, index, value).font = Font(italic=True, color="888888")
        sheet.freeze_panes = "A2"
    _offer(units, "D", [words.get(key, key) for key in kinds])
    notes = book.create_sheet("说明")
    lines = (
        "一行一个单位、一行一个人。带 * 的必须填写；以“示例”开头的行不会导入。",
        "单位代码由本级自定，只用字母、数字、连字符；“上级单位代码”和“人员”里的“单位代码”按它对应。",
        "单位类型：" + "、".join(words.get(key, key) for key in kinds),
        "角色：" + "、".join(roles) + "。一人多个角色用顿号分开。",
        "用户名为三至四十位小写字母、数字、点或连字符，全平台不重复。不发送密码：本人用激活链接自设。",
        "有一行出错就什么都不导入；更正后可以再次上传，已有的不会重复。",
    )
    for number, line in enumerate(lines, 1):
        notes.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    notes.column_dimensions["A"].width = 100
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_file(data: bytes) -> io.BytesIO:
    """Bytes as a file to be sent."""
    return io.BytesIO(data)


def _offer(sheet: Any, column: str, words: Sequence[str]) -> None:
    listed = ",".join(words)
    if words and len(listed) < 250:
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        sheet.add_data_validation(choice)
        choice.add(f"{column}3:{column}{MOST_ROWS}")


def read_people(data: bytes) -> RawSheet:
    """Both sheets of a filled-in template, as they stand; a file that cannot be read is one fault, never an error."""
    book, fault = _open(data)
    if book is None:
        return RawSheet(faults=(SheetFault("", 0, "", fault),))
    faults: list[SheetFault] = []
    try:
        found = {name: _read(book, name, faults) for name in (UNITS, PEOPLE)}
    except Exception:  # a damaged part, found while it is read: what the library raises then is its own affair
        return RawSheet(faults=(SheetFault("", 0, "", "file_unreadable"),))
    finally:
        book.close()
    faults += [SheetFault(name, 0, "", "merged") for name in _merged(data)]
    return RawSheet(found[UNITS], found[PEOPLE], tuple(faults))


def read_list(data: bytes, name: str) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """The lines of a list of jurisdictions, .xlsx or .csv (UTF-8 or GB 18030), by column key; or why it cannot be read."""
    if name.lower().endswith(".csv"):
        text = _decoded(data)
        lines = enumerate(csv.reader(io.StringIO(text or "")), 1)
        if text is None or len(data) > MOST_BYTES:
            return [], "file_unreadable" if text is None else "file_too_large"
        return _listed([(number, [_text(cell) for cell in line]) for number, line in lines])
    book, fault = _open(data)
    if book is None:
        return [], fault
    try:
        sheet = book[book.sheetnames[0]]
        sheet.reset_dimensions()
        found = []
        for number, line in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
            if number > MOST_ROWS:
                return [], "too_many_rows"
            found.append((number, ["" if cell.data_type == "f" else _text(cell.value) for cell in line]))
        return _listed(found)
    except Exception:  # a damaged part, found while it is read
        return [], "file_unreadable"
    finally:
        book.close()


def _listed(lines: list[tuple[int, list[str]]]) -> tuple[list[tuple[int, dict[str, str]]], str]:
    if len(lines) > MOST_ROWS:
        return [], "too_many_rows"
    headings = [heading.rstrip("*").strip() for heading in lines[0][1]] if lines else []
    places = {key: headings.index(heading) for key, heading in HOUSE_COLUMNS if heading in headings}
    if "code" not in places:
        return [], "code_column_missing"
    rows = []
    for number, line in lines[1:]:
        cells = {key: line[index] if index < len(line) else "" for key, index in places.items()}
        if any(cells.values()):
            rows.append((number, cells))
    return rows, ""


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def pack(raw: RawSheet) -> str:
    """Rows that were read, small enough to travel in a form and come back."""
    rows = {name: [[row.row, row.cells] for row in part] for name, part in ((UNITS, raw.units), (PEOPLE, raw.people))}
    return base64.b64encode(zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 9)).decode()


def unpack(kept: str) -> RawSheet:
    """What ``pack`` made, trusted as little as a file."""
    try:
        inflating = zlib.decompressobj()
        data = inflating.decompress(base64.b64decode(kept, validate=True), _MOST_PACKED)
        if inflating.unconsumed_tail:
            raise ValueError("too large")
        rows = json.loads(data)
        units, people = (
            tuple(
                RawRow(int(number), {str(key): _text(value) for key, value in cells.items()})
                for number, cells in rows[name][:MOST_ROWS]
            )
            for name in (UNITS, PEOPLE)
        )
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return RawSheet(faults=(SheetFault("", 0, "", "file_unreadable"),))
    return RawSheet(units, people)


def _open(data: bytes) -> tuple[Any, str]:
    if len(data) > MOST_BYTES:
        return None, "file_too_large"
    stream = io.BytesIO(data)
    try:
        sniff("a.xlsx", stream)
        with zipfile.ZipFile(stream) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                return None, "file_too_large"
        stream.seek(0)
        return load_workbook(stream, read_only=True, data_only=False, keep_links=False), ""
    except FileRefused:
        return None, "file_unreadable"
    except Exception:  # whatever a forged container makes the library raise, it is a file that cannot be read
        return None, "file_unreadable"


def _read(book: Any, name: str, faults: list[SheetFault]) -> tuple[RawRow, ...]:
    if name not in book.sheetnames:
        faults.append(SheetFault(name, 0, "", "sheet_missing", name))
        return ()
    sheet = book[name]
    sheet.reset_dimensions()
    keys: dict[int, tuple[str, str]] = {}
    rows: list[RawRow] = []
    for number, line in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):
        if number > _MOST_LINES:
            faults.append(SheetFault(name, 0, "", "too_many_rows"))
            return ()
        if not keys:
            headings = {_text(cell.value).rstrip("*").strip(): index for index, cell in enumerate(line)}
            missing = [heading for _key, heading, needed, _n in COLUMNS[name] if needed and heading not in headings]
            if missing:
                faults += [SheetFault(name, number, "", "column_missing", heading) for heading in missing]
                return ()
            keys = {headings[heading]: (key, heading) for key, heading, _m, _n in COLUMNS[name] if heading in headings}
            continue
        cells: dict[str, str] = {}
        for index, (key, heading) in keys.items():
            cell = line[index] if index < len(line) else None
            value = _text(cell.value) if cell is not None else ""
            if cell is not None and cell.data_type == "f":
                faults.append(SheetFault(name, number, heading, "formula"))
                value = ""
            cells[key] = value
        if any(cells.values()) and next(iter(cells.values())) != _EXAMPLE:
            rows.append(RawRow(number, cells))
        if len(rows) > MOST_ROWS:
            faults.append(SheetFault(name, 0, "", "too_many_rows"))
            return ()
    return tuple(rows)


def _text(value: Any) -> str:
    """A cell as it is read aloud: 5001.0 is 5001, line breaks and doubled spaces are one space."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).replace("\x00", "").split())


def _merged(data: bytes) -> list[str]:
    """The sheets with merged cells. Read-only reading does not tell; the sheets' own text does."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for index, name in enumerate((UNITS, PEOPLE), 1):
                part = f"xl/worksheets/sheet{index}.xml"
                if part in archive.namelist() and b"<mergeCell " in archive.read(part):
                    found.append(name)
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError):
        return []
    return found
