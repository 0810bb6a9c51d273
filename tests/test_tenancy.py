"""The four walls between jurisdictions, each tested with the others taken away, and the chain of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, delete, exists, func, insert, select, text, union, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.kernel import tenancy
from app.kernel.actor import Actor
from app.kernel.db import Model, db
from app.kernel.events import Event, EventHead, list_events, record, verify_chain
from app.kernel.runtime.roles import connect
from app.kernel.tenancy import (
    CrossJurisdictionError,
    JurisdictionOwned,
    ScopeError,
    bind_scope,
    current_jurisdiction_id,
    platform_scope,
    scope,
    self_test,
    set_based,
)
from app.organisation import services
from app.organisation.models import JurisdictionRole, Membership, Post, RoleRight, Unit, membership_role
from tests.stack import Stack
from tests.two_houses import AT, House, build_two_houses

OWNED = [
    "membership_role",
    *(m.local_table.name for m in Model.registry.mappers if issubclass(m.class_, JurisdictionOwned)),
]


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    north, south = build_two_houses(session)
    for house in (north, south):
        with house.inside():
            services.add_post(session, house.actor("admin"), unit_id=house.units["ZJJ"], name="局长", at=AT)
    session.rollback()
    return north, south


@pytest.fixture
def no_rls(stack: Stack, houses: tuple[House, House]) -> Iterator[None]:
    """Row-level security off, so that only the session guard stands between the jurisdictions."""
    with connect(stack.owner_url) as owner:
        owner.execute("set lock_timeout = '5s'")
        for table in OWNED:
            owner.execute(f"alter table {table} disable row level security")  # type: ignore[arg-type]
        try:
            yield
        finally:
            db.session.rollback()
            for table in OWNED:
                owner.execute(f"alter table {table} enable row level security")  # type: ignore[arg-type]


def as_app(stack: Stack, jurisdiction: int | str = "", person: int | str = "") -> psycopg.Connection:
    """A plain connection of the application's role, with the settings that row-level security reads."""
    connection = psycopg.connect(stack.app_url.replace("+psycopg", "", 1))
    connection.execute(
        "select set_config('app.jurisdiction_id', %s, true), set_config('app.person_id', %s, true)",
        [str(jurisdiction), str(person)],
    )
    return connection


def count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else -1


# -- 1. the schema alone --------------------------------------------------------------------------------------------


