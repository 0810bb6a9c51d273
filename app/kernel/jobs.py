"""Jobs: what the clock started, when, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, Sequence, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Model


class JobRun(Model):
    """One run of a periodic job. Platform-wide: it holds counts, no jurisdiction's text."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(BigInteger, Sequence("job_run_id_seq"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    started_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    count: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    failures: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_job_run_name", "name", "started_at"),)


def database_now(connection: Any) -> dt.datetime:
    """The database server's clock, which decides every claim: a host's wrong clock neither skips nor repeats a run."""
    instant: dt.datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return instant


def record_run(
    connection: Any, name: str, *, started_at: dt.datetime, count: int, failures: int = 0, note: str | None = None
) -> None:
    """Write down a run for the job board, in the transaction at hand. ``note`` holds ids and kinds of faults only."""
    connection.execute(
        insert(JobRun.__table__).values(
            name=name, started_at=started_at, ended_at=func.clock_timestamp(), count=count, failures=failures, note=note
        )
    )
