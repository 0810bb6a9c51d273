"""The Celery application. The database is the truth and messages are doorbells: losing or doubling one costs nothing.

Every setting below was proved by killing workers, broker and database in mid-work; change none without doing so again.
"""

from __future__ import annotations

import datetime as dt
import time
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import Celery, Task
from celery.exceptions import Retry
from celery.signals import worker_init, worker_process_init
from celery.utils.log import get_logger
from flask import has_app_context
from kombu import Exchange, Queue
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.kernel.watchdog import DeafConsumerWatchdog
from config import ROOT, load_settings

if TYPE_CHECKING:
    from flask import Flask

log = get_logger(__name__)

QUEUES = ("beat", "sweep", "deliver")
TASK_MODULES = (
    "app.jurisdictions.tasks",
    "app.notifications.tasks",
    "app.matters.tasks",
    "app.urging.tasks",
    "app.platform.tasks",
)

# What the clock rings, how often in seconds, through which queue.
RINGS = {
    "urging.tick": (60, "beat"),
    "jurisdictions.tick": (60, "beat"),
    "matters.tick": (60, "beat"),
    "notifications.deliver": (15, "deliver"),
    "platform.exports": (15, "sweep"),
    "platform.forget_runs": (86400, "sweep"),
}

# A ring that waited a whole period is stale. But its end is told by the ringing host's clock and read by the worker's: two
# hosts whose clocks differ by some seconds must not throw every ring away.
SHORTEST_LIFE = 300


@cache
def application() -> Flask:
    """The Flask application of this process; forked pool processes inherit it."""
    from app import create_app  # late: tasks import this module, and the application imports the rooms

    return create_app()


class ApplicationTask(Task):
    """A task with an application context around it; a lost database connection is retried, other faults are not.

    What the clock rings for returns how much it did, and that is written down for the job board, as is every fault of
    every task. Every other task is one jurisdiction's, has its id as first argument, and writes its runs down itself.
    ``keeps_record`` is for a ring that does so too.
    """

    abstract = True
    autoretry_for = (DBAPIError,)
    max_retries = 5
    default_retry_delay = 10
    retry_backoff = 2
    retry_backoff_max = 60
    retry_jitter = True
    keeps_record = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task and write down what came of it."""
        with nullcontext() if has_app_context() else application().app_context():
            begun = time.monotonic()
            jurisdiction_id = args[0] if args and self.name not in RINGS else None
            try:
                done = super().__call__(*args, **kwargs)
            except Exception as error:
                fault = error.exc if isinstance(error, Retry) else error
                self._write_down(begun, 0, jurisdiction_id, type(fault).__name__)
                raise
            if self.name in RINGS and not self.keeps_record:
                self._write_down(begun, int(done or 0))
            return done

    def _write_down(
        self, begun: float, count: int, jurisdiction_id: int | None = None, fault: str | None = None
    ) -> None:
        """In a transaction of its own. What cannot be written down is said in the log: the task's own fate goes first."""
        from app.kernel.db import db
        from app.kernel.jobs import database_now, record_run

        try:
            with db.engine.begin() as connection:
                started_at = database_now(connection) - dt.timedelta(seconds=time.monotonic() - begun)
                record_run(
                    connection,
                    self.name,
                    started_at=started_at,
                    count=count,
                    failures=1 if fault else 0,
                    jurisdiction_id=jurisdiction_id,
                    fault=fault[:60] if fault else None,
                )
        except SQLAlchemyError:
            log.warning("a run of %s could not be written down", self.name, exc_info=True)


def _configuration() -> dict[str, Any]:
    modules = [name for name in TASK_MODULES if (ROOT / f"{name.replace('.', '/')}.py").exists()]
    return {
        "broker_url": load_settings().broker_url,
        "imports": modules,
        "result_backend": None,
        "task_ignore_result": True,
        "timezone": "Asia/Shanghai",
        "enable_utc": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # A task that kills its process counts as a retry; without this it would come back for ever.
        "task_retry_on_worker_lost": True,
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        "task_time_limit": 300,
        "task_soft_time_limit": 240,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 2000,
        "worker_proc_alive_timeout": 30,
        "worker_soft_shutdown_timeout": 20.0,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "broker_connection_retry": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            # Longer than the hard time limit and than the longest countdown, or work is handed out twice.
            "visibility_timeout": 900,
            # Looked at every 10 seconds instead of every 100.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "global_keyprefix": "huiyin:",
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "max_connections": 20,
            "queue_order_strategy": "priority",
        },
        "task_publish_retry": True,
        "task_publish_retry_policy": {
            "max_retries": 3,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 1,
        },
        "task_default_queue": "sweep",
        # A queue without its own exchange and key would be bound to the default ones, together with every other.
        "task_queues": [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in QUEUES],
        "task_routes": {task: {"queue": queue} for task, (_, queue) in RINGS.items()},
        "beat_scheduler": "app.kernel.beat:TickScheduler",
        "beat_max_loop_interval": 5,
        "beat_schedule": {
            task: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, SHORTEST_LIFE)}}
            for task, (seconds, _) in RINGS.items()
            if f"app.{task.partition('.')[0]}.tasks" in modules
        },
    }


celery: Celery = Celery("huiyin", task_cls=ApplicationTask)
celery.add_defaults(_configuration)
celery.steps["worker"].add(DeafConsumerWatchdog)


@worker_init.connect
def _start_application(**_: Any) -> None:
    """Fail at the worker's start rather than at its first task."""
    application()


@worker_process_init.connect
def _forget_parents_connections(**_: Any) -> None:
    """A forked process must not use, nor close, its parent's database connections."""
    from app.kernel.db import db

    with application().app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
