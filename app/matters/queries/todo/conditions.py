"""Which rows wait for a person, as statements: lists read them, badges count them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.queries import procedure_of
from app.jurisdictions.rules import Approval as StepApproval
from app.jurisdictions.rules import Procedure, StepKind
from app.jurisdictions.rules.procedure import ApprovalMode
from app.kernel.actor import Actor
from app.matters.models import Approval, ApprovalVote, Assignment, Matter, Obligation
from app.matters.queries.todo.conclusions import ENDING, concluding_versions, may_end
from app.matters.queries.visible import delegated_to, may_see, visible_to
from app.matters.rules import Act, AssignmentState, MatterState, deciding_roles

Procedures = list[tuple[int, Procedure]]

_ASLEEP = (MatterState.SUSPENDED, MatterState.CANCELLED, MatterState.ARCHIVED)

_RIGHT_AT: dict[StepKind, str] = {
    StepKind.DRAFT: "matter:register",
    StepKind.REGISTRATION: "matter:number",
    StepKind.SCHEME: "matter:scheme",
    StepKind.DISPATCH: "matter:dispatch",
    StepKind.REVIEW: "matter:review",
    StepKind.CLOSING: "matter:close",
    StepKind.ARCHIVING: "matter:archive",
}

UNIT_ACTS: dict[str, Act] = {
    AssignmentState.NOTIFIED: Act.ACKNOWLEDGE,
    AssignmentState.ACKNOWLEDGED: Act.REPORT_PROGRESS,
    AssignmentState.IN_PROGRESS: Act.REPORT_PROGRESS,
    AssignmentState.RETURNED: Act.REPORT_COMPLETION,
}


def procedures_for(session: Any, actor: Actor) -> Procedures:
    """The procedures matters of this jurisdiction may run under; none for somebody who does no step of the office."""
    if not any(actor.may(right) for right in ("matter:approve", *_RIGHT_AT.values())):
        return []
    versions = session.scalars(select(ProfileVersion.id).where(ProfileVersion.status != "draft"))
    return [(version, procedure_of(session, version)) for version in versions]


def rounds_for(actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
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


def steps_for(session: Any, actor: Actor, procedures: Procedures, today: dt.date) -> Select[*tuple[Any, ...]] | None:
    """The matters at a step of the office that one of the person's roles does."""
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


def declined_for(actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
    """The lead parts that were declined and wait for whoever dispatches."""
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


def parts_for(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """The parts of the person's unit on which an act is open."""
    if actor.unit_id is None or not (actor.may("matter:acknowledge") or actor.may("matter:report")):
        return None
    return (
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.unit_id == actor.unit_id,
            or_(
                Assignment.state.in_(list(UNIT_ACTS)),
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
