"""The acts of the ledger: taking printed ledgers over."""

from app.reporting.services.ledger_import import ImportedSheet, import_ledger

__all__ = ["ImportedSheet", "import_ledger"]