def test_a_key_into_another_jurisdiction_is_refused_by_the_schema(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    for statement, values in (
        ("insert into post (jurisdiction_id, unit_id, name) values (%s, %s, 'x')", [north.id, south.units["ZJJ"]]),
        ("update unit set parent_id = %s where id = %s", [south.units["ZJJ"], north.units["ZJJ"]]),
        ("update membership set unit_id = %s where id = %s", [south.units["ZJJ"], north.memberships["liaison"]]),
        (
            "insert into membership_role (jurisdiction_id, membership_id, role_id) values (%s, %s, %s)",
            [north.id, north.memberships["liaison"], south.roles["administrator"]],
        ),
        (
            "insert into membership_role (jurisdiction_id, membership_id, role_id) values (%s, %s, %s)",
            [north.id, south.memberships["liaison"], north.roles["administrator"]],
        ),
        (
            'insert into role_right (jurisdiction_id, role_id, "right") values (%s, %s, %s)',
            [north.id, south.roles["clerk"], "role:write"],
        ),
    ):
        with as_app(stack, north.id) as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(statement, values)  # type: ignore[arg-type]


def test_a_code_is_unique_in_its_jurisdiction_only(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    with as_app(stack, north.id) as connection:
        statement = (
            "insert into unit (jurisdiction_id, code, name, short_name, kind) values (%s, %s, 'x', 'x', 'office')"
        )
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(statement, [north.id, "ZJJ"])
    assert {"ZJJ"} <= south.units.keys() & north.units.keys()


# -- 2. the session guard alone -------------------------------------------------------------------------------------

READS: dict[str, Callable[[Any, House, House], Any]] = {
    "select": lambda s, n, o: [u.id for u in s.scalars(select(Unit))],
    "columns": lambda s, n, o: list(s.scalars(select(Unit.id))),
    "query": lambda s, n, o: [u.id for u in s.query(Unit).all()],
    "alias": lambda s, n, o: [u.id for u in s.scalars(select(aliased(Unit)))],
    "subquery": lambda s, n, o: [u.id for u in s.scalars(select(Unit).where(Unit.id.in_(select(Unit.id))))],
    "from subquery": lambda s, n, o: [u.id for u in s.scalars(select(aliased(Unit, select(Unit).subquery())))],
    "union": lambda s, n, o: [
        u.id
        for u in s.scalars(select(aliased(Unit, union(select(Unit), select(Unit)).subquery())))
    ],
    "join": lambda s, n, o: list(s.scalars(select(Unit.id).join(Post, Post.unit_id == Unit.id, isouter=True))),
    "joined load": lambda s, n, o: [
        p.unit.id for p in s.scalars(select(Post).options(joinedload(Post.unit)))
    ],
    "selectin load": lambda s, n, o: [
        r.role_id for role in s.scalars(select(JurisdictionRole).options(selectinload(JurisdictionRole.rights)))
        for r in role.rights
    ],
    "lazy load": lambda s, n, o: [p.unit.id for p in s.scalars(select(Post))],
    "for update": lambda s, n, o: [u.id for u in s.scalars(select(Unit).with_for_update())],
    "get": lambda s, n, o: [u.id for u in [s.get(Unit, o.units["ZJJ"]), s.get(Unit, n.units["ZJJ"])] if u],
    "filter by id": lambda s, n, o: list(s.scalars(select(Unit.id).where(Unit.id == o.units["ZJJ"]))) or [0],
    "filter by jurisdiction": lambda s, n, o: list(
        s.scalars(select(Unit.id).where(Unit.jurisdiction_id == o.id))
    ) or [0],
}  # fmt: skip


@pytest.mark.usefixtures("no_rls")
@pytest.mark.parametrize("shape", READS)
def test_the_guard_filters_every_shape_of_query(session: Any, houses: tuple[House, House], shape: str) -> None:
    north, south = houses
    with north.inside():
        own = {0, *north.units.values(), *north.roles.values()}
        found = READS[shape](session, north, south)
        assert found, "a control: something is found"
        assert set(found) <= own


@pytest.mark.usefixtures("no_rls")
def test_the_guard_counts_and_answers_for_one_jurisdiction(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    raw = set_based(text("select count(*) from unit"))
    with north.inside():
        assert session.execute(raw).scalar() == len(north.units) + len(south.units), "the control sees both"
        assert session.scalar(select(func.count()).select_from(Unit)) == len(north.units)
        assert session.query(Unit).count() == len(north.units)
        assert not session.query(session.query(Unit).filter(Unit.id == south.units["ZJJ"]).exists()).scalar()


@pytest.mark.usefixtures("no_rls")
def test_nothing_loaded_under_one_scope_survives_into_another(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with south.inside():
        theirs = session.get(Unit, south.units["ZJJ"])
        assert theirs is not None
        bind_scope(session, tenancy.Scope(north.id))
        assert session.get(Unit, south.units["ZJJ"]) is None
        assert session.scalars(select(Unit).where(Unit.id == south.units["ZJJ"])).first() is None
        with pytest.raises(Exception, match=r"not persistent|another jurisdiction|not bound"):
            session.refresh(theirs)


REFUSED: dict[str, Callable[[Any, House, House], Any]] = {
    "core select": lambda s, n, o: s.execute(select(Unit.__table__)),
    "core count": lambda s, n, o: s.execute(select(func.count()).select_from(Unit.__table__)),
    "core exists": lambda s, n, o: s.execute(select(exists().where(Unit.__table__.c.id > 0))),
    "core update": lambda s, n, o: s.execute(update(Unit.__table__).values(name="x")),
    "core delete": lambda s, n, o: s.execute(delete(Unit.__table__)),
    "core insert": lambda s, n, o: s.execute(
        insert(membership_role).values(jurisdiction_id=o.id, membership_id=1, role_id=1)
    ),
    "text": lambda s, n, o: s.execute(text("select * from unit")),
    "text into rows": lambda s, n, o: s.scalars(select(Unit).from_statement(text("select * from unit"))),
    "bulk insert": lambda s, n, o: s.execute(insert(Unit), [{"jurisdiction_id": o.id, "code": "X"}]),
    "insert values": lambda s, n, o: s.execute(insert(Unit).values(jurisdiction_id=o.id, code="X")),
    "bulk update by key": lambda s, n, o: s.execute(update(Unit), [{"id": o.units["ZJJ"], "name": "x"}]),
    "bulk_insert_mappings": lambda s, n, o: s.bulk_insert_mappings(Unit, []),
    "bulk_update_mappings": lambda s, n, o: s.bulk_update_mappings(Unit, []),
    "bulk_save_objects": lambda s, n, o: s.bulk_save_objects([]),
    "move by update": lambda s, n, o: s.execute(update(Unit).values(jurisdiction_id=o.id)),
    "stranger to the mapper": lambda s, n, o: s.execute(select(func.max(Unit.__table__.c.id))),
}


@pytest.mark.usefixtures("no_rls")
@pytest.mark.parametrize("shape", REFUSED)
def test_what_the_guard_cannot_filter_it_refuses(session: Any, houses: tuple[House, House], shape: str) -> None:
    north, south = houses
    with north.inside(), pytest.raises(CrossJurisdictionError):
        REFUSED[shape](session, north, south)


@pytest.mark.usefixtures("no_rls")
def test_updates_and_deletes_reach_no_further_than_the_scope(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        session.execute(update(Unit).values(leader_in_charge="x"))
        session.execute(delete(RoleRight))
        session.execute(delete(Unit).where(Unit.id == south.units["office"]))
        session.commit()
    with south.inside():
        assert session.scalars(select(Unit.leader_in_charge)).all() == [None, None]
        assert session.scalar(select(func.count()).select_from(RoleRight)) > 10
        assert session.get(Unit, south.units["office"]) is not None


def _unit(**values: Any) -> Unit:
    return Unit(code="NEW", name="新", short_name="新", kind="department", **values)


def _move(session: Any, north: House, south: House) -> None:
    session.get(Unit, north.units["ZJJ"]).jurisdiction_id = south.id


def _delete_foreign(session: Any, north: House, south: House) -> None:
    with platform_scope("a test takes a foreign row", session):
        theirs = session.get(Unit, south.units["office"])
        session.expunge(theirs)
    with north.inside():
        session.delete(theirs)
        session.flush()


def _merge_foreign(session: Any, north: House, south: House) -> None:
    session.merge(_unit(id=south.units["ZJJ"], jurisdiction_id=south.id))
    session.flush()


def _append_foreign(session: Any, north: House, south: House) -> None:
    role = session.get(JurisdictionRole, north.roles["clerk"])
    role.rights.append(RoleRight(jurisdiction_id=south.id, right="role:write"))
    session.flush()


WRITES: dict[str, Callable[[Any, House, House], Any]] = {
    "add": lambda s, n, o: s.add(_unit(jurisdiction_id=o.id)),
    "move": _move,
    "merge": _merge_foreign,
    "child of a foreign parent": lambda s, n, o: s.add(
        Post(name="x", unit=Unit(id=o.units["ZJJ"], jurisdiction_id=o.id, code="x", name="x", short_name="x", kind="x"))
    ),
    "append": _append_foreign,
}


@pytest.mark.usefixtures("no_rls")
@pytest.mark.parametrize("shape", WRITES)
def test_rows_of_another_jurisdiction_cannot_be_written(session: Any, houses: tuple[House, House], shape: str) -> None:
    north, south = houses
    with north.inside(), pytest.raises(CrossJurisdictionError):
        WRITES[shape](session, north, south)
        session.flush()


@pytest.mark.usefixtures("no_rls")
def test_a_foreign_object_cannot_be_deleted(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with pytest.raises((CrossJurisdictionError, ScopeError)):
        _delete_foreign(session, north, south)


@pytest.mark.usefixtures("no_rls")
def test_without_a_scope_there_is_nothing_to_read_or_write(session: Any, houses: tuple[House, House]) -> None:
    for attempt in (
        lambda: session.scalars(select(Unit)).all(),
        lambda: session.get(Unit, 1),
        lambda: session.query(Membership).count(),
        lambda: session.execute(update(Unit).values(name="x")),
        lambda: session.execute(set_based(text("select 1"))),
        current_jurisdiction_id,
    ):
        with pytest.raises(ScopeError):
            attempt()
    session.add(_unit())
    with pytest.raises(ScopeError):
        session.flush()
    session.rollback()


def test_a_scope_is_not_changed_over_unsaved_work(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        session.add(_unit())
        with pytest.raises(ScopeError), south.inside():
            pass
    with north.inside():
        assert session.scalars(select(Unit).where(Unit.code == "NEW")).first() is None, "left without a commit"


def test_new_rows_are_stamped_with_the_scope(session: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    with north.inside():
        unit = _unit()
        session.add(unit)
        session.commit()
        assert unit.jurisdiction_id == north.id


# -- 3. row-level security alone ------------------------------------------------------------------------------------


def test_the_applications_role_sees_only_the_scope_it_set(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    with as_app(stack) as nowhere:
        assert {table: count(nowhere, table) for table in OWNED} == dict.fromkeys(OWNED, 0)
    for mine, other in ((north, south), (south, north)):
        with as_app(stack, mine.id) as here:
            assert count(here, "unit") == len(mine.units)
            for table in OWNED:
                foreign = f"select count(*) from {table} where jurisdiction_id = {other.id}"
                assert here.execute(foreign).fetchone() == (0,), table  # type: ignore[arg-type]
    with as_app(stack, f"{north.id} or true") as spoilt, pytest.raises(psycopg.DataError):
        count(spoilt, "unit")


def test_the_applications_role_writes_only_into_its_scope(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    insert_unit = (
        "insert into unit (jurisdiction_id, code, name, short_name, kind) values (%s, 'N', 'x', 'x', 'office')"
    )
    for statement, values in (
        (insert_unit, [south.id]),
        ("update unit set jurisdiction_id = %s where id = %s", [south.id, north.units["office"]]),
    ):
        with as_app(stack, north.id) as here, pytest.raises(psycopg.errors.InsufficientPrivilege):
            here.execute(statement, values)  # type: ignore[arg-type]
    with as_app(stack, north.id) as here:
        assert here.execute("update unit set name = 'x' where jurisdiction_id = %s", [south.id]).rowcount == 0
        assert here.execute("delete from unit where id = %s", [south.units["office"]]).rowcount == 0
        here.rollback()


def test_a_scope_ends_with_its_transaction(stack: Stack, houses: tuple[House, House]) -> None:
    north, _south = houses
    with as_app(stack, north.id) as here:
        assert count(here, "unit") == len(north.units)
        here.commit()
        assert count(here, "unit") == 0


def test_the_owner_is_held_by_the_walls_too(stack: Stack, houses: tuple[House, House]) -> None:
    with connect(stack.owner_url) as owner:
        assert count(owner, "unit") == 0
        assert count(owner, "event") == 0


def test_the_applications_role_cannot_take_the_walls_down(stack: Stack, houses: tuple[House, House]) -> None:
    north, _south = houses
    for statement in (
        "alter table unit disable row level security",
        "alter table unit no force row level security",
        "drop policy own_jurisdiction on unit",
        "create policy everything on unit using (true)",
        "alter table event disable trigger all",
        "set session_replication_role = replica",
        "set role huiyin_owner",
        "create table public.leak (x int)",
        "drop table unit",
    ):
        with as_app(stack, north.id) as here, pytest.raises(psycopg.Error):
            here.execute(statement)  # type: ignore[arg-type]
    with as_app(stack, north.id) as here, pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.execute("set local row_security = off")
        count(here, "unit")


def test_a_person_sees_the_own_memberships_and_changes_none(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    person = north.people["liaison"]
    with as_app(stack, "", person) as anywhere:
        rows = anywhere.execute("select jurisdiction_id, person_id from membership").fetchall()
        assert rows == [(north.id, person)]
        assert count(anywhere, "unit") == 0
        assert anywhere.execute("update membership set active = false").rowcount == 0
    with as_app(stack, south.id, person) as elsewhere:
        changed = elsewhere.execute("update membership set note = 'x' where person_id = %s", [person]).rowcount
        assert changed == 0
        elsewhere.rollback()


def test_the_dispatcher_sees_letters_and_nothing_else(stack: Stack, houses: tuple[House, House]) -> None:
    with connect(stack.dispatcher_url) as dispatcher:
        assert count(dispatcher, "letter") == 0
        for table in set(OWNED) - {"letter", "channel"}:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                count(dispatcher, table)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            dispatcher.execute("select password from ab_user")


# -- the house does not start without its walls ---------------------------------------------------------------------


def test_the_house_starts_with_its_walls(session: Any) -> None:
    self_test(db.engine)


@pytest.mark.parametrize("part", ["install_guard", "_on_execute"])
def test_the_house_does_not_start_without_its_guard(session: Any, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(tenancy, part, lambda *_args: None)
    with pytest.raises(ScopeError, match="does not filter"):
        self_test(db.engine)


def test_the_house_does_not_start_as_the_owner_of_its_tables(session: Any, stack: Stack) -> None:
    engine = create_engine(stack.owner_url)
    try:
        with pytest.raises(ScopeError, match="must own no table"):
            self_test(engine)
    finally:
        engine.dispose()


# -- events ---------------------------------------------------------------------------------------------------------


def kinds(session: Any) -> list[str]:
    """The kinds of the chain in scope, oldest first."""
    return [event.kind for event in session.scalars(select(Event).order_by(Event.seq))]


def test_each_jurisdiction_has_its_chain_and_the_system_its_own(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with north.inside():
        before = len(kinds(session))
        record(session, north.actor("admin"), "unit.changed", "unit", 1, AT, note="一")
        record(session, Actor.system(None), "sign_in.failed", "person", 0, AT)
        record(session, north.actor("admin"), "unit.changed", "unit", 1, AT, note="二")
        session.commit()
        assert kinds(session)[before:] == ["unit.changed", "unit.changed"]
        assert [event.facts["note"] for event in list_events(session, "unit", 1)] == ["二", "一"]
        assert verify_chain(session) == []
    with south.inside():
        assert list_events(session, "unit", 1) == []
        assert verify_chain(session) == []
    with scope(0, session):
        assert kinds(session) == ["sign_in.failed"]
        assert verify_chain(session) == []


def test_what_did_not_happen_is_not_written_down(session: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    with north.inside():
        before = kinds(session)
        record(session, north.actor("admin"), "unit.changed", "unit", 1, AT)
        session.rollback()
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            record(session, north.actor("admin"), "unit.removed", "unit", 1, AT)
            raise ZeroDivisionError
        record(session, north.actor("admin"), "unit.added", "unit", 1, AT)
        session.commit()
        assert kinds(session) == [*before, "unit.added"]
        assert verify_chain(session) == []


@pytest.mark.parametrize("statement", ["update event set kind = 'x'", "delete from event", "truncate event"])
def test_the_application_cannot_change_history(stack: Stack, houses: tuple[House, House], statement: str) -> None:
    north, _south = houses
    with as_app(stack, north.id) as here, pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("statement", ["update event set kind = 'x'", "delete from event", "truncate event"])
def test_the_owner_cannot_change_history_by_accident(stack: Stack, houses: tuple[House, House], statement: str) -> None:
    north, _south = houses
    with connect(stack.owner_url) as owner:
        owner.execute("select set_config('app.jurisdiction_id', %s, false)", [str(north.id)])
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            owner.execute(statement)  # type: ignore[arg-type]


def test_the_application_cannot_change_history_through_the_orm(session: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    with north.inside():
        session.scalars(select(Event)).first().kind = "x"
        with pytest.raises(ProgrammingError):
            session.commit()
        session.rollback()


TAMPERING = {
    "facts": ("update event set facts = facts || '{\"x\": 1}' where seq = 3", (3, "hash")),
    "who": ("update event set actor_name = '别人' where seq = 3", (3, "hash")),
    "when": ("update event set at = at - interval '1 day' where seq = 3", (3, "hash")),
    "kind": ("update event set kind = 'unit.removed' where seq = 3", (3, "hash")),
    "gap": ("delete from event where seq = 3", (4, "gap")),
    "tail": ("delete from event where seq = (select max(seq) from event)", (5, "head")),
    "link": ("update event set prev = repeat('0', 64) where seq = 3", (3, "prev")),
    "swapped": ("update event set seq = case seq when 3 then 103 when 4 then 104 else seq end", (5, "gap")),
    "renumbered": (
        "update event set seq = seq + 100 where seq = 3;"
        "update event set seq = 3 where seq = 4; update event set seq = 4 where seq = 103",
        (3, "prev"),
    ),
    "head": ("update event_head set seq = 4", (4, "head")),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_what_the_owner_tampers_with_is_found(
    session: Any, stack: Stack, houses: tuple[House, House], how: str
) -> None:
    north, south = houses
    with north.inside():
        for _again in range(5 - len(kinds(session))):
            record(session, north.actor("admin"), "unit.changed", "unit", 1, AT, note="一")
        session.commit()
        assert len(kinds(session)) == 5
        assert verify_chain(session) == []
    statement, expected = TAMPERING[how]
    with connect(stack.owner_url) as owner:
        owner.execute("select set_config('app.jurisdiction_id', %s, false)", [str(north.id)])
        owner.execute("alter table event disable trigger user")
        for part in statement.split(";"):
            owner.execute(part)  # type: ignore[arg-type]
        owner.execute("alter table event enable always trigger event_append_only")
        owner.execute("alter table event enable always trigger event_no_truncate")
    with north.inside():
        assert expected in verify_chain(session)
    with south.inside():
        assert verify_chain(session) == [], "one chain's fault is not another's"


def test_a_chain_without_a_head_or_with_a_made_up_one_is_found(session: Any, houses: tuple[House, House]) -> None:
    north, _south = houses
    with north.inside():
        head = session.scalars(select(EventHead)).one()
        head.seq, head.hash = head.seq + 1, "f" * 64
        session.flush()
        assert verify_chain(session)[-1][1] == "head"
        session.rollback()
