"""What waits for a person: the same rows behind the list, the tab and the number on the badge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.jurisdictions.queries import find_version_in_force, procedure_of
from app.jurisdictions.rules import Procedure, StepChoice, StepKind
from app.kernel.actor import Actor
from app.matters.models import Approval, ApprovalVote, Assignment, Matter, Obligation
from app.matters.queries.case import actor_facts
from app.matters.queries.visible import visible_to
from app.matters.rules import (
    Act,
    ApprovalFacts,
    AssignmentState,
    Case,
    MatterFacts,
    MatterState,
    pending_role,
)

MOST = 500

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

_RIGHT_AT: dict[StepKind, str] = {
    StepKind.DRAFT: "matter:register",
    StepKind.REGISTRATION: "matter:number",
    StepKind.SCHEME: "matter:scheme",
    StepKind.DISPATCH: "matter:dispatch",
    StepKind.REVIEW: "matter:review",
    StepKind.CLOSING: "matter:close",
    StepKind.ARCHIVING: "matter:archive",
}

_UNIT_ACTS: dict[str, Act] = {
    AssignmentState.NOTIFIED: Act.ACKNOWLEDGE,
    AssignmentState.ACKNOWLEDGED: Act.REPORT_PROGRESS,
    AssignmentState.IN_PROGRESS: Act.REPORT_PROGRESS,
    AssignmentState.RETURNED: Act.REPORT_COMPLETION,
}


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the person: the act, on which matter, by when."""

    matter: Matter
    act: Act
    assignment_id: int | None
    due_on: dt.date | None
    obligation: Obligation | None
    role: str | None = None
    approval: Approval | None = None


def todo(session: Any, actor: Actor, today: dt.date) -> list[Todo]:
    """Everything that waits for the person, the most pressing first. At most 500."""
    found = [
        *approvals_waiting(session, actor),
        *_steps_waiting(session, actor),
        *_parts_waiting(session, actor),
    ]
    far = dt.date.max
    return sorted(found, key=lambda one: (one.due_on or far, one.matter.created_at, one.matter.id))[:MOST]


def count_todo(session: Any, actor: Actor, today: dt.date) -> int:
    """How many lines ``todo`` lists."""
    return len(todo(session, actor, today))


def count_approvals(session: Any, actor: Actor) -> int:
    """How many decisions wait for the person."""
    return len(approvals_waiting(session, actor))


def approvals_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The decisions that wait for the person, the oldest first."""
    if not actor.may("matter:approve"):
        return []
    rows = session.execute(
        select(Approval, Matter)
        .join(Matter, Matter.id == Approval.matter_id)
        .where(
            Approval.state == "pending",
            Approval.step_key == Matter.step_key,
            Matter.state.not_in((MatterState.SUSPENDED, MatterState.CANCELLED)),
            Matter.id.in_(visible_to(actor).with_only_columns(Matter.id)),
        )
        .order_by(Approval.opened_at)
        .limit(MOST)
    ).all()
    clocks = _clocks(session, [matter.id for _, matter in rows])
    votes = _votes(session, [approval.id for approval, _ in rows])
    found = []
    for approval, matter in rows:
        procedure = procedure_of(session, matter.profile_version_id)
        role = _role(procedure, matter, actor, frozenset(votes.get(approval.id, ())))
        if role is not None:
            clock = clocks.get((matter.id, None))
            found.append(
                Todo(matter, Act.APPROVE, None, clock.due_on if clock else None, clock, role=role, approval=approval)
            )
    return found


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


def _role(procedure: Procedure, matter: Matter, actor: Actor, approved: frozenset[str]) -> str | None:
    from_step = procedure.step(matter.step_key)
    facts = MatterFacts(
        state=MatterState(matter.state),
        step_key=matter.step_key,
        choice=StepChoice("", matter.urgency, matter.origin_level, matter.handling_mode),
        approval=ApprovalFacts(approved),
    )
    return pending_role(Case(procedure, facts, actor_facts(actor)), from_step)


def _votes(session: Any, approval_ids: list[int]) -> dict[int, list[str]]:
    votes: dict[int, list[str]] = {}
    if approval_ids:
        statement = select(ApprovalVote).where(
            ApprovalVote.approval_id.in_(approval_ids), ApprovalVote.decision == "approved"
        )
        for vote in session.scalars(statement):
            votes.setdefault(vote.approval_id, []).append(vote.role_key)
    return votes


def _clocks(session: Any, matter_ids: Iterable[int]) -> dict[tuple[int, int | None], Obligation]:
    """The earliest open clock of each matter and of each unit's part."""
    ids = list(matter_ids)
    if not ids:
        return {}
    found: dict[tuple[int, int | None], Obligation] = {}
    statement = (
        select(Obligation)
        .where(Obligation.matter_id.in_(ids), Obligation.state == "open")
        .order_by(Obligation.due_on.desc(), Obligation.id.desc())
    )
    for one in session.scalars(statement):
        found[one.matter_id, one.assignment_id] = one
    return found


