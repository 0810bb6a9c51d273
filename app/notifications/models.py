"""Ways out of the system that a jurisdiction has set up for itself, and how letters take them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, String, Text, Time, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk
from app.kernel.outbox import DIGEST_AT, EACH, URGENT_KINDS
from app.organisation.models import Unit


class Channel(Owned, Model):
    """One way out: of one kind, for the whole jurisdiction or, as a robot in a group chat, for the people of one unit.

    There is at most one of a kind for each unit and one for everybody else, so that kind and unit say which way a letter
    goes. The installation's own mail server needs no row; a row of kind ``email`` takes its place.
    """

    __tablename__ = "channel"

    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    enabled: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    when_asked: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    """Only for letters that ask for this way by name; the others do not take it."""
    base_url: Mapped[str] = mapped_column(Text, nullable=False)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, server_default="{}")
    secret: Mapped[str | None] = mapped_column(Text, info={"sealed": True})
    """Sealed (kernel.crypto): names and values of what must not be read."""
    last_test_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_test_code: Mapped[str | None] = mapped_column(String(80))
    """Empty when the other side took the message, otherwise the fault's code."""

    unit: Mapped[Unit | None] = relationship(primaryjoin=lambda: foreign(Channel.unit_id) == Unit.id, viewonly=True)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "kind", "unit_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("kind in ('email', 'wecom', 'wecom_app', 'dingtalk', 'feishu', 'sms')", name="channel_kind"),
        CheckConstraint("unit_id is null or kind in ('wecom', 'dingtalk', 'feishu')", name="channel_of_a_unit"),
        owned_fk("unit_id", "unit"),
    )

    def __repr__(self) -> str:
        return f"<Channel {self.kind} {self.name}>"


class LetterPolicy(Owned, Model):
    """How letters leave a jurisdiction: its quiet hours, its hour of the digest, and what may not wait.

    At most one row; without it the constants of ``kernel.outbox`` hold. Hours are local.
    """

    __tablename__ = "letter_policy"

    quiet_from: Mapped[dt.time | None] = mapped_column(Time)
    quiet_until: Mapped[dt.time | None] = mapped_column(Time)
    """Both empty: letters leave at any hour."""
    digest_at: Mapped[dt.time] = mapped_column(Time, nullable=False, default=DIGEST_AT)
    usual_mode: Mapped[str] = mapped_column(String(10), nullable=False, default=EACH)
    """How a person who has chosen nothing is written to, and everybody where nobody may choose."""
    own_choice: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    urgent_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, default=lambda: list(URGENT_KINDS))
    """Letters of these kinds go at once, each by itself, and nobody can switch them off."""
    urgent_at_night: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id"),
        CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="letter_policy_quiet"),
        CheckConstraint("usual_mode in ('each', 'digest')", name="letter_policy_mode"),
    )


class LetterPreference(Owned, Model):
    """How one person wants to be written to by one channel in one jurisdiction: each letter, one digest a day, nothing."""

    __tablename__ = "letter_preference"

    person_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    channel: Mapped[str] = mapped_column(String(20), nullable=False)
    mode: Mapped[str] = mapped_column(String(10), nullable=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "person_id", "channel"),
        CheckConstraint("mode in ('each', 'digest', 'off')", name="letter_preference_mode"),
    )
