"""The pages of the organisation in a browser: forms, tables, the matrix, one's own page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.kernel.tenancy import set_based
from app.kernel.web import TableView
from app.organisation import queries, services
from app.organisation.models import JurisdictionRole, Membership, Person, Post, RoleRight, Unit
from tests.two_houses import AT, House, Visitor, build_two_houses, visitor


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


@pytest.fixture
def north(houses: tuple[House, House]) -> House:
    return houses[0]


@pytest.fixture
def admin(app: Any, north: House) -> Visitor:
    return visitor(app, north)


TABLES = ("unitview", "postview", "personview", "membershipview", "roleview")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_lists_shows_and_draws_its_forms_in_chinese(
    session: Any, admin: Visitor, north: House, table: str
) -> None:
    with north.inside():
        services.add_post(session, north.actor("admin"), unit_id=north.units["ZJJ"], name="局长", at=AT)
    for page in (f"/j/north/{table}/list/", f"/j/north/{table}/add"):
        answer = admin.get(page)
        assert answer.status_code == 200, page
        assert "south" not in answer.text
    found = re.findall(rf"/{table}/(show|edit)/(\d+)", admin.get(f"/j/north/{table}/list/").text)
    assert {"show", "edit"} <= {verb for verb, _pk in found}
    for verb, pk in found[:4]:
        answer = admin.get(f"/j/north/{table}/{verb}/{pk}")
        assert answer.status_code == 200, (verb, pk)
        assert "south" not in answer.text
        assert "people.invalid" not in answer.text


def test_every_column_that_a_table_shows_has_words(app: Any) -> None:
    tables = [view for view in app.extensions["appbuilder"].baseviews if isinstance(view, TableView)]
    assert len(tables) >= len(TABLES)
    for view in tables:
        pages = view.include_route_methods
        shown = {*view.list_columns, *view.search_columns}
        for page, columns in (("show", view.show_columns), ("add", view.add_columns), ("edit", view.edit_columns)):
            if page in pages:
                shown |= set(columns)
                assert not isinstance(getattr(view, f"{page}_title"), str), f"{type(view).__name__}: {page}_title"
        plain = {column for column in shown if isinstance(view.label_columns.get(column), str)}
        assert plain == set(), f"{type(view).__name__}: {plain} have no words"
        assert not isinstance(view.list_title, str), type(view).__name__


def test_a_unit_is_added_changed_and_removed_by_form(session: Any, admin: Visitor, north: House) -> None:
    form = {"name": "区水利局", "kind": "department", "parent": str(north.units["office"])}
    assert admin.send("/j/north/unitview/add", form).status_code == 302
    with north.inside():
        unit = session.scalars(select(Unit).where(Unit.name == "区水利局")).one()
        pk, parent = unit.id, unit.parent_id
    assert parent == north.units["office"]
    edit = f"/j/north/unitview/edit/{pk}"
    assert 'value="区水利局"' in admin.get(edit).text
    assert admin.send(edit, {"name": "区水务局", "kind": "department", "active": "y"}).status_code == 302
    with north.inside():
        unit = session.get(Unit, pk)
        assert (unit.name, unit.parent_id, unit.active) == ("区水务局", None, True)
    answer = admin.send("/j/north/unitview/list/", {}, to=f"/j/north/unitview/delete/{pk}")
    assert answer.status_code == 302
    with north.inside():
        assert session.get(Unit, pk) is None


def test_nothing_typed_is_lost_when_a_form_is_refused(admin: Visitor, north: House) -> None:
    answer = admin.send(
        "/j/north/unitview/add", {"name": "区水利局", "kind": "department", "code": "ZJJ", "phone": "0711-1"}
    )
    assert answer.status_code == 200
    assert 'value="区水利局"' in answer.text
    assert 'value="0711-1"' in answer.text
    answer = admin.send("/j/north/unitview/add", {"name": "", "kind": ""})
    assert answer.status_code == 200


def test_no_row_is_chosen_by_itself(session: Any, admin: Visitor, north: House) -> None:
    page = admin.get("/j/north/postview/add").text
    first = re.search(r'<select[^>]*name="unit".*?</select>', page, re.DOTALL)
    assert first
    assert re.search(r'<option selected value="">', first.group(0))
    assert admin.send("/j/north/postview/add", {"name": "局长", "kind": "head", "unit": ""}).status_code == 200
    with north.inside():
        assert session.scalars(select(Post)).all() == []


def test_a_person_is_added_signs_in_and_chooses_an_own_password(
    session: Any, app: Any, admin: Visitor, north: House
) -> None:
    answer = admin.send(
        "/j/north/personview/add",
        {
            "name": "欧阳文静",
            "username": "ouyang.wj",
            "unit": str(north.units["ZJJ"]),
            "post": "",
            "roles": [str(north.roles["unit_liaison"])],
            "phone": "",
            "email": "",
            "password": "",
        },
    )
    assert answer.status_code == 200
    found = re.search(r"<code[^>]*>([^<]+)</code>", answer.text)
    assert found, "the one-time password is shown"
    person = visitor(app)
    assert person.sign_in("ouyang.wj", found.group(1)).status_code == 302
    for page in ("/", "/j/north/", "/j/north/unitview/list/", "/j/north/unitview/add"):
        assert person.get(page).headers["Location"].endswith("/me/"), page
    answer = person.get("/j/north/api/v1/matters/")
    assert answer.status_code in (403, 404)
    words = {"old": found.group(1), "new": "Wenjing-2026", "again": "Wenjing-2026"}
    assert person.send("/j/north/me/", words | {"again": "other"}, to="/j/north/me/password").status_code == 200
    assert person.send("/j/north/me/", words, to="/j/north/me/password").status_code == 302
    assert person.get("/j/north/unitview/list/").status_code == 200
    with north.inside():
        account = session.scalars(select(Person).where(Person.username == "ouyang.wj")).one()
        assert check_password_hash(account.password, "Wenjing-2026")


def test_a_forgotten_password_is_reset_and_shown_once(session: Any, app: Any, admin: Visitor, north: House) -> None:
    liaison = visitor(app, north, "liaison")
    show = f"/j/north/personview/show/{north.people['liaison']}"
    answer = admin.send(show, {}, to=f"/j/north/personview/reset/{north.people['liaison']}")
    assert answer.status_code == 200
    found = re.search(r"<code[^>]*>([^<]+)</code>", answer.text)
    assert found
    assert liaison.get("/j/north/me/").status_code == 302, "the old sign-in has ended"
    assert visitor(app).sign_in("north.liaison").status_code == 200
    assert visitor(app).sign_in("north.liaison", found.group(1)).status_code == 302


def test_a_membership_is_changed_and_ended_by_form(session: Any, admin: Visitor, north: House) -> None:
    pk = north.memberships["liaison"]
    edit = f"/j/north/membershipview/edit/{pk}"
    form = {
        "unit": str(north.units["office"]),
        "post": "",
        "roles": [str(north.roles["inspector"]), str(north.roles["unit_liaison"])],
        "note": "兼任",
    }
    assert admin.send(edit, form).status_code == 302
    with north.inside():
        membership = session.get(Membership, pk)
        assert {role.key for role in membership.roles} == {"inspector", "unit_liaison"}
        assert membership.note == "兼任"
    assert admin.send("/j/north/membershipview/list/", {}, to=f"/j/north/membershipview/delete/{pk}").status_code == 302
    with north.inside():
        assert not session.get(Membership, pk).active


def test_the_matrix_saves_what_is_ticked(session: Any, admin: Visitor, north: House) -> None:
    page = admin.get("/j/north/roles/matrix")
    assert page.status_code == 200
    assert "matter:register" not in re.sub(r'value="[^"]*"', "", page.text), "rights are said in words"
    inspector, liaison = north.roles["inspector"], north.roles["unit_liaison"]
    form = {"shown": [str(inspector)], str(inspector): ["matter:read_all", "matter:export"]}
    assert admin.send("/j/north/roles/matrix", form).status_code == 302
    with north.inside():
        rights = {role.id: {right.right for right in role.rights} for role in queries.list_roles(session)}
        assert rights[inspector] == {"matter:read_all", "matter:export"}
        assert "matter:acknowledge" in rights[liaison], "a role the page did not show keeps its rights"


def test_a_wider_role_is_shown_and_not_offered(session: Any, admin: Visitor, north: House) -> None:
    page = admin.get("/j/north/roles/matrix").text
    assert f'name="shown" value="{north.roles["inspector"]}"' in page
    assert f'name="shown" value="{north.roles["office_leader"]}"' not in page
    assert not re.search(r'value="matter:read_restricted"', page)


def test_ones_own_page_saves_and_says_where_one_belongs(session: Any, app: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with south.inside():
        south.join(north.people["inspector"], ["unit_liaison"])
    person = visitor(app, north, "inspector")
    page = person.get("/j/north/me/")
    assert page.status_code == 200
    assert "south jurisdiction" in page.text
    assert "north-inspector" in page.text
    assert "south-unit_liaison" not in page.text
    form = {"phone": "0711-338", "email": "i@office.example", "locale": "en"}
    assert person.send("/j/north/me/", form).status_code == 302
    assert "My account" in person.get("/j/north/me/").text
    answer = person.send("/me/", {"phone": "x" * 3, "email": "", "locale": "zh"})
    assert answer.status_code == 200
    with north.inside():
        assert session.get(Person, north.people["inspector"]).phone == "0711-338"


def test_a_forged_right_in_the_database_gives_nothing(session: Any, app: Any, north: House) -> None:
    with north.inside():
        session.add(RoleRight(role_id=north.roles["unit_liaison"], right="everything:write"))
        session.commit()
        assert "everything:write" not in north.actor("liaison").rights
    assert visitor(app, north, "liaison").get("/j/north/roleview/list/").status_code == 403


def test_writers_and_readers_see_different_buttons(app: Any, north: House) -> None:
    page = visitor(app, north, "inspector").get("/j/north/unitview/list/").text
    assert "/unitview/show/" in page
    assert "/unitview/edit/" not in page
    assert "/unitview/delete/" not in page
    assert "/unitview/add" not in page


def _rows(session: Any, kind: Any, jurisdiction_id: int) -> int:
    table = kind.__table__
    statement = select(table.c.id).where(table.c.jurisdiction_id == jurisdiction_id)
    return len(session.execute(set_based(statement)).all())


def test_readers_may_not_write_by_post_either(session: Any, app: Any, north: House) -> None:
    reader = visitor(app, north, "inspector")
    with north.inside():
        before = _rows(session, Unit, north.id), _rows(session, JurisdictionRole, north.id)
    token = reader.token("/j/north/me/")
    unit, role = north.units["ZJJ"], north.roles["clerk"]
    for page, form in (
        ("unitview/add", {"name": "x", "kind": "department"}),
        (f"unitview/edit/{unit}", {"name": "x", "kind": "department"}),
        (f"unitview/delete/{unit}", {}),
        (f"personview/reset/{north.people['clerk']}", {}),
        ("personview/add", {"name": "x", "username": "xxx"}),
        ("roles/matrix", {"shown": str(role)}),
        (f"membershipview/delete/{north.memberships['clerk']}", {}),
    ):
        assert reader.post(f"/j/north/{page}", data=form | {"csrf_token": token}).status_code == 403, page
    with north.inside():
        assert (_rows(session, Unit, north.id), _rows(session, JurisdictionRole, north.id)) == before
