"""The API: the same rules, the same visibility, the same sentences as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.clock import frozen
from app.matters.models import MatterSource
from app.matters.rules import Act
from tests.conftest import MORNING
from tests.world import PASSWORD, Place, World


class Machine:
    """A client of the API with one person's token, in one jurisdiction."""

    def __init__(self, app: Any, place: Place, role: str, unit: str | None = None) -> None:
        self.client, self.place = app.test_client(), place
        body = {"username": place.username(role, unit), "password": PASSWORD, "provider": "db"}
        answer = self.client.post(f"/j/{place.slug}/api/v1/security/login", json=body)
        assert answer.status_code == 200, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def get(self, path: str, slug: str | None = None) -> Any:
        return self.client.get(f"/j/{slug or self.place.slug}/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: Any = None, slug: str | None = None) -> Any:
        return self.client.post(f"/j/{slug or self.place.slug}/api/v1{path}", json=body, headers=self.headers)


@pytest.fixture
def draft(session: Any, world: World) -> dict[str, Any]:
    with world.huarong.inside():
        source_id = session.scalars(select(MatterSource.id).where(MatterSource.key == "other")).one()
    return {
        "title": "整治老旧小区积水点",
        "source_id": source_id,
        "lead_unit_id": world.huarong.units["ZJJ"],
        "handling_proposal": "请区住建局办理",
    }


def test_a_matter_through_the_api(app: Any, world: World, draft: dict[str, Any]) -> None:
    inspector, leader = Machine(app, world.huarong, "inspector"), Machine(app, world.huarong, "office_leader")
    made = inspector.post("/matters/", draft)
    assert made.status_code == 201, made.text
    matter = made.json
    assert (matter["state"], [one["act"] for one in matter["acts"]]) == ("draft", ["edit", "submit", "cancel"])
    path = f"/matters/{matter['id']}"
    submitted = inspector.post(f"{path}/submit", {"version": matter["version"]})
    assert submitted.json["state"] == "proposed"
    refused = inspector.post(f"{path}/approve", {"version": submitted.json["version"], "opinion": "同意"})
    assert (refused.status_code, refused.json["code"]) == (403, "right_missing")
    assert refused.mimetype == "application/problem+json"
    approved = leader.post(f"{path}/approve", {"version": submitted.json["version"], "opinion": "同意"})
    assert approved.json["state"] == "listed"
    stale = inspector.post(f"{path}/register", {"version": matter["version"]})
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    numbered = inspector.post(f"{path}/register", {"version": approved.json["version"]})
    assert numbered.json["register_no"].startswith("华政督登〔")
    listed = inspector.get("/matters/?q=积水点").json
    assert [row["id"] for row in listed["result"]] == [matter["id"]]
    assert listed["count"] == 1


def test_bad_bodies_get_a_sentence_and_change_nothing(app: Any, world: World, draft: dict[str, Any]) -> None:
    inspector = Machine(app, world.huarong, "inspector")
    made = inspector.post("/matters/", draft).json
    path = f"/matters/{made['id']}/submit"
    cases: list[tuple[Any, str]] = [
        (None, "json_needed"),
        ([1], "json_needed"),
        ({}, "version_needed"),
        ({"version": "1"}, "version_needed"),
        ({"version": True}, "version_needed"),
    ]
    for body, code in cases:
        answer = inspector.post(path, body)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert answer.json["request_id"]
    unknown = inspector.post(path, {"version": made["version"], "jurisdiction_id": 1})
    assert unknown.status_code == 422
    assert inspector.post(f"/matters/{made['id']}/destroy", {"version": made["version"]}).status_code == 404
    foreign = inspector.post("/matters/", {**draft, "lead_unit_id": world.huaian.units["ZJJ"]})
    assert foreign.status_code == 422
    assert inspector.get(f"/matters/{made['id']}").json["version"] == made["version"]
    for query in (
        "page=x",
        "page=0",
        "page_size=-1",
        "light=purple",
        "order=password",
        "due_from=tomorrow",
        "unit_id=1e9",
    ):
        assert inspector.get(f"/matters/?{query}").status_code == 422, query


def test_another_jurisdictions_ids_are_404_for_every_act(app: Any, world: World, draft: dict[str, Any]) -> None:
    made = Machine(app, world.huarong, "inspector").post("/matters/", draft).json
    stranger = Machine(app, world.lianshui, "inspector")
    assert stranger.get(f"/matters/{made['id']}").status_code == 404
    for act in Act:
        answer = stranger.post(f"/matters/{made['id']}/{act.value}", {"version": made["version"]})
        assert answer.status_code == 404, act
    assert stranger.get("/matters/").json["count"] == 0
    assert stranger.get(f"/matters/{made['id']}", slug="huarong").status_code == 404, "no membership there"
    assert stranger.get("/matters/", slug="nowhere").status_code == 404
    liaison = Machine(app, world.huarong, "unit_liaison", "ZJJ")
    assert liaison.get(f"/matters/{made['id']}").status_code == 404, "nothing has been handed to the unit yet"


def test_without_a_token_or_with_a_cookie_alone(app: Any, world: World) -> None:
    anonymous = app.test_client()
    answer = anonymous.get("/j/huarong/api/v1/matters/")
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_needed")
    bad = anonymous.get("/j/huarong/api/v1/matters/", headers={"Authorization": "Bearer nonsense"})
    assert bad.status_code == 401
    assert bad.mimetype == "application/problem+json"


def test_the_openapi_document_describes_every_act(app: Any, world: World) -> None:
    inspector = Machine(app, world.huaian, "inspector")
    described = inspector.get("/openapi.json").json
    assert described["servers"] == [{"url": "/j/huaian"}]
    acts = {path.rsplit("/", 1)[1] for path in described["paths"] if "{matter_id}/" in path}
    assert acts == {act.value for act in Act} - {"urge"} | {"issue_slip", "answer_slip", "withdraw_slip"}
    page = inspector.client.get("/j/huaian/api/v1/docs", headers=inspector.headers)
    assert page.status_code == 200
    assert "https://" not in page.text.replace("http://www.w3.org", "")


def test_instants_are_utc_and_dates_explain_themselves(app: Any, world: World, draft: dict[str, Any]) -> None:
    with frozen(MORNING):
        inspector = Machine(app, world.huarong, "inspector")
        made = inspector.post(
            "/matters/", {**draft, "handling_mode": "self_handled", "lead_unit_id": world.huarong.units["OFFICE"]}
        ).json
        assert made["created_at"] == "2026-03-02T01:00:00Z"
        path = f"/matters/{made['id']}"
        made = inspector.post(f"{path}/submit", {"version": made["version"]}).json
        made = (
            Machine(app, world.huarong, "office_leader")
            .post(f"{path}/approve", {"version": made["version"], "opinion": "同意"})
            .json
        )
        made = inspector.post(f"{path}/register", {"version": made["version"]}).json
        (result,) = [one for one in made["obligations"] if one["stage"] == "result"]
        assert result["due_on"] == "2026-04-02"
        assert result["explanation"]


def test_what_cannot_be_stored_is_refused_in_words_everywhere(app: Any, world: World, draft: dict[str, Any]) -> None:
    for place in (world.huarong, world.huaian):
        inspector = Machine(app, place, "inspector")
        for answer in (
            inspector.post("/matters/", {**draft, "title": "甲\x00乙"}),
            inspector.get("/matters/?q=%00"),
        ):
            assert (answer.status_code, answer.json["code"]) == (422, "nul_character")
        unknown = inspector.get("/matters/?status=draft")
        assert (unknown.status_code, unknown.json["code"]) == (422, "bad_filter")
