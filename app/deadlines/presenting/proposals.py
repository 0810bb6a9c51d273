"""The national calendar's own pages: its years, what is proposed, what is missing, the regions' days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.deadlines.models import CalendarProposal, RegionalCalendarDay
from app.deadlines.presenting.year import KINDS, STATUS, ChangeLine, YearView
from app.deadlines.rules import CalendarYear, DayKind
from app.deadlines.rules.national_year import MissingNotice
from app.kernel.clock import local_datetime
from app.kernel.i18n import N_, _, translate

STATES: Mapping[str, tuple[str, str]] = {
    "proposed": ("warn", N_("Waits for a second person")),
    "confirmed": ("ok", N_("Confirmed")),
    "rejected": ("bad", N_("Turned down")),
    "withdrawn": ("mute", N_("Taken back")),
}
ORIGINS: Mapping[str, str] = {
    "notice": N_("From the notice's text"),
    "file": N_("From a file"),
    "package": N_("From the installed package"),
    "form": N_("Typed in"),
}


@dataclass(frozen=True)
class YearLine:
    """A year in the list."""

    year: int
    href: str
    tone: str
    status_label: str
    notice: str
    version: int


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in the list."""

    href: str
    year: int
    region: str
    document_no: str
    origin_label: str
    tone: str
    state_label: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class CalendarIndex:
    """The front page of the national calendar; ``missing`` is a sentence, urgent when its tone is bad."""

    years: tuple[YearLine, ...]
    proposals: tuple[ProposalLine, ...]
    missing: str
    missing_tone: str
    may_write: bool


@dataclass(frozen=True)
class EffectLine:
    """What a proposal would do to the open dates of one jurisdiction."""

    name: str
    matters: int
    moved: int
    kept: int


@dataclass(frozen=True)
class ProposalPage:
    """A proposal to look at: what it changes, the year as it would be, and who may do what with it.

    ``effects`` are what it would do to dates that run, ``further`` the address of the next jurisdictions.
    """

    line: ProposalLine
    action: str
    decided: str
    reason: str
    changes: tuple[ChangeLine, ...]
    moving: int
    view: YearView | None
    source_text: str
    seen_version: int
    own: bool
    may_decide: bool
    faults: tuple[str, ...] = ()
    effects: tuple[EffectLine, ...] = ()
    further: str = ""


@dataclass(frozen=True)
class RegionLine:
    """A region's day, and the jurisdictions here that it reaches."""

    code: str
    on: dt.date
    tone: str
    kind_label: str
    name: str
    notice: str
    reaches: str
    remove: str


def year_lines(years: Iterable[CalendarYear], base: str) -> tuple[YearLine, ...]:
    """The years, the newest first."""
    return tuple(
        YearLine(
            one.year,
            f"{base}/{one.year}",
            STATUS[one.status][0],
            translate(STATUS[one.status][1]),
            one.notice,
            one.version,
        )
        for one in sorted(years, key=lambda one: -one.year)
    )


def proposal_line(proposal: CalendarProposal, base: str) -> ProposalLine:
    """A proposal as a line."""
    tone, words = STATES[proposal.state]
    return ProposalLine(
        href=f"{base}/proposals/{proposal.id}",
        year=proposal.year,
        region=proposal.region_code,
        document_no=proposal.document_no,
        origin_label=translate(ORIGINS[proposal.origin]),
        tone=tone,
        state_label=translate(words),
        by=proposer(proposal),
        at=local_datetime(proposal.proposed_at),
    )


def proposer(proposal: CalendarProposal) -> str:
    """Who proposed it; the command line has no name."""
    return proposal.proposed_by_name if proposal.proposed_by is not None else _("Command line of the host")


def missing_words(missing: MissingNotice | None) -> tuple[str, str]:
    """The to-do as a sentence and its tone; empty while nothing is missing."""
    if missing is None:
        return "", ""
    if missing.urgency == "urgent":
        return _(
            "Urgent: the holidays of %(year)s are missing. Dates in that year are provisional.", year=missing.year
        ), "bad"
    return _(
        "The holidays of %(year)s are missing. Bring the notice in as soon as it is out.", year=missing.year
    ), "warn"


def region_lines(
    days: Iterable[RegionalCalendarDay], reached: Mapping[str, list[str]], base: str
) -> tuple[RegionLine, ...]:
    """The regions' days."""
    return tuple(
        RegionLine(
            day.region_code,
            day.on,
            KINDS[DayKind(day.kind)][0],
            translate(KINDS[DayKind(day.kind)][1]),
            day.name,
            day.notice or "",
            "、".join(reached.get(day.region_code, [])[:6]),
            f"{base}/regions/{day.id}/remove",
        )
        for day in days
    )
