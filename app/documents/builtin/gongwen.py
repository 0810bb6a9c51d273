"""Pages after GB/T 9704-2012 (党政机关公文格式) as Word templates: the building blocks of the built-in layouts.

Lengths are millimetres and points. Three things that differ between Word and LibreOffice are settled here: the grid of
22 lines of 28 characters comes from exact line pitch and character spacing (LibreOffice halves a character grid); column
widths stand both in the grid and in every cell; children of properties are put in the order the schema demands.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

RED = RGBColor(0xFF, 0, 0)
FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22.0, 16.0, 14.0, 10.5
LINE = 28.95  # 225 mm in 22 lines
TEXT_WIDTH, TEXT_HEIGHT = 156, 225
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden",
    "pBdr": "top left bottom right between bar",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath",
}


def _element(tag: str, **attributes: object) -> Any:
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def new_page(*, letter: bool = False) -> Any:
    """An empty document with the page of the standard: A4, 37 mm above, 28 mm at the binding edge, 156 by 225 mm of text.

    Page numbers are 4号 half-width between dashes, right on odd and left on even pages, 7 mm below the text. A letter
    (信函格式, 10.1) has a first page of its own without a number.
    """
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = _element("docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(SIZE_3)
    properties = style.element.get_or_add_rPr()
    properties.find(qn("w:rFonts")).set(qn("w:eastAsia"), FANGSONG)
    properties.append(_element("spacing", val=-5))
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, alignment, indent in (
        (section.footer, RIGHT, "right_indent"),
        (section.even_page_footer, LEFT, "left_indent"),
    ):
        number = footer.paragraphs[0]
        number.alignment = alignment
        setattr(number.paragraph_format, indent, Pt(SIZE_4))
        write(number, "— ", SONGTI, SIZE_4)
        _page_number(number)
        write(number, " —", SONGTI, SIZE_4)
    if letter:
        section.different_first_page_header_footer = True
        section.header_distance, section.footer_distance = Mm(30), Mm(20)
        for footer in (section.footer, section.even_page_footer):
            footer.paragraphs[0].paragraph_format.space_after = Pt(14)
    return document


def write(
    paragraph: Any, text: str, font: str = FANGSONG, size: float = SIZE_3, *, red: bool = False, bold: bool = False
) -> Any:
    """Add words to a paragraph. Latin letters and figures take Times New Roman beside 仿宋 and 宋体."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    latin = "Times New Roman" if font in (FANGSONG, SONGTI, KAITI) else font
    run.font.name = latin
    fonts = run._element.get_or_add_rPr().find(qn("w:rFonts"))
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:cs"), latin)
    fonts.set(qn("w:hint"), "eastAsia")
    if red:
        run.font.color.rgb = RED
    if bold:
        run.bold = True
    return run


def _page_number(paragraph: Any) -> None:
    for kind in ("begin", None, "separate", "shown", "end"):
        run = write(paragraph, "1" if kind == "shown" else "", SONGTI, SIZE_4)
        if kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = " PAGE "
            run._element.append(code)
        elif kind != "shown":
            run._element.append(_element("fldChar", fldCharType=kind))


def paragraph(
    document: Any,
    text: str = "",
    font: str = FANGSONG,
    size: float = SIZE_3,
    *,
    align: Any = None,
    red: bool = False,
    bold: bool = False,
    indent: float = 2,
    hanging: float = 0,
    right: float = 0,
    before: float = 0,
    after: float = 0,
    line: float | None = None,
    keep: bool = False,
) -> Any:
    """A paragraph; body text is indented by two characters.

    ``indent``, ``right`` and ``hanging`` (how far the following lines stand back) are in characters, the rest in points.
    """
    made = document.add_paragraph()
    if text:
        write(made, text, font, size, red=red, bold=bold)
    if align is not None:
        made.alignment = align
    spacing = made.paragraph_format
    if hanging:
        made._p.get_or_add_pPr().append(
            _element(
                "ind",
                leftChars=int((indent + hanging) * 100),
                left=int((indent + hanging) * size * 20),
                hangingChars=int(hanging * 100),
                hanging=int(hanging * size * 20),
            )
        )
    elif indent:
        made._p.get_or_add_pPr().append(
            _element("ind", firstLineChars=int(indent * 100), firstLine=int(indent * size * 20))
        )
    if right:
        spacing.right_indent = Pt(right * size)
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    if line:
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    spacing.keep_with_next = True if keep else None
    return made


