"""Values of forms as services take them."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash

from app.kernel.errors import Invalid


def id_of(row: Any) -> int | None:
    """The id of what was chosen, or None."""
    return None if row is None else int(row.id)


def ids_of(rows: Any) -> list[int]:
    """The ids of what was chosen."""
    return [int(row.id) for row in rows or ()]


def put_errors(form: Any, error: Invalid) -> None:
    """Put each field's own sentence beside it; a sentence for no field of the form is said above it."""
    sentences = error.field_sentences()
    for name, sentence in sentences.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
    if not any(name in form for name in sentences):
        flash(error.sentence(), "danger")


def hash_method() -> str:
    """How passwords are hashed in this installation."""
    return str(current_app.config["FAB_PASSWORD_HASH_METHOD"])
