"""A conclusion is served, objected to and reviewed; a department supervises by delegation. In a browser, in 规范区."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from app.kernel import clock
from app.kernel.db import db
from tests import regulation_house
from tests.browser.conftest import Enter, Live, Seat
from tests.world import Place


@pytest.fixture(scope="module")
def guifan(live: Live, app: Any) -> Iterator[Place]:
    """A jurisdiction opened from the preset after the regulation."""
    with app.app_context():
        yield regulation_house.build(db.session)
        db.session.remove()


def look(seat: Seat, name: str) -> None:
    """Kept for whoever wants to see the page."""


def test_a_conclusion_is_served_objected_to_and_reviewed(enter: Enter, guifan: Place, app: Any) -> None:
    with guifan.inside():
        life = regulation_house.to_closing(guifan, clock.now(), co_unit_ids=[])
        address = f"/matters/{life.matter_id}"
        db.session.rollback()
    inspector, unit = enter(guifan, "inspector"), enter(guifan, "unit_liaison", "JTJ")
    inspector.take("农村公路养护资金")
    look(inspector, "serve")
    inspector.act("送达督查结论", 督查结论="养护资金拨付及时，个别票据不规范。\n建议完善台账。")
    inspector.told()
    look(inspector, "served")

    unit.take("农村公路养护资金")
    look(unit, "sign")
    unit.act("签收督查结论", 签收人="张三")
    unit.told()
    unit.act("对结论提出异议", 理由="所列票据已补正，请予复核。")
    unit.told()
    unit.open(f"{address}?section=conclusion")
    unit.shows("所列票据已补正，请予复核。")
    look(unit, "objected")

    inspector.open(address)
    inspector.shows("异议正在复核")
    expect(inspector.panel("作出复核决定")).to_have_count(0)  # took part, so somebody else decides
    expect(inspector.panel("销号")).to_have_count(0)
    look(inspector, "waiting")

    leader = enter(guifan, "office_leader")
    leader.take("农村公路养护资金")
    look(leader, "decide")
    leader.panel("作出复核决定").locator("summary").click() if leader.panel("作出复核决定").get_attribute(
        "open"
    ) is None else None
    leader.act("作出复核决定", ticks=("变更督查结论",), 理由="票据已补正，删去该项结论。")
    leader.told()
    leader.open(f"{address}?section=conclusion")
    leader.shows("已变更")
    look(leader, "decided")

    inspector.open(address)
    inspector.act("销号", 办理结果="养护资金使用合规。")
    inspector.told()


def test_a_department_supervises_while_it_is_delegated(enter: Enter, guifan: Place) -> None:
    today = clock.today()
    with guifan.inside():
        life = regulation_house.to_dispatch(guifan, clock.now(), title="关于小水库除险加固的督查", co_unit_ids=[])
        life.office("dispatch", document_type="supervision_notice")
        address = f"/matters/{life.matter_id}"
        db.session.rollback()
    inspector, auditors = enter(guifan, "inspector"), enter(guifan, "delegated_inspector", "SJJ")
    auditors.open("/matters/")
    expect(auditors.page.get_by_text("小水库除险加固")).to_have_count(0)
    inspector.open(address)
    panel = inspector.panel("指定部门督查")
    panel.locator("summary").click()
    inspector.field("部门", panel).select_option(label="规范区审计局")
    look(inspector, "delegate")
    inspector.act(
        "指定部门督查",
        范围="除险加固资金",
        职责="核查账目。",
        自=today.isoformat(),
        至=today.isoformat(),
        指定文件文号="规政发〔2026〕7号",
    )
    inspector.told()
    inspector.open(f"{address}?section=conclusion")
    inspector.shows("规政发〔2026〕7号")
    look(inspector, "delegated")
    auditors.open(address)
    auditors.shows("小水库除险加固")
    look(auditors, "auditors")
    inspector.open(address)
    inspector.act("终止指定督查", 理由="政府另有安排。")
    inspector.told()
    auditors.open(address)
    expect(auditors.page.get_by_text("小水库除险加固")).to_have_count(0)
