"""Pages of the superadmin, and the page on which a jurisdiction's administrator takes everything away."""

from __future__ import annotations

from typing import Any

from app.platform.views.exports import ExportView
from app.platform.views.house import HouseView
from app.platform.views.jurisdictions import JurisdictionsView

__all__ = ["ExportView", "HouseView", "JurisdictionsView", "register"]


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (JurisdictionsView, HouseView, ExportView):
        appbuilder.add_view_no_menu(view)
