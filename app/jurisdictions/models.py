"""Jurisdictions and the versions of their profiles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JSONB, Instant, Model, Owned


class Jurisdiction(Model):
    """A tenant: a district, city or county that runs its own supervision work. Known to the platform by name only."""

    __tablename__ = "jurisdiction"

    id: Mapped[int] = mapped_column(BigInteger, Sequence("jurisdiction_id_seq"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), nullable=False, unique=True)  # GB/T 2260
    slug: Mapped[str] = mapped_column(String(40), nullable=False, unique=True)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    short_name: Mapped[str] = mapped_column(String(20), nullable=False)
    level: Mapped[str] = mapped_column(String(20), nullable=False)  # province, city, district, county
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("jurisdiction.id"))
    preset: Mapped[str | None] = mapped_column(String(40))
    preset_digest: Mapped[str | None] = mapped_column(String(64))  # of the preset as it was last looked at
    status: Mapped[str] = mapped_column(String(12), nullable=False, server_default="active")
    status_reason: Mapped[str | None] = mapped_column(String(300))  # why it was halted or closed
    status_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    export_asked_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # until the clock has made it
    rights_version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    next_profile_on: Mapped[dt.date | None] = mapped_column(Date)  # when a published version comes into force
    dates_as_of: Mapped[str | None] = mapped_column(String(64))  # the shared calendars its open dates were computed by
    dates_due_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # its own days changed; then the dates follow
    next_sweep_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    claimed_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (
        CheckConstraint("status in ('preparing','active','suspended','closed')", name="jurisdiction_status"),
        Index("ix_jurisdiction_sweep", "next_sweep_at"),
    )

    def __repr__(self) -> str:
        return self.name


class ProfileVersion(Owned, Model):
    """One version of a jurisdiction's profile. A published one never changes: matters listed under it keep it.

    A draft has no number yet (0) and no date; ``revision`` counts its changes, so that two people do not overwrite each
    other. ``effective_on`` is a local date; ``took_effect_at`` says that roles and sources were brought in line with it.
    Who did what is in the log of acts.
    """

    __tablename__ = "profile_version"

    number: Mapped[int] = mapped_column(Integer, nullable=False)
    status: Mapped[str] = mapped_column(String(12), nullable=False)  # draft, published, withdrawn
    document: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    effective_on: Mapped[dt.date | None] = mapped_column(Date)
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    preset: Mapped[str | None] = mapped_column(String(40))  # which preset the draft was begun with
    base_number: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    started_by: Mapped[int | None] = mapped_column(BigInteger)
    took_effect_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "number"),
        CheckConstraint("status in ('draft','published','withdrawn')", name="profile_version_status"),
        Index("ux_profile_version_draft", "jurisdiction_id", unique=True, postgresql_where=text("status = 'draft'")),
    )
