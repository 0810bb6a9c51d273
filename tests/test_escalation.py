"""Nobody can come to more than he was given: not by a role, a membership, a password, or a forged field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.services import discard_draft, publish_draft, save_section, start_draft
from app.kernel.actor import Actor
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.kernel.outbox import Letter
from app.kernel.tenancy import set_based
from app.organisation import queries, services
from app.organisation.models import JurisdictionRole, Membership, Person, RoleRight, Unit, membership_role
from app.organisation.permissions import RIGHTS
from app.organisation.rights_here import OrganisationRights
from tests.two_houses import AT, METHOD, ROLES, House, Visitor, build_two_houses, visitor
from tests.world import World, folder


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


@pytest.fixture
def north(houses: tuple[House, House]) -> House:
    return houses[0]


def everything(session: Any, house: House) -> Any:
    """Who holds what in a jurisdiction, to be compared."""
    with house.inside():
        rights = session.execute(
            set_based(
                select(RoleRight.__table__.c.role_id, RoleRight.__table__.c.right)
                .where(RoleRight.__table__.c.jurisdiction_id == house.id)
                .order_by(RoleRight.__table__.c.role_id, RoleRight.__table__.c.right)
            )
        ).all()
        roles = session.execute(
            set_based(select(membership_role).where(membership_role.c.jurisdiction_id == house.id))
        ).all()
        members = session.execute(
            set_based(
                select(Membership.__table__.c.id, Membership.__table__.c.active, Membership.__table__.c.unit_id).where(
                    Membership.__table__.c.jurisdiction_id == house.id
                )
            )
        ).all()
        names = session.execute(
            set_based(select(Unit.__table__.c.name).where(Unit.__table__.c.jurisdiction_id == house.id))
        ).all()
        return [sorted(map(tuple, rows)) for rows in (rights, roles, members, names)]


# -- services -------------------------------------------------------------------------------------------------------


def test_a_right_one_does_not_hold_cannot_be_given(session: Any, north: House) -> None:
    with north.inside():
        clerk = north.actor("clerk")
        for rights in (["matter:approve"], ["matter:read_restricted"], ["profile:write", "unit:read"]):
            with pytest.raises(Refused, match="hold yourself"):
                services.add_role(session, clerk, name="新角色", rights=rights, at=AT)
            with pytest.raises(Refused):
                services.set_role_rights(session, clerk, {north.roles["clerk"]: [*ROLES["clerk"], *rights]}, at=AT)
        for word in ("everything:write", "", "matter", "*", "role:write "):
            with pytest.raises(Invalid, match="list of rights"):
                services.add_role(session, clerk, name="新角色", rights=[word], at=AT)
        assert session.scalars(select(JurisdictionRole).where(JurisdictionRole.name == "新角色")).first() is None


def test_roles_are_given_only_within_ones_own_rights(session: Any, north: House) -> None:
    with north.inside():
        clerk = north.actor("clerk")
        narrow = services.add_role(session, clerk, name="人事", rights=["person:read"], at=AT)
        place = {"unit_id": north.units["office"], "at": AT}
        for role in ("administrator", "office_leader", "inspector"):
            with pytest.raises(Refused):
                services.change_membership(
                    session, clerk, north.memberships["liaison"], role_ids=[north.roles[role]], **place
                )
            with pytest.raises(Refused):
                services.add_person(
                    session, clerk, name="x", username="x.y.z", role_ids=[north.roles[role]], method=METHOD, **place
                )
            # two that together go too far
            with pytest.raises(Refused):
                services.change_membership(
                    session, clerk, north.memberships["liaison"], role_ids=[narrow.id, north.roles[role]], **place
                )
        services.change_membership(session, clerk, north.memberships["liaison"], role_ids=[narrow.id], **place)
        assert session.scalars(select(Person).where(Person.username == "x.y.z")).first() is None


def test_nobody_gives_himself_a_role_not_even_within_his_rights(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        for role in ("clerk", "inspector", "unit_liaison", "office_leader"):
            with pytest.raises(Refused, match="yourself"):
                services.change_membership(
                    session,
                    admin,
                    north.memberships["admin"],
                    unit_id=north.units["office"],
                    role_ids=[north.roles["administrator"], north.roles[role]],
                    at=AT,
                )
        with pytest.raises(Refused, match="your own membership"):
            services.end_membership(session, admin, north.memberships["admin"], at=AT)


def test_a_wider_role_is_out_of_reach(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        for change in (
            lambda: services.set_role_rights(session, admin, {north.roles["office_leader"]: ["unit:read"]}, at=AT),
            lambda: services.remove_role(session, admin, north.roles["office_leader"], at=AT),
        ):
            with pytest.raises(Refused, match="more than you"):
                change()


def test_a_wider_persons_password_is_out_of_reach(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        for name, target in (("admin", "leader"), ("clerk", "admin"), ("clerk", "inspector")):
            with pytest.raises(Refused, match="more here than you"):
                services.reset_password(session, north.actor(name), north.people[target], method=METHOD, at=AT)
        with pytest.raises(Refused, match="own page"):
            services.reset_password(session, north.actor("admin"), north.people["admin"], method=METHOD, at=AT)
        services.add_membership(
            session, Actor.system(north.id), username="south.liaison", unit_id=north.units["office"], at=AT
        )
        for attempt in (
            lambda: services.reset_password(
                session, north.actor("admin"), south.people["liaison"], method=METHOD, at=AT
            ),
            lambda: services.change_person(
                session, north.actor("admin"), south.people["liaison"], name="x", active=False, at=AT
            ),
        ):
            with pytest.raises(Refused, match="Another jurisdiction"):
                attempt()


def test_without_the_right_nothing_is_done(session: Any, north: House) -> None:
    unit, role, someone = north.units["ZJJ"], north.roles["clerk"], north.people["liaison"]
    membership = north.memberships["liaison"]
    with north.inside():
        actor = north.actor("inspector")
        for attempt in (
            lambda: services.add_unit(session, actor, name="x", kind="department", at=AT),
            lambda: services.change_unit(session, actor, unit, name="x", kind="department", at=AT),
            lambda: services.remove_unit(session, actor, unit, at=AT),
            lambda: services.add_post(session, actor, unit_id=unit, name="x", at=AT),
            lambda: services.change_post(session, actor, 1, name="x", at=AT),
            lambda: services.remove_post(session, actor, 1, at=AT),
            lambda: services.add_person(session, actor, name="x", username="x.y.z", unit_id=unit, method=METHOD, at=AT),
            lambda: services.change_person(session, actor, someone, name="x", at=AT),
            lambda: services.reset_password(session, actor, someone, method=METHOD, at=AT),
            lambda: services.add_membership(session, actor, username="south.liaison", unit_id=unit, at=AT),
            lambda: services.invite(session, actor, username="south.liaison", unit_id=unit, at=AT),
            lambda: services.withdraw_invitation(session, actor, 1, at=AT),
            lambda: services.change_membership(session, actor, membership, unit_id=unit, at=AT),
            lambda: services.end_membership(session, actor, membership, at=AT),
            lambda: services.add_role(session, actor, name="x", at=AT),
            lambda: services.change_role(session, actor, role, name="x", at=AT),
            lambda: services.remove_role(session, actor, role, at=AT),
            lambda: services.set_role_rights(session, actor, {role: []}, at=AT),
        ):
            with pytest.raises(Refused):
                attempt()


def test_who_may_add_people_may_not_yet_give_roles(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        rights = ["person:read", "person:write", "unit:read", "matter:read_unit", "matter:acknowledge", "matter:report"]
        services.set_role_rights(session, admin, {north.roles["clerk"]: rights}, at=AT)
        clerk = north.actor("clerk")
        wanted = {"name": "张三", "username": "zhang.san", "unit_id": north.units["ZJJ"], "method": METHOD, "at": AT}
        with pytest.raises(Refused):
            services.add_person(session, clerk, role_ids=[north.roles["unit_liaison"]], **wanted)
        services.add_person(session, clerk, **wanted)


# -- appointing -----------------------------------------------------------------------------------------------------
# The policy: whoever holds membership:appoint may give others existing roles of the procedure that go beyond his own
# rights; never to himself, never to an account whose password he made, and he may neither widen a role nor make a wide one.


@pytest.fixture
def procedure(session: Any, north: House) -> House:
    """The roles of north are named by its procedure, but for the clerk's."""
    with north.inside():
        document = {"roles": [{"key": key} for key in ROLES if key != "clerk"]}
        session.add(ProfileVersion(number=1, status="published", document=document, digest="0" * 64))
        session.commit()
    return north


