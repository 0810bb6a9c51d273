"""Taking printed ledgers over into drafts: nothing twice, nothing lost, nothing past the procedure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.errors import Invalid, Refused
from app.matters.models import Assignment, Matter
from app.reporting.rules import describe, read_sheet
from app.reporting.services import import_ledger
from tests.conftest import MORNING
from tests.world import World

LEDGER = """2026年《政府工作报告》任务分解表,,,,
序号,项目名称,责任单位,完成时限,备注
1,整治老旧小区积水点,区住建局、区水利局、段店镇,12月底前,
2,新建公交站亭二十座,区交通运输局,9月投入使用,
3,建成智慧养老平台,区大数据局,年内,
4,,区民政局,年内,
""".encode()


def test_rows_become_drafts_under_the_jurisdictions_own_units(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        done = import_ledger(session, place.actor("inspector"), read_sheet(LEDGER), at=MORNING)
        assert (done.taken, done.known) == (3, 0)
        assert [(fault.row, fault.code, fault.fatal) for fault in done.faults] == [
            (5, "unit_unknown", False),
            (6, "title_missing", True),
        ]
        for fault in done.faults:
            msgid, values = describe(fault)
            assert msgid % values
        matters = list(session.scalars(select(Matter).order_by(Matter.id)))
        assert {matter.state for matter in matters} == {"draft"}
        first, _, third = matters
        assert first.source.key == "work_report"
        assert first.stated_due_on == dt.date(2026, 12, 31)
        assert first.stated_due_words == "12月底前"
        parts = session.scalars(
            select(Assignment).where(Assignment.matter_id == first.id).order_by(Assignment.position)
        )
        assert [(part.role, part.unit_id) for part in parts] == [
            ("lead", place.units["ZJJ"]),
            ("co", place.units["SLJ"]),
            ("co", place.units["DDZ"]),
        ]
        assert (third.lead_unit_id, third.named_units) == (None, {"lead": "区大数据局", "co": []})


def test_the_same_ledger_again_takes_nothing_and_another_jurisdiction_takes_its_own(session: Any, world: World) -> None:
    for place in (world.huarong, world.lianshui):
        with place.inside():
            actor = place.actor("inspector")
            assert import_ledger(session, actor, read_sheet(LEDGER), at=MORNING).taken == 3
            again = import_ledger(session, actor, read_sheet(LEDGER), at=MORNING)
            assert (again.taken, again.known) == (0, 3)
            assert session.scalar(select(func.count()).select_from(Matter)) == 3


def test_missing_units_are_added_only_when_asked(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        done = import_ledger(session, place.actor("inspector"), read_sheet(LEDGER), create_units=True, at=MORNING)
        assert done.units_added == 1
        assert [fault.code for fault in done.faults] == ["title_missing"]
        lead = session.scalars(select(Matter).where(Matter.title == "建成智慧养老平台")).one().lead_unit
        assert lead.name == "区大数据局"


def test_who_may_not_import_and_what_is_no_source(session: Any, world: World) -> None:
    place = world.huaian
    with place.inside():
        with pytest.raises(Refused):
            import_ledger(session, place.actor("vice_mayor"), read_sheet(LEDGER), at=MORNING)
        with pytest.raises(Invalid):
            import_ledger(session, place.actor("inspector"), read_sheet(LEDGER), source_key="petition", at=MORNING)
        assert session.scalar(select(func.count()).select_from(Matter)) == 0
