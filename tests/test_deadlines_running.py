"""Other regulations' clocks on running matters: what opens, what moves, what comes round, what is late at which hour."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.documents.models import Document
from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid
from app.kernel.outbox import Letter
from app.matters.models import Obligation, Report
from app.matters.queries import case_file, ledger, lights_count
from app.matters.queries.ledger import LedgerFilter
from app.matters.rules import Act
from app.urging.services import sweep_jurisdiction
from tests.matter_life import Life, at, draw_up, huaian_draft, huarong_draft, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World

D = dt.date.fromisoformat
MONTHLY = {
    "key": "monthly",
    "article": "第十二条",
    "stage": "progress",
    "rule": "periodic",
    "start_event": "dispatched",
    "schedule": {"every": "month", "day": 5, "first_not_within": 0},
}


def with_rules(place: Place, *more: dict[str, Any], but: tuple[str, ...] = (), **sections: Any) -> None:
    """The shipped rules but for some, and these before the rest."""
    kept = [
        rule.model_dump(mode="json", exclude_defaults=True)
        for rule in profile_in_force(place).deadline_rules
        if rule.key not in but
    ]
    publish(place, deadline_rules=[*more, *kept], **sections)


def rule(key: str, stage: str, kind: str, amount: int | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "article": "第十条", "stage": stage, "rule": kind, "start_event": "dispatched"} | (
        {"amount": amount} if amount is not None else {}
    ) | more  # fmt: skip


def clocks(life: Life, stage: str, code: str | None = None) -> list[Obligation]:
    found = life.place.session.query(Obligation).filter_by(matter_id=life.matter_id, stage=stage)
    if code is not None:
        found = found.filter_by(assignment_id=life.part(code).id)
    return list(found.order_by(Obligation.raw_on, Obligation.id))


def clock(life: Life, stage: str, code: str | None = None) -> Obligation:
    (found,) = clocks(life, stage, code)
    return found


def report(life: Life, day: dt.datetime, code: str = "SLJ") -> None:
    life.now = day
    life.unit("report_progress", code, text="进展顺利。")


def signed(life: Life, *codes: str) -> Life:
    for code in codes or ("SLJ", "ZJJ"):
        life.unit("acknowledge", code)
    return life


def sweep(place: Place, day: dt.datetime) -> None:
    place.session.get(Jurisdiction, place.id).next_sweep_at = None
    place.session.commit()
    sweep_jurisdiction(place.session, place.id, day)


# -- hours and times ------------------------------------------------------------------------------------------------


def test_a_clock_in_hours_is_late_at_its_minute_everywhere(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("flash", "result", "hours", 30), but=("month",))
        life = to_handling(place)
        flash = clock(life, "result")
        assert flash.due_at == at(2026, 3, 3, 16)
        assert flash.due_on == D("2026-03-03")
        office = place.actor("inspector")
        wanted = LedgerFilter(light="bad")
        for moment, late in ((at(2026, 3, 3, 15), False), (at(2026, 3, 3, 17), True), (at(2026, 3, 4), True)):
            today = moment.date()
            file = case_file(place.session, office, life.matter_id, today=today, at=moment)
            assert file.reading(file.obligations[-1]) is not None
            assert (str(file.reading(clock(life, "result")).light) == "bad") is late
            assert (ledger(place.session, office, wanted, today=today, at=moment).total == 1) is late
            assert (lights_count(place.session, office, today=today, at=moment)["bad"] == 1) is late
        life.now = at(2026, 3, 3, 17)
        with pytest.raises(Conflict, match="overdue"):
            life.office("suspend", reason="等待上级批复")


def test_what_is_handed_in_after_the_hour_is_late_for_good(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("half_past_five", "result", "working_days", 3, due_time="17:30"), but=("month",))
        life = signed(to_handling(place))
        life.now = at(2026, 3, 5, 18)
        paper = life.file("report", place.actor("unit_liaison", "SLJ"))
        life.unit("report_completion", "SLJ", text="已办结。", document_no="华水〔2026〕1号", attachment_ids=[paper])
        file = case_file(place.session, place.actor("inspector"), life.matter_id, today=D("2026-03-06"))
        done = clock(life, "result")
        assert (done.state, done.due_on, file.reading(done).late) == ("met", D("2026-03-05"), True)


def test_a_delay_explained_after_the_hour_comes_too_late(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("half_past_five", "result", "working_days", 3, due_time="17:30"), but=("month",))
        life = signed(to_handling(place))
        life.now = at(2026, 3, 5, 18)
        life.unit("explain_delay", "SLJ", reason="设备未到")
        assert not clock(life, "result").explained_late


# -- matching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("urgency", "due_on"), [("normal", "2026-03-09"), ("critical", "2026-03-02")])
def test_urgency_settles_the_range_of_a_running_matter(world: World, urgency: str, due_on: str) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("range", "result", "working_days", 5, amounts={"critical": 0}), but=("month",))
        assert clock(to_handling(place, urgency=urgency), "result").due_on == D(due_on)


@pytest.mark.parametrize(
    ("sitting", "key"), [("in_session", "sitting"), ("between_sessions", "between"), (None, "month")]
)
def test_the_session_of_a_suggestion_chooses_its_clock(world: World, sitting: str | None, key: str) -> None:
    place = world.huarong
    with place.inside():
        with_rules(
            place,
            rule("sitting", "result", "months", 3, sessions=["in_session"]),
            rule("between", "result", "months", 2, sessions=["between_sessions"]),
        )
        assert clock(to_handling(place, session=sitting), "result").rule_key == key


def test_a_session_nobody_knows_is_refused_at_its_field(world: World) -> None:
    place = world.huarong
    with place.inside(), pytest.raises(Invalid) as refusal:
        draw_up(place, huarong_draft(place, session="midnight"))
    assert "session" in refusal.value.fields


def test_the_last_day_holds_back_a_period_and_a_stated_date(world: World) -> None:
    last = {"day_of_year": {"month": 3, "day": 20}, "article": "第十条"}
    place = world.huarong
    with place.inside():
        with_rules(place, last_day=last)
        assert clock(to_handling(place), "result").due_on == D("2026-03-20")
        stated = clock(to_handling(place, stated_due_on="2026-04-30"), "result")
        assert (stated.rule, stated.due_on) == ("fixed", D("2026-03-20"))
        assert stated.explanation["held_back"] == {"would_be_on": "2026-04-30", "article": "第十条"}


def test_a_last_day_of_other_sources_holds_nothing_back(world: World) -> None:
    last = {"day_of_year": {"month": 3, "day": 20}, "article": "第十条", "sources": ["leader_instruction"]}
    place = world.huarong
    with place.inside():
        with_rules(place, last_day=last)
        assert clock(to_handling(place), "result").due_on == D("2026-04-03")


# -- opinions that follow the lead ----------------------------------------------------------------------------------


def test_an_opinion_follows_the_lead_that_signs_early(world: World) -> None:
    place = world.huarong
    with place.inside():
        units = profile_in_force(place).units.model_dump(mode="json", exclude_defaults=True)
        with_rules(place, units=units | {"contribution_lead_days": 3})
        life = to_handling(place)
        assert (clock(life, "result").due_on, clock(life, "contribution").due_on) == (D("2026-04-03"), D("2026-03-31"))
        life.unit("acknowledge", "SLJ")
        opinion = clock(life, "contribution", "ZJJ")
        assert (clock(life, "result").due_on, opinion.due_on) == (D("2026-04-02"), D("2026-03-30"))
        assert opinion.original_due_on == opinion.due_on
        assert opinion.explanation["ahead"] == {
            "working_days": 3, "lead_due_on": "2026-04-02", "shortened": False, "not_before": "2026-03-02",
        }  # fmt: skip


def test_an_opinion_follows_a_pause_and_a_date_stated_anew(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        life.now = at(2026, 3, 10)
        life.office("suspend", reason="等待上级批复")
        life.now = at(2026, 3, 17)
        life.office("resume")
        assert (clock(life, "result").due_on, clock(life, "contribution").due_on) == (D("2026-04-09"), D("2026-04-07"))
        stated = signed(to_handling(place, stated_due_on="2026-04-30"))
        assert clock(stated, "contribution").due_on == D("2026-04-28")
        stated.now = at(2026, 3, 10)
        stated.office("suspend", reason="等待上级批复")
        stated.now = at(2026, 3, 17)
        stated.office("resume", stated_due_on="2026-05-20")
        assert clock(stated, "contribution").due_on == D("2026-05-18")


def test_an_opinion_given_stays_given(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place))
        report(life, at(2026, 3, 5), "ZJJ")
        life.now = at(2026, 3, 10)
        life.office("suspend", reason="等待上级批复")
        life.now = at(2026, 3, 17)
        life.office("resume")
        given = clock(life, "contribution")
        assert (given.state, given.due_on) == ("met", D("2026-03-31"))


def test_where_the_lead_has_not_signed_yet_the_opinion_waits_with_it(world: World) -> None:
    place = world.huarong
    waiting = rule("month", "result", "months", 1, start_event="acknowledged", roll="next_working_day")
    with place.inside():
        with_rules(place, waiting, but=("month",))
        life = to_handling(place)
        assert not clocks(life, "contribution")
        life.now = at(2026, 3, 4)
        life.unit("acknowledge", "ZJJ")
        assert not clocks(life, "contribution")
        life.unit("acknowledge", "SLJ")
        assert (clock(life, "result").due_on, clock(life, "contribution").due_on) == (D("2026-04-07"), D("2026-04-02"))


# -- what comes round -----------------------------------------------------------------------------------------------


def rounds(life: Life) -> list[tuple[str, str]]:
    return [(one.due_on.isoformat(), one.state) for one in clocks(life, "progress")]


def test_a_report_meets_the_earliest_and_the_next_is_asked_for(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
        assert rounds(life) == [("2026-03-05", "open")]
        report(life, at(2026, 3, 4))
        assert rounds(life) == [("2026-03-05", "met"), ("2026-04-05", "open")]
        report(life, at(2026, 3, 5))  # another word in the same period answers no report to come
        assert rounds(life)[1:] == [("2026-04-05", "open")]
        report(life, at(2026, 3, 6))
        assert rounds(life)[1:] == [("2026-04-05", "met"), ("2026-05-05", "open")]
        assert not [one for one in clocks(life, "progress") if one.assignment_id == life.part("ZJJ").id]


def test_an_overdue_report_keeps_no_next_one_back_and_the_sweep_may_run_twice(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
    for day in (at(2026, 3, 5), at(2026, 3, 6), at(2026, 3, 6)):
        sweep(place, day)
    with place.inside():
        assert rounds(life) == [("2026-03-05", "open"), ("2026-04-05", "open")]
        report(life, at(2026, 3, 9))
        assert rounds(life) == [("2026-03-05", "met"), ("2026-04-05", "open")]


def test_after_days_of_silence_what_came_round_is_asked_for_once(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
    for _again in range(2):
        sweep(place, at(2026, 5, 11))
    with place.inside():
        assert rounds(life) == [
            ("2026-03-05", "open"), ("2026-04-05", "open"), ("2026-05-05", "open"), ("2026-06-05", "open"),
        ]  # fmt: skip


def test_nothing_comes_round_during_a_pause(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
        report(life, at(2026, 3, 4))
        life.now = at(2026, 3, 10)
        life.office("suspend", reason="等待上级批复")
    sweep(place, at(2026, 5, 11))
    with place.inside():
        assert rounds(life) == [("2026-03-05", "met"), ("2026-04-05", "open")]
        life.now = at(2026, 5, 11, 11)
        life.office("resume")
        assert rounds(life) == [("2026-03-05", "met"), ("2026-04-05", "superseded"), ("2026-06-05", "open")]


def finish(life: Life, day: dt.datetime) -> None:
    life.now = day
    paper = life.file("report", life.place.actor("unit_liaison", "SLJ"))
    life.unit("report_completion", "SLJ", text="已办结。", document_no="华水〔2026〕1号", attachment_ids=[paper])


def test_what_came_round_while_a_report_was_judged_is_not_asked_for_afterwards(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
        finish(life, at(2026, 3, 4))
    sweep(place, at(2026, 4, 13))
    with place.inside():
        assert rounds(life) == [("2026-03-05", "met")]
        life.now = at(2026, 4, 13, 11)
        life.office("return_for_rework", opinion="请补充整改措施。")
        assert rounds(life) == [("2026-03-05", "met"), ("2026-05-05", "open")]


def accept(life: Life) -> None:
    life.office("accept", criteria=[one.key for one in profile_in_force(life.place).completion.criteria])


def test_an_accepted_matter_reports_no_more_and_owes_what_is_due_after_completion(world: World) -> None:
    later = rule("later", "after_completion", "working_days", 10, start_event="completed")
    place = world.huarong
    with place.inside():
        with_rules(place, MONTHLY, later)
        life = signed(to_handling(place, stated_due_on="2026-12-18"))
        report(life, at(2026, 3, 4))
        finish(life, at(2026, 3, 10))
        assert not clocks(life, "after_completion")
        life.now = at(2026, 3, 12)
        accept(life)
        owed = clock(life, "after_completion")
        assert (owed.start_on, owed.due_on, owed.state) == (D("2026-03-12"), D("2026-03-26"), "open")
    sweep(place, at(2026, 6, 8))
    with place.inside():
        assert all(state != "open" for _, state in rounds(life))


def test_a_place_without_such_a_rule_owes_nothing_after_completion(world: World) -> None:
    with world.huarong.inside():
        life = signed(to_handling(world.huarong))
        finish(life, at(2026, 3, 10))
        accept(life)
        assert not clocks(life, "after_completion")
        assert not clocks(life, "progress")


# -- what a person would expect -------------------------------------------------------------------------------------


def test_a_matter_cannot_be_submitted_with_a_date_that_has_passed(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = draw_up(place, huarong_draft(place, stated_due_on="2026-02-27"))
        with pytest.raises(Invalid) as refusal:
            life.office("submit")
        assert set(refusal.value.fields) == {"stated_due_on"}
        today = draw_up(place, huarong_draft(place, stated_due_on="2026-03-02"))
        today.office("submit")
        assert today.matter.state == "proposed"


def test_what_was_imported_from_an_old_ledger_keeps_its_old_date(world: World) -> None:
    place = world.huaian
    with place.inside():
        life = draw_up(place, huaian_draft(place, stated_due_on="2026-02-27"))
        life.matter.import_key = "old"
        place.session.commit()
        life.office("submit", "group_inspector", "DCZ1")
        assert life.matter.state == "proposed"


def offered(life: Life, actor: Actor) -> set[Act]:
    day = life.now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    return {one.act for one in case_file(life.place.session, actor, life.matter_id, today=day, at=life.now).offers}


def test_a_pause_is_not_offered_where_it_would_be_refused(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = signed(to_handling(place, stated_due_on="2026-03-10"))
        office = place.actor("inspector")
        assert Act.SUSPEND in offered(life, office)
        life.now = at(2026, 3, 11)
        assert Act.SUSPEND not in offered(life, office)
        with pytest.raises(Conflict) as refusal:
            life.office("suspend", reason="等待上级批复")
        assert refusal.value.code == "overdue"
        assert place.session.query(Report).filter_by(matter_id=life.matter_id).count() == 0


def test_a_reminder_names_the_hour_and_an_hour_that_is_over_is_late_the_same_day(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("early", "result", "working_days", 3, due_time="08:30"), but=("month",))
        signed(to_handling(place))
    sweep(place, at(2026, 3, 5, 9))
    with place.inside():
        said = place.session.query(Letter).filter(Letter.kind.startswith("obligation."), Letter.channel == "inbox")
        assert {(one.kind, one.facts["due_on"]) for one in said if one.facts["stage"] == "result"} == {
            ("obligation.overdue", "2026-03-05 08:30")
        }


def test_the_notice_names_the_hour(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("half_past_five", "result", "working_days", 3, due_time="17:30"), but=("month",))
        life = to_handling(place)
        paper = place.session.get(Document, life.part("SLJ").document_id)
        assert paper.facts["办结时限"] == "2026年3月5日17:30前"
