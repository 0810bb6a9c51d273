"""Signing in: locks, ends of sign-ins, tokens, CSRF, and the addresses that must not exist."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.events import Event, verify_chain
from app.kernel.tenancy import scope
from app.organisation import services
from app.organisation.models import Person, UserSession
from tests.two_houses import AT, METHOD, PASSWORD, House, Visitor, build_two_houses, visitor

LOGIN = "/api/v1/security/login"


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


@pytest.fixture
def north(houses: tuple[House, House]) -> House:
    return houses[0]


def token(browser: Visitor, username: str, password: str = PASSWORD, **more: Any) -> Any:
    """Sign in by API."""
    return browser.post(LOGIN, json={"username": username, "password": password, "provider": "db", **more})


def bearer(answer: Any, kind: str = "access_token") -> dict[str, str]:
    """The header that a token is shown in."""
    return {"Authorization": f"Bearer {answer.json[kind]}"}


def test_only_our_addresses_exist(app: Any) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {"/login/", "/logout/", LOGIN, "/api/v1/security/refresh"} <= rules
    for ours_not in (
        "/users",
        "/roles/list",
        "/groups",
        "/registeruser",
        "/resetpassword",
        "/resetmypassword",
        "/userinfoeditview",
        "/userstatschartview",
        "/permissions",
        "/viewmenus",
        "/permissionviews",
        "/apikeys",
        "/swagger",
        "/api/v1/security/users",
        "/api/v1/security/roles",
        "/api/v1/security/groups",
        "/api/v1/security/permissions",
        "/api/v1/security/resources",
        "/api/v1/menu",
        "/api/v1/_openapi",
    ):
        assert [rule for rule in rules if rule.startswith(ours_not)] == [], ours_not
    for part in ("/action/", "/action_post", "/download/<string:filename>", "/chart", "/api/read", "/api/column"):
        assert [rule for rule in rules if part in rule] == [], part
    security = {rule for rule in rules if rule.startswith("/api/v1/security")}
    assert security == {LOGIN, "/api/v1/security/refresh"}


def test_nothing_is_deleted_by_get(app: Any) -> None:
    for rule in app.url_map.iter_rules():
        if any(word in rule.rule for word in ("/delete", "/remove", "/reset")):
            assert "GET" not in (rule.methods or ()), rule


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("north.liaison", "wrong"),
        ("north.nobody", PASSWORD),
        ("", ""),
        ("north.liaison", ""),
        ("north\0liaison", PASSWORD),
    ],
)
def test_every_failure_reads_the_same(app: Any, north: House, username: str, password: str) -> None:
    expected = visitor(app).sign_in("north.liaison", "wrong")
    answer = visitor(app).sign_in(username, password)
    assert answer.status_code == 200
    assert "_user_id" not in answer.headers.get("Set-Cookie", "")
    answer = token(visitor(app), username or "x", password or "x")
    assert answer.status_code == 401
    assert expected.status_code == 200


@pytest.mark.parametrize("way", ["form", "api"])
def test_five_failures_lock_both_ways_in_for_a_quarter_of_an_hour(
    session: Any, app: Any, north: House, way: str
) -> None:
    username = north.username("liaison")
    with clock.frozen(AT):
        # neither another spelling nor the mail address is a way past the count
        for spelling in (username, username.upper(), username.title(), f" {username}", username):
            if way == "form":
                visitor(app).sign_in(spelling, "wrong")
            else:
                token(visitor(app), spelling, "wrong")
        assert visitor(app).sign_in(username).status_code == 200
        assert visitor(app).sign_in(username.upper()).status_code == 200
        assert visitor(app).sign_in(f"{username}@people.invalid").status_code == 200
        assert token(visitor(app), username).status_code == 401
    with clock.frozen(AT + dt.timedelta(minutes=16)):
        assert visitor(app).sign_in(username.upper()).status_code == 302
        assert token(visitor(app), username).status_code == 200


def test_a_success_forgets_the_failures(session: Any, app: Any, north: House) -> None:
    for _round in range(2):
        for _try in range(4):
            visitor(app).sign_in("north.liaison", "wrong")
        assert visitor(app).sign_in("north.liaison").status_code == 302


def test_a_mail_address_is_no_sign_in_name(app: Any, north: House) -> None:
    assert visitor(app).sign_in("north.liaison@people.invalid").status_code == 200
    assert token(visitor(app), "north.liaison@people.invalid").status_code == 401


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Any, north: House) -> None:
    person, thief = visitor(app, north), visitor(app)
    with person.session_transaction() as mine:
        copied = dict(mine)
    with thief.session_transaction() as theirs:
        theirs.update(copied)
    assert thief.get("/j/north/unitview/list/").status_code == 200
    person.get("/logout/")
    assert person.get("/j/north/unitview/list/").status_code == 302
    assert thief.get("/j/north/unitview/list/").status_code == 302


def test_a_sign_in_ends_when_idle_and_after_a_day_at_work(app: Any, north: House) -> None:
    with clock.frozen(AT):
        person = visitor(app, north)
    with clock.frozen(AT + dt.timedelta(minutes=31)):
        assert person.get("/j/north/unitview/list/").status_code == 302
    with clock.frozen(AT):
        person = visitor(app, north)
    for minutes in range(25, 12 * 60, 25):
        with clock.frozen(AT + dt.timedelta(minutes=minutes)):
            assert person.get("/j/north/unitview/list/").status_code == 200, minutes
    with clock.frozen(AT + dt.timedelta(hours=12, minutes=1)):
        assert person.get("/j/north/unitview/list/").status_code == 302


def test_a_new_password_ends_cookies_and_tokens(session: Any, app: Any, north: House) -> None:
    here, elsewhere, machine = visitor(app, north, "liaison"), visitor(app, north, "liaison"), visitor(app)
    answer = token(machine, "north.liaison", refresh=True)
    access, refresh = bearer(answer), bearer(answer, "refresh_token")
    assert machine.get("/j/north/unitview/list/", headers=access).status_code == 200
    words = {"old": PASSWORD, "new": "Better-2027", "again": "Better-2027"}
    assert here.send("/j/north/me/", words, to="/j/north/me/password").status_code == 302
    assert here.get("/j/north/me/").status_code == 200, "who changed it stays"
    assert elsewhere.get("/j/north/me/").status_code == 302
    assert machine.get("/j/north/unitview/list/", headers=access).status_code == 401
    assert machine.post("/api/v1/security/refresh", headers=refresh).status_code == 401


def test_the_old_password_is_guessed_five_times_at_most(app: Any, north: House) -> None:
    person = visitor(app, north, "liaison")
    words = {"old": "guess", "new": "Better-2027", "again": "Better-2027"}
    for _try in range(5):
        assert person.send("/j/north/me/", words, to="/j/north/me/password").status_code == 200
    right = words | {"old": PASSWORD}
    assert person.send("/j/north/me/", right, to="/j/north/me/password").status_code == 403


def test_a_closed_account_is_out_at_once(session: Any, app: Any, north: House) -> None:
    person, machine = visitor(app, north, "liaison"), visitor(app)
    access = bearer(token(machine, "north.liaison"))
    with north.inside():
        services.change_person(session, north.actor("admin"), north.people["liaison"], name="李四", active=False, at=AT)
    assert person.get("/j/north/me/").status_code == 302
    assert machine.get("/j/north/unitview/list/", headers=access).status_code == 401
    assert visitor(app).sign_in("north.liaison").status_code == 200
    assert token(visitor(app), "north.liaison").status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x.y.z", "Bearer null", "bearer eyJhbGciOiJub25lIn0.e30."]
)
def test_a_spoilt_token_is_401_whatever_the_cookie_says(app: Any, north: House, header: str) -> None:
    person = visitor(app, north)
    answer = person.get("/j/north/unitview/list/", headers={"Authorization": header})
    assert answer.status_code in ((401,) if header.startswith(("Bearer ", "bearer ")) else (200, 401))
    assert "Traceback" not in answer.text


def test_a_token_gives_nothing_elsewhere(app: Any, north: House) -> None:
    machine = visitor(app)
    access = bearer(token(machine, "north.admin"))
    assert machine.get("/j/north/unitview/list/", headers=access).status_code == 200
    assert machine.get("/j/south/unitview/list/", headers=access).status_code == 404
    assert machine.get("/platform/jurisdictions/", headers=access).status_code in (403, 404)


def test_a_cookie_posts_nothing_without_its_token(session: Any, app: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    person = visitor(app, north)
    pages = (
        ("/j/north/unitview/add", {"name": "x", "kind": "department"}),
        (f"/j/north/unitview/delete/{north.units['ZJJ']}", {}),
        ("/j/north/roles/matrix", {}),
        ("/j/north/me/", {"locale": "en"}),
        ("/j/north/me/password", {}),
        (f"/j/north/personview/reset/{north.people['liaison']}", {}),
        ("/j/north/api/v1/matters/", {}),
    )
    other = visitor(app, south)
    foreign = other.token("/j/south/me/")
    for page, form in pages:
        for forged in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign}):
            answer = person.post(page, data=form | forged)
            assert answer.status_code in (400, 404, 405), (page, forged)
    assert person.post("/login/", data={"username": "north.admin", "password": PASSWORD}).status_code == 400


def test_a_strangers_jurisdiction_is_not_there(app: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    person = visitor(app, north)
    texts = set()
    for page in ("/j/south/unitview/list/", "/j/nowhere/unitview/list/", "/j/south/", "/j/south/me/"):
        answer = person.get(page)
        assert answer.status_code == 404, page
        assert "south" not in answer.text.replace("/j/south", "")
        texts.add(answer.status_code)
    assert texts == {404}


def test_two_jurisdictions_in_two_tabs_never_mix(session: Any, app: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with south.inside():
        south.join(north.people["inspector"], ["unit_liaison"], "ZJJ")
    person = visitor(app, north, "inspector")
    for _turn in range(3):
        here, there = person.get("/j/north/unitview/list/"), person.get("/j/south/unitview/list/")
        assert "north-office-canary" in here.text
        assert "south" not in here.text.replace("/j/south/", "").replace("south jurisdiction", "")
        assert "south-office-canary" in there.text
        assert "north-office-canary" not in there.text
        assert 'href="/j/south/unitview/show/' in there.text
    # rights follow the jurisdiction: an inspector there is a liaison here
    assert person.get(f"/j/south/unitview/show/{north.units['office']}").status_code == 404


def test_rights_change_with_the_next_request(session: Any, app: Any, north: House) -> None:
    person = visitor(app, north, "clerk")
    assert person.get("/j/north/roleview/list/").status_code == 200
    with north.inside():
        services.set_role_rights(
            session, north.actor("admin"), {north.roles["clerk"]: ["person:read", "unit:read"]}, at=AT
        )
    assert person.get("/j/north/roleview/list/").status_code == 403
    with north.inside():
        services.end_membership(session, north.actor("admin"), north.memberships["clerk"], at=AT)
    assert person.get("/j/north/unitview/list/").status_code == 404


def test_the_platforms_administrator_may_nothing_inside(session: Any, app: Any, houses: tuple[House, House]) -> None:
    services.create_platform_admin(
        session, Actor.system(None), name="平台", username="root", password="Platform-2026", method=METHOD, at=AT
    )
    person = session.scalars(select(Person).where(Person.username == "root")).one()
    person.must_change_password = False
    session.commit()
    root = visitor(app)
    assert root.sign_in("root", "Platform-2026").status_code == 302
    for page in ("", "unitview/list/", "personview/list/", "roles/matrix", "me/", "api/v1/matters/"):
        assert root.get(f"/j/north/{page}").status_code == 404, page
    # nor outside: the tables of jurisdictions are nowhere without one
    for page in ("/unitview/list/", "/personview/list/", "/roles/matrix"):
        assert root.get(page).status_code == 403, page


def test_tables_of_jurisdictions_are_closed_outside_them(app: Any, north: House) -> None:
    person = visitor(app, north)
    for page in ("/unitview/list/", f"/unitview/show/{north.units['ZJJ']}", "/personview/add", "/roles/matrix"):
        assert person.get(page).status_code == 403, page
    stranger = visitor(app)
    for page in ("/j/north/unitview/list/", "/j/nowhere/unitview/list/", "/me/"):
        answer = stranger.get(page)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]


def test_signing_in_changes_the_session_and_keeps_the_language(session: Any, app: Any, north: House) -> None:
    person = visitor(app)
    person.get("/lang/en")
    with person.session_transaction() as before:
        before["planted"] = "by a thief"
    assert person.sign_in("north.admin").status_code == 302
    with person.session_transaction() as after:
        assert "planted" not in after
        assert after["locale"] == "en"
        first = after["sid"]
    person.get("/logout/")
    person.sign_in("north.admin")
    with person.session_transaction() as again:
        assert again["sid"] != first
    rows = session.scalars(select(UserSession).where(UserSession.person_id == north.people["admin"])).all()
    assert sorted(row.revoked_at is None for row in rows) == [False, True]


def test_signing_in_leads_where_one_was_going(app: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    person = visitor(app)
    asked = person.get(f"/j/{north.slug}/matters/?light=overdue")
    assert asked.status_code == 302
    form = {"username": "north.admin", "password": PASSWORD, "csrf_token": person.token(asked.headers["Location"])}
    answer = person.post(asked.headers["Location"], data=form)
    assert answer.headers["Location"] == f"/j/{north.slug}/matters/?light=overdue"
    assert person.get("/matters/1").status_code == 404, "no matter is anywhere but in a jurisdiction"
    assert person.get(f"/j/{south.slug}/matters/1").status_code == 404


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(app: Any, north: House, target: str) -> None:
    person = visitor(app)
    form = {"username": "north.admin", "password": PASSWORD, "csrf_token": person.token("/login/")}
    answer = person.post("/login/", query_string={"next": target}, data=form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_sign_ins_are_written_into_the_systems_own_chain(session: Any, app: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    visitor(app).sign_in("north.admin", "wrong")
    visitor(app, north)
    visitor(app).sign_in("somebody.unknown", "wrong")
    session.rollback()
    with scope(0, session):
        kinds = [event.kind for event in session.scalars(select(Event).order_by(Event.seq))]
        assert [kind for kind in kinds if kind.startswith("sign_in")] == [
            "sign_in.failed",
            "sign_in.succeeded",
            "sign_in.failed",
        ]
        assert verify_chain(session) == []
        assert PASSWORD not in str([event.facts for event in session.scalars(select(Event))])
    with north.inside():
        assert [e.kind for e in session.scalars(select(Event)) if e.kind.startswith("sign_in")] == []


def test_the_api_knows_no_other_provider(app: Any, north: House) -> None:
    answer = visitor(app).post(LOGIN, json={"username": "north.admin", "password": PASSWORD, "provider": "ldap"})
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.text
    for body in ({}, {"username": 1}, [], "x", None):
        assert visitor(app).post(LOGIN, json=body).status_code in (400, 401), body
