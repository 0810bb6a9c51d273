"""The inbox, the log of acts, and what happens to letters on their way out."""

from __future__ import annotations

from typing import Any

from app.notifications.views.outgoing import LettersView, OwnLettersView
from app.notifications.views.reading import EventsView, InboxView
from app.notifications.views.ways import ChannelsView


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (InboxView, EventsView, LettersView, OwnLettersView, ChannelsView):
        appbuilder.add_view_no_menu(view())
