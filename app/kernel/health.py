"""Whether this process lives, and whether it can work. For supervisors and load balancers; nothing is said of why."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text

from app.kernel.db import db
from app.kernel.web import public
from config import ROOT

log = logging.getLogger("huiyin.health")

_SECONDS = 2


def install(app: Flask) -> None:
    """Open ``/healthz`` and ``/readyz``."""
    app.add_url_rule("/healthz", "healthz", alive)
    app.add_url_rule("/readyz", "readyz", ready)


@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@public
def ready() -> tuple[Response, int]:
    """Each part this process needs, with whether it is there: database, migrations, broker. 503 when one is not."""
    parts = {"database": _database(), "migrations": _migrated(), "broker": _broker()}
    whole = all(parts.values())
    words = {name: "ok" if there else "missing" for name, there in parts.items()}
    return jsonify(status="ok" if whole else "not ready", **words), 200 if whole else 503


def _database() -> bool:
    return _holds("the database", lambda: _asked("select 1") == 1)


def _migrated() -> bool:
    return _holds("the migrations", lambda: _asked("select version_num from alembic_version") == _head())


def _asked(statement: str) -> Any:
    """One value, on a connection of its own: a broken one must not hurt the request's session."""
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).scalar_one_or_none()


def _broker() -> bool:
    settings = current_app.extensions["huiyin.settings"]

    def answers() -> bool:
        client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS)
        with client:
            return bool(client.ping())

    return _holds("the broker", answers)


def _holds(what: str, question: Callable[[], bool]) -> bool:
    try:
        return bool(question())
    except Exception:  # whatever is wrong with it, it is not there
        log.warning("%s does not answer", what, exc_info=True)
        return False


@cache
def _head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()
