"""A live server and a real browser. A journey fails on a script error, a server error, a blocked script or a call outside."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.kernel.db import db
from app.organisation.models import Membership, Post
from tests.conftest import empty_house
from tests.made_files import PDF
from tests.stack import Stack
from tests.world import PASSWORD, Place, World, build_world

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; where there is none it is skipped with the reason."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is missing: apt-get install chromium"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Answers without a line for every style sheet."""

    def log_request(self, *_args: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Live:
    """The shipped jurisdictions behind a real address."""

    world: World
    url: str


@pytest.fixture(scope="module")
def live(stack: Stack, app: Any) -> Iterator[Live]:
    """A server over a world of its own; the journeys of a module share it."""
    empty_house(stack)
    with app.app_context():
        world = build_world(db.session)
        _give_portfolio(world.huaian)
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(world, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(10)
    with app.app_context():
        db.engine.dispose()
    empty_house(stack)


def _give_portfolio(place: Place) -> None:
    """督查一组 carries the matters of the vice-mayor."""
    with place.inside():
        post = Post(unit_id=place.units["GOV"], name="分管副市长", supervising_unit_id=place.units["DCZ1"])
        place.session.add(post)
        place.session.flush()
        place.session.get(Membership, place.actor("vice_mayor").membership_id).post_id = post.id
        place.session.commit()


@dataclass
class Seat:
    """Somebody before a screen, signed in to one jurisdiction."""

    page: Page
    root: str
    taps: int = 0

    def open(self, path: str) -> None:
        """Go to an address of the jurisdiction."""
        self.page.goto(f"{self.root}{path}")

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field of this label, whether it is required or not."""
        return (within or self.page).get_by_label(re.compile(rf"^{re.escape(label)}\s*(\*.*)?$"))

    def pick(self, label: str, *names: str) -> None:
        """Choose in a box of many."""
        box = self.page.locator(".hy-pick").and_(self.page.get_by_label(re.compile(rf"^{re.escape(label)}")))
        for name in names:
            box.get_by_label(name, exact=True).check()

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the first link whose text has this."""
        self.page.get_by_role("link", name=name).first.click()

    def panel(self, label: str) -> Locator:
        """The panel of an act."""
        summary = self.page.locator("summary", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
        return self.page.locator("details.hy-act").filter(has=summary)

    def act(
        self, label: str, *, ticks: tuple[str, ...] = (), files: dict[str, str] | None = None, **fields: str
    ) -> None:
        """Open an act's panel, fill it in by its labels, and do it."""
        panel = self.panel(label)
        if panel.get_attribute("open") is None:
            panel.locator("summary").click()
        for name, value in fields.items():
            self.field(name, panel).fill(value)
        for name in ticks:
            panel.get_by_label(name, exact=True).check()
        for name, file in (files or {}).items():
            self.field(name, panel).set_input_files({"name": file, "mimeType": "application/pdf", "buffer": PDF})
        panel.locator("button[type=submit]").click()

    def told(self) -> None:
        """The page says that it was done, and complains of nothing."""
        expect(self.page.locator(".hy-notice.hy-tone-ok[role=status]").first).to_be_visible()
        expect(self.page.get_by_role("alert")).to_have_count(0)

    def shows(self, words: str) -> None:
        """This stands on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def take(self, title: str) -> None:
        """Open a matter from what is to be done."""
        self.open("/todo/")
        self.follow(title)


@dataclass
class Watch:
    """What must not happen in any window of a journey."""

    origin: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look at everything this window does."""
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("response", lambda answer: self._answered(answer.status, answer.url))
        context.on("request", lambda asked: self._asked(asked.url))
        context.on("console", lambda line: self._said(line.type, line.text))

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"{status} {url}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and not url.startswith(self.origin):
            self.faults.append(f"left the site: {url}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and ("Content Security Policy" in text or "Uncaught" in text):
            self.faults.append(f"console: {text}")


Enter = Callable[..., Seat]


@pytest.fixture
def window(chromium: Browser, live: Live) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window of its own, watched; all are closed at the end."""
    watch, opened = Watch(live.url), []

    def opens(size: dict[str, int] = DESK, **more: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=live.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=size,
            **more,  # type: ignore[arg-type]
        )
        context.set_default_timeout(8000)
        watch.over(context)
        opened.append(context)
        return context

    yield opens
    for context in opened:
        for page in context.pages:
            # pytest shows it when the journey failed
            sys.stdout.write(f"{page.url}\n{page.locator('body').aria_snapshot()}\n")
        context.close()
    assert watch.faults == []


@pytest.fixture
def enter(window: Callable[..., BrowserContext], live: Live) -> Enter:
    """Sit somebody down: opens a window and signs in through the form."""

    def enters(place: Place, role: str, unit: str | None = None, **options: Any) -> Seat:
        page = window(**options).new_page()
        seat = Seat(page, f"{live.url}/j/{place.slug}")
        seat.open("/login/")
        sign_in(seat, place.username(role, unit))
        return seat

    return enters


def sign_in(seat: Seat, username: str) -> None:
    """Through the form."""
    seat.field("用户名").fill(username)
    seat.field("密码").fill(PASSWORD)
    seat.press("登录")
    expect(seat.page.get_by_role("navigation", name="主导航")).to_be_attached()
