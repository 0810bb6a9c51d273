"""The calendar of what is due and its feed: the same matters as the ledger, nobody else's, and nothing restricted."""

from __future__ import annotations

import contextvars
import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update

from app.deadlines.rules import Light
from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import force_locale
from app.kernel.tenancy import set_based
from app.matters import queries
from app.matters.models import Matter
from app.matters.queries import LedgerFilter
from app.organisation import services
from app.organisation.models import CalendarFeed, Membership
from app.organisation.permissions import PLATFORM_RIGHTS
from app.platform.services.halting import suspend
from app.reporting.presenting import due, feed
from tests.matter_life import at, draw_up, huaian_draft
from tests.small_house import Browser
from tests.test_matters_queries import population, statements
from tests.world import PASSWORD, Place, World

NOW = at(2026, 3, 10)
TODAY = NOW.date()
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
D = dt.date.fromisoformat


class Desk(Browser):
    """A browser on 2026-03-10."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As Browser.open."""
        return contextvars.Context().run(self._on_the_day, *args, **kwargs)

    def _on_the_day(self, *args: Any, **kwargs: Any) -> Any:
        with clock.frozen(NOW):
            return FlaskClient.open(self, *args, **kwargs)


SignIn = Callable[..., Browser]


@pytest.fixture
def sign_in(world: World, app: Any) -> SignIn:
    """Browsers in which somebody of the world has signed in."""

    def enter(place: Place, role: str, unit: str | None = None) -> Browser:
        browser = Desk(app, app.response_class)
        form = {
            "username": place.username(role, unit),
            "password": PASSWORD,
            "csrf_token": browser.csrf_token("/login/"),
        }
        assert browser.post("/login/", data=form).status_code == 302
        return browser

    return enter


def days_of(place: Place, actor: Any, wanted: LedgerFilter | None = None, shown: int = 3) -> Any:
    """March 2026, as somebody of the place sees it."""
    return queries.due_days(place.session, actor, wanted or LedgerFilter(), *MARCH, today=TODAY, at=NOW, shown=shown)


def test_a_days_number_is_the_ledgers_for_everybody_and_every_filter(world: World) -> None:
    place = world.huarong
    with place.inside():
        lives = population(place)
        inspector = place.actor("inspector")
        people = [inspector, place.actor("unit_liaison", "SLJ"), place.actor("unit_liaison", "JYJ")]
        filters = [
            LedgerFilter(),
            LedgerFilter(mine=True),
            LedgerFilter(unit_id=place.units["ZJJ"]),
            LedgerFilter(inspector_id=inspector.membership_id),
            LedgerFilter(inspector_id=people[1].membership_id),
        ]
        seen = {}
        for actor in people:
            for wanted in filters:
                days = days_of(place, actor, wanted)
                for offset in range(31):
                    day = MARCH[0] + dt.timedelta(days=offset)
                    listed = queries.ledger(
                        place.session,
                        actor,
                        LedgerFilter(**{**vars(wanted), "due_from": day, "due_until": day, "running": True}),
                        today=TODAY,
                        at=NOW,
                    )
                    shown = days.get(day)
                    assert listed.total == (shown.total if shown else 0)
                    if shown:
                        assert sum(shown.lights.values()) == shown.total
                        assert {entry.id for entry in shown.entries} <= {row.id for row in listed.rows}
                        by_id = {row.id: row.reading.light for row in listed.rows if row.reading}
                        assert all(by_id[entry.id] is entry.light for entry in shown.entries)
                        seen[actor.membership_id] = True
        assert seen == {people[0].membership_id: True, people[1].membership_id: True}, "another unit has nothing due"
        late = days_of(place, inspector)[D("2026-03-06")]
        assert [entry.id for entry in late.entries][:1] == [lives["late"].matter_id]
        assert not {entry.id for day in days_of(place, inspector, shown=99).values() for entry in day.entries} & {
            lives["done"].matter_id,
            lives["cancelled"].matter_id,
        }, "what has ended is not due"


def test_one_statement_and_no_other_jurisdiction(world: World) -> None:
    with world.huarong.inside():
        population(world.huarong)
        with statements() as sent:
            assert days_of(world.huarong, world.huarong.actor("inspector"))
        assert len(sent) == 1
    with world.huaian.inside():
        assert days_of(world.huaian, world.huaian.actor("inspector")) == {}


