"""Somebody from elsewhere joins by his own consent: nothing of him is shown before, and his account stays his own."""

from __future__ import annotations

from typing import Any

import pytest

from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.kernel.tenancy import scope
from app.organisation import queries, services
from app.organisation.models import Invitation, Membership, Person
from tests.two_houses import AT, ROLES, House, Visitor, build_two_houses, visitor
from tests.world import PASSWORD

TODAY = AT.date()


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


def ask(session: Any, north: House, name: str = "south.liaison", *roles: str) -> Any:
    return services.invite(
        session,
        north.actor("admin"),
        username=name,
        unit_id=north.units["office"],
        role_ids=[north.roles[role] for role in roles],
        at=AT,
    )


def answer(session: Any, person_id: int, invitation_id: int, accept: bool = True) -> str:
    with scope(None, session, person_id=person_id):  # as a request of his finds him, on whichever page
        return services.answer_invitation(session, person_id, invitation_id, accept=accept, today=TODAY, at=AT)


def offered_to(session: Any, person_id: int) -> list[queries.Invited]:
    with scope(None, session, person_id=person_id):
        return queries.list_invited(session, person_id)


def here(session: Any, north: House, person_id: int) -> Membership | None:
    with north.inside():
        return queries.find_membership(session, person_id)


def test_an_account_from_elsewhere_joins_only_by_its_owners_consent(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    person = south.people["liaison"]
    with north.inside():
        with pytest.raises(Refused, match="Invite the person"):
            services.add_membership(
                session, north.actor("admin"), username="south.liaison", unit_id=north.units["office"], at=AT
            )
        made = ask(session, north, "south.liaison", "unit_liaison")
        assert isinstance(made, Invitation)
        invitation_id = made.id
        with pytest.raises(Conflict, match="not answered yet"):
            ask(session, north)
    assert here(session, north, person) is None
    (offered,) = offered_to(session, person)
    assert (offered.jurisdiction, offered.roles) == ("north jurisdiction", ("north-unit_liaison",))
    assert offered_to(session, south.people["clerk"]) == []
    with pytest.raises(NotFound):
        answer(session, south.people["clerk"], invitation_id)
    assert answer(session, person, invitation_id) == "north"
    joined = here(session, north, person)
    assert joined is not None
    with north.inside():
        assert [e.kind for e in list_events(session, "invitation", invitation_id)] == [
            "invitation.accepted",
            "invitation.made",
        ]
        found = queries.find_actor(session, session.get(Person, person), today=TODAY)
        assert found is not None
        assert found.roles == {"unit_liaison"}
    with pytest.raises(Conflict):
        answer(session, person, invitation_id)


def test_one_may_refuse_and_an_invitation_may_be_taken_back(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    person = south.people["liaison"]
    with north.inside():
        first = ask(session, north).id
    answer(session, person, first, accept=False)
    assert here(session, north, person) is None
    with north.inside():
        second = ask(session, north).id
        services.withdraw_invitation(session, north.actor("admin"), second, at=AT)
        with pytest.raises(Conflict):
            services.withdraw_invitation(session, north.actor("admin"), second, at=AT)
    assert offered_to(session, person) == []
    with pytest.raises(Conflict):
        answer(session, person, second)
    with south.inside(), pytest.raises(NotFound):
        services.withdraw_invitation(session, south.actor("admin"), second, at=AT)


def test_an_invitation_holds_only_while_its_inviter_may_still_give_it(
    session: Any, houses: tuple[House, House]
) -> None:
    north, south = houses
    person = south.people["liaison"]
    with north.inside():
        clerk = north.actor("clerk")
        made = services.invite(
            session, clerk, username="south.liaison", unit_id=north.units["office"], role_ids=[], at=AT
        )
        invitation_id = made.id
        services.end_membership(session, north.actor("admin"), north.memberships["clerk"], at=AT)
    with pytest.raises(Conflict, match="no longer holds"):
        answer(session, person, invitation_id)
    assert here(session, north, person) is None


def test_an_invitation_is_no_way_to_wider_roles(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        for role in ("administrator", "office_leader"):
            with pytest.raises(Refused):
                services.invite(
                    session,
                    north.actor("clerk"),
                    username="south.liaison",
                    unit_id=north.units["office"],
                    role_ids=[north.roles[role]],
                    at=AT,
                )
        for unit, roles in ((south.units["office"], []), (north.units["office"], [south.roles["clerk"]])):
            with pytest.raises(NotFound):
                services.invite(
                    session, north.actor("admin"), username="south.liaison", unit_id=unit, role_ids=roles, at=AT
                )
        with pytest.raises(Invalid):
            ask(session, north, "nobody.there")
        made = ask(session, north, "south.liaison", "inspector").id
        # the role grows before the answer: what is given is what the inviter may give then
        services.set_role_rights(
            session, north.actor("admin"), {north.roles["inspector"]: [*ROLES["inspector"], "matter:urge"]}, at=AT
        )
    assert answer(session, south.people["liaison"], made) == "north"


def test_an_account_of_ones_own_comes_back_at_once(session: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    with north.inside():
        services.end_membership(session, north.actor("admin"), north.memberships["liaison"], at=AT)
        assert isinstance(ask(session, north, "north.liaison"), Membership)


def test_pages_show_nothing_of_the_invited_and_no_dead_buttons_afterwards(
    session: Any, app: Any, houses: tuple[House, House]
) -> None:
    north, south = houses
    with south.inside():
        services.change_person(
            session,
            south.actor("admin"),
            south.people["liaison"],
            name="欧阳文静",
            phone="0517-8366 1234",
            at=AT,
        )
    admin = visitor(app, north)
    form = {"username": "south.liaison", "unit": str(north.units["office"]), "post": "", "note": ""}
    asked = admin.send("/j/north/membershipview/add", form)
    assert asked.location.endswith("/invitations/")
    seen = "".join(
        admin.get(f"/j/north/{page}/").text for page in ("invitations", "personview/list", "membershipview/list")
    )
    assert "south.liaison" in seen
    assert "欧阳文静" not in seen
    assert "8366" not in seen
    invited = visitor(app, south, "liaison")
    own = invited.get("/j/south/me/").text
    assert "north jurisdiction" in own
    session.rollback()
    with north.inside():
        invitation_id = session.query(Invitation).one().id
    stranger = visitor(app, south, "clerk")
    assert stranger.send("/j/south/me/", {}, to=f"/j/south/invitations/{invitation_id}/accept").status_code == 404
    joined = invited.send("/j/south/me/", {}, to=f"/j/south/invitations/{invitation_id}/accept")
    assert joined.location == "/j/north/"
    listed = admin.get("/j/north/personview/list/").text
    person = south.people["liaison"]
    assert "欧阳文静" in listed
    assert f"personview/edit/{person}" not in listed
    assert f"personview/edit/{north.people['clerk']}" in listed
    shown = admin.get(f"/j/north/personview/show/{person}").text
    assert f"personview/edit/{person}" not in shown
    assert f"personview/reset/{person}" not in shown
    assert admin.get(f"/j/north/personview/edit/{person}").status_code == 403
    # and when he leaves, nothing of him stays shown
    session.rollback()
    with north.inside():
        membership = queries.find_membership(session, person)
        assert membership is not None
        services.end_membership(session, north.actor("admin"), membership.id, at=AT)
    assert "欧阳文静" not in admin.get("/j/north/personview/list/").text


# -- units without a liaison ------------------------------------------------------------------------------------------


def test_the_number_of_units_without_a_liaison_is_the_list(app: Any, world: Any) -> None:
    place = world.huarong
    with place.inside():
        for code in ("SLJ", "ZJJ"):
            for role in ("unit_liaison", "unit_leader"):
                who = place.actor(role, code).membership_id or 0
                services.end_membership(place.session, place.actor("administrator"), who, at=AT)
        uncovered = queries.list_uncovered(place.session, place.id)
        assert {unit.code for unit in uncovered} == {"SLJ", "ZJJ"}
        names = [unit.name for unit in uncovered]
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(place.username("administrator"), PASSWORD, "/j/huarong").status_code == 302
    settings = browser.get("/j/huarong/settings/").text
    assert '/j/huarong/uncovered/"' in settings
    assert f"{len(names)}：" in settings
    page = browser.get("/j/huarong/uncovered/").text
    assert all(name in page for name in names)
    assert page.count('<th scope="row">') == len(names)
