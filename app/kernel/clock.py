"""The only reader of time in Python.

Instants are aware UTC datetimes and live in columns named ``*_at``; local dates are dates in China Standard Time and live
in columns named ``*_on``. China keeps no daylight saving time, so a local date never depends on the season.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present local date (Asia/Shanghai)."""
    return local_date(now())


def local_datetime(instant: dt.datetime) -> dt.datetime:
    """An instant as people in China read it off the wall."""
    return instant.astimezone(ZONE)


def local_date(instant: dt.datetime) -> dt.date:
    """The local date on which an instant falls."""
    return instant.astimezone(ZONE).date()


def at_local(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """The UTC instant of a local wall time, 09:00 by default."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


@contextmanager
def frozen(instant: dt.datetime) -> Iterator[dt.datetime]:
    """Hold the clock still: for tests, and for the demonstration, which has to live through past weeks."""
    token = _frozen.set(instant.astimezone(dt.UTC))
    try:
        yield instant
    finally:
        _frozen.reset(token)
