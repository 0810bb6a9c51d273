"""A jurisdiction comes on item by item; what does not fit is refused with a sentence, and nothing is half done."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_code, find_version_in_force
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import verify_chain
from app.kernel.tenancy import scope
from app.organisation import services as organisation_services
from app.organisation.models import Activation, JurisdictionRole, Membership, Person, Unit
from app.organisation.queries import list_units_without
from app.platform import queries, services
from app.platform.rules.checklist import Inside, Surroundings, checklist
from app.platform.rules.divisions import find_divisions, slug_for
from app.platform.rules.people_sheet import describe_fault
from app.platform.spreadsheets import people_template, read_people
from tests.conftest import MORNING
from tests.onboarding_house import CODE, PASSWORD, PERSON_ROWS, SLUG, STAFF, UNIT_ROWS, bring_on, card, workbook
from tests.world import World

METHOD = "pbkdf2:sha256:1000"
AROUND = Surroundings(2026, True, False)


def _states(session: Any) -> dict[str, str]:
    house = find_by_code(session, CODE)
    inside = queries.count_inside(session, [house.id])[house.id]
    return {one.key: one.state for one in checklist(inside, AROUND, active=house.status == "active")}


def test_every_item_has_its_state_from_what_is_there(session: Any) -> None:
    services.create_jurisdiction(session, STAFF, card(), at=MORNING)
    begun = _states(session)
    assert [begun[key] for key in ("card", "preset", "people", "administrator", "active")] == [
        "done", "open", "open", "open", "open",
    ]  # fmt: skip
    with pytest.raises(Conflict) as early:
        services.put_into_service(session, STAFF, CODE, at=MORNING)
    assert early.value.code == "not_ready"
    services.choose_preset(session, STAFF, CODE, "district", at=MORNING, today=MORNING.date())
    named = services.name_administrator(session, STAFF, CODE, name="陈管理", username="ec.admin", at=MORNING)
    assert _states(session)["administrator"] == "attention"
    sheet = services.check_people(session, CODE, read_people(workbook()), at=MORNING)
    services.import_people(session, STAFF, CODE, sheet, at=MORNING)
    assert _states(session)["people"] == "done"
    organisation_services.activate_account(session, named.token, password=PASSWORD, method=METHOD, at=MORNING)
    assert _states(session)["administrator"] == "done"
    assert services.put_into_service(session, STAFF, CODE, at=MORNING).status == "active"
    assert _states(session)["active"] == "done"
    house_id = find_by_code(session, CODE).id
    with scope(house_id, session):
        assert verify_chain(session) == []
        assert [unit.code for unit in list_units_without(session, house_id) if unit.kind == "department"] == []
        assert session.scalar(select(Unit.name).where(Unit.code == "OFFICE")) == "鄂城区人民政府办公室"


def test_once_in_service_the_platform_stays_outside(session: Any) -> None:
    bring_on(session)
    sheet = services.PeopleSheet()
    for act in (
        lambda: services.choose_preset(session, STAFF, CODE, "city", at=MORNING, today=MORNING.date()),
        lambda: services.import_people(session, STAFF, CODE, sheet, at=MORNING),
        lambda: services.check_people(session, CODE, read_people(workbook()), at=MORNING),
        lambda: services.name_administrator(session, STAFF, CODE, name="某甲", username="mou.jia", at=MORNING),
        lambda: services.change_card(session, STAFF, card(name="鄂城区改"), at=MORNING),
        lambda: services.put_into_service(session, STAFF, CODE, at=MORNING),
    ):
        with pytest.raises(Conflict) as late:
            act()
        assert late.value.code == "not_preparing"


def test_only_the_platforms_staff_bring_on(session: Any, world: World) -> None:
    for stranger in (Actor(1, "某人", None), world.huarong.actor("administrator")):
        with pytest.raises(Refused):
            services.create_jurisdiction(session, stranger, card(), at=MORNING)
    assert find_by_code(session, CODE) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "42070"}, "code"),
        ({"code": "420703"}, "code"),
        ({"slug": "huarong"}, "slug"),
        ({"slug": "鄂城"}, "slug"),
        ({"slug": "../x"}, "slug"),
        ({"name": "区"}, "name"),
        ({"short_name": "字" * 21}, "short_name"),
        ({"level": "village"}, "level"),
        ({"parent": "999999"}, "parent"),
        ({"parent": "420703"}, "parent"),
    ],
)
def test_a_card_that_cannot_be_is_refused_by_field(
    session: Any, world: World, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_jurisdiction(session, STAFF, card(**changes), at=MORNING)
    assert set(refused.value.fields) == {field}


def test_a_jurisdiction_never_stands_below_itself(session: Any) -> None:
    services.create_jurisdiction(session, STAFF, card(code="420700", slug="ezhou", level="city"), at=MORNING)
    services.create_jurisdiction(session, STAFF, card(parent="420700"), at=MORNING)
    with pytest.raises(Invalid) as circle:
        services.change_card(session, STAFF, card(code="420700", slug="ezhou", level="city", parent=CODE), at=MORNING)
    assert set(circle.value.fields) == {"parent"}
    assert services.change_card(session, STAFF, card(parent="420700", name="鄂城新区"), at=MORNING).name == "鄂城新区"


@pytest.mark.parametrize("preset", ["district", "city", "regulation"])
def test_every_preset_makes_a_procedure_of_the_jurisdictions_level(session: Any, preset: str) -> None:
    services.create_jurisdiction(session, STAFF, card(level="county"), at=MORNING)
    for _again in range(2):
        assert services.choose_preset(session, STAFF, CODE, preset, at=MORNING, today=MORNING.date()) == 1
    house = find_by_code(session, CODE)
    assert house.preset == preset
    house_id = house.id
    with scope(house_id, session):
        assert find_version_in_force(session, MORNING).document["regulation"]["level"] == "county"
        assert "administrator" in set(session.scalars(select(JurisdictionRole.key)))
    assert services.profile_faults(session, house_id, at=MORNING) == []
    with pytest.raises(Invalid):
        services.choose_preset(session, STAFF, CODE, "none", at=MORNING, today=MORNING.date())


def test_the_link_works_once_for_three_days_and_says_the_same_of_every_other(session: Any) -> None:
    token = bring_on(session, until="administrator")
    late = MORNING + organisation_services.VALID_FOR
    for spoilt, at in ((token + "x", MORNING), ("", MORNING), (token, late)):
        with pytest.raises(NotFound) as refused:
            organisation_services.activate_account(session, spoilt, password=PASSWORD, method=METHOD, at=at)
        assert refused.value.msgid == organisation_services.OPENS_NOTHING
    with pytest.raises(Invalid):
        organisation_services.activate_account(session, token, password="short", method=METHOD, at=MORNING)
    person = organisation_services.activate_account(session, token, password=PASSWORD, method=METHOD, at=MORNING)
    assert person.username == "ec.admin"
    with pytest.raises(NotFound):
        organisation_services.activate_account(session, token, password=PASSWORD, method=METHOD, at=MORNING)
    hashes = set(session.scalars(select(Activation.token_hash)))
    assert token not in hashes, "only the hash is kept"
    with pytest.raises(Conflict) as again:
        services.name_administrator(session, STAFF, CODE, name="陈管理", username="ec.admin", at=MORNING)
    assert again.value.code == "has_password"


def test_a_new_link_ends_the_old_one(session: Any) -> None:
    old = bring_on(session, until="administrator")
    new = services.name_administrator(session, STAFF, CODE, name="陈管理", username="ec.admin", at=MORNING).token
    assert organisation_services.find_to_activate(session, old, at=MORNING) is None
    assert organisation_services.find_to_activate(session, new, at=MORNING).username == "ec.admin"


def test_the_administrators_name_must_be_free(session: Any, world: World) -> None:
    bring_on(session, until="preset")
    taken = world.huarong.username("administrator")
    with pytest.raises(Invalid) as refused:
        services.name_administrator(session, STAFF, CODE, name="陈管理", username=taken, at=MORNING)
    assert set(refused.value.fields) == {"username"}
    with pytest.raises(Conflict) as early:
        services.create_jurisdiction(session, STAFF, card(code="420702", slug="liangzihu"), at=MORNING)
        services.name_administrator(session, STAFF, "420702", name="陈管理", username="lz.admin", at=MORNING)
    assert early.value.code == "no_preset"


def _check(session: Any, units: Any = UNIT_ROWS, people: Any = PERSON_ROWS) -> list[tuple[str, int, str, str]]:
    sheet = services.check_people(session, CODE, read_people(workbook(units, people)), at=MORNING)
    for fault in sheet.faults:
        msgid, values = describe_fault(fault)
        assert msgid % values
    return [(one.sheet, one.row, one.column, one.code) for one in sheet.faults]


def test_a_sheet_is_taken_whole_and_twice_changes_nothing(session: Any) -> None:
    bring_on(session, until="preset")
    house_id = find_by_code(session, CODE).id
    for expected in ((3, 5), (0, 0)):
        sheet = services.check_people(session, CODE, read_people(workbook()), at=MORNING)
        assert (len(sheet.new_units), len(sheet.new_people)) == expected
        services.import_people(session, STAFF, CODE, sheet, at=MORNING)
        with scope(house_id, session):
            assert session.scalar(select(func.count()).select_from(Membership)) == 5
            liaison = session.scalars(select(Membership).join(Person).where(Person.username == "ec.zjj")).one()
            assert {role.key for role in liaison.roles} == {"unit_liaison", "unit_leader"}
            assert (liaison.post.name, liaison.unit.code, liaison.person.password) == ("办公室主任", "ZJJ", None)


def test_every_wrong_row_is_named_and_nothing_is_stored(session: Any, world: World) -> None:
    bring_on(session, until="preset")
    taken = world.huarong.username("inspector")
    units = [
        *UNIT_ROWS,
        ("ZJJ", "又一个局", "", "部门", "", ""),
        ("A 1", "坏代码局", "", "部门", "", ""),
        ("B", "无类型局", "", "军队", "", ""),
        ("C", "上级不明局", "", "部门", "NOWHERE", ""),
        ("D", "甲", "", "部门", "E", ""),
        ("E", "乙", "", "部门", "D", ""),
        ("F", "", "", "部门", "", ""),
    ]
    people = [
        *PERSON_ROWS,
        ("重名", "ec.zjj", "ZJJ", "", "unit_liaison", "", ""),
        ("他处", taken, "ZJJ", "", "unit_liaison", "", ""),
        ("坏名", "张三", "ZJJ", "", "unit_liaison", "", ""),
        ("无单位", "ec.none", "XXX", "", "unit_liaison", "", ""),
        ("无角色", "ec.role", "ZJJ", "", "国王", "", ""),
        ("坏电话", "ec.phone", "ZJJ", "", "unit_liaison", "电话", ""),
        ("坏邮箱", "ec.mail", "ZJJ", "", "unit_liaison", "", "at"),
        ("倒\u202e写", "ec.turned", "ZJJ", "", "unit_liaison", "", ""),
    ]
    assert _check(session, units, people) == [
        ("单位", 5, "单位代码", "doubled"),
        ("单位", 6, "单位代码", "bad_code"),
        ("单位", 7, "类型", "unknown_kind"),
        ("单位", 8, "上级单位代码", "unknown_unit"),
        ("单位", 9, "上级单位代码", "below_itself"),
        ("单位", 10, "上级单位代码", "below_itself"),
        ("单位", 11, "单位名称", "missing"),
        ("人员", 7, "用户名", "doubled"),
        ("人员", 8, "用户名", "username_taken"),
        ("人员", 9, "用户名", "bad_username"),
        ("人员", 10, "单位代码", "unknown_unit"),
        ("人员", 11, "角色", "unknown_role"),
        ("人员", 12, "电话", "bad_phone"),
        ("人员", 13, "邮箱", "bad_email"),
        ("人员", 14, "姓名", "control_characters"),
    ]
    faulty = services.check_people(session, CODE, read_people(workbook(units, people)), at=MORNING)
    with pytest.raises(Invalid):
        services.import_people(session, STAFF, CODE, faulty, at=MORNING)
    with scope(find_by_code(session, CODE).id, session):
        assert session.scalar(select(func.count()).select_from(Unit)) == 0


def test_spreadsheets_that_are_no_spreadsheets(session: Any) -> None:
    def codes(data: bytes) -> list[str]:
        return [one.code for one in read_people(data).faults]

    assert codes(b"") == ["file_unreadable"]
    assert codes(b"PK\x03\x04 no zip") == ["file_unreadable"]
    assert codes(b"x" * (4 * 1024 * 1024 + 1)) == ["file_too_large"]
    book = load_workbook(io.BytesIO(workbook()))
    book["单位"]["B2"] = "=1+1"
    book["人员"].merge_cells("C2:C4")
    target = io.BytesIO()
    book.save(target)
    assert set(codes(target.getvalue())) == {"formula", "merged"}
    del book["人员"]
    target = io.BytesIO()
    book.save(target)
    assert "sheet_missing" in codes(target.getvalue())
    assert "too_many_rows" in codes(workbook([(f"U{n}", "单位", "", "部门", "", "") for n in range(5001)], ()))
    template = read_people(people_template(["督查员"], ["office", "department"]))
    assert (template.units, template.people, template.faults) == ((), (), ())


def test_places_are_found_by_name_code_and_initials() -> None:
    assert [one.code for one in find_divisions("420703")] == ["420703"]
    assert find_divisions("鄂州 华容")[0].name == "华容区"
    assert "420703" in {one.code for one in find_divisions("hrq")}
    assert find_divisions("  ") == []
    found = find_divisions("华容区")[0]
    assert (found.level, found.parent, slug_for(found.name, found.code, ())) == ("district", "420700", "huarong")
    assert slug_for(found.name, found.code, {"huarong"}) == "huarong-420703"


def test_the_lists_numbers_take_one_statement(session: Any, world: World) -> None:
    ids = [world.huaian.id, world.huarong.id, world.lianshui.id]
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    session.connection()
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        inside = queries.count_inside(session, ids)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 1
    for place in (world.huaian, world.huarong, world.lianshui):
        here = inside[place.id]
        assert (here.units, here.people, here.version) == (len(place.units), len(place.people), 1)
        assert (here.units_without_liaison, here.administrators, here.administrators_in) == (0, 1, 1)
    assert checklist(Inside(), AROUND, active=False)[1].state == "open"
    assert session.scalar(select(func.count()).select_from(Jurisdiction)) == 3
    assert dt.timedelta(hours=72) == organisation_services.VALID_FOR
    assert SLUG == "echeng"


def test_links_are_handed_out_by_who_may_as_much(session: Any, world: World) -> None:
    bring_on(session)
    house_id = find_by_code(session, CODE).id
    foreign = session.scalars(select(Person.id).where(Person.username == world.huarong.username("inspector"))).one()
    with scope(house_id, session):
        person = session.scalars(select(Person).where(Person.username == "ec.admin")).one()
        clerk = Actor(person.id, "陈管理", house_id, rights=frozenset({"person:write"}))
        everybody = organisation_services.make_activations(session, Actor.system(house_id), at=MORNING)
        assert {one.username for one in everybody} == {row[1] for row in PERSON_ROWS} | {"ec.admin"}
        assert organisation_services.make_activations(session, clerk, at=MORNING) == []
        leader = session.scalars(select(Person.id).where(Person.username == "ec.quzhang")).one()
        with pytest.raises(Refused):
            organisation_services.make_activations(session, clerk, [leader], at=MORNING)
        with pytest.raises(NotFound):
            organisation_services.make_activations(session, Actor.system(house_id), [foreign], at=MORNING)
        with pytest.raises(Refused):
            organisation_services.make_activations(session, Actor(1, "某人", house_id), at=MORNING)
    token = next(one.token for one in everybody if one.username == "ec.zjj")
    organisation_services.activate_account(session, token, password=PASSWORD, method=METHOD, at=MORNING)
    with scope(house_id, session):
        left = organisation_services.make_activations(session, Actor.system(house_id), at=MORNING)
        assert "ec.zjj" not in {one.username for one in left}
