"""What the pages of matters show, as values. Views build these; templates read them and nothing else.

Every page template takes one of the ``…Page`` classes as ``page``. Pure: no database, no Flask, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.pages import Act, DueCell, Figure, FileLine, Filter, Link, Pager, Tab

Pair = tuple[str, Any]


# ---------- shared by several pages ----------
@dataclass(frozen=True)
class TrackerStep:
    """One step of the matter's own procedure. ``status`` is done, current or ahead; ``note`` a date or a short word."""

    name: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. ``at`` is None when only the day is known: 00:00 is never shown for "unknown".

    ``tone`` is ok, warn, bad, info, hold or mute.
    """

    title: str
    by: str
    on: dt.date
    at: dt.datetime | None = None
    tone: str = "info"
    icon: str = "doc"
    text: str = ""
    note: str = ""
    files: tuple[FileLine, ...] = ()


@dataclass(frozen=True)
class DueExplanation:
    """A date that explains itself. ``lines`` are the sentences of ``deadlines.rules.describe``, translated, in order."""

    stage_label: str
    due: DueCell
    pairs: tuple[Pair, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldGroup:
    """A titled part of a form. Fields named in ``picks`` are drawn as pick lists with a finder (units, people)."""

    title: str
    names: tuple[str, ...]
    hint: str = ""
    picks: frozenset[str] = frozenset()


# ---------- workbench and to-do ----------
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


# ---------- approvals ----------
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


# ---------- register ----------
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


# ---------- ledger ----------
@dataclass(frozen=True)
class LedgerRow:
    """One matter in the ledger."""

    id: int
    title: str
    href: str
    number: str
    source: str
    registered_on: dt.date | None
    unit: str
    co_count: int
    leader: str
    state: str
    due: DueCell | None
    reported_on: dt.date | None = None
    urgency: str = "normal"
    state_label: str = ""
    returns: int = 0


@dataclass(frozen=True)
class LedgerPage:
    """The ledger: a view is an address, so every filter is in the query string.

    ``hidden`` are parameters that a new filtering keeps (sort order). ``chips`` name the filters in force with the
    address without them. ``save_view`` is the form that keeps the present filter, ``drop_view`` takes the view away that
    is shown. Bulk buttons post the ticked ids (field name ``id``) to their ``action``.
    """

    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    more_filters: tuple[Filter, ...]
    chips: tuple[Link, ...]
    rows: tuple[LedgerRow, ...]
    pager: Pager
    reset_href: str
    sorts: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column -> (address, "" | asc | desc)
    hidden: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    register: Link | None = None
    bulk: tuple[Act, ...] = ()
    save_view: Act | None = None
    drop_view: Act | None = None
    more_open: bool = False
    title: str = ""


# ---------- case file ----------
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


# ---------- a unit's side ----------
@dataclass(frozen=True)
class Letter:
    """The notice as the unit reads it."""

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed: str
    on: dt.date


@dataclass(frozen=True)
class ReceiptPage:
    """Signing for a notice, or declining what is not the unit's business (until ``decline_until``).

    ``proposed`` is why somebody wants to decline while the unit's leader has not signed it; ``signing`` are his two answers.
    """

    title: str
    letter: Letter
    role: str
    due: DueCell | None
    facts: tuple[Pair, ...]
    sign: Act | None
    decline: Act | None = None
    signing: tuple[Act, ...] = ()
    proposed: str = ""
    decline_until: dt.date | None = None
    files: tuple[FileLine, ...] = ()
    explanation: DueExplanation | None = None
    back_href: str = ""


@dataclass(frozen=True)
class ReportPage:
    """Reporting: progress, an explanation of delay, or the completion report (``kind``).

    ``criteria`` are the sentences a completion report is judged by; ``co_reports`` what the co-handling units sent to the
    lead; ``returned`` the reason when the last report came back.
    """

    title: str
    number: str
    kind: str
    tabs: tuple[Tab, ...]
    form: Any
    groups: tuple[FieldGroup, ...]
    action: str
    submit_label: str
    effect: str
    due: DueCell | None
    back_href: str
    criteria: tuple[str, ...] = ()
    returned: str = ""
    history: tuple[TimelineEntry, ...] = ()
    co_reports: tuple[TimelineEntry, ...] = ()
    explanation: DueExplanation | None = None
    version: int | None = None
    meanwhile: str = ""
