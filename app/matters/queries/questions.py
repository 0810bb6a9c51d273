"""The open questions that are no step of a procedure, and in which of them it is a person's turn."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.jurisdictions.rules import Approval as ApprovalRule
from app.jurisdictions.rules import ApprovalMode
from app.kernel.actor import Actor
from app.matters.models import STEP, Approval, ApprovalVote, Assignment, Matter
from app.matters.queries.visible import may_see
from app.matters.rules import AskedFacts, AssignmentState, MatterState


def questions_for(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """The open questions that it is the person's turn to decide, himself or as a deputy, the oldest first."""
    if not actor.may("matter:approve"):
        return None
    lent = actor.roles.union(*(absent.roles for absent in actor.stands_in_for))
    return (
        select(Approval, Matter)
        .join(Matter, Matter.id == Approval.matter_id)
        .where(
            Approval.state == "pending",
            Approval.purpose != STEP,
            Matter.state.not_in((MatterState.SUSPENDED, MatterState.CANCELLED, MatterState.ARCHIVED)),
            may_see(actor),
            or_(
                and_(Approval.deputies.is_(False), _turn(actor.roles)),
                and_(Approval.deputies.is_(True), _turn(lent)),
            ),
        )
        .order_by(Approval.opened_at, Approval.id)
    )


def declines_to_sign(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """The parts of the person's unit that somebody has proposed to decline and its leader has still to sign."""
    if actor.unit_id is None or not actor.may("matter:sign_report"):
        return None
    return (
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .where(
            Assignment.unit_id == actor.unit_id,
            Assignment.decline_proposed_at.is_not(None),
            Assignment.state.in_((AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED)),
            Matter.state.not_in((MatterState.SUSPENDED, MatterState.CANCELLED, MatterState.ARCHIVED)),
            may_see(actor),
        )
        .order_by(Matter.created_at, Matter.id)
    )


def open_questions(session: Any, matter_id: int) -> tuple[AskedFacts, ...]:
    """What was asked for about a matter, is no step, and waits for a decision."""
    statement = select(Approval).where(
        Approval.matter_id == matter_id, Approval.state == "pending", Approval.purpose != STEP
    )
    return tuple(question_of(one) for one in session.scalars(statement.order_by(Approval.id)))


def question_of(asked: Approval) -> AskedFacts:
    """An approval that is no step, as a decision sees it: who decides was frozen when it was asked for."""
    return AskedFacts(
        asked.id,
        asked.purpose,
        ApprovalRule(ApprovalMode(asked.mode or "any_of"), tuple(asked.roles or ()), asked.deputies),
        frozenset(vote.role_key for vote in asked.votes if vote.decision == "approved"),
    )


def _turn(roles: frozenset[str]) -> ColumnElement[bool]:
    """``rules.turn`` in SQL for what was frozen in the row: whether one of these roles may decide now."""
    if not roles:
        return false()
    agreed = (ApprovalVote.approval_id == Approval.id, ApprovalVote.decision == "approved")
    given = select(ApprovalVote.role_key).where(*agreed).correlate(Approval)
    count = select(func.count(ApprovalVote.id)).where(*agreed).correlate(Approval).scalar_subquery()
    named = (
        func.jsonb_array_elements_text(Approval.roles)
        .table_valued("role", with_ordinality="place")
        .render_derived(name="named")
    )
    return (
        select(named.c.role)
        .where(
            named.c.role.in_(sorted(roles)),
            named.c.role.not_in(given),
            # in a sequence roles vote in order, so the number of votes says whose turn it is
            or_(Approval.mode != "sequence", named.c.place == count + 1),
        )
        .correlate(Approval)
        .exists()
    )
