"""The walls between jurisdictions, layer by layer: what the session guard refuses, what PostgreSQL refuses without it.

The sweep over all addresses is in test_isolation; here nobody asks politely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.kernel import tenancy
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.events import Event, record, verify_chain
from app.kernel.runtime.roles import connect
from app.kernel.tenancy import CrossJurisdictionError, ScopeError, scope, self_test, set_based
from app.matters.models import Assignment, Matter, MatterSource
from app.organisation.models import Membership, Unit
from tests.conftest import MORNING
from tests.small_house import House, build
from tests.stack import Stack


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    """Two jurisdictions, a matter in each."""
    built = build(session, "north", "110000"), build(session, "south", "120000")
    for house in built:
        with scope(house.id, session):
            matter = house.matter(f"{house.slug}的事项")
            house.assignment(matter, "住建局")
            session.commit()
    return built


@pytest.fixture
def north(houses: tuple[House, House]) -> Iterator[House]:
    """Inside the first."""
    with scope(houses[0].id, houses[0].session):
        yield houses[0]


@pytest.fixture
def south(houses: tuple[House, House]) -> House:
    """The other one."""
    return houses[1]


# -- the session guard ------------------------------------------------------------------------------------------------


def test_without_a_scope_a_question_is_a_fault_not_everything(session: Any, houses: Any) -> None:
    for ask in (
        lambda: session.scalars(select(Unit)).all(),
        lambda: session.get(Unit, houses[0].units["住建局"]),
        lambda: session.query(Unit).count(),
        lambda: session.scalar(select(func.count()).select_from(Unit)),
        lambda: session.execute(update(Unit).values(name="x")),
        lambda: session.query(Unit).delete(),
        lambda: session.execute(set_based(select(Unit.__table__))),
    ):
        with pytest.raises(ScopeError):
            ask()
        session.rollback()
    session.add(Unit(code="X", name="X", short_name="X", kind="department"))
    with pytest.raises(ScopeError):
        session.flush()


def test_a_foreign_row_is_not_there_by_any_question(north: House, south: House) -> None:
    session, foreign = north.session, south.units["住建局"]
    assert session.get(Unit, foreign) is None
    assert session.get(Unit, north.units["住建局"]) is not None
    assert session.scalars(select(Unit).where(Unit.id == foreign)).all() == []
    assert session.query(Unit).filter(Unit.id == foreign).first() is None
    other = aliased(Unit)
    assert session.scalars(select(other).where(other.id == foreign)).all() == []
    assert session.scalar(select(func.count()).select_from(Unit)) == 3
    within = select(Matter).where(Matter.source_id.in_(select(MatterSource.id)))
    assert [one.title for one in session.scalars(within)] == ["north的事项"]
    eager = select(Assignment).options(joinedload(Assignment.unit))
    assert {one.unit.id for one in session.scalars(eager)} <= set(north.units.values())
    people = session.scalars(select(Membership).options(selectinload(Membership.unit))).all()
    assert {one.id for one in people} == set(north.memberships.values())


def test_nothing_loaded_under_one_scope_survives_into_another(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with scope(north.id, session):
        mine = session.get(Unit, north.units["住建局"])
        assert mine in session
    with scope(south.id, session):
        assert mine not in session
        assert session.get(Unit, north.units["住建局"]) is None


def test_a_scope_is_not_changed_over_unsaved_work(north: House, south: House) -> None:
    north.session.get(Unit, north.units["住建局"]).name = "改了"
    with pytest.raises(ScopeError, match="unsaved"), scope(south.id, north.session):
        pass


def test_set_based_writes_have_to_be_meant(north: House, south: House) -> None:
    session = north.session
    row = {"code": "B", "name": "B", "short_name": "B", "kind": "department"}
    for statement, many in (
        (insert(Unit), [row]),
        (insert(Unit).values(**row), None),
        (update(Unit), [{"id": north.units["住建局"], "name": "x"}]),
        (Unit.__table__.insert(), [row | {"jurisdiction_id": north.id}]),
        (Unit.__table__.update().values(name="x"), None),
        (Unit.__table__.select(), None),
        (select(Unit.id).union_all(select(Unit.id)), None),
        (text("select name from unit"), None),
        (text("delete from unit where id = :id").bindparams(bindparam("id", 1)), None),
        (select(Unit).from_statement(text("select * from unit")), None),
    ):
        with pytest.raises(CrossJurisdictionError):
            session.execute(statement, many) if many else session.execute(statement)
        session.rollback()
    for refused in (session.bulk_insert_mappings, session.bulk_update_mappings):
        with pytest.raises(CrossJurisdictionError):
            refused(Unit, [row])
    with pytest.raises(CrossJurisdictionError):
        session.bulk_save_objects([Unit(**row)])


def test_a_statement_over_many_rows_reaches_own_rows_only(north: House, south: House) -> None:
    session = north.session
    changed = session.execute(update(Unit).values(phone="1").execution_options(synchronize_session=False))
    assert changed.rowcount == len(north.units)
    gone = session.query(Assignment).delete(synchronize_session=False)
    assert gone == 1
    session.commit()
    with scope(south.id, session):
        assert {one.phone for one in session.scalars(select(Unit))} == {None}
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1


def test_a_row_never_changes_its_jurisdiction(north: House, south: House) -> None:
    session = north.session
    unit = session.get(Unit, north.units["住建局"])
    unit.jurisdiction_id = south.id
    with pytest.raises(CrossJurisdictionError):
        session.flush()
    session.rollback()
    with pytest.raises(CrossJurisdictionError):
        session.execute(update(Unit).values(jurisdiction_id=south.id))
    session.rollback()
    session.add(Unit(jurisdiction_id=south.id, code="X", name="X", short_name="X", kind="department"))
    with pytest.raises(CrossJurisdictionError):
        session.flush()


def test_a_relation_does_not_point_across(session: Any, houses: tuple[House, House]) -> None:
    north, south = houses
    with scope(south.id, session):
        foreign = session.get(Unit, south.units["住建局"])
        session.expunge(foreign)
    with scope(north.id, session):
        child = session.get(Unit, north.units["住建局"])
        with session.no_autoflush:
            child.parent = foreign
            with pytest.raises(CrossJurisdictionError):
                session.flush()


def test_a_bare_foreign_key_is_refused_by_the_schema(north: House, south: House) -> None:
    unit = north.session.get(Unit, north.units["住建局"])
    unit.parent_id = south.units["住建局"]
    with pytest.raises(Exception, match="violates foreign key"):
        north.session.flush()


def test_crossing_is_said_aloud_and_still_sees_nothing(session: Any, houses: Any) -> None:
    """platform_scope lifts the session guard; row-level security has no such word."""
    with tenancy.platform_scope("a test of the walls", session):
        assert session.scalars(select(Unit)).all() == []


# -- PostgreSQL without the guard -------------------------------------------------------------------------------------


def raw(stack: Stack, jurisdiction_id: int | None = None) -> psycopg.Connection:
    """The application's own login, with nothing of the application around it."""
    connection = psycopg.connect(stack.app_url.replace("+psycopg", "", 1))
    if jurisdiction_id is not None:
        connection.execute("select set_config('app.jurisdiction_id', %s, false)", [str(jurisdiction_id)])
        connection.commit()
    return connection


