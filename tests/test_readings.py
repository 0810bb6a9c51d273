"""What a regulation leaves open is read as the jurisdiction has set it: in matters, in the simulator, in the explanation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.deadlines.data import built_in_calendar
from app.deadlines.queries import explanation
from app.deadlines.rules import (
    ClockChoice,
    SimulatedClock,
    Tried,
    again,
    compute_from_events,
    facts,
    rule_of_stage,
    simulate,
)
from app.jurisdictions.rules.profile import DeadlineRule, Readings
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.i18n import force_locale, translate
from app.kernel.outbox import Letter
from app.matters.models import Obligation
from tests.matter_life import Life, at, draw_up, huaian_draft, huarong_draft, to_handling
from tests.other_rules import profile_in_force
from tests.test_deadlines_running import clock, clocks, rule, signed, with_rules
from tests.test_office_pages import sign_in  # noqa: F401
from tests.world import Place, World

D = dt.date.fromisoformat
CALENDAR = built_in_calendar()
CRITERIA = ["clear", "complete", "factual", "valid"]


def read(place: Place, *more: dict[str, Any], but: tuple[str, ...] = (), **readings: Any) -> None:
    """The shipped rules, read so."""
    with_rules(place, *more, but=but, readings=readings)


def told(obligation: Obligation) -> str:
    return "".join(explanation(obligation.explanation))


def complete(life: Life, now: dt.datetime) -> None:
    """The lead files its completion report."""
    life.now = now
    liaison = life.place.actor("unit_liaison", "SLJ")
    life.unit(
        "report_completion",
        "SLJ",
        text="已办结。",
        document_no="水〔2026〕1号",
        attachment_ids=[life.file("report", liaison)],
    )


def send_back(life: Life, now: dt.datetime) -> None:
    life.now = now
    life.office("return_for_rework", failed=[], opinion="请补充佐证。")


# -- #12 a report that was in time and came back ----------------------------------------------------------------------


@pytest.mark.parametrize(("counts", "state"), [(False, "met"), (True, "open")])
def test_a_report_that_came_back_was_in_time_unless_it_counts_as_none(world: World, counts: bool, state: str) -> None:
    place = world.huarong
    with place.inside():
        read(place, returned_counts_as_late=counts)
        life = signed(to_handling(place))
        complete(life, at(2026, 3, 20, 9))
        send_back(life, at(2026, 4, 7, 10))
        result = clock(life, "result")
        assert (result.state, result.due_on) == (state, D("2026-04-02"))
        assert clock(life, "rework").state == "open"
        assert result.has_passed(life.now) is True
        assert ("退回" in told(result) or "came back" in told(result)) is counts
        complete(life, at(2026, 4, 8, 9))
        assert {one.state for one in (clock(life, "result"), clock(life, "rework"))} == {"met"}
        late = clock(life, "result").met_at.date() > result.due_on  # type: ignore[union-attr]
        assert late is counts


# -- #16 several sources of a date --------------------------------------------------------------------------------------

BOTH = {"stated_due_on": "2026-03-27", "instructed_due_on": "2026-03-13"}


@pytest.mark.parametrize(
    ("reading", "dates", "due"),
    [
        ("explicit", BOTH, "2026-03-13"),
        ("precedence", BOTH, "2026-03-27"),
        ("earliest", BOTH, "2026-03-13"),
        ("explicit", {"stated_due_on": "2026-05-29"}, "2026-05-29"),
        ("earliest", {"stated_due_on": "2026-05-29"}, "2026-04-03"),
        ("precedence", {"instructed_due_on": "2026-03-13"}, "2026-03-13"),
        ("explicit", {}, "2026-04-03"),
    ],
)
def test_of_several_dates_the_one_holds_that_the_reading_says(
    world: World, reading: str, dates: dict[str, str], due: str
) -> None:
    place = world.huarong
    with place.inside():
        read(place, conflict=reading)
        result = clock(to_handling(place, **dates), "result")
        assert result.due_on == D(due)
        assert len(explanation(result.explanation)) > 3
        assert bool(result.explanation["conflict"]) is (len(dates) == 2 or (reading == "earliest" and bool(dates)))
        assert facts(again(result.explanation, CALENDAR))["due_on"] == due


def test_a_period_that_waits_for_the_signature_has_the_stated_date_until_it_starts(world: World) -> None:
    place = world.huarong
    waits = rule("month", "result", "months", 1, start_event="acknowledged")
    with place.inside():
        read(place, waits, but=("month",), conflict="earliest")
        life = to_handling(place, stated_due_on="2026-04-10")
        first = clock(life, "result")
        assert (first.rule, first.due_on) == ("fixed", D("2026-04-10"))
        life.now = at(2026, 3, 4, 9)
        life.unit("acknowledge", "SLJ")
        after = clock(life, "result")
        assert (after.rule, after.amount, after.due_on) == ("months", 1, D("2026-04-04"))


# -- #17 at once --------------------------------------------------------------------------------------------------------

SHORT = rule("short", "result", "working_days", 7, urgencies=["critical"])
INSTRUCTION = {"instruction_text": "请水利局立即处置。"}


def test_at_once_is_confirmed_by_the_office_and_has_the_shortest_period(world: World) -> None:
    place = world.huarong
    with place.inside():
        read(place, SHORT)
        life = draw_up(place, huarong_draft(place, **INSTRUCTION))
        with pytest.raises(Invalid) as refused:
            life.office("submit")
        assert refused.value.fields.keys() == {"hurried"}
        place.session.rollback()
        result = clock(to_handling(place, **INSTRUCTION, hurried=True), "result")
        assert (result.rule_key, result.due_on) == ("short", D("2026-03-11"))
        assert "尽快" in told(result) or "at once" in told(result)
        assert place.session.get(type(life.matter), result.matter_id).urgency == "urgent"
        assert clock(to_handling(place, **INSTRUCTION, hurried=False), "result").rule_key == "month"


def test_where_such_words_change_nothing_nobody_is_asked(world: World) -> None:
    place = world.huarong
    with place.inside():
        read(place, SHORT, urgent_default="usual")
        result = clock(to_handling(place, **INSTRUCTION), "result")
        assert result.rule_key == "month"
        confirmed = clock(to_handling(place, **INSTRUCTION, hurried=True), "result")
        assert (confirmed.rule_key, confirmed.explanation["hurried"]) == ("month", "usual")


def test_where_a_date_is_needed_the_office_states_one(world: World) -> None:
    place = world.huarong
    with place.inside():
        read(place, SHORT, urgent_default="date_needed")
        life = draw_up(place, huarong_draft(place, **INSTRUCTION, hurried=True))
        with pytest.raises(Invalid) as refused:
            life.office("submit")
        assert refused.value.fields.keys() == {"instructed_due_on"}
        place.session.rollback()
        dated = to_handling(place, **INSTRUCTION, hurried=True, instructed_due_on="2026-03-06")
        assert clock(dated, "result").due_on == D("2026-03-06")


# -- #18 a new instruction on a running matter ----------------------------------------------------------------------------


def test_a_new_instruction_begins_a_new_clock_and_supersedes_the_old(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        life.now = at(2026, 3, 16, 10)
        life.office("instruct", text="请加快进度，每月报告。")
        old, new = clocks(life, "result")
        assert (old.state, old.due_on) == ("superseded", D("2026-04-02"))
        assert (new.state, new.start_event, new.due_on) == ("open", "instructed", D("2026-04-16"))
        assert clock(life, "contribution").due_on == D("2026-04-14")
        life.office("suspend", reason="待上级批复")
        life.now = at(2026, 3, 18, 10)
        life.office("resume")
        assert clocks(life, "result")[1].due_on == D("2026-04-17")  # the first day of the pause is the start itself
        letters = place.session.query(Letter).filter_by(kind="matter.instructed").count()
        assert letters > 0


@pytest.mark.parametrize(
    ("on", "said"), [((2026, 3, 16), "Void, no longer counted"), ((2026, 4, 7), "Void, overdue when it ended")]
)
def test_a_replaced_date_is_shown_as_void_and_never_as_kept(
    world: World,
    sign_in: Any,  # noqa: F811
    on: tuple[int, int, int],
    said: str,
) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        life.now = at(*on, 10)
        life.office("instruct", text="请加快进度，每月报告。")
        matter_id = life.matter_id
    page = sign_in(place, "inspector", on=at(*on, 11)).get(f"/j/huarong/matters/{matter_id}?section=deadline").text
    old = next(card for card in page.split('<section class="hy-card">') if "2026-04-02" in card)
    with force_locale("zh"):
        assert translate(said) in old
        for kept in ("Finished in time", "Finished late"):
            assert translate(kept) not in old


def test_where_the_running_clock_goes_on_the_instruction_is_only_recorded(world: World) -> None:
    place = world.huarong
    with place.inside():
        read(place, reinstruct="continue")
        life = signed(to_handling(place))
        life.now = at(2026, 3, 16, 10)
        life.office("instruct", text="请加快进度。")
        assert (clock(life, "result").state, clock(life, "result").due_on) == ("open", D("2026-04-02"))
        assert life.matter.instruction_text == "请加快进度。"


def test_a_new_instruction_names_a_new_date_and_asks_for_feedback_anew(world: World) -> None:
    place = world.huaian
    with place.inside():
        life = draw_up(place, huaian_draft(place))
        life.office("submit")
        life.office("approve", "secretary_general", opinion="同意。")
        life.office("approve", "office_director", opinion="同意。")
        life.office("scheme", "group_inspector", "DCZ1", scheme="实地督查。")
        life.file("copy", place.actor("inspector"))
        life.office("dispatch", "group_inspector", "DCZ1")
        life.now = at(2026, 3, 16, 10)
        life.office("instruct", "group_inspector", "DCZ1", text="改为四月底前完成。", instructed_due_on="2026-04-30")
        old, new = clocks(life, "result")
        assert (old.state, new.state) == ("superseded", "open") or (new.state, old.state) == ("superseded", "open")
        assert next(one for one in (old, new) if one.state == "open").due_on == D("2026-04-30")
        feedback = [one for one in clocks(life, "first_feedback") if one.state == "open"]
        assert [one.due_on for one in feedback] == [D("2026-03-25")]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "请办", "given_on": "2026-12-01"}, "given_on"),
        ({"text": "请办", "instructed_due_on": "2026-02-02"}, "instructed_due_on"),
        ({"text": "请立即办"}, "hurried"),
    ],
)
def test_a_new_instruction_is_refused_and_nothing_moves(world: World, payload: dict[str, str], field: str) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        with pytest.raises(Invalid) as refused:
            life.office("instruct", **payload)
        assert field in refused.value.fields
        place.session.rollback()
        assert [one.state for one in clocks(life, "result")] == ["open"]
        with pytest.raises(Refused):
            life.do("instruct", place.actor("unit_liaison", "SLJ"), text="自行延长")


# -- #20 the guard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("guard", "stages"), [(True, ["2026-04-03"]), (False, [])])
def test_the_usual_period_guards_what_the_media_exposed(world: World, guard: bool, stages: list[str]) -> None:
    place = world.huarong
    with place.inside():
        read(place, media_guard=guard)
        exposed = to_handling(place, exposed_on="2026-03-01")
        assert [one.due_on.isoformat() for one in clocks(exposed, "result")] == stages
        assert clock(exposed, "first_feedback").due_on == D("2026-03-09")
        assert clock(to_handling(place, exposed_on="2026-03-01", stated_due_on="2026-03-20"), "result").due_on == D(
            "2026-03-20"
        )
        assert clock(to_handling(place), "result").due_on == D("2026-04-03")


# -- the simulator says the same ----------------------------------------------------------------------------------------


def simulated(world: World, choice: ClockChoice, readings: Readings, **more: Any) -> SimulatedClock | None:
    with world.huarong.inside():
        said = [*profile_in_force(world.huarong).deadline_rules, DeadlineRule(**SHORT)]
    found = simulate(said, (), Tried(choice, D("2026-03-02"), **more), CALENDAR, readings=readings)
    return next((one for one in found if one.stage == "result"), None)


def test_the_simulator_reads_as_the_jurisdiction_does(world: World) -> None:
    plain = ClockChoice("district_meeting", "normal", "own")
    both = ClockChoice(
        "district_meeting", "normal", "own", stated_due_on=D("2026-03-27"), instructed_due_on=D("2026-03-13")
    )
    hurried = ClockChoice("district_meeting", "normal", "own", hurried=True)
    exposed = ClockChoice("district_meeting", "normal", "own", exposed_on=D("2026-03-01"))
    late = {"reported_on": D("2026-03-20"), "returned_on": D("2026-03-24")}
    cases: list[tuple[ClockChoice, dict[str, Any], dict[str, Any], str]] = [
        (both, {}, {}, "2026-03-13"),
        (both, {"conflict": "precedence"}, {}, "2026-03-27"),
        (hurried, {}, {}, "2026-03-11"),
        (hurried, {"urgent_default": "usual"}, {}, "2026-04-03"),
        (plain, {}, {"instructed_on": D("2026-03-16")}, "2026-04-16"),
        (plain, {"reinstruct": "continue"}, {"instructed_on": D("2026-03-16")}, "2026-04-03"),
        (plain, {"returned_counts_as_late": True}, late, "2026-04-03"),
    ]
    for choice, readings, more, due in cases:
        found = simulated(world, choice, Readings(**readings), **more)
        assert found is not None
        assert found.due is not None
        assert found.due.due_on == D(due), (readings, more)
        assert (found.runs_on is not None) is bool(readings.get("returned_counts_as_late"))
    guarded = simulated(world, exposed, Readings())
    bare = simulated(world, exposed, Readings(media_guard=False))
    assert guarded is not None
    assert guarded.due is not None
    assert bare is None or bare.due is None


def test_a_period_capped_by_a_stated_date_survives_a_changed_calendar() -> None:
    said = [
        DeadlineRule(**rule("stated", "result", "fixed")),
        DeadlineRule(**rule("days", "result", "working_days", 10)),
    ]
    choice = ClockChoice("any", "normal", "own", stated_due_on=D("2026-03-13")).under(Readings(conflict="earliest"))
    clock_rule = rule_of_stage(said, "result", choice)
    assert clock_rule is not None
    due = compute_from_events(clock_rule, {"dispatched": D("2026-03-02")}, CALENDAR)
    assert due is not None
    assert due.due_on == D("2026-03-13")
    assert due.held_back is not None
    assert due.held_back.would_be_on == D("2026-03-16")
    assert facts(again(facts(due), CALENDAR)) == facts(due)


# -- readings that belong to one clock ----------------------------------------------------------------------------------

MONTH = {"article": "第十条", "stage": "result", "rule": "months", "amount": 1, "start_event": "acknowledged"}


@pytest.mark.parametrize(
    ("change", "signed_at", "due"),
    [
        ({"deemed_receipt_after": 1, "roll": "next_working_day"}, None, "2026-04-03"),
        ({"deemed_receipt_after": 3}, None, "2026-04-05"),
        ({"deemed_receipt_after": 3, "roll": "next_working_day"}, None, "2026-04-07"),
        ({"deemed_receipt_after": 3, "roll": "previous_working_day"}, None, "2026-04-03"),
        ({"start_event": "dispatched"}, None, "2026-04-02"),
        ({"start_event": "dispatched", "count_start_day": True}, None, "2026-04-01"),
        ({"start_event": "dispatched", "rule": "calendar_days", "amount": 30}, None, "2026-04-01"),
        ({"start_event": "dispatched", "rule": "calendar_days", "amount": 7}, None, "2026-03-09"),
        ({"start_event": "dispatched", "rule": "working_days", "amount": 7}, None, "2026-03-11"),
        ({"start_event": "dispatched", "rule": "calendar_days", "amount": 0}, None, "2026-03-02"),
        ({}, at(2026, 3, 6, 20), "2026-04-06"),
        ({"after_hours_cutoff": "17:30"}, at(2026, 3, 6, 20), "2026-04-09"),
        ({"after_hours_cutoff": "17:30"}, at(2026, 3, 6, 16), "2026-04-06"),
    ],
)
def test_a_reading_of_one_clock_acts_on_a_matter(
    world: World, change: dict[str, Any], signed_at: dt.datetime | None, due: str
) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, {"key": "other", **MONTH, **change}, but=("month",))
        life = to_handling(place)
        if signed_at is not None:
            life.now = signed_at
            life.unit("acknowledge", "SLJ")
        assert clock(life, "result").due_on == D(due)


def test_the_close_of_office_ends_the_last_day_where_it_is_read_so(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, {"key": "other", **MONTH, "start_event": "dispatched", "due_time": "17:30"}, but=("month",))
        result = clock(to_handling(place), "result")
        assert result.has_passed(at(2026, 4, 2, 17)) is False
        assert result.has_passed(at(2026, 4, 2, 18)) is True
        assert "17:30" in told(result)


def test_a_stated_date_on_a_day_of_rest_stays_unless_it_is_read_to_move(world: World) -> None:
    place = world.huarong
    with place.inside():
        assert clock(to_handling(place, stated_due_on="2026-03-28"), "result").due_on == D("2026-03-28")
        with_rules(place, rule("stated", "result", "fixed", roll="next_working_day"), but=("stated",))
        assert clock(to_handling(place, stated_due_on="2026-03-28"), "result").due_on == D("2026-03-30")


@pytest.mark.parametrize(("days", "due"), [(0, "2026-04-03"), (2, "2026-04-01"), (5, "2026-03-27")])
def test_the_others_are_due_so_many_days_before_the_lead(world: World, days: int, due: str) -> None:
    place = world.huarong
    with place.inside():
        units = profile_in_force(place).units.model_dump(mode="json", exclude_defaults=True)
        with_rules(place, units=units | {"contribution_lead_days": days})
        assert clock(to_handling(place), "contribution").due_on == D(due)


def test_explaining_moves_nothing_and_where_it_is_not_known_it_is_refused(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        life.unit("explain_delay", "SLJ", reason="汛期施工受阻")
        assert (clock(life, "result").due_on, clock(life, "result").explained_late) == (D("2026-04-02"), True)
        with_rules(place, extension={"mode": "none"})
        other = signed(to_handling(place))
        with pytest.raises(Conflict):
            other.unit("explain_delay", "SLJ", reason="汛期施工受阻")
