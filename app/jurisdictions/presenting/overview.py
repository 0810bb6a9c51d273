"""The profile's front page as values: what is in force, what comes, the draft, and everything that was before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.presenting.places import FaultLine
from app.kernel.clock import local_datetime
from app.kernel.events import Event
from app.kernel.i18n import _
from app.kernel.pages import Act, Link


@dataclass(frozen=True)
class Done:
    """Who did something, and when (local). ``by`` "" where nobody knows any more."""

    by: str
    at: dt.datetime | None


@dataclass(frozen=True)
class VersionLine:
    """One version in the history. ``running`` are the open matters under it this reader sees."""

    number: int
    title: str
    state: str
    tone: str
    effective_on: dt.date | None
    published: Done
    note: str
    withdrawn: Done | None
    withdrawn_note: str
    running: int
    running_href: str
    links: tuple[Link, ...] = ()
    withdraw: Act | None = None


@dataclass(frozen=True)
class ChangedSection:
    """A section in which the draft differs from what is in force, and in how many things."""

    title: str
    count: int


@dataclass(frozen=True)
class DraftCard:
    """The draft: who began it, what it changes, what keeps it from being published.

    ``uncited`` is how many articles its rules cite that its text does not have.
    """

    started: Done
    changed: Done
    base: str
    revision: int
    note: str
    sections: tuple[ChangedSection, ...]
    faults: tuple[FaultLine, ...]
    uncited: int
    edit_href: str
    compare_href: str
    impact_href: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class PresetOffer:
    """A preset that has changed since this jurisdiction last looked at it."""

    name: str
    compare_href: str
    dismiss_action: str
    digest: str


@dataclass(frozen=True)
class OverviewPage:
    """The whole page."""

    regulation: str
    in_force: VersionLine | None
    coming: tuple[VersionLine, ...]
    draft: DraftCard | None
    history: tuple[VersionLine, ...]
    offer: PresetOffer | None = None
    acts: tuple[Act, ...] = field(default=())


def acts_by_version(events: Iterable[Event]) -> Mapping[tuple[int, str], Done]:
    """The newest act of each kind on each version, by version id and kind."""
    found: dict[tuple[int, str], Done] = {}
    for event in events:
        found.setdefault((event.subject_id, event.kind), Done(event.actor_name, local_datetime(event.at)))
    return found


def done(acts: Mapping[tuple[int, str], Done], version: ProfileVersion, kind: str) -> Done:
    """Who did that to the version; nobody when the log does not say."""
    return acts.get((version.id, kind), Done("", None))


def note_of(version: ProfileVersion) -> str:
    """Why a version was published; what a machine wrote is put into words."""
    said = version.note or ""
    if said == "import":
        return _("Taken in from a folder")
    if said.startswith("preset "):
        return _("Begun with a preset")
    return said


def state_of(version: ProfileVersion, in_force: ProfileVersion | None) -> tuple[str, str]:
    """Words and tone of a version's standing."""
    if version.status == "withdrawn":
        return _("withdrawn"), "mute"
    if in_force is not None and version.id == in_force.id:
        return _("in force"), "ok"
    if in_force is not None and version.number > in_force.number:
        return _("still to come"), "info"
    return _("former"), "mute"