def test_a_sensitive_matter_is_due_for_those_who_may_know_of_it(world: World) -> None:
    place = world.huarong
    with place.inside():
        lives = population(place)
        place.session.execute(
            set_based(
                update(Matter)
                .where(Matter.id == lives["soon"].matter_id)
                .values(secrecy_level="sensitive", registered_by=place.actor("office_leader").membership_id)
            )
        )
        place.session.commit()
        leader, others = place.actor("office_leader"), place.actor("unit_liaison", "JYJ")
        ids = {
            actor.membership_id: {e.id for day in days_of(place, actor, shown=99).values() for e in day.entries}
            for actor in (leader, place.actor("inspector"), others)
        }
        for actor in (leader, place.actor("inspector"), others):
            allowed = queries.find_matter(place.session, actor, lives["soon"].matter_id) is not None
            assert (lives["soon"].matter_id in ids[actor.membership_id]) is allowed
        assert not ids[others.membership_id]


@pytest.mark.parametrize(
    ("given", "kind", "first", "last", "faulty"),
    [
        ({}, "month", "2026-03-01", "2026-03-31", False),
        ({"month": "2026-11"}, "month", "2026-11-01", "2026-11-30", False),
        ({"month": "2028-02"}, "month", "2028-02-01", "2028-02-29", False),
        ({"week": "2026-W48"}, "week", "2026-11-23", "2026-11-29", False),
        ({"week": "2026-W53"}, "week", "2026-12-28", "2027-01-03", False),
        ({"week": ""}, "week", "2026-03-09", "2026-03-15", False),
        ({"month": "2026-13"}, "month", "2026-03-01", "2026-03-31", True),
        ({"month": "0001-01"}, "month", "2026-03-01", "2026-03-31", True),
        ({"month": "２０２６-11"}, "month", "2026-03-01", "2026-03-31", True),
        ({"week": "2027-W53"}, "week", "2026-03-09", "2026-03-15", True),
        ({"week": "<script>"}, "week", "2026-03-09", "2026-03-15", True),
    ],
)
def test_the_address_names_a_month_or_a_week(
    app: Any, given: dict[str, str], kind: str, first: str, last: str, faulty: bool
) -> None:
    with app.app_context(), force_locale("en"):
        span = due.read_span(given, TODAY)
    assert (span.kind, span.first, span.last, bool(span.fault)) == (kind, D(first), D(last), faulty)
    assert span.beside(1).first == span.last + dt.timedelta(days=1)
    assert span.beside(-1).last == span.first - dt.timedelta(days=1)


def test_the_page_counts_what_its_links_list_and_marks_rest_days(world: World, sign_in: SignIn) -> None:
    with world.huarong.inside():
        population(world.huarong)
    browser = sign_in(world.huarong, "inspector")
    page = browser.get("/j/huarong/calendar/?month=2026-03")
    assert page.status_code == 200
    found = re.findall(r'class="hy-due-count"\s+href="([^"]+)".*?<b>(\d+)', page.text, re.DOTALL)
    assert found
    for href, count in found:
        ledger = browser.get(href.replace("&amp;", "&"))
        assert ledger.status_code == 200
        shown = re.search(r"<caption class=\"hy-sr\">[^<]*?(\d+)", ledger.text)
        assert shown is not None and shown.group(1) == count
    holiday = browser.get("/j/huarong/calendar/?month=2026-02").text
    assert "春节" in holiday
    assert "调休上班" in holiday
    for address in ("?month=2026-99", "?week=x", "?month=2026-11&unit=999999", "?week=2026-W48&mine=1"):
        assert browser.get(f"/j/huarong/calendar/{address}").status_code == 200
    assert "不是有效的月份" in browser.get("/j/huarong/calendar/?month=2026-99").text


def test_a_unit_finds_its_own_days_and_no_choice_of_units(world: World, sign_in: SignIn) -> None:
    with world.huarong.inside():
        population(world.huarong)
    own, other = sign_in(world.huarong, "unit_liaison", "SLJ"), sign_in(world.huarong, "unit_liaison", "JYJ")
    assert "逾期事项" in own.get("/j/huarong/calendar/").text
    empty = other.get("/j/huarong/calendar/").text
    assert "逾期事项" not in empty
    assert 'name="unit"' not in empty


def make_address(browser: Browser, slug: str) -> str:
    """Through one's own page; the path of the address."""
    data = {"csrf_token": browser.csrf_token(f"/j/{slug}/me/")}
    page = browser.post(f"/j/{slug}/me/feed", data=data)
    assert page.status_code == 200
    found = re.search(rf"http://localhost(/j/{slug}/calendar/[^<?]+\.ics)", page.text)
    assert found, "the address is shown"
    return found.group(1)


