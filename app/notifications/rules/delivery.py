"""How often and how patiently a letter is tried, and by which kinds of channel letters leave the system."""

from __future__ import annotations

import datetime as dt

OUTSIDE = ("email", "wecom_app", "wecom", "dingtalk", "feishu", "sms")

MOST_ATTEMPTS = 8
LONGEST_LIFE = dt.timedelta(days=7)
LONGEST_PAUSE = dt.timedelta(hours=1)
_FIRST = dt.timedelta(seconds=15)


def next_try_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts have failed for a reason that may pass; None when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(_FIRST * 2**attempts, LONGEST_PAUSE)


def end_of(written_at: dt.datetime, attempts: int, last_error: str | None, at: dt.datetime) -> str | None:
    """Why a letter that is due is not tried any more: too_many_attempts of dispatchers that died on it, or too_old behind a
    way that stays closed. One that nobody refused yet goes out however old it is.
    """
    if attempts > MOST_ATTEMPTS:
        return "too_many_attempts"
    return "too_old" if last_error is not None and at - written_at > LONGEST_LIFE else None
