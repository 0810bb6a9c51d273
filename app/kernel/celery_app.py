"""The Celery application. The database is the truth and messages are doorbells: losing or doubling one costs nothing.

Every setting below was proved by killing workers, broker and database in mid-work; change none without doing so again.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from celery import Celery, Task
from celery.signals import worker_init, worker_process_init
from kombu import Exchange, Queue
from sqlalchemy.exc import DBAPIError

from app.kernel.watchdog import DeafConsumerWatchdog
from config import ROOT, load_settings

if TYPE_CHECKING:
    from flask import Flask

QUEUES = ("beat", "sweep", "deliver")
TASK_MODULES = (
    "app.jurisdictions.tasks",
    "app.notifications.tasks",
    "app.matters.tasks",
    "app.urging.tasks",
    "app.platform.tasks",
)

# What the clock rings, how often in seconds, through which queue. A ring that waited a whole period is stale.
RINGS = {
    "urging.tick": (60, "beat"),
    "jurisdictions.tick": (60, "beat"),
    "matters.tick": (60, "beat"),
    "notifications.deliver": (15, "deliver"),
    "platform.exports": (15, "sweep"),
}


@cache
def application() -> Flask:
    """The Flask application of this process; forked pool processes inherit it."""
    from app import create_app  # late: tasks import this module, and the application imports the rooms

    return create_app()


class ApplicationTask(Task):
    """A task with an application context around it; a lost database connection is retried, other faults are not."""

    abstract = True
    autoretry_for = (DBAPIError,)
    max_retries = 5
    default_retry_delay = 10
    retry_backoff = 2
    retry_backoff_max = 60
    retry_jitter = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task."""
        with application().app_context():
            return super().__call__(*args, **kwargs)


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
            task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
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