def give(session: Any, house: House, by: Actor, to: str, *roles: str) -> None:
    services.change_membership(
        session,
        by,
        house.memberships[to],
        unit_id=house.units["office"],
        role_ids=[house.roles[role] for role in roles],
        at=AT,
    )


def without(actor: Actor, *rights: str) -> Actor:
    return replace(actor, rights=actor.rights - set(rights))


def test_an_administrator_appoints_others_to_a_wider_role_and_it_is_told(session: Any, procedure: House) -> None:
    north = procedure
    with north.inside():
        admin = north.actor("admin")
        assert "matter:read_restricted" not in admin.rights
        with pytest.raises(Refused, match="hold yourself"):
            give(session, north, without(admin, "membership:appoint"), "inspector", "inspector", "office_leader")
        give(session, north, admin, "inspector", "inspector", "office_leader")
        kinds = [event.kind for event in list_events(session, "membership", north.memberships["inspector"])]
        assert kinds == ["membership.changed", "membership.appointed"]
        told = session.query(Letter).filter_by(kind="membership.appointed", channel="inbox")
        assert {letter.recipient_id for letter in told} == {north.people["inspector"], north.people["leader"]}


def test_nobody_appoints_himself_or_an_account_he_holds_the_password_of(session: Any, procedure: House) -> None:
    north = procedure
    with north.inside():
        admin = north.actor("admin")
        with pytest.raises(Refused, match="yourself"):
            give(session, north, admin, "admin", "administrator", "office_leader")
        wanted = {"name": "张三", "username": "zhang.san", "unit_id": north.units["office"], "method": METHOD, "at": AT}
        with pytest.raises(Refused, match="chosen a password"):
            services.add_person(session, admin, role_ids=[north.roles["office_leader"]], **wanted)
        made = services.add_person(session, admin, role_ids=[north.roles["inspector"]], **wanted)
        with pytest.raises(Refused, match="chosen a password"):
            services.change_membership(
                session,
                admin,
                made.membership_id or 0,
                unit_id=north.units["office"],
                role_ids=[north.roles["office_leader"]],
                at=AT,
            )
        # nor one with no password yet, whose link he may keep
        person = queries.get_person(session, made.person_id)
        person.password, person.must_change_password = None, False
        with pytest.raises(Refused, match="chosen a password"):
            services.change_membership(
                session,
                admin,
                made.membership_id or 0,
                unit_id=north.units["office"],
                role_ids=[north.roles["office_leader"]],
                at=AT,
            )
        # and once appointed, the password is out of reach
        give(session, north, admin, "inspector", "inspector", "office_leader")
        with pytest.raises(Refused, match="more here than you"):
            services.reset_password(session, admin, north.people["inspector"], method=METHOD, at=AT)


