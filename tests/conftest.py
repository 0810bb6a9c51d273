"""One PostgreSQL and one broker for the whole suite; every test starts from an empty house.

Tables are emptied between tests, not rolled back: commands commit, and a test that hides that hides faults.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic_command
from alembic.config import Config

from app.jurisdictions.queries import _PUBLISHED
from app.kernel.runtime.roles import connect, grant_tables
from config import Settings, load_settings
from tests.stack import Stack, start_stack

ROOT = Path(__file__).resolve().parent.parent
MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # Monday 2026-03-02, 09:00 in China


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The servers, with the schema migrated from empty."""
    running = start_stack()
    migrate(running.owner_url)
    yield running
    running.stop()


def alembic_config(url: str) -> Config:
    """Alembic pointed at a database."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """From nothing to the newest revision, and the application's rights on it."""
    alembic_command.upgrade(alembic_config(url), "head")
    grant_tables(url)


@pytest.fixture(scope="session")
def settings(stack: Stack) -> Settings:
    """Settings of the test installation."""
    return load_settings(
        {
            **{key: value for key, value in os.environ.items() if key in ("PATH", "HOME")},
            **stack.environment(),
            "HUIYIN_TESTING": "1",
        }
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Any:
    """The application, once."""
    from app import create_app

    return create_app(settings)


def empty_house(stack: Stack) -> None:
    """Empty every table, as the owner, whom row-level security and the append-only triggers do not let either."""
    with connect(stack.owner_url) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
            )
        ]
        connection.execute("alter table event disable trigger user")
        connection.execute("truncate " + ", ".join(f'"{table}"' for table in tables) + " cascade")
        connection.execute("alter table event enable always trigger event_append_only")
        connection.execute("alter table event enable always trigger event_no_truncate")
    _PUBLISHED.clear()  # ids may come round again in an emptied house, which they never do in a living one


@pytest.fixture
def empty(stack: Stack) -> None:
    """An empty house."""
    empty_house(stack)


@pytest.fixture
def session(app: Any, empty: None) -> Iterator[Any]:
    """A database session inside an application context, over an empty house. No scope is bound."""
    from app.kernel.db import db
    from app.kernel.tenancy import clear_scope

    with app.app_context():
        yield db.session
        db.session.rollback()
        db.session.remove()
        clear_scope()


@pytest.fixture
def world(session: Any, stack: Stack) -> Any:
    """The shipped jurisdictions with a person for every role."""
    from tests.kept_world import bring_back

    return bring_back(session, stack)