def border(
    made: Any, side: str = "bottom", *, eighths: int = 12, space: int = 4, colour: str = "FF0000", style: str = "single"
) -> None:
    """A line along a paragraph, ``eighths`` of a point thick, ``space`` points away from its text."""
    properties = made._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = _element("pBdr")
        properties.append(borders)
    borders.append(_element(side, val=style, sz=eighths, space=space, color=colour))


def letter_lines(document: Any, head: str) -> None:
    """The head and foot of a letter (10.1): name 30 mm below the edge, a red double line 4 mm below it, thick above thin,
    and one 20 mm above the lower edge, thin above thick; both 170 mm long and centred on the paper."""
    section = document.sections[0]
    name = section.first_page_header.paragraphs[0]
    name.alignment = CENTRE
    write(name, head, XIAOBIAOSONG, 32, red=True)
    name.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    name.paragraph_format.line_spacing = Pt(40)
    _wide(name)
    border(name, "bottom", eighths=24, space=11)
    thin = section.first_page_header.add_paragraph()
    _hairline(thin)
    border(thin, "bottom", eighths=8, space=0)
    upper = section.first_page_footer.paragraphs[0]
    _hairline(upper)
    border(upper, "top", eighths=8, space=0)
    lower = section.first_page_footer.add_paragraph()
    _hairline(lower)
    border(lower, "top", eighths=24, space=0)


def _wide(made: Any) -> None:
    """From the text's 156 mm to the 170 mm of a letter's lines, centred on the paper."""
    made.paragraph_format.left_indent, made.paragraph_format.right_indent = Mm(-8), Mm(-6)


def _hairline(made: Any) -> None:
    _wide(made)
    made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    made.paragraph_format.line_spacing = Pt(2)
    off_grid(made)


def off_grid(made: Any) -> None:
    """Free a paragraph from the page's line grid: table cells and thin lines have a pitch of their own."""
    made._p.get_or_add_pPr().append(_element("snapToGrid", val="0"))


def right_tab(made: Any, at_mm: float = TEXT_WIDTH) -> None:
    """A tab stop whose text ends at the right edge of the text."""
    made.paragraph_format.tab_stops.add_tab_stop(Mm(at_mm), WD_TAB_ALIGNMENT.RIGHT)


def table(document: Any, columns_mm: Sequence[float], rows: int) -> Any:
    """A table with lines and fixed columns."""
    made = document.add_table(rows=rows, cols=len(columns_mm))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, columns_mm, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        row._tr.get_or_add_trPr().append(_element("cantSplit", val="true"))
        for cell, width in zip(row.cells, columns_mm, strict=True):
            cell.width = Mm(width)
    made._tbl.tblPr.append(_element("tblLayout", type="fixed"))
    return made


def fill(
    cell: Any,
    text: str,
    font: str = FANGSONG,
    size: float = SIZE_4,
    *,
    align: Any = LEFT,
    line: float = 21,
    more: Any = None,
    keep: bool = False,
) -> Any:
    """Write into a cell, or add a paragraph to it when ``more`` is True."""
    made = cell.add_paragraph() if more else cell.paragraphs[0]
    made.alignment = align
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    made.paragraph_format.line_spacing_rule, made.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    made.paragraph_format.keep_with_next = True if keep else None
    off_grid(made)
    write(made, text, font, size)
    return made


def _in_order(document: Any) -> None:
    """The schema is a strict sequence; Word "repairs" a file whose properties are out of order."""
    section = document.sections[0]
    parts = [section.footer, section.even_page_footer]
    if section.different_first_page_header_footer:
        parts += [section.first_page_header, section.first_page_footer]
    for root in [document.element, document.styles.element, *(part._element for part in parts)]:
        for tag, order in _ORDER.items():
            places = {name: place for place, name in enumerate(order.split())}
            for element in root.iter(qn(f"w:{tag}")):
                latest = {child.tag.rpartition("}")[2]: child for child in element}
                for child in list(element):
                    element.remove(child)
                for name in sorted(latest, key=lambda name: places.get(name, len(places))):
                    element.append(latest[name])


def save(document: Any, path: Path, title: str) -> None:
    """Write the template; the same script always gives the same bytes, so that a change can be seen."""
    _in_order(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    package = document.part.package
    for key in [key for key, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
        package.rels.pop(key)
    unordered = io.BytesIO()
    document.save(unordered)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(unordered) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
