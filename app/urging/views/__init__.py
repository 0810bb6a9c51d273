"""Pages of urging: the acts on a case file, the list of slips, points."""

from __future__ import annotations

from typing import Any

from app.urging.views.burden import BurdenView
from app.urging.views.log import LogView
from app.urging.views.points import PointsView
from app.urging.views.slips import SlipsView
from app.urging.views.suggestions import SuggestionsView
from app.urging.views.together import TogetherView
from app.urging.views.urging import UrgingView


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (UrgingView, TogetherView, LogView, BurdenView, SlipsView, SuggestionsView, PointsView):
        appbuilder.add_view_no_menu(view())
