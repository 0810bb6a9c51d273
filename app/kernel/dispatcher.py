"""The dispatcher's own way to the database: it sees the outbox of every jurisdiction and nothing of any matter."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool


@cache
def dispatcher(url: str) -> Engine:
    """The engine for the dispatcher's login; each statement commits. No connection is kept for a forked process to inherit."""
    return create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c statement_timeout=15000"},
    )
