"""The pages of a person's day: the workbench, what is to be done, what is to be decided, what is handed over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.kernel.pages import Act, DueCell, Figure, Link, Pager, Tab
from app.matters.pages.shared import Pair, TimelineEntry


@dataclass(frozen=True)
class TodoLine:
    """One piece of work: what it is, when it is due, and the one right button.

    ``why`` is one line on what is asked. ``pick`` is the value of its tick box on pages with a bulk act, else "".
    """

    title: str
    href: str
    number: str
    unit: str
    source: str
    due: DueCell | None
    act: Link | None = None
    act_primary: bool = False
    urgency: str = "normal"
    why: str = ""
    pick: str = ""
    unread: bool = False


@dataclass(frozen=True)
class SoonLine:
    """A date that is near."""

    on: dt.date
    title: str
    href: str
    light: str


@dataclass(frozen=True)
class CheckProgress:
    """How far a periodic check has come."""

    title: str
    done: int
    total: int
    href: str
    note: str = ""


@dataclass(frozen=True)
class WorkbenchPage:
    """The first page of the day."""

    name: str
    greeting: str
    today: dt.date
    place: str
    figures: tuple[Figure, ...]
    tabs: tuple[Tab, ...]
    lines: tuple[TodoLine, ...]
    all_href: str
    soon: tuple[SoonLine, ...] = ()
    soon_href: str = ""
    check: CheckProgress | None = None
    activity: tuple[TimelineEntry, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class TodoPage:
    """The four lists of a person's work. ``bulk`` acts apply to the ticked lines (field name ``pick``)."""

    tabs: tuple[Tab, ...]
    lines: tuple[TodoLine, ...]
    pager: Pager
    empty_title: str
    empty_text: str = ""
    empty_links: tuple[Link, ...] = ()
    bulk: tuple[Act, ...] = ()


@dataclass(frozen=True)
class ApprovalCard:
    """What a leader is asked: by whom, on what, for what reason, and the two answers.

    ``votes`` are the opinions already given in the same round; ``decided`` words the outcome on the other tabs.
    """

    asked: str
    title: str
    href: str
    number: str
    submitted_by: str
    submitted_at: dt.datetime
    reason: str
    facts: tuple[Pair, ...] = ()
    due: DueCell | None = None
    urgency: str = "normal"
    approve: Act | None = None
    give_back: Act | None = None
    votes: tuple[TimelineEntry, ...] = ()
    decided: str = ""


@dataclass(frozen=True)
class HandOverPage:
    """What hangs on one person, and what would go over to the chosen successor; ``staying`` does not."""

    name: str
    unit: str
    post: str
    counts: tuple[tuple[str, int], ...]
    moves: int
    staying: int
    successors: tuple[tuple[str, str], ...]
    successor: str
    successor_name: str
    action: str


@dataclass(frozen=True)
class ApprovalsPage:
    """A leader's decisions, for the phone first."""

    tabs: tuple[Tab, ...]
    cards: tuple[ApprovalCard, ...]
    pager: Pager
    oldest_on: dt.date | None = None
