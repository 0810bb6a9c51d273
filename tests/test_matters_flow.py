"""A matter's whole life in two jurisdictions, on the real database, with the refusals beside what succeeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.documents.models import Document
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import list_events, verify_chain
from app.kernel.outbox import Letter
from app.matters import queries
from app.matters.models import Obligation, Report
from app.matters.services import run_act
from tests.matter_life import (
    Life,
    at,
    draw_up,
    handling_units,
    huaian_draft,
    huarong_draft,
    to_handling,
)

CRITERIA = {"huarong": ["facts", "conclusion", "handling", "format"], "huaian": ["facts", "complete", "written"]}


@pytest.fixture
def huarong(world: Any) -> Any:
    with world.huarong.inside():
        yield world.huarong


@pytest.fixture
def huaian(world: Any) -> Any:
    with world.huaian.inside():
        yield world.huaian


def clock(life: Life, stage: str, state: str = "open") -> Obligation:
    return (
        life.place.session.query(Obligation)
        .filter(Obligation.matter_id == life.matter_id, Obligation.stage == stage, Obligation.state == state)
        .order_by(Obligation.id.desc())
        .first()
    )


def kinds(life: Life) -> list[str]:
    return [one.kind for one in reversed(list_events(life.place.session, "matter", life.matter_id))]


def report(life: Life, code: str, no: str = "华水〔2026〕8号") -> None:
    file_id = life.file("report", life.place.actor("unit_liaison", code))
    life.unit("report_completion", code, text="已全部办结。", document_no=no, attachment_ids=[file_id])


def test_huarong_from_proposal_to_archive(huarong: Any) -> None:
    """拟办 审批 登记编号 交办 签收 反馈 办结报告 退回重报 办结报告 审核 销号 归档."""
    life = draw_up(huarong, huarong_draft(huarong))
    assert (life.matter.state, life.matter.step_key) == ("draft", "draft")
    life.office("submit")
    assert (life.matter.state, life.matter.step_key) == ("proposed", "approval")
    assert clock(life, "step").due_on == dt.date(2026, 3, 4)

    with pytest.raises(Refused) as refused:
        life.office("approve")
    assert refused.value.code == "right_missing"
    life.office("approve", "government_leader", opinion="同意，请水利局牵头。")
    assert (life.matter.state, life.matter.step_key) == ("listed", "registration")

    life.office("register")
    assert (life.matter.state, life.matter.register_no) == ("registered", "华政督登〔2026〕1号")

    with pytest.raises(Invalid) as missing:
        life.office("dispatch", document_type="supervision_notice")
    assert set(missing.value.fields) == {"original_or_copy"}
    life.file("copy", huarong.actor("inspector"))
    life.now = at(2026, 3, 3)
    life.office("dispatch", document_type="supervision_notice", requirements="按月报送进展。")
    assert (life.matter.state, life.matter.step_key) == ("dispatched", "handling")
    notices = huarong.session.query(Document).filter(Document.matter_id == life.matter_id).order_by(Document.id).all()
    assert [one.document_no for one in notices] == ["华政督〔2026〕1号", "华政督〔2026〕2号"]
    assert {one.unit_id for one in notices} == {huarong.units["SLJ"], huarong.units["ZJJ"]}
    assert clock(life, "result").due_on == dt.date(2026, 4, 7)  # deemed received 3-4, 4-4 to 4-6 is 清明

    life.unit("acknowledge", "SLJ", signed_by="张三", phone="0711-1")
    assert life.matter.state == "acknowledged"
    assert clock(life, "result").due_on == dt.date(2026, 4, 3)  # received on 3-3
    life.office("log_receipt", assignment_id=life.part("ZJJ").id, signed_by="李四")
    assert life.part("ZJJ").logged_by_office

    life.now = at(2026, 3, 16)
    life.unit("report_progress", "SLJ", text="已完成六成。", percent=60)
    assert life.matter.state == "in_progress"
    life.unit("report_progress", "ZJJ", text="配合完成管网勘测。")

    with pytest.raises(Invalid) as incomplete:
        life.unit("report_completion", "SLJ", text="已办结。")
    assert set(incomplete.value.fields) == {"document_no", "attachment_ids"}
    with pytest.raises(Conflict) as lead_only:
        life.unit("report_completion", "ZJJ", text="已办结。", document_no="1号", attachment_ids=[1])
    assert lead_only.value.code == "lead_only"
    report(life, "SLJ")
    assert (life.matter.state, life.matter.step_key) == ("reported", "review")
    assert clock(life, "result", "met").met_by_type == "report"

    life.now = at(2026, 3, 17)
    with pytest.raises(Invalid) as open_criteria:
        life.office("accept", criteria=["facts"])
    assert "criteria" in open_criteria.value.fields
    life.office("return_for_rework", failed=["facts"], opinion="数据与台账不符，请核实重报。")
    assert (life.matter.state, life.matter.return_count) == ("in_progress", 1)
    assert life.part("SLJ").state == "returned"
    assert clock(life, "rework").due_on == dt.date(2026, 3, 24)

    report(life, "SLJ", "华水〔2026〕9号")
    assert clock(life, "rework") is None
    attempts = [
        (one.attempt, one.review_state)
        for one in huarong.session.query(Report).filter_by(kind="completion").order_by(Report.id)
    ]
    assert attempts == [(1, "returned"), (2, "pending")]
    life.office("accept", criteria=CRITERIA["huarong"], opinion="通过。")
    assert (life.matter.state, life.matter.step_key) == ("completed", "closing")
    assert {life.part("SLJ").state, life.part("ZJJ").state} == {"accepted"}
    life.office("close_out", result="泵站已通过验收。")
    assert life.matter.state == "closed_out"
    life.office("archive", "archivist", archive_no="2026-督-1")
    assert life.matter.state == "archived"
    assert clock(life, "step") is None
    assert kinds(life) == [
        "matter.drafted", "matter.submitted", "matter.approved", "matter.registered", "matter.dispatched",
        "matter.acknowledged", "matter.receipt_logged", "matter.progress_reported", "matter.progress_reported",
        "matter.completion_reported", "matter.returned_for_rework", "matter.completion_reported", "matter.accepted",
        "matter.closed_out", "matter.archived",
    ]  # fmt: skip
    assert verify_chain(huarong.session) == []


def test_huaian_from_plan_to_archive(huaian: Any) -> None:
    """立项（计划，秘书长和办公室主任）督查方案 通知单 由副市长的督查组 7个工作日书面反馈 归档."""
    life = draw_up(huaian, huaian_draft(huaian))
    lead = handling_units(huaian)[0][0]
    life.office("submit")
    life.office("approve", "office_director", opinion="同意。")
    assert life.matter.state == "proposed"
    with pytest.raises(Conflict) as again:
        life.office("approve", "office_director", opinion="同意。")
    assert again.value.code == "already_decided"
    life.office("approve", "secretary_general", opinion="同意。")
    assert (life.matter.state, life.matter.step_key) == ("listed", "scheme")

    with pytest.raises(Refused) as other_group:
        life.office("scheme", "group_inspector", "DCZ2", scheme="先书面后实地。")
    assert other_group.value.code == "not_your_group"
    with pytest.raises(Invalid):
        life.office("scheme", "group_inspector", "DCZ1")
    life.office("scheme", "group_inspector", "DCZ1", scheme="先书面后实地。")
    life.now = at(2026, 3, 3)
    life.office("dispatch", "group_inspector", "DCZ1", document_type="leader_matter_notice")
    assert life.matter.state == "dispatched"
    notice = huaian.session.query(Document).filter(Document.matter_id == life.matter_id).one()
    assert notice.document_no == "淮政督办〔2026〕1号"
    assert life.matter.register_no is None
    assert clock(life, "first_feedback").due_on == dt.date(2026, 3, 12)
    assert clock(life, "result").due_on == dt.date(2026, 5, 29)

    with pytest.raises(Invalid) as leader:
        life.unit("acknowledge", lead)
    assert set(leader.value.fields) == {"leader_in_charge"}
    life.unit("acknowledge", lead, leader_in_charge="王五")
    life.now = at(2026, 3, 12)
    life.unit("report_progress", lead, text="已制定整改方案。")
    assert clock(life, "first_feedback") is None
    assert clock(life, "first_feedback", "met") is not None
    report(life, lead, "")
    life.office("accept", "group_inspector", "DCZ1", criteria=dict.fromkeys(CRITERIA["huaian"], True))
    assert (life.matter.state, life.matter.step_key) == ("completed", "archiving")
    life.office("archive", "archivist")
    assert life.matter.state == "archived"


def test_what_a_plan_must_say(huaian: Any) -> None:
    life = draw_up(huaian, huaian_draft(huaian, stated_due_on=None, plan_title=None))
    with pytest.raises(Invalid) as missing:
        life.office("submit")
    assert set(missing.value.fields) == {"plan", "deadline"}
    meeting = draw_up(huaian, huaian_draft(huaian, source="city_meeting"))
    with pytest.raises(Invalid) as dates:
        meeting.office("submit")
    assert set(dates.value.fields) == {"feedback_due_on"}


def test_return_by_a_leader_and_another_round(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    life.office("submit")
    with pytest.raises(Invalid):
        life.office("return", "office_leader")
    life.office("return", "office_leader", opinion="请补充依据。")
    assert (life.matter.state, life.matter.step_key) == ("draft", "draft")
    life.office("edit", **huarong_draft(huarong, title="补充依据后的督办事项"))
    life.office("submit")
    rounds = queries.case_file(huarong.session, huarong.actor("inspector"), life.matter_id, today=dt.date(2026, 3, 2))
    assert [one.state for one in rounds.approvals] == ["returned", "pending"]
    life.office("approve", "office_leader", opinion="同意")
    assert life.matter.state == "listed"


def test_someone_else_was_faster(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    seen = life.matter.version
    life.office("submit")
    assert life.matter.version > seen
    with pytest.raises(Conflict) as late:
        run_act(
            huarong.session, huarong.actor("office_leader"), life.matter_id, "approve", {},
            expected_version=seen, at=life.now,
        )  # fmt: skip
    assert late.value.code == "stale_version"


def test_two_acts_in_one_instant_are_two_versions(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    seen = life.matter.version
    life.office("edit", **huarong_draft(huarong))
    assert life.matter.version > seen


def test_a_foreign_id_is_not_there(world: Any) -> None:
    with world.huaian.inside():
        foreign = draw_up(world.huaian, huaian_draft(world.huaian)).matter_id
    with world.lianshui.inside():
        place = world.lianshui
        for role in ("inspector", "administrator", "office_leader"):
            for act in ("edit", "submit", "approve", "cancel", "accept", "archive"):
                with pytest.raises(NotFound):
                    run_act(place.session, place.actor(role), foreign, act, {}, expected_version=1, at=at(2026, 3, 2))
            with pytest.raises(NotFound):
                queries.get_matter(place.session, place.actor(role), foreign)


def test_what_was_entered_is_read_strictly(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    with pytest.raises(Invalid) as unknown:
        life.office("submit", hurry=True)
    assert set(unknown.value.fields) == {"hurry"}
    with pytest.raises(Invalid) as wrong:
        draw_up(huarong, huarong_draft(huarong, lead_unit_id="SLJ", stated_due_on="soon", source="nowhere"))
    assert set(wrong.value.fields) == {"lead_unit_id", "stated_due_on"}
    with pytest.raises(Invalid) as source:
        draw_up(huarong, huarong_draft(huarong, source="nowhere"))
    assert set(source.value.fields) == {"source_id"}
    with pytest.raises(NotFound):
        life.office("vanish")


def test_a_unit_declines_in_time_and_another_takes_over(huarong: Any) -> None:
    life = to_handling(huarong)
    life.now = at(2026, 3, 5)
    with pytest.raises(Conflict) as late:
        life.unit("decline", "SLJ", reason="不属于我局职责。")
    assert late.value.code == "window_closed"
    life.now = at(2026, 3, 4)
    with pytest.raises(Invalid):
        life.unit("decline", "SLJ")
    life.unit("decline", "SLJ", reason="不属于我局职责。")
    assert life.matter.lead_unit_id is None
    assert clock(life, "result") is None
    life.office("reassign", assignment_id=life.part("SLJ").id, unit_id=huarong.units["NYJ"])
    assert life.matter.lead_unit_id == huarong.units["NYJ"]
    assert life.part("NYJ").state == "notified"
    assert clock(life, "result").assignment_id == life.part("NYJ").id
    life.unit("acknowledge", "NYJ")
    report_file = life.file("report", huarong.actor("unit_liaison", "NYJ"))
    life.unit("report_completion", "NYJ", text="办结", document_no="1号", attachment_ids=[report_file])
    assert life.matter.state == "reported"


def test_a_unit_sees_only_its_own_and_only_after_dispatch(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    lead, co, stranger = (huarong.actor("unit_liaison", code) for code in ("SLJ", "ZJJ", "JYJ"))
    for actor in (lead, co, stranger):
        with pytest.raises(NotFound):
            queries.get_matter(huarong.session, actor, life.matter_id)
    life.office("submit")
    life.office("approve", "office_leader")
    life.office("register")
    life.file("original", huarong.actor("inspector"))
    life.office("dispatch")
    for actor in (lead, co):
        assert queries.get_matter(huarong.session, actor, life.matter_id).id == life.matter_id
    with pytest.raises(NotFound):
        queries.get_matter(huarong.session, stranger, life.matter_id)
    with pytest.raises(NotFound):
        life.do("acknowledge", stranger, assignment_id=life.part("SLJ").id)
    with pytest.raises(Refused) as other:
        life.do("acknowledge", co, assignment_id=life.part("SLJ").id)
    assert other.value.code == "not_your_unit"


def test_a_sensitive_matter_is_for_few(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong, secrecy_level="sensitive"))
    drafter = huarong.actor("inspector")
    assert queries.find_matter(huarong.session, drafter, life.matter_id) is not None
    assert queries.find_matter(huarong.session, huarong.actor("office_leader"), life.matter_id) is not None
    for role in ("archivist", "administrator", "auditor"):
        assert queries.find_matter(huarong.session, huarong.actor(role), life.matter_id) is None


def test_suspending_stops_the_clock_and_resuming_moves_it(huarong: Any) -> None:
    life = to_handling(huarong)
    life.unit("acknowledge", "SLJ")
    assert clock(life, "result").due_on == dt.date(2026, 4, 2)
    life.now = at(2026, 3, 9)
    with pytest.raises(Invalid):
        life.office("suspend")
    life.office("suspend", reason="等待上级规划批复。")
    assert life.matter.state == "suspended"
    with pytest.raises(Conflict) as asleep:
        life.unit("report_progress", "SLJ", text="进展")
    assert asleep.value.code == "suspended"
    life.now = at(2026, 3, 19)
    life.office("resume")
    assert life.matter.state == "acknowledged"
    moved = clock(life, "result")
    assert moved.due_on == dt.date(2026, 4, 13)  # ten days later, 4-12 being a Sunday
    assert moved.original_due_on == dt.date(2026, 4, 2)


def test_an_overdue_clock_cannot_be_paused(huarong: Any) -> None:
    life = to_handling(huarong)
    life.now = at(2026, 5, 20)
    with pytest.raises(Conflict) as late:
        life.office("suspend", reason="等待。")
    assert late.value.code == "overdue"


def test_cancelling_ends_every_clock_and_reopening_starts_anew(huarong: Any) -> None:
    life = to_handling(huarong)
    life.office("cancel", reason="已并入另一事项。")
    assert life.matter.state == "cancelled"
    assert huarong.session.query(Obligation).filter_by(matter_id=life.matter_id, state="open").count() == 0
    with pytest.raises(Conflict):
        life.unit("acknowledge", "SLJ")
    life.office("reopen", reason="合并有误。")
    assert life.matter.state == "in_progress"
    assert clock(life, "rework") is not None


def test_explaining_a_delay_moves_nothing(huarong: Any, world: Any) -> None:
    life = to_handling(huarong)
    life.unit("acknowledge", "SLJ")
    due = clock(life, "result").due_on
    life.now = at(2026, 3, 30)
    life.unit("explain_delay", "SLJ", reason="汛期施工受阻。", progress="已完成八成。")
    explained = clock(life, "result")
    assert explained.explained_late
    assert explained.due_on == due


def test_letters_reach_those_concerned(huarong: Any) -> None:
    life = draw_up(huarong, huarong_draft(huarong))
    life.office("submit")
    asked = {row.recipient_id for row in huarong.session.query(Letter).filter_by(kind="matter.submitted")}
    assert asked == {huarong.actor("office_leader").person_id, huarong.actor("government_leader").person_id}
    life.office("approve", "office_leader", opinion="同意")
    life.office("register")
    life.file("copy", huarong.actor("inspector"))
    life.office("dispatch")
    told = {row.recipient_id for row in huarong.session.query(Letter).filter_by(kind="matter.dispatched")}
    assert told == {
        huarong.actor(role, code).person_id for role in ("unit_liaison", "unit_leader") for code in ("SLJ", "ZJJ")
    }


def test_the_office_handles_a_matter_itself(huarong: Any) -> None:
    office = huarong.units["OFFICE"]
    life = draw_up(huarong, huarong_draft(huarong, handling_mode="self_handled", lead_unit_id=office, co_unit_ids=[]))
    life.office("submit")
    life.office("approve", "office_leader")
    life.office("register")
    assert (life.matter.state, life.matter.step_key) == ("in_progress", "handling")
    assert clock(life, "result").due_on == dt.date(2026, 4, 2)
    inspector = huarong.actor("inspector")
    offered = queries.case_file(huarong.session, inspector, life.matter_id, today=dt.date(2026, 3, 3)).offers
    assert "report_completion" in {one.act for one in offered}
    life.do("report_progress", inspector, assignment_id=life.part("OFFICE").id, text="已会商。")
    file_id = life.file("report", inspector)
    life.do(
        "report_completion", inspector, assignment_id=life.part("OFFICE").id, text="已办结。", document_no="华政办〔2026〕3号",
        attachment_ids=[file_id],
    )  # fmt: skip
    assert life.matter.state == "reported"
    life.office("accept", "office_leader", criteria=CRITERIA["huarong"])
    assert life.matter.state == "completed"


def test_the_office_leads_with_units(huarong: Any) -> None:
    office = huarong.units["OFFICE"]
    life = draw_up(huarong, huarong_draft(huarong, handling_mode="office_led", lead_unit_id=office))
    life.office("submit")
    life.office("approve", "office_leader")
    life.office("register")
    life.file("copy", huarong.actor("inspector"))
    life.office("dispatch")
    assert huarong.session.query(Document).filter_by(matter_id=life.matter_id).count() == 1
    assert life.part("OFFICE").state == "in_progress"
    life.unit("acknowledge", "ZJJ")
    life.unit("report_progress", "ZJJ", text="配合意见。")
    inspector = huarong.actor("inspector")
    file_id = life.file("report", inspector)
    life.do(
        "report_completion", inspector, assignment_id=life.part("OFFICE").id, text="已办结。", document_no="3号",
        attachment_ids=[file_id],
    )  # fmt: skip
    assert life.matter.state == "reported"


def test_what_the_media_exposed_has_two_more_clocks(huarong: Any) -> None:
    life = to_handling(huarong, exposed_on="2026-03-01")
    assert clock(life, "first_feedback").due_on == dt.date(2026, 3, 9)
    assert clock(life, "result") is not None
    life.unit("acknowledge", "SLJ")
    life.unit("report_progress", "SLJ", text="动态信息。")
    assert clock(life, "first_feedback") is None
    report(life, "SLJ")
    assert clock(life, "rectification_result").due_on == dt.date(2026, 3, 5)  # three working days after the report
    life.office("accept", criteria=CRITERIA["huarong"])
    with pytest.raises(Invalid) as missing:
        life.office("close_out", result="已处理。")
    assert set(missing.value.fields) == {"rectification"}
    life.unit("report_progress", "SLJ", text="整改已完成。")
    assert clock(life, "rectification_result", "met") is not None
    life.office("close_out", result="已处理。")
    assert life.matter.state == "closed_out"


def test_who_leads_what_the_office_handles_itself(huarong: Any) -> None:
    office = huarong.units["OFFICE"]
    inferred = draw_up(huarong, huarong_draft(huarong, lead_unit_id=office, co_unit_ids=[]))
    assert inferred.matter.handling_mode == "self_handled"
    leads = draw_up(huarong, huarong_draft(huarong, lead_unit_id=office))
    assert leads.matter.handling_mode == "office_led"
    own = draw_up(huarong, huarong_draft(huarong, handling_mode="self_handled", lead_unit_id=None, co_unit_ids=[]))
    assert own.matter.lead_unit_id == office
    with pytest.raises(Invalid) as other:
        draw_up(huarong, huarong_draft(huarong, handling_mode="self_handled"))
    assert set(other.value.fields) == {"lead_unit_id", "co_unit_ids"}


def test_a_stated_date_moves_only_when_the_office_states_a_new_one(huaian: Any) -> None:
    life = dispatched_in_huaian(huaian)
    assert clock(life, "result").due_on == dt.date(2026, 5, 29)
    life.now = at(2026, 3, 4)
    life.office("suspend", reason="等待规划批复。")
    life.now = at(2026, 4, 1)
    with pytest.raises(Invalid) as past:
        life.office("resume", stated_due_on="2026-03-31")
    assert set(past.value.fields) == {"stated_due_on"}
    life.office("resume", stated_due_on="2026-06-30")
    moved = clock(life, "result")
    assert (moved.due_on, moved.original_due_on) == (dt.date(2026, 6, 30), dt.date(2026, 5, 29))
    assert clock(life, "first_feedback").due_on == dt.date(2026, 4, 9)  # 7 working days, 3-2 to 4-9 less the pause


def dispatched_in_huaian(place: Any, **changes: Any) -> Life:
    life = draw_up(place, huaian_draft(place, **changes))
    life.office("submit")
    life.office("approve", "office_director")
    life.office("approve", "secretary_general")
    life.office("scheme", "group_inspector", "DCZ1", scheme="书面督查。")
    life.office("dispatch", "group_inspector", "DCZ1")
    return life


def test_a_sensitive_matter_has_its_custodian_and_tells_only_those_who_may_know(huaian: Any) -> None:
    life = dispatched_in_huaian(huaian, secrecy_level="sensitive")
    assert life.matter.custodian_id == huaian.actor("custodian").membership_id
    lead = handling_units(huaian)[0][0]
    life.unit("acknowledge", lead, leader_in_charge="王五")
    life.unit("report_progress", lead, text="进展。")
    told = {row.recipient_id for row in huaian.session.query(Letter).filter_by(subject_id=life.matter_id)}
    for role, unit in (("inspector", None), ("group_inspector", "DCZ2"), ("archivist", None), ("administrator", None)):
        person = huaian.actor(role, unit)
        seen = queries.find_matter(huaian.session, person, life.matter_id) is not None
        assert seen == (role == "inspector")  # who drew it up
        assert (person.person_id in told) == seen
    assert queries.find_matter(huaian.session, huaian.actor("group_inspector", "DCZ1"), life.matter_id) is not None
    assert {row.facts["sensitive"] for row in huaian.session.query(Letter).filter_by(subject_id=life.matter_id)} == {
        True
    }


def test_an_official_secret_is_not_taken(huarong: Any) -> None:
    for field in ("title", "content", "handling_proposal"):
        with pytest.raises(Refused) as secret:
            draw_up(huarong, huarong_draft(huarong, **{field: "机密★10年 关于某事项"}))
        assert secret.value.code == "text_secret"


def test_a_report_keeps_its_files(huarong: Any) -> None:
    life = to_handling(huarong)
    liaison = huarong.actor("unit_liaison", "SLJ")
    life.unit("acknowledge", "SLJ")
    first = life.file("report", liaison)
    life.unit("report_progress", "SLJ", text="进展。", attachment_ids=[first])
    with pytest.raises(Invalid) as taken:
        life.unit("report_completion", "SLJ", text="办结。", document_no="1号", attachment_ids=[first])
    assert taken.value.code == "file_unknown"
    foreign = life.file("report", huarong.actor("unit_liaison", "ZJJ"))
    with pytest.raises(Invalid):
        life.unit("report_progress", "SLJ", text="进展。", attachment_ids=[foreign])


def test_cancelling_while_paused_ends_the_pause(huarong: Any) -> None:
    life = to_handling(huarong)
    life.office("suspend", reason="等批复。")
    life.now = at(2026, 3, 5)
    life.office("cancel", reason="并案。")
    life.now = at(2026, 3, 20)
    life.office("reopen", reason="合并有误。")
    file = queries.case_file(huarong.session, huarong.actor("inspector"), life.matter_id, today=dt.date(2026, 3, 20))
    assert [one.until_on for one in file.pauses] == [dt.date(2026, 3, 5)]
    assert clock(life, "rework").due_on == dt.date(2026, 3, 27)


def test_an_archived_matter_opens_again(huarong: Any) -> None:
    life = to_handling(huarong)
    life.unit("acknowledge", "SLJ")
    report(life, "SLJ")
    life.office("accept", criteria=CRITERIA["huarong"])
    life.office("close_out", result="已办结。")
    life.office("archive")
    with pytest.raises(Invalid):
        life.office("reopen")
    life.office("reopen", reason="群众反映未落实。")
    assert (life.matter.state, life.matter.step_key) == ("in_progress", "handling")
    assert life.part("SLJ").state == "returned"
    report(life, "SLJ", "华水〔2026〕10号")
    life.office("accept", criteria=CRITERIA["huarong"])
    assert life.matter.state == "completed"
