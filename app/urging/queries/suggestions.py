"""Reading what the ladder has laid before the office: urgings to be sent, candidates for the bulletin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.kernel.actor import Actor
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.visible import may_see
from app.organisation.models import Unit
from app.urging.models import Suggestion
from app.urging.rules import LATER_STAGES, QUIET_ASSIGNMENT_STATES, QUIET_MATTER_STATES

SHOWN = ("urging", "bulletin", "settled")


@dataclass(frozen=True)
class SuggestionRow:
    """One suggestion with what a list says of it."""

    suggestion: Suggestion
    matter: Matter
    part: Assignment
    unit: str
    clock: Obligation


def count_suggestions(session: Any, actor: Actor, today: dt.date) -> dict[str, int]:
    """How many suggestions ``list_suggestions`` has under each of ``SHOWN``."""
    columns = [func.count(Suggestion.id).filter(_shown(name)).label(name) for name in SHOWN]
    row = session.execute(_rows(actor, today).with_only_columns(*columns)).one()._mapping
    return {name: int(row[name]) for name in SHOWN}


def list_suggestions(
    session: Any, actor: Actor, shown: str, today: dt.date, *, page: int = 1, page_size: int = 25
) -> list[SuggestionRow]:
    """One page of the suggestions the person sees, from 1: what waits by its date, what is over with the newest first.

    An urging or a candidate waits while its clock runs on the date it was raised for: what was answered meanwhile, or given
    more time, is over by itself. It is quiet while the matter is paused.
    """
    order = (Suggestion.due_on, Suggestion.id) if shown != "settled" else (Suggestion.id.desc(),)
    rows = _rows(actor, today).where(_shown(shown)).order_by(*order)
    found = session.execute(rows.limit(page_size).offset((max(1, page) - 1) * page_size)).all()
    return [SuggestionRow(*row) for row in found]


def parts_of_suggestions(session: Any, actor: Actor, ids: Sequence[int], today: dt.date) -> list[int]:
    """The units' parts that the suggestions of these ids are about, of those the person sees, in order."""
    rows = _rows(actor, today).where(Suggestion.id.in_(ids)).with_only_columns(Suggestion.assignment_id)
    return sorted(set(session.scalars(rows)))


def _rows(actor: Actor, today: dt.date) -> Select[*tuple[Any, ...]]:
    return (
        select(Suggestion, Matter, Assignment, Unit.short_name, Obligation)
        .join(Matter, Matter.id == Suggestion.matter_id)
        .join(Assignment, Assignment.id == Suggestion.assignment_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Obligation, Obligation.id == Suggestion.obligation_id)
        .where(may_see(actor, today))
    )


def _shown(name: str) -> ColumnElement[bool]:
    later = Obligation.stage.in_(LATER_STAGES)
    stands = and_(Obligation.state == "open", Obligation.due_on == Suggestion.due_on)
    speaks = and_(
        stands,
        Matter.state.not_in(QUIET_MATTER_STATES) | and_(Matter.state == "closed_out", later),
        Assignment.state.not_in(QUIET_ASSIGNMENT_STATES) | later,
        ~Obligation.extension_asked,
    )
    if name == "settled":
        return Suggestion.settled_at.is_not(None) | ~stands
    return and_(Suggestion.kind == name, Suggestion.settled_at.is_(None), speaks)
