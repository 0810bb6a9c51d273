"""The working-day calendars: the national layer, which the platform keeps, and a jurisdiction's own days over it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, Owned


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
