"""What is taken away of a jurisdiction: who asked for it, what came of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Model, Owned


class JurisdictionExport(Owned, Model):
    """Everything a jurisdiction owned at one moment, as a file: asked, made or failed.

    ``event_seq`` is where the jurisdiction's chain of events stood; the content is known by its SHA-256 and lies in the
    file store. ``asked_by`` is a person's id, for the platform's staff too.
    """

    __tablename__ = "jurisdiction_export"

    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    asked_by_name: Mapped[str] = mapped_column(String(100), nullable=False)
    asked_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False, server_default="asked")
    made_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    event_seq: Mapped[int | None] = mapped_column(BigInteger)
    row_count: Mapped[int | None] = mapped_column(BigInteger)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    fault: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (CheckConstraint("state in ('asked','made','failed')", name="jurisdiction_export_state"),)
