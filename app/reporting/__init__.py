"""Ledger, saved views and search."""