def test_who_may_appoint_still_may_not_widen_a_role_or_make_a_wide_one(session: Any, procedure: House) -> None:
    north = procedure
    with north.inside():
        admin = north.actor("admin")
        for attempt in (
            lambda: services.add_role(session, admin, name="x", rights=["matter:read_restricted"], at=AT),
            lambda: services.set_role_rights(
                session, admin, {north.roles["inspector"]: [*ROLES["inspector"], "matter:read_restricted"]}, at=AT
            ),
            lambda: services.set_role_rights(session, admin, {north.roles["office_leader"]: ["unit:read"]}, at=AT),
            lambda: services.remove_role(session, admin, north.roles["office_leader"], at=AT),
        ):
            with pytest.raises(Refused):
                attempt()
        # a wide role that no procedure names is nobody's to appoint to
        session.add(RoleRight(role_id=north.roles["clerk"], right="matter:read_restricted"))
        session.commit()
        with pytest.raises(Refused, match="hold yourself"):
            give(session, north, admin, "liaison", "unit_liaison", "clerk")


def test_appointing_ends_at_the_wall(session: Any, houses: tuple[House, House], procedure: House) -> None:
    _north, south = houses
    with procedure.inside(), pytest.raises(NotFound):
        services.change_membership(
            session,
            procedure.actor("admin"),
            south.memberships["liaison"],
            unit_id=procedure.units["office"],
            role_ids=[procedure.roles["office_leader"]],
            at=AT,
        )


