"""Pure rules of the ledger: reading what offices print."""

from app.reporting.rules.deadline_words import LedgerDate, read_deadline
from app.reporting.rules.fault_words import describe
from app.reporting.rules.ledger_sheet import LedgerRow, RowFault, Sheet, read_sheet

__all__ = ["LedgerDate", "LedgerRow", "RowFault", "Sheet", "describe", "read_deadline", "read_sheet"]
