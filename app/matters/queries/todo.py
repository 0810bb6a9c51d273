"""What waits for a person: the same rows behind the list, the tab and the number on the badge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.queries import procedure_of
from app.jurisdictions.rules import Approval as StepApproval
from app.jurisdictions.rules import Procedure, StepKind
from app.jurisdictions.rules.procedure import ApprovalMode
from app.kernel.actor import Actor
from app.matters.models import Approval, ApprovalVote, Assignment, Matter, Obligation
from app.matters.queries.questions import declines_to_sign, question_of, questions_for
from app.matters.queries.todo_conclusions import (
    ENDING,
    concluding_versions,
    conclusions_to_sign,
    may_end,
    objections_to_decide,
    to_conclude,
)
from app.matters.queries.visible import delegated_to, may_see, visible_to
from app.matters.rules import (
    Act,
    AssignmentState,
    MatterState,
    Turn,
    deciding_roles,
    turn,
)

Procedures = list[tuple[int, Procedure]]

MOST = 500
_ASLEEP = (MatterState.SUSPENDED, MatterState.CANCELLED, MatterState.ARCHIVED)

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
    """One thing that waits for the person: the act, on which matter, by when; ``for_whom`` he would decide as a deputy."""

    matter: Matter
    act: Act
    assignment_id: int | None
    due_on: dt.date | None
    obligation: Obligation | None
    role: str | None = None
    for_whom: str = ""
    approval: Approval | None = None


def todo(session: Any, actor: Actor, today: dt.date) -> list[Todo]:
    """Everything that waits for the person, the most pressing first. At most 500."""
    procedures = _procedures(session, actor)
    found = [
        *_approvals_waiting(session, actor, procedures),
        *_questions_waiting(session, actor),
        *_steps_waiting(session, actor, procedures, today),
        *_conclusions_waiting(session, actor, procedures),
        *_declined(session, actor, procedures),
        *_declines_to_sign(session, actor),
        *_parts_waiting(session, actor),
    ]
    far = dt.date.max
    return sorted(found, key=lambda one: (one.due_on or far, one.matter.created_at, one.matter.id))[:MOST]


def count_todo(session: Any, actor: Actor, today: dt.date) -> int:
    """How many lines ``todo`` lists, counted by the same conditions without reading a row."""
    procedures = _procedures(session, actor)
    counts = [
        _counted(statement)
        for statement in (
            _approvals(actor, procedures),
            questions_for(actor),
            _steps(session, actor, procedures, today),
            to_conclude(session, actor, procedures),
            conclusions_to_sign(actor),
            objections_to_decide(session, actor, procedures),
            _declined_parts(actor, procedures),
            declines_to_sign(actor),
            _parts(actor),
        )
        if statement is not None
    ]
    if not counts:
        return 0
    return min(MOST, sum(session.execute(select(*(one.scalar_subquery() for one in counts))).one()))


def count_approvals(session: Any, actor: Actor) -> int:
    """How many decisions wait for the person."""
    statements = (_approvals(actor, _procedures(session, actor)), questions_for(actor))
    counts = [_counted(statement) for statement in statements if statement is not None]
    if not counts:
        return 0
    return min(MOST, sum(session.execute(select(*(one.scalar_subquery() for one in counts))).one()))


def _counted(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None).correlate(None)


def approvals_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The decisions that wait for the person, the oldest first."""
    waiting = [*_approvals_waiting(session, actor, _procedures(session, actor)), *_questions_waiting(session, actor)]
    return sorted(waiting, key=lambda one: (one.approval.opened_at, one.matter.id) if one.approval else ())


def _approvals_waiting(session: Any, actor: Actor, procedures: Procedures) -> list[Todo]:
    statement = _approvals(actor, procedures)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    clocks = _clocks(session, [matter.id for _, matter in rows])
    votes = _votes(session, [approval.id for approval, _ in rows])
    found = []
    for approval, matter in rows:
        procedure = procedure_of(session, matter.profile_version_id)
        now = _turn_of(procedure, matter, actor, frozenset(votes.get(approval.id, ())))
        clock = clocks.get((matter.id, None))
        found.append(
            Todo(
                matter,
                Act.APPROVE,
                None,
                clock.due_on if clock else None,
                clock,
                role=now.role if now else None,
                for_whom=now.for_whom.name if now and now.for_whom else "",
                approval=approval,
            )
        )
    return found


