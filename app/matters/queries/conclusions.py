"""Conclusions, objections and who took part: what the rules of concluding are asked with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.matters.models import Conclusion, Matter, Objection, Obligation, Report
from app.matters.rules import ConclusionFacts, ConclusionState
from app.organisation.models import Membership


def list_conclusions(session: Any, matter_id: int) -> list[Conclusion]:
    """Every conclusion served in a matter, in order."""
    return list(session.scalars(select(Conclusion).where(Conclusion.matter_id == matter_id).order_by(Conclusion.id)))


def find_standing_conclusion(session: Any, assignment_id: int) -> Conclusion | None:
    """The conclusion that holds for a unit's part: the last one, unless the matter has been opened again since."""
    found: Conclusion | None = session.scalars(
        select(Conclusion)
        .where(Conclusion.assignment_id == assignment_id, Conclusion.state != ConclusionState.SUPERSEDED)
        .order_by(Conclusion.id.desc())
        .limit(1)
    ).first()
    return found


def conclusion_facts(session: Any, matter_id: int, today: dt.date) -> Mapping[int, ConclusionFacts]:
    """The conclusion of each part as a decision sees it, by the part's id."""
    rows = session.execute(
        select(Conclusion, Obligation.due_on)
        .outerjoin(Objection, Objection.conclusion_id == Conclusion.id)
        .outerjoin(Obligation, Obligation.id == Objection.obligation_id)
        .where(Conclusion.matter_id == matter_id, Conclusion.state != ConclusionState.SUPERSEDED)
        .order_by(Conclusion.id)
    ).all()
    return {
        one.assignment_id: ConclusionFacts(
            ConclusionState(one.state),
            one.objection_until,
            one.objection_until is not None and today <= one.objection_until,
            review_due,
        )
        for one, review_due in rows
    }


def took_part(session: Any, actor: Actor, matter: Matter) -> bool:
    """Whether the person drew the matter up, reviewed a report of it or served a conclusion in it, in whatever capacity."""
    reviewers = session.scalars(select(Report.reviewed_by).where(Report.matter_id == matter.id).distinct())
    servers = session.scalars(select(Conclusion.served_by).where(Conclusion.matter_id == matter.id).distinct())
    members = {matter.registered_by, *reviewers, *servers} - {None}
    people = set(session.scalars(select(Membership.person_id).where(Membership.id.in_(members))))
    return actor.person_id in people
