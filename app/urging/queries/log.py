"""The urging log 催办记录: who was urged when and how, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app.deadlines.rules import ZONE
from app.kernel.actor import Actor
from app.kernel.outbox import INBOX, Letter
from app.matters.models import Assignment, Matter, Report
from app.matters.queries.visible import delegated_to, may_see, of_office
from app.organisation.models import Membership, Person, Unit
from app.urging.models import Urging
from app.urging.rules import ONE_DAY, URGED_STATES, Outcome

_ENDED = ("completed", "closed_out", "archived", "cancelled")


@dataclass(frozen=True)
class LogFilter:
    """What narrows the log; an empty value narrows nothing. Days are local and inclusive, ``by`` is a membership."""

    unit_id: int | None = None
    kind: str = ""
    channel: str = ""
    by: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    outcome: str = ""
    batch: str = ""
    matter_id: int | None = None


@dataclass(frozen=True)
class LogRow:
    """One urging. ``answered_at`` is when the unit did what it was asked for, ``under_way`` whether it still may."""

    urging: Urging
    matter: Matter
    unit: str
    by: str
    answered_at: dt.datetime | None
    under_way: bool


@dataclass(frozen=True)
class Delivery:
    """How far an urging got: to how many people, and how many of them have read it in the system."""

    readers: int
    read: int


def list_log(session: Any, actor: Actor, wanted: LogFilter, *, limit: int | None = 25, page: int = 1) -> list[LogRow]:
    """One page of the urgings the person sees, from 1, the newest first; all of them without a limit.

    The office sees all of the matters it sees, a unit those of its own part and of matters it supervises by delegation.
    """
    statement = _narrowed(actor, wanted, _COLUMNS).order_by(Urging.urged_at.desc(), Urging.id.desc())
    if limit is not None:
        statement = statement.limit(limit).offset((max(1, page) - 1) * limit)
    return [LogRow(row[0], row[1], row[2], row[3] or "", row[4], row[5]) for row in session.execute(statement).all()]


def count_log(session: Any, actor: Actor, wanted: LogFilter) -> dict[str, int]:
    """How many urgings ``list_log`` has under each outcome and, under "", in all; whatever ``wanted.outcome`` says."""
    columns = [func.count(Urging.id).filter(_outcome(one)).label(one.value) for one in Outcome]
    statement = _narrowed(actor, replace(wanted, outcome=""), (func.count(Urging.id).label("all"), *columns))
    row = session.execute(statement).one()._mapping
    return {"": row["all"], **{one.value: row[one.value] for one in Outcome}}


def list_urgers(session: Any, actor: Actor) -> list[tuple[int, str]]:
    """Who has urged in what the person sees: membership and name, for a filter to choose from."""
    names = (Urging.urged_by, Person.name)
    statement = (
        _narrowed(actor, LogFilter(), names).where(Urging.urged_by.is_not(None)).distinct().order_by(Person.name)
    )
    return [(row[0], row[1]) for row in session.execute(statement).all()]


def list_deliveries(session: Any, urging_ids: Sequence[int]) -> dict[int, Delivery]:
    """How far these urgings got."""
    keys = {f"urging:{one}": one for one in urging_ids}
    statement = select(Letter.dedupe_key, Letter.read_at).where(Letter.dedupe_key.in_(keys), Letter.channel == INBOX)
    found: dict[int, list[bool]] = defaultdict(list)
    for key, read_at in session.execute(statement).all():
        found[keys[key]].append(read_at is not None)
    return {one: Delivery(len(read), sum(read)) for one, read in found.items()}


def _answered_at() -> ColumnElement[dt.datetime | None]:
    """When the unit did what it was asked for, after it was asked."""
    reported = (
        select(func.min(Report.submitted_at))
        .where(Report.assignment_id == Urging.assignment_id, Report.submitted_at >= Urging.urged_at)
        .correlate(Urging)
        .scalar_subquery()
    )
    signed = case((Assignment.acknowledged_at >= Urging.urged_at, Assignment.acknowledged_at))
    return case((Urging.kind == "receipt", signed), else_=reported)


def _under_way() -> ColumnElement[bool]:
    return and_(Assignment.state.in_(URGED_STATES), Matter.state.not_in(_ENDED))


_COLUMNS = (
    Urging, Matter, Unit.short_name, Person.name, _answered_at().label("answered_at"), _under_way().label("under_way"),
)  # fmt: skip


def _outcome(name: Outcome) -> ColumnElement[bool]:
    answered = _answered_at().is_not(None)
    conditions: dict[Outcome, ColumnElement[bool]] = {
        Outcome.ANSWERED: answered,
        Outcome.WAITING: and_(~answered, _under_way()),
        Outcome.ENDED: and_(~answered, ~_under_way()),
    }
    return conditions[name]


def _narrowed(actor: Actor, wanted: LogFilter, columns: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = [may_see(actor)]
    if not of_office(actor):
        conditions.append(or_(Assignment.unit_id == actor.unit_id, delegated_to(actor)))
    if wanted.unit_id is not None:
        conditions.append(Assignment.unit_id == wanted.unit_id)
    if wanted.kind:
        conditions.append(Urging.kind == wanted.kind)
    if wanted.channel:
        conditions.append(Urging.channel == wanted.channel)
    if wanted.by is not None:
        conditions.append(Urging.urged_by == wanted.by)
    if wanted.since is not None:
        conditions.append(Urging.urged_at >= _midnight(wanted.since))
    if wanted.until is not None:
        conditions.append(Urging.urged_at < _midnight(wanted.until) + ONE_DAY)
    if wanted.batch:
        conditions.append(Urging.batch == wanted.batch)
    if wanted.matter_id is not None:
        conditions.append(Urging.matter_id == wanted.matter_id)
    if wanted.outcome:
        conditions.append(_outcome(Outcome(wanted.outcome)))
    return (
        select(*columns)
        .select_from(Urging)
        .join(Matter, Matter.id == Urging.matter_id)
        .join(Assignment, Assignment.id == Urging.assignment_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Membership, Membership.id == Urging.urged_by)
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(*conditions)
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)
