"""Slips between other acts: paused, reported, declined, accepted, asked for and never consented to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from app.kernel.errors import HuiyinError
from app.matters.models import Approval, Obligation
from app.matters.queries.todo import count_approvals, count_todo, todo
from app.urging.models import EscalationSlip
from app.urging.queries import SlipFilter, count_slips, list_slips
from app.urging.queries.points import count_occasions, list_occasions
from app.urging.rules import period_of
from app.urging.services import answer_slip, issue_slip
from tests.matter_life import Life, at
from tests.slips_world import late_matter, slips, with_slips
from tests.test_combinations import CRITERIA, clock, report
from tests.test_extensions import RULES
from tests.world import Place, World

DEMAND = "请立即说明。"


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    with world.huarong.inside():
        yield world.huarong


def issue(life: Life, slip: str = "blue", code: str = "SLJ") -> EscalationSlip:
    actor = life.place.actor("inspector")
    part = life.part(code).id
    return issue_slip(
        life.place.session, actor, life.matter_id, assignment_id=part, slip=slip, demand=DEMAND, at=life.now
    )


def asked_red(life: Life) -> EscalationSlip:
    """Blue and yellow ran out, and red waits for two leaders."""
    issue(life)
    life.now = at(2026, 4, 13)
    issue(life, "yellow")
    life.now = at(2026, 4, 17)
    return issue(life, "red")


def counted(life: Life) -> None:
    """What is counted is what is listed, for everybody."""
    place, today = life.place, life.now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    for role, unit in place.people:
        actor = place.actor(role, unit)
        assert count_todo(place.session, actor, today) == len(todo(place.session, actor, today)), (role, unit)
        numbers = count_slips(place.session, actor, SlipFilter(), today=today)
        for shown, number in numbers.items():
            assert list_slips(place.session, actor, SlipFilter(shown), today=today).total == number, (role, shown)
        period = period_of("quarter", today)
        for unit_id, counts in count_occasions(place.session, actor, period, at=life.now).items():
            for (occasion, slip), number in counts.items():
                _, total = list_occasions(place.session, actor, period, unit_id, occasion, slip or None, at=life.now)
                assert total == number


def test_a_red_slip_that_waits_for_consent_falls_with_the_report(huarong: Place) -> None:
    with_slips(huarong)
    life = late_matter(huarong)
    row = asked_red(life)
    asked = huarong.session.query(Approval).filter(Approval.purpose == "slip").one()
    life.office("agree", "office_leader", approval_id=asked.id, opinion="同意。")
    counted(life)
    report(life, "已办结。")
    assert (row.state, asked.state) == ("withdrawn", "withdrawn")
    with pytest.raises(HuiyinError):
        life.office("agree", "government_leader", approval_id=asked.id, opinion="同意。")
    life.office("accept", criteria=CRITERIA)
    assert count_approvals(huarong.session, huarong.actor("government_leader")) == 0
    counted(life)
    life.office("reopen", reason="未落实。")
    assert not huarong.session.query(EscalationSlip).filter(EscalationSlip.state.in_(("asked", "issued"))).count()
    life.now = at(2026, 5, 15)
    assert issue(life).state == "issued"
    counted(life)


def test_a_red_slip_waits_through_a_cancellation_and_comes_back_with_none(huarong: Place) -> None:
    with_slips(huarong)
    life = late_matter(huarong)
    row = asked_red(life)
    life.office("cancel", reason="并入他件。")
    assert row.state == "withdrawn"
    counted(life)
    life.office("reopen", reason="恢复督办。")
    assert clock(life, "slip") is None
    counted(life)


def test_a_slip_of_a_unit_that_declines_after_it_ends(huarong: Place) -> None:
    with_slips(huarong, extension=RULES)
    life = late_matter(huarong)
    life.now = at(2026, 4, 7)
    row = issue(life)
    part = life.part("SLJ")
    part.state = "returned"
    huarong.session.commit()
    with pytest.raises(HuiyinError):
        life.unit("decline", "SLJ", reason="不属本单位。")
    assert row.state == "issued"
    with pytest.raises(HuiyinError):  # the date has passed
        life.unit("request_extension", "SLJ", reason="来不及。", progress="过半。", proposed_due_on="2026-04-20")
    with pytest.raises(HuiyinError):  # overdue: the clock cannot be stopped
        life.office("suspend", reason="等批复。")


def test_granted_time_then_late_again_gives_a_slip_by_the_new_date(huarong: Place) -> None:
    with_slips(huarong, extension=RULES)
    life = late_matter(huarong, now=at(2026, 3, 25))
    life.unit("request_extension", "SLJ", reason="汛期。", progress="八成。", proposed_due_on="2026-04-20")
    asked = huarong.session.query(Approval).filter(Approval.purpose == "extension").one()
    life.now = at(2026, 4, 7)  # answered after the first date had passed
    with pytest.raises(HuiyinError):
        issue(life)
    life.office("agree", "office_leader", approval_id=asked.id)
    with pytest.raises(HuiyinError):
        issue(life)
    life.now = at(2026, 4, 22)
    row = issue(life)
    assert row.state == "issued"
    counted(life)
    answer_slip(
        huarong.session, huarong.actor("unit_liaison", "SLJ"), life.matter_id, assignment_id=life.part("SLJ").id,
        answer="已说明。", at=life.now,
    )  # fmt: skip
    counted(life)


def test_a_slip_through_return_and_rework(huarong: Place) -> None:
    with_slips(huarong)
    life = late_matter(huarong)
    row = issue(life)
    report(life, "已办结。")
    assert row.state == "answered"
    life.office("return_for_rework", failed=["facts"], opinion="不实。")
    life.now = at(2026, 4, 20)
    again = issue(life)
    assert again.state == "issued"
    open_clocks = huarong.session.query(Obligation).filter(Obligation.stage == "slip", Obligation.state == "open")
    assert open_clocks.count() == 1
    report(life, "重报。")
    life.office("accept", criteria=CRITERIA)
    assert again.state == "answered"
    counted(life)
    assert slips()["items"]
