"""Pages of this room as values: the ledger, the calendar of what is due, and its feed."""
