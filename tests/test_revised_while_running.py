"""What a revision takes away stays with the matters listed before it: their papers, roles, sources and steps."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel.errors import HuiyinError
from app.matters.queries import case_file
from tests.matter_life import MONDAY, Life, at, draw_up, huarong_draft
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World

REVISED = at(2026, 3, 3)
TAKEN_OUT = "special_supervision_letter"


def _plain(place: Place, name: str) -> Any:
    return profile_in_force(place).model_dump(mode="json", exclude_defaults=True)[name]


def _revise(place: Place) -> None:
    """Take out a paper, a source and the step of closing out; the review is the leaders' alone."""
    steps = [step for step in _plain(place, "procedure")["steps"] if step["key"] != "closing"]
    for step in steps:
        if step["kind"] == "review":
            step["who"] = ["office_leader"]
    publish(
        place,
        at=REVISED,
        document_types=[one for one in _plain(place, "document_types") if one["key"] != TAKEN_OUT],
        dispatch=_plain(place, "dispatch") | {"document_types": ["supervision_notice"]},
        matter_sources=[one for one in _plain(place, "matter_sources") if one["key"] != "district_meeting"],
        procedure={"steps": steps},
    )


def _to_dispatch(life: Life) -> Life:
    life.office("submit")
    life.office("approve", "office_leader", opinion="同意。")
    life.office("register")
    life.file("copy", life.place.actor("inspector"))
    return life


def _end(life: Life, reviewer: str) -> None:
    place = life.place
    life.unit("acknowledge", "SLJ", signed_by="李四", leader_in_charge="王五")
    file = life.file("report", place.actor("unit_liaison", "SLJ"))
    life.unit("report_completion", "SLJ", text="已办结。", document_no="华水〔2026〕5号", attachment_ids=[file])
    life.office("accept", reviewer, criteria=[one.key for one in profile_in_force(place).completion.criteria])


def test_an_old_matter_is_finished_with_what_it_was_listed_with(world: World) -> None:
    place = world.huarong
    with place.inside():
        old = _to_dispatch(draw_up(place, huarong_draft(place)))
        _revise(place)
        old.now = at(2026, 3, 4)
        old.office("dispatch", document_type=TAKEN_OUT)
        _end(old, "inspector")
        assert old.matter.step_key == "closing"
        old.office("close_out", result="已办结。")
        old.office("archive", archive_no="2026-1")
        assert old.matter.state == "archived"
        file = case_file(place.session, place.actor("inspector"), old.matter_id, today=old.now.date(), at=old.now)
        assert file.matter.source.short_name == "区政府会议决定"


def test_a_new_matter_has_neither_the_paper_nor_the_source_nor_the_step(world: World) -> None:
    place = world.huarong
    with place.inside():
        _revise(place)
        with pytest.raises(HuiyinError):
            draw_up(place, huarong_draft(place), now=at(2026, 3, 4))
        new = _to_dispatch(draw_up(place, huarong_draft(place, source="other"), now=at(2026, 3, 4)))
        with pytest.raises(HuiyinError):
            new.office("dispatch", document_type=TAKEN_OUT)
        new.office("dispatch", document_type="supervision_notice")
        with pytest.raises(HuiyinError):
            _end(new, "inspector")
        new.office("accept", "office_leader", criteria=[one.key for one in profile_in_force(place).completion.criteria])
        assert new.matter.step_key == "archiving"


def test_another_jurisdictions_matters_notice_nothing(world: World) -> None:
    with world.huarong.inside():
        _revise(world.huarong)
    with world.lianshui.inside():
        code, *_ = [unit for role, unit in world.lianshui.people if role == "unit_liaison"]
        draft = huarong_draft(world.huarong) | {"lead_unit_id": world.lianshui.units[code], "co_unit_ids": []}
        life = draw_up(world.lianshui, draft, now=MONDAY)
        assert life.matter.state == "draft"
