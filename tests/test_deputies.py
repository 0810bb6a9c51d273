"""Absence and deputies (AB角): who decides while somebody is away, what a deputy never gets, and how the record says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from app.jurisdictions.rules.procedure import Approval, ApprovalMode
from app.kernel import clock
from app.kernel.actor import Actor, StandIn
from app.kernel.errors import Conflict, HuiyinError, Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.kernel.outbox import INBOX, Letter
from app.kernel.tenancy import scope
from app.matters.models import ApprovalVote
from app.matters.queries import approvals_waiting, count_approvals, find_matter
from app.matters.rules import turn
from app.organisation import queries, services
from app.organisation.models import Absence, Person
from app.organisation.services import set_role_rights
from app.urging.services import sweep_jurisdiction
from tests.conftest import MORNING
from tests.matter_life import MONDAY, Life, draw_up, huaian_draft, huarong_draft
from tests.small_house import build
from tests.two_houses import Visitor
from tests.world import PASSWORD, Place, World

TODAY = MONDAY.date()
WEEK = TODAY + dt.timedelta(days=6)


@pytest.fixture
def huarong(world: World) -> Any:
    with world.huarong.inside():
        yield world.huarong


def today_as(place: Place, who: Actor, day: dt.date = TODAY) -> Actor:
    """The person as a request of that day finds him."""
    found = queries.find_actor(place.session, place.session.get(Person, who.person_id), today=day)
    assert found is not None
    return found


def away(place: Place, who: Actor, deputy: Actor | None, by: Actor | None = None, **days: Any) -> Absence:
    return services.set_absence(
        place.session,
        by or who,
        who.membership_id or 0,
        **{"from_on": TODAY, "until_on": WEEK, "today": TODAY} | days,
        deputy_id=deputy.membership_id if deputy else None,
        reason="出差",
        at=MONDAY,
    )


def proposed(place: Place, **changes: Any) -> Life:
    life = draw_up(place, huarong_draft(place, **changes))
    life.office("submit")
    return life


def letters_to(place: Place, who: Actor, kind: str) -> list[Letter]:
    found = place.session.query(Letter).filter_by(recipient_id=who.person_id, kind=kind, channel=INBOX)
    return list(found)


# -- rules ----------------------------------------------------------------------------------------------------------


def decider(*roles: str, absent: tuple[StandIn, ...] = (), unit: int | None = 1) -> Actor:
    return Actor(1, "b", 1, 11, unit, frozenset(roles), stands_in_for=absent)


AWAY = StandIn(22, "a", 2, frozenset({"director"}))


@pytest.mark.parametrize(
    ("mode", "roles", "given", "who", "expected"),
    [
        ("any_of", ("director", "leader"), (), decider(absent=(AWAY,)), ("director", 22)),
        ("any_of", ("director", "leader"), (), decider("leader", absent=(AWAY,)), ("leader", None)),
        ("all_of", ("director", "leader"), ("leader",), decider("leader", absent=(AWAY,)), ("director", 22)),
        ("all_of", ("director", "leader"), ("director",), decider("director", absent=(AWAY,)), None),
        ("sequence", ("leader", "director"), (), decider(absent=(AWAY,)), None),
        ("sequence", ("leader", "director"), ("leader",), decider(absent=(AWAY,)), ("director", 22)),
        ("any_of", ("leader",), (), decider(absent=(AWAY,)), None),
    ],
)
def test_ones_own_role_first_then_the_absent_persons(
    mode: str, roles: tuple[str, ...], given: tuple[str, ...], who: Actor, expected: tuple[str, int | None] | None
) -> None:
    now = turn(Approval(ApprovalMode(mode), roles), frozenset(given), who)
    told = (now.role, now.for_whom.membership_id if now.for_whom else None) if now else None
    assert told == expected
    alone = turn(Approval(ApprovalMode(mode), roles, deputies=False), frozenset(given), who)
    assert alone is None or alone.for_whom is None


def test_a_units_own_decision_is_for_the_deputy_of_that_units_leader() -> None:
    approval = Approval(ApprovalMode.ANY_OF, ("director",))
    assert turn(approval, frozenset(), decider(absent=(AWAY,)), unit_id=2) is not None
    assert turn(approval, frozenset(), decider(absent=(AWAY,)), unit_id=3) is None
    assert turn(approval, frozenset(), decider("director", unit=3), unit_id=2) is None


# -- setting and ending ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"from_on": None}, "from_on"),
        ({"until_on": None}, "until_on"),
        ({"until_on": TODAY - dt.timedelta(days=1)}, "until_on"),
        ({"from_on": WEEK, "until_on": TODAY}, "until_on"),
        ({"until_on": TODAY + dt.timedelta(days=400)}, "until_on"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(huarong: Place, days: dict[str, Any], field: str) -> None:
    leader = huarong.actor("office_leader")
    with pytest.raises(Invalid) as error:
        away(huarong, leader, None, **days)
    assert field in error.value.fields


def test_a_deputy_is_somebody_else_who_is_there(huarong: Place, world: World) -> None:
    leader, other, inspector = (huarong.actor(key) for key in ("office_leader", "government_leader", "inspector"))
    with pytest.raises(Invalid, match="his own deputy"):
        away(huarong, leader, leader)
    away(huarong, other, None)
    with pytest.raises(Invalid, match="passes nothing on"):
        away(huarong, leader, other)
    with pytest.raises(NotFound):
        away(huarong, leader, world.huaian.actor("inspector"))
    away(huarong, leader, inspector)
    with pytest.raises(Conflict, match="End it first"):
        away(huarong, leader, None, from_on=WEEK)
    away(huarong, leader, None, from_on=WEEK + dt.timedelta(days=1), until_on=WEEK + dt.timedelta(days=2))
    assert len(queries.list_absences(huarong.session, TODAY, of=leader.membership_id)) == 2


def test_who_may_set_an_absence_for_whom(huarong: Place) -> None:
    admin, leader, inspector = (huarong.actor(key) for key in ("administrator", "office_leader", "inspector"))
    with pytest.raises(Refused):
        away(huarong, leader, inspector, by=inspector)
    with pytest.raises(Refused, match="yourself the deputy"):
        away(huarong, leader, admin, by=admin)
    narrow = replace(admin, rights=admin.rights - {"matter:approve", "membership:appoint"})
    with pytest.raises(Refused, match="pass on"):
        away(huarong, leader, inspector, by=narrow)
    person = queries.get_person(huarong.session, inspector.person_id or 0)
    person.must_change_password = True  # whoever made the password could decide with it
    lacking = replace(admin, rights=admin.rights - {"matter:approve"} | {"membership:appoint"})
    with pytest.raises(Refused, match="of his own"):
        away(huarong, leader, inspector, by=lacking)
    person.must_change_password = False
    made = away(huarong, leader, inspector, by=admin)
    with pytest.raises(NotFound):
        services.end_absence(huarong.session, huarong.actor("unit_liaison", "ZJJ"), made.id, today=TODAY, at=MONDAY)
    with pytest.raises(Refused):
        looking = replace(inspector, rights=inspector.rights | {"membership:read"})
        services.end_absence(huarong.session, looking, made.id, today=TODAY, at=MONDAY)
    services.end_absence(huarong.session, leader, made.id, today=TODAY, at=MONDAY)
    with pytest.raises(Conflict, match="over"):
        services.end_absence(huarong.session, leader, made.id, today=TODAY, at=MONDAY)
    told = [event.kind for event in list_events(huarong.session, "membership", leader.membership_id)]
    assert told == ["absence.ended", "absence.set"]
    assert len(letters_to(huarong, inspector, "absence.set")) == 1
    assert len(letters_to(huarong, leader, "absence.set")) == 1  # the administrator set it, so he is told
    assert len(letters_to(huarong, leader, "absence.ended")) == 0


# -- what a deputy may ----------------------------------------------------------------------------------------------


def test_a_deputy_decides_in_the_absence_and_not_before_or_after(huarong: Place) -> None:
    leader, inspector = huarong.actor("office_leader"), huarong.actor("inspector")
    away(huarong, leader, inspector, from_on=TODAY + dt.timedelta(days=1))
    assert today_as(huarong, inspector).stands_in_for == ()
    assert today_as(huarong, inspector, TODAY + dt.timedelta(days=1)).stands_in_for[0].name == leader.name
    assert today_as(huarong, inspector, WEEK).may("matter:approve")
    assert not today_as(huarong, inspector, WEEK + dt.timedelta(days=1)).may("matter:approve")
    assert "matter:approve" not in today_as(huarong, inspector, WEEK).rights


def test_the_vote_the_record_and_the_letter_say_for_whom(huarong: Place) -> None:
    leader, inspector = huarong.actor("office_leader"), huarong.actor("inspector")
    with pytest.raises(HuiyinError):
        proposed(huarong).do("approve", today_as(huarong, inspector), opinion="同意。")
    away(huarong, leader, inspector)
    life, deputy = proposed(huarong), today_as(huarong, inspector)
    assert {one.for_whom for one in approvals_waiting(huarong.session, deputy)} == {leader.name}
    assert count_approvals(huarong.session, deputy) == len(approvals_waiting(huarong.session, deputy)) == 2
    life.do("approve", deputy, opinion="同意。")
    vote = huarong.session.query(ApprovalVote).one()
    assert (vote.membership_id, vote.on_behalf_of, vote.role_key) == (
        inspector.membership_id,
        leader.membership_id,
        "office_leader",
    )
    event = next(e for e in list_events(huarong.session, "matter", life.matter_id) if e.kind == "matter.approved")
    assert (event.actor_name, event.facts["for_whom"]) == (inspector.name, leader.name)
    with pytest.raises(HuiyinError):  # the round is over: no second vote of the same role, by whomever
        life.do("approve", deputy, opinion="同意。")


def test_one_role_decides_once_even_when_its_holder_is_also_a_deputy(world: World) -> None:
    place = world.huaian
    with place.inside():
        director, secretary = place.actor("office_director"), place.actor("secretary_general")
        away(place, director, secretary)
        life = draw_up(place, huaian_draft(place))
        life.office("submit")
        both = today_as(place, secretary)
        life.do("approve", both, opinion="同意。")
        life.do("approve", both, opinion="代为同意。")
        votes = {vote.role_key: vote.on_behalf_of for vote in place.session.query(ApprovalVote)}
        assert votes == {"secretary_general": None, "office_director": director.membership_id}
        assert life.matter.state == "listed"
        with pytest.raises(HuiyinError):
            life.do("approve", both, opinion="再次同意。")


def test_letters_for_the_absent_reach_the_deputy_and_no_further(huarong: Place) -> None:
    leader, custodian, archivist = (huarong.actor(key) for key in ("office_leader", "custodian", "archivist"))
    away(huarong, leader, custodian)
    away(huarong, custodian, archivist, from_on=TODAY, until_on=TODAY)  # set later: the deputy falls ill
    proposed(huarong)
    assert len(letters_to(huarong, leader, "matter.submitted")) == 1
    (letter,) = letters_to(huarong, custodian, "matter.submitted")
    assert letter.facts["in_place_of"] == leader.name
    assert letters_to(huarong, archivist, "matter.submitted") == []
    assert today_as(huarong, archivist).stands_in_for == ()


def test_a_deputy_sees_what_waits_for_decision_but_no_sensitive_matter(huarong: Place) -> None:
    leader, liaison = huarong.actor("office_leader"), huarong.actor("unit_liaison", "ZJJ")
    open_one = proposed(huarong, co_unit_ids=[])
    closed_one = proposed(
        huarong, co_unit_ids=[], secrecy_level="sensitive", custodian_id=huarong.actor("custodian").membership_id
    )
    assert find_matter(huarong.session, today_as(huarong, liaison), open_one.matter_id) is None
    away(huarong, leader, liaison)
    deputy = today_as(huarong, liaison)
    assert find_matter(huarong.session, deputy, open_one.matter_id) is not None
    assert find_matter(huarong.session, deputy, closed_one.matter_id) is None
    assert [one.matter.id for one in approvals_waiting(huarong.session, deputy)] == [open_one.matter_id]
    with pytest.raises(NotFound):
        closed_one.do("approve", deputy, opinion="同意。")
    assert [one.subject_id for one in letters_to(huarong, liaison, "matter.submitted")] == []
    open_one.do("approve", deputy, opinion="同意。")


def test_what_is_lent_cannot_be_given_on(huarong: Place) -> None:
    admin = huarong.actor("administrator")
    leader = huarong.actor("office_leader")
    away(huarong, leader, admin)
    found = today_as(huarong, admin)
    deputy = replace(found, rights=found.rights - {"matter:approve", "membership:appoint"})
    assert deputy.may("matter:approve")
    role = next(role for role in queries.list_roles(huarong.session) if role.key == "archivist")
    with pytest.raises(Refused):
        set_role_rights(huarong.session, deputy, {role.id: ["matter:approve"]}, at=MONDAY)


# -- pages ----------------------------------------------------------------------------------------------------------


def enter(app: Any, place: Place, role: str, unit: str | None = None) -> Visitor:
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(place.username(role, unit), PASSWORD, f"/j/{place.slug}").status_code == 302
    return browser


def test_everybody_sets_and_ends_his_own_absence_on_his_page(app: Any, huarong: Place) -> None:
    leader, deputy = huarong.actor("office_leader"), huarong.actor("inspector")
    day = clock.today()
    browser = enter(app, huarong, "office_leader")
    page = f"/j/{huarong.slug}/me/"
    to = f"{page}absence"
    form = {"from_on": day.isoformat(), "until_on": "", "deputy": str(deputy.membership_id), "reason": "出差开会"}
    refused = browser.send(page, form, to=to)
    assert refused.status_code == 422
    assert "出差开会" in refused.text  # nothing typed is lost
    assert browser.send(page, form | {"until_on": day.isoformat()}, to=to).status_code == 302
    assert deputy.name in browser.get(page).text
    assert browser.get(f"/j/{huarong.slug}/absences/").status_code == 403
    (absence,) = queries.list_absences(huarong.session, day, of=leader.membership_id)
    ended = browser.send(page, {}, to=f"/j/{huarong.slug}/absences/{absence.id}/end")
    assert ended.status_code == 302
    assert ended.location.endswith("/me/")
    huarong.session.expire_all()
    assert queries.list_absences(huarong.session, day, of=leader.membership_id) == []


def test_a_deputy_finds_the_decision_on_his_own_list_and_takes_it_there(app: Any, huarong: Place) -> None:
    leader, deputy = huarong.actor("office_leader"), huarong.actor("inspector")
    day = clock.today()
    life = proposed(huarong)
    browser = enter(app, huarong, "inspector")
    assert browser.get("/j/huarong/approvals/").status_code == 403
    away(huarong, leader, deputy, from_on=day, until_on=day, today=day)
    page = browser.get("/j/huarong/approvals/").text
    assert life.matter.title in page
    assert leader.name in page
    form = {"opinion": "同意。", "version": str(life.matter.version)}
    answer = browser.send("/j/huarong/approvals/", form, to=f"/j/huarong/approvals/{life.matter_id}/approve")
    assert answer.status_code == 302
    told = browser.get(f"/j/huarong/matters/{life.matter_id}").text
    assert told.count(leader.name) >= 1


def test_the_administrator_sets_it_for_somebody_and_sees_who_is_away(app: Any, huarong: Place) -> None:
    leader, inspector = huarong.actor("office_leader"), huarong.actor("inspector")
    day = clock.today().isoformat()
    browser = enter(app, huarong, "administrator")
    page = "/j/huarong/absences/"
    form = {"person": str(leader.membership_id), "from_on": day, "until_on": day, "reason": "外出培训"}
    form["deputy"] = str(huarong.actor("administrator").membership_id)
    assert browser.send(page, form).status_code == 422
    assert browser.send(page, form | {"deputy": str(inspector.membership_id)}).status_code == 302
    assert "外出培训" in browser.get(page).text


def test_what_the_clock_says_to_somebody_away_is_said_to_his_deputy_too(session: Any) -> None:
    house = build(session)
    with scope(house.id, session):
        for title, level in (("老旧小区改造", "internal"), ("敏感批示件", "sensitive")):
            matter = house.matter(title, secrecy_level=level)
            house.clock(matter, house.assignment(matter, "住建局"), TODAY, TODAY + dt.timedelta(days=4))
        session.add(
            Absence(
                membership_id=house.memberships["liaison"],
                deputy_id=house.memberships["teacher"],
                from_on=TODAY,
                until_on=TODAY,
                set_at=MONDAY,
            )
        )
        session.commit()
    sweep_jurisdiction(session, house.id, MORNING)
    with scope(house.id, session):
        read = {
            (letter.facts["title"], letter.recipient_id) for letter in session.query(Letter).filter_by(channel=INBOX)
        }
    assert read == {
        ("老旧小区改造", house.people["liaison"]),
        ("老旧小区改造", house.people["teacher"]),
        ("敏感批示件", house.people["liaison"]),
    }
