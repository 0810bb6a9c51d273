"""The page of one matter: its next step, its units, its clocks, its conclusions, its log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.kernel.pages import Act, DueCell, FileLine, Link, Tab
from app.matters.pages.shared import DueExplanation, Pair, TimelineEntry, TrackerStep


@dataclass(frozen=True)
class Annex:
    """What another room adds to the file: acts beside those of the next step, and a part of its own.

    ``template`` is a fragment that reads ``content`` as ``annex.content``; without one there are only the acts.
    """

    acts: tuple[Act, ...] = ()
    template: str = ""
    content: Any = None


@dataclass(frozen=True)
class NextStep:
    """What happens next and, when it is the reader's turn, the acts; ``mine`` false says who is waited for.

    ``links`` are acts that have a page of their own.
    """

    title: str
    text: str = ""
    mine: bool = False
    acts: tuple[Act, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class UnitLine:
    """One unit's part in the matter. ``role`` is lead or co."""

    name: str
    role: str
    state: str
    due: DueCell | None = None
    leader_in_charge: str = ""
    contact: str = ""
    phone: str = ""
    acknowledged_at: dt.datetime | None = None
    logged_by_office: bool = False
    reported_on: dt.date | None = None
    percent: int | None = None
    decline_reason: str = ""
    acts: tuple[Act, ...] = ()
    receipts: tuple[tuple[str, str], ...] = ()
    """How far the notice and the last urging got: (which letter, in words)."""


@dataclass(frozen=True)
class ObligationLine:
    """One clock of the matter and how its date came about."""

    stage_label: str
    unit: str
    explanation: DueExplanation
    original_on: dt.date | None = None
    satisfied_on: dt.date | None = None


@dataclass(frozen=True)
class ConclusionLine:
    """The conclusion served on one unit, its objection and the review; ``due`` is the review's clock while it runs."""

    unit: str
    state: str
    tone: str
    text: str
    facts: tuple[Pair, ...] = ()
    papers: tuple[FileLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    due: DueCell | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class DelegationLine:
    """A department that supervises the matter in the government's name."""

    unit: str
    state: str
    tone: str
    facts: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class LogLine:
    """One event of the audit chain in words."""

    number: int
    at: dt.datetime
    who: str
    what: str
    detail: str = ""


@dataclass(frozen=True)
class CaseFilePage:
    """The file of one matter. ``section`` says which tab is open: timeline, content, units, documents, conclusion,
    deadline, log.

    Only the open section's values need to be filled; the side column is always there. ``meanwhile`` says what somebody else
    did to the matter while the reader was at it, ``kept`` what the reader had typed, label by label.
    """

    title: str
    number: str
    state: str
    due: DueCell | None
    facts: tuple[Pair, ...]
    next_step: NextStep
    steps: tuple[TrackerStep, ...]
    tabs: tuple[Tab, ...]
    section: str
    ledger_href: str
    urgency: str = "normal"
    state_label: str = ""
    tools: tuple[Link, ...] = ()
    more_acts: tuple[Act, ...] = ()
    restricted: str = ""
    timeline: tuple[TimelineEntry, ...] = ()
    timeline_filters: tuple[Tab, ...] = ()
    content: tuple[tuple[str, str], ...] = ()
    content_facts: tuple[Pair, ...] = ()
    units: tuple[UnitLine, ...] = ()
    documents: tuple[FileLine, ...] = ()
    attachments: tuple[FileLine, ...] = ()
    upload: Act | None = None
    conclusions: tuple[ConclusionLine, ...] = ()
    delegations: tuple[DelegationLine, ...] = ()
    obligations: tuple[ObligationLine, ...] = ()
    log: tuple[LogLine, ...] = ()
    log_note: str = ""
    explanation: DueExplanation | None = None
    side_units: tuple[UnitLine, ...] = ()
    side_files: tuple[FileLine, ...] = ()
    meanwhile: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    annexes: tuple[Annex, ...] = ()
