"""The database: one engine, PostgreSQL; one metadata, FAB's; one mixin for every row a jurisdiction owns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_appbuilder import Model
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import BigInteger, DateTime, ForeignKey, ForeignKeyConstraint, Sequence
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.kernel.tenancy import GuardedSessionMixin, JurisdictionOwned

__all__ = ["JSONB", "Instant", "Model", "Owned", "db", "owned_fk", "separate_session"]


class Session(GuardedSessionMixin, FlaskSession):
    """A session with exactly one scope."""


# One sequence for every row of every jurisdiction: an id says nothing about whose it is or how many there are.
ENTITY_ID = Sequence("entity_id_seq", metadata=Model.metadata, data_type=BigInteger)

Instant = DateTime(timezone=True)


class Owned(JurisdictionOwned):
    """Rows that belong to exactly one jurisdiction.

    In the database the primary key is ``(jurisdiction_id, id)``, so that the table can be partitioned by jurisdiction; to
    the mapper it is ``id`` alone, because FAB knows no composite keys.
    """

    __mapper_args__: Any = {"primary_key": ["id"]}  # noqa: RUF012 - declarative reads it from the class

    @declared_attr
    def jurisdiction_id(cls) -> Mapped[int]:
        return mapped_column(BigInteger, ForeignKey("jurisdiction.id"), primary_key=True, autoincrement=False)

    @declared_attr
    def id(cls) -> Mapped[int]:
        return mapped_column(
            BigInteger, ENTITY_ID, server_default=ENTITY_ID.next_value(), primary_key=True, autoincrement=False
        )


def owned_fk(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key inside one jurisdiction: row-level security does not check keys, the composite key does."""
    return ForeignKeyConstraint(
        ["jurisdiction_id", column], [f"{table}.jurisdiction_id", f"{table}.id"], ondelete=ondelete, use_alter=False
    )


db: SQLAlchemy = SQLAlchemy(metadata=Model.metadata, session_options={"class_": Session})


@contextmanager
def separate_session() -> Iterator[Any]:
    """A session beside the request's own, for an act under another scope: what the request has read stays as it is."""
    session = db.session.session_factory()
    try:
        yield session
    finally:
        session.close()
