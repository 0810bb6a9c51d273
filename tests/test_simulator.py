"""The simulator: a rule is tried before it binds anybody, on a page that nothing typed can break."""

from __future__ import annotations

import datetime as dt
import html
from datetime import date, datetime
from typing import Any

import pytest

from app.deadlines.data import built_in_calendar
from app.deadlines.forms import SimulatorForm
from app.deadlines.queries import simulated
from app.deadlines.rules import ZONE, ClockChoice, SimulatedClock, Tried, simulate
from app.jurisdictions.queries import get_version_in_force
from app.jurisdictions.rules import StepChoice, compile_procedure
from app.jurisdictions.rules.profile import DeadlineRule, LastDay, Profile
from app.jurisdictions.services import save_section, start_draft
from app.kernel import clock
from tests.other_rules import profile_in_force
from tests.test_office_pages import SignIn, sign_in  # noqa: F401
from tests.world import World, folder

CALENDAR = built_in_calendar()
D = date.fromisoformat
MONDAY = D("2026-03-02")


def profile(slug: str) -> Profile:
    return folder(slug).profile


def lines(profile: Profile, choice: ClockChoice, **more: Any) -> list[SimulatedClock]:
    path = compile_procedure(profile).path(
        StepChoice(choice.source, choice.urgency, choice.origin_level, choice.handling_mode)
    )
    return simulate(
        profile.deadline_rules,
        path,
        Tried(choice, more.pop("dispatched", MONDAY), **more),
        CALENDAR,
        last_day=profile.last_day,
        contribution_lead_days=profile.units.contribution_lead_days,
    )


def dates(found: list[SimulatedClock]) -> dict[str, str | None]:
    return {one.stage: one.due.due_on.isoformat() if one.due else one.waits_for for one in found if one.stage != "step"}


def test_a_matter_of_huarong_has_its_clocks_and_says_what_they_wait_for() -> None:
    found = lines(profile("huarong"), ClockChoice("district_meeting", "normal", "own"))
    assert dates(found) == {
        "acknowledgement": "2026-03-03",
        "result": "2026-04-03",
        "contribution": "2026-04-01",
        "rework": "returned",
    }
    exposed = ClockChoice("district_meeting", "normal", "own", exposed_on=MONDAY)
    media = dates(lines(profile("huarong"), exposed, reported_on=D("2026-03-20")))
    assert (media["first_feedback"], media["rectification_result"]) == ("2026-03-09", "2026-03-25")


def test_a_matter_of_huaian_waits_for_its_stated_date() -> None:
    choice = ClockChoice("leader_instruction", "normal", "own")
    assert dates(lines(profile("huaian"), choice)) == {
        "first_feedback": "2026-03-11",
        "result": "fixed",
        "rework": "returned",
    }
    stated = ClockChoice("leader_instruction", "normal", "own", stated_due_on=D("2026-05-29"))
    found = dates(lines(profile("huaian"), stated))
    assert (found["result"], found["contribution"]) == ("2026-05-29", "2026-05-27")


def rule(**more: Any) -> DeadlineRule:
    return DeadlineRule(**{"key": "a", "article": "第一条", "stage": "result", "start_event": "dispatched"} | more)


def with_rules(*rules: DeadlineRule, **more: Any) -> Profile:
    return profile("huarong").model_copy(update={"deadline_rules": rules} | more)


def test_hours_what_comes_round_and_the_last_day_are_tried_too() -> None:
    tried = with_rules(
        rule(rule="months", amount=9),
        rule(key="b", stage="first_feedback", rule="hours", amount=24),
        rule(key="c", stage="progress", rule="periodic", schedule={"every": "month", "day": 5, "first_not_within": 0}),
        last_day=LastDay(day_of_year={"month": 8, "day": 31}, article="第九条"),
    )
    at_ten = datetime(2026, 3, 2, 10, 30, tzinfo=ZONE)
    found = lines(tried, ClockChoice("district_meeting", "normal", "own"), dispatched=at_ten)
    by_stage = {one.stage: one.due for one in found if one.due is not None}
    assert by_stage["first_feedback"].due_at == at_ten + dt.timedelta(days=1)
    assert by_stage["result"].due_on == D("2026-08-31")
    rounds = [one.due.due_on.isoformat() for one in found if one.stage == "progress" and one.due]
    assert rounds == ["2026-03-05", "2026-04-05", "2026-05-05", "2026-06-05"]


def test_a_faulty_rule_of_a_draft_says_so_in_its_own_line() -> None:
    tried = with_rules(rule(rule="working_days"), rule(key="b", stage="rework", rule="months", amount=1))
    found = lines(tried, ClockChoice("district_meeting", "normal", "own"), returned_on=MONDAY)
    refused, good = (next(one for one in found if one.key == key) for key in ("a", "b"))
    assert refused.refusal is not None
    assert refused.refusal.code == "amount_missing"
    assert good.due is not None


def test_the_offices_own_steps_run_from_the_day_they_are_imagined() -> None:
    steps = [one for one in lines(profile("huarong"), ClockChoice("district_meeting", "normal", "own")) if one.name]
    limited = [one for one in profile("huarong").procedure.steps if one.limit]
    assert [one.key for one in steps] == [one.key for one in limited]
    assert [one.key for one in steps if one.waits_for == "reported"] == ["review"]
    reported = lines(profile("huarong"), ClockChoice("district_meeting", "normal", "own"), reported_on=D("2026-03-20"))
    review = next(one for one in reported if one.key == "review")
    assert review.due is not None
    assert review.due.start_on == D("2026-03-20")


