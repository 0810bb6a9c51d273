"""Conclusions between other acts: nobody left to review, the last day, and a department that may not judge itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.kernel.errors import HuiyinError, NotFound
from app.matters.queries.todo import count_todo, todo
from tests import regulation_house
from tests.matter_life import Life, at
from tests.world import Place


@pytest.fixture
def guifan(session: Any) -> Any:
    place = regulation_house.build(session)
    with place.inside():
        yield place


def served(place: Place, **demand: Any) -> Life:
    life = regulation_house.to_closing(place)
    life.office("serve_conclusion", text="情况属实。", **demand)
    for code in ("JTJ", "CGZ"):
        life.unit("acknowledge_conclusion", code)
    return life


def counted(life: Life) -> None:
    today = life.now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    for role, unit in life.place.people:
        actor = life.place.actor(role, unit)
        assert count_todo(life.place.session, actor, today) == len(todo(life.place.session, actor, today)), (role, unit)


def test_the_last_day_is_a_day_and_the_day_after_is_not(guifan: Place) -> None:
    life = served(guifan)
    life.now = at(2026, 4, 1, 23)
    life.unit("object", "CGZ", reason="不属实。")
    counted(life)
    life.now = at(2026, 4, 2, 0)
    with pytest.raises(HuiyinError):
        life.unit("object", "JTJ", reason="不属实。")
    with pytest.raises(HuiyinError):
        life.office("close_out", result="已办结。")
    counted(life)


def test_where_everybody_took_part_the_objection_waits_for_somebody_who_did_not(guifan: Place) -> None:
    life = served(guifan)
    life.unit("object", "CGZ", reason="不属实。")
    part = life.part("CGZ").id
    with pytest.raises(HuiyinError):
        life.office("decide_objection", assignment_id=part, decision="upheld", text="维持。")
    counted(life)
    for role, unit in guifan.people:
        waits = [one.act for one in todo(guifan.session, guifan.actor(role, unit), life.now.date())]
        if "decide_objection" in waits:
            life.office("decide_objection", role, unit, assignment_id=part, decision="revoked", text="撤销。")
            break
    counted(life)


def test_a_delegated_department_is_not_given_the_matter_to_handle(guifan: Place) -> None:
    life = regulation_house.to_dispatch(guifan)
    life.office("dispatch", document_type="supervision_notice")
    life.office(
        "delegate", unit_id=guifan.units["SJJ"], scope="专项督查", duty="核查资金", from_on="2026-03-02",
        until_on="2026-03-10", document_no="规政函〔2026〕1号",
    )  # fmt: skip
    life.unit("decline", "JTJ", reason="不属本单位。")
    if life.part("JTJ").state != "declined":
        life.do("confirm_decline", guifan.actor("unit_leader", "JTJ"), assignment_id=life.part("JTJ").id)
    with pytest.raises(HuiyinError):
        life.office("reassign", assignment_id=life.part("JTJ").id, unit_id=guifan.units["SJJ"])
    life.now = at(2026, 3, 11)
    with pytest.raises((NotFound, HuiyinError)):
        life.do("suspend", guifan.actor("unit_liaison", "SJJ"), reason="等批复。")
    life.office("reassign", assignment_id=life.part("JTJ").id, unit_id=guifan.units["SLJ"])
    counted(life)