def test_publishing_is_no_way_round_the_page_of_roles(world: World) -> None:
    place = world.huarong
    with place.inside():
        admin, profile = place.actor("administrator"), folder("huarong").profile
        wide = {"key": "watcher", "name": "观察员", "rights": ["matter:read_all", "matter:read_restricted"]}
        live = {role.key: [right.right for right in role.rights] for role in queries.list_roles(place.session)}
        wanted = {"known_rights": RIGHTS, "effective_on": AT.date(), "note": "增设角色", "live_rights": live, "at": AT}
        for rights, refused in ((wide["rights"], True), (["matter:read_all"], False)):
            roles = [*(role.model_dump(mode="json") for role in profile.roles), wide | {"rights": rights}]
            draft = start_draft(place.session, admin, at=AT)
            draft = save_section(place.session, admin, "roles", roles, expected_revision=draft.revision, at=AT)
            if refused:
                with pytest.raises(Refused, match="观察员"):
                    publish_draft(place.session, admin, expected_revision=draft.revision, **wanted)
                discard_draft(place.session, admin, expected_revision=draft.revision, at=AT)
            else:
                publish_draft(place.session, admin, expected_revision=draft.revision, **wanted)


# -- browser --------------------------------------------------------------------------------------------------------


def forgeries(north: House, south: House) -> list[tuple[str, str, dict[str, Any]]]:
    """Page with a form, where it is sent, what is forged into it. All by the clerk of north."""
    office, mine = str(north.units["office"]), north.memberships["clerk"]
    person = {
        "name": "张三",
        "username": "zhang.san",
        "unit": office,
        "post": "",
        "phone": "",
        "email": "",
        "password": "",
    }
    place = {"unit": office, "post": "", "note": ""}
    return [
        ("personview/add", "", person | {"roles": str(north.roles["administrator"])}),
        ("personview/add", "", person | {"roles": str(south.roles["clerk"])}),
        ("personview/add", "", person | {"unit": str(south.units["office"])}),
        ("personview/add", "", person | {"roles": "9" * 40}),
        ("personview/add", "", person | {"username": "south.admin"}),
        ("membershipview/add", "", place | {"username": "south.admin", "roles": str(north.roles["administrator"])}),
        ("membershipview/add", "", place | {"username": "south.admin", "roles": str(south.roles["clerk"])}),
        ("membershipview/add", "", place | {"username": "south.admin", "unit": str(south.units["office"])}),
        (
            f"membershipview/edit/{mine}",
            "",
            place | {"roles": [str(north.roles["clerk"]), str(north.roles["administrator"])]},
        ),
        (
            f"membershipview/edit/{mine}",
            "",
            place | {"roles": [str(north.roles["clerk"]), str(north.roles["unit_liaison"])]},
        ),
        (
            f"membershipview/edit/{mine}",
            "",
            place | {"roles": [str(north.roles["clerk"]), str(south.roles["clerk"])]},
        ),
        ("roles/matrix", "", {"shown": str(north.roles["clerk"]), str(north.roles["clerk"]): ["matter:approve"]}),
        ("roles/matrix", "", {str(north.roles["clerk"]): [*ROLES["clerk"], "platform:read"]}),
        ("roles/matrix", "", {str(north.roles["clerk"]): [*ROLES["clerk"], "jurisdiction:write"]}),
        ("roles/matrix", "", {str(north.roles["administrator"]): [*ROLES["clerk"]]}),
        ("roles/matrix", "", {"shown": str(south.roles["clerk"])}),
        ("roles/matrix", "", {str(south.roles["clerk"]): ["role:write"]}),
        ("roles/matrix", f"roleview/delete/{north.roles['administrator']}", {}),
        ("roles/matrix", f"membershipview/delete/{mine}", {}),
    ]


