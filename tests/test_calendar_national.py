"""The national calendar changes by two people or not at all; regions lie between the nation and a jurisdiction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.deadlines import day_files, services
from app.deadlines.data import national_rows
from app.deadlines.models import (
    CalendarDay,
    CalendarProposal,
    NationalCalendarDay,
    NationalCalendarYear,
    RegionalCalendarDay,
)
from app.deadlines.queries import (
    calendar_for,
    list_national_days,
    list_proposals,
    list_regional_days,
    list_years,
    proposal_change,
)
from app.deadlines.rules import CalendarRow, CalendarYear, DayKind, YearStatus
from app.deadlines.rules.day_table import read_days
from app.deadlines.rules.national_year import missing_notice
from app.deadlines.rules.notice_faults import NoticeRefused
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, verify_chain
from app.kernel.tenancy import scope
from tests.test_calendar_notice import CLOSING, NOTICES
from tests.world import World

AT = clock.at_local(date(2026, 11, 5))
ANNA = Actor(9001, "甲", None, rights=frozenset({"national_calendar:write", "national_calendar:read"}))
BELA = Actor(9002, "乙", None, rights=ANNA.rights)
NEXT = (
    "国务院办公厅关于2027年部分节假日安排的通知 国办发明电〔2026〕9号\n"
    "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n"
    "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月20日（周六）、2月21日（周日）上班。\n"
    "三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n"
    "四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。\n"
    "五、端午节：6月9日（周三）放假1天。\n"
    "六、中秋节：9月15日（周三）放假1天。\n"
    "七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。\n"
)


@pytest.fixture
def seeded(session: Any) -> Iterator[Any]:
    """The calendar as shipped, 2004 to 2026."""
    services.seed_national_calendar(session)
    session.commit()
    yield session


def _year(session: Any, year: int) -> CalendarYear | None:
    return next((one for one in list_years(session) if one.year == year), None)


def _confirmed(session: Any, proposal: CalendarProposal, who: Actor = BELA, seen: int | None = None) -> None:
    known = _year(session, proposal.year)
    version = (known.version if known else 0) if seen is None else seen
    services.confirm_proposal(session, who, proposal.id, seen_version=version, at=AT)


def _events(session: Any) -> list[tuple[str, dict[str, Any]]]:
    with scope(0, session):
        assert verify_chain(session) == []
        return [(one.kind, one.facts) for one in session.scalars(select(Event).order_by(Event.seq))]


def test_a_new_year_comes_into_force_by_two_people(seeded: Any) -> None:
    proposal = services.propose_notice(seeded, ANNA, text=NEXT + CLOSING, at=AT)
    assert (proposal.year, proposal.document_no, proposal.state) == (2027, "国办发明电〔2026〕9号", "proposed")
    assert _year(seeded, 2027) is None, "nothing is in force yet"
    assert calendar_for(seeded, None).is_provisional(date(2027, 2, 1), date(2027, 2, 20))
    with pytest.raises(Refused) as alone:
        _confirmed(seeded, proposal, ANNA)
    assert alone.value.code == "own_proposal"
    with pytest.raises(Refused):
        _confirmed(seeded, proposal, Actor.system(None))
    with pytest.raises(Refused):
        _confirmed(seeded, proposal, Actor(9003, "丙", None))
    assert _year(seeded, 2027) is None

    _confirmed(seeded, proposal)
    assert _year(seeded, 2027) == CalendarYear(2027, YearStatus.ANNOUNCED, "国办发明电〔2026〕9号", 1)
    calendar = calendar_for(seeded, None)
    assert not calendar.is_provisional(date(2027, 2, 1), date(2027, 2, 20))
    assert calendar.is_working(date(2027, 2, 20))
    assert not calendar.is_working(date(2027, 2, 11))
    with pytest.raises(Conflict):
        _confirmed(seeded, proposal)
    kinds = _events(seeded)
    assert [kind for kind, _facts in kinds] == ["calendar.proposed", "calendar.confirmed"]
    facts = kinds[1][1]
    assert (facts["year"], facts["status"], facts["version"], facts["proposed_by"]) == (2027, "announced", 1, "甲")
    assert "2027-02-20" in facts["moved"] and "2027-01-01" not in facts["moved"]


def test_a_second_notice_amends_and_leaves_everything_else(seeded: Any) -> None:
    before = list_national_days(seeded)
    text = (
        NOTICES[2026].replace("9月20日（周日）、10月10日（周六）上班", "9月20日（周日）、10月11日（周日）上班")
        + CLOSING
    )
    proposal = services.propose_notice(seeded, ANNA, text=text, document_no="国办发明电〔2026〕1号", at=AT)
    _confirmed(seeded, proposal)
    assert _year(seeded, 2026) == CalendarYear(2026, YearStatus.AMENDED, "国办发明电〔2026〕1号", 2)
    calendar = calendar_for(seeded, None)
    assert not calendar.is_working(date(2026, 10, 10)) and calendar.is_working(date(2026, 10, 11))
    after = {row.on: row for row in list_national_days(seeded)}
    assert all(after[row.on] == row for row in before if row.on.year < 2026)
    facts = _events(seeded)[-1][1]
    assert facts["moved"] == ["2026-10-10", "2026-10-11"]


def test_the_last_days_of_a_year_may_come_with_the_next_years_notice(seeded: Any) -> None:
    of_2023 = NationalCalendarDay.on.between(date(2022, 12, 25), date(2023, 12, 31))
    seeded.execute(delete(NationalCalendarDay).where(of_2023))
    seeded.execute(delete(NationalCalendarYear).where(NationalCalendarYear.year == 2023))
    seeded.commit()
    _confirmed(seeded, services.propose_notice(seeded, ANNA, text=NOTICES[2023] + CLOSING, at=AT))
    calendar = calendar_for(seeded, None)
    assert not calendar.is_working(date(2022, 12, 31))
    assert _year(seeded, 2022).version == 2, "a day of 2022 changed"
    rows = tuple(row for row in national_rows() if row.on.year == 2022 and row.on < date(2022, 12, 20))
    with pytest.raises(Invalid):
        services.propose_years(seeded, ANNA, years={2022: rows}, at=AT)
    assert not calendar_for(seeded, None).is_working(date(2022, 12, 31)), "2023's notice is not touched by 2022's"


def test_what_does_not_fit_is_refused_whole(seeded: Any) -> None:
    with pytest.raises(services.FaultyNotice) as refused:
        text = NEXT.replace("2月20日（周六）", "2月20日（周日）").replace("共5天", "共6天")
        services.propose_notice(seeded, ANNA, text=text, at=AT)
    assert {fault.code for fault in refused.value.faults} == {"weekday_differs", "count_differs"}
    assert all("%(" not in sentence for sentence in refused.value.sentences())
    assert seeded.scalars(select(CalendarProposal)).all() == []


def test_one_open_proposal_a_year_and_everybody_takes_back_his_own(seeded: Any) -> None:
    mine = services.propose_notice(seeded, ANNA, text=NEXT, at=AT)
    with pytest.raises(Conflict):
        services.propose_notice(seeded, BELA, text=NEXT, at=AT)
    with pytest.raises(Refused):
        services.withdraw_proposal(seeded, BELA, mine.id, at=AT)
    with pytest.raises(Refused):
        services.reject_proposal(seeded, ANNA, mine.id, reason="不对", at=AT)
    with pytest.raises(Invalid):
        services.reject_proposal(seeded, BELA, mine.id, reason="  ", at=AT)
    services.reject_proposal(seeded, BELA, mine.id, reason="文号不对", at=AT)
    again = services.propose_notice(seeded, ANNA, text=NEXT, at=AT)
    services.withdraw_proposal(seeded, ANNA, again.id, at=AT)
    with pytest.raises(Conflict):
        _confirmed(seeded, again)
    with pytest.raises(NotFound):
        services.withdraw_proposal(seeded, ANNA, 999_999, at=AT)
    assert [kind for kind, _ in _events(seeded)][1::2] == ["calendar.rejected", "calendar.withdrawn"]
    assert _year(seeded, 2027) is None


def test_a_calendar_that_changed_meanwhile_is_looked_at_again(seeded: Any) -> None:
    proposal = services.propose_notice(seeded, ANNA, text=NEXT, at=AT)
    seeded.add(NationalCalendarYear(year=2027, status="unannounced", version=4))
    seeded.commit()
    with pytest.raises(Conflict):
        _confirmed(seeded, proposal, seen=0)
    _confirmed(seeded, proposal, seen=4)
    assert _year(seeded, 2027).version == 5


def test_the_package_proposes_what_is_missing_and_a_release_never_does_it_alone(seeded: Any) -> None:
    seeded.execute(delete(NationalCalendarDay).where(NationalCalendarDay.on >= date(2026, 1, 1)))
    seeded.execute(delete(NationalCalendarYear).where(NationalCalendarYear.year == 2026))
    seeded.commit()
    assert services.seed_national_calendar(seeded) == 0
    (proposal,) = services.propose_from_package(seeded, Actor.system(None), at=AT)
    assert (proposal.year, proposal.origin, proposal.proposed_by) == (2026, "package", None)
    _confirmed(seeded, proposal, ANNA)
    assert calendar_for(seeded, None).is_working(date(2026, 1, 4))
    with pytest.raises(Invalid) as nothing:
        services.propose_from_package(seeded, ANNA, at=AT)
    assert nothing.value.code == "nothing_new"
    with pytest.raises(Invalid) as unknown:
        services.propose_from_package(seeded, ANNA, year=2090, at=AT)
    assert unknown.value.code == "year_not_in_package"


def _lines(*rows: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    names = ("date", "kind", "name", "region", "source_doc")
    return [(number, dict(zip(names, row, strict=True))) for number, row in enumerate(rows, 2)]


def test_a_table_of_days_is_proposed_year_by_year_or_not_at_all(seeded: Any) -> None:
    rows = [row for row in national_rows() if row.on.year == 2025]
    lines = _lines(*((row.on.isoformat(), row.kind.value, row.name, "", "重新核对") for row in rows))
    (proposal,) = services.propose_years(seeded, ANNA, years=read_days(lines), at=AT)
    assert (proposal.year, proposal.document_no) == (2025, "重新核对")
    services.withdraw_proposal(seeded, ANNA, proposal.id, at=AT)
    for spoilt, code in (
        (lines[:-12], "statutory_works"),
        ([*lines, *_lines(("2025-03-03", "work", "x", "", ""))], "works_midweek"),
        (_lines(("2025-03-03", "off", "x", "", "")), "statutory_works"),
        (_lines(("1066-10-14", "off", "x", "", "")), "year_unlikely"),
    ):  # fmt: skip
        with pytest.raises(services.FaultyNotice) as refused:
            services.propose_years(seeded, ANNA, years=read_days(spoilt), at=AT)
        assert code in {fault.code for fault in refused.value.faults}
    assert not [one for one in seeded.scalars(select(CalendarProposal)) if one.state == "proposed"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("2027-02-30", "off", "春节", "", ""), "line_date"),
        (("2027-02-05", "free", "春节", "", ""), "line_kind"),
        (("2027-02-05", "off", "", "", ""), "line_name"),
        (("2027-02-05", "off", "春" * 41, "", ""), "line_name"),
        (("2027-02-05", "off", "春节", "", "文" * 81), "line_notice"),
        (("2027-02-05", "off", "三月三", "广西", ""), "line_region"),
        (("2027-02-06", "off", "春节", "", ""), "line_twice"),
    ],
)
def test_every_row_that_does_not_fit_is_named(row: tuple[str, ...], code: str) -> None:
    sound = ("2027-02-06", "off", "春节", "全国", "文")
    assert list(read_days(_lines(sound))) == [2027]
    with pytest.raises(NoticeRefused) as refused:
        read_days(_lines(sound, row))
    assert [fault.code for fault in refused.value.faults] == [code]
    assert dict(refused.value.faults[0].params)["line"] == 3


def test_a_regions_days_reach_its_jurisdictions_and_no_others(session: Any, world: World) -> None:
    day = date(2026, 4, 20)

    def works(place: Any) -> bool:
        with place.inside():
            return calendar_for(session, place.id).is_working(day)

    def region(code: str, kind: str = "off", who: Actor = ANNA) -> Any:
        return services.propose_regional_day(
            session, who, region_code=code, on=day, kind=kind, name="三月三", notice="省政府通知", at=AT
        )

    def second(proposal_id: int) -> None:
        seen = proposal_change(session, session.get(CalendarProposal, proposal_id)).version
        with pytest.raises(Refused):
            services.confirm_proposal(session, ANNA, proposal_id, seen_version=seen, at=AT)
        services.confirm_proposal(session, BELA, proposal_id, seen_version=seen, at=AT)

    assert works(world.huarong) and works(world.huaian)
    proposed = region("42").id
    assert works(world.huarong), "nothing is in force before a second person has confirmed it"
    with pytest.raises(Conflict):
        region("42")
    second(proposed)
    hubei = session.scalars(select(RegionalCalendarDay.id)).one()
    assert not works(world.huarong) and works(world.huaian), "华容区 lies in 42, 淮安市 in 32"
    with pytest.raises(Invalid) as twice:
        region("42")
    assert "on" in twice.value.fields
    for code, kind in (("420703", "off"), ("湖北", "off"), ("４２", "off"), ("32", "work"), ("32", "free")):
        with pytest.raises(Invalid):
            region(code, kind)
    with pytest.raises(Refused):
        region("32", who=Actor(9003, "丙", None))
    with world.huarong.inside():
        own = Actor(1, "本地", world.huarong.id, rights=frozenset({"calendar:write"}))
        services.add_local_day(session, own, on=day, kind="work", name="值守", notice="", at=AT)
    assert works(world.huarong), "the most local row wins, and the region's day off may be worked"
    with world.huaian.inside(), pytest.raises(Invalid):
        other = Actor(1, "本地", world.huaian.id, rights=frozenset({"calendar:write"}))
        services.add_local_day(session, other, on=day, kind="work", name="值守", notice="", at=AT)
    with world.huarong.inside():
        services.remove_local_day(session, own, session.scalars(select(CalendarDay.id)).one(), at=AT)
    gone = services.propose_regional_removal(session, ANNA, hubei, at=AT).id
    assert not works(world.huarong)
    second(gone)
    assert works(world.huarong)
    with pytest.raises(NotFound):
        services.propose_regional_removal(session, ANNA, hubei, at=AT)


def test_a_table_of_regions_days_is_proposed_year_by_year_and_with_one_fault_not_at_all(
    session: Any, world: World
) -> None:
    head = "date,kind,name,region,source_doc\n"
    table = head + "2026-04-20,off,三月三,45,桂政通\n2026-04-21,off,三月三,45,桂政通\n2026-04-21,off,三月三,42,鄂政通\n"
    years = day_files.read_region_file(table.encode(), "regions.csv")
    assert {key: len(rows) for key, rows in years.items()} == {("45", 2026): 2, ("42", 2026): 1}
    for spoilt, code in (
        (head + "2026-04-20,off,三月三,,桂政通\n", "line_no_region"),
        (head + "2026-04-20,off,三月三,420703,桂政通\n", "line_no_region"),
        (head + "2026-04-20,off,三月三,45,x\n2026-04-20,work,三月三,45,x\n", "line_twice"),
        (head, "no_rows"),
    ):
        with pytest.raises(NoticeRefused) as refused:
            day_files.read_region_file(spoilt.encode(), "regions.csv")
        assert [fault.code for fault in refused.value.faults] == [code]
    midweek = {
        ("45", 2026): years["45", 2026],
        ("42", 2026): (CalendarRow(dt.date(2026, 4, 21), DayKind.WORK, "补班"),),
    }
    with pytest.raises(services.FaultyNotice):
        services.propose_regional_years(session, ANNA, years=midweek, at=AT)
    assert list_proposals(session, regions=True) == []
    found = services.propose_regional_years(session, ANNA, years=years, at=AT)
    assert {one.region_code for one in found} == {"42", "45"}
    for one in found:
        seen = proposal_change(session, one).version
        services.confirm_proposal(session, BELA, one.id, seen_version=seen, at=AT)
    with world.huarong.inside():
        assert not calendar_for(session, world.huarong.id).is_working(dt.date(2026, 4, 21))
    with pytest.raises(Invalid, match="says this already"):
        services.propose_regional_years(session, ANNA, years=years, at=AT)
    assert len(day_files.written_regions(list_regional_days(session)).splitlines()) == 4
    fewer = {("45", 2026): years["45", 2026][:1]}
    (less,) = services.propose_regional_years(session, ANNA, years=fewer, at=AT)
    services.confirm_proposal(session, BELA, less.id, seen_version=1, at=AT)
    assert len(list_regional_days(session)) == 2


@pytest.mark.parametrize(
    ("today", "known", "year", "urgency"),
    [
        ((2026, 10, 31), 2026, None, None),
        ((2026, 11, 1), 2026, 2027, "asked"),
        ((2026, 12, 14), 2026, 2027, "asked"),
        ((2026, 12, 15), 2026, 2027, "urgent"),
        ((2026, 12, 31), 2027, None, None),
        ((2027, 1, 1), 2026, 2027, "urgent"),
    ],
)
def test_when_a_notice_is_missing(
    today: tuple[int, int, int], known: int, year: int | None, urgency: str | None
) -> None:
    years = [CalendarYear(one) for one in range(2004, known + 1)]
    years.append(CalendarYear(known + 1, YearStatus.UNANNOUNCED))
    found = missing_notice(dt.date(*today), years)
    assert (found.year if found else None, found.urgency if found else None) == (year, urgency)
