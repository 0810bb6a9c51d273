"""Everything that waits for a person, in one list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.jurisdictions.queries import procedure_of
from app.jurisdictions.rules import StepKind
from app.kernel.actor import Actor
from app.matters.queries.questions import declines_to_sign
from app.matters.queries.todo.conclusions import conclusions_to_sign, objections_to_decide, to_conclude
from app.matters.queries.todo.conditions import (
    UNIT_ACTS,
    Procedures,
    declined_for,
    parts_for,
    procedures_for,
    steps_for,
)
from app.matters.queries.todo.decisions import questions_waiting, rounds_waiting
from app.matters.queries.todo.line import MOST, Todo, earliest_clocks
from app.matters.rules import Act

# What waits at a step of each kind, as the act one does about it.
_ACT_AT: dict[StepKind, Act] = {
    StepKind.DRAFT: Act.SUBMIT,
    StepKind.REGISTRATION: Act.REGISTER,
    StepKind.SCHEME: Act.SCHEME,
    StepKind.DISPATCH: Act.DISPATCH,
    StepKind.REVIEW: Act.ACCEPT,
    StepKind.CLOSING: Act.CLOSE_OUT,
    StepKind.ARCHIVING: Act.ARCHIVE,
}


def todo(session: Any, actor: Actor, today: dt.date) -> list[Todo]:
    """Everything that waits for the person, the most pressing first. At most 500."""
    procedures = procedures_for(session, actor)
    found = [
        *rounds_waiting(session, actor, procedures),
        *questions_waiting(session, actor),
        *_steps_waiting(session, actor, procedures, today),
        *_conclusions_waiting(session, actor, procedures),
        *_declined(session, actor, procedures),
        *_declines_to_sign(session, actor),
        *_parts_waiting(session, actor),
    ]
    far = dt.date.max
    return sorted(found, key=lambda one: (one.due_on or far, one.matter.created_at, one.matter.id))[:MOST]


def _steps_waiting(session: Any, actor: Actor, procedures: Procedures, today: dt.date) -> list[Todo]:
    """The office's own steps that one of the person's roles does."""
    statement = steps_for(session, actor, procedures, today)
    if statement is None:
        return []
    matters = list(session.scalars(statement.limit(MOST)))
    clocks = earliest_clocks(session, [matter.id for matter in matters])
    found = []
    for matter in matters:
        step = procedure_of(session, matter.profile_version_id).step(matter.step_key)
        clock = clocks.get((matter.id, None))
        found.append(Todo(matter, _ACT_AT[step.kind], None, clock.due_on if clock else None, clock))
    return found


def _conclusions_waiting(session: Any, actor: Actor, procedures: Procedures) -> list[Todo]:
    """Conclusions to serve, to sign for, and objections to decide on."""
    found = []
    serving, signing = to_conclude(session, actor, procedures), conclusions_to_sign(actor)
    deciding = objections_to_decide(session, actor, procedures)
    if serving is not None:
        matters = session.scalars(serving.limit(MOST))
        found += [Todo(matter, Act.SERVE_CONCLUSION, None, None, None) for matter in matters]
    if signing is not None:
        rows = session.execute(signing.limit(MOST)).all()
        found += [Todo(matter, Act.ACKNOWLEDGE_CONCLUSION, part.id, None, None) for matter, part in rows]
    if deciding is not None:
        for matter, part_id, clock in session.execute(deciding.limit(MOST)).all():
            found.append(Todo(matter, Act.DECIDE_OBJECTION, part_id, clock.due_on if clock else None, clock))
    return found


def _declined(session: Any, actor: Actor, procedures: Procedures) -> list[Todo]:
    """Parts that were declined and wait for another unit."""
    statement = declined_for(actor, procedures)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    return [Todo(matter, Act.REASSIGN, assignment.id, None, None) for matter, assignment in rows]


def _declines_to_sign(session: Any, actor: Actor) -> list[Todo]:
    """Parts of the person's unit whose declining waits for a leader's signature."""
    statement = declines_to_sign(actor)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    return [Todo(matter, Act.CONFIRM_DECLINE, assignment.id, None, None) for matter, assignment in rows]


def _parts_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The person's own unit's parts: to sign for, to report on, returned, and those whose later report is owed."""
    statement = parts_for(actor)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    clocks = earliest_clocks(session, {matter.id for matter, _ in rows})
    found = []
    for matter, assignment in rows:
        clock = clocks.get((matter.id, assignment.id))
        act = UNIT_ACTS.get(assignment.state, Act.REPORT_PROGRESS)
        if act is Act.REPORT_COMPLETION and assignment.role != "lead":
            act = Act.REPORT_PROGRESS
        found.append(Todo(matter, act, assignment.id, clock.due_on if clock else None, clock))
    return found