@pytest.mark.parametrize("number", range(19))
def test_forged_fields_change_nothing(session: Any, app: Any, houses: tuple[House, House], number: int) -> None:
    north, south = houses
    page, to, form = forgeries(north, south)[number]
    before = everything(session, north), everything(session, south)
    clerk = visitor(app, north, "clerk")
    answer = clerk.send(f"/j/north/{page}", form, to=f"/j/north/{to}" if to else None)
    assert answer.status_code in (200, 302, 403, 404), (page, form)
    assert "south-" not in answer.text
    assert "psycopg" not in answer.text
    assert (everything(session, north), everything(session, south)) == before
    assert session.scalars(select(Person).where(Person.username == "zhang.san")).first() is None


def test_the_list_of_forgeries_is_walked_whole(houses: tuple[House, House]) -> None:
    assert len(forgeries(*houses)) == 19


def test_columns_that_no_form_has_cannot_be_set(session: Any, app: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    admin = visitor(app, north)
    forged = {
        "jurisdiction_id": str(south.id),
        "id": str(south.units["office"]),
        "parent_id": str(south.units["office"]),
        "_flt_0_parent": str(south.units["office"]),
    }
    form = {"name": "区水利局", "kind": "department"} | forged
    assert admin.send("/j/north/unitview/add", form).status_code == 302
    with north.inside():
        unit = session.scalars(select(Unit).where(Unit.name == "区水利局")).one()
        assert (unit.jurisdiction_id, unit.parent_id) == (north.id, None)
    target = north.people["liaison"]
    form = {"name": "李四", "phone": "", "email": "", "active": "y", "auth_version": "0", "home_jurisdiction_id": "1"}
    form |= {"username": "root", "password": "x", "roles": "1", "must_change_password": "y", "locked_until": ""}
    assert admin.send(f"/j/north/personview/edit/{target}", form).status_code == 302
    with north.inside():
        person = session.get(Person, target)
        assert (person.name, person.username, person.home_jurisdiction_id) == ("李四", "north.liaison", north.id)
        assert list(person.roles) == []
        assert not person.must_change_password
        assert queries.find_actor(session, person, today=AT.date()).roles == {"unit_liaison"}


FOREIGN = [
    ("GET", "unitview/show/{unit}"),
    ("GET", "unitview/edit/{unit}"),
    ("POST", "unitview/edit/{unit}"),
    ("POST", "unitview/delete/{unit}"),
    ("GET", "postview/show/{post}"),
    ("GET", "postview/edit/{post}"),
    ("POST", "postview/edit/{post}"),
    ("POST", "postview/delete/{post}"),
    ("GET", "personview/show/{person}"),
    ("GET", "personview/edit/{person}"),
    ("POST", "personview/edit/{person}"),
    ("POST", "personview/reset/{person}"),
    ("GET", "membershipview/show/{membership}"),
    ("GET", "membershipview/edit/{membership}"),
    ("POST", "membershipview/edit/{membership}"),
    ("POST", "membershipview/delete/{membership}"),
    ("GET", "roleview/show/{role}"),
    ("GET", "roleview/edit/{role}"),
    ("POST", "roleview/edit/{role}"),
    ("POST", "roleview/delete/{role}"),
]


def test_every_route_answers_a_foreign_id_as_if_it_were_not_there(
    session: Any, app: Any, houses: tuple[House, House]
) -> None:
    north, south = houses
    with south.inside():
        post = services.add_post(session, south.actor("admin"), unit_id=south.units["ZJJ"], name="局长", at=AT).id
    theirs = {
        "unit": south.units["ZJJ"],
        "post": post,
        "person": south.people["liaison"],
        "membership": south.memberships["liaison"],
        "role": south.roles["clerk"],
    }
    nobody = dict.fromkeys(theirs, 999_999_999)
    spoilt = [dict.fromkeys(theirs, value) for value in ("9" * 30, "-1", "0", "1e3", "x", "%00", "１２")]
    before = everything(session, south)
    admin = visitor(app, north)
    token = admin.token("/j/north/me/")
    form = {"name": "x", "kind": "department", "active": "y", "csrf_token": token}
    for method, page in FOREIGN:
        answers = []
        for ids in (theirs, nobody, *spoilt):
            answer = admin.open(
                f"/j/north/{page.format(**ids)}", method=method, data=form if method == "POST" else None
            )
            assert answer.status_code == 404, (method, page, ids)
            assert "south" not in answer.text
            answers.append(answer.text)
        assert len(answers[0]) == len(answers[1]), f"{page}: a foreign id and none read differently"
    assert everything(session, south) == before
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    walked = {"/" + page.split("{")[0] + "<pk>" for _method, page in FOREIGN}
    ours = {
        r for r in routes if r.endswith("<pk>") and r.split("/")[1].startswith(tuple(w.split("/")[1] for w in walked))
    }
    assert ours == walked, "a route that takes an id and is not walked"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("_oc_UnitView=name&_od_UnitView=asc", 200),
        ("_oc_UnitView=person.password&_od_UnitView=asc", 422),
        ("_oc_UnitView=jurisdiction_id&_od_UnitView=desc", 422),
        ("_oc_UnitView=name;drop table unit&_od_UnitView=asc", 422),
        ("_oc_UnitView=name&_od_UnitView=sideways", 200),
        ("psize_UnitView=100000", 200),
        ("psize_UnitView=-1", 200),
        ("psize_UnitView=x", 422),
        ("page_UnitView=-5", 200),
        ("page_UnitView=99999999999999999999999", 200),
        ("page_UnitView=x", 422),
        ("_flt_2_name=canary", 200),
        ("_flt_2_name=' or 1=1 --", 200),
        ("_flt_0_name=canary", 422),
        ("_flt_9_name=canary", 422),
        ("_flt_99_name=canary", 422),
        ("_flt_0_jurisdiction_id=1", 422),
        ("_flt_0_leader_in_charge=x", 422),
        ("_flt_0_parent.name=x", 422),
        ("_flt_2_name=%00", 422),
        ("_flt_2_name=" + "x" * 500, 422),
        ("_flt_0_active=y", 200),
        ("_flt_0_active=maybe", 422),
    ],
)
def test_tables_take_no_order_size_or_search_but_their_own(app: Any, north: House, query: str, status: int) -> None:
    answer = visitor(app, north).get(f"/j/north/unitview/list/?{query}")
    assert answer.status_code == status, answer.text[:500]
    assert "psycopg" not in answer.text
    assert "SELECT" not in answer.text


