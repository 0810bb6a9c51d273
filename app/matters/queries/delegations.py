"""Which departments supervise a matter in the government's name, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.matters.models import Delegation


def list_delegations(session: Any, matter_id: int) -> list[Delegation]:
    """Every delegation of a matter, in order."""
    return list(session.scalars(select(Delegation).where(Delegation.matter_id == matter_id).order_by(Delegation.id)))


def list_running(session: Any, matter_id: int, today: dt.date) -> list[Delegation]:
    """Those that have neither been ended nor run out, begun or not."""
    return [one for one in list_delegations(session, matter_id) if one.ended_at is None and today <= one.until_on]
