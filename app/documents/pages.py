"""What the pages of this room show, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class TemplateLine:
    """One document type and the template its documents are made from.

    ``version`` 0 is the built-in layout. An empty ``upload_action`` or ``reset_action`` is not drawn. ``error`` is why the
    file just sent was not taken.
    """

    key: str
    name: str
    example: str
    article: str
    version: int
    file_name: str
    changed_on: dt.date | None
    download_href: str
    upload_action: str = ""
    reset_action: str = ""
    error: str = ""


@dataclass(frozen=True)
class TemplatesPage:
    """Every document type of the jurisdiction, and the placeholders a template may use: (placeholder, what it is)."""

    lines: tuple[TemplateLine, ...]
    placeholders: tuple[tuple[str, str], ...]
