"""What is supervised and how: chosen from the profile's lists where it has any, and never asked where it has none."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel import clock
from app.kernel.errors import Invalid
from app.matters.queries import case_file
from tests import regulation_house
from tests.matter_life import MONDAY, draw_up, huarong_draft
from tests.small_house import Browser
from tests.world import PASSWORD


@pytest.fixture
def place(session: Any) -> Any:
    built = regulation_house.build(session)
    with built.inside():
        yield built


def signed_in(app: Any, place: Any) -> Browser:
    """The inspector's browser."""
    client = Browser(app, app.response_class)
    form = {"username": place.username("inspector"), "password": PASSWORD}
    client.post("/login/", data=form | {"csrf_token": client.csrf_token("/login/")})
    return client


def test_both_are_demanded_before_a_matter_is_proposed(place: Any) -> None:
    life = draw_up(place, regulation_house.draft(place, scope_key=None, kind_key=None))
    with pytest.raises(Invalid) as missing:
        life.office("submit")
    assert set(missing.value.fields) == {"scope", "kind"}
    chosen = regulation_house.draft(place, scope_key="statutory_duty", kind_key="special")
    life.office("edit", **chosen)
    life.office("submit")
    assert (life.matter.scope_key, life.matter.kind_key, life.matter.state) == ("statutory_duty", "special", "proposed")


def test_only_what_the_profile_lists_can_be_chosen(place: Any) -> None:
    with pytest.raises(Invalid) as refused:
        draw_up(place, regulation_house.draft(place, scope_key="gossip", kind_key="special"))
    assert set(refused.value.fields) == {"scope_key"}


def test_where_nothing_is_listed_nothing_can_be_chosen_or_is_demanded(world: Any) -> None:
    with world.huarong.inside():
        with pytest.raises(Invalid) as refused:
            draw_up(world.huarong, huarong_draft(world.huarong, kind_key="special"))
        assert set(refused.value.fields) == {"kind_key"}
        life = draw_up(world.huarong, huarong_draft(world.huarong))
        assert life.office("submit").state == "proposed"


def test_the_form_offers_the_lists_and_the_file_says_the_choice(app: Any, place: Any) -> None:
    life = draw_up(place, regulation_house.draft(place, scope_key="efficiency", kind_key="clue"))
    client = signed_in(app, place)
    page = client.get(f"/j/guifan/matters/{life.matter_id}/edit").text
    assert '<option selected value="efficiency">行政效能</option>' in page
    assert '<option value="incident">事件调查</option>' in page
    told = client.get(f"/j/guifan/matters/{life.matter_id}?section=content").text
    assert "线索核查" in told


def test_the_ledger_is_narrowed_by_either(app: Any, place: Any) -> None:
    draw_up(place, regulation_house.draft(place, title="公路养护专项督查", kind_key="special"))
    draw_up(place, regulation_house.draft(place, title="群众来信线索核查", kind_key="clue"))
    client = signed_in(app, place)
    page = client.get("/j/guifan/matters/?kind=clue").text
    assert "群众来信线索核查" in page
    assert "公路养护专项督查" not in page
    assert "事件调查" in page
    assert "gossip" in client.get("/j/guifan/matters/?kind=gossip").text, "a word nobody knows is named and left out"
    found = client.get("/j/guifan/api/v1/matters/?kind=special&scope=statutory_duty").json
    assert [one["title"] for one in found["result"]] == ["公路养护专项督查"]


def test_the_choice_is_part_of_the_answer_to_machines(place: Any) -> None:
    from app.matters.api.answers import case_answer

    life = draw_up(place, regulation_house.draft(place, scope_key="key_work", kind_key="daily"))
    file = case_file(place.session, place.actor("inspector"), life.matter_id, today=clock.local_date(MONDAY))
    assert (case_answer(file)["scope_key"], case_answer(file)["kind_key"]) == ("key_work", "daily")
