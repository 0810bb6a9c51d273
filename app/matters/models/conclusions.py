"""The conclusion of a supervision, served on the units it concerns; a unit's objection to it, and the review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk


class Conclusion(Owned, Model):
    """The part of a conclusion that concerns one unit, served on it as a numbered document (政府督查工作条例 art. 16).

    ``objection_until`` is the last day on which the unit may object; it is known once the unit has received the paper.
    """

    __tablename__ = "conclusion"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    document_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)
    text: Mapped[str] = mapped_column(Text, nullable=False)
    rectification: Mapped[str | None] = mapped_column(Text)
    rectify_by: Mapped[dt.date | None] = mapped_column(Date)
    served_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    served_by: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    received_by: Mapped[str | None] = mapped_column(String(60))  # name as given
    logged_by_office: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    objection_until: Mapped[dt.date | None] = mapped_column(Date)
    objection_explanation: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    waived_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    waived_by: Mapped[int | None] = mapped_column(BigInteger)

    objection: Mapped[Objection | None] = relationship(
        primaryjoin=lambda: Conclusion.id == foreign(Objection.conclusion_id), uselist=False, viewonly=True
    )

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("document_id", "document"),
        owned_fk("served_by", "membership"),
        owned_fk("waived_by", "membership"),
        Index("ix_conclusion_matter", "jurisdiction_id", "matter_id"),
        Index("ix_conclusion_assignment", "jurisdiction_id", "assignment_id"),
    )


class Objection(Owned, Model):
    """A unit's application to have a conclusion reviewed, and what was decided on it (政府督查工作条例 art. 17)."""

    __tablename__ = "objection"

    conclusion_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    filed_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    filed_by: Mapped[int | None] = mapped_column(BigInteger)
    obligation_id: Mapped[int | None] = mapped_column(BigInteger)  # the clock of the review
    decision: Mapped[str | None] = mapped_column(String(12))  # upheld, changed, revoked
    decision_text: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    document_id: Mapped[int | None] = mapped_column(BigInteger)  # the decision's paper

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "conclusion_id"),
        owned_fk("conclusion_id", "conclusion"),
        owned_fk("filed_by", "membership"),
        owned_fk("obligation_id", "obligation"),
        owned_fk("decided_by", "membership"),
        owned_fk("document_id", "document"),
    )
