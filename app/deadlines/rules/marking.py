"""The rules stand below the machinery of translation, so they carry their own marker for the words they keep."""

from __future__ import annotations


def N_(msgid: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a sentence for the catalogue and hand it back unchanged."""
    return msgid
