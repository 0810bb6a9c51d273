"""Reading ledgers as offices print them: headings of every kind, title rows, merged cells, dates in words."""

from __future__ import annotations

import datetime as dt

import pytest

from app.reporting.rules import read_deadline, read_sheet
from app.reporting.rules.ledger_sheet import split_units

PRINTED = """\ufeff2026年民生实事任务分解表,,,,
序号,项目名称,责任单位,完成时限,备注
1,整治老旧小区积水点,区住建局、区水利局、段店镇,12月底前,
2,新建公交站亭二十座,区交通局,9月投入使用,
3,改造乡镇卫生院,,5月底前动工,
"""

OFFICIAL = """# 分解落实《政府工作报告》
title,content,category,lead_unit,co_units,deadline_text,deadline_iso
粮食总产稳定,,政府工作报告目标,区农业农村局,各乡、镇人民政府；区统计局,2026年度,2026-12-31
"""


def test_a_printed_ledger_gives_its_rows_with_the_first_unit_in_the_lead() -> None:
    sheet = read_sheet(PRINTED.encode())
    first, second, third = sheet.rows
    assert sheet.title == "2026年民生实事任务分解表"
    assert (first.row, first.lead, first.co) == (3, "区住建局", ("区水利局", "段店镇"))
    assert first.deadline.due_on == dt.date(2026, 12, 31)
    assert second.deadline.due_on == dt.date(2026, 9, 30)
    assert third.lead == "区交通局", "an empty unit cell is a merged one"
    assert [(fault.row, fault.code, fault.fatal) for fault in sheet.faults] == [(5, "merged_cell", False)]


def test_normalised_columns_and_comment_lines_are_read_too() -> None:
    (row,) = read_sheet(OFFICIAL.encode()).rows
    assert (row.lead, row.co) == ("区农业农村局", ("各乡、镇人民政府", "区统计局"))
    assert row.deadline.due_on == dt.date(2026, 12, 31)
    assert row.category == "政府工作报告目标"


@pytest.mark.parametrize(
    ("lead", "co"),
    [
        ("牵头单位", "配合单位"),
        ("主要责任单位", "相关单位"),
        ("牵头组织实施单位", "参与单位"),
        ("主办单位", "协办单位"),
    ],
)
def test_headings_of_other_offices_mean_the_same(lead: str, co: str) -> None:
    text = f"工作任务,{lead},{co},进度安排\n推进项目建设,区发改局,区财政局,2026年6月底前开工、12月底前完工\n"
    (row,) = read_sheet(text.encode()).rows
    assert (row.lead, row.co) == ("区发改局", ("区财政局",))
    assert row.deadline.due_on == dt.date(2026, 12, 31), "of two stages the later is the deadline"
    assert row.deadline.stages == (dt.date(2026, 6, 30), dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("11月底前", dt.date(2026, 11, 30)),
        ("2月底前", dt.date(2026, 2, 28)),
        ("2024年2月底前", dt.date(2024, 2, 29)),
        ("3月上旬", dt.date(2026, 3, 10)),
        ("3月中旬", dt.date(2026, 3, 20)),
        ("3月下旬", dt.date(2026, 3, 31)),
        ("三季度", dt.date(2026, 9, 30)),
        ("年内持续推进", dt.date(2026, 12, 31)),
        ("4月底前出台、年内持续推进", dt.date(2026, 4, 30)),
        ("2026年10月8日前", dt.date(2026, 10, 8)),
        ("2026-10-08", dt.date(2026, 10, 8)),
        ("20261008", dt.date(2026, 10, 8)),
        ("尽快", None),
        ("2026年2月30日", None),
    ],
)
def test_deadlines_in_words(words: str, due: dt.date | None) -> None:
    assert read_deadline(words, 2026).due_on == due


def test_a_month_without_any_year_stays_open_and_is_reported() -> None:
    sheet = read_sheet("事项,责任单位,时限\n疏浚沟渠,区水利局,6月底前\n".encode())
    assert sheet.rows[0].deadline.due_on is None
    assert [fault.code for fault in sheet.faults] == ["deadline_needs_year"]
    assert read_sheet("事项,责任单位,时限\n疏浚沟渠,区水利局,6月底前\n".encode(), year=2026).rows[
        0
    ].deadline.due_on == dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_headings"),
        ("甲,乙\n1,2\n", "no_headings"),
        ("责任单位,完成时限\n区住建局,年内\n", "no_title_column"),
        ("事项,责任单位,责任单位\n甲,乙,丙\n", "heading_doubled"),
        ("事项,责任单位\n,区住建局\n", "title_missing"),
        (f"事项,责任单位\n{'长' * 301},区住建局\n", "title_too_long"),
        ("事项,责任单位\n甲\x07,区住建局\n", "control_characters"),
        ("事项,责任单位\n甲,乙\n甲,乙\n", "row_doubled"),
        ("事项,责任单位,deadline_iso\n甲,乙,2026-13-01\n", "date_unreadable"),
    ],
)
def test_what_cannot_be_taken_is_named(text: str, code: str) -> None:
    sheet = read_sheet(text.encode())
    assert code in [fault.code for fault in sheet.faults if fault.fatal]
    assert len(sheet.rows) == (1 if code == "row_doubled" else 0)


def test_the_national_encoding_is_read_and_other_bytes_are_refused() -> None:
    assert read_sheet("事项,责任单位\n疏浚沟渠,区水利局\n".encode("gb18030")).rows[0].title == "疏浚沟渠"
    assert read_sheet(b"\xff\xff\xff\x81").faults[0].code in ("file_unreadable", "no_headings")


def test_the_same_matter_is_recognised_under_other_headings() -> None:
    one = read_sheet("事项,责任单位,时限\n疏浚沟渠,区水利局,2026年6月底前\n".encode()).rows[0]
    two = read_sheet("工作任务,牵头单位,配合单位,进度安排\n疏浚 沟渠,区水利局,,2026-06-30\n".encode()).rows[0]
    other = read_sheet("事项,责任单位,时限\n疏浚沟渠,区住建局,2026年6月底前\n".encode()).rows[0]
    assert one.key == two.key
    assert one.key != other.key


def test_where_semicolons_separate_a_list_mark_belongs_to_the_name() -> None:
    assert split_units("各乡、镇人民政府；区统计局") == ["各乡、镇人民政府", "区统计局"]
    assert split_units("区水利局、区住建局") == ["区水利局", "区住建局"]
