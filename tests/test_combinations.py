"""Acts on top of one another: what one leaves behind must not trip the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.kernel.errors import HuiyinError
from app.kernel.outbox import Letter
from app.matters.models import Approval, Obligation
from app.matters.queries.todo import count_todo, todo
from app.urging.services import sweep_jurisdiction
from tests import regulation_house
from tests.matter_life import Life, at, to_handling
from tests.other_rules import profile_in_force, publish
from tests.test_extensions import RULES, request, result
from tests.test_third_regulation import CRITERIA
from tests.world import Place, World


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    with world.huarong.inside():
        yield world.huarong


def in_hand(place: Place, **sections: Any) -> Life:
    """A matter that both units have signed for; the lead's result is due 2026-04-02."""
    publish(place, **{"extension": RULES} | sections)
    life = to_handling(place)
    life.unit("acknowledge", "SLJ")
    life.unit("acknowledge", "ZJJ")
    return life


def report(life: Life, text: str) -> None:
    file = life.file("report", life.place.actor("unit_liaison", "SLJ"))
    life.unit("report_completion", "SLJ", text=text, document_no="水〔2026〕5号", attachment_ids=[file])


def clock(life: Life, stage: str, state: str = "open") -> Obligation:
    found: Obligation = (
        life.place.session.query(Obligation)
        .filter(Obligation.matter_id == life.matter_id, Obligation.stage == stage, Obligation.state == state)
        .order_by(Obligation.id.desc())
        .first()
    )
    return found


def test_a_pause_gives_a_returned_unit_the_days_it_lost_and_no_others(huarong: Place) -> None:
    life = in_hand(huarong)
    report(life, "已办结。")
    life.office("return_for_rework", failed=["facts"], opinion="数据不实。")
    first = clock(life, "rework")
    before = (first.start_on, first.due_on)
    life.now = at(2026, 3, 3)
    life.office("suspend", reason="等上级批复。")
    life.now = at(2026, 3, 5)
    life.office("resume")
    after = clock(life, "rework")
    assert (after.start_on, before[0]) == (before[0], dt.date(2026, 3, 2))
    assert after.due_on == huarong_working_days_after(huarong, before[1], 2)


def huarong_working_days_after(place: Place, day: dt.date, amount: int) -> dt.date:
    from app.deadlines.queries import calendar_for

    return calendar_for(place.session, place.id).nth_working_day_after(day, amount)


def test_nobody_answers_while_a_matter_is_paused_so_the_answer_is_not_due_either(huarong: Place) -> None:
    life = in_hand(huarong)
    life.now = at(2026, 3, 4)
    request(life)
    assert clock(life, "extension_answer").due_on == dt.date(2026, 3, 6)
    life.office("suspend", reason="等上级批复。")
    approval = huarong.session.query(Approval).filter(Approval.purpose == "extension").one()
    life.now = at(2026, 3, 11)
    with pytest.raises(HuiyinError):
        life.office("agree", "office_leader", approval_id=approval.id)
    life.office("resume")
    assert clock(life, "extension_answer").due_on == dt.date(2026, 3, 12)
    life.office("agree", "office_leader", approval_id=approval.id, due_on="2026-04-20")
    assert result(life).due_on == dt.date(2026, 4, 20)


def test_cancelled_while_more_time_is_asked_for_then_reopened(huarong: Place) -> None:
    life = in_hand(huarong)
    life.now = at(2026, 3, 4)
    extension = request(life)
    life.office("suspend", reason="等上级批复。")
    life.office("cancel", "inspector", reason="事项已并入其他督查。")
    assert extension.state == "withdrawn"
    approval = huarong.session.query(Approval).filter(Approval.purpose == "extension").one()
    assert approval.state == "withdrawn"
    assert (
        not huarong.session.query(Obligation)
        .filter(Obligation.matter_id == life.matter_id, Obligation.state == "open")
        .count()
    )
    life.office("reopen", "inspector", reason="重新督办。")
    assert life.matter.result is None
    report(life, "泵站已验收。")
    life.office("accept", criteria=CRITERIA)
    assert life.matter.result == "泵站已验收。"


