"""Escalation slips: which may be issued when, what stays of them, and who answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.documents.models import Document
from app.jurisdictions.rules.profile import Slips
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, verify_chain
from app.kernel.outbox import Letter
from app.matters.models import Approval, Obligation
from app.urging.models import EscalationSlip
from app.urging.queries import SlipFilter, count_slips, list_slips, list_slips_of
from app.urging.rules import Former, PartFacts, issuable, why_not
from app.urging.services import answer_slip, issue_slip, withdraw_slip
from tests.matter_life import Life, at
from tests.other_rules import publish
from tests.slips_world import late_matter, slips, with_slips
from tests.world import World

TODAY = dt.date(2026, 4, 20)
DAY = dt.timedelta(days=1)
RULES = Slips.model_validate(slips())
DEMAND = "请立即书面说明未按期办结的原因。\n请于本单时限内办结。"


def part(overdue: int | None = 9, *formers: Former, **changes: Any) -> PartFacts:
    return PartFacts(**{"matter_state": "in_progress", "state": "in_progress", "overdue": overdue, "formers": formers}
                     | changes)  # fmt: skip


def reason(key: str, facts: PartFacts) -> str | None:
    refusal = why_not(RULES, key, facts, TODAY)
    if refusal is not None:
        assert "%(" not in refusal.msgid % refusal.params
    return refusal.code if refusal else None


RAN_OUT = Former("blue", "issued", TODAY - DAY)
RUNNING = Former("blue", "issued", TODAY)
IN_TIME = Former("blue", "answered", TODAY - DAY, TODAY - DAY)
TOO_LATE = Former("blue", "answered", TODAY - 2 * DAY, TODAY - DAY)


@pytest.mark.parametrize(
    ("key", "facts", "code"),
    [
        ("blue", part(1), None),
        ("blue", part(0), "slip_too_early"),
        ("blue", part(None), "slip_not_overdue"),
        ("green", part(), "slip_unknown"),
        ("blue", part(matter_state="suspended"), "slip_paused"),
        ("blue", part(matter_state="cancelled"), "slip_ended"),
        ("blue", part(matter_state="completed"), "slip_ended"),
        ("blue", part(state="reported"), "slip_reported"),
        ("blue", part(state="accepted"), "slip_reported"),
        ("blue", part(state="declined"), "slip_not_handling"),
        ("blue", part(state="planned"), "slip_not_handling"),
        ("blue", part(state="notified"), None),
        ("blue", part(state="returned"), None),
        ("blue", part(extension_asked=True), "slip_extension_asked"),
        ("blue", part(9, RUNNING), "slip_open"),
        ("blue", part(9, RAN_OUT), "slip_open"),
        ("blue", part(9, Former("blue", "asked")), "slip_asked"),
        ("blue", part(9, IN_TIME), None),
        ("yellow", part(9), "slip_former_lacking"),
        ("yellow", part(9, Former("blue", "asked")), "slip_former_lacking"),
        ("yellow", part(9, RUNNING), "slip_former_running"),
        ("yellow", part(9, RAN_OUT), None),
        ("yellow", part(2, RAN_OUT), "slip_too_early"),
        ("yellow", part(9, IN_TIME), "slip_former_answered"),
        ("yellow", part(9, TOO_LATE), None),
        ("yellow", part(9, TOO_LATE, IN_TIME), "slip_former_answered"),
        ("blue", part(9, TOO_LATE, Former("yellow", "issued", TODAY)), "slip_higher_open"),
        ("red", part(9, RAN_OUT, Former("yellow", "issued", TODAY - DAY)), None),
        ("red", part(9, RAN_OUT), "slip_former_lacking"),
    ],
)
def test_which_slip_may_be_issued_now(key: str, facts: PartFacts, code: str | None) -> None:
    assert reason(key, facts) == code


def test_a_jurisdiction_without_slips_issues_none() -> None:
    assert issuable(None, part(), TODAY) == ()
    assert [one.key for one in issuable(RULES, part(9, RAN_OUT), TODAY)] == ["yellow"]


# -- in a jurisdiction ------------------------------------------------------------------------------------------------


class Office:
    """华容区 under rules with slips, and one matter whose lead is two working days late."""

    def __init__(self, world: World) -> None:
        self.world, self.place = world, world.huarong
        with self.place.inside():
            with_slips(self.place)
            self.life = late_matter(self.place)
            self.part_id = self.life.part("SLJ").id

    def issue(self, slip: str = "blue", **changes: Any) -> EscalationSlip:
        given = {"assignment_id": self.part_id, "slip": slip, "demand": DEMAND, "at": self.life.now} | changes
        actor = given.pop("actor", self.place.actor("inspector"))
        matter_id = given.pop("matter_id", self.life.matter_id)
        return issue_slip(self.place.session, actor, matter_id, **given)

    def answer(self, code: str = "SLJ", **changes: Any) -> list[EscalationSlip]:
        given = {"assignment_id": self.part_id, "answer": "已倒排工期，4月15日前办结。", "at": self.life.now} | changes
        actor = self.place.actor("unit_liaison", code)
        return answer_slip(self.place.session, actor, self.life.matter_id, **given)

    def all(self, model: Any, *conditions: Any) -> list[Any]:
        return list(self.place.session.scalars(select(model).where(*conditions).order_by(model.id)))

    def clock(self, slip: EscalationSlip) -> Obligation:
        found = self.place.session.get(Obligation, slip.obligation_id)
        assert found is not None
        return found

    def letters(self, kind: str) -> set[int]:
        return {one.recipient_id for one in self.all(Letter, Letter.kind == kind, Letter.channel == "inbox")}


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_a_slip_is_a_numbered_document_with_its_own_limit(office: Office) -> None:
    with office.place.inside():
        slip = office.issue()
        assert (slip.state, slip.colour, slip.name, slip.demand) == ("issued", "blue", "蓝色督办单", DEMAND)
        document = office.all(Document, Document.id == slip.document_id)[0]
        assert (document.document_no, document.unit_id) == ("华督蓝色〔2026〕1号", office.place.units["SLJ"])
        assert document.facts["主送"] == "区水利和湖泊局"
        assert document.facts["办理要求"] == DEMAND
        assert document.facts["办结时限"] == "2026年4月10日"
        clock = office.clock(slip)
        assert (clock.stage, clock.due_on, clock.state) == ("slip", dt.date(2026, 4, 10), "open")
        assert clock.explanation["start_event"] == "slip_issued" and clock.article == "本级设定"
        people = {office.place.actor(role, "SLJ").person_id for role in ("unit_liaison", "unit_leader")}
        assert office.letters("matter.slip_issued") == people
        event = office.place.session.scalars(select(Event).where(Event.kind == "matter.slip_issued")).one()
        assert (event.facts["slip"], event.facts["document_no"]) == ("蓝色督办单", "华督蓝色〔2026〕1号")
        assert verify_chain(office.place.session) == []


def test_the_next_slip_only_when_the_former_ran_out(office: Office) -> None:
    with office.place.inside():
        office.issue()
        office.life.now = at(2026, 4, 10, 23)
        with pytest.raises(Refused, match="may still answer until 2026-04-10"):
            office.issue("yellow")
        office.life.now = at(2026, 4, 11)
        yellow = office.issue("yellow")
        assert office.clock(yellow).due_on == dt.date(2026, 4, 14)
        with pytest.raises(Refused, match="with the unit already"):
            office.issue("yellow")


def test_the_unit_answers_and_the_limit_is_met(office: Office) -> None:
    with office.place.inside():
        office.issue()
        office.life.now = at(2026, 4, 11)
        office.issue("yellow")
        answered = office.answer()
        assert [one.slip_key for one in answered] == ["blue", "yellow"]
        assert {office.clock(one).state for one in answered} == {"met"}
        assert office.letters("matter.slip_answered") == {office.place.actor("inspector").person_id}
        with pytest.raises(Refused, match="no slip to answer"):
            office.answer()
        # yellow was answered in time: the ladder begins anew at the lowest
        with pytest.raises(Refused, match="answered in time"):
            office.issue("red")


def test_another_units_people_cannot_answer(office: Office) -> None:
    with office.place.inside():
        office.issue()
        with pytest.raises(Refused, match="another unit"):
            office.answer("ZJJ")
        with pytest.raises(NotFound):
            office.answer("JYJ")
        with pytest.raises(Invalid, match="Write the answer"):
            office.answer(answer="  ")


def test_what_may_not_be_urged_gets_no_slip(office: Office) -> None:
    with office.place.inside():
        with pytest.raises(Refused, match="role here does not allow"):
            office.issue(actor=office.place.actor("government_leader"))
        with pytest.raises(Invalid, match="does not handle"):
            office.issue(assignment_id=2**62)
        with pytest.raises(Invalid, match="no such slip"):
            office.issue("green")
        with pytest.raises(Invalid, match="what the unit is to do"):
            office.issue(demand="")
        with pytest.raises(Refused, match="Nothing the unit owes is overdue"):
            office.issue(at=at(2026, 4, 2, 23))
        with office.world.huaian.inside(), pytest.raises(NotFound):
            office.issue(actor=office.world.huaian.actor("inspector"))
        assert office.all(EscalationSlip) == [] and office.all(Document, Document.document_type == "blue_slip") == []


def test_the_completion_report_answers_the_slips(office: Office) -> None:
    with office.place.inside():
        slip = office.issue()
        office.life.unit("report_progress", "SLJ", text="已完成八成。", percent=80)
        assert slip.state == "issued", "the result is still late"
        _complete(office.life)
        assert (slip.state, slip.answer, office.clock(slip).state) == ("answered", "泵站主体已验收。", "met")
        with pytest.raises(Refused):
            office.issue("yellow")


def test_a_cancelled_matter_takes_its_slips_back(office: Office) -> None:
    with office.place.inside():
        slip = office.issue()
        office.life.office("cancel", reason="事项并入另案。")
        assert (slip.state, office.clock(slip).state) == ("withdrawn", "cancelled")


def test_red_is_asked_for_and_issued_by_the_last_consent(office: Office) -> None:
    with office.place.inside():
        red = _ask_for_red(office)
        assert (red.state, red.document_id) == ("asked", None)
        assert office.letters("matter.slip_asked") == {office.place.actor("office_leader").person_id}
        approval = office.all(Approval, Approval.purpose == "slip")[0]
        with pytest.raises(Conflict):
            office.life.office("agree", "government_leader", approval_id=approval.id)
        office.life.office("agree", "office_leader", approval_id=approval.id, opinion="同意。")
        assert red.state == "asked"
        office.life.office("agree", "government_leader", approval_id=approval.id, opinion="同意发单。")
        assert (red.state, office.clock(red).state) == ("issued", "open")
        assert office.all(Document, Document.id == red.document_id)[0].document_no == "华督红色〔2026〕1号"


def test_red_refused_takes_no_number(office: Office) -> None:
    with office.place.inside():
        red = _ask_for_red(office)
        approval = office.all(Approval, Approval.purpose == "slip")[0]
        office.life.office("refuse", "office_leader", approval_id=approval.id, opinion="再催一次。")
        assert (red.state, red.document_id) == ("withdrawn", None)
        assert office.all(Document, Document.document_type == "red_slip") == []
        assert office.issue("red").state == "asked", "it may be asked for again"


def test_what_was_asked_for_falls_away_when_the_unit_reports(office: Office) -> None:
    with office.place.inside():
        red = _ask_for_red(office)
        _complete(office.life)
        assert red.state == "withdrawn"
        assert office.all(Approval, Approval.purpose == "slip")[0].state == "withdrawn"


def test_lists_show_each_reader_what_is_theirs_and_the_numbers_agree(office: Office) -> None:
    with office.place.inside():
        session, today = office.place.session, dt.date(2026, 4, 11)
        office.issue()
        office.life.now = at(2026, 4, 11)
        office.issue("yellow")
        seen = {}
        for role, unit in (("inspector", None), ("unit_liaison", "SLJ"), ("unit_liaison", "ZJJ")):
            actor = office.place.actor(role, unit)
            counts = count_slips(session, actor, SlipFilter(), today=today)
            for shown, count in counts.items():
                assert list_slips(session, actor, SlipFilter(shown), today=today).total == count
            seen[unit] = (counts[""], counts["running"], counts["ran_out"])
            assert len(list_slips_of(session, actor, office.life.matter_id)) == counts[""]
        assert seen == {None: (2, 1, 1), "SLJ": (2, 1, 1), "ZJJ": (0, 0, 0)}
        narrowed = SlipFilter(colour="yellow", unit_id=office.place.units["SLJ"])
        assert list_slips(session, office.place.actor("inspector"), narrowed, today=today).total == 1
    with office.world.huaian.inside():
        elsewhere = office.world.huaian.actor("inspector")
        assert count_slips(office.place.session, elsewhere, SlipFilter(), today=today)[""] == 0


def _complete(life: Life) -> None:
    liaison = life.place.actor("unit_liaison", "SLJ")
    life.unit(
        "report_completion",
        "SLJ",
        text="泵站主体已验收。",
        document_no="华水〔2026〕8号",
        signed_by="王局长",
        attachment_ids=[life.file("report", liaison)],
    )


def _ask_for_red(office: Office) -> EscalationSlip:
    office.issue()
    office.life.now = at(2026, 4, 11)
    office.issue("yellow")
    office.life.now = at(2026, 4, 15)
    return office.issue("red")


def test_a_pause_moves_the_limit_and_nothing_is_issued_in_it(office: Office) -> None:
    """What was late is reported on; then the clock is paused with the slip unanswered."""
    with office.place.inside():
        slip = office.issue()
        late = office.all(Obligation, Obligation.assignment_id == office.part_id, Obligation.stage == "result")[0]
        late.due_on = dt.date(2026, 5, 29)  # the office has stated a later date
        office.place.session.commit()
        office.life.now = at(2026, 4, 8)
        office.life.office("suspend", reason="等待上级批复。")
        with pytest.raises(Refused, match="paused"):
            office.issue("yellow")
        with pytest.raises(Refused, match="paused"):
            office.answer()
        office.life.now = at(2026, 4, 15)
        office.life.office("resume")
        assert office.clock(slip).due_on == dt.date(2026, 4, 17), "five working days stood still"


def test_a_slip_is_taken_back_by_hand_with_a_reason(office: Office) -> None:
    with office.place.inside():
        slip = office.issue()
        clock, document_id, matter_id = office.clock(slip), slip.document_id, office.life.matter_id
        session, inspector, now = office.place.session, office.place.actor("inspector"), office.life.now

        def take_back(**changes: Any) -> EscalationSlip:
            given = {"slip_id": slip.id, "reason": "催办对象有误。", "at": now} | changes
            actor = given.pop("actor", inspector)
            return withdraw_slip(session, actor, given.pop("matter_id", matter_id), **given)

        with pytest.raises(Invalid):
            take_back(reason=" ")
        with pytest.raises(NotFound):
            take_back(slip_id=2**60)
        with pytest.raises(Refused):
            take_back(actor=office.place.actor("unit_liaison", "SLJ"))
        back = take_back()
        assert (back.state, back.withdrawn_at, back.withdrawn_why) == ("withdrawn", now, "催办对象有误。")
        assert session.get(Document, document_id).status == "void" and clock.state == "cancelled"
        kinds = list(session.scalars(select(Event.kind).order_by(Event.seq.desc()).limit(2)))
        assert set(kinds) == {"document.withdrawn", "matter.slip_withdrawn"}
        told = office.all(Letter, Letter.kind == "matter.slip_withdrawn", Letter.channel == "inbox")
        liaison = office.place.actor("unit_liaison", "SLJ").person_id
        assert liaison in {one.recipient_id for one in told} and told[0].facts["reason"] == "催办对象有误。"
        with pytest.raises(Conflict, match="answered or taken back"):
            take_back()
        again = office.issue()
        assert session.get(Document, again.document_id).number == session.get(Document, document_id).number + 1
        office.answer()
        with pytest.raises(Conflict):
            take_back(slip_id=again.id)
        assert verify_chain(session) == []


def test_a_slip_that_waits_for_consent_is_not_asked_for_any_more(office: Office) -> None:
    with office.place.inside():
        first = {**slips()["items"][0], "approval": {"mode": "any_of", "roles": ["office_leader"]}}
        publish(office.place, slips=slips(items=[first, *slips()["items"][1:]]))
        office.life = late_matter(office.place)
        office.part_id = office.life.part("SLJ").id
        asked = office.issue()
        assert asked.state == "asked" and asked.document_id is None
        session = office.place.session
        back = withdraw_slip(session, office.place.actor("inspector"), office.life.matter_id, slip_id=asked.id,
                             reason="暂缓。", at=office.life.now)  # fmt: skip
        assert back.state == "withdrawn"
        assert [one.state for one in office.all(Approval, Approval.purpose == "slip")] == ["withdrawn"]
        assert office.all(Letter, Letter.kind == "matter.slip_withdrawn") == [], "the unit had not been told of it"
