"""Beside each unit of a case file the office sees how far the notice and the last urging got; the units do not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.matters.presenting.case.units import unit_line
from app.matters.queries import case_file
from app.notifications.services import mark_all_read
from app.urging.services import urge
from tests.matter_life import MONDAY, Life, to_handling
from tests.world import World


def lines(life: Life, actor: Any) -> dict[str, dict[str, str]]:
    session = life.place.session
    file = case_file(session, actor, life.matter_id, today=MONDAY.date(), at=MONDAY)
    return {one.unit.code: dict(unit_line(file, one).receipts) for one in file.assignments}


def test_the_office_sees_who_has_the_notice_and_who_has_read_it(app: Any, session: Any, world: World) -> None:
    place = world.huarong
    with app.test_request_context(), place.inside():
        life = to_handling(place)
        office, liaison = place.actor("inspector"), place.actor("unit_liaison", "ZJJ")
        before = lines(life, office)["ZJJ"]
        assert list(before) == ["通知送达"]
        assert "已读 0 人" in before["通知送达"] and liaison.name in before["通知送达"]
        mark_all_read(session, liaison, at=MONDAY)
        after = lines(life, office)["ZJJ"]
        assert liaison.name not in after["通知送达"]
        urge(
            session,
            office,
            life.matter_id,
            [life.part("ZJJ").id],
            "system",
            "请尽快反馈。",
            "feedback",
            at=MONDAY + dt.timedelta(days=9),
        )
        urged = lines(life, office)["ZJJ"]
        assert list(urged) == ["通知送达", "最近催办送达"]
        assert liaison.name in urged["最近催办送达"]
        assert lines(life, liaison)["ZJJ"] == {}
