"""What the pages of urging show, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.kernel.pages import Act, DueCell, Filter, Link, Pager, Tab


@dataclass(frozen=True)
class SlipLine:
    """One escalation slip. ``tone`` paints its state; ``due`` is its limit, None until it is issued."""

    colour: str
    name: str
    state_label: str
    tone: str
    unit: str
    matter: Link
    number: str = ""
    href: str = ""
    issued_on: dt.date | None = None
    due: DueCell | None = None
    demand: str = ""
    answer: str = ""
    answered_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True)
class SlipsPart:
    """The slips on a case file, and for the office why no other may be issued now, unit by unit."""

    lines: tuple[SlipLine, ...]
    notes: tuple[tuple[str, str], ...] = ()
    list_href: str = ""


@dataclass(frozen=True)
class SlipsPage:
    """The slips of the jurisdiction, or of the reader's unit."""

    title: str
    article: str
    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    hidden: tuple[tuple[str, str], ...]
    reset_href: str
    lines: tuple[SlipLine, ...]
    pager: Pager


@dataclass(frozen=True)
class SuggestionLine:
    """One thing the ladder suggests. ``why`` is the step it comes from; ``outcome`` what became of it, painted by ``tone``."""

    id: str
    part_id: str
    matter: Link
    number: str
    unit: str
    about: str
    why: str
    due: DueCell | None
    raised_on: dt.date
    urge_href: str
    outcome: str
    tone: str
    note: str = ""
    settled_on: dt.date | None = None


@dataclass(frozen=True)
class SuggestionsPage:
    """What the ladder suggests to the office; ``shown`` is urging, bulletin or settled."""

    title: str
    shown: str
    tabs: tuple[Tab, ...]
    lines: tuple[SuggestionLine, ...]
    ticked: frozenset[str]
    note: str
    together_action: str
    settle_action: str
    pager: Pager


@dataclass(frozen=True)
class PointsCell:
    """What one rule did to a unit: the occasions, linked to their list, and what they come to."""

    count: int
    points: int
    href: str


@dataclass(frozen=True)
class IssuedLetter:
    """A letter or summons that was issued for the points of a period."""

    label: str
    number: str
    href: str
    on: dt.date


@dataclass(frozen=True)
class PointsRow:
    """A unit's points of a period, the consequences issued, and those that are due."""

    unit: str
    total: int
    cells: tuple[PointsCell, ...]
    issued: tuple[IssuedLetter, ...] = ()
    due: tuple[Act, ...] = ()


@dataclass(frozen=True)
class PointsPage:
    """The points of a period. ``rules`` are the columns: name and points of each."""

    title: str
    period: str
    article: str
    start: int
    rules: tuple[tuple[str, int], ...]
    thresholds: tuple[str, ...]
    rows: tuple[PointsRow, ...]
    pager: Pager
    earlier: Link
    later: Link | None = None


@dataclass(frozen=True)
class OccasionLine:
    """One occasion that was counted."""

    on: dt.date
    matter: Link
    number: str
    note: str = ""


@dataclass(frozen=True)
class OccasionsPage:
    """The occasions behind one number of the points."""

    title: str
    unit: str
    period: str
    rule: str
    points: int
    back_href: str
    lines: tuple[OccasionLine, ...]
    pager: Pager


@dataclass(frozen=True)
class TogetherReader:
    """Somebody who gets an urging, through which ways, and in whose place."""

    name: str
    ways: str
    in_place_of: str = ""


@dataclass(frozen=True)
class TogetherLine:
    """One unit's part in a chosen matter: who would get which words, or why it is not urged. ``part_id`` "" is no part."""

    part_id: str
    matter: Link
    number: str
    unit: str
    role: str
    due: DueCell | None
    readers: tuple[TogetherReader, ...]
    message: str
    refusal: str
    chosen: bool


@dataclass(frozen=True)
class TogetherPage:
    """Many units urged at once: the form, and line by line what it would do.

    ``kept`` are the hidden fields that name what was chosen, ``texts`` the jurisdiction's own words to start from.
    ``units`` and ``matters`` count what is chosen and may be urged; ``unseen`` chosen matters are not there for the reader.
    ``sendable``: somebody may be urged at all.
    """

    form: Any
    lines: tuple[TogetherLine, ...]
    kept: tuple[tuple[str, str], ...]
    texts: tuple[Link, ...]
    rule: str
    going: int
    units: int
    matters: int
    refused: int
    unseen: int
    sendable: bool
    preview_action: str
    send_action: str
    log_href: str


@dataclass(frozen=True)
class LogLine:
    """One urging of the log. ``effect`` says what came of it, ``receipt`` who has read it."""

    at: dt.datetime
    matter: Link
    number: str
    unit: str
    kind: str
    channel: str
    by: str
    message: str
    effect: str
    tone: str
    receipt: str = ""


@dataclass(frozen=True)
class UrgingsPart:
    """The last urgings of a case file, with the way to all of them."""

    lines: tuple[LogLine, ...]
    log_href: str


@dataclass(frozen=True)
class LogPage:
    """The urging log of the jurisdiction, or of the reader's unit."""

    title: str
    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Link, ...]
    reset_href: str
    lines: tuple[LogLine, ...]
    pager: Pager
    sheet: Link | None = None


@dataclass(frozen=True)
class BurdenCell:
    """How often a unit was asked for one thing in a month and in the one before, each linked to its list."""

    count: int
    href: str
    former: int
    former_href: str
    tone: str = ""  # bad: more than the month before, ok: less


@dataclass(frozen=True)
class BurdenRow:
    """One unit's line of the burden meter."""

    unit: str
    cells: tuple[BurdenCell, ...]


@dataclass(frozen=True)
class BurdenPage:
    """What units were asked for in a month. ``columns`` are name and what is counted; ``totals`` all units together."""

    title: str
    month: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[BurdenRow, ...]
    totals: tuple[BurdenCell, ...]
    earlier: Link
    later: Link | None = None


@dataclass(frozen=True)
class BurdenLine:
    """One thing a unit was asked for."""

    on: dt.date
    unit: str
    matter: Link | None
    number: str
    about: str


@dataclass(frozen=True)
class BurdenListPage:
    """What stands behind one number of the burden meter."""

    title: str
    month: str
    back_href: str
    with_unit: bool
    lines: tuple[BurdenLine, ...]
    pager: Pager
