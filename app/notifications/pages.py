"""What the inbox and the log of acts show, as values. Pure: no database, no Flask, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.kernel.pages import Pager, Tab


@dataclass(frozen=True)
class InboxLine:
    """One letter: its subject, its sentences, when it came (local). ``href`` opens it."""

    subject: str
    lines: tuple[str, ...]
    href: str
    at: dt.datetime
    unread: bool


@dataclass(frozen=True)
class InboxPage:
    """One page of a person's letters. ``mark_all_href`` is empty when nothing is new."""

    lines: tuple[InboxLine, ...]
    tabs: tuple[Tab, ...]
    pager: Pager
    mark_all_href: str = ""


@dataclass(frozen=True)
class EventLine:
    """One act of the log: what, who, when (local), and the facts a reader understands, labelled."""

    seq: int
    title: str
    tone: str
    icon: str
    by: str
    at: dt.datetime
    facts: tuple[tuple[str, str], ...] = ()
    href: str = ""


@dataclass(frozen=True)
class EventsPage:
    """One page of the log, with the filters in force. ``kinds`` are (kind, words)."""

    lines: tuple[EventLine, ...]
    pager: Pager
    kinds: tuple[tuple[str, str], ...]
    kind: str = ""
    person: str = ""
    after: str = ""
    until: str = ""
