"""Counting the occasions of a period, unit by unit, and listing the ones behind a number: one statement for both."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.deadlines.rules import ZONE
from app.documents.models import Document
from app.jurisdictions.queries import find_profile_in_force
from app.jurisdictions.rules.profile import Points
from app.kernel.actor import Actor
from app.matters.models import Assignment, Matter, Obligation, Pause, Report
from app.matters.queries.visible import may_see, of_office
from app.organisation.models import Unit
from app.urging.models import EscalationSlip, PointsLetter, Urging
from app.urging.rules import ONE_DAY, Counts, Period, SlipState

HANDLING_KINDS = ("department", "township", "county", "division")
_RECEIPT = ("acknowledgement",)
_FEEDBACK = ("first_feedback", "progress", "contribution")
_RESULT = ("result", "rework", "rectification_result", "after_completion")
_COMPLETION = ("result", "rework")
_PLACE = "Asia/Shanghai"


@dataclass(frozen=True)
class Occasion:
    """One occasion that counts for a unit: the local day, the matter, what it was about (a stage, a way, a slip)."""

    on: dt.date
    matter_id: int
    title: str
    register_no: str
    about: str


@dataclass(frozen=True)
class Letter:
    """A letter or summons issued for a period."""

    letter: PointsLetter
    document_no: str


def points_of(session: Any, period: Period | None, at: dt.datetime) -> Points | None:
    """The rules of points by which a period is counted: those in force on its last day, or now while it runs."""
    last = _midnight(period.last + ONE_DAY) - dt.timedelta(seconds=1) if period is not None else at
    rules = find_profile_in_force(session, min(last, at))
    return rules.points if rules is not None else None


def list_units_counted(session: Any, actor: Actor) -> list[Unit]:
    """The handling units the person sees the points of: the office all, a unit itself."""
    handling = select(Unit).where(Unit.kind.in_(HANDLING_KINDS), Unit.active.is_(True))
    if not of_office(actor):
        handling = handling.where(Unit.id == actor.unit_id)
    return list(session.scalars(handling.order_by(Unit.position, Unit.sort_key, Unit.id)))


def count_occasions(
    session: Any, actor: Actor, period: Period, *, at: dt.datetime, unit_id: int | None = None
) -> dict[int, Counts]:
    """How often each occasion happened in a period, for every unit that had one, in one statement."""
    found = _occasions(actor, period, at, unit_id).subquery("found")
    grouped = select(found.c.unit_id, found.c.occasion, found.c.slip, func.count()).group_by(
        found.c.unit_id, found.c.occasion, found.c.slip
    )
    counts: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for unit, occasion, slip, count in session.execute(grouped).all():
        counts[unit][occasion, slip] = count
    return dict(counts)


def list_occasions(
    session: Any,
    actor: Actor,
    period: Period,
    unit_id: int,
    occasion: str,
    slip: str | None,
    *,
    at: dt.datetime,
    page: int = 1,
    page_size: int = 50,
) -> tuple[list[Occasion], int]:
    """The occasions behind one number, the latest first, and how many there are."""
    found = _occasions(actor, period, at, unit_id).subquery("found")
    wanted = select(found).where(found.c.occasion == occasion)
    if slip is not None:
        wanted = wanted.where(found.c.slip == slip)
    total = session.scalar(select(func.count()).select_from(wanted.subquery()))
    latest = wanted.order_by(found.c.on.desc(), found.c.matter_id, found.c.row_id)
    rows = session.execute(latest.limit(page_size).offset((max(1, page) - 1) * page_size)).all()
    return [Occasion(row.on, row.matter_id, row.title, row.register_no or "", row.about) for row in rows], int(
        total or 0
    )


def list_points_letters(session: Any, actor: Actor, period: Period, unit_ids: Sequence[int]) -> dict[int, list[Letter]]:
    """The letters and summons issued for a period, by unit; a unit's people get their own unit's."""
    statement = (
        select(PointsLetter, Document.document_no)
        .join(Document, Document.id == PointsLetter.document_id)
        .where(PointsLetter.period == period.key, PointsLetter.unit_id.in_(list(unit_ids)))
        .order_by(PointsLetter.id)
    )
    if not of_office(actor):
        statement = statement.where(PointsLetter.unit_id == actor.unit_id)
    issued: dict[int, list[Letter]] = defaultdict(list)
    for letter, number in session.execute(statement).all():
        issued[letter.unit_id].append(Letter(letter, number))
    return dict(issued)


def find_unit_counted(session: Any, actor: Actor, unit_id: int) -> Unit | None:
    """A unit whose points the person may see, or None."""
    unit: Unit | None = session.get(Unit, unit_id) if 0 < unit_id < 2**63 else None
    if unit is None or (not of_office(actor) and unit.id != actor.unit_id):
        return None
    return unit


# -- occasions --------------------------------------------------------------------------------------------------------
# A sensitive matter leaves no trace in points: they are spoken of openly, and everybody is to read the same numbers.


def _occasions(actor: Actor, period: Period, at: dt.datetime, unit_id: int | None) -> Any:
    begins, ends = _midnight(period.first), min(_midnight(period.last + ONE_DAY), at + dt.timedelta(microseconds=1))
    parts = (
        _overdue(begins, ends, at),
        _returned(begins, ends),
        _urged(begins, ends),
        _slips(begins, ends),
        _in_time(begins, ends),
    )
    conditions: list[ColumnElement[bool]] = [may_see(actor), Matter.secrecy_level != "sensitive"]
    if unit_id is not None:
        conditions.append(Assignment.unit_id == unit_id)
    if not of_office(actor):
        conditions.append(Assignment.unit_id == actor.unit_id)
    return union_all(*(part.where(*conditions) for part in parts))


def _columns(occasion: Any, instant: Any, row_id: Any, about: Any, slip: Any = "") -> list[Any]:
    return [
        (literal(occasion) if isinstance(occasion, str) else occasion).label("occasion"),
        (literal(slip) if isinstance(slip, str) else slip).label("slip"),
        Assignment.unit_id.label("unit_id"),
        cast(func.timezone(_PLACE, instant), Date).label("on"),
        Matter.id.label("matter_id"),
        Matter.title.label("title"),
        Matter.register_no.label("register_no"),
        row_id.label("row_id"),
        about.label("about"),
    ]


def _overdue(begins: dt.datetime, ends: dt.datetime, at: dt.datetime) -> Select[*tuple[Any, ...]]:
    """A clock that ran out: on the day after its last, or at its hour.

    Not one that a pause had stopped before, nor one that ended because its matter was cancelled or its part declined.
    """
    day_after = cast(Obligation.due_on.op("+")(literal(1, Integer)), DateTime)
    ran_out = func.coalesce(Obligation.due_at, func.timezone(_PLACE, day_after))
    stopped = exists().where(Pause.matter_id == Matter.id, Pause.until_on.is_(None), Pause.from_on <= Obligation.due_on)
    late = or_(
        and_(Obligation.state == "open", ran_out <= at, ~stopped.correlate(Matter, Obligation)),
        and_(Obligation.state.in_(("met", "superseded")), Obligation.met_at > ran_out),
    )
    occasion = case(
        (Obligation.stage.in_(_RECEIPT), "receipt_overdue"),
        (Obligation.stage.in_(_FEEDBACK), "feedback_overdue"),
        else_="result_overdue",
    )
    return (
        select(*_columns(occasion, ran_out, Obligation.id, Obligation.stage))
        .select_from(Obligation)
        .join(Assignment, Assignment.id == Obligation.assignment_id)
        .join(Matter, Matter.id == Obligation.matter_id)
        .where(
            Obligation.stage.in_(_RECEIPT + _FEEDBACK + _RESULT),
            ran_out >= begins,
            ran_out < ends,
            late,
        )
    )


def _returned(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns("returned_for_rework", Report.reviewed_at, Report.id, Report.kind))
        .select_from(Report)
        .join(Assignment, Assignment.id == Report.assignment_id)
        .join(Matter, Matter.id == Report.matter_id)
        .where(Report.review_state == "returned", Report.reviewed_at >= begins, Report.reviewed_at < ends)
    )


def _urged(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns("urged", Urging.urged_at, Urging.id, Urging.kind))
        .select_from(Urging)
        .join(Assignment, Assignment.id == Urging.assignment_id)
        .join(Matter, Matter.id == Urging.matter_id)
        .where(Urging.urged_at >= begins, Urging.urged_at < ends)
    )


def _slips(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    slip = EscalationSlip
    return (
        select(*_columns("slip_issued", slip.issued_at, slip.id, slip.name, slip.slip_key))
        .select_from(slip)
        .join(Assignment, Assignment.id == slip.assignment_id)
        .join(Matter, Matter.id == slip.matter_id)
        .where(slip.state != SlipState.WITHDRAWN, slip.issued_at >= begins, slip.issued_at < ends)
    )


def _in_time(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    """A lead whose report was accepted and none of whose result clocks was late; counted on the day of acceptance."""
    mine = and_(Obligation.assignment_id == Assignment.id, Obligation.stage.in_(_COMPLETION), Obligation.state == "met")
    met_on = cast(func.timezone(_PLACE, Obligation.met_at), Date)
    late = or_(met_on > Obligation.due_on, and_(Obligation.due_at.is_not(None), Obligation.met_at > Obligation.due_at))
    return (
        select(*_columns("completed_on_time", Matter.completed_at, Assignment.id, Assignment.role))
        .select_from(Assignment)
        .join(Matter, Matter.id == Assignment.matter_id)
        .where(
            Assignment.role == "lead",
            Assignment.state == "accepted",
            Matter.completed_at >= begins,
            Matter.completed_at < ends,
            exists().where(mine).correlate(Assignment),
            ~exists().where(mine, late).correlate(Assignment),
        )
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)
