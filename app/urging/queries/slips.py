"""Reading escalation slips: those of a matter, those of the jurisdiction, and what a new one is decided on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from app.deadlines.rules import WorkingCalendar
from app.documents.models import Document
from app.kernel.actor import Actor
from app.kernel.clock import local_date
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.case import reading_of
from app.matters.queries.visible import may_see, of_office
from app.organisation.models import Unit
from app.urging.models import EscalationSlip
from app.urging.rules import CLOCKS, OPEN_SLIPS, Former, PartFacts, SlipState

SHOWN = ("running", "ran_out", "asked", "answered", "withdrawn")


@dataclass(frozen=True)
class SlipFilter:
    """What narrows the list of slips; an empty value narrows nothing. ``shown`` is one of ``SHOWN``."""

    shown: str = ""
    colour: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class SlipRow:
    """One slip with what a list says of it."""

    slip: EscalationSlip
    matter: Matter
    unit: str
    document_no: str
    clock: Obligation | None


@dataclass(frozen=True)
class SlipPage:
    """One page of slips, and how many there are in all."""

    rows: tuple[SlipRow, ...]
    total: int


def list_slips_of(session: Any, actor: Actor, matter_id: int) -> list[SlipRow]:
    """The slips of a matter, the newest first; a unit sees those issued to it and not those only asked for.

    Whether the reader may know of the matter is asked here once more.
    """
    statement = _rows(actor).where(EscalationSlip.matter_id == matter_id).order_by(EscalationSlip.id.desc())
    return [_row(row) for row in session.execute(statement).all()]


def list_open_slips(session: Any, matter_id: int, assignment_id: int | None = None) -> list[EscalationSlip]:
    """The slips of a matter, or of one part, that are asked for or with the unit; locked until the transaction ends."""
    statement = select(EscalationSlip).where(
        EscalationSlip.matter_id == matter_id, EscalationSlip.state.in_(OPEN_SLIPS)
    )
    if assignment_id is not None:
        statement = statement.where(EscalationSlip.assignment_id == assignment_id)
    return list(session.scalars(statement.order_by(EscalationSlip.id).with_for_update(key_share=True)))


def list_slips(
    session: Any, actor: Actor, wanted: SlipFilter, *, today: dt.date, page: int = 1, page_size: int = 25
) -> SlipPage:
    """One page of the slips the person sees, from 1, the newest first."""
    narrowed = _narrow(_rows(actor), wanted, today)
    newest = narrowed.order_by(EscalationSlip.id.desc()).limit(page_size).offset((max(1, page) - 1) * page_size)
    rows = tuple(_row(row) for row in session.execute(newest).all())
    total = session.scalar(narrowed.with_only_columns(func.count(EscalationSlip.id)).order_by(None))
    return SlipPage(rows, int(total or 0))


def count_slips(session: Any, actor: Actor, wanted: SlipFilter, *, today: dt.date) -> dict[str, int]:
    """How many slips ``list_slips`` has under each of ``SHOWN`` and, under "", in all; whatever ``wanted.shown`` says."""
    columns = [func.count(EscalationSlip.id).filter(_shown(name, today)).label(name) for name in SHOWN]
    others = SlipFilter("", wanted.colour, wanted.unit_id)
    statement = _narrow(_rows(actor), others, today).with_only_columns(
        func.count(EscalationSlip.id).label("all"), *columns
    )
    row = session.execute(statement).one()._mapping
    return {"": int(row["all"])} | {name: int(row[name]) for name in SHOWN}


def _rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    statement = (
        select(EscalationSlip, Matter, Unit.short_name, Document.document_no, Obligation)
        .join(Matter, Matter.id == EscalationSlip.matter_id)
        .join(Assignment, Assignment.id == EscalationSlip.assignment_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Document, Document.id == EscalationSlip.document_id)
        .outerjoin(Obligation, Obligation.id == EscalationSlip.obligation_id)
        .where(may_see(actor))
    )
    if of_office(actor):
        return statement
    return statement.where(Assignment.unit_id == actor.unit_id, EscalationSlip.issued_at.is_not(None))


def _row(row: Any) -> SlipRow:
    return SlipRow(row[0], row[1], row[2], row[3] or "", row[4])


def _shown(name: str, today: dt.date) -> ColumnElement[bool]:
    late = and_(Obligation.due_on < today, Matter.state != "suspended")
    conditions: dict[str, ColumnElement[bool]] = {
        "running": and_(EscalationSlip.state == SlipState.ISSUED, ~late),
        "ran_out": and_(EscalationSlip.state == SlipState.ISSUED, late),
        "asked": EscalationSlip.state == SlipState.ASKED,
        "answered": EscalationSlip.state == SlipState.ANSWERED,
        "withdrawn": EscalationSlip.state == SlipState.WITHDRAWN,
    }
    return conditions[name]


def _narrow(statement: Select[*tuple[Any, ...]], wanted: SlipFilter, today: dt.date) -> Select[*tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.shown:
        conditions.append(_shown(wanted.shown, today))
    if wanted.colour:
        conditions.append(EscalationSlip.colour == wanted.colour)
    if wanted.unit_id is not None:
        conditions.append(Assignment.unit_id == wanted.unit_id)
    return statement.where(*conditions)


def facts_of_part(
    session: Any,
    matter: Matter,
    assignment: Assignment,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    at: dt.datetime | None = None,
    but: int | None = None,
) -> PartFacts:
    """What a slip to this part is decided on; ``but`` is the slip itself when it has been asked for already."""
    return facts_of_parts(session, matter, [assignment], calendar, today, at=at, but=but)[assignment.id]


def facts_of_parts(
    session: Any,
    matter: Matter,
    assignments: Iterable[Assignment],
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    at: dt.datetime | None = None,
    but: int | None = None,
) -> dict[int, PartFacts]:
    """The same for several parts of one matter, in two statements."""
    parts = list(assignments)
    running: dict[int, list[Obligation]] = {part.id: [] for part in parts}
    clocks = select(Obligation).where(
        Obligation.matter_id == matter.id,
        Obligation.assignment_id.in_(running),
        Obligation.stage.in_(CLOCKS),
        Obligation.state == "open",
    )
    for clock in session.scalars(clocks.order_by(Obligation.due_on, Obligation.id)):
        running[clock.assignment_id].append(clock)
    formers: dict[int, list[Former]] = {part.id: [] for part in parts}
    had = (
        select(EscalationSlip, Obligation.due_on)
        .outerjoin(Obligation, Obligation.id == EscalationSlip.obligation_id)
        .where(EscalationSlip.matter_id == matter.id, EscalationSlip.state != SlipState.WITHDRAWN)
        .order_by(EscalationSlip.id)
    )
    for slip, due_on in session.execute(had).all():
        if slip.assignment_id in formers and slip.id != but:
            answered_on = local_date(slip.answered_at) if slip.answered_at else None
            formers[slip.assignment_id].append(Former(slip.slip_key, slip.state, due_on, answered_on))
    return {
        part.id: PartFacts(
            matter.state,
            part.state,
            _overdue(running[part.id], calendar, today, at),
            tuple(formers[part.id]),
            any(clock.extension_asked for clock in running[part.id][:1]),
        )
        for part in parts
    }


def _overdue(
    running: list[Obligation], calendar: WorkingCalendar, today: dt.date, at: dt.datetime | None
) -> int | None:
    """By how many working days the earliest clock of a part is late; None where none is."""
    readings = [reading_of(clock, calendar, today, at=at) for clock in running[:1]]
    return next((reading.overdue for reading in readings if reading.light == "bad"), None)
