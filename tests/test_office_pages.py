"""The office's pages in the browser: workbench, to-do, approvals, ledger, register, and the numbers on all of them."""

from __future__ import annotations

import contextvars
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import force_locale, translate
from app.matters import queries
from app.matters.models import Matter
from app.matters.queries import LedgerFilter
from app.organisation.models import Membership, Unit
from tests.matter_life import Life, at, draw_up, huaian_draft, huarong_draft, to_handling
from tests.small_house import Browser
from tests.world import PASSWORD, Place, World

NOW = at(2026, 3, 12)
BIDDING = "关于老旧小区改造资金拨付的督办事项"

SignIn = Callable[..., Browser]


class Desk(Browser):
    """A browser on a given day."""

    today = NOW

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """As Browser.open."""
        return contextvars.Context().run(self._on_the_day, *args, **kwargs)

    def _on_the_day(self, *args: Any, **kwargs: Any) -> Any:
        with clock.frozen(self.today):
            return FlaskClient.open(self, *args, **kwargs)


@pytest.fixture
def sign_in(world: World, app: Any) -> SignIn:
    """Browsers in which somebody of the world has signed in by the form, on 2026-03-12 unless told."""

    def enter(place: Place, role: str, unit: str | None = None, on: dt.datetime = NOW) -> Browser:
        browser = Desk(app, app.response_class)
        browser.today = on
        form = {
            "username": place.username(role, unit),
            "password": PASSWORD,
            "csrf_token": browser.csrf_token("/login/"),
        }
        assert browser.post("/login/", data=form).status_code == 302
        return browser

    return enter


@pytest.fixture
def lives(world: World) -> dict[str, Life]:
    """Two jurisdictions at work: in 华容区 one matter at every station, in 淮安市 one waiting for approval."""
    place = world.huarong
    found: dict[str, Life] = {}
    with place.inside():
        found["handling"] = to_handling(place)
        found["handling"].unit("acknowledge", "SLJ", signed_by="张三", leader_in_charge="李四")
        found["education"] = to_handling(place, title=BIDDING, lead_unit_id=place.units["JYJ"], co_unit_ids=[])
        found["draft"] = draw_up(place, huarong_draft(place, title="拟办中的事项"))
        found["proposed"] = draw_up(place, huarong_draft(place, title="待审批的事项", urgency="urgent"))
        found["proposed"].office("submit")
    with world.huaian.inside():
        found["huaian"] = draw_up(world.huaian, huaian_draft(world.huaian))
        found["huaian"].office("submit")
    return found


def said(msgid: str) -> str:
    """The Chinese of a sentence."""
    with force_locale("zh"):
        return translate(msgid)


def numbers(page: str) -> dict[str, tuple[int, str]]:
    """The figures of a workbench: label, number, where it leads."""
    found = re.findall(
        r'<a class="hy-figure[^"]*" href="([^"]+)">\s*<span class="hy-figure-label">(.*?)</span>\s*'
        r'<span class="hy-figure-value">(\d+)',
        page,
        re.S,
    )
    return {
        re.sub(r"<[^>]+>", "", label).strip(): (int(value), href.replace("&amp;", "&")) for href, label, value in found
    }


def rows_of(page: str) -> int:
    """How many rows or lines a list shows."""
    body = page.split("<main", 1)[1]
    return body.count('class="hy-cell-main"') + body.count('class="hy-todo-title"') + body.count("hy-card hy-approval")


