"""Urging 催办: what a person did to move a unit, beside what the ladder does by itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Model, Owned, owned_fk


class Urging(Owned, Model):
    """One urging of one unit about one matter (华容区 art. 8(2), 9(5); 淮安市 art. 4(3))."""

    __tablename__ = "urging"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)  # receipt, feedback
    channel: Mapped[str] = mapped_column(String(12), nullable=False)  # system, phone, paper
    message: Mapped[str] = mapped_column(Text, nullable=False)
    urged_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    urged_by: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("urged_by", "membership"),
        Index("ix_urging_matter", "jurisdiction_id", "matter_id"),
    )
