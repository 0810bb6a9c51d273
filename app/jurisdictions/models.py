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
    status: Mapped[str] = mapped_column(String(12), nullable=False, server_default="active")
    rights_version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
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
    """One version of a jurisdiction's profile. A published one never changes: matters listed under it keep it."""

    __tablename__ = "profile_version"

    number: Mapped[int] = mapped_column(Integer, nullable=False)
    status: Mapped[str] = mapped_column(String(12), nullable=False)  # draft, published, withdrawn
    document: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    effective_on: Mapped[dt.date | None] = mapped_column(Date)
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("jurisdiction_id", "number"),)
