"""What waits for a person about conclusions: to serve one, to sign for one, to decide on an objection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.jurisdictions.queries import profile_of
from app.jurisdictions.rules import Procedure, StepKind
from app.kernel.actor import Actor
from app.matters.models import Assignment, Conclusion, Matter, Objection, Obligation, Report
from app.matters.queries.visible import may_see, visible_to
from app.matters.rules import AssignmentState, ConclusionState, MatterState
from app.organisation.models import Membership

Procedures = Sequence[tuple[int, Procedure]]
ENDING = (StepKind.CLOSING, StepKind.ARCHIVING)
_DONE = (MatterState.COMPLETED, MatterState.CLOSED_OUT)


def concluding_versions(session: Any, versions: Iterable[int]) -> frozenset[int]:
    """Of these profile versions, those under which a supervision ends with a conclusion."""
    return frozenset(one for one in versions if profile_of(session, one).conclusion is not None)


def may_end(today: dt.date) -> ColumnElement[bool]:
    """Whether nothing about conclusions stands in the way of closing out and archiving."""
    return and_(~unconcluded(), ~kept_open(today))


def to_conclude(session: Any, actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
    """The matters at an ending step of one of the person's roles on which a unit has no conclusion yet."""
    if not (actor.may("matter:review") and actor.may("matter:read_all")):
        return None
    known = concluding_versions(session, (version for version, _ in procedures))
    places = [
        and_(Matter.profile_version_id == version, Matter.step_key == step.key)
        for version, procedure in procedures
        for step in procedure.steps
        if version in known and step.kind in ENDING and set(step.who) & actor.roles
    ]
    if not places:
        return None
    found = visible_to(actor).where(or_(*places), Matter.state.in_(_DONE), unconcluded())
    return found.order_by(Matter.created_at, Matter.id)


def _of_part() -> Any:
    return (
        exists()
        .where(Conclusion.assignment_id == Assignment.id, Conclusion.state != ConclusionState.SUPERSEDED)
        .correlate(Assignment)
    )


def unconcluded() -> ColumnElement[bool]:
    """``rules.concluding.owes_conclusion`` in SQL: a part that was notified and accepted has no conclusion."""
    return (
        exists()
        .where(
            Assignment.matter_id == Matter.id,
            Assignment.state == AssignmentState.ACCEPTED,
            Assignment.document_id.is_not(None),
            ~_of_part(),
        )
        .correlate(Matter)
    )


def kept_open(today: dt.date) -> ColumnElement[bool]:
    """``rules.concluding.may_end`` in SQL: a conclusion is unsigned, can still be objected to, or is under review."""
    return (
        exists()
        .where(
            Conclusion.matter_id == Matter.id,
            or_(
                Conclusion.state.in_((ConclusionState.SERVED, ConclusionState.OBJECTED)),
                and_(Conclusion.state == ConclusionState.RECEIVED, Conclusion.objection_until >= today),
            ),
        )
        .correlate(Matter)
    )


def conclusions_to_sign(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """The conclusions served on the person's own unit that nobody has signed for."""
    if actor.unit_id is None or not actor.may("matter:acknowledge"):
        return None
    return (
        select(Matter, Assignment)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .join(Conclusion, Conclusion.assignment_id == Assignment.id)
        .where(
            Assignment.unit_id == actor.unit_id,
            Conclusion.state == ConclusionState.SERVED,
            Matter.state.in_(_DONE),
            may_see(actor),
        )
        .order_by(Matter.created_at, Matter.id)
    )


def objections_to_decide(session: Any, actor: Actor, procedures: Procedures) -> Select[*tuple[Any, ...]] | None:
    """The objections the person may decide on, with their clocks: none of a matter he took part in where that bars him."""
    if not (actor.may("matter:review") and actor.may("matter:read_all")):
        return None
    sections = {version: profile_of(session, version).conclusion for version, _ in procedures}
    if not any(sections.values()):
        return None
    recusing = [version for version, said in sections.items() if said is not None and said.recusal]
    return (
        select(Matter, Conclusion.assignment_id, Obligation)
        .join(Conclusion, Conclusion.matter_id == Matter.id)
        .join(Objection, Objection.conclusion_id == Conclusion.id)
        .outerjoin(Obligation, Obligation.id == Objection.obligation_id)
        .where(
            Conclusion.state == ConclusionState.OBJECTED,
            Matter.state.in_(_DONE),
            may_see(actor),
            or_(Matter.profile_version_id.not_in(recusing), ~_took_part(actor)),
        )
        .order_by(Matter.created_at, Matter.id)
    )


def _took_part(actor: Actor) -> ColumnElement[bool]:
    """``queries.conclusions.took_part`` in SQL, over all memberships of the person."""
    mine = select(Membership.id).where(Membership.person_id == actor.person_id)
    reviewed = exists().where(Report.matter_id == Matter.id, Report.reviewed_by.in_(mine)).correlate(Matter)
    other = Conclusion.__table__.alias("served_by_me")
    served = exists().where(other.c.matter_id == Matter.id, other.c.served_by.in_(mine)).correlate(Matter)
    return or_(Matter.registered_by.in_(mine), reviewed, served)
