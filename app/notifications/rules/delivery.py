"""How often and how patiently a letter is tried, and by which kinds of channel letters leave the system."""

from __future__ import annotations

import datetime as dt

OUTSIDE = ("email", "wecom_app", "wecom", "dingtalk", "feishu", "sms")

MOST_ATTEMPTS = 8
LONGEST_LIFE = dt.timedelta(days=7)
_FIRST, _LONGEST = 15, 3600


def next_try_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts have failed for a reason that may pass; None when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return dt.timedelta(seconds=min(_FIRST * 2**attempts, _LONGEST))


def is_too_old(written_at: dt.datetime, attempts: int, at: dt.datetime) -> bool:
    """Whether a letter behind a way that stays closed has had its time. One that was never tried goes out however old."""
    return attempts > 1 and at - written_at > LONGEST_LIFE