def _questions_waiting(session: Any, actor: Actor) -> list[Todo]:
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
        found.append(
            Todo(
                matter,
                Act.AGREE,
                None,
                clock.due_on if clock else None,
                clock,
                role=now.role if now else None,
                for_whom=now.for_whom.name if now and now.for_whom else "",
                approval=asked,
            )
        )
    return found


def _answer_clocks(session: Any, obligation_ids: list[int]) -> dict[int, Obligation]:
    if not obligation_ids:
        return {}
    return {one.id: one for one in session.scalars(select(Obligation).where(Obligation.id.in_(obligation_ids)))}


def _procedures(session: Any, actor: Actor) -> Procedures:
    """The procedures matters of this jurisdiction may run under; none for somebody who does no step of the office."""
    if not any(actor.may(right) for right in ("matter:approve", *_RIGHT_AT.values())):
        return []
    versions = session.scalars(select(ProfileVersion.id).where(ProfileVersion.status != "draft"))
    return [(version, procedure_of(session, version)) for version in versions]


def _approvals(actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
    """The open rounds in which it is the turn of one of the person's roles, or of somebody absent whose deputy he is."""
    if not actor.may("matter:approve"):
        return None
    turns = [
        and_(Matter.profile_version_id == version, Matter.step_key == step.key, _turn(step.approval, actor))
        for version, procedure in procedures
        for step in procedure.steps
        if step.approval is not None and deciding_roles(step.approval, actor)
    ]
    if not turns:
        return None
    return (
        select(Approval, Matter)
        .join(Matter, Matter.id == Approval.matter_id)
        .where(
            Approval.state == "pending",
            Approval.step_key == Matter.step_key,
            Matter.state.not_in((MatterState.SUSPENDED, MatterState.CANCELLED)),
            may_see(actor),
            or_(*turns),
        )
        .order_by(Approval.opened_at, Approval.id)
    )


def _turn(approval: StepApproval, actor: Actor) -> ColumnElement[bool]:
    """``rules.turn`` in SQL: whether one of the person's roles, or an absent person's, has still to approve and may now."""
    given = select(func.count(ApprovalVote.id)).where(
        ApprovalVote.approval_id == Approval.id, ApprovalVote.decision == "approved"
    )
    mine = deciding_roles(approval, actor)
    if approval.mode is ApprovalMode.SEQUENCE:
        # roles vote in order, so the number of votes says whose turn it is
        return given.scalar_subquery().in_([place for place, role in enumerate(approval.roles) if role in mine])
    return given.where(ApprovalVote.role_key.in_(mine)).scalar_subquery() < len(mine)


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


def _clocks(session: Any, matter_ids: Iterable[int]) -> dict[tuple[int, int | None], Obligation]:
    """The earliest open clock of each matter and of each unit's part."""
    ids = list(matter_ids)
    if not ids:
        return {}
    found: dict[tuple[int, int | None], Obligation] = {}
    statement = (
        select(Obligation)
        .where(Obligation.matter_id.in_(ids), Obligation.state == "open", Obligation.stage.not_like("%_answer"))
        .order_by(Obligation.due_on.desc(), Obligation.id.desc())
    )
    for one in session.scalars(statement):
        found[one.matter_id, one.assignment_id] = one
    return found


def _steps_waiting(session: Any, actor: Actor, procedures: Procedures, today: dt.date) -> list[Todo]:
    """The office's own steps that one of the person's roles does."""
    statement = _steps(session, actor, procedures, today)
    if statement is None:
        return []
    matters = list(session.scalars(statement.limit(MOST)))
    clocks = _clocks(session, [matter.id for matter in matters])
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


def _steps(session: Any, actor: Actor, procedures: Procedures, today: dt.date) -> Select[*tuple[Any, ...]] | None:
    places: list[ColumnElement[bool]] = []
    concluding = concluding_versions(session, (version for version, _ in procedures))
    for version, procedure in procedures:
        for step in procedure.steps:
            right = _RIGHT_AT.get(step.kind)
            if right is None or not actor.may(right) or not set(step.who) & actor.roles:
                continue
            place = and_(Matter.profile_version_id == version, Matter.step_key == step.key)
            if step.by_supervising_unit:
                place = and_(place, _carried_by(actor))
            if step.kind is StepKind.DRAFT:
                place = and_(place, Matter.registered_by == actor.membership_id)
            if step.kind in ENDING and version in concluding:
                place = and_(place, may_end(today))
            places.append(place)
    if not places:
        return None
    if not actor.may("matter:read_all"):
        places = [and_(or_(*places), delegated_to(actor, today))]
    return (
        visible_to(actor, today)
        .where(or_(*places), Matter.state.not_in(_ASLEEP))
        .order_by(Matter.created_at, Matter.id)
    )


def _carried_by(actor: Actor) -> ColumnElement[bool]:
    return or_(Matter.supervising_unit_id.is_(None), Matter.supervising_unit_id == actor.unit_id)


def _declined(session: Any, actor: Actor, procedures: Procedures) -> list[Todo]:
    """Parts that were declined and wait for another unit."""
    statement = _declined_parts(actor, procedures)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    return [Todo(matter, Act.REASSIGN, assignment.id, None, None) for matter, assignment in rows]


def _declined_parts(actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
    if not actor.may("matter:dispatch"):
        return None
    places: list[ColumnElement[bool]] = []
    for version, procedure in procedures:
        for step in procedure.steps:
            if step.kind is StepKind.DISPATCH and set(step.who) & actor.roles:
                place = Matter.profile_version_id == version
                places.append(and_(place, _carried_by(actor)) if step.by_supervising_unit else place)
    if not places:
        return None
    return (
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.state == AssignmentState.DECLINED,
            Assignment.role == "lead",
            Matter.lead_unit_id.is_(None),
            Matter.state.in_((MatterState.DISPATCHED, MatterState.ACKNOWLEDGED, MatterState.IN_PROGRESS)),
            may_see(actor),
            or_(*places),
        )
        .order_by(Matter.created_at, Matter.id)
    )


def _declines_to_sign(session: Any, actor: Actor) -> list[Todo]:
    """Parts of the person's unit whose declining waits for a leader's signature."""
    statement = declines_to_sign(actor)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    return [Todo(matter, Act.CONFIRM_DECLINE, assignment.id, None, None) for matter, assignment in rows]


def _parts_waiting(session: Any, actor: Actor) -> list[Todo]:
    """The person's own unit's parts: to sign for, to report on, returned, and those whose later report is owed."""
    statement = _parts(actor)
    if statement is None:
        return []
    rows = session.execute(statement.limit(MOST)).all()
    clocks = _clocks(session, {matter.id for matter, _ in rows})
    found = []
    for matter, assignment in rows:
        clock = clocks.get((matter.id, assignment.id))
        act = _UNIT_ACTS.get(assignment.state, Act.REPORT_PROGRESS)
        if act is Act.REPORT_COMPLETION and assignment.role != "lead":
            act = Act.REPORT_PROGRESS
        found.append(Todo(matter, act, assignment.id, clock.due_on if clock else None, clock))
    return found


def _parts(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    if actor.unit_id is None or not (actor.may("matter:acknowledge") or actor.may("matter:report")):
        return None
    return (
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.unit_id == actor.unit_id,
            or_(
                Assignment.state.in_(list(_UNIT_ACTS)),
                _owes_later_report(),
            ),
            Matter.state.not_in(_ASLEEP),
            may_see(actor),
        )
        .order_by(Matter.created_at, Matter.id)
    )


def _owes_later_report() -> ColumnElement[bool]:
    """``rules.owed_report`` in SQL: the part has reported, and owes what was put right or how it went on."""
    return and_(
        Assignment.state.in_((AssignmentState.REPORTED, AssignmentState.ACCEPTED)),
        exists()
        .where(
            Obligation.assignment_id == Assignment.id,
            Obligation.stage.in_(("rectification_result", "after_completion")),
            Obligation.state == "open",
        )
        .correlate(Assignment),
    )
