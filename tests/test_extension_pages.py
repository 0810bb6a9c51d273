"""Extensions through pages and the API: asked for by the unit, decided in two clicks, told wherever the date is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.i18n import translate
from app.matters.models import Extension
from tests.conftest import MORNING
from tests.matter_life import draw_up, huarong_draft, to_handling
from tests.other_rules import profile_in_force, publish
from tests.test_api import Machine
from tests.test_case_pages import Life
from tests.test_extensions import RULES
from tests.world import World


def hidden(html: str, key: str) -> dict[str, str]:
    """The hidden fields of one panel."""
    found = re.search(rf'<details[^>]*id="act-{key}".*?</details>', html, re.DOTALL)
    assert found, f"no panel {key}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group(0)))


@pytest.fixture
def life(app: Any, session: Any, world: World) -> Life:
    """A matter in hand under rules that extend the time by approval, received and due in a month."""
    with world.huarong.inside():
        receipt = profile_in_force(world.huarong).receipt.model_dump(mode="json", exclude_defaults=True)
        publish(
            world.huarong,
            extension=RULES,
            receipt=receipt | {"decline_window_working_days": 2, "decline_signed_by_leader": True},
        )
        matter = to_handling(world.huarong)
        matter.unit("acknowledge", "SLJ")
        told = Life(app, session, world.huarong)
        told.id, told.at = matter.matter_id, MORNING
        session.commit()
    return told


def requested(life: Life, **form: str) -> Any:
    words = {"proposed_due_on": "2026-04-20", "reason": "汛期提前。", "progress": "主体完成八成。"}
    return life.report("extension", "unit_liaison", "SLJ", **words | form)


def test_asked_for_and_decided_in_two_clicks(life: Life) -> None:
    page = life.get("unit_liaison", "SLJ", "/report?kind=extension").text
    assert translate("Ask for an extension") in page
    assert "2026-05-02" in page  # how far the rules allow
    refused = requested(life, proposed_due_on="2026-05-03")
    assert refused.status_code == 422
    assert "汛期提前。" in refused.text
    assert "2026-05-03" in refused.text
    assert requested(life).status_code == 302

    for role, unit in (("inspector", None), ("unit_liaison", "SLJ"), ("office_leader", None)):
        told = life.get(role, unit).text
        assert translate(", extension being decided") in told
    leader = life.browser("office_leader")
    approvals = life._asked(leader, "get", "/j/huarong/approvals/").text
    assert approvals.count("hy-card hy-approval") == 1
    assert "汛期提前。" in approvals and "主体完成八成。" in approvals and "2026-04-20" in approvals
    question = re.search(r'id="act-agree-(\d+)"', approvals)
    assert question is not None
    fields = hidden(approvals, f"agree-{question.group(1)}")
    base = f"/j/huarong/approvals/{life.id}"
    beyond = life._asked(
        leader, "post", f"{base}/agree", data={**fields, "due_on": "2026-06-30", "opinion": "不丢的意见"}
    )
    assert beyond.status_code == 422
    assert "不丢的意见" in beyond.text and "2026-06-30" in beyond.text
    silent = life._asked(leader, "post", f"{base}/refuse", data={**fields, "opinion": " "})
    assert silent.status_code == 422
    assert translate("A reason is needed.") in silent.text
    agreed = life._asked(leader, "post", f"{base}/agree", data={**fields, "due_on": "2026-04-15", "opinion": "同意。"})
    assert agreed.status_code == 302
    again = life._asked(leader, "post", f"{base}/agree", data={**fields, "due_on": "2026-04-15", "opinion": "同意。"})
    assert again.status_code == 409
    assert "同意" in life._asked(leader, "get", "/j/huarong/approvals/?tab=decided").text

    for role, unit in (("inspector", None), ("unit_liaison", "SLJ")):
        deadline = life.get(role, unit, "?section=deadline").text
        assert translate(" (extended)") in deadline
        assert "2026-04-02" in deadline and "2026-04-15" in deadline and "本级设定" in deadline
        assert translate("Extension granted") in life.get(role, unit).text
    ledger = life._asked(life.browser("inspector"), "get", "/j/huarong/matters/").text
    assert "2026-04-15" in ledger and translate(" (extended)") in ledger


def test_decided_in_the_case_file(life: Life) -> None:
    assert requested(life).status_code == 302
    page = life.get("office_leader").text
    question = re.search(r'id="act-refuse-(\d+)"', page)
    assert question is not None
    assert "汛期提前。" in page
    fields = hidden(page, f"refuse-{question.group(1)}")
    silent = life.post("office_leader", None, "/refuse", fields | {"opinion": ""})
    assert silent.status_code == 422
    assert f'id="act-refuse-{question.group(1)}" open' in silent.text
    foreign = life.post("office_leader", None, "/agree", fields | {"approval_id": "1", "opinion": "同意的理由"})
    assert foreign.status_code == 409
    assert "同意的理由" in foreign.text
    assert life.post("office_leader", None, "/refuse", fields | {"opinion": "请按期办结。"}).status_code == 302
    assert "请按期办结。" in life.get("unit_liaison", "SLJ").text


def test_withdrawn_on_the_page_and_strangers_find_nothing(life: Life, session: Any) -> None:
    assert requested(life).status_code == 302
    life.act("withdraw_extension", "unit_liaison", "SLJ")
    with life.place.inside():
        assert session.query(Extension).one().state == "withdrawn"
        session.rollback()
    assert life.get("unit_liaison", "JYJ", "/report?kind=extension").status_code == 404
    assert life.post("unit_liaison", "JYJ", "/request_extension", life.token("unit_liaison", "JYJ")).status_code == 404


def test_the_api_asks_shows_and_decides(app: Any, life: Life, session: Any) -> None:
    """The same by machine, at the hour it is."""
    with life.place.inside():
        matter = draw_up(life.place, huarong_draft(life.place, title="另一件"), now=clock.now())
        matter.office("submit")
        matter.office("approve", "office_leader")
        matter.office("register")
        matter.file("copy", life.place.actor("inspector"))
        matter.office("dispatch", document_type="supervision_notice")
        matter.unit("acknowledge", "SLJ")
        part = matter.part("SLJ").id
        session.commit()
    unit, leader = (Machine(app, life.place, *who) for who in (("unit_liaison", "SLJ"), ("office_leader",)))
    address = f"/matters/{matter.matter_id}"
    before = unit.get(address).json
    assert "request_extension" in {one["act"] for one in before["acts"]}
    due = dt.date.fromisoformat(next(one["due_on"] for one in before["obligations"] if one["stage"] == "result"))
    sent = {"assignment_id": part, "reason": "汛期提前。", "progress": "八成。"}
    until = (due + dt.timedelta(days=7)).isoformat()
    bad = {"version": before["version"], **sent, "proposed_due_on": due.isoformat()}
    refused = unit.post(f"{address}/request_extension", bad)
    assert (refused.status_code, refused.json["code"]) == (422, "not_later")
    done = unit.post(f"{address}/request_extension", bad | {"proposed_due_on": until})
    assert done.status_code == 200, done.text
    assert done.json["extensions"][0]["state"] == "asked"
    assert done.json["questions"] == []  # what the office weighs is the office's

    seen = leader.get(address).json
    (question,) = seen["questions"]
    assert (question["purpose"], question["facts"]["proposed_due_on"]) == ("extension", until)
    offered = [one for one in seen["acts"] if one["approval_id"] == question["id"]]
    assert [one["act"] for one in offered] == ["agree", "refuse"]
    sent = {"version": seen["version"], "approval_id": question["id"]}
    bare = leader.post(f"{address}/refuse", sent)
    assert (bare.status_code, bare.json["code"]) == (422, "reason_needed")
    agreed = leader.post(f"{address}/agree", sent | {"opinion": "同意。"})
    assert agreed.status_code == 200, agreed.text
    moved = next(one for one in agreed.json["obligations"] if one["stage"] == "result")
    assert (moved["due_on"], moved["original_due_on"], moved["extended_due_on"]) == (until, due.isoformat(), until)


def test_declining_is_signed_on_the_receipt_page(app: Any, session: Any, life: Life) -> None:
    with life.place.inside():
        life.id = to_handling(life.place, title="另一件").matter_id
        session.commit()
    life.act("decline", "unit_liaison", "SLJ", tail="/receipt", reason="不属于我局职责。")
    told = translate("Sign the declining")
    assert told not in life.get("unit_liaison", "SLJ", "/receipt").text
    page = life.get("unit_leader", "SLJ", "/receipt").text
    assert told in page and "不属于我局职责。" in page
    silent = life.act("reject_decline", "unit_leader", "SLJ", tail="/receipt", refused=True, opinion="")
    assert silent.status_code == 422
    todo = life._asked(life.browser("unit_leader", "SLJ"), "get", "/j/huarong/todo/").text
    assert translate("your unit wants to decline: sign or reject it") in todo
    life.act("confirm_decline", "unit_leader", "SLJ", tail="/receipt", opinion="同意。")
    assert "不属于我局职责。" in life.get("inspector").text
