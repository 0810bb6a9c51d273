"""The embedded servers, the three roles, the clock that rings, and the worker that must not go deaf."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import redis
from click.testing import CliRunner

import run
from app.kernel import beat, watchdog
from app.kernel.celery_app import QUEUES, celery
from app.kernel.runtime.roles import connect, ensure_logins, ensure_roles
from app.kernel.runtime.service import ServiceError, private_folder
from config import as_role
from tests.stack import Stack


def test_the_application_owns_nothing_and_cannot_pass_the_wall(stack: Stack) -> None:
    for url in (stack.app_url, stack.dispatcher_url):
        with connect(url) as connection:
            row = connection.execute(
                "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb, "
                "(select count(*) from pg_tables where tableowner = current_user) "
                "from pg_roles where rolname = current_user"
            ).fetchone()
            assert row == (False, 0)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table public.mine (id int)")


def test_history_cannot_be_changed_by_the_application(stack: Stack) -> None:
    with connect(stack.app_url) as connection:
        for statement in (
            "update event set kind = 'x'",
            "delete from event",
            "truncate event",
            "delete from alembic_version",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)  # type: ignore[call-overload]


def test_the_dispatcher_sees_the_outbox_and_no_matter(stack: Stack) -> None:
    with connect(stack.dispatcher_url) as connection:
        connection.execute("select l.id, p.email, j.slug from letter l, ab_user p, jurisdiction j")
        for forbidden in ("1 from matter", "1 from event", "1 from report", "password from ab_user"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select {forbidden}")  # type: ignore[call-overload]


def test_an_existing_role_keeps_its_password(stack: Stack) -> None:
    wrong = as_role(stack.app_url, "huiyin_app", "another-password")
    with pytest.raises(ServiceError, match="does not accept the password"):
        ensure_logins(stack.owner_url, {"huiyin_app": wrong})
    with connect(stack.app_url):
        pass  # still the same


def test_who_may_not_make_roles_is_told_the_sql(stack: Stack) -> None:
    with pytest.raises(ServiceError, match="CREATE ROLE somebody_new LOGIN NOSUPERUSER"):
        ensure_roles(stack.owner_url, {"somebody_new": "x" * 20})


def test_a_folder_of_someone_else_is_refused(tmp_path: Any) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(ServiceError, match="belongs to another account"):
        private_folder(tmp_path / "link")
    assert private_folder(tmp_path / "mine").stat().st_mode & 0o777 == 0o700


def test_beat_rings_again_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery's own scheduler would stay silent for three days here."""
    offset = 0.0
    monkeypatch.setattr(beat, "time", SimpleNamespace(time=lambda: 1_000_000.0 + offset, monotonic=lambda: 0.0))
    monkeypatch.setattr(beat.Scheduler, "tick", lambda *_: 1.0)
    scheduler = beat.TickScheduler(celery, lazy=True)
    monkeypatch.setattr(type(scheduler), "setup_schedule", lambda _self: None)
    entry = scheduler.Entry(name="tick", task="urging.tick", schedule=60, app=celery)
    monkeypatch.setattr(type(scheduler), "schedule", {"tick": entry})
    scheduler.tick()
    assert entry.is_due().is_due  # it begins by ringing
    future = entry.default_now() + dt.timedelta(days=3)
    entry.last_run_at = future
    scheduler.tick()
    assert entry.last_run_at == future
    offset = -3 * 86400.0
    scheduler.tick()
    assert entry.is_due().is_due


def test_a_deaf_worker_ends_itself(monkeypatch: pytest.MonkeyPatch, stack: Stack) -> None:
    ended: list[int] = []
    transport = {"global_keyprefix": "huiyin-deaf-test:"}
    app = SimpleNamespace(
        conf=SimpleNamespace(
            broker_url=stack.redis_url.replace("unix://", "redis+socket://"), broker_transport_options=transport
        ),
        amqp=SimpleNamespace(queues=SimpleNamespace(consume_from=QUEUES)),
    )
    step = watchdog.DeafConsumerWatchdog(SimpleNamespace(app=app))
    monkeypatch.setattr(watchdog, "LOOK_EVERY_SECONDS", 0.01)

    def leave(status: int) -> None:
        ended.append(status)
        step.stop(None)

    monkeypatch.setattr(watchdog.os, "_exit", leave)
    broker = redis.Redis.from_url(stack.redis_url)
    broker.rpush("huiyin-deaf-test:sweep", "a message nobody takes")
    try:
        step._watch()
    finally:
        broker.delete("huiyin-deaf-test:sweep")
    assert ended == [watchdog.EXIT_STATUS]


def test_every_queue_is_its_own() -> None:
    assert {queue.routing_key for queue in celery.conf.task_queues} == set(QUEUES)
    options = celery.conf.broker_transport_options
    assert options["visibility_timeout"] > celery.conf.task_time_limit > celery.conf.task_soft_time_limit


def test_the_door_lists_only_the_rooms_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.COMMANDS, "nowhere", ("app.nowhere.cli", "nowhere"))
    shown = CliRunner().invoke(run.main, ["--help"]).output
    assert "serve" in shown
    assert "release" in shown
    assert "nowhere" not in shown
