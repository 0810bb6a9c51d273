"""Decisions of leaders."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import Instant, Model, Owned, owned_fk


class Approval(Owned, Model):
    """One round of asking for a decision at one step; returning a proposal ends the round."""

    __tablename__ = "approval"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    step_key: Mapped[str] = mapped_column(String(40), nullable=False)
    round: Mapped[int] = mapped_column(Integer, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)  # pending, approved, returned
    opened_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    votes: Mapped[list[ApprovalVote]] = relationship(
        primaryjoin=lambda: Approval.id == foreign(ApprovalVote.approval_id), order_by=lambda: ApprovalVote.at
    )

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "matter_id", "step_key", "round"),
        owned_fk("matter_id", "matter"),
        Index("ix_approval_pending", "jurisdiction_id", "state"),
    )


class ApprovalVote(Owned, Model):
    """One leader's decision, in the role it was made in, with the written opinion."""

    __tablename__ = "approval_vote"

    approval_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    role_key: Mapped[str] = mapped_column(String(40), nullable=False)
    membership_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    decision: Mapped[str] = mapped_column(String(12), nullable=False)  # approved, returned
    opinion: Mapped[str] = mapped_column(Text, nullable=False)
    at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "approval_id", "role_key"),
        owned_fk("approval_id", "approval"),
        owned_fk("membership_id", "membership"),
    )
