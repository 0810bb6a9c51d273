"""Declining where the unit's leader signs it: proposed within the window, done only with the signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.outbox import Letter
from app.matters import queries
from tests.matter_life import Life, at, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    with world.huarong.inside():
        receipt = profile_in_force(world.huarong).receipt.model_dump(mode="json", exclude_defaults=True)
        publish(world.huarong, receipt=receipt | {"decline_window_working_days": 2, "decline_signed_by_leader": True})
        yield world.huarong


def leader(life: Life, act: str, **words: Any) -> None:
    life.do(act, life.place.actor("unit_leader", "SLJ"), assignment_id=life.part("SLJ").id, **words)


def waits_for(life: Life, role: str, unit: str) -> list[str]:
    actor, today = life.place.actor(role, unit), life.now.date()
    found = queries.todo(life.place.session, actor, today)
    assert queries.count_todo(life.place.session, actor, today) == len(found)
    return [one.act.value for one in found if one.matter.id == life.matter_id]


def test_proposed_by_the_liaison_and_signed_by_the_leader(huarong: Place) -> None:
    life = to_handling(huarong)
    life.now = at(2026, 3, 4)
    life.unit("decline", "SLJ", reason="不属于我局职责。")
    part = life.part("SLJ")
    assert (part.state, part.decline_reason) == ("notified", "不属于我局职责。")
    assert life.matter.lead_unit_id == huarong.units["SLJ"]
    letters = huarong.session.query(Letter).filter(Letter.kind == "matter.decline_proposed", Letter.channel == "inbox")
    assert {one.recipient_id for one in letters} == {huarong.actor("unit_leader", "SLJ").person_id}
    assert "confirm_decline" in waits_for(life, "unit_leader", "SLJ")
    assert "confirm_decline" not in waits_for(life, "unit_liaison", "SLJ")
    assert "confirm_decline" not in waits_for(life, "unit_leader", "ZJJ")

    with pytest.raises(Conflict) as twice:
        life.unit("decline", "SLJ", reason="再次说明。")
    assert twice.value.code == "decline_waits"
    strangers = {"right_missing": ("unit_liaison", "SLJ"), "not_your_unit": ("unit_leader", "ZJJ")}
    for code, who in strangers.items():
        with pytest.raises(Refused) as stranger:
            life.do("confirm_decline", huarong.actor(*who), assignment_id=part.id)
        assert stranger.value.code == code

    life.now = at(2026, 3, 6)  # the window was kept by the proposal
    leader(life, "confirm_decline", opinion="同意退回。")
    assert (part.state, part.decline_proposed_at, life.matter.lead_unit_id) == ("declined", None, None)
    assert waits_for(life, "inspector", "OFFICE") == ["reassign"]
    with pytest.raises(Conflict) as done:
        leader(life, "confirm_decline")
    assert done.value.code == "nothing_to_sign"


def test_not_signed_the_unit_keeps_its_part(huarong: Place) -> None:
    life = to_handling(huarong)
    life.unit("decline", "SLJ", reason="不属于我局职责。")
    with pytest.raises(Invalid) as bare:
        leader(life, "reject_decline", opinion=" ")
    assert set(bare.value.fields) == {"opinion"}
    leader(life, "reject_decline", opinion="属我局职责，请办理。")
    part = life.part("SLJ")
    assert (part.state, part.decline_reason, part.decline_proposed_at) == ("notified", None, None)
    life.unit("acknowledge", "SLJ")
    letters = huarong.session.query(Letter).filter(Letter.kind == "matter.decline_rejected", Letter.channel == "inbox")
    assert {one.recipient_id for one in letters} == {huarong.actor("unit_liaison", "SLJ").person_id}


def test_a_leader_who_declines_himself_has_signed(huarong: Place) -> None:
    life = to_handling(huarong)
    leader(life, "decline", reason="不属于我局职责。")
    assert life.part("SLJ").state == "declined"


def test_after_the_window_nothing_can_be_proposed(huarong: Place) -> None:
    life = to_handling(huarong)
    life.now = at(2026, 3, 5)
    with pytest.raises(Conflict) as late:
        life.unit("decline", "SLJ", reason="不属于我局职责。")
    assert late.value.code == "window_closed"


def test_shipped_rules_want_no_signature(world: World) -> None:
    with world.huarong.inside():
        life = to_handling(world.huarong)
        life.unit("decline", "SLJ", reason="不属于我局职责。")
        assert life.part("SLJ").state == "declined"


def test_nothing_is_reported_while_a_declining_waits_for_its_signature(huarong: Place) -> None:
    life = to_handling(huarong)
    life.unit("acknowledge", "SLJ", signed_by="李四", leader_in_charge="王五")
    life.unit("decline", "SLJ", reason="不属于我局职责。")
    with pytest.raises(Conflict) as waits:
        life.unit("report_progress", "SLJ", text="已开始办理。")
    assert waits.value.code == "decline_waits"
    leader(life, "reject_decline", opinion="属我局职责，请办理。")
    life.unit("report_progress", "SLJ", text="已开始办理。")
    assert life.part("SLJ").state == "in_progress"
