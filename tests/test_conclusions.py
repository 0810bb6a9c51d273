"""The conclusion served on units, the objection to it, the review by somebody who took no part (条例 arts. 16 and 17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.documents.models import Document
from app.jurisdictions.rules.profile import dump_profile
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import verify_chain
from app.kernel.outbox import Letter
from app.matters.models import Conclusion, Objection, Obligation
from app.matters.queries import case_file, count_todo, todo
from app.matters.rules import Act
from app.matters.services import run_act
from app.urging.services import sweep_jurisdiction
from tests import other_rules, regulation_house
from tests.matter_life import Life, at, draw_up, handling_units, huaian_draft
from tests.world import Place


@pytest.fixture
def place(session: Any) -> Any:
    built = regulation_house.build(session)
    with built.inside():
        yield built


def served(place: Place, **words: Any) -> Life:
    """A matter whose conclusion has been served on both units, on Monday 2 March."""
    life = regulation_house.to_closing(place)
    life.office("serve_conclusion", text="养护资金拨付及时，使用合规。", **words)
    return life


def conclusion(life: Life, code: str) -> Conclusion:
    found: Conclusion = (
        life.place.session.query(Conclusion)
        .filter_by(assignment_id=life.part(code).id)
        .order_by(Conclusion.id.desc())
        .first()
    )
    return found


def review_clock(life: Life, state: str = "open") -> Obligation | None:
    found: Obligation | None = (
        life.place.session.query(Obligation)
        .filter_by(matter_id=life.matter_id, stage="conclusion_review", state=state)
        .one_or_none()
    )
    return found


def waiting(place: Place, role: str, unit: str | None = None, on: dt.date = dt.date(2026, 3, 2)) -> list[str]:
    """The acts that wait for a person; the number on the badge says the same."""
    actor = place.actor(role, unit)
    found = [one.act.value for one in todo(place.session, actor, on)]
    assert count_todo(place.session, actor, on) == len(found)
    return found


def test_a_matter_ends_only_with_its_conclusion_served_and_the_time_to_object_over(place: Any) -> None:
    life = regulation_house.to_closing(place)
    assert (life.matter.state, life.matter.step_key) == ("completed", "closing")
    assert waiting(place, "inspector") == ["serve_conclusion"]
    with pytest.raises(Invalid) as missing:
        life.office("close_out", result="养护资金使用合规。")
    assert set(missing.value.fields) == {"conclusion"}

    life.office("serve_conclusion", text="养护资金拨付及时，使用合规。")
    papers = place.session.query(Document).filter_by(matter_id=life.matter_id, document_type="conclusion").all()
    assert sorted(one.document_no for one in papers) == ["督结〔2026〕1号", "督结〔2026〕2号"]
    assert {one.unit_id for one in papers} == {place.units["JTJ"], place.units["CGZ"]}
    assert waiting(place, "inspector") == []
    assert waiting(place, "unit_liaison", "JTJ") == ["acknowledge_conclusion"]
    with pytest.raises(Conflict) as unreceived:
        life.office("close_out", result="养护资金使用合规。")
    assert unreceived.value.code == "conclusion_unreceived"

    life.unit("acknowledge_conclusion", "JTJ", signed_by="张三")
    life.office("log_conclusion_receipt", assignment_id=life.part("CGZ").id, signed_by="李四")
    assert conclusion(life, "JTJ").objection_until == dt.date(2026, 4, 1)  # the 30th day after 2 March
    life.now = at(2026, 4, 1)
    with pytest.raises(Conflict) as still_open:
        life.office("close_out", result="养护资金使用合规。")
    assert still_open.value.code == "objection_open"
    assert "2026-04-01" in still_open.value.sentence()

    life.now = at(2026, 4, 2)
    assert waiting(place, "inspector", on=dt.date(2026, 4, 2)) == ["close_out"]
    life.office("close_out", result="养护资金使用合规。")
    life.office("archive", "archivist")
    assert life.matter.state == "archived"
    assert verify_chain(place.session) == []


def test_a_unit_that_does_not_object_need_not_wait(place: Any) -> None:
    life = served(place)
    for code in ("JTJ", "CGZ"):
        life.unit("acknowledge_conclusion", code)
        life.unit("waive_objection", code)
    assert life.office("close_out", result="合规。").state == "closed_out"
    with pytest.raises(Conflict) as given_up:
        life.unit("object", "JTJ", reason="又有异议。")
    assert given_up.value.code == "objection_waived"


def test_an_objection_is_reviewed_within_its_time_by_somebody_who_took_no_part(place: Any) -> None:
    life = served(place)
    with pytest.raises(Conflict) as early:
        life.unit("object", "JTJ", reason="数据有误。")
    assert early.value.code == "not_received"
    for code in ("JTJ", "CGZ"):
        life.unit("acknowledge_conclusion", code)
    life.unit("waive_objection", "CGZ")
    life.now = at(2026, 3, 20)
    with pytest.raises(Invalid) as empty:
        life.unit("object", "JTJ", reason=" ")
    assert set(empty.value.fields) == {"reason"}
    file_id = life.file("evidence", place.actor("unit_liaison", "JTJ"))
    life.unit("object", "JTJ", reason="结余资金已于年初上缴，结论未予认定。", attachment_ids=[file_id])
    clock = review_clock(life)
    assert clock is not None
    assert (clock.start_on, clock.due_on, clock.assignment_id) == (dt.date(2026, 3, 20), dt.date(2026, 4, 19), None)

    life.now = at(2026, 4, 10)  # the time to object is over; the review is not
    with pytest.raises(Conflict) as pending:
        life.office("close_out", result="合规。")
    assert pending.value.code == "review_open"
    assert "2026-04-19" in pending.value.sentence()
    part = life.part("JTJ").id
    with pytest.raises(Refused) as recused:
        life.office("decide_objection", assignment_id=part, decision="upheld", text="维持。")
    assert recused.value.code == "recused"
    assert waiting(place, "inspector", on=dt.date(2026, 4, 10)) == []
    assert waiting(place, "office_leader", on=dt.date(2026, 4, 10)) == ["decide_objection"]
    with pytest.raises(Invalid) as vague:
        life.office("decide_objection", "office_leader", assignment_id=part, decision="perhaps", text="")
    assert set(vague.value.fields) == {"decision", "text"}
    life.office(
        "decide_objection", "office_leader", assignment_id=part, decision="changed", text="认定结余资金已上缴。"
    )
    assert conclusion(life, "JTJ").state == "changed"
    assert review_clock(life) is None
    met = review_clock(life, "met")
    assert met is not None
    filed = place.session.query(Objection).one()
    paper = place.session.get(Document, filed.document_id)
    assert (paper.document_no, paper.document_type) == ("督复〔2026〕1号", "review_decision")
    assert "变更原督查结论。" in paper.facts["办理要求"]
    with pytest.raises(Conflict) as final:
        life.unit("object", "JTJ", reason="仍有异议。")
    assert final.value.code == "review_done"
    assert life.office("close_out", result="合规。").state == "closed_out"


def test_everybody_concerned_hears_of_it(place: Any) -> None:
    life = served(place)
    life.unit("acknowledge_conclusion", "JTJ")
    life.unit("object", "JTJ", reason="数据有误。")
    life.office(
        "decide_objection", "office_leader", assignment_id=life.part("JTJ").id, decision="upheld", text="依据充分。"
    )
    told = {(one.kind, one.recipient_id) for one in place.session.query(Letter).filter(Letter.channel == "inbox")}
    liaison, inspector = place.actor("unit_liaison", "JTJ").person_id, place.actor("inspector").person_id
    assert ("matter.conclusion_served", liaison) in told
    assert ("matter.objected", inspector) in told
    assert ("matter.objected", place.actor("office_leader").person_id) in told, "who may decide"
    assert ("matter.objection_decided", liaison) in told


def test_the_time_to_object_passes(place: Any) -> None:
    life = served(place)
    life.unit("acknowledge_conclusion", "JTJ")
    life.now = at(2026, 4, 2)
    with pytest.raises(Conflict) as late:
        life.unit("object", "JTJ", reason="数据有误。")
    assert late.value.code == "objection_past"


def test_what_must_be_put_right_is_reported_before_the_matter_ends(place: Any) -> None:
    life = regulation_house.to_closing(place)
    with pytest.raises(Invalid) as undated:
        life.office("serve_conclusion", text="存在挪用。", rectification="追回挪用资金。")
    assert set(undated.value.fields) == {"rectify_by"}
    life.office(
        "serve_conclusion",
        text="存在挪用。",
        rectification="追回挪用资金。",
        rectify_by="2026-03-31",
        assignment_ids=[life.part("JTJ").id],
    )
    assert waiting(place, "inspector") == ["serve_conclusion"], "the other unit has none yet"
    life.office("serve_conclusion", text="配合到位。", rectification="补齐签收单。", rectify_by="2026-03-20")
    for code in ("JTJ", "CGZ"):
        life.unit("acknowledge_conclusion", code)
        life.unit("waive_objection", code)
    with pytest.raises(Invalid) as owed:
        life.office("close_out", result="存在挪用，已整改。")
    assert set(owed.value.fields) == {"rectification"}
    life.unit("report_progress", "JTJ", text="挪用资金已全部追回。")
    with pytest.raises(Invalid):
        life.office("close_out", result="存在挪用，已整改。")
    life.unit("report_progress", "CGZ", text="签收单已补齐。")
    assert life.office("close_out", result="存在挪用，已整改。").state == "closed_out"


def test_a_revoked_conclusion_demands_nothing_and_another_may_be_served(place: Any) -> None:
    life = regulation_house.to_closing(place)
    part = life.part("JTJ").id
    life.office(
        "serve_conclusion", text="存在挪用。", rectification="追回。", rectify_by="2026-03-31", assignment_ids=[part]
    )
    life.unit("acknowledge_conclusion", "JTJ")
    life.unit("object", "JTJ", reason="并无挪用。")
    life.office("decide_objection", "office_leader", assignment_id=part, decision="revoked", text="证据不足。")
    file = case_file(place.session, place.actor("inspector"), life.matter_id, today=dt.date(2026, 3, 2))
    assert not file.case.matter.rectification_due
    assert Act.SERVE_CONCLUSION in {offer.act for offer in file.offers}
    life.office("serve_conclusion", text="养护资金使用合规。", assignment_ids=[part])
    assert conclusion(life, "JTJ").state == "served"


def test_a_matter_opened_again_ends_with_a_conclusion_of_its_own(place: Any) -> None:
    life = served(place)
    life.unit("acknowledge_conclusion", "JTJ")
    life.unit("object", "JTJ", reason="数据有误。")
    life.office("reopen", reason="发现新情况。")
    assert review_clock(life) is None
    assert {one.state for one in place.session.query(Conclusion)} == {"superseded"}
    file_id = life.file("report", place.actor("unit_liaison", "JTJ"))
    life.unit("report_completion", "JTJ", text="已重新核查。", attachment_ids=[file_id])
    life.office("accept", criteria=regulation_house.CRITERIA)
    assert waiting(place, "inspector") == ["serve_conclusion"]


def test_a_unit_reads_the_conclusion_about_it_and_no_others(place: Any) -> None:
    life = served(place)
    day = dt.date(2026, 3, 2)
    own = case_file(place.session, place.actor("unit_liaison", "CGZ"), life.matter_id, today=day)
    assert {one.assignment_id for one in own.conclusions} == {life.part("CGZ").id}
    office = case_file(place.session, place.actor("inspector"), life.matter_id, today=day)
    assert len(office.conclusions) == 2
    with pytest.raises(Refused) as stranger:
        life.do("acknowledge_conclusion", place.actor("unit_liaison", "CGZ"), assignment_id=life.part("JTJ").id)
    assert stranger.value.code == "not_your_unit"


def test_only_units_of_this_matter_can_be_concluded_on(place: Any) -> None:
    other = regulation_house.to_closing(place, title="关于另一件事的督查")
    life = regulation_house.to_closing(place)
    for strange in (other.part("JTJ").id, 2**40):
        with pytest.raises(Invalid) as refused:
            life.office("serve_conclusion", text="合规。", assignment_ids=[strange])
        assert set(refused.value.fields) == {"assignment_ids"}
    with pytest.raises(Conflict) as unknown:
        life.office(
            "decide_objection", "office_leader", assignment_id=other.part("JTJ").id, decision="upheld", text="维持。"
        )
    assert unknown.value.code == "which_unit"


def test_where_the_profile_knows_no_conclusion_nothing_changes(world: Any) -> None:
    from tests.matter_life import to_handling

    with world.huarong.inside():
        life = to_handling(world.huarong)
        with pytest.raises(Conflict) as unknown:
            life.office("serve_conclusion", text="结论。")
        assert unknown.value.code == "not_here"
        with pytest.raises(NotFound):
            run_act(
                world.huarong.session,
                world.huaian.actor("inspector"),
                2**40,
                "object",
                {"assignment_id": 1, "reason": "异议"},
                expected_version=1,
                at=life.now,
            )


def test_the_clock_reminds_those_who_may_decide_and_nobody_who_took_part(place: Any, session: Any) -> None:
    life = served(place)
    life.unit("acknowledge_conclusion", "JTJ")
    life.unit("object", "JTJ", reason="数据有误。")
    clock = review_clock(life)
    assert clock is not None
    late = at(clock.due_on.year, clock.due_on.month, clock.due_on.day + 1)
    sweep_jurisdiction(session, place.id, late)
    told = session.query(Letter.recipient_id).filter(Letter.kind == "obligation.overdue", Letter.channel == "inbox")
    assert {one for (one,) in told if one != place.actor("unit_liaison", "JTJ").person_id} == {
        place.actor("office_leader").person_id,
        place.actor("group_leader").person_id,
        place.actor("administrator").person_id,
    }


def test_another_office_has_other_days_no_recusal_and_one_kind_of_paper(world: Any) -> None:
    """淮安市 with a conclusion of its own making: archiving comes right after the review, nobody is barred from deciding."""
    place = world.huaian
    with place.inside():
        said = {"document_type": "special_report", "objection_days": 10, "review_days": 15, "recusal": False}
        other_rules.publish(place, conclusion=said | {"article": "本级设定"})
        life = draw_up(place, huaian_draft(place))
        lead = handling_units(place)[0][0]
        life.office("submit")
        for role in ("office_director", "secretary_general"):
            life.office("approve", role, opinion="同意。")
        group = place.actor("group_inspector", "DCZ1")
        life.do("scheme", group, scheme="先书面后实地。")
        life.do("dispatch", group, document_type="leader_matter_notice")
        life.unit("acknowledge", lead, leader_in_charge="王五")
        file_id = life.file("report", place.actor("unit_liaison", lead))
        life.unit("report_completion", lead, text="已办结。", attachment_ids=[file_id])
        life.do("accept", group, criteria=["facts", "complete", "written"])
        assert life.matter.step_key == "archiving"
        with pytest.raises(Invalid) as owed:
            life.office("archive", "archivist")
        assert set(owed.value.fields) == {"conclusion"}
        life.do("serve_conclusion", group, text="属实。")
        life.unit("acknowledge_conclusion", lead)
        assert conclusion(life, lead).objection_until == dt.date(2026, 3, 12)
        life.unit("object", lead, reason="有误。")
        clock = review_clock(life)
        assert clock is not None
        assert clock.due_on == dt.date(2026, 3, 17)
        part = life.part(lead).id
        life.do("decide_objection", group, assignment_id=part, decision="upheld", text="依据充分。")
        paper = place.session.get(Document, place.session.query(Objection).one().document_id)
        assert (paper.document_type, paper.document_no) == ("special_report", "督查专报〔2026〕第2期")
        assert life.office("archive", "archivist").state == "archived"


def test_a_second_round_ends_with_a_conclusion_of_its_own(session: Any) -> None:
    levels = [{"key": "yes", "name": "满意"}, {"key": "no", "name": "不满意", "second_round": True}]
    asked = {"asked_of": "来信人", "levels": levels, "article": "本级设定"}
    completion = dump_profile(regulation_house.preset())["completion"] | {"satisfaction": asked}
    place = regulation_house.build(session, other_rules.changed(regulation_house.preset(), completion=completion))
    with place.inside():
        life = served(place)
        life.office("record_satisfaction", level="no", opinion="仍未解决。")
        assert life.matter.state == "in_progress"
        assert {one.state for one in place.session.query(Conclusion)} == {"superseded"}
