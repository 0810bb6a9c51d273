"""The clock that rings: a beat scheduler that keeps no file and notices when the wall clock is moved.

Everything it rings for is safe to ring twice, so nothing needs to be remembered over a restart: it begins by ringing for
everything, which catches up at once after an outage. Celery's own scheduler stays silent for as long as the clock was
set back.
"""

from __future__ import annotations

import time
from typing import Any

from celery.beat import Scheduler
from celery.utils.log import get_logger

log = get_logger(__name__)

NOTICED_SECONDS = 5


class TickScheduler(Scheduler):
    """Celery's in-memory scheduler, re-based whenever wall clock and monotonic clock drift apart."""

    _offset: float | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; returns the seconds until the next look."""
        offset = time.time() - time.monotonic()
        if self._offset is None:
            self._ring_for_everything()
        elif abs(offset - self._offset) > NOTICED_SECONDS:
            log.warning("the clock moved by %.0f seconds; everything is rung again", offset - self._offset)
            self._ring_for_everything()
        self._offset = offset
        return float(super().tick(*args, **kwargs))

    def _ring_for_everything(self) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now() - entry.schedule.run_every
        self._heap = None
