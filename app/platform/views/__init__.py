"""Pages of the superadmin, and the page on which a jurisdiction's administrator takes everything away."""

from __future__ import annotations

from typing import Any

from app.platform.views.exports import ExportView
from app.platform.views.house import HouseView
from app.platform.views.jobs import JobsView
from app.platform.views.jurisdictions import JurisdictionsView
from app.platform.views.metrics import MetricsView
from app.platform.views.own_jobs import OwnJobsView

__all__ = ["ExportView", "HouseView", "JobsView", "JurisdictionsView", "MetricsView", "OwnJobsView", "register"]


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (JurisdictionsView, HouseView, ExportView, JobsView, OwnJobsView, MetricsView):
        appbuilder.add_view_no_menu(view)
