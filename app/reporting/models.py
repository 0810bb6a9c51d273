"""Saved views of the ledger."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, Owned, owned_fk


class SavedView(Owned, Model):
    """A ledger filter somebody wants to come back to: a name and a query string. A shared one is everybody's."""

    __tablename__ = "saved_view"

    membership_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    query: Mapped[str] = mapped_column(Text, nullable=False)
    shared: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "membership_id", "name"),
        owned_fk("membership_id", "membership", ondelete="CASCADE"),
    )