def _steps_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The office's own steps that one of the person's roles does."""
    wanted = [kind for kind, right in _RIGHT_AT.items() if actor.may(right)]
    version = find_version_in_force(session)
    if not wanted or version is None:
        return []
    states = (
        MatterState.DRAFT,
        MatterState.LISTED,
        MatterState.REGISTERED,
        MatterState.REPORTED,
        MatterState.COMPLETED,
        MatterState.CLOSED_OUT,
    )
    matters = list(
        session.scalars(
            visible_to(actor)
            .where(Matter.state.in_([state.value for state in states]))
            .order_by(Matter.created_at)
            .limit(MOST)
        )
    )
    clocks = _clocks(session, [matter.id for matter in matters])
    found = []
    for matter in matters:
        step = procedure_of(session, matter.profile_version_id).step(matter.step_key)
        if step.kind not in wanted or not set(step.who) & actor.roles:
            continue
        if step.by_supervising_unit and matter.supervising_unit_id not in (None, actor.unit_id):
            continue
        if step.kind is StepKind.DRAFT and matter.registered_by != actor.membership_id:
            continue
        clock = clocks.get((matter.id, None))
        found.append(Todo(matter, _ACT_AT[step.kind], None, clock.due_on if clock else None, clock))
    return found + _declined(session, actor)


def _declined(session: Any, actor: Actor) -> list[Todo]:
    """Parts that were declined and wait for another unit."""
    if not actor.may("matter:dispatch"):
        return []
    rows = session.execute(
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.state == AssignmentState.DECLINED,
            Assignment.role == "lead",
            Matter.lead_unit_id.is_(None),
            Matter.state.in_((MatterState.DISPATCHED, MatterState.ACKNOWLEDGED, MatterState.IN_PROGRESS)),
            Matter.id.in_(visible_to(actor).with_only_columns(Matter.id)),
        )
        .limit(MOST)
    ).all()
    return [Todo(matter, Act.REASSIGN, assignment.id, None, None) for matter, assignment in rows]


def _parts_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The person's own unit's parts: to sign for, to report on, returned."""
    if actor.unit_id is None or not (actor.may("matter:acknowledge") or actor.may("matter:report")):
        return []
    rows = session.execute(
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.unit_id == actor.unit_id,
            Assignment.state.in_(list(_UNIT_ACTS)),
            Matter.state.not_in((MatterState.SUSPENDED, MatterState.CANCELLED, MatterState.ARCHIVED)),
            Matter.id.in_(visible_to(actor).with_only_columns(Matter.id)),
        )
        .limit(MOST)
    ).all()
    clocks = _clocks(session, {matter.id for matter, _ in rows})
    found = []
    for matter, assignment in rows:
        clock = clocks.get((matter.id, assignment.id))
        act = _UNIT_ACTS[assignment.state]
        if act is Act.REPORT_COMPLETION and assignment.role != "lead":
            act = Act.REPORT_PROGRESS
        found.append(Todo(matter, act, assignment.id, clock.due_on if clock else None, clock))
    return found
