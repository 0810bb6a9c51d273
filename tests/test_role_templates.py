"""Roles begun from the regulations' own, and a matrix that says what one may not give."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.organisation import services
from app.organisation.models import JurisdictionRole
from app.organisation.permissions import RIGHTS
from app.organisation.role_templates import TEMPLATES
from tests.two_houses import AT, House, build_two_houses, visitor


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


def begin(session: Any, house: House, by: str, key: str, name: str = "新角色") -> JurisdictionRole:
    return services.add_role_from_template(session, house.actor(by), key, name=name, at=AT)


def test_every_role_the_regulations_name_has_a_template_of_known_rights() -> None:
    assert [one.key for one in TEMPLATES] == [
        "inspector",
        "group",
        "office_leader",
        "government_leader",
        "secretary_general",
        "liaison",
        "unit_leader",
        "registrar",
        "archivist",
        "auditor",
        "administrator",
    ]
    for one in TEMPLATES:
        assert set(one.rights) <= RIGHTS.keys(), one.key
        assert len(set(one.rights)) == len(one.rights), one.key
    administrator = next(one for one in TEMPLATES if one.key == "administrator")
    assert not {"matter:read_all", "matter:read_restricted"} & set(administrator.rights)


def test_a_role_begins_with_what_its_maker_holds_and_the_rest_is_left_out(
    session: Any, houses: tuple[House, House]
) -> None:
    north, south = houses
    with north.inside():
        role = begin(session, north, "admin", "liaison", "承办单位联络员")
        assert {right.right for right in role.rights} == set(TEMPLATES[5].rights)
        leader = begin(session, north, "admin", "office_leader", "办公室分管领导")
        held = {right.right for right in leader.rights}
        assert "matter:read_restricted" not in held
        assert held == set(TEMPLATES[2].rights) - {"matter:read_restricted"}
        (event,) = list_events(session, "role", leader.id)
        assert event.facts["template"] == "office_leader"
        with pytest.raises(Invalid, match="already a role"):
            begin(session, north, "admin", "liaison", "承办单位联络员")
        with pytest.raises(NotFound):
            begin(session, north, "admin", "emperor")
        with pytest.raises(Refused):
            begin(session, north, "inspector", "liaison")
    with south.inside():
        assert (
            session.scalars(select(JurisdictionRole).where(JurisdictionRole.name == "承办单位联络员")).first() is None
        )


def test_the_page_says_what_would_be_left_out_and_keeps_what_was_typed(app: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    admin = visitor(app, north)
    page = admin.get("/j/north/roles/new").text
    assert page.count('name="template"') == len(TEMPLATES)
    assert "你本人没有" in page or "您本人没有" in page
    made = admin.send("/j/north/roles/new", {"template": "auditor", "name": "审计员"})
    assert made.location.endswith("/roles/matrix")
    again = admin.send("/j/north/roles/new", {"template": "auditor", "name": "审计员"})
    assert again.status_code == 422
    assert 'value="审计员"' in again.text
    assert admin.send("/j/north/roles/new", {"template": "emperor", "name": "皇帝"}).status_code == 404
    assert visitor(app, north, "inspector").get("/j/north/roles/new").status_code == 403


def test_the_matrix_marks_what_one_may_not_give_and_why(app: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    page = visitor(app, north).get("/j/north/roles/matrix").text
    assert page.count("#i-lock") >= 3  # the sentence, the right, the wider role
    assert page.count('<tbody id="group-') == page.count('href="#group-')
    reader = visitor(app, north, "clerk").get("/j/north/roles/matrix").text
    assert reader.count("#i-lock") > page.count("#i-lock")
