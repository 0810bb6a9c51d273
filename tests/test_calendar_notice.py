"""The State Council's notice, pasted: read exactly or refused with every place that does not fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.deadlines.data import national_rows
from app.deadlines.rules import DayKind
from app.deadlines.rules.notice_text import NoticeRefused, read_notice

# The facts of the notices in the form in which they are published; the closing paragraph stands for all of it.
CLOSING = "节假日期间，各地区、各部门要妥善安排好值班。"
NOTICES = {
    2014: "国务院办公厅关于2014年部分节假日安排的通知\n"
    "一、元旦：1月1日放假1天。\n"
    "二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。\n"
    "三、清明节：4月5日放假，4月7日（星期一）补休。\n"
    "四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。\n"
    "五、端午节：6月2日放假，与周末连休。\n"
    "六、中秋节：9月8日放假，与周末连休。\n"
    "七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。\n",
    2023: "国务院办公厅关于2023年部分节假日安排的通知 国办发明电〔2022〕16号\n"
    "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。\n"
    "二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。\n"
    "三、清明节：4月5日放假，共1天。\n"
    "四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。\n"
    "五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。\n"
    "六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。\n",
    2025: "国务院办公厅关于2025年部分节假日安排的通知 国办发明电〔2024〕12号\n"
    "一、元旦：1月1日（周三）放假1天，不调休。\n"
    "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。"
    "1月26日（周日）、2月8日（周六）上班。\n"
    "三、清明节：4月4日（周五）至6日（周日）放假，共3天。\n"
    "四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。\n"
    "五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。\n"
    "六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。\n",
    2026: "国务院办公厅关于2026年部分节假日安排的通知\n"
    "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。\n"
    "二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。\n"
    "三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n"
    "四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。\n"
    "五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n"
    "六、中秋节：9月25日（周五）至27日（周日）放假，共3天。\n"
    "七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。\n",
}


def _works(rows: dict[date, DayKind], on: date) -> bool:
    return rows[on] is DayKind.WORK if on in rows else on.weekday() < 5


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_is_read_to_the_day(year: int) -> None:
    read = read_notice(NOTICES[year] + CLOSING)
    assert read.year == year
    said = {row.on: row.kind for row in read.rows}
    known = {row.on: row.kind for row in national_rows()}
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert [on for on in days if _works(said, on) != _works(known, on)] == []
    assert read.working_days == sum(_works(known, on) for on in days)


def test_a_notice_reaches_back_into_december() -> None:
    rows = {row.on: row for row in read_notice(NOTICES[2023] + CLOSING).rows}
    assert rows[date(2022, 12, 31)].kind is DayKind.OFF
    assert rows[date(2022, 12, 31)].notice == "国办发明电〔2022〕16号"


@pytest.mark.parametrize(
    ("there", "instead", "code"),
    [
        ("1月26日（周日）、", "1月26日（周六）、", "weekday_differs"),
        ("共8天。1月26日", "共7天。1月26日", "count_differs"),
        ("4月27日（周日）上班", "4月31日（周日）上班", "no_such_day"),
        ("4月27日（周日）上班", "4月28日（周一）上班", "works_midweek"),
        ("5月1日（周四）至5日（周一）放假调休，共5天", "5月1日（周四）至5日（周一）有活动", "unclear"),
        ("5月31日（周六）至6月2日（周一）放假", "6月2日（周一）至5月31日（周六）放假", "range_backwards"),
        ("2月8日（周六）上班", "2月2日（周日）上班", "both"),
        ("四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。\n", "", "statutory_works"),
        ("关于2025年部分节假日安排", "关于部分节假日安排", "year_missing"),
        ("关于2025年部分节假日安排", "关于1999年部分节假日安排", "year_unlikely"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(there: str, instead: str, code: str) -> None:
    assert read_notice(NOTICES[2025] + CLOSING).rows
    assert there in NOTICES[2025]
    with pytest.raises(NoticeRefused) as refused:
        read_notice(NOTICES[2025].replace(there, instead, 1) + CLOSING)
    assert code in {fault.code for fault in refused.value.faults}


@pytest.mark.parametrize(
    "text", ["", "今天天气很好。", "关于2027年部分节假日安排的通知", "关于2027年部分节假日安排的通知\n一、元旦：放假。"]
)
def test_a_text_without_days_is_no_notice(text: str) -> None:
    with pytest.raises(NoticeRefused):
        read_notice(text)


def test_a_day_without_its_month_lies_in_the_month_of_the_day_before_it() -> None:
    """As in the notice of 2010, 2月20日（星期六）、21日（星期日）上班: neither day may be lost."""
    notice = NOTICES[2023].replace("1月28日（星期六）、1月29日（星期日）", "1月28日（星期六）、29日（星期日）")
    assert notice != NOTICES[2023]
    assert read_notice(notice).rows == read_notice(NOTICES[2023]).rows
    one_by_one = NOTICES[2025].replace("4月4日（周五）至6日（周日）", "4月4日（周五）、5日（周六）和6日（周日）")
    assert one_by_one != NOTICES[2025]
    assert read_notice(one_by_one).rows == read_notice(NOTICES[2025]).rows
    with pytest.raises(NoticeRefused) as refused:
        read_notice(notice.replace("29日（星期日）", "29日（星期六）"))
    assert [fault.code for fault in refused.value.faults] == ["weekday_differs"]


@pytest.mark.parametrize("sign", ["到", "—", "——", "–", "～", "~", "-"])
def test_a_span_is_read_whatever_sign_stands_between_its_days(sign: str) -> None:
    notice = NOTICES[2026].replace("至", sign)
    assert read_notice(notice).rows == read_notice(NOTICES[2026]).rows


@pytest.mark.parametrize(
    ("there", "instead", "code"),
    [
        ("共7天。9月20日", "共八天。9月20日", "count_differs"),
        ("9月20日（周日）", "9月20日（礼拜六）", "weekday_differs"),
    ],
)
def test_counts_in_chinese_numerals_and_the_other_word_for_weekday_are_checked_too(
    there: str, instead: str, code: str
) -> None:
    assert there in NOTICES[2026]
    with pytest.raises(NoticeRefused) as refused:
        read_notice(NOTICES[2026].replace(there, instead))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_full_width_digits_and_line_breaks_do_not_matter() -> None:
    wide = NOTICES[2025].translate(str.maketrans("0123456789", "０１２３４５６７８９")).replace("放假", "放\n假")
    assert read_notice(wide).rows == read_notice(NOTICES[2025]).rows


def test_an_endless_text_is_refused_at_once() -> None:
    with pytest.raises(NoticeRefused) as refused:
        read_notice("一、元旦：" * 10_000)
    assert [fault.code for fault in refused.value.faults] == ["too_long"]
