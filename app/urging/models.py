"""What people did to move a unit, beside what the ladder does by itself: urgings, escalation slips, letters about points."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String, Text, UniqueConstraint
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
    batch: Mapped[str | None] = mapped_column(String(40))  # the same for all that were sent together from the ledger

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("urged_by", "membership"),
        Index("ix_urging_matter", "jurisdiction_id", "matter_id"),
    )


class EscalationSlip(Owned, Model):
    """One coloured slip issued to a unit about its part in a matter: its words frozen, its document, its own limit.

    At most one of a colour is open for a part: asked for, or with the unit.
    """

    __tablename__ = "escalation_slip"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    slip_key: Mapped[str] = mapped_column(String(40), nullable=False)
    colour: Mapped[str] = mapped_column(String(8), nullable=False)  # blue, yellow, orange, red
    name: Mapped[str] = mapped_column(String(300), nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)  # asked, issued, answered, withdrawn
    demand: Mapped[str] = mapped_column(Text, nullable=False)  # what the unit is to do
    asked_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    document_id: Mapped[int | None] = mapped_column(BigInteger)
    obligation_id: Mapped[int | None] = mapped_column(BigInteger)
    issued_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    issued_by: Mapped[int | None] = mapped_column(BigInteger)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # by hand; one that ended with its part has none
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_why: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("document_id", "document"),
        owned_fk("obligation_id", "obligation"),
        owned_fk("asked_by", "membership"),
        owned_fk("issued_by", "membership"),
        owned_fk("answered_by", "membership"),
        owned_fk("withdrawn_by", "membership"),
        Index("ix_escalation_slip_matter", "jurisdiction_id", "matter_id"),
        Index("ix_escalation_slip_issued", "jurisdiction_id", "issued_at"),
        Index(
            "uq_escalation_slip_open",
            "jurisdiction_id",
            "assignment_id",
            "slip_key",
            unique=True,
            postgresql_where="state in ('asked', 'issued')",
        ),
    )


class Suggestion(Owned, Model):
    """What a step of the ladder lays before the office: an urging ready to be sent, a unit's part for the bulletin.

    Once for a clock and its due date. It waits until the office has dealt with it, or until the clock is met or moves.
    """

    __tablename__ = "suggestion"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    obligation_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)  # urging, bulletin
    step_key: Mapped[str] = mapped_column(String(40), nullable=False)
    step_name: Mapped[str | None] = mapped_column(String(300))
    unsigned: Mapped[bool] = mapped_column(Boolean, nullable=False)  # the unit had not signed for the matter
    due_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    raised_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    outcome: Mapped[str | None] = mapped_column(String(10))  # urged, published, dropped
    settled_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "obligation_id", "kind", "due_on"),
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("obligation_id", "obligation"),
        owned_fk("settled_by", "membership"),
        Index("ix_suggestion_waiting", "jurisdiction_id", "kind", postgresql_where="settled_at is null"),
        Index("ix_suggestion_assignment", "jurisdiction_id", "assignment_id"),
    )


class PointsLetter(Owned, Model):
    """The letter or summons a unit got because its points of a period fell to a threshold: once for each."""

    __tablename__ = "points_letter"

    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    period: Mapped[str] = mapped_column(String(10), nullable=False)  # 2026, 2026-H1, 2026-Q1, 2026-03
    threshold_key: Mapped[str] = mapped_column(String(40), nullable=False)
    consequence: Mapped[str] = mapped_column(String(10), nullable=False)  # letter, summons
    points: Mapped[int] = mapped_column(Integer, nullable=False)  # as they stood when it was issued
    document_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    issued_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    issued_by: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "unit_id", "period", "threshold_key"),
        owned_fk("unit_id", "unit"),
        owned_fk("document_id", "document"),
        owned_fk("issued_by", "membership"),
    )
