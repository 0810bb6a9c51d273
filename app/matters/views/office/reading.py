"""What the pages of the desk read from an address or a form, and the short names they show."""

from __future__ import annotations

from typing import Any

from flask import request

from app.kernel.db import db
from app.matters import queries
from app.organisation.queries import list_units


def page_number() -> int:
    """The page asked for in the address, from 1; anything else is the first."""
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def source_names() -> dict[int, str]:
    """Every source's short name, old ones included."""
    return {one.id: one.short_name for one in queries.list_sources(db.session, only_active=False)}


def unit_names() -> dict[int, str]:
    """Every unit's short name, old ones included."""
    return {one.id: one.short_name for one in list_units(db.session, only_active=False)}


def version_of(sent: Any) -> int:
    """The version of the matter the reader decided on, as the form sent it; an unreadable one fits no matter."""
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
