"""The hours of a life."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from app.kernel import clock

_NIGHT = dt.time(17, 30)

Life = Iterator[dt.datetime]


class StoryTooLongError(ValueError):
    """The story as written down has more in it than the working days since its start."""


class Moments:
    """The working hours of one matter's life: instants that only go forward, on the jurisdiction's working days."""

    def __init__(self, days: list[dt.date], start: int, chance: random.Random) -> None:
        self._days, self._chance, self._start = days, chance, start
        self._index = len(days) - start
        self._time = self._morning()

    @property
    def left(self) -> int:
        """How many working days are left before today."""
        return len(self._days) - 1 - self._index

    def now(self) -> dt.datetime:
        """The present instant of the life."""
        return clock.at_local(self._days[self._index], self._time.hour, self._time.minute)

    def later(self, days: int = 0) -> dt.datetime:
        """Working days later, or somewhat later on the same day. Raises StoryTooLongError when the life runs into today."""
        minutes = self._time.hour * 60 + self._time.minute + self._chance.randint(15, 50)
        if days == 0 and minutes < _NIGHT.hour * 60 + _NIGHT.minute:
            self._time = dt.time(minutes // 60, minutes % 60)
            return self.now()
        self._index += max(days, 1)
        if self._index >= len(self._days):
            raise StoryTooLongError(f"a life that begins {self._start} working days ago does not end before today")
        self._time = self._morning()
        return self.now()

    def _morning(self) -> dt.time:
        return dt.time(self._chance.randint(8, 10), self._chance.randint(0, 59))
