"""The burden meter 负担表: what each unit was asked for in a month, counted and listed by one statement."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, String, cast, func, literal, null, select, union_all

from app.deadlines.rules import ZONE
from app.kernel.actor import Actor
from app.kernel.outbox import INBOX, Letter
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.visible import SENSITIVE, may_see, of_office
from app.organisation.models import Membership, Unit
from app.urging.models import EscalationSlip, PointsLetter, Urging
from app.urging.queries.points import HANDLING_KINDS
from app.urging.rules import ONE_DAY, Period, SlipState

ASKED = ("dispatched", "reports", "reminders", "urgings", "slips", "letters")
"""What a unit is asked for: matters, reports that fall due, reminders by the clock, urgings, slips, letters on points."""

REPORT_STAGES = (
    "first_feedback", "progress", "contribution", "result", "rework", "rectification_result", "after_completion",
)  # fmt: skip
_PLACE = "Asia/Shanghai"
_NUMBER = "^obligation:([0-9]+):"


@dataclass(frozen=True)
class Burden:
    """One thing a unit was asked for: on which local day, about which matter (None: about none), what it was."""

    on: dt.date
    unit: str
    matter_id: int | None
    title: str
    register_no: str
    about: str


def count_burden(session: Any, actor: Actor, month: Period) -> dict[int, Mapping[str, int]]:
    """How often each unit was asked for each of ``ASKED`` in a month; units that were asked for nothing are left out."""
    found = _asked(actor, month).subquery("found")
    grouped = select(found.c.unit_id, found.c.what, func.count()).group_by(found.c.unit_id, found.c.what)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, what, count in session.execute(grouped).all():
        counts[unit_id][what] = count
    return dict(counts)


def list_burden(
    session: Any, actor: Actor, month: Period, what: str, unit_id: int | None, *, page: int = 1, page_size: int = 50
) -> tuple[list[Burden], int]:
    """What stands behind one number, the latest first, and how many there are; of all units without a ``unit_id``."""
    found = _asked(actor, month).subquery("found")
    wanted = select(found, Unit.short_name).join(Unit, Unit.id == found.c.unit_id).where(found.c.what == what)
    if unit_id is not None:
        wanted = wanted.where(found.c.unit_id == unit_id)
    total = session.scalar(wanted.with_only_columns(func.count(found.c.row_id)))
    latest = wanted.order_by(found.c.on.desc(), found.c.row_id.desc())
    rows = session.execute(latest.limit(page_size).offset((max(1, page) - 1) * page_size)).all()
    return [
        Burden(row.on, row.short_name, row.matter_id, row.title or "", row.register_no or "", row.about) for row in rows
    ], int(total or 0)


# A sensitive matter leaves no trace here, as in points: everybody is to read the same numbers.


def _asked(actor: Actor, month: Period) -> Any:
    begins, ends = _midnight(month.first), _midnight(month.last + ONE_DAY)
    handling = select(Unit.id).where(Unit.kind.in_(HANDLING_KINDS), Unit.active.is_(True))
    seen: list[ColumnElement[bool]] = [
        may_see(actor),
        Matter.secrecy_level != SENSITIVE,
        Assignment.unit_id.in_(handling),
    ]
    letters = _letters(begins, ends).where(PointsLetter.unit_id.in_(handling))
    if not of_office(actor):
        seen.append(Assignment.unit_id == actor.unit_id)
        letters = letters.where(PointsLetter.unit_id == actor.unit_id)
    parts = (
        _dispatched(begins, ends),
        _reports(month),
        _reminders(begins, ends),
        _urgings(begins, ends),
        _slips(begins, ends),
    )
    return union_all(*(part.where(*seen) for part in parts), letters)


def _columns(what: str, on: Any, row_id: Any, about: Any) -> list[Any]:
    return [
        literal(what).label("what"),
        Assignment.unit_id.label("unit_id"),
        on.label("on"),
        Matter.id.label("matter_id"),
        Matter.title.label("title"),
        Matter.register_no.label("register_no"),
        row_id.label("row_id"),
        about.label("about"),
    ]


def _day(instant: Any) -> Any:
    return cast(func.timezone(_PLACE, instant), Date)


def _dispatched(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns("dispatched", _day(Assignment.notified_at), Assignment.id, Assignment.role))
        .select_from(Assignment)
        .join(Matter, Matter.id == Assignment.matter_id)
        .where(Assignment.notified_at >= begins, Assignment.notified_at < ends)
    )


def _reports(month: Period) -> Select[*tuple[Any, ...]]:
    """The reports that fall due in the month; one that was taken back or overtaken by another is owed no more."""
    return (
        select(*_columns("reports", Obligation.due_on, Obligation.id, Obligation.stage))
        .select_from(Obligation)
        .join(Assignment, Assignment.id == Obligation.assignment_id)
        .join(Matter, Matter.id == Obligation.matter_id)
        .where(
            Obligation.stage.in_(REPORT_STAGES),
            Obligation.state.in_(("open", "met")),
            Obligation.due_on >= month.first,
            Obligation.due_on <= month.last,
        )
    )


def _reminders(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    """What the clock wrote to the unit's people: one occasion of one clock is one reminder, however many read it."""
    clock = cast(func.substring(Letter.dedupe_key, _NUMBER), BigInteger)
    return (
        select(*_columns("reminders", _day(func.min(Letter.created_at)), func.min(Letter.id), Obligation.stage))
        .select_from(Letter)
        .join(Obligation, Obligation.id == clock)
        .join(Assignment, Assignment.id == Obligation.assignment_id)
        .join(Matter, Matter.id == Obligation.matter_id)
        .join(Membership, (Membership.person_id == Letter.recipient_id) & (Membership.unit_id == Assignment.unit_id))
        .where(
            Letter.kind.startswith("obligation."),
            Letter.channel == INBOX,
            Letter.created_at >= begins,
            Letter.created_at < ends,
        )
        .group_by(Letter.dedupe_key, Assignment.unit_id, Matter.id, Matter.title, Matter.register_no, Obligation.stage)
    )


def _urgings(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns("urgings", _day(Urging.urged_at), Urging.id, Urging.kind))
        .select_from(Urging)
        .join(Assignment, Assignment.id == Urging.assignment_id)
        .join(Matter, Matter.id == Urging.matter_id)
        .where(Urging.urged_at >= begins, Urging.urged_at < ends)
    )


def _slips(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    slip = EscalationSlip
    return (
        select(*_columns("slips", _day(slip.issued_at), slip.id, slip.name))
        .select_from(slip)
        .join(Assignment, Assignment.id == slip.assignment_id)
        .join(Matter, Matter.id == slip.matter_id)
        .where(slip.state != SlipState.WITHDRAWN, slip.issued_at >= begins, slip.issued_at < ends)
    )


def _letters(begins: dt.datetime, ends: dt.datetime) -> Select[*tuple[Any, ...]]:
    return select(
        literal("letters").label("what"),
        PointsLetter.unit_id.label("unit_id"),
        _day(PointsLetter.issued_at).label("on"),
        cast(null(), BigInteger).label("matter_id"),
        cast(null(), String).label("title"),
        cast(null(), String).label("register_no"),
        PointsLetter.id.label("row_id"),
        PointsLetter.consequence.label("about"),
    ).where(PointsLetter.issued_at >= begins, PointsLetter.issued_at < ends)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)