def test_after_a_cancellation_was_a_mistake_every_unit_is_asked_again(huarong: Place) -> None:
    publish(huarong, extension=RULES)
    life = to_handling(huarong)
    life.unit("acknowledge", "SLJ")
    life.office("cancel", "inspector", reason="录重了。")
    life.now = at(2026, 3, 9)
    life.office("reopen", "inspector", reason="并未重复，恢复督办。")
    assert clock(life, "rework").due_on == dt.date(2026, 3, 16)
    assert clock(life, "contribution").due_on == dt.date(2026, 3, 12), "two working days before the lead's new date"
    assert clock(life, "acknowledgement").assignment_id == life.part("ZJJ").id, "it never signed, so it still must"
    report(life, "已办结。")
    life.office("accept", criteria=CRITERIA)
    life.office("reopen", "inspector", reason="群众反映未落实。")
    assert clock(life, "contribution") is None, "an opinion that was taken with the result is not asked for again"


def test_a_second_report_is_the_result_after_a_reopening(huarong: Place) -> None:
    life = in_hand(huarong)
    report(life, "第一次办结。")
    life.office("accept", criteria=CRITERIA)
    assert life.matter.result == "第一次办结。"
    life.office("reopen", "inspector", reason="群众反映未落实。")
    report(life, "第二次办结。")
    life.office("accept", criteria=CRITERIA)
    assert life.matter.result == "第二次办结。"


def test_a_unit_is_reminded_of_what_it_must_put_right_after_its_report_was_accepted(session: Any) -> None:
    place = regulation_house.build(session)
    with place.inside():
        life = regulation_house.to_closing(place)
        life.office("serve_conclusion", text="存在滞留资金。", rectification="拨付到位。", rectify_by="2026-03-20")
        assert clock(life, "rectification_result").due_on == dt.date(2026, 3, 20)
    sweep_jurisdiction(session, place.id, at(2026, 3, 23))
    with place.inside():
        rows = session.query(Letter).filter(Letter.kind == "obligation.overdue", Letter.channel == "inbox").all()
        stages = {(one.facts["stage"], one.recipient_id) for one in rows}
        assert ("rectification_result", place.actor("unit_liaison", "JTJ").person_id) in stages


def test_a_review_is_spoken_of_after_the_matter_was_closed_out(session: Any) -> None:
    place = regulation_house.build(session)
    with place.inside():
        life = regulation_house.to_closing(place)
        life.office("serve_conclusion", text="情况属实。")
        for code in ("JTJ", "CGZ"):
            life.unit("acknowledge_conclusion", code)
        life.unit("object", "CGZ", reason="不属实。")
        review = clock(life, "conclusion_review")
        assert review.due_on == dt.date(2026, 4, 1)
    sweep_jurisdiction(session, place.id, at(2026, 4, 7))
    with place.inside():
        rows = session.query(Letter).filter(Letter.kind == "obligation.overdue").all()
        assert "conclusion_review" in {one.facts["stage"] for one in rows}


AFTERWARDS = {"key": "afterwards", "article": "本级设定", "stage": "after_completion", "rule": "months", "amount": 1,
              "start_event": "completed"}  # fmt: skip


@pytest.mark.parametrize("guard", [True, False])
def test_a_report_owed_afterwards_waits_with_its_unit_and_keeps_the_file_open_where_the_rule_says_so(
    huarong: Place, guard: bool
) -> None:
    known = [one.model_dump(mode="json") for one in profile_in_force(huarong).deadline_rules]
    life = in_hand(huarong, deadline_rules=[*known, AFTERWARDS | {"guard": guard}])
    report(life, "已办结。")
    liaison = huarong.actor("unit_liaison", "SLJ")
    assert todo(huarong.session, liaison, life.now.date()) == []
    life.office("accept", criteria=CRITERIA)
    (owed,) = todo(huarong.session, liaison, life.now.date())
    assert (owed.act, owed.due_on) == ("report_progress", dt.date(2026, 4, 2))
    assert count_todo(huarong.session, liaison, life.now.date()) == 1
    assert todo(huarong.session, huarong.actor("unit_liaison", "ZJJ"), life.now.date()) == []
    if guard:
        with pytest.raises(HuiyinError):
            life.office("close_out", result="已办结。")
        assert life.matter.closed_out_at is None
    else:
        life.office("close_out", result="已办结。")
    life.unit("report_progress", "SLJ", text="运行正常。")
    assert todo(huarong.session, liaison, life.now.date()) == []
