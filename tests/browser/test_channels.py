"""An administrator connects the office's work chat, on a desk; the list holds on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Enter, Live
from tests.fake_vendors import FakeVendor, allowed_vendor

SECRET = "k3y-that-nobody-may-read"


@pytest.fixture
def vendor(app: Any) -> Iterator[FakeVendor]:
    with allowed_vendor(app) as one:
        yield one


def test_a_robot_is_connected_tried_and_put_to_use(live: Live, enter: Enter, vendor: FakeVendor) -> None:
    """From the webhook as it was copied to the first message in the group, with a refusal on the way."""
    seat = enter(live.world.huarong, "administrator")
    seat.follow("消息通道")
    seat.follow("钉钉群机器人")
    seat.field("Webhook").fill(f"{vendor.url}/robot/send?access_token={SECRET}")
    seat.press("保存")
    seat.told()
    vendor.answer = {"errcode": 310000, "errmsg": "keywords not in content"}
    seat.press("试发一条")
    expect(seat.page.get_by_role("alert")).to_contain_text("机器人安全设置校验未通过")
    seat.field("关键词").fill("督查")
    seat.press("保存")
    seat.told()
    vendor.answer = {"errcode": 0, "errmsg": "ok"}
    seat.press("试发一条")
    seat.told()
    assert vendor.asked[-1].told["text"]["content"].startswith("督查 ")
    seat.press("启用")
    seat.told()
    assert SECRET not in seat.page.content()
    phone = enter(live.world.huarong, "administrator", size=PHONE, has_touch=True, is_mobile=True)
    for path in ("/settings/channels/", "/settings/channels/new/sms"):
        phone.open(path)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
