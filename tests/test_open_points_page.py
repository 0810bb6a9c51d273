"""The page of open points: every one is seen, switched in the draft, and refused in words when it cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask_babel import force_locale

from app.jurisdictions.rules.folder import FILES, folder_files
from app.jurisdictions.rules.points import POINTS, answered, given
from app.jurisdictions.rules.profile import Profile, dump_profile, parse_profile
from app.kernel.i18n import translate
from tests.small_house import Browser
from tests.test_profile_editor_pages import FORM, SignIn, draft_of, opened, sign_in  # noqa: F401
from tests.test_profile_wording import CHINESE
from tests.world import Place, World, folder

SLUGS = ("huarong", "huaian")


def switched(profile: Profile, **texts: str) -> Profile:
    """The profile with answers by the name of their field."""
    places = {place.path: place for point in POINTS for place in point.places(profile)}
    values = {path: given(one, texts[one.name]) for path, one in places.items() if one.name in texts}
    document = dump_profile(profile)
    return parse_profile(document | answered(document, values, places))


@pytest.mark.parametrize("slug", SLUGS)
def test_no_field_answers_two_points_and_nothing_said_changes_nothing(slug: str) -> None:
    profile = folder(slug).profile
    names = [place.name for point in POINTS for place in point.places(profile)]
    assert len(names) == len(set(names))
    assert switched(profile) == profile
    assert [point.number for point in POINTS] == list(range(1, 23))


def test_every_point_has_words_in_both_languages(app: Any) -> None:
    with app.test_request_context(), force_locale("zh"):
        for point in POINTS:
            for msgid in (point.question, point.recommended, point.why):
                assert CHINESE.search(translate(msgid)), msgid
        assert translate(next(point.recommended for point in POINTS if point.number == 6)) == "不计入。"


@pytest.mark.parametrize("slug", SLUGS)
def test_each_answer_is_kept_where_it_belongs(slug: str) -> None:
    profile = folder(slug).profile
    for point in POINTS:
        for place in point.places(profile):
            for text in _others(place):
                found = switched(profile, **{place.name: text})
                assert found != profile, (place.path, text)
                back = next(
                    one for again in POINTS for one in again.places(found) if one.path == place.path and again is point
                )
                assert back.value == given(place, text)


def _others(place: Any) -> list[str]:
    kind = type(place.value).__name__
    if kind == "bool":
        return ["0" if place.value else "1"]
    if place.field in ("after_hours_cutoff", "due_time"):
        return ["17:30"]
    if kind == "int" or place.field == "deemed_receipt_after":
        return ["7"]
    words = {
        "roll": ("none", "previous_working_day", "next_working_day"),
        "rule": place.among,
        "start_event": place.among,
        "conflict": ("precedence", "earliest"),
        "urgent_default": ("usual", "date_needed"),
        "reinstruct": ("continue",),
        "mode": ("none", "explanation_only"),
        "earlier": ("apply",),
    }[place.field]
    return [word for word in words if word != place.value]


def test_a_month_becomes_thirty_days_and_back() -> None:
    profile = folder("huarong").profile
    name = next(place.name for place in POINTS[7].places(profile))
    days = switched(profile, **{name: "calendar_days"})
    rule = next(one for one in days.deadline_rules if one.key == "month")
    assert (rule.rule, rule.amount) == ("calendar_days", 30)
    assert switched(days, **{name: "months"}) == profile


@pytest.mark.parametrize("slug", SLUGS)
def test_recommended_is_what_the_shipped_rules_say_but_for_what_their_words_demand(slug: str) -> None:
    profile = folder(slug).profile
    other = {place.path for point in POINTS for place in point.places(profile) if not place.as_recommended}
    assert {path.rpartition(".")[2] for path in other} <= {"roll"}


def url(place: Place) -> str:
    return f"/j/{place.slug}/settings/profile/edit/readings"


def send(browser: Browser, place: Place, **texts: str) -> Any:
    return browser.post(url(place), data=opened(browser, place, "readings").data("save", **texts))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_page_shows_every_point_and_keeps_an_answer_in_the_draft(
    world: World,
    sign_in: SignIn,  # noqa: F811
    slug: str,
) -> None:
    place: Place = getattr(world, slug)
    admin = sign_in(place)
    page = admin.get(url(place)).text
    assert all(f'id="point-{number}"' in page for number in range(1, 23))
    answer = send(admin, place, **{"readings-conflict": "earliest", "recompute-earlier": "apply"})
    assert (answer.status_code, answer.location) == (302, url(place))
    draft = draft_of(place)
    assert draft is not None
    assert (draft["readings"], draft["recompute"]) == ({"conflict": "earliest"}, {"earlier": "apply"})
    assert "与建议不同" in admin.get(url(place)).text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("units-contribution_lead_days", "-1"),
        ("units-contribution_lead_days", "10000"),
        ("units-contribution_lead_days", "两天"),
        ("readings-conflict", "whatever"),
        ("deadline_rules-2-due_time", "25:00"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_kept(
    world: World,
    sign_in: SignIn,  # noqa: F811
    field: str,
    text: str,
) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    answer = send(admin, place, **{field: text})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert draft_of(place) is None


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place, admin = world.huarong, sign_in(world.huarong)
    form = opened(admin, place, "readings")
    assert send(admin, place, **{"units-contribution_lead_days": "3"}).status_code == 302
    answer = admin.post(url(place), data=form.data("save", **{"readings-conflict": "earliest"}))
    assert answer.status_code == 409
    assert (draft_of(place) or {}).get("readings") is None


def test_a_liaison_changes_none(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place = world.huarong
    assert sign_in(place, "inspector").post(url(place), data={"do": "save"}).status_code in (302, 400, 403)
    assert draft_of(place) is None


def test_the_readings_leave_with_the_folder() -> None:
    assert {name for names in FILES.values() for name in names} == set(Profile.model_fields)
    loaded = folder("huarong")
    profile = switched(loaded.profile, **{"readings-reinstruct": "continue", "recompute-earlier": "apply"})
    written = folder_files(replace(loaded, profile=profile))["profile/deadlines.yaml"].decode()
    assert "reinstruct: continue" in written
    assert "earlier: apply" in written
