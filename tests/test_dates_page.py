"""The page of dates that follow the calendar: seen before it happens, let happen, decided on, by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.deadlines.services import remove_local_day
from app.matters.services.following_rules import preview_rules
from tests.matter_life import MONDAY, to_handling
from tests.test_dates_follow_calendar import TUESDAY, clock, day_off, follow, with_ten_days
from tests.test_dates_follow_rules import days_for_results
from tests.test_office_pages import SignIn, form_of, said, sign_in  # noqa: F401
from tests.world import World

PAGE = "/j/huarong/settings/recompute/"
D = dt.date.fromisoformat


def test_what_moves_is_shown_with_its_reason_and_moves_on_a_word(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        follow(place, MONDAY)
    admin = sign_in(place, "administrator", on=TUESDAY)
    assert said("Every open date follows the calendar.") in admin.get(PAGE).get_data(as_text=True)
    with place.inside():
        day_off(place)
    page = admin.get(PAGE).get_data(as_text=True)
    for words in ("2026-03-16", "2026-03-17", "建区纪念日", "三江港", "2026-03-03 11:00"):
        assert words in page
    assert admin.post(PAGE, data=form_of(page)).status_code == 302
    with place.inside():
        assert clock(life).due_on == D("2026-03-17")
    assert said("Every open date follows the calendar.") in admin.get(PAGE).get_data(as_text=True)


def test_a_kept_date_is_decided_on_and_nonsense_changes_nothing(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        off = day_off(place, when=MONDAY)
        life = to_handling(place)
        remove_local_day(place.session, place.actor("administrator"), off.id, at=TUESDAY)
        follow(place)
        row = clock(life).id
    admin = sign_in(place, "administrator", on=TUESDAY)
    form: dict[str, Any] = form_of(admin.get(PAGE).get_data(as_text=True))
    for nonsense in ({}, {"decision": "apply"}, {"decision": "no", "due_on": "2026-03-16"}, {"due_on": "x"}):
        assert admin.post(f"{PAGE}{row}", data=form | nonsense).status_code in (400, 422)
    assert admin.post(f"{PAGE}999999", data=form | {"decision": "keep", "due_on": "2026-03-16"}).status_code == 404
    with place.inside():
        assert clock(life).earlier_due_on == D("2026-03-16")
    assert admin.post(f"{PAGE}{row}", data=form | {"decision": "apply", "due_on": "2026-03-16"}).status_code == 302
    with place.inside():
        assert (clock(life).due_on, clock(life).earlier_due_on) == (D("2026-03-16"), None)


def test_newer_rules_are_shown_and_followed_only_with_a_reason(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        days_for_results(place, 12)
    inspector = sign_in(place, "inspector", on=TUESDAY)
    looked = inspector.get(PAGE).get_data(as_text=True)
    assert "2026-03-18" in looked
    assert "settings/recompute/rules" not in looked
    admin = sign_in(place, "administrator", on=TUESDAY)
    form: dict[str, Any] = form_of(admin.get(PAGE).get_data(as_text=True))
    with place.inside():
        number = preview_rules(place.session, at=TUESDAY).number
    refused = admin.post(f"{PAGE}rules", data=form | {"number": number, "reason": " "})
    assert refused.status_code == 422
    assert said("Say why running matters get other dates.") in refused.get_data(as_text=True)
    assert admin.post(f"{PAGE}rules", data=form | {"number": "x", "reason": "会议决定"}).status_code == 409
    with place.inside():
        assert clock(life).due_on == D("2026-03-16")
    assert admin.post(f"{PAGE}rules", data=form | {"number": number, "reason": "会议决定"}).status_code == 302
    with place.inside():
        assert clock(life).due_on == D("2026-03-18")
    file = inspector.get(f"/j/huarong/matters/{life.matter_id}").get_data(as_text=True)
    assert "2026-03-16 → 2026-03-18" in file
    assert "settings/recompute/rules" not in admin.get(PAGE).get_data(as_text=True)


def test_the_page_is_for_those_who_see_every_matter(world: World, sign_in: SignIn) -> None:  # noqa: F811
    unit = sign_in(world.huarong, "unit_liaison", "SLJ", on=TUESDAY)
    assert unit.get(PAGE).status_code in (403, 404)
    assert unit.post(PAGE, data={"csrf_token": unit.csrf_token("/me/")}).status_code in (403, 404)
    inspector = sign_in(world.huarong, "inspector", on=TUESDAY)
    assert inspector.get(PAGE).status_code == 200