def one(connection: psycopg.Connection, statement: Any, values: Any = ()) -> Any:
    """The first column of the first row."""
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None


def test_the_database_shows_own_rows_only_and_none_without_a_scope(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    with raw(stack) as connection:
        assert one(connection, "select count(*) from unit") == 0
        assert one(connection, "select count(*) from matter") == 0
        assert one(connection, "select count(*) from event") == 0
    with raw(stack, north.id) as connection:
        assert one(connection, "select array_agg(distinct jurisdiction_id) from unit") == [north.id]
        assert one(connection, "select array_agg(title) from matter") == ["north的事项"]
        assert one(connection, "select count(*) from unit where id = %s", [south.units["住建局"]]) == 0
        changed = connection.execute("update unit set phone = '9' where id = %s", [south.units["住建局"]])
        assert changed.rowcount == 0
        assert connection.execute("delete from matter where jurisdiction_id = %s", [south.id]).rowcount == 0
        connection.rollback()


def test_the_database_takes_no_row_for_another(stack: Stack, houses: tuple[House, House]) -> None:
    north, south = houses
    put = "insert into unit (jurisdiction_id, code, name, short_name, kind) values (%s, 'X', 'X', 'X', 'department')"
    for standing, target in ((north.id, south.id), (None, north.id)):
        with raw(stack, standing) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(put, [target])
    with raw(stack, north.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update unit set jurisdiction_id = %s", [south.id])


def test_composite_keys_hold_even_for_the_owner_of_the_tables(stack: Stack, houses: tuple[House, House]) -> None:
    """Row-level security does not look at foreign keys: the key itself names the jurisdiction."""
    north, south = houses
    for url in (stack.app_url, stack.owner_url):
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            connection.execute("select set_config('app.jurisdiction_id', %s, true)", [str(north.id)])
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                connection.execute(
                    "update assignment set unit_id = %s where jurisdiction_id = %s", [south.units["住建局"], north.id]
                )


def test_a_scope_ends_with_its_transaction(session: Any, houses: tuple[House, House]) -> None:
    """A pooled connection carries nothing over to whoever gets it next."""
    north, _ = houses
    asked = text("select current_setting('app.jurisdiction_id', true)")
    with scope(north.id, session):
        assert session.connection().execute(asked).scalar() == str(north.id)
    with db.engine.connect() as connection:
        assert connection.execute(asked).scalar() in ("", None)


def test_the_application_may_not_lift_the_walls(stack: Stack, houses: tuple[House, House]) -> None:
    north, _ = houses
    for attempt in (
        "alter table unit disable row level security",
        "alter table unit no force row level security",
        "drop policy own_jurisdiction on unit",
        "alter table event disable trigger event_append_only",
        "set role huiyin_owner",
        "truncate event",
        "create table mine (id int)",
    ):
        with raw(stack, north.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(attempt)  # type: ignore[call-overload]


# -- the self-test at start --------------------------------------------------------------------------------------------


def test_the_house_does_not_open_without_its_guard(app: Any, monkeypatch: Any) -> None:
    with app.app_context():
        self_test(db.engine)
        monkeypatch.setattr(tenancy, "install_guard", lambda _factory: None)
        with pytest.raises(ScopeError, match="does not filter"):
            self_test(db.engine)


def test_nor_under_a_login_that_owns_tables(stack: Stack) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(stack.owner_url)
    try:
        with pytest.raises(ScopeError, match="must own no table"):
            self_test(engine)
    finally:
        engine.dispose()


# -- the log of acts ---------------------------------------------------------------------------------------------------


@pytest.fixture
def log(north: House) -> House:
    """Three events in the first jurisdiction's chain."""
    for number in range(3):
        who = Actor(None, "张三", north.id)
        record(north.session, who, "matter.submitted", "matter", number + 1, MORNING, words=f"第{number}件")
        north.session.commit()
    return north


def test_nobody_changes_the_log_not_even_the_owner(log: House, stack: Stack) -> None:
    assert verify_chain(log.session) == []
    log.session.rollback()
    attempts = ("update event set actor_name = '李四'", "delete from event", "truncate event")
    for attempt in attempts:
        with raw(stack, log.id) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(attempt)  # type: ignore[call-overload]
        with psycopg.connect(stack.owner_url.replace("+psycopg", "", 1)) as owner:
            owner.execute("select set_config('app.jurisdiction_id', %s, true)", [str(log.id)])
            with pytest.raises(psycopg.errors.RaiseException):
                owner.execute(attempt)  # type: ignore[call-overload]
    with raw(stack, log.id) as connection:
        assert one(connection, "select count(*) from event") == 3


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("update event set actor_name = '李四' where seq = 2", (2, "hash")),
        ("""update event set facts = '{"words": "别的"}' where seq = 1""", (1, "hash")),
        ("update event set at = at - interval '1 hour' where seq = 3", (3, "hash")),
        ("delete from event where seq = 2", (3, "gap")),
        ("delete from event where seq = 3", (3, "head")),
        ("update event_head set seq = 2", (2, "head")),
    ],
)
def test_an_owner_who_switches_the_lock_off_is_found_out(
    log: House, stack: Stack, tampering: str, fault: tuple[int, str]
) -> None:
    log.session.rollback()
    with connect(stack.owner_url) as owner:
        owner.execute("select set_config('app.jurisdiction_id', %s, false)", [str(log.id)])
        owner.execute("alter table event disable trigger user")
        try:
            assert owner.execute(tampering).rowcount == 1  # type: ignore[call-overload]
        finally:
            owner.execute("alter table event enable always trigger event_append_only")
            owner.execute("alter table event enable always trigger event_no_truncate")
    assert fault in verify_chain(log.session)


def test_the_chain_of_one_is_not_the_chain_of_another(log: House, south: House) -> None:
    who = Actor(None, "王五", south.id)
    session = log.session
    with scope(south.id, session):
        assert session.scalar(select(func.count()).select_from(Event)) == 0
        record(session, who, "matter.submitted", "matter", 1, MORNING)
        session.commit()
        assert verify_chain(session) == []
        assert [row.seq for row in session.scalars(select(Event))] == [1]
