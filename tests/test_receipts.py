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
        assert list(before) == ["Arrival of the notice"]
        assert "read by 0" in before["Arrival of the notice"] and liaison.name in before["Arrival of the notice"]
        mark_all_read(session, liaison, at=MONDAY)
        after = lines(life, office)["ZJJ"]
        assert liaison.name not in after["Arrival of the notice"]
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
        assert list(urged) == ["Arrival of the notice", "Arrival of the last urging"]
        assert liaison.name in urged["Arrival of the last urging"]
        assert lines(life, liaison)["ZJJ"] == {}
