"""Tables as spreadsheets to take away: what a cell says is text and never runs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000
_NO_NAME = re.compile(r"[\\/*?:\[\]]")
_WIDEST = 60


def make_sheet(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: headings with their widths in characters, then the rows.

    A text that begins as a formula does stays the text it is; characters that no spreadsheet takes are left out.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_NAME.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"
    for index, (_heading, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = min(width, _WIDEST)
    head = [_cell(sheet, heading) for heading, _width in columns]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
