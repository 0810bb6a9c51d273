"""The acts of the ledger: taking printed ledgers over, keeping views."""

from app.reporting.services.ledger_import import ImportedSheet, import_ledger
from app.reporting.services.saved_views import drop_view, save_view

__all__ = ["ImportedSheet", "drop_view", "import_ledger", "save_view"]
