"""Pages of a jurisdiction's profile: the procedure in force to read, and the editors of its draft."""

from __future__ import annotations

from typing import Any

from app.jurisdictions.views.editing import ProfileDiagramView, ProfileEditorView
from app.jurisdictions.views.procedure import ProcedureView


def register(appbuilder: Any) -> None:
    """Open these pages."""
    for view in (ProcedureView, ProfileEditorView, ProfileDiagramView):
        appbuilder.add_view_no_menu(view)
