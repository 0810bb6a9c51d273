"""The page on which a matter is drawn up, and the dates it would have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.pages import FileLine, Link
from app.matters.pages.shared import FieldGroup


@dataclass(frozen=True)
class PreviewLine:
    """One clock the matter would have. ``on`` None: it starts with an event that has not happened."""

    stage_label: str
    on: dt.date | None
    note: str = ""
    lines: tuple[str, ...] = ()
    provisional: bool = False


@dataclass(frozen=True)
class DuePreview:
    """What the dates would be if it were dispatched on ``from_on``; ``warning`` when they cannot be computed yet.

    ``carrier`` is the unit that would carry the matter and why, ``leads`` the units it looks like the business of.
    """

    lines: tuple[PreviewLine, ...] = ()
    from_on: dt.date | None = None
    warning: str = ""
    carrier: tuple[str, str] | None = None
    leads: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RegisterPage:
    """Drawing up a matter (拟办), or changing a draft.

    The submit buttons are named ``act`` with the values draft, submit and preview (the last one for readers without
    script). ``preview_fields`` are the fields the live preview depends on. ``words`` maps a choice's value to its short
    name and pinyin initials for the finder. ``existing`` are the files already attached.
    """

    title: str
    form: Any
    groups: tuple[FieldGroup, ...]
    action: str
    preview_url: str
    preview_fields: tuple[str, ...]
    preview: DuePreview
    submit_label: str
    back_href: str
    words: Mapping[str, str] = field(default_factory=dict)
    duplicates: tuple[Link, ...] = ()
    existing: tuple[FileLine, ...] = ()
    version: int | None = None
