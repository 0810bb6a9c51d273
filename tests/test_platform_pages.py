"""The superadmin's pages, a jurisdiction's settings, and the two addresses for machines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.deadlines.models import NationalCalendarYear
from app.kernel import clock, health
from app.kernel.actor import Actor
from app.matters.models import MatterSource
from app.organisation.models import Person
from app.organisation.services import create_platform_admin
from app.platform import queries
from tests.small_house import Browser
from tests.world import PASSWORD, Place, World

METHOD = "pbkdf2:sha256:1000"


def _sign_in(app: Any, username: str) -> Browser:
    browser = Browser(app, app.response_class)
    form = {"username": username, "password": PASSWORD, "csrf_token": browser.csrf_token("/login/")}
    assert browser.post("/login/", data=form).status_code == 302, username
    return browser


@pytest.fixture
def superadmin(app: Any, session: Any, world: World) -> Browser:
    """A browser in which the platform's superadmin has signed in."""
    account = create_platform_admin(
        session,
        Actor.system(None),
        name="平台管理员",
        username="platform",
        password=PASSWORD,
        method=METHOD,
        at=clock.now(),
    )
    session.get(Person, account.person_id).must_change_password = False
    session.commit()
    return _sign_in(app, "platform")


def _administrator(app: Any, place: Place) -> Browser:
    return _sign_in(app, place.username("administrator"))


def test_the_superadmin_sees_the_jurisdictions_and_nothing_inside(superadmin: Browser, world: World) -> None:
    page = superadmin.get("/platform/jurisdictions/")
    assert page.status_code == 200
    for words in ("淮安市", "华容区", "涟水县", "420703", "/j/lianshui/"):
        assert words in page.text
    for slug in ("huaian", "huarong", "lianshui"):
        for path in ("/", "/matters/", "/settings/", "/settings/procedure", "/sourceview/list/", "/api/v1/matters"):
            assert superadmin.get(f"/j/{slug}{path}").status_code == 404, (slug, path)


def test_the_list_is_narrowed_and_wrong_numbers_do_no_harm(superadmin: Browser) -> None:
    found = superadmin.get("/platform/jurisdictions/?q=lian")
    assert "涟水县" in found.text
    assert "华容区" not in found.text
    assert "淮安市人民政府" not in superadmin.get("/platform/jurisdictions/?level=district").text
    for odd in ("?page=x", "?page=-1", "?page=99999999", "?level=nowhere", "?q=%25%27", "?page=%C2%B2"):
        assert superadmin.get(f"/platform/jurisdictions/{odd}").status_code == 200, odd


def test_counts_are_each_jurisdictions_own(app: Any, session: Any, world: World) -> None:
    ids = [world.huaian.id, world.huarong.id]
    inside = queries.count_inside(session, ids)
    for place in (world.huaian, world.huarong):
        assert inside[place.id].units == len(place.units)
        assert inside[place.id].people == len(place.people)
        assert inside[place.id].version == 1
    assert inside[world.huaian.id].regulation != inside[world.huarong.id].regulation


def test_a_jurisdictions_administrator_is_refused_at_the_platforms_door(app: Any, world: World) -> None:
    browser = _administrator(app, world.huarong)
    assert browser.get("/platform/jurisdictions/").status_code == 403
    assert browser.get("/j/huarong/platform/jurisdictions/").status_code == 403
    assert Browser(app, app.response_class).get("/platform/jurisdictions/").status_code == 302


@pytest.mark.parametrize("slug", ["huaian", "huarong", "lianshui"])
def test_settings_are_there_for_the_administrator(app: Any, world: World, slug: str) -> None:
    place: Place = getattr(world, slug)
    browser = _administrator(app, place)
    settings = browser.get(f"/j/{slug}/settings/")
    assert settings.status_code == 200
    links = set(re.findall(rf'href="(/j/{slug}/[^"?#]*)"', settings.text))
    assert {f"/j/{slug}/settings/procedure", f"/j/{slug}/sourceview/list/"} <= links
    for link in sorted(link for link in links if "logout" not in link):
        assert browser.get(link).status_code in (200, 302, 308), link
    procedure = browser.get(f"/j/{slug}/settings/procedure")
    assert procedure.status_code == 200
    assert "<svg" in procedure.text
    assert "None" not in procedure.text
    first = {"huaian": ("立项", "督查方案", "第四条第3项"), "huarong": ("拟办", "销号", "第九条（五）")}
    for words in first.get(slug, ("拟办", "归档")):
        assert words in procedure.text
    assert "settings" in _liaison_settings(app, place)


def _liaison_settings(app: Any, place: Place) -> str:
    browser = _sign_in(app, place.username("unit_liaison", "ZJJ"))
    assert browser.get(f"/j/{place.slug}/settings/").status_code == 403
    return "settings are refused to a liaison"


def test_another_jurisdictions_source_does_not_exist(app: Any, session: Any, world: World) -> None:
    with world.huaian.inside():
        foreign = session.scalars(select(MatterSource.id)).first()
    browser = _administrator(app, world.huarong)
    for path in ("show", "edit"):
        assert browser.get(f"/j/huarong/sourceview/{path}/{foreign}").status_code == 404
    assert browser.post(f"/j/huarong/sourceview/delete/{foreign}").status_code in (400, 404, 405)
    assert browser.get("/j/huarong/sourceview/add").status_code in (404, 405)


def test_sources_are_read_here_and_changed_in_the_profile(app: Any, session: Any, world: World) -> None:
    with world.huarong.inside():
        source_id = session.scalars(select(MatterSource.id).where(MatterSource.key == "petition")).one()
    browser = _administrator(app, world.huarong)
    assert "信访" in browser.get("/j/huarong/sourceview/list/").text
    assert browser.get(f"/j/huarong/sourceview/edit/{source_id}").status_code in (404, 405)
    assert browser.post(f"/j/huarong/sourceview/edit/{source_id}").status_code in (400, 404, 405)


def test_settings_say_what_is_missing(app: Any, session: Any, world: World) -> None:
    session.execute(NationalCalendarYear.__table__.delete())
    session.commit()
    browser = _administrator(app, world.huarong)
    assert f"{clock.today().year}" in browser.get("/j/huarong/settings/").text


def test_health_is_for_everybody_and_says_nothing_of_why(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(app, app.response_class)
    assert browser.get("/healthz").json == {"status": "ok"}
    ready = browser.get("/readyz")
    assert (ready.status_code, ready.json) == (
        200,
        {"status": "ok", "database": "ok", "migrations": "ok", "broker": "ok"},
    )
    monkeypatch.setattr(health, "_head", lambda: "another")
    late = browser.get("/readyz")
    assert (late.status_code, late.json["migrations"], late.json["broker"]) == (503, "missing", "ok")
    assert set(late.json) == {"status", "database", "migrations", "broker"}
