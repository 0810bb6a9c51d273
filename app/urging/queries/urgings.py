"""Reading who was urged, when and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.deadlines.rules import ZONE
from app.matters.models import Assignment
from app.urging.models import Urging
from app.urging.rules import ONE_DAY, SYSTEM


def list_assignments_for_urging(session: Any, matter_id: int, ids: Sequence[int]) -> list[Assignment]:
    """These parts of a matter, locked until the transaction ends, so that two clicks at once urge once."""
    wanted = (
        select(Assignment)
        .where(Assignment.matter_id == matter_id, Assignment.id.in_(set(ids)))
        .order_by(Assignment.id)
        .with_for_update(key_share=True, of=Assignment)
    )
    return list(session.scalars(wanted))


def list_urged_today(session: Any, assignments: Iterable[Assignment], day: dt.date) -> set[int]:
    """The ids of those assignments whose unit was urged through the system on this local day."""
    midnight = dt.datetime.combine(day, dt.time(), ZONE)
    urged = select(Urging.assignment_id).where(
        Urging.assignment_id.in_([assignment.id for assignment in assignments]),
        Urging.channel == SYSTEM,
        Urging.urged_at >= midnight,
        Urging.urged_at < midnight + ONE_DAY,
    )
    return set(session.scalars(urged))


def list_urgings(session: Any, matter_id: int) -> list[Urging]:
    """Every urging about a matter, newest first."""
    newest_first = (
        select(Urging).where(Urging.matter_id == matter_id).order_by(Urging.urged_at.desc(), Urging.id.desc())
    )
    return list(session.scalars(newest_first))