ADMIN = "administrator"
URL = "/j/huarong/settings/simulator"
ASKED = "source=district_meeting&urgency=normal&dispatched_on=2026-03-02"


def test_the_page_shows_the_dates_and_why(sign_in: Any, world: World) -> None:  # noqa: F811
    browser = sign_in(world.huarong, ADMIN)
    whole = browser.get(f"{URL}?{ASKED}")
    assert whole.status_code == 200
    piece = browser.get(f"{URL}?{ASKED}&part=lines")
    assert "<form" not in piece.text
    for said in ("2026年4月3日", "重新查报"):
        assert said in piece.text
    panel = browser.get(f"{URL}?part=panel&draft=1")
    assert "<html" not in panel.text
    assert "<form" in panel.text


def test_the_draft_is_tried_where_there_is_one(sign_in: Any, world: World) -> None:  # noqa: F811
    place = world.huarong
    with place.inside():
        admin = place.actor(ADMIN)
        draft = start_draft(place.session, admin, at=clock.now())
        rules = [one.model_dump(mode="json", exclude_defaults=True) for one in profile_in_force(place).deadline_rules]
        month = next(one for one in rules if one["key"] == "month")
        month["amount"] = 2
        save_section(place.session, admin, "deadline_rules", rules, expected_revision=draft.revision, at=clock.now())
    browser = sign_in(place, ADMIN)
    assert "2026年4月3日" in browser.get(f"{URL}?{ASKED}&part=lines").text
    assert "2026年5月6日" in browser.get(f"{URL}?{ASKED}&part=lines&draft=1").text


@pytest.mark.parametrize(
    "typed",
    [
        "source=nowhere",
        "source=district_meeting&urgency=frantic",
        "source=district_meeting&dispatched_on=yesterday",
        "source=district_meeting&dispatched_at=half+past",
        "source=district_meeting&dispatched_on=1999-01-01",
        "source=district_meeting&dispatched_on=9999-12-31&acknowledged_on=0001-01-01",
        "source=district_meeting&stated_due_on=2026-02-30",
        "source=%00&urgency=%F0%9F%98%80",
        "part=nothing&draft=7",
    ],
)
def test_nothing_typed_breaks_it(sign_in: Any, world: World, typed: str) -> None:  # noqa: F811
    for part in ("", "&part=lines", "&part=panel"):
        assert sign_in(world.huarong, ADMIN).get(f"{URL}?{typed}{part}").status_code == 200


def test_a_unit_does_not_read_it(sign_in: Any, world: World) -> None:  # noqa: F811
    assert sign_in(world.huarong, "unit_liaison", "SLJ").get(URL).status_code == 403


def test_machine_page_and_pure_call_say_the_same_of_the_same_matter(world: World, sign_in: SignIn) -> None:  # noqa: F811
    place = world.huarong
    browser = sign_in(place, "administrator")
    asked = "source=district_meeting&urgency=normal&dispatched_on=2026-03-02&acknowledged_on=2026-03-02"
    answer = browser.get(f"/j/huarong/api/v1/simulator?{asked}")
    assert answer.status_code == 200
    page = browser.get(f"/j/huarong/settings/simulator?{asked}").get_data(as_text=True)
    with place.inside():
        version = get_version_in_force(place.session, clock.now())
        matter = Tried(ClockChoice("district_meeting", "normal", "own"), MONDAY, MONDAY)
        pure = simulated(place.session, version.id, place.id, matter)
    told = answer.json["clocks"]
    assert [(one["stage"], one["due_on"]) for one in told] == [
        (one.stage, one.due.due_on.isoformat() if one.due else None) for one in pure
    ]
    dated = [one for one in told if one["due_on"]]
    assert dated
    for one in dated:
        assert one["explanation"]
        for sentence in one["explanation"]:
            assert sentence in html.unescape(page)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("source=nobody", "source"),
        ("dispatched_on=2026-02-30", "dispatched_on"),
        ("acknowledged_on=2026-03-02&acknowledged_at=25:00", "acknowledged_at"),
        ("colour=red", "colour"),
    ],
)
def test_a_machine_is_told_which_word_does_not_fit(
    world: World,
    sign_in: SignIn,  # noqa: F811
    asked: str,
    field: str,
) -> None:
    answer = sign_in(world.huarong, "administrator").get(f"/j/huarong/api/v1/simulator?{asked}")
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_only_who_may_read_the_rules_may_try_them_and_their_parameters_are_described(
    world: World,
    sign_in: SignIn,  # noqa: F811
) -> None:
    assert sign_in(world.huarong, "unit_liaison", "SLJ").get("/j/huarong/api/v1/simulator").status_code in (403, 404)
    browser = sign_in(world.huarong, "administrator")
    described = browser.get("/j/huarong/api/v1/openapi.json").json["paths"]["/api/v1/simulator"]["get"]
    fields = {name for name in vars(SimulatorForm) if not name.startswith("_") and name != "Meta"}
    assert {one["name"] for one in described["parameters"]} == fields | {"draft"}
    assert all(one["description"] for one in described["parameters"])
