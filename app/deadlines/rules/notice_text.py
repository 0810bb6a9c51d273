"""The State Council's yearly notice, pasted as text, read into days: every weekday and every “共N天” must fit the dates.

A notice that does not fit is refused with every place that is wrong, and nothing of it is used: the working days of a
whole country hang on it. A later notice that only changes some days has another form and is entered day by day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.deadlines.rules.baseline import statutory_days
from app.deadlines.rules.calendar import CalendarRow, DayKind
from app.deadlines.rules.marking import N_
from app.deadlines.rules.notice_faults import NoticeFault, NoticeRefused

FEWEST_WORKING_DAYS, MOST_WORKING_DAYS = 240, 255
HOLIDAYS_OF_2024_FROM = 2025  # the year from which the holidays of the 2024 decree are holidays by law
LONGEST_NOTICE = 20_000
MADE_UP_SUFFIX = "调休"

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


@dataclass(frozen=True)
class ReadNotice:
    """What a notice says: its year, its document number where the text has it, its days in order."""

    year: int
    document_no: str
    rows: tuple[CalendarRow, ...]

    @property
    def working_days(self) -> int:
        """How many working days the year then has."""
        return count_working_days(self.year, {row.on: row for row in self.rows})


_TITLE = re.compile(r"关于(\d{4})年[^。]{0,8}节假日安排")
_NUMBER = re.compile(r"国办发(?:明电)?〔\d{4}〕\d+号")
# A day that follows another needs no month of its own: 2月20日（星期六）、21日（星期日）上班, as in 2010.
_DAYS = re.compile(
    r"(?:(?:(?P<y1>\d{4})年)?(?P<m1>\d{1,2})月|(?<=[、和及]))(?P<d1>\d{1,2})日(?:\((?P<w1>[^)]*)\))?"
    r"(?:[至到—–~-]+(?:(?P<y2>\d{4})年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日(?:\((?P<w2>[^)]*)\))?)?"
)
_COUNT = re.compile(r"(?:共|放假)(\d{1,2}|[一二三四五六七八九十])天")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_NUMERALS = "零一二三四五六七八九十"
_OFF, _WORK = re.compile(r"放假|补休|休息|连休"), re.compile(r"上班")


def read_notice(text: str) -> ReadNotice:
    """Read a pasted notice. Refuses with ``NoticeRefused``, every fault at once."""
    if len(text) > LONGEST_NOTICE:
        raise NoticeRefused([NoticeFault("too_long")])
    plain = _plain(text)
    title = _TITLE.search(plain)
    if title is None:
        raise NoticeRefused([NoticeFault("year_missing")])
    year = int(title[1])
    if not 2004 <= year <= 2100:
        raise NoticeRefused([NoticeFault("year_unlikely", (("year", year),))])
    faults: list[NoticeFault] = []
    rows: dict[date, CalendarRow] = {}
    number = _NUMBER.search(plain)
    document_no = number[0] if number else ""
    for name, body in _items(plain):
        for row in _rows(name, body, year, document_no, faults):
            there = rows.get(row.on)
            if there is not None and there.kind is not row.kind:
                faults.append(NoticeFault("both", (("on", row.on.isoformat()),)))
            rows.setdefault(row.on, row)
    if not rows and not faults:
        faults.append(NoticeFault("nothing_found"))
    if not faults:
        faults += unsound(year, rows)
    if faults:
        raise NoticeRefused(faults)
    return ReadNotice(year, document_no, tuple(rows[on] for on in sorted(rows)))


def _plain(text: str) -> str:
    """The text in one form of digits, brackets and colons, without spaces."""
    narrow = text.translate(str.maketrans("０１２３４５６７８９（）:∶[]～－", "0123456789()：：〔〕~-"))
    return re.sub(r"\s+", "", narrow)


def _items(plain: str) -> Iterator[tuple[str, str]]:
    """The numbered items: the festival and what is said of it, up to the next item or the closing paragraph."""
    marks = list(re.finditer(r"[一二三四五六七八九十]+、([^：。]{2,14})：", plain))
    ends = [mark.start() for mark in marks[1:]] + [len(plain)]
    for mark, end in zip(marks, ends, strict=False):  # without a mark there is one end too many
        body = plain[mark.end() : end]
        yield mark[1].replace("和", "、"), body.split("节假日期间")[0]


def _rows(name: str, body: str, year: int, document_no: str, faults: list[NoticeFault]) -> Iterator[CalendarRow]:
    for clause in filter(None, re.split(r"[。；;]", body)):
        found = list(_DAYS.finditer(clause))
        if not found:
            continue
        if _WORK.search(clause):
            kind, said = DayKind.WORK, name.split("、")[0] + MADE_UP_SUFFIX
        elif _OFF.search(clause):
            kind, said = DayKind.OFF, name
        else:
            faults.append(NoticeFault("unclear", (("quote", clause[:60]),)))
            continue
        counted, before = 0, None
        for days in found:
            for on in _span(days, year, before, faults):
                counted, before = counted + 1, on
                if kind is DayKind.WORK and on.weekday() < 5:
                    faults.append(NoticeFault("works_midweek", (("quote", days[0]), ("on", on.isoformat()))))
                yield CalendarRow(on, kind, said, document_no)
        said_days = _COUNT.search(clause)
        if kind is DayKind.OFF and said_days and counted and _number(said_days[1]) != counted:
            params = (("quote", clause[:60]), ("days", counted), ("said", said_days[1]))
            faults.append(NoticeFault("count_differs", params))


def _number(said: str) -> int:
    return _NUMERALS.index(said) if said in _NUMERALS else int(said)


def _span(days: re.Match[str], year: int, before: date | None, faults: list[NoticeFault]) -> list[date]:
    """The days of one place; one without a month lies in the month of the day ``before`` it."""
    quote = days[0]
    if days["m1"] is None and before is None:
        faults.append(NoticeFault("no_such_day", (("quote", quote),)))
        return []
    first_year = days["y1"] or (before.year if before and days["m1"] is None else year)
    first = _day(first_year, days["m1"] or str(before.month if before else ""), days["d1"], days["w1"], quote, faults)
    if days["d2"] is None or first is None:
        return [first] if first else []
    said_year = days["y2"] or (first.year if days["y1"] is None or int(days["m2"] or 12) >= first.month else year)
    last = _day(said_year, days["m2"] or str(first.month), days["d2"], days["w2"], quote, faults)
    if last is None:
        return []
    if last < first or (last - first).days > 31:
        faults.append(NoticeFault("range_backwards", (("quote", quote),)))
        return []
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _day(
    year: int | str, month: str, day: str, beside: str | None, quote: str, faults: list[NoticeFault]
) -> date | None:
    try:
        on = date(int(year), int(month), int(day))
    except ValueError:
        faults.append(NoticeFault("no_such_day", (("quote", quote),)))
        return None
    said = _WEEKDAY.search(beside or "")
    if said and "一二三四五六日".index(said[1].replace("天", "日")) != on.weekday():
        params = (("quote", quote), ("on", on.isoformat()), ("weekday", WEEKDAYS[on.weekday()]))
        faults.append(NoticeFault("weekday_differs", params))
    return on


def unsound(year: int, rows: Mapping[date, CalendarRow]) -> Iterator[NoticeFault]:
    """What cannot be, whatever the text says: a holiday by law at work, a year of far too many working days."""
    by_law = statutory_days(year) if year >= HOLIDAYS_OF_2024_FROM else {}
    for on, name in by_law.items():
        row = rows.get(on)
        if (row is None and on.weekday() < 5) or (row is not None and row.kind is DayKind.WORK):
            yield NoticeFault("statutory_works", (("on", on.isoformat()), ("name", name)))
    days = count_working_days(year, rows)
    if not FEWEST_WORKING_DAYS <= days <= MOST_WORKING_DAYS:
        params = (("days", days), ("fewest", FEWEST_WORKING_DAYS), ("most", MOST_WORKING_DAYS))
        yield NoticeFault("count_unlikely", params)


def count_working_days(year: int, rows: Mapping[date, CalendarRow]) -> int:
    """How many working days a year has with these rows over Monday to Friday."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))
    return sum(rows[on].kind is DayKind.WORK if on in rows else on.weekday() < 5 for on in days)
