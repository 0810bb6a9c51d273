"""Values of forms as services take them."""

from __future__ import annotations

from typing import Any

from flask import current_app


def id_of(row: Any) -> int | None:
    """The id of what was chosen, or None."""
    return None if row is None else int(row.id)


def ids_of(rows: Any) -> list[int]:
    """The ids of what was chosen."""
    return [int(row.id) for row in rows or ()]


def hash_method() -> str:
    """How passwords are hashed in this installation."""
    return str(current_app.config["FAB_PASSWORD_HASH_METHOD"])
