"""A newer version of the rules and the dates that run: they stay until the office says otherwise, and then by the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.deadlines.queries import explanation
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import Event
from app.matters.models import Matter
from app.matters.services.following_rules import Ruled, follow_rules, preview_rules
from app.matters.services.recomputing import decide_earlier, recompute
from tests.matter_life import at, to_handling
from tests.other_rules import profile_in_force, publish
from tests.test_dates_follow_calendar import TEN_DAYS, TUESDAY, clock, readers, said, with_ten_days
from tests.test_matters_flow import dispatched_in_huaian
from tests.world import Place, World

D = dt.date.fromisoformat
WHY = "区政府办公室主任会议决定"


def days_for_results(place: Place, amount: int, **more: Any) -> None:
    """From Tuesday on results are due within so many working days."""
    rules = [
        rule.model_dump(mode="json", exclude_defaults=True)
        for rule in profile_in_force(place).deadline_rules
        if rule.key != "ten"
    ]
    publish(place, at=TUESDAY, deadline_rules=[{**TEN_DAYS, "amount": amount}, *rules], **more)


def number_in_force(place: Place) -> int:
    return preview_rules(place.session, at=TUESDAY).number


def apply(place: Place, reason: str = WHY) -> Ruled:
    return follow_rules(
        place.session, place.actor("administrator"), number=number_in_force(place), reason=reason, at=TUESDAY
    )


def test_a_newer_version_moves_no_running_date_until_the_office_says_so(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        opinion = clock(life, "contribution").due_on
        days_for_results(place, 12)
        assert clock(life).due_on == D("2026-03-16")

        told = preview_rules(place.session, at=TUESDAY)
        assert told.matters >= 1
        assert [(one.before, one.until) for one in told.moves.moved if one.stage == "result"] == [
            ("2026-03-16", "2026-03-18")
        ]
        assert clock(life).due_on == D("2026-03-16")  # telling moves nothing

        done = apply(place)
        assert [one.until for one in done.moves.moved] == [one.until for one in told.moves.moved]
        row = clock(life)
        assert (row.due_on, row.amount, row.rule_key) == (D("2026-03-18"), 12, "ten")
        assert clock(life, "contribution").due_on > opinion
        sentences = explanation(row.explanation)
        assert any(str(done.number) in one and "18" in one for one in sentences)


def test_a_second_run_finds_nothing_and_the_decision_is_in_the_log(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        days_for_results(place, 12)
        done = apply(place)
        (event,) = place.session.query(Event).filter_by(kind="profile.dates_followed").all()
        assert (event.facts["reason"], event.facts["number"]) == (WHY, done.number)
        assert {one.facts["after"] for one in said(life, "date_ruled")} >= {"2026-03-18"}
        told = readers(place, "date_ruled")
        assert place.actor("unit_liaison", "SLJ").person_id in told
        assert len(told) == len(set(told))
        again = apply(place)
        assert (again.matters, again.moves.moved, again.moves.kept) == (0, [], [])
        assert readers(place, "date_ruled") == told
        assert place.session.query(Event).filter_by(kind="profile.dates_followed").count() == 1


def test_a_firm_date_is_not_made_earlier_by_new_rules_and_the_office_decides(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life, other = to_handling(place), to_handling(place)
        days_for_results(place, 7)
        done = apply(place)
        assert [one for one in done.moves.moved if one.stage == "result"] == []
        row = clock(life)
        assert (row.due_on, row.earlier_due_on) == (D("2026-03-16"), D("2026-03-11"))
        assert any("2026-03-16" in one.replace("年", "-") or "16" in one for one in explanation(row.explanation))
        assert place.actor("unit_liaison", "SLJ").person_id not in readers(place, "date_ruled_kept")
        assert place.actor("inspector").person_id in readers(place, "date_ruled_kept")

        admin = place.actor("administrator")
        decide_earlier(place.session, admin, row.id, apply=True, due_on=D("2026-03-11"), at=TUESDAY)
        assert (clock(life).due_on, clock(life).earlier_due_on) == (D("2026-03-11"), None)
        assert said(life, "date_ruled")
        decide_earlier(place.session, admin, clock(other).id, apply=False, due_on=D("2026-03-11"), at=TUESDAY)
        assert (clock(other).due_on, clock(other).earlier_due_on) == (D("2026-03-16"), None)
        assert "promised" in clock(other).explanation
        recompute(place.session, Actor.system(place.id), at=TUESDAY)
        assert clock(other).due_on == D("2026-03-16")


def test_where_the_rules_say_so_the_earlier_date_applies_unless_its_day_has_passed(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        days_for_results(place, 7, recompute={"earlier": "apply"})
        late = at(2026, 3, 13)
        told = preview_rules(place.session, at=late)
        assert [one.until for one in told.moves.kept if one.stage == "result"] == ["2026-03-11"]
        apply(place)
        assert clock(life).due_on == D("2026-03-11")


def test_what_was_stated_or_extended_stays_and_a_pause_is_given_back(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        stated, extended, halted = (
            to_handling(place, stated_due_on="2026-03-20"),
            to_handling(place),
            to_handling(place),
        )
        row = clock(extended)
        row.due_on = row.extended_due_on = D("2026-03-30")
        place.session.commit()
        halted.office("suspend", reason="等待上级批复")
        halted.now = at(2026, 3, 5)
        halted.office("resume")
        before = clock(halted).due_on
        days_for_results(place, 12)
        apply(place)
        assert clock(stated).due_on == D("2026-03-20")
        assert clock(extended).due_on == D("2026-03-30")
        assert (clock(halted).due_on - before).days >= 2


def test_later_acts_follow_the_rules_the_dates_now_run_by(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        days_for_results(place, 12)
        apply(place)
        matter = place.session.get(Matter, life.matter_id)
        assert matter.dates_version_id not in (None, matter.profile_version_id)
        life.now = TUESDAY
        life.office("suspend", reason="等待上级批复")
        life.now = at(2026, 3, 5)
        life.office("resume")
        assert clock(life).due_on == D("2026-03-20")  # twelve days, and the two that stood still


def test_who_may_not_and_what_is_not_said_is_refused(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        days_for_results(place, 12)
        number, admin = number_in_force(place), place.actor("administrator")
        with pytest.raises(Refused):
            follow_rules(place.session, place.actor("unit_liaison", "SLJ"), number=number, reason=WHY, at=TUESDAY)
        with pytest.raises(Invalid):
            follow_rules(place.session, admin, number=number, reason="  ", at=TUESDAY)
        with pytest.raises(Conflict):
            follow_rules(place.session, admin, number=number - 1, reason=WHY, at=TUESDAY)
        assert clock(life).due_on == D("2026-03-16")
    with world.lianshui.inside():
        assert preview_rules(world.lianshui.session, at=TUESDAY).matters == 0


def test_a_written_period_from_dispatch_follows_too_and_a_stated_completion_stays(world: World) -> None:
    place = world.huaian
    with place.inside():
        life = dispatched_in_huaian(place)
        before, result = clock(life, "first_feedback").due_on, clock(life).due_on
        rules = [
            rule.model_dump(mode="json", exclude_defaults=True) | ({"amount": 9} if rule.rule == "working_days" else {})
            for rule in profile_in_force(place).deadline_rules
        ]
        publish(place, at=TUESDAY, deadline_rules=rules)
        apply(place)
        assert clock(life, "first_feedback").due_on > before
        assert clock(life).due_on == result
