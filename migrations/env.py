"""Migrations run as the database's owner, one host at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool, text

from app import models  # noqa: F401 - fills the metadata
from app.kernel.db import Model
from config import load_settings

_LOCK = 7_420_703  # any number, the same on every host


def run() -> None:
    """Upgrade under an advisory lock, so that two hosts that start at once do not both migrate."""
    url = context.config.get_main_option("sqlalchemy.url") or load_settings().owner_database_url
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Model.metadata, compare_type=True, include_object=_ours
        )
        with context.begin_transaction():
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            context.run_migrations()


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


run()
