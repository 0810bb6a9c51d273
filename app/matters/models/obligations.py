"""One thing due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.kernel.clock import local_date
from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk


class Obligation(Owned, Model):
    """One clock of a matter, with how its date was computed. Overdue is derived from it, never stored."""

    __tablename__ = "obligation"

    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    assignment_id: Mapped[int | None] = mapped_column(BigInteger)
    stage: Mapped[str] = mapped_column(String(24), nullable=False)
    rule: Mapped[str] = mapped_column(String(16), nullable=False)
    amount: Mapped[int | None] = mapped_column(Integer)
    rule_key: Mapped[str | None] = mapped_column(String(60))
    article: Mapped[str | None] = mapped_column(String(60))
    start_event: Mapped[str] = mapped_column(String(40), nullable=False)
    start_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    raw_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    due_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    due_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # until when on the due day; None is its end
    original_due_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    extended_due_on: Mapped[dt.date | None] = mapped_column(Date)  # as the approver of an extension fixed it
    # where the present calendar would put it, kept later since that was promised; null once somebody has decided
    earlier_due_on: Mapped[dt.date | None] = mapped_column(Date)
    extension_asked: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")  # not answered yet
    yellow_days: Mapped[int] = mapped_column(Integer, nullable=False)  # working days before due that turn the light
    yellow_on: Mapped[dt.date] = mapped_column(Date, nullable=False)  # first day of the yellow light
    provisional: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    # the first and last day of the calendar that decide the date and its light; null is not known
    consulted_from: Mapped[dt.date | None] = mapped_column(Date)
    consulted_until: Mapped[dt.date | None] = mapped_column(Date)
    calendar_version: Mapped[str] = mapped_column(String(40), nullable=False, server_default="")
    explanation: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False)  # open, met, superseded, cancelled
    explained_late: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    met_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    met_by_type: Mapped[str | None] = mapped_column(String(20))
    met_by_id: Mapped[int | None] = mapped_column(BigInteger)
    # the day of the next step of its ladder; null until a sweep has looked for it
    next_reminder_on: Mapped[dt.date | None] = mapped_column(Date)

    __table_args__ = (
        owned_fk("matter_id", "matter"),
        owned_fk("assignment_id", "assignment"),
        Index("ix_obligation_open", "jurisdiction_id", "due_on", postgresql_where="state = 'open'"),
        Index("ix_obligation_earlier", "jurisdiction_id", postgresql_where="earlier_due_on is not null"),
        Index("ix_obligation_matter", "jurisdiction_id", "matter_id", "state"),
        Index(
            "ux_obligation_occurrence",
            "jurisdiction_id",
            "assignment_id",
            "rule_key",
            "raw_on",
            unique=True,
            postgresql_where="rule = 'periodic'",
        ),
        Index("ix_obligation_reminder", "jurisdiction_id", "next_reminder_on", postgresql_where="state = 'open'"),
    )

    def has_passed(self, at: dt.datetime) -> bool:
        """Whether the date, or the time of the day where it has one, is over at an instant."""
        if self.due_at is not None:
            return at > self.due_at
        return self.due_on < local_date(at)

    @validates("due_on", "yellow_on", "state")
    def _arm(self, name: str, value: Any) -> Any:
        """A date that moved, or a clock opened again, has everything to say anew: the next sweep looks at it."""
        self.next_reminder_on = None
        if name == "due_on":
            self.earlier_due_on = None  # the question was about another date
        return value
