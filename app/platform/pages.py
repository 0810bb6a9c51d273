"""What the superadmin's pages show, as values: names, counts and states, never the text of a matter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.kernel.pages import Figure, Filter, Link, Pager, TaskLine


@dataclass(frozen=True)
class JurisdictionRow:
    """A jurisdiction in the list: its procedure's name and version, and counts. An empty ``href`` draws no link."""

    name: str
    href: str
    slug: str
    code: str
    level_label: str
    superior: str
    procedure: str
    units: int
    people: int
    open_matters: int
    state_label: str
    state_tone: str = "mute"
    checklist: str = ""
    checklist_tone: str = "mute"


@dataclass(frozen=True)
class JurisdictionsPage:
    """All jurisdictions of the installation."""

    rows: tuple[JurisdictionRow, ...]
    pager: Pager
    filters: tuple[Filter, ...] = ()
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    chores: tuple[TaskLine, ...] = ()


@dataclass(frozen=True)
class ExportLine:
    """An export: who asked for it and when, what came of it. ``href`` is there for those who may take it away."""

    asked_at: dt.datetime
    asked_by: str
    tone: str
    state: str
    size: int = 0
    rows: int = 0
    sha256: str = ""
    href: str = ""


@dataclass(frozen=True)
class HousePage:
    """One jurisdiction on its way: the checklist, what is missing, and what may be done to the whole."""

    name: str
    code: str
    href: str
    address: str
    status: str
    state_label: str
    state_tone: str
    reason: str
    lines: tuple[TaskLine, ...]
    done: int
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    faults: tuple[str, ...]
    exports: tuple[ExportLine, ...]
    being_exported: bool
    may_write: bool

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being put into service."""
        return not self.missing and not self.faults


@dataclass(frozen=True)
class Offer:
    """A place that may be meant: where its choice leads, and whether it is here already."""

    code: str
    name: str
    path: str
    href: str
    here: bool


@dataclass(frozen=True)
class PresetColumn:
    """A preset to choose: its key, name and description."""

    key: str
    name: str
    description: str
    chosen: bool


@dataclass(frozen=True)
class FaultLine:
    """What is wrong in a spreadsheet, where a person looks for it."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class SheetPreview:
    """What a faultless spreadsheet would bring. ``kept`` is the file itself, to be sent back when it is taken."""

    kept: str
    new_units: int
    all_units: int
    new_people: int
    all_people: int
    units: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class RunLine:
    """A line of a job's history: one run, or ``times`` runs alike between two instants."""

    job: str
    house: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    times: int
    count: int
    failures: int
    fault: str


@dataclass(frozen=True)
class RunsPage:
    """The history of a job. ``total`` is how many lines there are, ``done`` what all of them did together."""

    lines: tuple[RunLine, ...]
    total: int
    done: int
    pager: Pager
    filters: tuple[Filter, ...]
    shows_house: bool


@dataclass(frozen=True)
class JobCard:
    """A job on the board. Each number leads to its list; ``again`` is the word that starts it anew."""

    key: str
    title: str
    what: str
    state: str
    tone: str
    last_at: dt.datetime | None
    fault: str
    lag: str
    waiting: Link
    done: Link
    faults: Link
    houses: Link | None


@dataclass(frozen=True)
class JobsPage:
    """The job board: what is wrong first, the jobs, and the letters by state."""

    at: dt.datetime
    alarms: tuple[str, ...]
    jobs: tuple[JobCard, ...]
    letters: tuple[Figure, ...]


@dataclass(frozen=True)
class HouseLine:
    """A jurisdiction in a list of the board: names and counts. ``code`` is there where its job can be started anew."""

    name: str
    href: str
    text: str
    at: dt.datetime | None
    tone: str = "mute"
    state: str = ""
    code: str = ""
    count: int = 1


@dataclass(frozen=True)
class HouseLinesPage:
    """A list of the board over jurisdictions. ``total`` is the number that led here."""

    title: str
    sub: str
    job: str
    lines: tuple[HouseLine, ...]
    total: int


@dataclass(frozen=True)
class OwnJobsPage:
    """What the clock does for one jurisdiction: when it was last at work here and when it comes next, and its letters."""

    next_at: dt.datetime | None
    last: RunLine | None
    fault: str
    may_start: bool
    letters: tuple[Figure, ...]
    runs: RunsPage
