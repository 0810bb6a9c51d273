"""Jobs: what the clock started, when, and what came of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, Integer, Sequence, String, Text
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
