"""The ladder is set in the browser and acts: a step is added, a wrong one is refused at its place, the clocks follow it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from app.kernel import clock
from app.urging.queries import house_in_force
from app.urging.rules import steps_as_rows
from tests.browser.conftest import PHONE, Enter, Live
from tests.browser.editor_hand import Hand

FIRST = "reminders-ladders-0"


def test_a_step_is_added_and_the_clock_follows(app: Any, live: Live, enter: Enter) -> None:
    place = live.world.huarong
    assert all(row["key"] != "dqqwr" for row in in_force(app, place))
    seat = enter(place, "administrator")
    page, hand = seat.page, Hand(seat, {})
    hand.open("reminders")
    expect(page.locator(f"#f-{FIRST} > summary")).to_contain_text("一般事项")
    hand.entry(FIRST)
    expect(page.locator(f"#f-{FIRST}-steps-0 > summary")).to_contain_text("进入预警期")
    # opening a step, or adding one, leaves its ladder open
    hand.entry(f"{FIRST}-steps-0")
    where = hand.add(f"{FIRST}-steps")
    expect(page.locator(f"#f-{FIRST}")).to_have_attribute("open", "")
    hand.put(where, {"name": "到期前五日", "relative_to": "due", "offset": 5, "to_unit": ["unit_leader"]})
    hand.put("reminders-hour", 8)
    hand.save()
    # five days after the due date is no step before it: the check says so, at its place
    hand.entry(FIRST)
    hand.entry(where)
    expect(page.locator(f"#f-{where}")).to_contain_text("5 天已在到期之后")
    hand.put(f"{where}-offset", -5)
    hand.save()
    page.get_by_text("没有问题，可以发布").wait_for()
    hand.entry(FIRST)
    expect(page.locator(f"#f-{where} > summary")).to_contain_text("到期前5 个工作日 · 承办单位主管领导")
    page.set_viewport_size(PHONE)
    page.locator(".hy-confirm > summary").first.click()  # the question beside the button stays on the screen
    expect(page.locator(".hy-confirm-box").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    seat.open("/settings/profile/")
    panel = seat.panel("发布")
    panel.locator("summary").click()
    seat.field("生效日期", panel).fill(clock.today().isoformat())
    seat.field("理由", panel).fill("办公会议定")
    panel.locator("button[type=submit]").click()
    seat.told()
    added = [row for row in in_force(app, place) if row["key"] == "dqqwr"]
    assert [(row["base"], row["days"], row["unit_roles"]) for row in added] == [("due", -5, ["unit_leader"])]


def in_force(app: Any, place: Any) -> list[dict[str, Any]]:
    """The steps by which the place reminds now."""
    with app.app_context(), place.inside():
        house = house_in_force(place.session, place.id, clock.today())
        assert house is not None
        return steps_as_rows(house)
