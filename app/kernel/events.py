"""Events: append-only, hash-chained, one chain per jurisdiction and one for the system (jurisdiction 0).

An event says who did what to which thing with which facts; never a finished sentence. It is written in the transaction of
the act itself; the chain's head row is locked last, so that acts of one jurisdiction queue for microseconds only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app
from sqlalchemy import BigInteger, Index, String, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, scoped_session

from app.kernel.actor import Actor
from app.kernel.db import JSONB, Instant, Model
from app.kernel.tenancy import JurisdictionOwned

SYSTEM_CHAIN = 0
ALGORITHM = "hmac-sha256"
_ZERO = "0" * 64
_PENDING = "huiyin.events"

Handler = Callable[[Any, "Event"], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


class Event(JurisdictionOwned, Model):
    """One thing that happened. Rows are only ever added: the application may not update or delete them."""

    __tablename__ = "event"

    jurisdiction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(100), nullable=False)
    kind: Mapped[str] = mapped_column(String(60), nullable=False)
    subject_type: Mapped[str] = mapped_column(String(40), nullable=False)
    subject_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    alg: Mapped[str] = mapped_column(String(20), nullable=False)
    prev: Mapped[str] = mapped_column(String(64), nullable=False)
    hash: Mapped[str] = mapped_column(String(64), nullable=False)

    __table_args__ = (Index("ix_event_subject", "jurisdiction_id", "subject_type", "subject_id", "seq"),)


class EventHead(JurisdictionOwned, Model):
    """Where a jurisdiction's chain ends."""

    __tablename__ = "event_head"

    jurisdiction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, nullable=False)
    hash: Mapped[str] = mapped_column(String(64), nullable=False)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler for an event kind; it runs at once, in the act's own transaction."""

    def register(handler: Handler) -> Handler:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def record(
    session: Any, actor: Actor, kind: str, subject_type: str, subject_id: int, at: dt.datetime, **facts: Any
) -> Event:
    """Write down that something happened; it is chained when the transaction commits.

    ``facts`` are JSON values: ids, codes, dates as ISO strings, the person's own words. Call it after the change is flushed.
    """
    happened = Event(
        jurisdiction_id=actor.jurisdiction_id or SYSTEM_CHAIN,
        at=at,
        actor_id=actor.person_id,
        actor_name=actor.name,
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        facts=json.loads(json.dumps(facts, default=str, ensure_ascii=False)),
        alg=ALGORITHM,
    )
    real = session() if isinstance(session, scoped_session) else session
    real.info.setdefault(_PENDING, []).append((real.get_nested_transaction(), happened))
    for handler in _handlers.get(kind, ()):
        handler(session, happened)
    return happened


def _digest(row: Event | Any, key: bytes) -> str:
    body = {
        "jurisdiction_id": row.jurisdiction_id,
        "seq": row.seq,
        "at": row.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "kind": row.kind,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "facts": row.facts,
        "alg": row.alg,
        "prev": row.prev,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, b"huiyin-event-1\n" + canonical.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return str(current_app.config["HUIYIN_AUDIT_KEY"]).encode()


def _before_commit(session: Session) -> None:
    """Chain what was recorded. The heads are locked here, last, and in one order."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    pending = [happened for _, happened in session.info.pop(_PENDING)]
    connection = session.connection()
    for jurisdiction_id in sorted({happened.jurisdiction_id for happened in pending}):
        _append(connection, jurisdiction_id, [e for e in pending if e.jurisdiction_id == jurisdiction_id])


def _append(connection: Any, jurisdiction_id: int, events: list[Event]) -> None:
    # the system's chain has no jurisdiction: its row-level scope is 0 for the length of these statements
    before = connection.execute(text("select current_setting('app.jurisdiction_id', true)")).scalar()
    set_scope = text("select set_config('app.jurisdiction_id', :j, true)")
    connection.execute(set_scope, {"j": str(jurisdiction_id)})
    head = EventHead.__table__
    connection.execute(
        text("insert into event_head (jurisdiction_id, seq, hash) values (:j, 0, :z) on conflict do nothing"),
        {"j": jurisdiction_id, "z": _ZERO},
    )
    seq, prev = connection.execute(
        select(head.c.seq, head.c.hash).where(head.c.jurisdiction_id == jurisdiction_id).with_for_update()
    ).one()
    key, rows = _key(), []
    for happened in events:
        seq += 1
        happened.seq, happened.prev = seq, prev
        prev = happened.hash = _digest(happened, key)
        rows.append({column.name: getattr(happened, column.name) for column in Event.__table__.columns})
    connection.execute(Event.__table__.insert(), rows)
    connection.execute(head.update().where(head.c.jurisdiction_id == jurisdiction_id).values(seq=seq, hash=prev))
    connection.execute(set_scope, {"j": before or ""})


def _after_soft_rollback(session: Session, previous: Any) -> None:
    if previous.nested:
        kept = [pair for pair in session.info.get(_PENDING, []) if pair[0] is not previous]
        session.info[_PENDING] = kept
    else:
        session.info.pop(_PENDING, None)


def install_chain(session_factory: Any) -> None:
    """Chain the events of every transaction of these sessions."""
    event.listen(session_factory, "before_commit", _before_commit)
    event.listen(session_factory, "after_soft_rollback", _after_soft_rollback)


def broken_links(events: Iterable[Any], key: bytes) -> list[tuple[int, str]]:
    """The places where a chain, given from its first event on, does not hold: (seq, reason)."""
    faults, prev, expected = [], _ZERO, 1
    for row in events:
        if row.seq != expected:
            faults.append((row.seq, "gap"))
        elif row.prev != prev:
            faults.append((row.seq, "prev"))
        elif row.hash != _digest(row, key):
            faults.append((row.seq, "hash"))
        prev, expected = row.hash, row.seq + 1
    return faults


def verify_chain(session: Any) -> list[tuple[int, str]]:
    """Check the chain of the jurisdiction in scope, its head included. An empty list means it holds."""
    rows = session.scalars(select(Event).order_by(Event.seq)).all()
    faults = broken_links(rows, _key())
    head = session.scalars(select(EventHead)).one_or_none()
    last = (rows[-1].seq, rows[-1].hash) if rows else (0, _ZERO)
    if head is not None and (head.seq, head.hash) != last:
        faults.append((head.seq, "head"))
    return faults


def list_events(session: Any, subject_type: str, subject_id: int, limit: int = 200) -> list[Event]:
    """What happened to one thing, newest first."""
    statement = (
        select(Event)
        .where(Event.subject_type == subject_type, Event.subject_id == subject_id)
        .order_by(Event.seq.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def count_events(session: Any) -> int:
    """How many events the jurisdiction's chain holds."""
    return int(session.scalar(select(func.count()).select_from(Event)) or 0)
