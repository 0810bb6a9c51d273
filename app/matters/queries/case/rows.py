"""The rows that belong to one matter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.matters.models import Approval, Assignment, SatisfactionAnswer


def list_assignments(session: Any, matter_id: int) -> list[Assignment]:
    """The units of a matter, the lead first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.matter_id == matter_id)
            .order_by(Assignment.role.desc(), Assignment.position, Assignment.id)
        )
    )


def list_answers(session: Any, matter_id: int) -> list[SatisfactionAnswer]:
    """What those who raised the matter answered, round by round."""
    return list(
        session.scalars(
            select(SatisfactionAnswer)
            .where(SatisfactionAnswer.matter_id == matter_id)
            .order_by(SatisfactionAnswer.round)
        )
    )


def count_answers(session: Any, matter_id: int) -> int:
    """How many rounds have been answered."""
    return int(
        session.scalar(
            select(func.count()).select_from(SatisfactionAnswer).where(SatisfactionAnswer.matter_id == matter_id)
        )
    )


def find_open_round(session: Any, matter_id: int, step_key: str) -> Approval | None:
    """The round of decisions now open at a step."""
    found: Approval | None = session.scalars(
        select(Approval).where(
            Approval.matter_id == matter_id, Approval.step_key == step_key, Approval.state == "pending"
        )
    ).first()
    return found
