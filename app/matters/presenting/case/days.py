"""Days as the file writes them."""

from __future__ import annotations

import datetime as dt

from app.kernel.clock import local_date
from app.kernel.i18n import _


def long_day(on: dt.date) -> str:
    """A day as texts write it."""
    return _("%(year)s-%(month)s-%(day)s", year=on.year, month=on.month, day=on.day)


def short_day(instant: dt.datetime | None) -> str:
    """A day of the running year."""
    on = local_date(instant) if instant else None
    return _("%(month)s-%(day)s", month=on.month, day=on.day) if on else ""
