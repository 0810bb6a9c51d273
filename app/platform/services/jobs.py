"""What the job board keeps, and what it forgets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.events import record
from app.kernel.jobs import JobRun

KEPT = dt.timedelta(days=90)
"""How long runs of jobs are kept. What they did is in the log of acts and in the letters, for good."""


@command
def forget_runs(session: Any, *, at: dt.datetime) -> int:
    """Remove the runs that ended longer ago than they are kept; returns how many lines."""
    return int(session.execute(delete(JobRun).where(JobRun.ended_at < at - KEPT)).rowcount)


@command
def note_ring(session: Any, actor: Actor, job: str, jurisdiction_id: int | None, *, at: dt.datetime) -> None:
    """Write into the log of acts who started a job by hand, over all jurisdictions or in one."""
    record(session, actor, "job.rung", "jurisdiction", jurisdiction_id or 0, at, job=job)
