"""The ledger and its saved views."""

from __future__ import annotations

from typing import Any


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
