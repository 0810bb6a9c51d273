"""What a browser has to prove besides: a phone in few taps, two tabs that never mix, two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from app.kernel.db import db
from app.kernel.tenancy import set_based
from app.organisation.models import JurisdictionRole, Membership, membership_role
from tests.browser.conftest import PHONE, Enter, Live, Seat, sign_in
from tests.matter_life import to_handling
from tests.world import PASSWORD

TITLE = "关于整治老旧小区积水点的督办事项"


@pytest.fixture
def dispatched(live: Live, app: Any) -> str:
    """A matter that waits for its unit, signed for."""
    with app.app_context(), live.world.huarong.inside():
        life = to_handling(live.world.huarong, title=TITLE)
        life.unit("acknowledge", "SLJ", signed_by="张三")
        db.session.remove()
    return TITLE


def test_a_liaison_on_a_phone_reports_in_four_taps(live: Live, enter: Enter, dispatched: str) -> None:
    """From the list of work to a filed report: the matter, the panel, the button; typing is not a tap."""
    seat = enter(live.world.huarong, "unit_liaison", "SLJ", size=PHONE, has_touch=True, is_mobile=True)
    seat.open("/todo/")
    taps = 0

    def tap(locator: Any) -> None:
        nonlocal taps
        taps += 1
        locator.tap()

    width = seat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the page is {width} pixels wide on a phone"
    tap(seat.page.get_by_role("link", name=dispatched))
    panel = seat.panel("反馈进展")
    tap(panel.locator("summary"))
    seat.field("进展情况", panel).fill("已完成排查，正在施工。")
    tap(panel.locator("button[type=submit]"))
    seat.told()
    assert taps <= 4
    width = seat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the case file is {width} pixels wide on a phone"


def test_two_jurisdictions_in_two_tabs_never_mix(live: Live, app: Any, window: Callable[..., BrowserContext]) -> None:
    """One person, two jurisdictions, one browser: each tab stays where it is, whatever the other one does."""
    city, county = live.world.huaian, live.world.lianshui
    person_id = city.actor("inspector").person_id
    with app.app_context(), county.inside():
        db.session.add(Membership(person_id=person_id, unit_id=county.units["OFFICE"], active=True))
        db.session.commit()
        member_id = db.session.query(Membership).filter_by(person_id=person_id).one().id
        role_id = db.session.query(JurisdictionRole).filter_by(key="inspector").one().id
        row = {"jurisdiction_id": county.id, "membership_id": member_id, "role_id": role_id}
        db.session.execute(set_based(membership_role.insert().values(**row)))
        db.session.commit()
        db.session.remove()
    context = window()
    first = Seat(context.new_page(), f"{live.url}/j/huaian")
    first.open("/login/")
    sign_in(first, city.username("inspector"))
    switcher = first.page.locator("details.hy-menu-place")
    switcher.locator("summary").click()
    with context.expect_page() as opened:
        switcher.get_by_role("link", name="涟水县人民政府").click(modifiers=["ControlOrMeta"])
    second = Seat(opened.value, f"{live.url}/j/lianshui")
    expect(second.page).to_have_url(re.compile(r"/j/lianshui/$"))
    for _round in range(2):
        for seat, here, there in ((first, "淮安市", "涟水县"), (second, "涟水县", "淮安市")):
            seat.open("/matters/register")
            place = seat.page.locator("details.hy-menu-place > summary")
            expect(place).to_contain_text(here)
            expect(place).not_to_contain_text(there)
            for link in seat.page.locator("a[href^='/j/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"):
                assert link.startswith(seat.root.removeprefix(live.url)) or link.endswith("/"), link
    units = {seat.root[-8:]: seat.page.get_by_role("radio").count() for seat in (first, second)}
    assert len(set(units.values())) == 2, "each tab offers its own units"


def test_a_stranger_to_a_jurisdiction_is_told_there_is_nothing(live: Live, enter: Enter) -> None:
    seat = enter(live.world.lianshui, "inspector")
    answer = seat.page.goto(f"{live.url}/j/huaian/matters/")
    assert answer is not None
    assert answer.status == 404
    expect(seat.page.get_by_text("淮安")).to_have_count(0)


def test_the_language_is_switched_there_and_back(live: Live, enter: Enter) -> None:
    seat = enter(live.world.huarong, "inspector")
    seat.open("/todo/")
    expect(seat.page.get_by_role("heading", level=1)).to_contain_text("待办")
    seat.page.locator("details.hy-menu > summary").last.click()
    seat.page.get_by_role("link", name="English").click()
    seat.open("/todo/")
    expect(seat.page.locator("html")).to_have_attribute("lang", "en")
    expect(seat.page.get_by_role("heading", level=1)).to_have_text("To do")
    expect(seat.page.get_by_role("navigation", name="Main navigation")).to_be_visible()
    seat.page.locator("details.hy-menu > summary").last.click()
    seat.page.get_by_role("link", name="中文").click()
    seat.open("/todo/")
    expect(seat.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(seat.page.get_by_role("heading", level=1)).to_contain_text("待办")


def test_the_keyboard_alone_signs_in_and_skips_to_the_content(
    live: Live, window: Callable[..., BrowserContext]
) -> None:
    page = window().new_page()
    page.goto(f"{live.url}/j/huarong/login/")
    seat = Seat(page, f"{live.url}/j/huarong")
    seat.field("用户名").focus()
    page.keyboard.type(live.world.huarong.username("inspector"))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="主导航")).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "hy-main"
