"""Points per unit and period: what counts, when it counts, and what follows once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.documents.models import Document
from app.jurisdictions.rules.profile import Points
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, verify_chain
from app.kernel.outbox import Letter
from app.matters.models import Matter
from app.urging.models import PointsLetter
from app.urging.queries import count_occasions, list_occasions, list_units_counted
from app.urging.rules import Period, due_thresholds, period_of, read_period, score
from app.urging.services import answer_slip, issue_points_letter, issue_slip, urge
from tests.matter_life import Life, at, to_handling
from tests.other_rules import profile_in_force
from tests.slips_world import late_matter, points, with_slips
from tests.world import Place, World

RULES = Points.model_validate(points())


# -- periods ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "key", "first", "last", "written"),
    [
        ("month", "2024-02-29", "2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("month", "2026-12-31", "2026-12", "2026-12-01", "2026-12-31", "2026年12月"),
        ("quarter", "2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31", "2026年第1季度"),
        ("quarter", "2026-04-01", "2026-Q2", "2026-04-01", "2026-06-30", "2026年第2季度"),
        ("quarter", "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31", "2026年第4季度"),
        ("half_year", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30", "2026年上半年"),
        ("half_year", "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31", "2026年下半年"),
        ("year", "2026-01-01", "2026", "2026-01-01", "2026-12-31", "2026年"),
    ],
)
def test_a_period_has_both_its_days(kind: str, day: str, key: str, first: str, last: str, written: str) -> None:
    period = period_of(kind, dt.date.fromisoformat(day))
    assert period == Period(kind, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (period.key, period.written) == (key, written)
    assert read_period(key) == period
    assert period.after().before() == period == period.before().after()
    assert period.before().last + dt.timedelta(days=1) == period.first
    assert period.holds(period.first) and period.holds(period.last) and not period.holds(period.after().first)


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-H3", "1999", "20260", "二〇二六"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


# -- the score ------------------------------------------------------------------------------------------------------------


def test_every_rule_counts_for_itself() -> None:
    counts = {("slip_issued", "blue"): 2, ("slip_issued", "red"): 1, ("urged", ""): 3, ("completed_on_time", ""): 1}
    reached = score(RULES, counts)
    told = {line.rule.key: (line.count, line.points) for line in reached.lines if line.count}
    assert told == {"urged": (3, -3), "slip": (3, -6), "red": (1, -5), "in_time": (1, 2)}
    assert reached.total == 88
    assert score(RULES, {}).total == 100


def test_a_threshold_is_due_at_its_number_and_once() -> None:
    due = lambda total, *done: [one.key for one in due_thresholds(RULES, total, done)]  # noqa: E731
    assert due(93) == [] and due(92) == ["letter"] and due(85) == ["letter", "summons"]
    assert due(85, "letter") == ["summons"] and due(-3, "letter", "summons") == []


# -- in a jurisdiction ----------------------------------------------------------------------------------------------------

QUARTER = period_of("quarter", dt.date(2026, 4, 7))
NOW = at(2026, 4, 13)


class Office:
    """华容区 under rules with points; 区水利局 late with one matter, urged twice, a slip in hand."""

    def __init__(self, world: World) -> None:
        self.world, self.place = world, world.huarong
        with self.place.inside():
            with_slips(self.place)
            self.life = late_matter(self.place)
            part = self.life.part("SLJ").id
            inspector = self.place.actor("inspector")
            issue_slip(
                self.place.session, inspector, self.life.matter_id, assignment_id=part, slip="blue", demand="请办结。",
                at=self.life.now,
            )  # fmt: skip
            for channel in ("phone", "paper"):
                urge(
                    self.place.session, inspector, self.life.matter_id, [part], channel, "请反馈。", "feedback",
                    at=self.life.now,
                )  # fmt: skip

    def counts(self, role: str = "inspector", unit: str | None = None, period: Period = QUARTER, now: Any = NOW) -> Any:
        found = count_occasions(self.place.session, self.place.actor(role, unit), period, at=now)
        codes = {unit_id: code for code, unit_id in self.place.units.items()}
        return {codes[unit_id]: counts for unit_id, counts in found.items()}

    def letter(self, threshold: str = "letter", code: str = "SLJ", **changes: Any) -> PointsLetter:
        given = {"unit_id": self.place.units.get(code, 2**62), "period": "2026-Q2", "threshold": threshold, "at": NOW}
        actor = changes.pop("actor", self.place.actor("inspector"))
        return issue_points_letter(self.place.session, actor, **(given | changes))


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


LATE = {("result_overdue", ""): 1, ("urged", ""): 2, ("slip_issued", "blue"): 1}


def test_occasions_count_in_the_period_in_which_they_happened(office: Office) -> None:
    with office.place.inside():
        assert office.counts() == {"SLJ": LATE, "ZJJ": {("feedback_overdue", ""): 1}}, "区住建局 never contributed"
        assert office.counts(period=QUARTER.before()) == {}, "its last day was the quarter's last"
        assert office.counts(now=at(2026, 4, 2, 23))["ZJJ"] == {("feedback_overdue", ""): 1}
        assert "SLJ" not in office.counts(now=at(2026, 4, 2, 23)), "the last day is in time until its end"
        assert ("result_overdue", "") in office.counts(now=at(2026, 4, 3, 0))["SLJ"]


def test_a_late_receipt_and_a_return_count_and_a_result_in_time_earns(office: Office) -> None:
    with office.place.inside():
        life = to_handling(office.place)
        life.now = at(2026, 3, 4)  # one working day to sign: over since midnight
        life.unit("acknowledge", "SLJ", leader_in_charge="王局长")
        life.unit("acknowledge", "ZJJ", leader_in_charge="刘局长")
        before = office.counts(period=QUARTER.before(), now=at(2026, 3, 5))
        assert before["SLJ"] == before["ZJJ"] == {("receipt_overdue", ""): 1}
        life.now = at(2026, 3, 10)
        _complete(life)
        life.office("return_for_rework", opinion="请补充数据。")
        _complete(life)
        life.now = at(2026, 3, 11)
        life.office("accept", criteria=[one.key for one in _criteria(office.place)])
        first = office.counts(period=QUARTER.before(), now=at(2026, 4, 1))["SLJ"]
        assert first == {("receipt_overdue", ""): 1, ("returned_for_rework", ""): 1, ("completed_on_time", ""): 1}


def test_each_number_is_the_length_of_its_list_for_every_reader(office: Office) -> None:
    with office.place.inside():
        for role, unit in (("inspector", None), ("office_leader", None), ("unit_liaison", "SLJ")):
            actor = office.place.actor(role, unit)
            mine = office.counts(role, unit)["SLJ"]
            assert mine == LATE
            for (occasion, slip), count in mine.items():
                found, total = list_occasions(
                    office.place.session, actor, QUARTER, office.place.units["SLJ"], occasion, slip or None, at=NOW
                )
                assert len(found) == total == count
                assert {one.matter_id for one in found} == {office.life.matter_id}


def test_a_units_people_see_their_own_unit_only(office: Office) -> None:
    with office.place.inside():
        session, liaison = office.place.session, office.place.actor("unit_liaison", "ZJJ")
        assert [unit.code for unit in list_units_counted(session, liaison)] == ["ZJJ"]
        assert set(office.counts("unit_liaison", "ZJJ")) == {"ZJJ"}
        assert list_occasions(session, liaison, QUARTER, office.place.units["SLJ"], "urged", None, at=NOW) == ([], 0)
        assert len(list_units_counted(session, office.place.actor("inspector"))) > 5
    with office.world.huaian.inside():
        elsewhere = office.world.huaian.actor("inspector")
        assert count_occasions(office.place.session, elsewhere, QUARTER, at=NOW) == {}


def test_a_sensitive_matter_and_a_cancelled_one_leave_no_lateness(office: Office) -> None:
    with office.place.inside():
        office.place.session.get(Matter, office.life.matter_id).secrecy_level = "sensitive"
        office.place.session.commit()
        assert office.counts() == {}
        office.place.session.get(Matter, office.life.matter_id).secrecy_level = "internal"
        office.place.session.commit()
        office.life.office("cancel", reason="并入另案。")
        assert office.counts() == {"SLJ": {("urged", ""): 2}}, "its slip was taken back, its lateness is nobody's"


def test_an_answered_slip_still_counts(office: Office) -> None:
    with office.place.inside():
        liaison, part = office.place.actor("unit_liaison", "SLJ"), office.life.part("SLJ").id
        answer_slip(office.place.session, liaison, office.life.matter_id, assignment_id=part, answer="已办。", at=NOW)
        assert office.counts()["SLJ"] == LATE


def test_at_the_threshold_a_letter_is_issued_once(office: Office) -> None:
    with office.place.inside():
        letter = office.letter()  # 100 - 5 - 2 - 2 = 91
        assert (letter.points, letter.consequence, letter.period) == (91, "letter", "2026-Q2")
        document = office.place.session.get(Document, letter.document_id)
        assert (document.matter_id, document.unit_id) == (None, office.place.units["SLJ"])
        assert document.document_no == "华督提醒〔2026〕1号"
        assert document.title == "提醒函：区水利局2026年第2季度督查积分"
        assert "办结逾期：1次，扣5分。" in document.facts["办理要求"]
        people = {office.place.actor(role, "SLJ").person_id for role in ("unit_liaison", "unit_leader")}
        told = select(Letter).where(Letter.kind == "points.letter_issued", Letter.channel == "inbox")
        assert {one.recipient_id for one in office.place.session.scalars(told)} == people
        event = office.place.session.scalars(select(Event).where(Event.kind == "points.letter_issued")).one()
        assert (event.subject_type, event.subject_id, event.facts["points"]) == ("unit", office.place.units["SLJ"], 91)
        assert verify_chain(office.place.session) == []
        with pytest.raises(Conflict, match="already"):
            office.letter()
        assert office.place.session.query(Document).filter(Document.document_type == "points_letter").count() == 1


def test_what_is_not_due_is_not_issued(office: Office) -> None:
    with office.place.inside():
        with pytest.raises(Refused, match="stands at 91 points, above the threshold of 85"):
            office.letter("summons")
        with pytest.raises(Refused, match="above the threshold"):
            office.letter(code="JYJ")
        with pytest.raises(Refused, match="role here"):
            office.letter(actor=office.place.actor("unit_leader", "SLJ"))
        with pytest.raises(NotFound):
            office.letter(code="nowhere")
        with pytest.raises(NotFound):
            office.letter(unit_id=office.world.huaian.units["OFFICE"])
        for period in ("2026-Q3", "2026-04", "soon"):
            with pytest.raises(Invalid, match="No points"):
                office.letter(period=period)
        with pytest.raises(Invalid, match="no such threshold"):
            office.letter("praise")
        assert office.place.session.query(PointsLetter).count() == 0
    with office.world.huaian.inside(), pytest.raises(Invalid, match="No points"):
        unit = office.world.huaian.units["OFFICE"]
        issue_points_letter(
            office.place.session, Actor.system(office.world.huaian.id), unit_id=unit, period="2026-Q2",
            threshold="letter", at=NOW,
        )  # fmt: skip


def _criteria(place: Place) -> Any:
    return profile_in_force(place).completion.criteria


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
