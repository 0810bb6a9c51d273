"""The desk: the workbench, what is to be done, what is to be decided."""

from __future__ import annotations

from app.matters.views.office.approvals import ApprovalsView
from app.matters.views.office.reading import page_number, source_names, unit_names, version_of
from app.matters.views.office.todo import TodoView
from app.matters.views.office.workbench import IndexView

VIEWS = [TodoView, ApprovalsView]

__all__ = ["VIEWS", "ApprovalsView", "IndexView", "TodoView", "page_number", "source_names", "unit_names", "version_of"]
