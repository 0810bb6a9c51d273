"""Pages of matters: workbench, to-do, approvals, register, case file, receipt and report."""

from __future__ import annotations

from typing import Any

from app.kernel.web import BusinessView, expose, member
from app.matters import file_views


class IndexView(BusinessView):
    """Home: the workbench inside a jurisdiction, the way in outside one."""

    default_view = "index"

    @expose("/")
    @member
    def index(self) -> Any:
        """The workbench, or the jurisdictions one may enter."""
        return "home"


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    file_views.register(appbuilder)
