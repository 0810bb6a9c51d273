"""Handing over 交接: no open work is lost when somebody leaves, and nobody comes to see more by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.kernel.outbox import INBOX, Letter
from app.matters.models import Matter
from app.matters.queries import find_matter, todo
from app.matters.queries.personal import OpenWork, list_left_behind, list_successors, open_work
from app.matters.services.handing_over import hand_over
from app.organisation import queries, services
from app.organisation.models import JurisdictionRole, Membership
from tests.matter_life import MONDAY, Life, draw_up, huarong_draft
from tests.two_houses import METHOD, Visitor
from tests.world import PASSWORD, Place, World

TODAY = MONDAY.date()


@pytest.fixture
def huarong(world: World) -> Any:
    with world.huarong.inside():
        yield world.huarong


def newcomer(place: Place, like: str, name: str = "新任", post_id: int | None = None) -> Actor:
    """Somebody new in a role, in the same unit as whoever holds it."""
    role = place.session.scalars(select(JurisdictionRole).where(JurisdictionRole.key == like)).one()
    account = services.add_person(
        place.session,
        Actor.system(place.id),
        name=name,
        username=f"new.{like.replace('_', '-')}.{name and len(name)}",
        unit_id=place.actor(like).unit_id or 0,
        post_id=post_id,
        role_ids=[role.id],
        password=PASSWORD,
        method=METHOD,
        at=MONDAY,
    )
    person = queries.get_person(place.session, account.person_id)
    person.must_change_password = False
    place.session.commit()
    found = queries.find_actor(place.session, queries.get_person(place.session, account.person_id), today=TODAY)
    assert found is not None
    return found


def take_over(place: Place, former: Actor, successor: Actor, by: Actor | None = None) -> Any:
    by = by or place.actor("administrator")
    return hand_over(place.session, by, former.membership_id or 0, successor.membership_id or 0, today=TODAY, at=MONDAY)


def work_of(place: Place, former: Actor, successor: Actor) -> OpenWork:
    return open_work(
        place.session,
        former.membership_id or 0,
        place.session.get(Membership, successor.membership_id),
        TODAY,
    )


def leave(place: Place, who: Actor) -> None:
    services.end_membership(place.session, place.actor("administrator"), who.membership_id or 0, at=MONDAY)


def sensitive(place: Place) -> Life:
    keeper = place.actor("custodian").membership_id
    return draw_up(place, huarong_draft(place, secrecy_level="sensitive", custodian_id=keeper, title="敏感批示件办理"))


def test_a_successor_finds_the_drafts_among_his_own_work(huarong: Place) -> None:
    inspector, successor = huarong.actor("inspector"), newcomer(huarong, "inspector")
    life = draw_up(huarong, huarong_draft(huarong))
    leave(huarong, inspector)
    assert todo(huarong.session, successor, TODAY) == []
    assert [(one.id, count) for one, count in list_left_behind(huarong.session)] == [(inspector.membership_id, 1)]
    done = take_over(huarong, inspector, successor)
    assert (done.registered, done.drafts, done.staying) == (1, 1, 0)
    assert [line.matter.id for line in todo(huarong.session, successor, TODAY)] == [life.matter_id]
    assert list_left_behind(huarong.session) == []
    assert life.matter.drawn_up_by == inspector.name  # what was done keeps its name
    life.do("submit", successor)  # and goes on with it


def test_everything_that_hangs_on_a_person_goes_over_and_is_written_down(huarong: Place) -> None:
    leader, successor = huarong.actor("government_leader"), newcomer(huarong, "government_leader")
    life = draw_up(huarong, huarong_draft(huarong, instruction_leader_id=leader.membership_id))
    day = TODAY + dt.timedelta(days=2)
    services.set_absence(
        huarong.session,
        huarong.actor("office_leader"),
        huarong.actor("office_leader").membership_id or 0,
        from_on=TODAY,
        until_on=day,
        deputy_id=leader.membership_id,
        today=TODAY,
        at=MONDAY,
    )
    leave(huarong, leader)
    done = take_over(huarong, leader, successor)
    assert (done.instructions, done.deputyships) == (1, 1)
    assert life.matter.instruction_leader_id == successor.membership_id
    assert life.matter.instruction_by == leader.name  # whose instruction it was stays said
    (absence,) = queries.list_absences(huarong.session, TODAY)
    assert absence.deputy_id == successor.membership_id
    kinds = [event.kind for event in list_events(huarong.session, "matter", life.matter_id)]
    assert kinds[0] == "matter.handed_over"
    (event, *_) = list_events(huarong.session, "membership", leader.membership_id)
    assert (event.kind, event.facts["successor"], event.facts["instructions"]) == (
        "membership.handed_over",
        successor.name,
        1,
    )
    letter = huarong.session.query(Letter).filter_by(
        recipient_id=successor.person_id, kind="membership.handed_over", channel=INBOX
    )
    assert letter.one().facts["matters"] == 2
    with pytest.raises(Conflict, match="Nothing goes over"):
        take_over(huarong, leader, successor)


def test_what_is_over_stays_with_whoever_did_it(huarong: Place) -> None:
    inspector, successor = huarong.actor("inspector"), newcomer(huarong, "inspector")
    life = draw_up(huarong, huarong_draft(huarong))
    life.office("cancel", reason="重复登记")
    assert work_of(huarong, inspector, successor).moves == 0
    with pytest.raises(Conflict):
        take_over(huarong, inspector, successor)
    assert life.matter.registered_by == inspector.membership_id


def test_a_sensitive_matter_goes_only_to_somebody_who_may_see_such(huarong: Place) -> None:
    inspector, other = huarong.actor("inspector"), newcomer(huarong, "inspector")
    plain, secret = draw_up(huarong, huarong_draft(huarong)), sensitive(huarong)
    work = work_of(huarong, inspector, other)
    assert (work.registered, work.staying) == (1, 1)
    take_over(huarong, inspector, other)
    assert plain.matter.registered_by == other.membership_id
    assert secret.matter.registered_by == inspector.membership_id
    assert find_matter(huarong.session, other, secret.matter_id) is None
    take_over(huarong, inspector, huarong.actor("custodian"))
    assert secret.matter.registered_by == huarong.actor("custodian").membership_id


def test_who_may_hand_over_what_to_whom(huarong: Place, world: World) -> None:
    inspector, admin, other = huarong.actor("inspector"), huarong.actor("administrator"), newcomer(huarong, "inspector")
    draw_up(huarong, huarong_draft(huarong))
    with pytest.raises(Refused, match="over yourself"):
        take_over(huarong, inspector, admin, by=admin)
    with pytest.raises(Refused):
        take_over(huarong, inspector, other, by=huarong.actor("archivist"))
    with pytest.raises(Refused):  # nobody helps himself to a colleague's work
        take_over(huarong, inspector, other, by=other)
    with pytest.raises(Invalid):
        take_over(huarong, inspector, inspector)
    for stranger in (world.huaian.actor("inspector"), replace(other, membership_id=999_999_999)):
        with pytest.raises(NotFound):
            take_over(huarong, inspector, stranger)
    gone = newcomer(huarong, "archivist")
    leave(huarong, gone)
    with pytest.raises(Invalid):
        take_over(huarong, inspector, gone)
    take_over(huarong, inspector, other, by=inspector)  # his own, by himself


def test_a_hand_over_is_no_way_to_decide_for_somebody(huarong: Place) -> None:
    leader, former = huarong.actor("office_leader"), huarong.actor("inspector")
    other, admin = newcomer(huarong, "inspector"), huarong.actor("administrator")
    services.set_absence(
        huarong.session,
        leader,
        leader.membership_id or 0,
        from_on=TODAY,
        until_on=TODAY,
        deputy_id=former.membership_id,
        today=TODAY,
        at=MONDAY,
    )
    narrow = replace(admin, rights=admin.rights - {"matter:approve", "membership:appoint"})
    for by in (former, narrow):  # what is lent is not given on, and nobody gives what he may not decide
        with pytest.raises(Conflict, match="Nothing goes over"):
            take_over(huarong, former, other, by=by)
    (absence,) = queries.list_absences(huarong.session, TODAY)
    assert absence.deputy_id == former.membership_id
    assert take_over(huarong, former, other, by=admin).deputyships == 1


def test_two_places_do_not_mix(world: World) -> None:
    with world.huarong.inside():
        successor = newcomer(world.huarong, "inspector")
        draw_up(world.huarong, huarong_draft(world.huarong))
    with world.huaian.inside():
        assert list_left_behind(world.huaian.session) == []
        before = world.huaian.session.query(Matter).count()
    with world.huarong.inside():
        take_over(world.huarong, world.huarong.actor("inspector"), successor)
    with world.huaian.inside():
        assert world.huaian.session.query(Matter).count() == before


def test_the_new_holder_of_the_post_is_offered_first_and_the_page_follows_the_change(app: Any, huarong: Place) -> None:
    admin, inspector = huarong.actor("administrator"), huarong.actor("inspector")
    post = services.add_post(
        huarong.session, admin, unit_id=huarong.units["OFFICE"], name="督查科科长", kind="staff", at=MONDAY
    )
    row = huarong.session.get(Membership, inspector.membership_id)
    row.post_id = post.id
    huarong.session.commit()
    draw_up(huarong, huarong_draft(huarong))
    successor = newcomer(huarong, "inspector", post_id=post.id)
    former = huarong.session.get(Membership, inspector.membership_id)
    assert list_successors(huarong.session, former)[0].id == successor.membership_id
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(huarong.username("administrator"), PASSWORD, "/j/huarong").status_code == 302
    listed = "/j/huarong/membershipview/list/"
    ended = browser.send(listed, {}, to=f"/j/huarong/membershipview/delete/{inspector.membership_id}")
    assert ended.location.endswith(f"/handover/{inspector.membership_id}?left=1")
    assert browser.get(ended.location).status_code == 200
    assert browser.get(f"/j/huarong/handover/post/{successor.membership_id}").location.endswith(
        f"/handover/{inspector.membership_id}?to={successor.membership_id}"
    )
    page = f"/j/huarong/handover/{inspector.membership_id}?to={successor.membership_id}"
    assert successor.name in browser.get(page).text
    answer = browser.send(
        page, {"successor": str(successor.membership_id)}, to=f"/j/huarong/handover/{inspector.membership_id}"
    )
    assert answer.status_code == 302
    huarong.session.expire_all()
    assert open_work(huarong.session, inspector.membership_id or 0, None, clock.today()).moves == 0
    # with nothing left the way back is straight
    passed = browser.get(f"/j/huarong/handover/{inspector.membership_id}?left=1")
    assert passed.location.endswith("/membershipview/list/")


def test_nobody_looks_at_a_colleagues_open_work(app: Any, huarong: Place) -> None:
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(huarong.username("inspector"), PASSWORD, "/j/huarong").status_code == 302
    own, other = huarong.actor("inspector").membership_id, huarong.actor("custodian").membership_id
    assert browser.get(f"/j/huarong/handover/{own}").status_code == 200
    assert browser.get(f"/j/huarong/handover/{other}").status_code == 404
    assert browser.get("/j/huarong/handover/").status_code == 403
