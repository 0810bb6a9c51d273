"""Pages of a jurisdiction's profile: its versions, what differs between them, and the editors of its draft."""

from __future__ import annotations

from typing import Any

from app.jurisdictions.views.citing import CitingView
from app.jurisdictions.views.comparing import ComparisonView
from app.jurisdictions.views.editing import ProfileDiagramView, ProfileEditorView
from app.jurisdictions.views.exchange import ExchangeView
from app.jurisdictions.views.points import OpenPointsView
from app.jurisdictions.views.procedure import ProcedureView
from app.jurisdictions.views.versions import ProfileView


def register(appbuilder: Any) -> None:
    """Open these pages."""
    for view in (
        ProcedureView,
        ProfileView,
        ComparisonView,
        ExchangeView,
        CitingView,
        OpenPointsView,
        ProfileEditorView,
        ProfileDiagramView,
    ):
        appbuilder.add_view_no_menu(view)
