"""How much waits for a person, counted without reading a row."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, func, select

from app.kernel.actor import Actor
from app.matters.queries.questions import declines_to_sign, questions_for
from app.matters.queries.todo.conclusions import conclusions_to_sign, objections_to_decide, to_conclude
from app.matters.queries.todo.conditions import declined_for, parts_for, procedures_for, rounds_for, steps_for
from app.matters.queries.todo.line import MOST


def count_todo(session: Any, actor: Actor, today: dt.date) -> int:
    """How many lines ``todo`` lists, counted by the same conditions without reading a row."""
    procedures = procedures_for(session, actor)
    counts = [
        _counted(statement)
        for statement in (
            rounds_for(actor, procedures),
            questions_for(actor),
            steps_for(session, actor, procedures, today),
            to_conclude(session, actor, procedures),
            conclusions_to_sign(actor),
            objections_to_decide(session, actor, procedures),
            declined_for(actor, procedures),
            declines_to_sign(actor),
            parts_for(actor),
        )
        if statement is not None
    ]
    if not counts:
        return 0
    return min(MOST, sum(session.execute(select(*(one.scalar_subquery() for one in counts))).one()))


def count_approvals(session: Any, actor: Actor) -> int:
    """How many decisions wait for the person."""
    statements = (rounds_for(actor, procedures_for(session, actor)), questions_for(actor))
    counts = [_counted(statement) for statement in statements if statement is not None]
    if not counts:
        return 0
    return min(MOST, sum(session.execute(select(*(one.scalar_subquery() for one in counts))).one()))


def _counted(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None).correlate(None)
