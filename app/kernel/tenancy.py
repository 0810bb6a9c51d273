"""The walls between jurisdictions: scope, session guard, row-level security settings, the jurisdiction in the URL.

Layers (each tested alone): the schema's composite keys; this guard, which fails closed; PostgreSQL's row-level security,
for which it sets the scope in every transaction; FAB's filters, which are only convenience. One session, one scope.
Crossing a wall is a word one can grep: ``platform_scope`` and ``set_based``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger as Big
from sqlalchemy import Column, Engine, Executable, MetaData, Table, event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, registry, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import TextClause


class ScopeError(RuntimeError):
    """The code asked for a jurisdiction's rows without saying which jurisdiction. A defect, never a user's fault."""


class CrossJurisdictionError(ScopeError):
    """The code was about to read or write another jurisdiction's rows."""


@dataclass(frozen=True)
class Scope:
    """Whose rows may be touched. Without a jurisdiction none may, unless ``crossing`` says why."""

    jurisdiction_id: int | None = None
    person_id: int | None = None
    crossing: str = ""


NO_SCOPE = Scope()
_scope: ContextVar[Scope] = ContextVar("scope", default=NO_SCOPE)


def current_scope() -> Scope:
    """The scope in force."""
    return _scope.get()


def current_jurisdiction_id() -> int:
    """The jurisdiction in force. Raises ScopeError when there is none."""
    jurisdiction_id = _scope.get().jurisdiction_id
    if jurisdiction_id is None:
        raise ScopeError("no jurisdiction is in scope")
    return jurisdiction_id


def bind_scope(session: Any, scope_: Scope) -> None:
    """Bind the scope of a request, for its whole life. Objects of no jurisdiction (the signed-in person) stay."""
    _scope.set(scope_)
    for obj in list(session):
        if isinstance(obj, JurisdictionOwned):
            session.expunge(obj)
    _apply_settings(session.connection())


def clear_scope() -> None:
    """Forget the scope at the end of a request."""
    _scope.set(NO_SCOPE)


@contextmanager
def scope(
    jurisdiction_id: int | None, session: Any, *, person_id: int | None = None, crossing: str = ""
) -> Iterator[None]:
    """Work inside one jurisdiction, for jobs, the command line and tests.

    Uncommitted work is a defect on the way in (raises ScopeError) and is rolled back on the way out; nothing loaded
    under one scope survives into another.
    """
    if session.new or session.dirty or session.deleted:
        raise ScopeError("a session with unsaved changes cannot change its scope")
    session.rollback()
    session.expunge_all()
    token = _scope.set(Scope(jurisdiction_id, person_id, crossing))
    try:
        yield
    finally:
        session.rollback()
        session.expunge_all()
        _scope.reset(token)


def platform_scope(reason: str, session: Any) -> Any:
    """Cross the walls of the session guard for a stated reason. Row-level security still stands."""
    return scope(None, session, crossing=reason)


def set_based(statement: Any) -> Any:
    """Mark a Core statement on a jurisdiction's tables as meant: it names jurisdiction_id itself and RLS checks it."""
    return statement.execution_options(set_based=True)


class JurisdictionOwned:
    """Marker for rows that belong to exactly one jurisdiction."""

    # The criterion's lambda is first tried on this class itself; every table declares its own column over it.
    jurisdiction_id: Any = Column("jurisdiction_id", Big, nullable=False)


def _owned(mapper: Any) -> bool:
    return mapper is not None and issubclass(mapper.class_, JurisdictionOwned)


def _names_owned_table(statement: Executable) -> str | None:
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        if getattr(element, "__visit_name__", "") == "table" and "jurisdiction_id" in element.c:  # type: ignore[attr-defined]
            return str(element.name)  # type: ignore[attr-defined]
    return None


