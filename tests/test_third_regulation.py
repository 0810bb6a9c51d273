"""A regulation neither of us knew: every rule of it acts, and a matter listed before it keeps the rules it was listed under.

The rules are data (tests/third_regulation.py); the matter is run by the same acts as everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.jurisdictions.rules.profile import dump_profile
from app.kernel.errors import Conflict, HuiyinError, Refused
from app.matters.models import Approval, Assignment, Obligation
from tests.matter_life import Life, at, draw_up, huarong_draft
from tests.other_rules import profile_in_force, publish
from tests.third_regulation import sections
from tests.world import Place, World

MONDAY = at(2026, 3, 2)
CRITERIA = ["facts", "conclusion", "handling", "format"]


@pytest.fixture
def qinghe(world: World) -> Iterator[Place]:
    """华容区's people under 青禾县's rules, and 涟水县 beside it under its own."""
    with world.huarong.inside():
        publish(world.huarong, at=at(2026, 1, 5), **sections(dump_profile(profile_in_force(world.huarong))))
        yield world.huarong


def _drafted(place: Place, source: str = "district_meeting", **more: Any) -> Life:
    extra = {"meeting_on": "2026-03-02"} if source == "district_meeting" else {}
    return draw_up(place, huarong_draft(place, source=source, **extra, **more), now=MONDAY)


def _dispatched(place: Place, source: str = "leader_instruction", **more: Any) -> Life:
    life = _drafted(place, source, **more)
    life.office("submit")
    for leader in ("office_leader", "government_leader"):
        life.office("approve", leader, opinion="同意。")
    life.office("register")
    life.file("copy", place.actor("inspector"))
    life.office("dispatch", document_type="supervision_notice")
    return life


def _clock(life: Life, stage: str, code: str | None = "SLJ") -> Obligation:
    found = life.place.session.query(Obligation).filter(
        Obligation.matter_id == life.matter_id, Obligation.stage == stage, Obligation.state == "open"
    )
    if code is not None:
        found = found.join(Assignment, Assignment.id == Obligation.assignment_id).filter(
            Assignment.unit_id == life.place.units[code]
        )
    one: Obligation = found.one()
    return one


def _signed(life: Life, code: str = "SLJ") -> Life:
    life.unit("acknowledge", code, signed_by="李四", leader_in_charge="王五")
    return life


def _reported(life: Life) -> Life:
    file = life.file("report", life.place.actor("unit_liaison", "SLJ"))
    life.unit("report_completion", "SLJ", text="已办结。", document_no="青水〔2026〕5号", attachment_ids=[file])
    return life


def _accepted(life: Life, grade: str = "jia") -> Life:
    life.office("accept", criteria=CRITERIA, grade=grade)
    return life


def test_two_leaders_decide_one_after_the_other(qinghe: Place) -> None:
    life = _drafted(qinghe)
    life.office("submit")
    with pytest.raises(HuiyinError):
        life.office("approve", "government_leader", opinion="同意。")
    life.office("approve", "office_leader", opinion="拟同意。")
    assert life.matter.listed_at is None
    life.office("approve", "government_leader", opinion="同意。")
    assert life.matter.listed_at is not None


@pytest.mark.parametrize(
    ("urgency", "due"), [("normal", (2026, 3, 9)), ("urgent", (2026, 3, 5)), ("critical", (2026, 3, 3))]
)
def test_an_instruction_is_answered_by_its_urgency(qinghe: Place, urgency: str, due: tuple[int, int, int]) -> None:
    assert _clock(_dispatched(qinghe, urgency=urgency), "result").due_on == dt.date(*due)


def test_a_meeting_is_answered_from_its_day(qinghe: Place) -> None:
    life = _dispatched(qinghe, "district_meeting")
    feedback = _clock(life, "first_feedback")
    assert (feedback.start_event, feedback.due_on, feedback.article) == (
        "meeting_date",
        dt.date(2026, 3, 9),
        "第四条",
    )


@pytest.mark.parametrize(
    ("sitting", "due"), [("in_session", dt.date(2026, 8, 31)), ("between_sessions", dt.date(2026, 6, 2))]
)
def test_a_suggestion_is_answered_by_its_session(qinghe: Place, sitting: str, due: dt.date) -> None:
    assert _clock(_signed(_dispatched(qinghe, "proposal", session=sitting)), "result").due_on == due


def test_what_the_media_exposed_is_answered_from_the_exposure(qinghe: Place) -> None:
    life = _dispatched(qinghe, "other", exposed_on="2026-03-01")
    assert _clock(life, "first_feedback").due_on == dt.date(2026, 3, 4)


def test_a_task_of_the_work_report_is_reported_on_by_the_fifth_of_every_month(qinghe: Place) -> None:
    life = _signed(_dispatched(qinghe, "work_report"))
    progress = _clock(life, "progress")
    assert (progress.rule, progress.due_on) == ("periodic", dt.date(2026, 4, 5))
    life.now = at(2026, 4, 3)
    life.unit("report_progress", "SLJ", text="进度六成。")
    assert _clock(life, "progress").due_on == dt.date(2026, 5, 5)


def test_nothing_is_due_after_the_last_day_of_the_year(qinghe: Place) -> None:
    life = _dispatched(qinghe, "other")
    assert _clock(life, "result").due_on == dt.date(2026, 4, 3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.test_third_regulation.MONDAY", at(2026, 11, 30))
        late = _signed(_dispatched(qinghe, "other"))
    assert _clock(late, "result").due_on == dt.date(2026, 12, 20)


def test_a_co_handling_unit_speaks_three_working_days_before_the_lead(qinghe: Place) -> None:
    life = _dispatched(qinghe)
    assert _clock(life, "result").due_on == dt.date(2026, 3, 9)
    assert _clock(life, "contribution", "ZJJ").due_on == dt.date(2026, 3, 4)


def test_declining_needs_the_unit_leaders_signature(qinghe: Place) -> None:
    life = _dispatched(qinghe)
    life.unit("decline", "SLJ", reason="不属本单位职责。")
    assert life.part("SLJ").state != "declined"
    leader = qinghe.actor("unit_leader", "SLJ")
    life.do("confirm_decline", leader, assignment_id=life.part("SLJ").id, opinion="同意退回。")
    assert life.part("SLJ").state == "declined"


def test_more_time_is_asked_for_early_and_granted_by_both_leaders_once(qinghe: Place) -> None:
    life = _signed(_dispatched(qinghe))
    ask = {"reason": "需与市局会商。", "progress": "已完成踏勘。"}
    with pytest.raises(HuiyinError):  # as long again and a day more
        life.unit("request_extension", "SLJ", proposed_due_on="2026-03-31", **ask)
    life.unit("request_extension", "SLJ", proposed_due_on="2026-03-13", **ask)
    asked = qinghe.session.query(Approval).filter(Approval.purpose == "extension").one()
    answer = {"approval_id": asked.id, "opinion": "同意延期。"}
    with pytest.raises(HuiyinError):
        life.office("agree", "government_leader", **answer)
    life.office("agree", "office_leader", **answer)
    assert _clock(life, "result").due_on == dt.date(2026, 3, 9)
    life.office("agree", "government_leader", **answer)
    moved = _clock(life, "result")
    assert (moved.due_on, moved.original_due_on) == (dt.date(2026, 3, 13), dt.date(2026, 3, 9))
    with pytest.raises(Conflict):
        life.unit("request_extension", "SLJ", proposed_due_on="2026-03-16", **ask)


def test_more_time_is_not_asked_for_on_the_last_day(qinghe: Place) -> None:
    life = _signed(_dispatched(qinghe))
    life.now = at(2026, 3, 9)
    with pytest.raises(HuiyinError):
        life.unit("request_extension", "SLJ", reason="来不及。", progress="过半。", proposed_due_on="2026-03-12")
    assert _clock(life, "result").due_on == dt.date(2026, 3, 9)


def test_the_office_reviews_within_two_working_days(qinghe: Place) -> None:
    life = _reported(_signed(_dispatched(qinghe)))
    assert _clock(life, "step", None).due_on == dt.date(2026, 3, 4)


def test_a_result_is_graded_and_reported_on_a_month_after(qinghe: Place) -> None:
    life = _accepted(_reported(_signed(_dispatched(qinghe))), "yi")
    assert life.matter.grade == "yi"
    assert _clock(life, "after_completion").due_on == dt.date(2026, 4, 2)
    with pytest.raises(HuiyinError):
        life.office("close_out", result="已办结。")
    life.unit("report_progress", "SLJ", text="运行正常。")
    life.office("close_out", result="已办结。")
    assert life.matter.closed_out_at is not None


def test_a_dissatisfied_deputy_sends_a_suggestion_round_again(qinghe: Place) -> None:
    life = _accepted(_reported(_signed(_dispatched(qinghe, "proposal", session="in_session"))))
    life.office("record_satisfaction", level="unsatisfied", opinion="未见成效。")
    assert life.matter.state == "in_progress"
    assert _clock(life, "rework").due_on == dt.date(2026, 3, 5)


def test_a_matter_listed_before_keeps_the_rules_it_was_listed_under(world: World) -> None:
    with world.huarong.inside():
        old = draw_up(world.huarong, huarong_draft(world.huarong, source="leader_instruction"), now=MONDAY)
        publish(world.huarong, at=MONDAY, **sections(dump_profile(profile_in_force(world.huarong))))
        old.office("submit")
        old.office("approve", "office_leader", opinion="同意。")  # one leader was enough then
        old.office("register")
        old.file("copy", world.huarong.actor("inspector"))
        old.office("dispatch", document_type="supervision_notice")
        assert _clock(_signed(old), "result").due_on == dt.date(2026, 4, 2)  # a month from receipt
        new = _dispatched(world.huarong)
        assert _clock(new, "result").due_on == dt.date(2026, 3, 9)
        with pytest.raises((Conflict, Refused)):
            old.unit("request_extension", "SLJ", reason="需会商。", progress="过半。", proposed_due_on="2026-04-10")
    with world.lianshui.inside():
        assert profile_in_force(world.lianshui).extension.mode == "explanation_only"
