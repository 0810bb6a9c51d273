"""Attachments, numbered documents, templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JSONB, Instant, Model, Owned


class Attachment(Owned, Model):
    """A file that belongs to something (a matter, a report, a document). Its content is stored once by its SHA-256."""

    __tablename__ = "attachment"

    subject_type: Mapped[str] = mapped_column(String(40), nullable=False)  # matter, report, document
    subject_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    matter_id: Mapped[int] = mapped_column(BigInteger, nullable=False)  # whose visibility decides every download
    kind: Mapped[str] = mapped_column(String(20), nullable=False)  # original, copy, report, evidence, document
    file_name: Mapped[str] = mapped_column(String(200), nullable=False)
    media_type: Mapped[str] = mapped_column(String(100), nullable=False)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    uploaded_by: Mapped[int | None] = mapped_column(BigInteger)  # membership id
    uploaded_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (
        Index("ix_attachment_matter", "jurisdiction_id", "matter_id"),
        Index("ix_attachment_subject", "jurisdiction_id", "subject_type", "subject_id"),
    )


class Document(Owned, Model):
    """A document the office issued: its number is taken in the issuing transaction and never given twice."""

    __tablename__ = "document"

    matter_id: Mapped[int | None] = mapped_column(BigInteger)  # None: a letter to a unit about its points
    unit_id: Mapped[int | None] = mapped_column(BigInteger)  # the addressee
    document_type: Mapped[str] = mapped_column(String(40), nullable=False)
    title: Mapped[str] = mapped_column(String(300), nullable=False)
    series: Mapped[str] = mapped_column(String(40), nullable=False)
    year: Mapped[int] = mapped_column(Integer, nullable=False)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    document_no: Mapped[str] = mapped_column(String(60), nullable=False)
    status: Mapped[str] = mapped_column(String(12), nullable=False, server_default="issued")  # issued, void
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)  # what the template is filled with, frozen
    issued_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    issued_by: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))  # the rendered file, once rendered never again

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "series", "year", "number"),
        UniqueConstraint("jurisdiction_id", "document_no"),
        Index("ix_document_matter", "jurisdiction_id", "matter_id"),
    )


class NumberSeries(Owned, Model):
    """The last number given in a series and year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(40), nullable=False)
    year: Mapped[int] = mapped_column(Integer, nullable=False)
    last_no: Mapped[int] = mapped_column(Integer, nullable=False)

    __table_args__ = (UniqueConstraint("jurisdiction_id", "series", "year"),)


class DocumentTemplate(Owned, Model):
    """A jurisdiction's own .docx template for a document type; without one the built-in layout serves."""

    __tablename__ = "document_template"

    document_type: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    file_name: Mapped[str] = mapped_column(String(200), nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")
    note: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (UniqueConstraint("jurisdiction_id", "document_type", "version"),)

    def __repr__(self) -> str:
        return self.name
