"""The ledger with its saved views, and the calendar of what is due with its feed."""

from __future__ import annotations

from typing import Any

from app.reporting.views.due import DueCalendarView, FeedView
from app.reporting.views.ledger import LedgerView

__all__ = ["register"]


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (LedgerView, DueCalendarView, FeedView):
        appbuilder.add_view_no_menu(view)
    feed = next(view for view in appbuilder.baseviews if isinstance(view, FeedView))
    appbuilder.sm.limiter.limit("30 per minute")(feed.blueprint)
