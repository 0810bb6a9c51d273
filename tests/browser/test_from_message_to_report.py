"""A unit's liaison on a phone: a message from the system in the work chat, the matter, the report. Four taps."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from app.kernel import clock
from app.kernel.crypto import secret_box
from app.kernel.db import db
from app.notifications.channels.opening import seal_secrets
from app.notifications.models import Channel
from app.notifications.services import deliver_letters
from app.notifications.tasks import dispatcher, ways_out
from app.urging.services import sweep_jurisdiction
from tests.browser.conftest import PDF, PHONE, Enter, Live, Seat, sign_in
from tests.fake_vendors import FakeVendor, fake_vendor
from tests.matter_life import to_handling
from tests.world import PASSWORD, Place

TITLE = "关于武昌鱼大道排水管网改造的督办事项"
MOBILE = {"size": PHONE, "has_touch": True, "is_mobile": True}


@pytest.fixture
def chat(app: Any, live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVendor]:
    """华容区's work chat, connected; 涟水县 has none."""
    with fake_vendor() as one:
        settings = dataclasses.replace(app.extensions["huiyin.settings"], channel_hosts=(one.place,))
        monkeypatch.setitem(app.extensions, "huiyin.settings", settings)
        place = live.world.huarong
        with app.app_context(), place.inside():
            secret = seal_secrets(secret_box(settings), place.id, {"token": "a-token"})
            robot = Channel(kind="wecom", name="督查工作群", enabled=True, base_url=one.url, options={}, secret=secret)
            db.session.add(robot)
            db.session.commit()
            robot_id = robot.id
            db.session.remove()
        yield one
        with app.app_context(), place.inside():
            db.session.delete(db.session.get(Channel, robot_id))
            db.session.commit()
            db.session.remove()


def remind(app: Any, live: Live, place: Place, chat: FakeVendor) -> str:
    """A matter is due today and the reminder of it has left: where the message in the chat leads."""
    at = clock.at_local(clock.today(), 10)
    with app.app_context():
        with place.inside():
            life = to_handling(place, title=TITLE, stated_due_on=str(clock.today()))
            life.unit("acknowledge", "SLJ", signed_by="张三")
        deliver(app, live, at)
        chat.asked.clear()
        while not sweep_jurisdiction(db.session, place.id, at):
            assert at < clock.now() + dt.timedelta(days=20)
            at += dt.timedelta(days=1)  # on a rest day nobody is reminded
        deliver(app, live, at + dt.timedelta(minutes=1))
        db.session.remove()
    mine = next(text for text in (str(asked.told) for asked in chat.asked) if TITLE in text)
    found = re.search(re.escape(live.url) + r"/j/[\w/]+", mine)
    assert found, mine
    return found[0]


def deliver(app: Any, live: Live, at: dt.datetime) -> None:
    """What is due to leave at this instant leaves."""
    settings = app.extensions["huiyin.settings"]
    deliver_letters(
        dispatcher(settings.dispatcher_database_url),
        db.session,
        ways_out(settings),
        base_url=live.url,
        by="the-journey",
        now=lambda _connection: at,
    )


class Thumb:
    """Counts what the thumb does; typing is no tap."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.taps = seat, 0

    def opens(self, address: str) -> None:
        """The message in the chat is tapped."""
        self.taps += 1
        self.seat.page.goto(address)

    def taps_on(self, what: Locator) -> None:
        """One tap, on a page that fits the phone."""
        self.taps += 1
        what.wait_for()
        assert self.seat.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        what.tap()


def test_a_message_leads_to_a_filed_report_in_four_taps(app: Any, live: Live, enter: Enter, chat: FakeVendor) -> None:
    """The message, the report page, its kind, the button: the completion report lies before the office."""
    place = live.world.huarong
    address = remind(app, live, place, chat)
    seat = enter(place, "unit_liaison", "SLJ", **MOBILE)
    thumb = Thumb(seat)
    thumb.opens(address)
    seat.shows(TITLE)
    thumb.taps_on(seat.page.get_by_role("link", name="打开填报页").first)
    thumb.taps_on(seat.page.get_by_role("link", name="报送办结").first)
    seat.field("办理结果").fill("管网改造已完工并通过验收。")
    seat.field("发文字号").fill("华水〔2026〕18号")
    seat.page.locator("input[type=file]").first.set_input_files(
        {"name": "办结报告.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    thumb.taps_on(seat.page.locator(".hy-form-foot button[type=submit]"))
    seat.told()
    assert thumb.taps <= 4
    office = enter(place, "inspector")
    office.take(TITLE)
    office.shows("管网改造已完工并通过验收。")


def test_whoever_is_not_signed_in_gets_there_through_the_sign_in(
    app: Any, live: Live, window: Callable[..., BrowserContext], chat: FakeVendor
) -> None:
    """The message, signing in, the report, the button: the way is not lost at the door."""
    place = live.world.huarong
    address = remind(app, live, place, chat)
    seat = Seat(window(**MOBILE).new_page(), f"{live.url}/j/{place.slug}")
    seat.page.goto(address)
    sign_in(seat, place.username("unit_liaison", "SLJ"))
    expect(seat.page).to_have_url(re.compile(re.escape(address)))
    seat.shows(TITLE)
    stranger = Seat(window(**MOBILE).new_page(), f"{live.url}/j/{place.slug}")
    stranger.page.goto(address)
    stranger.field("用户名").fill(live.world.lianshui.username("unit_liaison", "JTJ"))
    stranger.field("密码").fill(PASSWORD)
    with stranger.page.expect_navigation() as answered:
        stranger.press("登录")
    assert answered.value.status == 404, "for a stranger there is nothing behind it"
    expect(stranger.page.get_by_text(TITLE)).to_have_count(0)


def test_a_letter_opens_wherever_its_line_is_touched(app: Any, live: Live, enter: Enter, chat: FakeVendor) -> None:
    """The line is the target, not the words of its title alone."""
    place = live.world.huarong
    remind(app, live, place, chat)
    seat = enter(place, "unit_liaison", "SLJ", **MOBILE)
    seat.open("/inbox/")
    line = seat.page.locator(".hy-todo > li").filter(has_text=TITLE).first
    box = line.bounding_box()
    assert box is not None and box["height"] > 44
    line.tap(position={"x": 30, "y": box["height"] - 8})
    expect(seat.page).to_have_url(re.compile(r"/matters/\d+"))
    seat.shows(TITLE)
