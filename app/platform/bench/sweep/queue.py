"""Through Celery: real workers on a real broker, from the tick to the last jurisdiction, beside tasks that do nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from app.kernel.celery_app import QUEUES, celery
from app.kernel.runtime.installation import programs
from app.kernel.runtime.service import ServiceError, signal_group, spawn
from app.urging import tasks
from config import Settings

NOTHING = "celery.accumulate"
"""Celery's own task that returns what it was given: what a message costs when it asks for nothing."""

PREFIX = "huiyin:"
LONGEST = 1800


@contextmanager
def workers(settings: Settings, environment: dict[str, str]) -> Iterator[Queue]:
    """The installation's worker with its processes, as ``serve`` starts it; stopped at the end."""
    service = dataclasses.replace(programs(settings, ("worker",))[0], env=environment)
    path = settings.data_dir / "worker.log"
    with open(path, "wb") as output:
        process = spawn(service, output)
    try:
        until = time.monotonic() + 60
        while " ready." not in path.read_text("utf-8", "replace"):
            if process.poll() is not None or time.monotonic() > until:
                raise ServiceError(f"the worker did not start:\n{path.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.05)
        yield Queue(settings)
    finally:
        signal_group(process, service.stop_signal)
        process.wait(60)


class Queue:
    """The broker as seen from outside: put messages in, and see when every one has been done."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.broker_url
        self._broker = redis.Redis.from_url(settings.redis_url)

    def nothing(self, count: int) -> float:
        """Seconds from the first of so many tasks that do nothing to the end of the last."""

        def publish(connection: Any) -> None:
            with celery.amqp.Producer(connection) as producer, producer.batch(tasks.BATCH):
                for number in range(count):
                    celery.send_task(NOTHING, (number,), producer=producer, queue="sweep", ignore_result=True)

        return self._seconds(publish)

    def tick(self, at: dt.datetime) -> float:
        """Seconds from a tick at an instant to the end of the last sweep it rang for."""
        return self._seconds(lambda connection: tasks.tick.apply_async((at.isoformat(),), connection=connection))

    def _seconds(self, publish: Any) -> float:
        with celery.connection_for_write(self._url) as connection:
            start = time.perf_counter()
            publish(connection)
        # A message is for a moment neither waiting nor in hand; it counts as done when it has been gone for a while.
        done, quiet = start, 0
        while quiet < 5:
            time.sleep(0.01)
            if self._left():
                done, quiet = time.perf_counter(), 0
            else:
                quiet += 1
            if done - start > LONGEST:
                raise ServiceError("the workers did not come to the end; see worker.log")
        return done - start

    def _left(self) -> int:
        with self._broker.pipeline() as pipeline:
            for queue in QUEUES:
                pipeline.llen(PREFIX + queue)
            pipeline.hlen(PREFIX + "unacked")
            return sum(pipeline.execute())
