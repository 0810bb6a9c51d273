"""Decisions of leaders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk

STEP = "step"
"""The purpose of an approval that is a step of the procedure; every other one is asked for by somebody's act."""


class Approval(Owned, Model):
    """One round of asking for a decision: at a step of the procedure, or about something a person has asked for.

    At a step the procedure says who decides. For every other ``purpose`` (an extension, an escalation slip) who decides is
    frozen here when it is asked for, with ``subject_id`` the row it is about, the asker's ``reason`` and the ``facts`` a
    reader needs; ``obligation_id`` is the office's clock within which it is to be answered. Returning or refusing ends the
    round; one whose subject is gone is withdrawn.
    """

    __tablename__ = "approval"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    step_key: Mapped[str | None] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(Integer, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)  # pending, approved, returned, refused, withdrawn
    opened_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    purpose: Mapped[str] = mapped_column(String(20), nullable=False, server_default=STEP)
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    mode: Mapped[str | None] = mapped_column(String(12))  # any_of, all_of, sequence
    roles: Mapped[list[str] | None] = mapped_column(JSONB)
    deputies: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    obligation_id: Mapped[int | None] = mapped_column(BigInteger)

    votes: Mapped[list[ApprovalVote]] = relationship(
        primaryjoin=lambda: Approval.id == foreign(ApprovalVote.approval_id), order_by=lambda: ApprovalVote.at
    )

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "matter_id", "step_key", "round"),
        owned_fk("matter_id", "matter"),
        owned_fk("asked_by", "membership"),
        owned_fk("obligation_id", "obligation"),
        Index("ix_approval_pending", "jurisdiction_id", "state"),
        Index(
            "ix_approval_obligation", "jurisdiction_id", "obligation_id", postgresql_where="obligation_id is not null"
        ),
        Index(
            "uq_approval_subject",
            "jurisdiction_id",
            "purpose",
            "subject_id",
            unique=True,
            postgresql_where="state = 'pending' and subject_id is not null",
        ),
    )


class ApprovalVote(Owned, Model):
    """One leader's decision, in the role it was made in, with the written opinion.

    ``membership_id`` is whoever decided; ``on_behalf_of`` the absent leader in whose place a deputy (AB角) did.
    """

    __tablename__ = "approval_vote"

    approval_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    role_key: Mapped[str] = mapped_column(String(40), nullable=False)
    membership_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    on_behalf_of: Mapped[int | None] = mapped_column(BigInteger)
    decision: Mapped[str] = mapped_column(String(12), nullable=False)  # approved, returned, refused
    opinion: Mapped[str] = mapped_column(Text, nullable=False)
    at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "approval_id", "role_key"),
        owned_fk("approval_id", "approval"),
        owned_fk("membership_id", "membership"),
        owned_fk("on_behalf_of", "membership"),
    )