def test_a_feed_opens_by_its_address_alone_until_it_is_renewed_or_ended(
    world: World, sign_in: SignIn, app: Any
) -> None:
    place = world.huarong
    with place.inside():
        lives = population(place)
    browser, stranger = sign_in(place, "inspector"), Desk(app, app.response_class)
    first = make_address(browser, "huarong")
    answer = stranger.get(first)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    with place.inside():
        seen = queries.due_days(
            place.session, place.actor("inspector"), LedgerFilter(), *feed.window(TODAY), today=TODAY, at=NOW, shown=99
        )
        assert len(events) == sum(day.total for day in seen.values()) > 0
    late = next(one for one in events if "逾期事项" in one["summary"])
    assert late["dtstart"].dt == D("2026-03-06")
    assert str(late["url"]) == f"http://localhost/j/huarong/matters/{lives['late'].matter_id}"
    assert stranger.get(first, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert stranger.get(first.replace("huarong", "huaian")).status_code == 404, "not another jurisdiction's"
    assert stranger.get("/calendar/" + first.rsplit("/", 1)[1]).status_code == 404
    with place.inside():
        kept = place.session.query(CalendarFeed).one()
        assert kept.token_hash not in first
        assert first.rsplit("/", 1)[1].removesuffix(".ics") not in kept.token_hash
    second = make_address(browser, "huarong")
    assert (stranger.get(first).status_code, stranger.get(second).status_code) == (404, 200)
    browser.post("/j/huarong/me/feed/revoke", data={"csrf_token": browser.csrf_token("/j/huarong/me/")})
    assert stranger.get(second).status_code == 404


def test_a_feed_ends_with_the_membership_and_rests_with_the_jurisdiction(
    world: World, sign_in: SignIn, app: Any
) -> None:
    place = world.huarong
    with place.inside():
        population(place)
    stranger = Desk(app, app.response_class)
    unit = make_address(sign_in(place, "unit_liaison", "SLJ"), "huarong")
    office = make_address(sign_in(place, "inspector"), "huarong")
    assert (stranger.get(unit).status_code, stranger.get(office).status_code) == (200, 200)
    with place.inside():
        member = place.session.get(Membership, place.actor("unit_liaison", "SLJ").membership_id)
        member.active = False
        place.session.commit()
    assert (stranger.get(unit).status_code, stranger.get(office).status_code) == (404, 200)
    code = place.session.query(Jurisdiction).filter_by(slug="huarong").one().code
    suspend(place.session, world_staff(), code, reason="检查", at=NOW)
    assert stranger.get(office).status_code == 404


def world_staff() -> Any:
    """Somebody of the platform."""
    return Actor(None, "平台", None, rights=PLATFORM_RIGHTS)


def test_a_feed_says_nothing_restricted(world: World, sign_in: SignIn, app: Any) -> None:
    place = world.huaian
    with place.inside():
        secret = draw_up(place, huaian_draft(place, title="涉密线索核查", instruction_text="请严肃查处。"))
        plain = draw_up(place, huaian_draft(place, title="公开事项督查"))
        for life in (secret, plain):
            life.office("submit")
        place.session.execute(
            set_based(update(Matter).where(Matter.id == secret.matter_id).values(secrecy_level="sensitive"))
        )
        place.session.commit()
        owner = place.actor("inspector")
        days = queries.due_days(
            place.session, owner, LedgerFilter(), *feed.window(TODAY), today=TODAY, at=NOW, shown=99
        )
        ids = {entry.id for day in days.values() for entry in day.entries}
        assert {secret.matter_id, plain.matter_id} <= ids, "the custodian himself sees both on the page"
    path = make_address(sign_in(place, "inspector"), "huaian")
    text = Desk(app, app.response_class).get(path).data.decode()
    unfolded = text.replace("\r\n ", "")
    assert "公开事项督查" in unfolded
    assert "涉密线索" not in unfolded
    assert "查处" not in unfolded
    assert "督查事项 · " in unfolded


def test_lines_are_folded_and_words_escaped(world: World) -> None:
    title = "，；;,\\\n" + "关于里下河地区防汛工程的批示办理" * 12
    entry = queries.DueEntry(
        1, 2, 3, title, "督〔2026〕1号", "internal", "", "result", TODAY, None, True, Light.OK, NOW
    )
    with force_locale("zh"):
        body = feed.feed([entry], name="x", slug="huarong", host="https://h", root="/j/huarong")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    (back,) = Calendar.from_ical(body).walk("VEVENT")
    assert title in str(back["summary"])
    assert back["status"] == "TENTATIVE"
    assert back["dtend"].dt == TODAY + dt.timedelta(days=1)


def test_nobody_ends_a_feed_that_is_not_there(world: World) -> None:
    with world.huarong.inside():
        actor = world.huarong.actor("inspector")
        with pytest.raises(NotFound):
            services.revoke_feed(world.huarong.session, actor, at=NOW)
        services.make_feed(world.huarong.session, actor, at=NOW)
        services.revoke_feed(world.huarong.session, actor, at=NOW)
        assert world.huarong.session.query(CalendarFeed).count() == 0
