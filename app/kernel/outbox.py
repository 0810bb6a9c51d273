"""Letters: what a person must hear about, written in the transaction of the act and delivered after it.

A letter is facts (kind, subject, values); the sentence is made in the reader's language when it is shown or sent. Each
occasion reaches each person once per channel, whatever is run twice: the dedupe key is unique in the jurisdiction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JSONB, Instant, Model, Owned
from app.kernel.tenancy import current_jurisdiction_id, set_based

INBOX, EMAIL = "inbox", "email"
CHANNELS = (INBOX, EMAIL)


class Letter(Owned, Model):
    """One letter to one person through one channel, with its life: queued, sending, sent, failed, dropped."""

    __tablename__ = "letter"

    recipient_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    channel: Mapped[str] = mapped_column(String(20), nullable=False)
    kind: Mapped[str] = mapped_column(String(60), nullable=False)
    dedupe_key: Mapped[str] = mapped_column(String(160), nullable=False)
    subject_type: Mapped[str] = mapped_column(String(40), nullable=False)
    subject_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False, server_default="queued")
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    next_attempt_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    leased_by: Mapped[str | None] = mapped_column(String(40))
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "dedupe_key", "recipient_id", "channel"),
        Index("ix_letter_inbox", "jurisdiction_id", "recipient_id", "channel", "created_at"),
        Index("ix_letter_due", "next_attempt_at", postgresql_where="state in ('queued','sending')"),
    )


def write_letter(
    session: Any,
    *,
    recipient_id: int,
    kind: str,
    dedupe_key: str,
    subject_type: str,
    subject_id: int,
    facts: dict[str, Any],
    at: dt.datetime,
    channels: Sequence[str] = CHANNELS,
) -> None:
    """Put a letter in the outbox; the same occasion to the same person is taken once. An inbox letter has arrived."""
    rows = [
        {
            "jurisdiction_id": current_jurisdiction_id(),
            "recipient_id": recipient_id,
            "channel": channel,
            "kind": kind,
            "dedupe_key": dedupe_key,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "facts": json.loads(json.dumps(facts, default=str, ensure_ascii=False)),
            "state": "sent" if channel == INBOX else "queued",
            "next_attempt_at": None if channel == INBOX else at,
            "created_at": at,
            "sent_at": at if channel == INBOX else None,
        }
        for channel in channels
    ]
    session.execute(set_based(insert(Letter.__table__).values(rows).on_conflict_do_nothing()))
