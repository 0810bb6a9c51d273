"""Insurance against a worker that hears nothing: idle, in front of a queue that is not empty, for half a minute.

Consumers that went deaf after a broker's restart are an old family of faults. The worker ends itself and the supervisor
starts another; messages it had not acknowledged come back by themselves.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import redis
from celery import bootsteps
from celery.utils.log import get_logger
from celery.worker import state

log = get_logger(__name__)

LOOK_EVERY_SECONDS = 5.0
LOOKS_BEFORE_END = 6
EXIT_STATUS = 70


class DeafConsumerWatchdog(bootsteps.StartStopStep):
    """A thread with a connection of its own that looks at the queues and at what the worker has in hand."""

    def __init__(self, worker: Any, **_options: Any) -> None:
        self.worker = worker
        self._ended = threading.Event()

    def start(self, worker: Any) -> None:
        """Begin to look."""
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()

    def stop(self, worker: Any) -> None:
        """Stop looking."""
        self._ended.set()

    terminate = stop

    def _watch(self) -> None:
        looks, seen_before = 0, -1
        connection: redis.Redis | None = None
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            try:
                connection = connection or self._connect()
                waiting = self._waiting(connection)
            except (redis.RedisError, OSError):  # the broker is away: that is somebody else's business
                connection, looks = None, 0
                continue
            seen = sum(state.total_count.values())
            busy = bool(state.reserved_requests) or seen != seen_before or state.should_stop is not None
            seen_before = seen
            looks = 0 if busy or not waiting else looks + 1
            if looks >= LOOKS_BEFORE_END:
                seconds = LOOK_EVERY_SECONDS * looks
                log.critical("%d messages waited %.0f s and none was taken; this worker ends", waiting, seconds)
                os._exit(EXIT_STATUS)

    def _connect(self) -> redis.Redis:
        url = self.worker.app.conf.broker_url.replace("redis+socket://", "unix://", 1)
        return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)

    def _waiting(self, connection: redis.Redis) -> int:
        prefix = self.worker.app.conf.broker_transport_options["global_keyprefix"]
        return sum(int(connection.llen(prefix + name)) for name in self.worker.app.amqp.queues.consume_from)
