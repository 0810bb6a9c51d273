"""The decisions that wait for a person, and those already made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.jurisdictions.queries import procedure_of
from app.jurisdictions.rules import Procedure
from app.kernel.actor import Actor
from app.matters.models import Approval, ApprovalVote, Matter, Obligation
from app.matters.queries.questions import question_of, questions_for
from app.matters.queries.todo.conditions import Procedures, procedures_for, rounds_for
from app.matters.queries.todo.line import MOST, Todo, earliest_clocks
from app.matters.queries.visible import visible_to
from app.matters.rules import Act, Turn, turn


def approvals_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The decisions that wait for the person, the oldest first."""
    waiting = [*rounds_waiting(session, actor, procedures_for(session, actor)), *questions_waiting(session, actor)]
    return sorted(waiting, key=lambda one: (one.approval.opened_at, one.matter.id) if one.approval else ())


def rounds_waiting(session: Any, actor: Actor, procedures: Procedures) -> list[Todo]:
    """Steps whose open round waits for one of the person's roles."""
    statement = rounds_for(actor, procedures)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    clocks = earliest_clocks(session, [matter.id for _, matter in rows])
    votes = _votes(session, [approval.id for approval, _ in rows])
    found = []
    for approval, matter in rows:
        procedure = procedure_of(session, matter.profile_version_id)
        now = _turn_of(procedure, matter, actor, frozenset(votes.get(approval.id, ())))
        clock = clocks.get((matter.id, None))
        found.append(_decision(Act.APPROVE, matter, approval, now, clock))
    return found


def questions_waiting(session: Any, actor: Actor) -> list[Todo]:
    """Decisions that are no step: extensions and whatever else somebody has asked for."""
    statement = questions_for(actor)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    clocks = _answer_clocks(session, [asked.obligation_id for asked, _ in rows if asked.obligation_id])
    found = []
    for asked, matter in rows:
        question = question_of(asked)
        now = turn(question.approval, question.approved_by, actor)
        clock = clocks.get(asked.obligation_id or 0)
        found.append(_decision(Act.AGREE, matter, asked, now, clock))
    return found


def _decision(act: Act, matter: Matter, asked: Approval, now: Turn | None, clock: Obligation | None) -> Todo:
    """A decision as a line: in which role, for whom, by when."""
    return Todo(
        matter,
        act,
        None,
        clock.due_on if clock else None,
        clock,
        role=now.role if now else None,
        for_whom=now.for_whom.name if now and now.for_whom else "",
        approval=asked,
    )


def _answer_clocks(session: Any, obligation_ids: list[int]) -> dict[int, Obligation]:
    if not obligation_ids:
        return {}
    return {one.id: one for one in session.scalars(select(Obligation).where(Obligation.id.in_(obligation_ids)))}


def decided_by(session: Any, actor: Actor, limit: int = 100) -> list[tuple[ApprovalVote, Approval, Matter]]:
    """What the person decided, the latest first."""
    rows = session.execute(
        select(ApprovalVote, Approval, Matter)
        .join(Approval, Approval.id == ApprovalVote.approval_id)
        .join(Matter, Matter.id == Approval.matter_id)
        .where(
            ApprovalVote.membership_id == actor.membership_id,
            Matter.id.in_(visible_to(actor).with_only_columns(Matter.id)),
        )
        .order_by(ApprovalVote.at.desc())
        .limit(limit)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def _turn_of(procedure: Procedure, matter: Matter, actor: Actor, approved: frozenset[str]) -> Turn | None:
    asked = procedure.step(matter.step_key).approval
    return turn(asked, approved, actor) if asked is not None else None


def _votes(session: Any, approval_ids: list[int]) -> dict[int, list[str]]:
    votes: dict[int, list[str]] = {}
    if approval_ids:
        statement = select(ApprovalVote).where(
            ApprovalVote.approval_id.in_(approval_ids), ApprovalVote.decision == "approved"
        )
        for vote in session.scalars(statement):
            votes.setdefault(vote.approval_id, []).append(vote.role_key)
    return votes
