"""Units, posts, people, memberships and roles: what the commands do, refuse and write down."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, HuiyinError, Invalid, NotFound, Refused
from app.kernel.events import list_events, verify_chain
from app.organisation import queries, services
from app.organisation.models import JurisdictionRole, Membership, Person, Unit
from app.organisation.rules import free_code, initials, password_fault, sort_key, stands_below_itself
from tests.two_houses import AT, METHOD, House, build_two_houses


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build_two_houses(session)


@pytest.fixture
def north(houses: tuple[House, House]) -> House:
    return houses[0]


def code_of(error: pytest.ExceptionInfo[HuiyinError]) -> str:
    return error.value.code


# -- rules ----------------------------------------------------------------------------------------------------------


def test_names_are_found_by_initials_and_ordered_by_sound() -> None:
    assert initials("区住房和城乡建设局", "住建局") == "qzfhcxjsj zjj"
    assert sorted(["住建局", "财政局", "教育局"], key=sort_key) == ["财政局", "教育局", "住建局"]
    assert free_code("住建局", {"ZJJ", "ZJJ2"}) == "ZJJ3"
    assert free_code("——", set()) == "U"


def test_a_tree_has_no_circles() -> None:
    parents = {1: None, 2: 1, 3: 2}
    assert stands_below_itself(1, 3, parents)
    assert stands_below_itself(1, 1, parents)
    assert not stands_below_itself(3, 1, parents)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Ab1!", "too short"),
        ("a" * 129, "too long"),
        ("alllowercase", "three of these"),
        ("Zhang.san-1A", "sign-in name"),
        ("Huiyin-2026", None),
    ],
)
def test_passwords_are_long_mixed_and_not_the_name(password: str, fault: str | None) -> None:
    found = password_fault(password, "zhang.san")
    assert (found is None) if fault is None else (found is not None and fault in found)


# -- units and posts ------------------------------------------------------------------------------------------------


def test_a_unit_is_added_changed_and_removed_and_each_is_written_down(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        unit = services.add_unit(
            session,
            admin,
            name=" 区水利和湖泊局 ",
            short_name="区水利局",
            kind="department",
            phone="0711-3355 000",
            at=AT,
        )
        assert (unit.name, unit.code, unit.initials) == ("区水利和湖泊局", "QSLJ", "qslhhpj qslj")
        services.change_unit(
            session, admin, unit.id, name="区水利局", kind="department", leader_in_charge="王明", at=AT
        )
        events = list_events(session, "unit", unit.id)
        assert [event.kind for event in events] == ["unit.changed", "unit.added"]
        assert events[0].facts["before"]["name"] == "区水利和湖泊局"
        assert events[0].facts["after"]["leader_in_charge"] == "王明"
        services.remove_unit(session, admin, unit.id, at=AT)
        assert session.get(Unit, unit.id) is None
        assert verify_chain(session) == []


def test_nothing_is_written_down_when_nothing_changed(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        unit = services.add_unit(session, admin, name="区财政局", kind="department", at=AT)
        services.change_unit(session, admin, unit.id, name="区财政局", kind="department", at=AT)
        assert len(list_events(session, "unit", unit.id)) == 1


def test_a_unit_cannot_stand_below_itself(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        top = services.add_unit(session, admin, name="上", kind="department", at=AT)
        middle = services.add_unit(session, admin, name="中", kind="department", parent_id=top.id, at=AT)
        low = services.add_unit(session, admin, name="下", kind="department", parent_id=middle.id, at=AT)
        with pytest.raises(Invalid) as error:
            services.change_unit(session, admin, top.id, name="上", kind="department", parent_id=low.id, at=AT)
        assert code_of(error) == "unit_circle"
        assert "parent" in error.value.fields


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "局" * 81}, "name"),
        ({"kind": "planet"}, "kind"),
        ({"phone": "call me"}, "phone"),
        ({"code": "ZJJ"}, "code"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_its_field(
    session: Any, north: House, values: dict[str, Any], field: str
) -> None:
    with north.inside():
        wanted = {"name": "区教育局", "kind": "department"} | values
        with pytest.raises(Invalid) as error:
            services.add_unit(session, north.actor("admin"), **wanted, at=AT)
        assert field in error.value.fields


def test_a_unit_in_use_is_not_removed_and_not_closed_over_its_people(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        with pytest.raises(Conflict, match="People belong"):
            services.remove_unit(session, admin, north.units["ZJJ"], at=AT)
        with pytest.raises(Conflict, match="Move them to another unit"):
            services.change_unit(
                session, admin, north.units["ZJJ"], name="住建局", kind="department", active=False, at=AT
            )
        parent = services.add_unit(session, admin, name="母", kind="department", at=AT)
        services.add_unit(session, admin, name="子", kind="division", parent_id=parent.id, at=AT)
        with pytest.raises(Conflict, match="stand below"):
            services.remove_unit(session, admin, parent.id, at=AT)
        housed = services.add_unit(session, admin, name="岗", kind="department", at=AT)
        post = services.add_post(session, admin, unit_id=housed.id, name="局长", kind="head", at=AT)
        with pytest.raises(Conflict, match="posts"):
            services.remove_unit(session, admin, housed.id, at=AT)
        services.remove_post(session, admin, post.id, at=AT)
        services.remove_unit(session, admin, housed.id, at=AT)


def test_posts_are_unique_in_their_unit_and_stay_while_held(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        post = services.add_post(session, admin, unit_id=north.units["ZJJ"], name="联络员", kind="liaison", at=AT)
        with pytest.raises(Invalid, match="already has a post"):
            services.add_post(session, admin, unit_id=north.units["ZJJ"], name="联络员", at=AT)
        liaison = north.memberships["liaison"]
        services.change_membership(
            session,
            admin,
            liaison,
            unit_id=north.units["ZJJ"],
            post_id=post.id,
            role_ids=[north.roles["unit_liaison"]],
            at=AT,
        )
        with pytest.raises(Conflict, match="Close it"):
            services.remove_post(session, admin, post.id, at=AT)
        services.change_post(session, admin, post.id, name="督查联络员", kind="liaison", active=False, at=AT)
        assert [e.kind for e in list_events(session, "post", post.id)] == ["post.changed", "post.added"]
        with pytest.raises(Invalid, match="another unit"):
            services.change_membership(session, admin, liaison, unit_id=north.units["office"], post_id=post.id, at=AT)


# -- people and memberships -----------------------------------------------------------------------------------------


def add(session: Any, house: House, **values: Any) -> services.Account:
    wanted = {
        "name": "欧阳文静",
        "username": "ouyang.wj",
        "unit_id": house.units["ZJJ"],
        "role_ids": [house.roles["unit_liaison"]],
        "method": METHOD,
    } | values
    return services.add_person(session, house.actor("admin"), **wanted, at=AT)


def test_a_person_gets_an_account_a_membership_and_a_password_said_once(session: Any, north: House) -> None:
    with north.inside():
        account = add(session, north, phone="138 0000 0000")
        person = session.get(Person, account.person_id)
        assert (person.name, person.initials, person.username) == ("欧阳文静", "oywj", "ouyang.wj")
        assert person.home_jurisdiction_id == north.id
        assert person.must_change_password
        assert person.email == "ouyang.wj@people.invalid"
        assert person.mail_address is None
        assert account.one_time_password is not None
        assert check_password_hash(person.password, account.one_time_password)
        assert password_fault(account.one_time_password, person.username) is None
        actor = queries.find_actor(session, person, today=AT.date())
        assert actor is not None
        assert actor.roles == {"unit_liaison"}
        kinds = [event.kind for event in list_events(session, "person", person.id)]
        assert kinds == ["person.added"]
        facts = str([event.facts for event in list_events(session, "membership", account.membership_id or 0)])
        assert "north-unit_liaison" in facts
        assert account.one_time_password not in facts


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "张三"}, "username"),
        ({"username": "NORTH.Admin"}, "username"),
        ({"username": "south.admin"}, "username"),
        ({"email": "nobody"}, "email"),
        ({"email": "x@people.invalid"}, "email"),
        ({"password": "short"}, "password"),
        ({"name": ""}, "name"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    session: Any, north: House, values: dict[str, Any], field: str
) -> None:
    with north.inside():
        with pytest.raises(Invalid) as error:
            add(session, north, **values)
        assert field in error.value.fields
        assert "south" not in str(error.value)


def test_somebody_from_elsewhere_is_taken_in_by_exact_name_only(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        admin = north.actor("admin")
        for name in ("nobody.here", "south.liai", ""):
            with pytest.raises(Invalid, match="can be added"):
                services.add_membership(session, admin, username=name, unit_id=north.units["office"], at=AT)
        host = Actor.system(north.id)  # in the browser such a person is invited: tests/test_invitations.py
        place = {"unit_id": north.units["office"], "at": AT}
        membership = services.add_membership(session, host, username="South.Liaison", **place)
        assert membership.person_id == south.people["liaison"]
        with pytest.raises(Conflict, match="already belongs"):
            services.add_membership(session, host, username="south.liaison", **place)
        services.end_membership(session, admin, membership.id, at=AT)
        again = services.add_membership(session, host, username="south.liaison", unit_id=north.units["ZJJ"], at=AT)
        assert (again.id, again.active, again.unit_id) == (membership.id, True, north.units["ZJJ"])


def test_moving_somebody_writes_down_what_was_and_what_is(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        version = session.get(Jurisdiction, north.id).rights_version
        services.change_membership(
            session,
            admin,
            north.memberships["liaison"],
            unit_id=north.units["office"],
            role_ids=[north.roles["inspector"]],
            at=AT,
        )
        event = list_events(session, "membership", north.memberships["liaison"])[0]
        assert event.facts["before"] == {"unit_id": north.units["ZJJ"]}
        assert event.facts["given"] == ["north-inspector"]
        assert event.facts["taken"] == ["north-unit_liaison"]
        session.expire_all()
        assert session.get(Jurisdiction, north.id).rights_version == version + 1


def test_who_has_ended_is_no_actor_any_more(session: Any, north: House) -> None:
    with north.inside():
        services.end_membership(session, north.actor("admin"), north.memberships["liaison"], at=AT)
        assert queries.find_actor(session, session.get(Person, north.people["liaison"]), today=AT.date()) is None
        with pytest.raises(Conflict, match="already ended"):
            services.end_membership(session, north.actor("admin"), north.memberships["liaison"], at=AT)


def test_an_account_is_changed_by_its_home_and_loses_its_sign_ins_when_closed(session: Any, north: House) -> None:
    with north.inside():
        person = session.get(Person, north.people["liaison"])
        version = person.auth_version
        services.change_person(
            session, north.actor("admin"), person.id, name="李四", email="li.si@office.example", active=False, at=AT
        )
        assert (person.name, person.last_name, person.initials, person.active) == ("李四", "李四", "ls", False)
        assert person.auth_version == version + 1
        event = list_events(session, "person", person.id)[0]
        assert event.facts["after"] == {"name": "李四", "active": False}
        assert "li.si" not in str(event.facts)


def test_a_persons_own_password_asks_for_the_old_one(session: Any, north: House) -> None:
    with north.inside():
        actor, person = north.actor("liaison"), session.get(Person, north.people["liaison"])
        version = person.auth_version
        for old, new, code in (
            ("wrong", "Better-2027", "old_password_wrong"),
            ("Huiyin-2026!", "Huiyin-2026!", "same_password"),
            ("Huiyin-2026!", "weak", "weak_password"),
        ):
            with pytest.raises(Invalid) as error:
                services.change_own_password(session, actor, old=old, new=new, method=METHOD, at=AT)
            assert code_of(error) == code
        services.change_own_password(session, actor, old="Huiyin-2026!", new="Better-2027", method=METHOD, at=AT)
        assert check_password_hash(person.password, "Better-2027")
        assert person.auth_version == version + 1


# -- roles ----------------------------------------------------------------------------------------------------------


def test_a_role_is_made_renamed_filled_and_removed(session: Any, north: House) -> None:
    with north.inside():
        admin = north.actor("admin")
        role = services.add_role(session, admin, name="统计员", rights=["matter:export"], at=AT)
        assert role.key == "tjy"
        services.change_role(session, admin, role.id, name="统计专员", at=AT)
        assert services.set_role_rights(session, admin, {role.id: ["dashboard:read"]}, at=AT) == 1
        assert services.set_role_rights(session, admin, {role.id: ["dashboard:read"]}, at=AT) == 0
        event = list_events(session, "role", role.id)[0]
        assert (event.kind, event.facts["before"], event.facts["after"]) == (
            "role.rights_changed",
            {"rights": ["matter:export"]},
            {"rights": ["dashboard:read"]},
        )
        services.remove_role(session, admin, role.id, at=AT)
        assert session.get(JurisdictionRole, role.id) is None


def test_a_role_that_is_held_or_named_stays(session: Any, north: House) -> None:
    from app.jurisdictions.models import ProfileVersion

    with north.inside():
        admin = north.actor("admin")
        with pytest.raises(Conflict, match="People hold"):
            services.remove_role(session, admin, north.roles["inspector"], at=AT)
        session.add(
            ProfileVersion(number=1, status="published", document={"roles": [{"key": "archivist"}]}, digest="0" * 64)
        )
        named = JurisdictionRole(key="archivist", name="档案员")
        session.add(named)
        session.commit()
        with pytest.raises(Conflict, match="procedure names"):
            services.remove_role(session, admin, named.id, at=AT)
        with pytest.raises(Invalid, match="already a role"):
            services.add_role(session, admin, name="档案员", at=AT)


def test_the_last_who_can_give_roles_stays(session: Any, north: House) -> None:
    with north.inside():
        clerk = north.actor("clerk")
        services.end_membership(session, clerk, north.memberships["admin"], at=AT)
        with pytest.raises(Conflict, match="Nobody could give roles"):
            services.set_role_rights(session, clerk, {north.roles["clerk"]: ["role:write", "role:read"]}, at=AT)
        with pytest.raises(Conflict, match="Nobody could give roles"):
            services.change_membership(
                session, clerk, north.memberships["clerk"], unit_id=north.units["office"], role_ids=[], at=AT
            )
        assert session.get(Membership, north.memberships["clerk"]).active


def test_the_platforms_administrator_is_made_by_the_system_alone(session: Any, north: House) -> None:
    with north.inside(), pytest.raises(Refused):
        services.create_platform_admin(
            session, north.actor("admin"), name="A", username="root.two", password="Huiyin-2026", method=METHOD, at=AT
        )
    account = services.create_platform_admin(
        session, Actor.system(None), name="平台", username="root", password="Huiyin-2026", method=METHOD, at=AT
    )
    person = session.get(Person, account.person_id)
    assert [role.name for role in person.roles] == ["Admin"]
    assert person.home_jurisdiction_id is None


# -- queries --------------------------------------------------------------------------------------------------------


def test_the_directory_is_found_by_name_initials_and_unit(session: Any, north: House) -> None:
    with north.inside():
        add(session, north, phone="0711-3388")
        assert [line.name for line in queries.list_directory(session, words="oyw")] == ["欧阳文静"]
        assert [line.name for line in queries.list_directory(session, words="3388")] == ["欧阳文静"]
        lines = queries.list_directory(session, unit_id=north.units["ZJJ"])
        assert {line.name for line in lines} == {"欧阳文静", "north.liaison"}
        assert all("south" not in line.name for line in queries.list_directory(session))


def test_units_where_nobody_could_sign_for_receipt_are_named(session: Any, north: House) -> None:
    with north.inside():
        services.add_unit(session, north.actor("admin"), name="区教育局", kind="department", at=AT)
        names = [unit.name for unit in queries.list_units_without(session, north.id)]
        assert "区教育局" in names
        assert "north-ZJJ-canary" not in names


def test_standings_name_roles_only_where_one_is(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with south.inside():
        south.join(north.people["inspector"], ["unit_liaison"])
    with scope_of(north, north.people["inspector"]):
        here, there = queries.list_standings(session, north.people["inspector"], detailed=True)
        assert (here.unit_name, here.role_names) == ("north-office-canary", ("north-inspector",))
        assert (there.slug, there.unit_name, there.role_names) == ("south", "", ())


def scope_of(house: House, person_id: int) -> Any:
    from app.kernel.tenancy import scope

    return scope(house.id, house.session, person_id=person_id)


def test_every_id_of_another_jurisdiction_is_nothing(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with south.inside():
        south_post = services.add_post(session, south.actor("admin"), unit_id=south.units["ZJJ"], name="局长", at=AT).id
    with north.inside():
        admin, unit, role = north.actor("admin"), north.units["office"], north.roles["inspector"]
        liaison = north.memberships["liaison"]
        tries = [
            lambda: services.change_unit(session, admin, south.units["ZJJ"], name="x", kind="department", at=AT),
            lambda: services.change_unit(
                session, admin, unit, name="x", kind="department", parent_id=south.units["ZJJ"], at=AT
            ),
            lambda: services.add_unit(session, admin, name="x", kind="department", parent_id=south.units["ZJJ"], at=AT),
            lambda: services.remove_unit(session, admin, south.units["ZJJ"], at=AT),
            lambda: services.remove_unit(session, admin, 2**70, at=AT),
            lambda: services.add_post(session, admin, unit_id=south.units["ZJJ"], name="x", at=AT),
            lambda: services.add_post(
                session, admin, unit_id=unit, name="x", supervising_unit_id=south.units["office"], at=AT
            ),
            lambda: services.change_post(session, admin, south_post, name="x", at=AT),
            lambda: services.remove_post(session, admin, south_post, at=AT),
            lambda: add(session, north, unit_id=south.units["ZJJ"]),
            lambda: add(session, north, post_id=south_post),
            lambda: add(session, north, role_ids=[south.roles["inspector"]]),
            lambda: services.change_membership(session, admin, south.memberships["liaison"], unit_id=unit, at=AT),
            lambda: services.change_membership(session, admin, liaison, unit_id=south.units["ZJJ"], at=AT),
            lambda: services.change_membership(
                session, admin, liaison, unit_id=unit, role_ids=[south.roles["inspector"]], at=AT
            ),
            lambda: services.end_membership(session, admin, south.memberships["liaison"], at=AT),
            lambda: services.change_role(session, admin, south.roles["inspector"], name="x", at=AT),
            lambda: services.remove_role(session, admin, south.roles["inspector"], at=AT),
            lambda: services.set_role_rights(session, admin, {south.roles["inspector"]: []}, at=AT),
            lambda: services.set_role_rights(session, admin, {role: [], south.roles["inspector"]: []}, at=AT),
            lambda: services.change_person(session, admin, south.people["liaison"], name="x", at=AT),
            lambda: services.reset_password(session, admin, south.people["liaison"], method=METHOD, at=AT),
        ]
        for number, attempt in enumerate(tries):
            with pytest.raises(NotFound):
                attempt()
            session.rollback()
            assert session.scalar(select(Unit.id).where(Unit.name == "x")) is None, number