def form_of(page: str) -> dict[str, str]:
    """The token of a page's forms."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    return {"csrf_token": token.group(1)}


def state_of(place: Place, life: Life) -> str:
    with place.inside():
        db.session.expire_all()
        return str(life.matter.state)


@pytest.mark.parametrize(
    ("role", "unit"),
    [("inspector", None), ("office_leader", None), ("unit_liaison", "SLJ"), ("government_leader", None)],
)
def test_every_number_is_the_length_of_the_list_it_leads_to(
    world: World, lives: dict[str, Life], sign_in: SignIn, role: str, unit: str | None
) -> None:
    browser = sign_in(world.huarong, role, unit)
    page = browser.get("/j/huarong/")
    assert page.status_code == 200
    figures = numbers(page.text)
    assert len(figures) == 4
    for label, (count, href) in figures.items():
        listed = browser.get(href)
        assert listed.status_code == 200, label
        assert rows_of(listed.text) == count, (label, href)
    for href, count in re.findall(
        r'<a href="([^"]+)"[^>]*>\s*<svg[^>]*><use[^>]*/></svg><span class="hy-clip">[^<]*</span>\s*'
        r'<span class="hy-count ">(\d+)',
        page.text,
    ):
        assert rows_of(browser.get(href).text) == int(count), href


def test_the_workbench_counts_something(world: World, lives: dict[str, Life], sign_in: SignIn) -> None:
    figures = numbers(sign_in(world.huarong, "inspector").get("/j/huarong/").text)
    assert figures[said("Waiting for me")][0] == 1  # the draft
    leader = numbers(sign_in(world.huarong, "government_leader").get("/j/huarong/").text)
    assert leader[said("Waiting for my decision")][0] == 1
    assert figures[said("Overdue")][0] > 0


def test_the_tabs_of_the_to_do_page_count_their_lines(world: World, lives: dict[str, Life], sign_in: SignIn) -> None:
    browser = sign_in(world.huarong, "inspector")
    page = browser.get("/j/huarong/todo/").text
    tabs = re.findall(r'<a href="([^"]*todo/[^"]*)"[^>]*>[^<]*<span class="hy-tab-count[^"]*">(\d+)', page)
    assert len(tabs) == 3
    for href, count in tabs:
        assert rows_of(browser.get(href.replace("&amp;", "&")).text) == int(count), href


def test_a_liaison_sees_the_own_units_matters_and_no_others(
    world: World, lives: dict[str, Life], sign_in: SignIn
) -> None:
    browser = sign_in(world.huarong, "unit_liaison", "JYJ")
    page = browser.get("/j/huarong/matters/").text
    assert said("Ledger of my unit") in page
    assert BIDDING in page
    assert rows_of(page) == 1
    assert 'name="unit"' not in page
    assert browser.get("/j/huarong/matters/register").status_code == 403
    assert browser.get("/j/huarong/approvals/").status_code == 403


def test_two_jurisdictions_stand_apart(world: World, lives: dict[str, Life], sign_in: SignIn) -> None:
    inspector, leader = sign_in(world.huarong, "inspector"), sign_in(world.huarong, "office_leader")
    assert "里下河" not in inspector.get("/j/huarong/matters/").text
    assert inspector.get("/j/huaian/matters/").status_code == 404
    foreign = lives["huaian"].matter_id
    token = form_of(leader.get("/j/huarong/approvals/").text)
    assert inspector.get(f"/j/huarong/matters/{foreign}/edit").status_code == 404
    for act in ("approve", "return"):
        sent = leader.post(f"/j/huarong/approvals/{foreign}/{act}", data={**token, "opinion": "同意", "version": "2"})
        assert sent.status_code == 404
    assert state_of(world.huaian, lives["huaian"]) == "proposed"


def test_a_foreign_unit_and_leader_are_no_choices(world: World, lives: dict[str, Life], sign_in: SignIn) -> None:
    browser = sign_in(world.huarong, "inspector")
    with world.huaian.inside():
        unit = db.session.query(Unit).first().id
        leader = db.session.query(Membership).first().id
    token = form_of(browser.get("/j/huarong/matters/register").text)
    sent = browser.post(
        "/j/huarong/matters/register",
        data={
            **token, **filled(world.huarong), "lead_unit_id": str(unit), "instruction_leader_id": str(leader), "act": "draft",
        },
    )  # fmt: skip
    assert sent.status_code == 422
    assert count_of(world.huarong) == 4


@pytest.mark.parametrize(
    "query",
    [
        "state=nothing", "light=blue", "source=abc", "source=999999999999999999999", "unit=-1", "due_from=2026-13-45",
        "due_to=yesterday", "urgency=%00", "page=-3", "page=99999999999999", "sort=;drop", "mine=2", "q=%00",
        "completed_from=x", "rules=x", "rules=9999999999",
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_a_sentence(
    world: World, lives: dict[str, Life], sign_in: SignIn, query: str
) -> None:
    page = sign_in(world.huarong, "inspector").get(f"/j/huarong/matters/?{query}")
    assert page.status_code == 200
    assert rows_of(page.text) == 4
    if not query.startswith("page"):
        assert "hy-notice hy-tone-warn" in page.text


def test_filters_narrow_and_their_chips_lead_back(world: World, lives: dict[str, Life], sign_in: SignIn) -> None:
    browser = sign_in(world.huarong, "inspector")
    unit = world.huarong.units["JYJ"]
    page = browser.get(f"/j/huarong/matters/?unit={unit}&q=老旧").text
    assert rows_of(page) == 1
    assert '<a class="hy-chip hy-chip-on"' in page
    assert rows_of(browser.get("/j/huarong/matters/?state=proposed").text) == 1
    assert rows_of(browser.get("/j/huarong/matters/?urgency=urgent").text) == 1
    assert rows_of(browser.get("/j/huarong/matters/?q=%25").text) == 0


def test_a_view_is_kept_shown_and_removed_by_its_owner_only(
    world: World, lives: dict[str, Life], sign_in: SignIn
) -> None:
    browser = sign_in(world.huarong, "inspector")
    token = form_of(browser.get("/j/huarong/matters/?state=proposed").text)
    nameless = browser.post("/j/huarong/matters/views", data={**token, "name": " ", "query": "state=proposed"})
    assert nameless.status_code == 422
    kept = browser.post(
        "/j/huarong/matters/views", data={**token, "name": "待批的", "query": "state=proposed&evil=1&sort=due"}
    )
    assert kept.location == "/j/huarong/matters/?state=proposed&sort=due"
    page = browser.get("/j/huarong/matters/?state=proposed").text
    assert "待批的" in page
    remove = re.search(r'action="([^"]*/views/\d+/remove)"', page)
    assert remove is not None
    other = sign_in(world.huarong, "office_leader")
    theirs = other.get("/j/huarong/matters/?state=proposed").text
    assert "待批的" not in theirs
    assert other.post(remove.group(1), data=form_of(theirs)).status_code == 404
    assert browser.post(remove.group(1), data=token).status_code == 302
    assert "待批的" not in browser.get("/j/huarong/matters/").text.split("<form", 2)[-1]


def filled(place: Place) -> dict[str, str]:
    """What somebody types into the register form."""
    with place.inside():
        source = queries.find_source(db.session, "district_meeting")
        assert source is not None
        source_id = str(source.id)
    return {
        "source_id": source_id,
        "title": "关于<b>防汛</b>物资储备的督办事项",
        "content": "请于汛期前完成。",
        "handling_proposal": "拟请区水利和湖泊局牵头。",
        "urgency": "urgent",
        "secrecy_level": "internal",
        "handling_mode": "transferred",
        "lead_unit_id": str(place.units["SLJ"]),
        "co_unit_ids": str(place.units["ZJJ"]),
        "stated_due_on": "2026-06-30",
    }


def count_of(place: Place) -> int:
    with place.inside():
        return queries.count_ledger(db.session, place.actor("inspector"), LedgerFilter(), today=dt.date(2026, 3, 12))


def test_a_draft_is_kept_changed_and_submitted(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    browser = sign_in(place, "inspector")
    page = browser.get("/j/huarong/matters/register").text
    token = form_of(page)
    kept = browser.post(
        "/j/huarong/matters/register",
        data={**token, **filled(place), "act": "draft", "original": (BytesIO("会议纪要".encode()), "纪要.txt")},
    )
    assert kept.status_code == 302
    form = browser.get(kept.location)
    assert form.status_code == 200
    assert "关于&lt;b&gt;防汛&lt;/b&gt;物资储备的督办事项" in form.text
    assert "纪要.txt" in form.text
    version = re.search(r'name="version" value="(\d+)"', form.text)
    assert version is not None
    stale = browser.post(kept.location, data={**token, **filled(place), "act": "submit", "version": "77"})
    assert stale.status_code == 409
    sent = browser.post(
        kept.location,
        data={**token, **filled(place), "title": "改过的标题", "act": "submit", "version": version.group(1)},
    )
    assert sent.status_code == 302
    with place.inside():
        matter = db.session.query(Matter).one()
        assert (matter.title, matter.state, matter.urgency) == ("改过的标题", "proposed", "urgent")
    assert browser.get(kept.location).status_code == 409  # submitted: no longer a draft


def test_a_form_with_faults_loses_nothing_and_keeps_nothing(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    browser = sign_in(place, "inspector")
    token = form_of(browser.get("/j/huarong/matters/register").text)
    typed = filled(place) | {"stated_due_on": "6月30日", "handling_proposal": "写了一半"}
    sent = browser.post("/j/huarong/matters/register", data={**token, **typed, "act": "submit"})
    assert sent.status_code == 422
    for words in (
        "6月30日",
        "写了一半",
        "请于汛期前完成。",
        "关于&lt;b&gt;防汛&lt;/b&gt;",
        said("Give a date such as 2026-10-08."),
    ):
        assert words in sent.text
    assert re.search(rf'name="lead_unit_id" value="{place.units["SLJ"]}" checked', sent.text)
    assert re.search(rf'name="co_unit_ids" value="{place.units["ZJJ"]}" checked', sent.text)
    incomplete = {**token, **filled(place), "handling_proposal": "", "act": "submit"}
    del incomplete["lead_unit_id"]
    missing = browser.post("/j/huarong/matters/register", data=incomplete)
    assert missing.status_code == 422
    assert said("Write the handling proposal.") in missing.text
    assert said("Choose the lead unit.") in missing.text
    assert count_of(place) == 0


def test_the_first_steps_demands_are_marked_by_jurisdiction(world: World, sign_in: SignIn) -> None:
    def demanded(page: str) -> set[str]:
        fields = re.findall(
            r'<(?:label for|span class="hy-label" id)="([a-z_]+?)(?:-label)?">[^<]*<span class="hy-req"', page
        )
        return set(fields)

    huarong = sign_in(world.huarong, "inspector").get("/j/huarong/matters/register").text
    huaian = sign_in(world.huaian, "inspector").get("/j/huaian/matters/register").text
    assert demanded(huarong) == {"source_id", "title", "handling_proposal", "lead_unit_id"}
    assert demanded(huaian) == {
        "source_id", "title", "plan_title", "lead_unit_id", "responsible_division_id", "stated_due_on",
    }  # fmt: skip
    assert 'name="plan_title"' not in huarong
    assert 'name="handling_proposal"' not in huaian


def test_the_dates_are_worked_out_before_anything_is_kept(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    browser = sign_in(place, "inspector")
    source = filled(place)["source_id"]
    assert (
        said("Choose the source first: the dates follow from it.") in browser.get("/j/huarong/matters/due-preview").text
    )
    page = browser.get(f"/j/huarong/matters/due-preview?source_id={source}&stated_due_on=2026-06-30").text
    assert "2026年6月30日" in page
    assert said("Receipt") in page
    bad = browser.get(f"/j/huarong/matters/due-preview?source_id={source}&stated_due_on=gestern&urgency=x")
    assert bad.status_code == 200
    token = form_of(browser.get("/j/huarong/matters/register").text)
    shown = browser.post("/j/huarong/matters/register", data={**token, **filled(place), "act": "preview"})
    assert shown.status_code == 200
    assert "2026年6月30日" in shown.text
    assert count_of(place) == 0


def test_the_preview_is_the_date_the_clock_will_have(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    with place.inside():
        life = to_handling(place)
        life_due = {
            one.stage: one.due_on
            for one in queries.case_file(
                db.session, place.actor("inspector"), life.matter_id, today=dt.date(2026, 3, 2)
            ).obligations
            if one.assignment_id == life.part("SLJ").id
        }
        source = life.matter.source_id
    browser = sign_in(place, "inspector", on=at(2026, 3, 2))
    page = browser.get(f"/j/huarong/matters/due-preview?source_id={source}").text
    for due in life_due.values():
        assert f"{due.year}年{due.month}月{due.day}日" in page


def test_a_leader_approves_in_two_clicks_and_returns_with_a_reason(
    world: World, lives: dict[str, Life], sign_in: SignIn
) -> None:
    place, life = world.huarong, lives["proposed"]
    leader = sign_in(place, "office_leader")
    page = leader.get("/j/huarong/approvals/").text
    assert rows_of(page) == 1
    token = form_of(page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    base = f"/j/huarong/approvals/{life.matter_id}"
    silent = leader.post(f"{base}/return", data={**token, "version": version.group(1), "opinion": "  "})
    assert silent.status_code == 422
    assert said("A reason is needed.") in silent.text
    stale = leader.post(f"{base}/approve", data={**token, "version": "99", "opinion": "不丢的意见"})
    assert stale.status_code == 409
    assert "不丢的意见" in stale.text
    assert leader.post(f"{base}/approve", data={"version": version.group(1)}).status_code == 400  # no token
    assert state_of(place, life) == "proposed"
    done = leader.post(f"{base}/return", data={**token, "version": version.group(1), "opinion": "主办单位不当"})
    assert done.status_code == 302
    assert state_of(place, life) == "draft"
    with place.inside():
        life.office("submit")
        newer = str(life.matter.version)
    assert leader.post(f"{base}/approve", data={**token, "version": newer, "opinion": "同意。"}).status_code == 302
    assert state_of(place, life) == "listed"
    assert rows_of(leader.get("/j/huarong/approvals/?tab=decided").text) == 4  # two before
    inspector = sign_in(place, "inspector")
    assert inspector.post(f"{base}/approve", data=form_of(inspector.get("/j/huarong/matters/").text)).status_code == 403


def test_outside_a_jurisdiction_the_way_in_is_shown(world: World, sign_in: SignIn) -> None:
    alone = sign_in(world.huarong, "inspector")
    assert alone.get("/").location == "/j/huarong/"
    with world.huaian.inside():
        unit = db.session.query(Unit).filter(Unit.code == "DCS").one()
        person = world.huarong.actor("inspector").person_id
        db.session.add(Membership(person_id=person, unit_id=unit.id, active=True))
        db.session.commit()
    choice = alone.get("/")
    assert choice.status_code == 200
    assert 'href="/j/huarong/"' in choice.text
    assert 'href="/j/huaian/"' in choice.text


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent while inside."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_ledger_page_is_light(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    with place.inside():
        for number in range(26):
            draw_up(place, huarong_draft(place, title=f"关于第{number}号民生实事项目建设进展情况的督办事项"))
    browser = sign_in(place, "inspector")
    browser.get("/j/huarong/matters/")  # the calendar and the profile are read once in a process
    with statements() as seen:
        page = browser.get("/j/huarong/matters/")
    assert rows_of(page.text) == 25
    assert len(page.data) <= 40 * 1024
    # five find the reader, two make the frame, the rest is the page; none grows with the rows
    assert len(seen) <= 12, "\n".join(one[:90].replace("\n", " ") for one in seen)