def test_a_table_shows_a_hundred_rows_at_most(session: Any, app: Any, north: House) -> None:
    with north.inside():
        session.add_all(
            [Unit(code=f"C{n}", name=f"单位{n}", short_name=f"单位{n}", kind="department") for n in range(120)]
        )
        session.commit()
    page = visitor(app, north).get("/j/north/unitview/list/?psize_UnitView=100000").text
    assert page.count("/unitview/show/") == 100


@pytest.mark.parametrize("value", ["{foreign}", "0", "x", "9" * 30])
def test_searching_by_somebody_elses_unit_finds_nothing(app: Any, houses: tuple[House, House], value: str) -> None:
    north, south = houses
    answer = visitor(app, north).get(
        "/j/north/membershipview/list/", query_string={"_flt_0_unit": value.format(foreign=south.units["office"])}
    )
    assert answer.status_code == 200
    assert "south" not in answer.text


def test_deleting_by_get_is_not_a_thing(app: Any, north: House) -> None:
    admin: Visitor = visitor(app, north)
    for page in (
        f"unitview/delete/{north.units['ZJJ']}",
        f"membershipview/delete/{north.memberships['liaison']}",
        f"roleview/delete/{north.roles['clerk']}",
        f"personview/reset/{north.people['liaison']}",
    ):
        assert admin.get(f"/j/north/{page}").status_code == 405, page


def test_a_word_that_is_a_right_no_more_keeps_no_procedure_from_being_published(session: Any, north: House) -> None:
    with north.inside():
        session.add(RoleRight(role_id=north.roles["administrator"], right="source:write"))
        session.commit()
        live = OrganisationRights().live(session)
        assert live and all(RIGHTS.keys() >= set(words) for words in live.values())