def _on_execute(state: ORMExecuteState) -> None:
    """Filter every ORM statement by the scope; refuse what a filter cannot reach."""
    current = _scope.get()
    if current.crossing or state.is_column_load:
        return
    if state.execution_options.get("set_based"):
        if current.jurisdiction_id is None:
            raise ScopeError("a set-based statement needs a scope")
        return
    statement = state.statement
    if state.is_from_statement or isinstance(statement, TextClause):
        raise CrossJurisdictionError("raw SQL must be marked set_based")
    if not state.is_orm_statement:
        table = _names_owned_table(statement)
        if table:
            raise CrossJurisdictionError(f"Core statement on {table} must be marked set_based")
        return
    touches: list[Any] = [m for m in state.all_mappers if _owned(m)] or (
        [state.bind_mapper] if _owned(state.bind_mapper) else []
    )
    if not touches and not state.execution_options.get("own_memberships"):
        table = _names_owned_table(statement)
        if table:
            raise CrossJurisdictionError(f"a statement that names {table} outside its mapper must be marked")
    if touches and current.jurisdiction_id is None:
        raise ScopeError(f"no jurisdiction in scope for {touches[0].class_.__name__}")
    if touches and (state.is_insert or (state.is_update and isinstance(state.parameters, (list, tuple)))):
        raise CrossJurisdictionError("bulk statements on a jurisdiction's tables must be marked set_based")
    if (
        touches
        and state.is_update
        and any(getattr(key, "key", key) == "jurisdiction_id" for key in (getattr(statement, "_values", None) or {}))
    ):
        raise CrossJurisdictionError("jurisdiction_id never changes")
    wanted = current.jurisdiction_id if current.jurisdiction_id is not None else -1
    state.statement = statement.options(
        # include_aliases is what makes the criterion apply to a mixin at all; self_test proves it at every start.
        with_loader_criteria(JurisdictionOwned, lambda cls: cls.jurisdiction_id == wanted, include_aliases=True)
    )


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    current = _scope.get()
    if current.crossing:
        return
    for obj in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(obj, JurisdictionOwned):
            continue
        if current.jurisdiction_id is None:
            raise ScopeError(f"no jurisdiction in scope for {type(obj).__name__}")
        if obj in session.new and obj.jurisdiction_id is None:
            obj.jurisdiction_id = current.jurisdiction_id
        _refuse_foreign(obj, current.jurisdiction_id)
        _refuse_foreign_relations(obj)


def _refuse_foreign(obj: Any, jurisdiction_id: int) -> None:
    history = inspect(obj).attrs.jurisdiction_id.history
    moved = bool(history.deleted) and history.deleted[0] not in (jurisdiction_id, None)
    if obj.jurisdiction_id != jurisdiction_id or moved:
        raise CrossJurisdictionError(f"{type(obj).__name__} belongs to another jurisdiction")


def _refuse_foreign_relations(obj: Any) -> None:
    state = inspect(obj)
    for relation in state.mapper.relationships:
        if relation.key in state.unloaded or not issubclass(relation.mapper.class_, JurisdictionOwned):
            continue
        value = getattr(obj, relation.key)
        for other in value if relation.uselist else [value]:
            if other is not None and other.jurisdiction_id not in (None, obj.jurisdiction_id):
                raise CrossJurisdictionError(f"{type(obj).__name__}.{relation.key} points into another jurisdiction")


def _row_write(_mapper: Any, _connection: Any, obj: Any) -> None:
    """A key set through a relationship is synchronised after before_flush; look once more at the row itself."""
    current = _scope.get()
    if not current.crossing and obj.jurisdiction_id != current.jurisdiction_id:
        raise CrossJurisdictionError(f"{type(obj).__name__} belongs to another jurisdiction")


_SETTINGS = text("select set_config('app.jurisdiction_id', :j, true), set_config('app.person_id', :p, true)")


def _apply_settings(connection: Any) -> None:
    current = _scope.get()
    # number 0 is a scope too: that of the system's own chain of events
    jurisdiction = "" if current.jurisdiction_id is None else str(current.jurisdiction_id)
    connection.execute(_SETTINGS, {"j": jurisdiction, "p": str(current.person_id or "")})


