"""One thing that waits, and the clock it is judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.matters.models import Approval, Matter, Obligation
from app.matters.rules import Act

MOST = 500


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


def earliest_clocks(session: Any, matter_ids: Iterable[int]) -> dict[tuple[int, int | None], Obligation]:
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
