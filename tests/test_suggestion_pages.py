"""What the ladder lays before the office, in the browser: found from the frame's number, sent, taken up or left."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.kernel.events import Event
from app.urging.models import Suggestion
from app.urging.services import sweep_jurisdiction
from tests.desk import ask
from tests.matter_life import at, to_handling
from tests.world import Place, World

# the month from the dispatch on 2 March is over on 3 April; five working days later it is a candidate for the bulletin
LATE = at(2026, 4, 13)


@pytest.fixture
def place(world: World) -> Place:
    with world.huarong.inside():
        life = to_handling(world.huarong)
        life.unit("acknowledge", "SLJ")
        life.unit("acknowledge", "ZJJ")
    sweep_jurisdiction(world.huarong.session, world.huarong.id, LATE)
    return world.huarong


def shown(app: Any, place: Place, address: str, role: str = "inspector", unit: str | None = None, **more: Any) -> Any:
    return ask(app, place.session, place, role, unit, f"/j/{place.slug}{address}", LATE + dt.timedelta(hours=1), **more)


def rows(answer: Any) -> list[str]:
    return re.findall(r'name="id"\s+value="(\d+)"', answer.text)


def test_the_numbers_of_the_frame_are_the_lists_they_lead_to(app: Any, place: Place) -> None:
    frame = shown(app, place, "/frame?n=suggestions&n=bulletin").text
    numbers = [int(number) for number in re.findall(r">\s*(\d+)\s*<", frame)]
    lists = [shown(app, place, "/urging/suggestions/"), shown(app, place, "/urging/bulletin/")]
    assert [len(rows(answer)) for answer in lists] == numbers == [2, 2]
    assert "区水利局" in lists[0].text and "逾期一个工作日" in lists[0].text
    assert "逾期五个工作日" in lists[1].text


def test_a_unit_and_a_leader_without_the_office_s_work_have_no_such_list(app: Any, place: Place) -> None:
    for role, unit in (("unit_liaison", "SLJ"), ("office_leader", None)):
        for address in ("/urging/suggestions/", "/urging/bulletin/"):
            assert shown(app, place, address, role, unit).status_code == 403
        sent = shown(app, place, "/urging/suggestions/settle", role, unit, data={"outcome": "dropped"})
        assert sent.status_code == 403


def test_ticked_drafts_open_the_form_of_urging_that_shows_who_would_get_what(app: Any, place: Place) -> None:
    ids = rows(shown(app, place, "/urging/suggestions/"))
    sent = shown(app, place, "/urging/suggestions/urge", data={"id": ids})
    assert sent.status_code == 303
    target = urlsplit(sent.location)
    form = shown(app, place, f"{target.path.removeprefix(f'/j/{place.slug}')}?{target.query}")
    assert form.status_code == 200 and "区水利局" in form.text and "区住建局" in form.text


def test_what_is_not_followed_needs_a_reason_and_keeps_what_was_ticked(app: Any, place: Place) -> None:
    ids = rows(shown(app, place, "/urging/bulletin/"))
    given = {"id": ids[:1], "shown": "bulletin", "outcome": "dropped"}
    refused = shown(app, place, "/urging/suggestions/settle", data={**given, "note": ""})
    assert refused.status_code == 422 and re.search(rf'value="{ids[0]}"[^>]*checked', refused.text)
    assert shown(app, place, "/urging/suggestions/settle", data={**given, "note": "已在会上说明"}).status_code == 302
    assert rows(shown(app, place, "/urging/bulletin/")) == ids[1:]
    over = shown(app, place, "/urging/suggestions/?shown=settled").text
    assert "已在会上说明" in over and "不予采用" in over
    again = shown(app, place, "/urging/suggestions/settle", data={**given, "note": "再来一次"})
    assert again.status_code == 409
    with place.inside():
        happened = place.session.query(Event).filter_by(kind="suggestion.settled").one()
        assert happened.facts["reason"] == "已在会上说明"


def test_an_id_of_nobody_or_of_another_house_is_not_there(app: Any, place: Place, world: World) -> None:
    ids = rows(shown(app, place, "/urging/bulletin/"))
    for where, stranger in ((world.huaian, ids[0]), (place, "999999999"), (place, "x")):
        given = {"id": stranger, "outcome": "dropped", "note": "误列", "shown": "bulletin"}
        answer = shown(app, where, "/urging/suggestions/settle", data=given)
        assert answer.status_code == (422 if stranger == "x" else 404)
    with place.inside():
        assert place.session.query(Suggestion).filter(Suggestion.settled_at.is_not(None)).count() == 0