def _after_begin(_session: Session, _transaction: Any, connection: Any) -> None:
    _apply_settings(connection)


class GuardedSessionMixin:
    """Put before SQLAlchemy's Session: identity-map hits and the legacy bulk methods pass the guard too."""

    def get(self, entity: Any, ident: Any, **kw: Any) -> Any:
        """As Session.get; another jurisdiction's row is None."""
        found = super().get(entity, ident, **kw)  # type: ignore[misc]
        current = _scope.get()
        if isinstance(found, JurisdictionOwned) and not current.crossing:
            return found if found.jurisdiction_id == current.jurisdiction_id else None
        return found

    def bulk_insert_mappings(self, *_a: Any, **_k: Any) -> None:
        """Refused: it passes no guard."""
        raise CrossJurisdictionError("bulk_insert_mappings is refused")

    def bulk_update_mappings(self, *_a: Any, **_k: Any) -> None:
        """Refused: it passes no guard."""
        raise CrossJurisdictionError("bulk_update_mappings is refused")

    def bulk_save_objects(self, *_a: Any, **_k: Any) -> None:
        """Refused: it passes no guard."""
        raise CrossJurisdictionError("bulk_save_objects is refused")


_guarded: set[int] = set()


def install_guard(session_factory: Any) -> None:
    """Hang the guard on a session class or factory, once."""
    if id(session_factory) in _guarded:
        return
    _guarded.add(id(session_factory))
    event.listen(session_factory, "do_orm_execute", _on_execute)
    event.listen(session_factory, "before_flush", _before_flush)
    event.listen(session_factory, "after_begin", _after_begin)


event.listen(JurisdictionOwned, "before_insert", _row_write, propagate=True)
event.listen(JurisdictionOwned, "before_update", _row_write, propagate=True)


def self_test(engine: Engine) -> None:
    """Prove at every start that the guard filters: two jurisdictions' rows in a temporary table, one may be seen.

    Raises ScopeError when the guard lets a row through or the database role could pass row-level security.
    """
    metadata = MetaData()
    table = Table(
        "scope_self_test",
        metadata,
        Column("id", Big, primary_key=True),
        Column("jurisdiction_id", Big),
        prefixes=["TEMPORARY"],
    )
    probe = type("ScopeProbe", (JurisdictionOwned,), {})
    registry().map_imperatively(probe, table)

    class ProbeSession(GuardedSessionMixin, Session):
        pass

    install_guard(ProbeSession)
    with engine.connect() as connection:
        loose = connection.execute(
            text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        ).scalar_one()
        owned = connection.execute(
            text("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
        ).scalar_one()
        if loose or owned:
            raise ScopeError("the application's database role must own no table and must not bypass row-level security")
        metadata.create_all(connection)
        connection.execute(table.insert(), [{"id": 1, "jurisdiction_id": 1}, {"id": 2, "jurisdiction_id": 2}])
        token = _scope.set(Scope(jurisdiction_id=1))
        try:
            seen: list[Any] = ProbeSession(bind=connection).query(probe).all()
        finally:
            _scope.reset(token)
            connection.rollback()
    if [row.jurisdiction_id for row in seen] != [1]:
        raise ScopeError("the session guard does not filter")


class JurisdictionPrefix:
    """WSGI: ``/j/<slug>/x`` becomes SCRIPT_NAME ``/j/<slug>`` and PATH_INFO ``/x``, so that every link keeps it."""

    pattern = re.compile(r"^/j/([a-z0-9][a-z0-9-]{0,39})(/.*|$)")

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match = self.pattern.match(environ.get("PATH_INFO", ""))
        if match:
            environ["huiyin.slug"] = match.group(1)
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/j/" + match.group(1)
            environ["PATH_INFO"] = match.group(2) or "/"
        return self.app(environ, start_response)
