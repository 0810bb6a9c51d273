"""Pages of matters: workbench, to-do, approvals, register, case file, receipt and report."""

from __future__ import annotations

from typing import Any

from app.deadlines.effects import tells_effect
from app.matters import file_views
from app.matters.dates_here import effect_here
from app.matters.views import case, handing_over, impact, moving, office, registering
from app.matters.views.office import IndexView

__all__ = ["IndexView", "register"]


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    file_views.register(appbuilder)
    tells_effect(effect_here)
    for view in (*office.VIEWS, *registering.VIEWS, *case.VIEWS, *handing_over.VIEWS, *impact.VIEWS, *moving.VIEWS):
        appbuilder.add_view_no_menu(view)
