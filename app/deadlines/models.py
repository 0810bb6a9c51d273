"""The working-day calendars: the national layer and the regions', which the platform keeps, a jurisdiction's own days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Identity,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JSONB, Instant, Model, Owned


class NationalCalendarDay(Model):
    """A day the State Council's yearly notice declares off, or a weekend day it declares working (调休)."""

    __tablename__ = "national_calendar_day"

    on: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), nullable=False)  # off, work
    name: Mapped[str] = mapped_column(String(40), nullable=False)
    notice: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (CheckConstraint("kind in ('off','work')", name="national_day_kind"),)


class NationalCalendarYear(Model):
    """Whether a year's arrangement is known, and by which notice. ``version`` grows with every change."""

    __tablename__ = "national_calendar_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12), nullable=False)  # unannounced, announced, amended
    notice: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")


class CalendarDay(Owned, Model):
    """A jurisdiction's own off or working day; it wins over the national layer."""

    __tablename__ = "calendar_day"

    on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    kind: Mapped[str] = mapped_column(String(4), nullable=False)
    name: Mapped[str] = mapped_column(String(40), nullable=False)
    notice: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "on"),
        CheckConstraint("kind in ('off','work')", name="local_day_kind"),
    )


class KnownCalendar(Owned, Model):
    """A state of the jurisdiction's calendar by which open dates were computed, as ``rules.snapshot`` has it.

    What it says otherwise than the calendar in force tells which dates have to be looked at.
    """

    __tablename__ = "known_calendar"

    version: Mapped[str] = mapped_column(String(40), nullable=False)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)

    __table_args__ = (UniqueConstraint("jurisdiction_id", "version"),)


class RegionalCalendarDay(Model):
    """A day a province or a city declares off or working for all below it (三月三); it wins over the national layer.

    ``region_code`` is the first two or four digits of the GB/T 2260 code.
    """

    __tablename__ = "regional_calendar_day"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(4), nullable=False)
    on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    kind: Mapped[str] = mapped_column(String(4), nullable=False)
    name: Mapped[str] = mapped_column(String(40), nullable=False)
    notice: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        UniqueConstraint("region_code", "on"),
        CheckConstraint("kind in ('off','work')", name="regional_day_kind"),
        CheckConstraint("region_code ~ '^([0-9]{2}|[0-9]{4})$'", name="regional_day_code"),
    )


class CalendarProposal(Model):
    """A change of a year of the national layer or of a region's, waiting for a second person; afterwards who decided.

    ``rows`` are all days of the year as [date, kind, name, notice]; ``source_text`` is what was pasted. ``region_code`` is
    "" for the nation. ``proposed_by`` empty is the command line of the host. One may be open per layer and year.
    """

    __tablename__ = "calendar_proposal"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, nullable=False)
    region_code: Mapped[str] = mapped_column(String(4), nullable=False, server_default="")
    rows: Mapped[list[list[str]]] = mapped_column(JSONB, nullable=False)
    document_no: Mapped[str] = mapped_column(String(80), nullable=False)
    origin: Mapped[str] = mapped_column(String(10), nullable=False)
    source_text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), nullable=False, server_default="proposed")
    proposed_by: Mapped[int | None] = mapped_column(BigInteger)
    proposed_by_name: Mapped[str] = mapped_column(String(100), nullable=False)
    proposed_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        CheckConstraint("origin in ('notice','file','package','form')", name="calendar_proposal_origin"),
        CheckConstraint("state in ('proposed','confirmed','rejected','withdrawn')", name="calendar_proposal_state"),
        Index(
            "ux_calendar_proposal_open",
            "year",
            "region_code",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
    )
