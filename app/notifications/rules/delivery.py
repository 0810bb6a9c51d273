"""How often and how patiently a letter is tried."""

from __future__ import annotations

import datetime as dt

MOST_ATTEMPTS = 8
_FIRST, _LONGEST = 15, 3600


def next_try_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts have failed for a reason that may pass; None when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return dt.timedelta(seconds=min(_FIRST * 2**attempts, _LONGEST))
