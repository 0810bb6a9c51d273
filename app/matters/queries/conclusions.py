"""Conclusions, objections and who took part: what the rules of concluding are asked with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.matters.models import Conclusion, Matter, Objection, Obligation, Report
from app.matters.rules import ConclusionFacts, ConclusionState
from app.organisation.models import Membership, RoleRight, membership_role


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
    rectifying = set(
        session.scalars(
            select(Obligation.assignment_id).where(
                Obligation.matter_id == matter_id,
                Obligation.stage == "rectification_result",
                Obligation.state == "open",
            )
        )
    )
    return {
        one.assignment_id: ConclusionFacts(
            ConclusionState(one.state),
            one.objection_until,
            one.objection_until is not None and today <= one.objection_until,
            review_due,
            one.assignment_id in rectifying,
        )
        for one, review_due in rows
    }


def took_part(session: Any, actor: Actor, matter: Matter) -> bool:
    """Whether the person drew the matter up, reviewed a report of it or served a conclusion in it, in whatever capacity."""
    return actor.person_id in _participants(session, matter)


def list_reviewers(session: Any, matter: Matter, *, recusal: bool) -> set[int]:
    """The people who may decide on an objection in this matter: of the office, and none who took part where that bars."""
    may_review, sees_all = (
        select(membership_role.c.membership_id)
        .join(RoleRight, RoleRight.role_id == membership_role.c.role_id)
        .where(RoleRight.right == right)
        for right in ("matter:review", "matter:read_all")
    )
    statement = select(Membership.person_id).where(
        Membership.active.is_(True), Membership.id.in_(may_review), Membership.id.in_(sees_all)
    )
    return set(session.scalars(statement)) - (_participants(session, matter) if recusal else set())


def _participants(session: Any, matter: Matter) -> set[int]:
    reviewers = session.scalars(select(Report.reviewed_by).where(Report.matter_id == matter.id).distinct())
    servers = session.scalars(select(Conclusion.served_by).where(Conclusion.matter_id == matter.id).distinct())
    members = {matter.registered_by, *reviewers, *servers} - {None}
    return set(session.scalars(select(Membership.person_id).where(Membership.id.in_(members))))
