"""一键催办 in a browser: ticked in the ledger, previewed, sent, read by the unit, answered; with a script and without one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from app.kernel import clock
from app.kernel.db import db
from tests.browser.conftest import Enter, Live, Seat
from tests.matter_life import to_handling
from tests.world import Place


def prepared(app: Any, place: Place, *titles: str) -> None:
    """Matters that 区水利局 leads and has signed for."""
    with app.app_context():
        with place.inside():
            for title in titles:
                life = to_handling(place, title=title)
                life.now = clock.now()
                life.unit("acknowledge", "SLJ", signed_by="张三", leader_in_charge="王局长")
        db.session.remove()


def tick(seat: Seat, *titles: str) -> None:
    """Tick matters in the ledger."""
    seat.open("/matters/")
    for title in titles:
        seat.page.locator("tr").filter(has_text=title).get_by_role("checkbox").check()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_ledger_to_the_answer(enter: Enter, live: Live, app: Any, scripts: bool) -> None:
    place = live.world.huarong
    titles = tuple(f"{name}{'甲' if scripts else '乙'}" for name in ("城区内涝整治事项", "渠道清淤事项"))
    prepared(app, place, *titles)
    inspector = enter(place, "inspector", java_script_enabled=scripts)
    tick(inspector, *titles)
    inspector.press("一键催办")
    page = inspector.page
    lines = page.locator("tbody tr")
    lead = lines.filter(has_text="区水利局")
    expect(lead).to_have_count(2)
    for line in lines.filter(has_text="区住建局").all():
        line.get_by_role("checkbox").uncheck()
    inspector.field("内容").fill("请{单位}三日内书面反馈《{事项}》。")
    inspector.press("重新预览")
    inspector.shows(f"请区水利局三日内书面反馈《{titles[0]}》。")
    expect(page.locator("tbody input:checked")).to_have_count(2)
    page.get_by_role("button", name="发送催办").click()
    inspector.told()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_text("尚未回应").nth(1)).to_be_visible()

    tick(inspector, *titles)
    inspector.press("一键催办")
    expect(page.locator("tbody tr").filter(has_text="区水利局").filter(has_text="今天已催办过")).to_have_count(2)

    unit = enter(place, "unit_liaison", "SLJ")
    unit.open("/urging/log?outcome=waiting")
    unit.shows(f"请区水利局三日内书面反馈《{titles[0]}》。")
    unit.page.get_by_role("link", name=titles[0]).first.click()
    unit.shows("催办情况")
