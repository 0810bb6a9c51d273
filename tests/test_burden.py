"""The urging log and the burden meter: what a page counts is what its list holds, and each unit sees its own."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.documents.sheets import make_sheet
from app.kernel.outbox import write_letter
from app.matters.models import Obligation
from app.urging.models import Urging
from app.urging.queries.burden import ASKED, count_burden, list_burden
from app.urging.queries.log import LogFilter, count_log, list_deliveries, list_log
from app.urging.rules import Outcome, effect, period_of
from app.urging.services import issue_slip, urge
from tests.desk import ask
from tests.matter_life import at
from tests.slips_world import LATE, late_matter, with_slips
from tests.world import World

APRIL = period_of("month", dt.date(2026, 4, 7))
DAY = dt.timedelta(days=1)
WORDS = "请书面反馈进展。"


@pytest.mark.parametrize(
    ("answered", "under_way", "outcome", "days"),
    [
        (dt.date(2026, 4, 1), True, Outcome.ANSWERED, 0),
        (dt.date(2026, 4, 3), False, Outcome.ANSWERED, 2),
        (None, True, Outcome.WAITING, 6),
        (None, False, Outcome.ENDED, 6),
    ],
)
def test_what_came_of_an_urging(answered: dt.date | None, under_way: bool, outcome: Outcome, days: int) -> None:
    came = effect(dt.date(2026, 4, 1), answered, under_way=under_way, today=dt.date(2026, 4, 7))
    assert (came.outcome, came.days) == (outcome, days)


class Desk:
    """华容区 with a late matter: its lead 区水利局 urged, reminded and given a slip, 区住建局 urged by phone."""

    def __init__(self, app: Any, world: World) -> None:
        self.app, self.world, self.place, self.session = app, world, world.huarong, world.huarong.session
        self.now = LATE + DAY
        with self.place.inside():
            with_slips(self.place)
            self.life = late_matter(self.place)
            self.lead_id, self.co_id = self.life.part("SLJ").id, self.life.part("ZJJ").id
            self.inspector = self.place.actor("inspector")
            self.urge(self.lead_id, "system")
            self.urge(self.co_id, "phone")
            issue_slip(self.session, self.inspector, self.life.matter_id, assignment_id=self.lead_id, slip="blue",
                       demand="请书面说明。", at=LATE)  # fmt: skip
            self.remind()

    def urge(self, part: int, channel: str, when: dt.datetime = LATE, kind: str = "feedback") -> None:
        urge(self.session, self.inspector, self.life.matter_id, [part], channel, WORDS, kind, at=when)

    def remind(self) -> None:
        """As the clock does: one occasion to two people of the unit, and to the inspector who carries the matter."""
        clock = self.session.scalars(
            select(Obligation).where(Obligation.assignment_id == self.lead_id, Obligation.stage == "result")
        ).one()
        people = [self.place.actor("unit_liaison", "SLJ"), self.place.actor("unit_leader", "SLJ"), self.inspector]
        for person in people:
            write_letter(
                self.session, recipient_id=person.person_id or 0, kind="obligation.overdue",
                dedupe_key=f"obligation:{clock.id}:overdue:{clock.due_on}", subject_type="matter",
                subject_id=self.life.matter_id, facts={}, at=LATE,
            )  # fmt: skip
        self.session.commit()

    def ask(self, role: str, unit: str | None, address: str) -> Any:
        return ask(self.app, self.session, self.place, role, unit, f"/j/huarong{address}", self.now)


@pytest.fixture
def desk(app: Any, world: World) -> Iterator[Desk]:
    yield Desk(app, world)


def test_a_month_of_a_unit_is_counted_once_each(desk: Desk) -> None:
    with desk.place.inside():
        counts = count_burden(desk.session, desk.inspector, APRIL)
        lead = counts[desk.place.units["SLJ"]]
        assert (lead["urgings"], lead["reminders"], lead["slips"], lead["reports"]) == (1, 1, 1, 1)
        assert "dispatched" not in lead, "that was in March"
        assert counts[desk.place.units["ZJJ"]]["urgings"] == 1
        march = count_burden(desk.session, desk.inspector, APRIL.before())
        assert march[desk.place.units["SLJ"]]["dispatched"] == 1
        own = count_burden(desk.session, desk.place.actor("unit_liaison", "SLJ"), APRIL)
        assert own == {desk.place.units["SLJ"]: lead}, "a unit reads its own line and the same numbers"
        desk.life.matter.secrecy_level = "sensitive"
        desk.session.commit()
        assert count_burden(desk.session, desk.inspector, APRIL) == {}
    with desk.world.huaian.inside():
        assert count_burden(desk.session, desk.world.huaian.actor("inspector"), APRIL) == {}


def test_every_number_is_the_length_of_its_list(desk: Desk) -> None:
    for month in (APRIL, APRIL.before()):
        with desk.place.inside():
            for unit_id, counts in count_burden(desk.session, desk.inspector, month).items():
                for what in ASKED:
                    found, total = list_burden(desk.session, desk.inspector, month, what, unit_id)
                    assert len(found) == total == counts.get(what, 0), (what, month.key)
    for role, unit in (("inspector", None), ("unit_liaison", "SLJ")):
        page = desk.ask(role, unit, "/urging/burden?month=2026-04").text
        links = re.findall(r'<a href="(/j/huarong/urging/burden/list[^"]*)">(\d+)</a>', page)
        assert len(links) > 4
        for href, number in links:
            listed = desk.ask(role, unit, unescape(href).removeprefix("/j/huarong"))
            assert listed.status_code == 200 and listed.text.count('<td class="hy-cell-main">') == int(number), href
    strange = f"/urging/burden/list?month=2026-04&what=urgings&unit={desk.place.units['ZJJ']}"
    assert desk.ask("unit_liaison", "SLJ", strange).status_code == 404
    assert desk.ask("inspector", None, strange).status_code == 200
    assert desk.ask("inspector", None, "/urging/burden/list?month=2026-04&what=money").status_code == 404
    assert desk.ask("inspector", None, "/urging/burden?month=2999-13").status_code == 200


def test_the_log_says_what_came_of_each_urging(desk: Desk) -> None:
    with desk.place.inside():
        desk.life.now = LATE + 2 * DAY
        desk.life.unit("report_progress", "SLJ", text="已完成清淤六成。")
        rows = {row.urging.assignment_id: row for row in list_log(desk.session, desk.inspector, LogFilter())}
        assert rows[desk.lead_id].answered_at == desk.life.now
        assert rows[desk.co_id].answered_at is None and rows[desk.co_id].under_way
        counts = count_log(desk.session, desk.inspector, LogFilter())
        assert counts == {"": 2, "waiting": 1, "answered": 1, "ended": 0}
        for outcome in Outcome:
            wanted = LogFilter(outcome=outcome)
            assert len(list_log(desk.session, desk.inspector, wanted)) == counts[outcome]
        delivered = list_deliveries(desk.session, [row.urging.id for row in rows.values()])
        assert delivered[rows[desk.lead_id].urging.id].read == 0
    desk.now = desk.life.now
    page = desk.ask("inspector", None, "/urging/log").text
    assert page.count('<td class="hy-cell-main">') == 2 and "2天后反馈" in page
    mine = desk.ask("unit_liaison", "SLJ", "/urging/log").text
    assert mine.count('<td class="hy-cell-main">') == 1 and "区住建局" not in mine
    for role, unit, seen in (("inspector", None, 2), ("unit_liaison", "SLJ", 1)):
        file = desk.ask(role, unit, f"/matters/{desk.life.matter_id}").text
        card = file.partition('id="urgings"')[2].partition("</section>")[0]
        assert card.count("<p ") == seen and f"/urging/log?matter={desk.life.matter_id}" in card, role
    for query, number in (("channel=phone", 1), (f"unit={desk.place.units['SLJ']}", 1), ("kind=receipt", 0),
                          ("on_from=2026-04-08", 0), ("on_to=2026-04-07", 2), ("outcome=waiting", 1)):  # fmt: skip
        found = desk.ask("inspector", None, f"/urging/log?{query}").text
        assert found.count('<td class="hy-cell-main">') == number, query
    strange = desk.ask("inspector", None, "/urging/log?unit=x&on_from=never&by=1&outcome=q&batch=%00")
    assert strange.status_code == 200 and "“q”不能作为“催办效果”的条件，已忽略" in strange.text
    for edge in ("on_from=0001-01-01", "on_to=9999-12-31"):
        assert "不能作为“日期”的条件，已忽略" in desk.ask("inspector", None, f"/urging/log?{edge}").text, edge


def test_the_log_is_taken_away_as_it_is_seen_and_never_runs(desk: Desk) -> None:
    with desk.place.inside():
        desk.session.get(Urging, desk.session.scalars(select(Urging.id)).first()).message = "=1+1"
        desk.session.commit()
    answer = desk.ask("inspector", None, "/urging/log.xlsx?channel=system")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet.max_row == 2 and sheet["C2"].value == "区水利局"
    assert (sheet["H2"].value, sheet["H2"].data_type) == ("=1+1", "s")
    assert desk.ask("unit_liaison", "SLJ", "/urging/log.xlsx").status_code == 403
    with desk.place.inside():
        desk.life.matter.secrecy_level = "sensitive"
        desk.session.commit()
    hidden = desk.ask("inspector", None, "/urging/log.xlsx")
    if load_workbook(io.BytesIO(hidden.data)).active.max_row > 1:
        assert "=1+1" not in str(list(load_workbook(io.BytesIO(hidden.data)).active.values))


def test_a_sheet_takes_every_text_as_text() -> None:
    content = make_sheet("表/一", [("甲", 10)], [["=SUM(A1)"], ["+1\x07"], ["@x"], [3]])
    cells = [cell for (cell,) in load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=SUM(A1)", "s"), ("+1", "s"), ("@x", "s"), (3, "n"),
    ]  # fmt: skip


def test_a_signature_the_same_day(desk: Desk) -> None:
    with desk.place.inside():
        fresh = late_matter(desk.place, now=at(2026, 3, 2, 9))
        row = Urging(
            matter_id=fresh.matter_id, assignment_id=fresh.part("SLJ").id, kind="receipt", channel="system",
            message=WORDS, urged_at=at(2026, 3, 2, 9), urged_by=None,
        )  # fmt: skip
        desk.session.add(row)
        desk.session.commit()
        found = list_log(desk.session, desk.inspector, LogFilter(matter_id=fresh.matter_id))
        assert [one.answered_at for one in found] == [fresh.part("SLJ").acknowledged_at]
