"""Slips and points in the browser and through the API: what is offered, what is refused with nothing lost, what is counted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.matters.models import Approval
from app.urging.models import EscalationSlip, PointsLetter
from tests.desk import ask
from tests.matter_life import at
from tests.slips_world import late_matter, with_slips
from tests.world import Place, World

DEMAND = "请立即书面说明未按期办结的原因。"


class Desk:
    """华容区 under rules with slips and points, a late matter, and browsers of its people."""

    def __init__(self, app: Any, session: Any, world: World) -> None:
        self.app, self.session, self.world, self.place = app, session, world, world.huarong
        with self.place.inside():
            with_slips(self.place)
            life = late_matter(self.place)
            self.matter_id, self.part, self.other = life.matter_id, life.part("SLJ").id, life.part("ZJJ").id
            self.unit_id = self.place.units["SLJ"]
        self.now = life.now
        self.file = f"/j/huarong/matters/{self.matter_id}"

    def ask(self, role: str, unit: str | None, address: str, place: Place | None = None, **more: Any) -> Any:
        """One request by somebody, at the hour of the tale; with ``data`` or ``json`` it is sent."""
        return ask(self.app, self.session, place or self.place, role, unit, address, self.now, **more)

    def issue(self, slip: str = "blue", **changes: Any) -> Any:
        data = {"slip": f"{self.part}:{slip}", "demand": DEMAND} | changes
        return self.ask("inspector", None, f"{self.file}/issue_slip", data=data)

    def count(self, model: Any) -> int:
        self.session.rollback()
        with self.place.inside():
            return int(self.session.query(model).count())


@pytest.fixture
def desk(app: Any, session: Any, world: World) -> Desk:
    return Desk(app, session, world)


def test_a_slip_is_offered_issued_and_answered_on_the_case_file(desk: Desk) -> None:
    offered = desk.ask("inspector", None, desk.file).text
    assert f'value="{desk.part}:blue"' in offered and ":yellow" not in offered
    assert "须逾期3个工作日" in offered, "why the next one is not to be had"
    for role, unit in (("unit_liaison", "SLJ"), ("office_leader", None)):
        assert "act-issue_slip" not in desk.ask(role, unit, desk.file).text
    assert desk.issue().status_code == 302
    mine = desk.ask("unit_liaison", "SLJ", desk.file).text
    assert (
        "act-answer_slip" in mine and "华督蓝色〔2026〕1号" in mine and "hy-slip-blue" in mine and "蓝色督办单" in mine
    )
    others = desk.ask("unit_liaison", "ZJJ", desk.file).text
    assert "act-answer_slip" not in others and "华督蓝色" not in others
    data = {"assignment_id": str(desk.part), "answer": "已倒排工期。"}
    assert desk.ask("unit_liaison", "ZJJ", f"{desk.file}/answer_slip", data=data).status_code == 403
    assert desk.ask("unit_liaison", "SLJ", f"{desk.file}/answer_slip", data=data).status_code == 302
    assert "已倒排工期。" in desk.ask("inspector", None, desk.file).text


def test_what_is_refused_comes_back_with_the_words(desk: Desk) -> None:
    early = desk.issue("yellow")
    assert early.status_code == 403 and DEMAND in early.text and 'id="act-issue_slip" open' in early.text
    assert "须逾期3个工作日" in early.text
    empty = desk.issue(demand="")
    assert empty.status_code == 422 and "请写明要求单位做什么。" in empty.text
    assert desk.issue(slip="nonsense").status_code == 422
    assert desk.issue(slip=f"{2**70}:blue").status_code == 422
    assert desk.count(EscalationSlip) == 0
    assert desk.issue().status_code == 302
    again = desk.issue()
    assert again.status_code == 403 and DEMAND in again.text, "typed words stand above the file when the panel is gone"
    unanswered = {"assignment_id": str(desk.part), "answer": " "}
    assert desk.ask("unit_liaison", "SLJ", f"{desk.file}/answer_slip", data=unanswered).status_code == 422
    elsewhere = desk.ask("inspector", None, f"/j/huaian/matters/{desk.matter_id}/issue_slip", desk.world.huaian,
                         data={"slip": f"{desk.part}:blue", "demand": DEMAND})  # fmt: skip
    assert elsewhere.status_code == 404


def test_a_leader_decides_on_a_red_slip_where_he_decides_on_everything(desk: Desk) -> None:
    desk.issue()
    desk.now = at(2026, 4, 11)
    assert desk.issue("yellow").status_code == 302
    desk.now = at(2026, 4, 15)
    assert desk.issue("red").status_code == 302
    assert "红色督办单" not in desk.ask("unit_liaison", "SLJ", desk.file).text, "the unit hears of it when it is issued"
    cards = desk.ask("office_leader", None, "/j/huarong/approvals/").text
    assert "红色督办单" in cards and DEMAND in cards
    with desk.place.inside():
        approval = desk.session.scalars(select(Approval.id).where(Approval.purpose == "slip")).one()
    page = desk.ask("office_leader", None, desk.file).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    body = {"approval_id": approval, "opinion": "同意。", "version": int(version.group(1))}
    agreed = desk.ask("office_leader", None, f"/j/huarong/api/v1/matters/{desk.matter_id}/agree", json=body)
    assert agreed.status_code == 200, agreed.text


def test_the_list_shows_what_its_tabs_count(desk: Desk) -> None:
    desk.issue()
    desk.now = at(2026, 4, 11)
    desk.issue("yellow")
    page = desk.ask("inspector", None, "/j/huarong/urging/slips").text
    tabs = dict(re.findall(r'href="/j/huarong/urging/slips(?:\?shown=(\w+))?"[^>]*>[^<]*<span[^>]*>(\d+)</span>', page))
    assert tabs == {"": "2", "running": "1", "ran_out": "1", "answered": "0"}
    for shown, count in tabs.items():
        rows = desk.ask("inspector", None, f"/j/huarong/urging/slips?shown={shown}").text
        assert len(re.findall(r'<a class="hy-title"', rows)) == int(count)
    narrowed = desk.ask("inspector", None, f"/j/huarong/urging/slips?colour=yellow&unit={desk.unit_id}").text
    assert "黄色督办单" in narrowed and narrowed.count('<a class="hy-title"') == 1
    strange = desk.ask("inspector", None, "/j/huarong/urging/slips?colour=pink&page=99&unit=x")
    assert strange.status_code == 200 and strange.text.count('<a class="hy-title"') == 2
    assert "hy-slip" not in desk.ask("unit_liaison", "ZJJ", "/j/huarong/urging/slips").text


def test_every_number_of_the_points_leads_to_as_many_occasions(desk: Desk) -> None:
    desk.issue()
    page = desk.ask("inspector", None, "/j/huarong/urging/points").text
    cells = re.findall(r'<a href="(/j/huarong/urging/points/occasions\?[^"]+)">(\d+)', page)
    assert len(cells) >= 3
    for address, count in cells:
        rows = desk.ask("inspector", None, address.replace("&amp;", "&")).text
        assert rows.count('<a class="hy-title"') == int(count)
    mine = desk.ask("unit_liaison", "SLJ", "/j/huarong/urging/points").text
    assert "区水利局" in mine and "区住建局" not in mine and "act-" not in mine
    foreign = f"/j/huarong/urging/points/occasions?period=2026-Q2&rule=urged&unit={desk.place.units['ZJJ']}"
    assert desk.ask("unit_liaison", "SLJ", foreign).status_code == 404
    assert desk.ask("inspector", None, foreign.replace("urged", "nothing")).status_code == 404
    assert desk.ask("inspector", None, "/j/huarong/urging/points?period=1-2").status_code == 200
    nothing = desk.ask("inspector", None, "/j/huaian/urging/points", desk.world.huaian)
    assert nothing.status_code == 200 and "occasions" not in nothing.text
    assert "/urging/points" not in desk.ask("inspector", None, "/j/huaian/", desk.world.huaian).text
    assert "/urging/points" in desk.ask("inspector", None, "/j/huarong/").text


def test_a_letter_goes_out_once_and_its_unit_reads_it(desk: Desk) -> None:
    desk.issue()
    for _ in range(2):
        urged = {"assignment_ids": [str(desk.part)], "channel": "phone", "kind": "feedback", "message": "请反馈。"}
        assert desk.ask("inspector", None, f"{desk.file}/urge", data=urged).status_code == 302
    letter = f"/j/huarong/urging/points/letters?period=2026-Q2&unit={desk.unit_id}&threshold=letter"
    page = desk.ask("inspector", None, "/j/huarong/urging/points").text
    assert letter.replace("&", "&amp;") in page and "threshold=summons" not in page
    assert desk.ask("unit_leader", "SLJ", letter, data={}).status_code == 403
    assert desk.ask("inspector", None, letter, data={}).status_code == 302
    again = desk.ask("inspector", None, letter, data={})
    assert again.status_code == 409 and "本期已向该单位发过" in again.text
    refused = desk.ask("inspector", None, letter.replace("=letter", "=summons"), data={})
    assert refused.status_code == 403
    assert desk.ask("inspector", None, letter.replace(str(desk.unit_id), "x"), data={}).status_code == 404
    assert desk.count(PointsLetter) == 1
    with desk.place.inside():
        document = desk.session.scalars(select(PointsLetter.document_id)).one()
    for role, unit, expected in (
        ("inspector", None, 200),
        ("unit_leader", "SLJ", 200),
        ("unit_liaison", "SLJ", 200),
        ("unit_leader", "ZJJ", 404),
    ):
        read = desk.ask(role, unit, f"/j/huarong/documents/{document}/print")
        assert read.status_code == expected
        assert ("提醒函" in read.text) is (expected == 200)
        taken = desk.ask(role, unit, f"/j/huarong/documents/{document}.docx")
        assert taken.status_code == expected
    stranger = desk.ask("inspector", None, f"/j/huaian/documents/{document}/print", desk.world.huaian)
    assert stranger.status_code == 404
    assert f"/documents/{document}/print" in desk.ask("unit_leader", "SLJ", "/j/huarong/urging/points").text


def test_through_the_api(desk: Desk) -> None:
    api = f"/j/huarong/api/v1/matters/{desk.matter_id}"
    body = {"assignment_id": desk.part, "slip": "blue", "demand": DEMAND}
    assert desk.ask("unit_liaison", "SLJ", f"{api}/issue_slip", json=body).status_code == 403
    early = desk.ask("inspector", None, f"{api}/issue_slip", json=body | {"slip": "yellow"})
    assert (early.status_code, early.json["code"]) == (403, "slip_too_early")
    for wrong in ({}, [], body | {"assignment_id": "x"}, body | {"colour": "blue"}, body | {"slip": "x" * 50}):
        assert desk.ask("inspector", None, f"{api}/issue_slip", json=wrong).status_code == 422
    issued = desk.ask("inspector", None, f"{api}/issue_slip", json=body)
    assert issued.status_code == 201 and issued.json["slips"][0]["state"] == "issued"
    answer = {"assignment_id": desk.part, "answer": "已办。"}
    assert desk.ask("unit_liaison", "ZJJ", f"{api}/answer_slip", json=answer).status_code == 403
    answered = desk.ask("unit_liaison", "SLJ", f"{api}/answer_slip", json=answer)
    assert answered.status_code == 201 and answered.json["slips"][0]["state"] == "answered"
    assert desk.ask("inspector", None, f"/j/huarong/api/v1/matters/{2**62}/issue_slip", json=body).status_code == 404
    described = desk.ask("inspector", None, "/j/huarong/api/v1/openapi.json").json
    schema = described["components"]["schemas"]["IssueSlip"]
    assert set(schema["properties"]) == {"assignment_id", "slip", "demand"}
    assert {"/api/v1/matters/{matter_id}/issue_slip", "/api/v1/matters/{matter_id}/answer_slip"} <= set(
        described["paths"]
    )


def test_a_slip_is_withdrawn_on_the_case_file_and_its_paper_says_so(desk: Desk) -> None:
    assert desk.issue().status_code == 302
    with desk.place.inside():
        slip_id, document_id = desk.session.execute(select(EscalationSlip.id, EscalationSlip.document_id)).one()
    paper = f"/j/huarong/documents/{document_id}/print"
    assert "已撤回" not in desk.ask("inspector", None, paper).text
    assert 'id="act-withdraw_slip"' in desk.ask("inspector", None, desk.file).text
    assert 'id="act-withdraw_slip"' not in desk.ask("unit_liaison", "SLJ", desk.file).text
    address = f"{desk.file}/withdraw_slip"
    bare = desk.ask("inspector", None, address, data={"slip_id": str(slip_id), "reason": ""})
    assert bare.status_code == 422 and 'id="act-withdraw_slip" open' in bare.text
    long = desk.ask("inspector", None, address, data={"slip_id": str(slip_id), "reason": "误" * 501})
    assert long.status_code == 422 and "催办内容" not in long.text, "a reason is no urging"
    assert desk.ask("unit_liaison", "SLJ", address, data={"slip_id": str(slip_id), "reason": "误"}).status_code == 403
    assert desk.ask("inspector", None, address, data={"slip_id": "9" * 18, "reason": "误"}).status_code == 404
    done = desk.ask("inspector", None, address, data={"slip_id": str(slip_id), "reason": "对象有误。"})
    assert done.status_code == 302
    after = desk.ask("unit_liaison", "SLJ", desk.file).text
    assert "对象有误。" in after and "已撤回" in after
    assert "已撤回" in desk.ask("unit_liaison", "SLJ", paper).text
    assert "/withdraw_slip" not in desk.ask("inspector", None, desk.file).text
    said = desk.ask("inspector", None, address, data={"slip_id": str(slip_id), "reason": "再撤。"})
    assert said.status_code == 409 and "再撤。" in said.text
