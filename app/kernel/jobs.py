"""Jobs: what the clock started, when, and what came of it.

A run is written down where its work is committed, or by the task's base (``kernel.celery_app``) when it failed or did its
work in many transactions. Runs in which nothing happened, and the same fault again and again, become one line with how
often and until when: what a person looks for is not buried under a line every fifteen seconds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, Sequence, String, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Model


class JobRun(Model):
    """Runs of a periodic job: one that did something, or several alike that did nothing. Platform-wide: counts only.

    ``house_id`` is the jurisdiction whose run it was, None for a run over all of them; the row is still nobody's but the
    platform's, and the column is not called as in the tables that belong to a jurisdiction. ``fault`` is the kind of an
    error, never its text, which may quote rows. ``times`` is how many runs the line stands for, from ``started_at`` to
    ``ended_at``.
    """

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(BigInteger, Sequence("job_run_id_seq"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    house_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    count: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    failures: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    fault: Mapped[str | None] = mapped_column(String(60))
    times: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")

    __table_args__ = (
        Index("ix_job_run_name", "name", "house_id", "id"),
        Index("ix_job_run_house", "house_id", "id"),
        Index("ix_job_run_ended", "ended_at"),
    )


def database_now(connection: Any) -> dt.datetime:
    """The database server's clock, which decides every claim: a host's wrong clock neither skips nor repeats a run."""
    instant: dt.datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return instant


def record_run(
    connection: Any,
    name: str,
    *,
    started_at: dt.datetime,
    count: int,
    failures: int = 0,
    jurisdiction_id: int | None = None,
    fault: str | None = None,
) -> None:
    """Write down a run for the job board, in the transaction at hand.

    ``count`` is what was done and ``failures`` what of it could not be; a run that did nothing joins the line before it
    when that one did nothing either, or met the same ``fault``.
    """
    runs = JobRun.__table__
    if not count:
        mine = runs.c.house_id.is_(None) if jurisdiction_id is None else runs.c.house_id == jurisdiction_id
        before = select(runs.c.id).where(runs.c.name == name, mine).order_by(runs.c.id.desc()).limit(1)
        again = (
            update(runs)
            .where(runs.c.id == before.scalar_subquery(), runs.c.count == 0, runs.c.fault.is_not_distinct_from(fault))
            .values(
                ended_at=func.clock_timestamp(),
                times=runs.c.times + 1,
                failures=runs.c.failures + failures,
            )
        )
        if connection.execute(again).rowcount:
            return
    connection.execute(
        insert(runs).values(
            name=name,
            house_id=jurisdiction_id,
            started_at=started_at,
            ended_at=func.clock_timestamp(),
            count=count,
            failures=failures,
            fault=fault,
        )
    )
