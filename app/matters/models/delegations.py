"""A department that supervises a matter in the government's name."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, String, Text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import Instant, Model, Owned, owned_fk
from app.organisation.models import Unit


class Delegation(Owned, Model):
    """One matter given to one department to supervise: scope, duty and period, by the instrument of that number
    (政府督查工作条例 art. 7). It holds from ``from_on`` to ``until_on``, both included, unless it was ended before.
    """

    __tablename__ = "delegation"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    scope: Mapped[str] = mapped_column(Text, nullable=False)
    duty: Mapped[str] = mapped_column(Text, nullable=False)
    from_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    until_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    document_no: Mapped[str] = mapped_column(String(80), nullable=False)
    delegated_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    delegated_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    end_reason: Mapped[str | None] = mapped_column(Text)

    unit: Mapped[Unit] = relationship(primaryjoin=lambda: foreign(Delegation.unit_id) == Unit.id)

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("unit_id", "unit"),
        owned_fk("delegated_by", "membership"),
        owned_fk("ended_by", "membership"),
        CheckConstraint("from_on <= until_on", name="delegation_period"),
        Index("ix_delegation_matter", "jurisdiction_id", "matter_id"),
        Index("ix_delegation_unit", "jurisdiction_id", "unit_id", "until_on"),
    )
