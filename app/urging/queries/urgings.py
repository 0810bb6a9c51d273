"""Reading who was urged, when and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.matters.models import Assignment
from app.notifications.models import Channel
from app.urging.models import Urging


def list_assignments_for_urging(session: Any, matter_id: int, ids: Sequence[int]) -> list[Assignment]:
    """These parts of a matter, locked until the transaction ends, so that two clicks at once urge once."""
    wanted = (
        select(Assignment)
        .where(Assignment.matter_id == matter_id, Assignment.id.in_(set(ids)))
        .order_by(Assignment.id)
        .with_for_update(key_share=True, of=Assignment)
    )
    return list(session.scalars(wanted))


def list_urgings(session: Any, matter_id: int) -> list[Urging]:
    """Every urging about a matter, newest first."""
    newest_first = (
        select(Urging).where(Urging.matter_id == matter_id).order_by(Urging.urged_at.desc(), Urging.id.desc())
    )
    return list(session.scalars(newest_first))


def list_asked_ways(session: Any) -> list[str]:
    """The ways out of the system that are taken only when somebody asks for them by name, as text messages."""
    kinds = select(Channel.kind).where(Channel.enabled.is_(True), Channel.when_asked.is_(True))
    return list(session.scalars(kinds.distinct().order_by(Channel.kind)))
