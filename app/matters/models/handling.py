"""Who handles a matter and what they reported."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk
from app.organisation.models import Unit


class Assignment(Owned, Model):
    """One unit's part in a matter: lead 主办 or co-handling 协办, with its own state and its own notice."""

    __tablename__ = "assignment"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    role: Mapped[str] = mapped_column(String(8), nullable=False)  # lead, co
    state: Mapped[str] = mapped_column(String(16), nullable=False)
    document_id: Mapped[int | None] = mapped_column(BigInteger)
    notified_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None] = mapped_column(String(60))  # name as given
    logged_by_office: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    leader_in_charge: Mapped[str | None] = mapped_column(String(60))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    declined_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decline_reason: Mapped[str | None] = mapped_column(Text)
    decline_proposed_at: Mapped[dt.datetime | None] = mapped_column(
        Instant
    )  # while the unit's leader has not signed it
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")

    unit: Mapped[Unit] = relationship(primaryjoin=lambda: foreign(Assignment.unit_id) == Unit.id)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "matter_id", "unit_id"),
        owned_fk("matter_id", "matter"),
        owned_fk("unit_id", "unit"),
        owned_fk("document_id", "document"),
        Index("ix_assignment_unit", "jurisdiction_id", "unit_id", "state"),
    )


class Report(Owned, Model):
    """What a unit reported: progress, interim feedback, an explanation of delay, or the completion report.

    A submitted report never changes; a corrected one is a new row with the next ``attempt``.
    """

    __tablename__ = "report"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    kind: Mapped[str] = mapped_column(
        String(20), nullable=False
    )  # progress, interim_feedback, delay_explanation, completion
    attempt: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    text: Mapped[str] = mapped_column(Text, nullable=False)
    percent: Mapped[int | None] = mapped_column(Integer)
    problems: Mapped[str | None] = mapped_column(Text)
    next_steps: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(String(80))
    signed_by: Mapped[str | None] = mapped_column(String(60))
    submitted_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    review_state: Mapped[str] = mapped_column(String(12), nullable=False)  # none, pending, accepted, returned
    criteria: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # criterion key -> bool
    review_opinion: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    reviewed_by: Mapped[int | None] = mapped_column(BigInteger)

    assignment: Mapped[Assignment] = relationship(primaryjoin=lambda: foreign(Report.assignment_id) == Assignment.id)

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("submitted_by", "membership"),
        Index("ix_report_matter", "jurisdiction_id", "matter_id"),
    )


class SatisfactionAnswer(Owned, Model):
    """What those who raised the matter said of the reply, once per round of handling. ``level`` is a key of the profile."""

    __tablename__ = "satisfaction_answer"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    round: Mapped[int] = mapped_column(Integer, nullable=False)
    level: Mapped[str] = mapped_column(String(40), nullable=False)
    opinion: Mapped[str | None] = mapped_column(Text)
    sends_back: Mapped[bool] = mapped_column(Boolean, nullable=False)
    answered_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    recorded_by: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "matter_id", "round"),
        owned_fk("matter_id", "matter"),
        owned_fk("recorded_by", "membership"),
    )


class Pause(Owned, Model):
    """A stretch in which the clock stood still: from ``from_on`` to the day before ``until_on``."""

    __tablename__ = "pause"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    from_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, nullable=False)

    __table_args__ = (owned_fk("matter_id", "matter"), Index("ix_pause_matter", "jurisdiction_id", "matter_id"))


class Extension(Owned, Model):
    """More time, asked for by the unit in the lead before the date, and the answer (民法典 art. 204: the office's own rules).

    ``base_due_on`` is the date it starts from, ``granted_due_on`` the one an approver fixed. A clock keeps its original date
    beside the extended one.
    """

    __tablename__ = "extension"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    obligation_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)  # asked, granted, refused, withdrawn
    asked_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    progress: Mapped[str] = mapped_column(Text, nullable=False)
    base_due_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    proposed_due_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    granted_due_on: Mapped[dt.date | None] = mapped_column(Date)
    settled_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    article: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        owned_fk("obligation_id", "obligation"),
        owned_fk("asked_by", "membership"),
        Index("ix_extension_matter", "jurisdiction_id", "matter_id"),
        Index("ix_extension_obligation", "jurisdiction_id", "obligation_id"),
    )
