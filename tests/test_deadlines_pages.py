"""What people see of other regulations' clocks: the session asked for, times of the day, days that have passed."""

from __future__ import annotations

import re
from typing import Any

from app.jurisdictions.rules.profile.wording import values
from app.kernel.i18n import force_locale, translate
from app.matters.queries import find_source
from tests.matter_life import at, to_handling
from tests.other_rules import publish
from tests.test_deadlines_running import rule, with_rules
from tests.test_office_pages import sign_in  # noqa: F401
from tests.world import Place, World

REGISTER = "/j/huarong/matters/register"
PREVIEW = "/j/huarong/matters/due-preview"


def source_id(place: Place) -> int:
    """The id under which the form knows the district's meetings."""
    with place.inside():
        found = find_source(place.session, "district_meeting")
        assert found is not None
        return int(found.id)


def words(page: str) -> str:
    """A page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_the_session_is_asked_for_only_where_a_rule_names_one(sign_in: Any, world: World) -> None:  # noqa: F811
    place = world.huarong
    browser = sign_in(place, "inspector")
    assert 'name="session"' not in browser.get(REGISTER).text
    with place.inside():
        with_rules(place, rule("sitting", "result", "months", 3, sessions=["in_session"]))
    page = browser.get(REGISTER).text
    assert 'name="session"' in page
    asked = f"{PREVIEW}?source_id={source_id(place)}&urgency=normal"
    assert "2026年6月12日" in browser.get(f"{asked}&session=in_session").text
    assert "2026年6月12日" not in browser.get(asked).text


def test_a_stated_day_that_has_passed_is_said_before_anything_is_kept(sign_in: Any, world: World) -> None:  # noqa: F811
    place = world.huarong
    browser = sign_in(place, "inspector")
    asked = f"{PREVIEW}?source_id={source_id(place)}&urgency=normal"
    past, future = (browser.get(f"{asked}&stated_due_on={day}").text for day in ("2026-03-11", "2026-03-12"))
    assert "所填日期已过" in past
    assert "所填日期已过" not in future


def test_a_time_of_the_day_stands_beside_the_date(sign_in: Any, world: World) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        with_rules(place, rule("flash", "result", "hours", 30), but=("month",))
        life = to_handling(place)
    desk = sign_in(place, "inspector", on=at(2026, 3, 3, 17))
    assert "2026-03-03 16:00" in words(desk.get(f"/j/huarong/matters/{life.matter_id}").text)
    assert "2026-03-03 16:00" in words(desk.get("/j/huarong/matters/").text)
    told = desk.get(f"/j/huarong/api/v1/matters/{life.matter_id}").get_json()
    clock = next(one for one in told["obligations"] if one["stage"] == "result")
    assert (clock["due_at"], clock["light"]) == ("2026-03-03T08:00:00Z", "bad")


def test_the_session_stands_in_the_file_and_in_the_answer(sign_in: Any, world: World) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        publish(place)
        life = to_handling(place, session="between_sessions")
    desk = sign_in(place, "inspector")
    with force_locale("zh"):
        said = str(translate(values.SESSION["between_sessions"]))
    assert said in desk.get(f"/j/huarong/matters/{life.matter_id}?section=content").text
    assert desk.get(f"/j/huarong/api/v1/matters/{life.matter_id}").get_json()["session"] == "between_sessions"
