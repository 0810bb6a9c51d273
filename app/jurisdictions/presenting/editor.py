"""A page of the profile's editor: the pages beside it, the form, the faults of the whole draft, and what stands at its side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.jurisdictions.presenting.diagram import Diagram, column, who_of
from app.jurisdictions.presenting.form import Control
from app.jurisdictions.presenting.loosely import loose_procedure
from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.places import FaultLine
from app.jurisdictions.presenting.points import PointCard
from app.jurisdictions.rules.profile.wording import PAGES, SectionPage
from app.kernel.i18n import translate
from app.kernel.pages import Link


@dataclass(frozen=True)
class SectionLine:
    """One page in the list of pages: whether the draft differs there, and how many faults it has."""

    label: str
    href: str
    current: bool
    changed: bool
    faults: int


@dataclass(frozen=True)
class EditorPage:
    """Everything the editor's page shows.

    ``points`` are the open points in place of a form of fields. ``base`` recognises what the form began from. ``unsaved``:
    the form holds what is not kept yet. ``refusals`` are the entries that need a correction; ``conflict`` says that somebody
    else was faster.
    """

    key: str
    title: str
    intro: str
    root: str
    sections: tuple[SectionLine, ...]
    base: str
    revision: int
    may_write: bool
    has_draft: bool
    state: str
    faults: tuple[FaultLine, ...]
    articles: tuple[tuple[str, str], ...]
    next: Link | None
    controls: tuple[Control, ...] = ()
    points: tuple[PointCard, ...] = ()
    diagram: Diagram | None = None
    simulator: bool = False
    unsaved: bool = False
    refusals: tuple[FaultLine, ...] = ()
    conflict: str = ""

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return f"{self.root}/settings/profile/edit/{self.key}"


def section_lines(
    here: SectionPage,
    root: str,
    document: Mapping[str, Any],
    before: Mapping[str, Any],
    faults: Iterable[FaultLine],
) -> tuple[SectionLine, ...]:
    """The list of pages: ``before`` is what is in force."""
    counts: dict[str, int] = {}
    for fault in faults:
        counts[fault.page] = counts.get(fault.page, 0) + 1
    return tuple(
        SectionLine(
            label=translate(page.title),
            href=f"{root}/settings/profile/edit/{page.key}",
            current=page.key == here.key,
            changed=any(document.get(field) != before.get(field) for field in page.fields),
            faults=counts.get(page.key, 0),
        )
        for page in PAGES
    )


def next_page(here: SectionPage, root: str) -> Link | None:
    """The page after this one."""
    places = [page.key for page in PAGES]
    place = places.index(here.key) + 1
    if place == len(PAGES):
        return None
    return Link(translate(PAGES[place].title), f"{root}/settings/profile/edit/{PAGES[place].key}")


def draft_diagram(document: Mapping[str, Any], root: str, former: Mapping[str, Any]) -> Diagram:
    """The picture of the procedure as the form has it, each step a link to its card; ``former`` names what is gone."""
    procedure = loose_procedure(document)
    address = f"{root}/settings/profile/edit/procedure"
    links = [f"{address}?at=procedure-steps-{place}#f-procedure-steps-{place}" for place in range(len(procedure.steps))]
    names = Names(document, former)
    roles = {role: names.name("roles", role) for step in procedure.steps for role in who_of(step)}
    return column(procedure, roles, links)


def base_of(page: SectionPage, document: Mapping[str, Any]) -> str:
    """What the stored sections of a page are recognised by: another digest means that somebody else has saved here."""
    stored = {field: document.get(field) for field in page.fields}
    return hashlib.sha256(json.dumps(stored, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
