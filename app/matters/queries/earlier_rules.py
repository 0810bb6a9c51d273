"""The running matters whose dates follow an earlier version of the rules than the one in force."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.deadlines.rules import Standstill
from app.matters.models import Assignment, Matter, MatterSource, Obligation, Pause
from app.matters.queries.ledger import DONE_STATES

AT_ONCE = 500
"""Matters read at a time."""


@dataclass(frozen=True)
class RunningMatter:
    """A matter with what its dates are computed from, and its open clocks in the order they were opened."""

    matter: Matter
    source: MatterSource
    assignments: dict[int, Assignment]
    clocks: tuple[Obligation, ...]
    pauses: tuple[Standstill, ...]


def _earlier(version_id: int) -> Any:
    runs_by = func.coalesce(Matter.dates_version_id, Matter.profile_version_id)
    return Matter.state.not_in(DONE_STATES), runs_by != version_id


def count_earlier(session: Any, version_id: int) -> int:
    """How many open matters of the jurisdiction in scope have dates by another version than this one."""
    return int(session.scalar(select(func.count(Matter.id)).where(*_earlier(version_id))) or 0)


def list_earlier(session: Any, version_id: int, today: dt.date, *, after: int = 0) -> list[RunningMatter]:
    """The next of them after an id, each whole. Five statements whatever their number."""
    rows = session.execute(
        select(Matter, MatterSource)
        .join(MatterSource, MatterSource.id == Matter.source_id)
        .where(*_earlier(version_id), Matter.id > after)
        .order_by(Matter.id)
        .limit(AT_ONCE)
    ).all()
    ids = [matter.id for matter, _ in rows]
    parts = _by_matter(session.scalars(select(Assignment).where(Assignment.matter_id.in_(ids))))
    running = (
        select(Obligation).where(Obligation.matter_id.in_(ids), Obligation.state == "open").order_by(Obligation.id)
    )
    clocks, halts = (
        _by_matter(session.scalars(running)),
        _by_matter(session.scalars(select(Pause).where(Pause.matter_id.in_(ids)).order_by(Pause.id))),
    )
    return [
        RunningMatter(
            matter,
            source,
            {one.id: one for one in parts[matter.id]},
            tuple(clocks[matter.id]),
            tuple(Standstill(one.from_on, one.until_on or today) for one in halts[matter.id]),
        )
        for matter, source in rows
    ]


def _by_matter(found: Iterable[Any]) -> dict[int, list[Any]]:
    by: dict[int, list[Any]] = defaultdict(list)
    for one in found:
        by[one.matter_id].append(one)
    return by
