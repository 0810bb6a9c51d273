"""What the superadmin's pages show, as values: names, counts and states, never the text of a matter."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.pages import Figure, Filter, Link, Pager


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


@dataclass(frozen=True)
class JurisdictionsPage:
    """All jurisdictions of the installation."""

    rows: tuple[JurisdictionRow, ...]
    pager: Pager
    filters: tuple[Filter, ...] = ()
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
