"""A department supervises only what the government delegates to it, and only as long (条例 art. 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.outbox import Letter
from app.matters.models import Delegation
from app.matters.queries import LedgerFilter, case_file, count_ledger, todo
from app.matters.rules import Act
from app.urging.services import urge
from tests import regulation_house, small_house
from tests.matter_life import MONDAY, Life, at, to_handling
from tests.world import Place

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def place(session: Any) -> Any:
    built = regulation_house.build(session)
    with built.inside():
        yield built


@pytest.fixture
def life(place: Any) -> Life:
    """A matter under way on Monday 2 March."""
    life = regulation_house.to_dispatch(place)
    life.office("dispatch", document_type="supervision_notice")
    life.unit("acknowledge", "JTJ", signed_by="张三")
    return life


TERMS: dict[str, Any] = {
    "scope": "养护资金拨付和使用",
    "duty": "核查账目，提出处理意见。",
    "from_on": "2026-03-02",
    "until_on": "2026-03-31",
    "document_no": "规政发〔2026〕7号",
}


def words(place: Place, **changes: Any) -> dict[str, Any]:
    return TERMS | {"unit_id": place.units["SJJ"]} | changes


def delegate(life: Life, **changes: Any) -> Delegation:
    life.office("delegate", **words(life.place, **changes))
    found: Delegation = life.place.session.query(Delegation).order_by(Delegation.id.desc()).first()
    return found


def seen(life: Life, code: str, day: dt.date) -> bool:
    """Whether a unit's supervisor finds the matter on a day, in the list as by its address."""
    actor = life.place.actor("delegated_inspector", code)
    with clock.frozen(clock.at_local(day)):
        listed = count_ledger(life.place.session, actor, LedgerFilter(), today=day) == 1
    try:
        case_file(life.place.session, actor, life.matter_id, today=day)
    except NotFound:
        assert not listed
        return False
    assert listed
    return True


def test_the_department_sees_the_matter_from_the_first_day_to_the_last(life: Life) -> None:
    assert not seen(life, "SJJ", TODAY)
    delegate(life, from_on="2026-03-03")
    days = [dt.date(2026, 3, day) for day in (2, 3, 31)] + [dt.date(2026, 4, 1)]
    assert [seen(life, "SJJ", day) for day in days] == [False, True, True, False]
    assert not seen(life, "SLJ", dt.date(2026, 3, 3)), "another department"


def test_it_reads_the_whole_file_and_reviews_what_is_reported(life: Life) -> None:
    place, delegated = life.place, life.place.actor("delegated_inspector", "SJJ")
    delegate(life)
    assert [one.recipient_id for one in place.session.query(Letter).filter_by(kind="matter.delegated", channel="inbox")]
    file_id = life.file("report", place.actor("unit_liaison", "JTJ"))
    life.unit("report_completion", "JTJ", text="已自查。", attachment_ids=[file_id])
    file = case_file(place.session, delegated, life.matter_id, today=TODAY)
    assert file.supervises
    assert Act.ACCEPT in {offer.act for offer in file.offers}
    assert [one.act for one in todo(place.session, delegated, TODAY)] == [Act.ACCEPT]
    life.do("accept", delegated, criteria=regulation_house.CRITERIA, opinion="属实。")
    assert life.matter.state == "completed"
    with pytest.raises(Refused) as not_its_own:
        life.do("serve_conclusion", delegated, text="合规。")
    assert not_its_own.value.code in ("not_your_step", "office_only")


def test_after_the_period_it_neither_sees_nor_does_anything(life: Life) -> None:
    delegated = life.place.actor("delegated_inspector", "SJJ")
    delegate(life)
    file_id = life.file("report", life.place.actor("unit_liaison", "JTJ"))
    life.unit("report_completion", "JTJ", text="已自查。", attachment_ids=[file_id])
    life.now = at(2026, 4, 1)
    with pytest.raises(NotFound):
        life.do("accept", delegated, criteria=regulation_house.CRITERIA)
    assert todo(life.place.session, delegated, dt.date(2026, 4, 1)) == []


def test_the_office_ends_it_before_its_time(life: Life) -> None:
    given = delegate(life)
    with pytest.raises(Invalid):
        life.office("end_delegation", delegation_id=given.id, reason="")
    life.office("end_delegation", delegation_id=given.id, reason="政府另有安排。")
    assert not seen(life, "SJJ", TODAY)
    with pytest.raises(Conflict) as over:
        life.office("end_delegation", delegation_id=given.id, reason="再次终止。")
    assert over.value.code == "no_delegation"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"scope": ""}, {"scope"}),
        ({"duty": " "}, {"duty"}),
        ({"document_no": ""}, {"document_no"}),
        ({"from_on": None}, {"from_on"}),
        ({"until_on": "2026-03-01"}, {"until_on"}),
        ({"until_on": "2026-08-29"}, {"until_on"}),  # 181 days
    ],
)
def test_the_instrument_must_say_matter_scope_duty_and_period(
    life: Life, changes: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        delegate(life, **changes)
    assert set(refused.value.fields) == fields


def test_a_unit_does_not_supervise_itself(life: Life) -> None:
    place = life.place
    with pytest.raises(Invalid) as refused:
        delegate(life, unit_id=place.units["JTJ"])
    assert set(refused.value.fields) == {"unit_id"}
    delegate(life)
    with pytest.raises(Invalid) as twice:
        delegate(life, until_on="2026-03-10")
    assert twice.value.code == "delegated_already"
    own = place.actor("delegated_inspector", "JTJ")  # the handling unit's own supervisor, for other matters
    file_id = life.file("report", place.actor("unit_liaison", "JTJ"))
    life.unit("report_completion", "JTJ", text="已自查。", attachment_ids=[file_id])
    with pytest.raises(Refused) as judging:
        life.do("accept", own, criteria=regulation_house.CRITERIA)
    assert judging.value.code == "not_your_step"
    assert todo(place.session, own, TODAY) == []


def test_neither_a_unit_nor_a_delegation_of_another_jurisdiction_can_be_named(life: Life) -> None:
    place = life.place
    elsewhere = small_house.build(place.session, slug="elsewhere", code="429902")
    with place.inside():
        with pytest.raises(Invalid) as refused:
            delegate(life, unit_id=elsewhere.units["住建局"])
        assert set(refused.value.fields) == {"unit_id"}
        delegate(life)
        with pytest.raises(Conflict) as unknown:
            life.office("end_delegation", delegation_id=elsewhere.units["住建局"], reason="终止。")
        assert unknown.value.code == "no_delegation"


def test_only_the_office_delegates(life: Life) -> None:
    for role, unit in (("unit_liaison", "JTJ"), ("group_leader", None)):
        with pytest.raises(Refused) as refused:
            life.do("delegate", life.place.actor(role, unit), **words(life.place))
        assert refused.value.code == "right_missing"


def test_a_department_urges_while_it_supervises(life: Life) -> None:
    place, delegated = life.place, life.place.actor("delegated_inspector", "SJJ")
    delegate(life)
    with clock.frozen(MONDAY):
        urged = urge(
            place.session,
            delegated,
            life.matter_id,
            [life.part("JTJ").id],
            "system",
            "请尽快反馈。",
            "feedback",
            at=MONDAY,
        )
    assert len(urged) == 1


def test_where_the_profile_does_not_delegate_nobody_can(world: Any) -> None:
    with world.huarong.inside():
        life = to_handling(world.huarong)
        with pytest.raises(Conflict) as unknown:
            life.office("delegate", **(TERMS | {"unit_id": world.huarong.units["SLJ"]}))
        assert unknown.value.code == "not_here"
