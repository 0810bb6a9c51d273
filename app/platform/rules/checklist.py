"""The checklist by which a jurisdiction comes on: every item's state follows from what is there, none is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.jurisdictions.rules.marking import N_

State = Literal["open", "done", "attention"]


@dataclass(frozen=True)
class Inside:
    """What is counted inside one jurisdiction; ``events`` is how long its chain of events is."""

    units: int = 0
    people: int = 0
    open_matters: int = 0
    matters: int = 0
    regulation: str = ""
    version: int = 0
    handling_units: int = 0
    units_without_liaison: int = 0
    roles: int = 0
    roles_unheld: int = 0
    administrators: int = 0
    administrators_in: int = 0
    templates: int = 0
    events: int = 0


@dataclass(frozen=True)
class Surroundings:
    """What holds for the whole installation: whether this year's holidays are announced, whether mail goes out."""

    year: int
    year_announced: bool
    mail: bool


@dataclass(frozen=True)
class Item:
    """One line of the checklist: key, name, state, and what is so, as a msgid with its values."""

    key: str
    title: str
    state: State
    said: str
    values: Mapping[str, object]


TITLES: Mapping[str, str] = {
    "card": N_("Name and place"),
    "preset": N_("Procedure from a preset"),
    "people": N_("Units and people"),
    "administrator": N_("First administrator"),
    "calendar": N_("Working calendar"),
    "channels": N_("Ways for letters"),
    "check": N_("Pre-flight check"),
    "active": N_("Put into service"),
}


def checklist(inside: Inside, around: Surroundings, *, active: bool) -> tuple[Item, ...]:
    """Every item in its order."""
    lines: tuple[tuple[str, State, str, Mapping[str, object]], ...] = (
        ("card", "done", N_("Entered"), {}),
        _preset(inside),
        _people(inside),
        _administrator(inside),
        ("calendar", "done", N_("The holidays of %(year)s are announced"), {"year": around.year})
        if around.year_announced
        else ("calendar", "attention", N_("The holidays of %(year)s are not announced yet"), {"year": around.year}),
        ("channels", "done", N_("Mail and inbox"), {})
        if around.mail
        else ("channels", "attention", N_("Inbox only: the installation has no mail server"), {}),
        _check(inside),
        ("active", "done", N_("In service"), {}) if active else ("active", "open", N_("Not yet"), {}),
    )
    return tuple(Item(key, TITLES[key], state, said, values) for key, state, said, values in lines)


def blockers(inside: Inside) -> tuple[str, ...]:
    """What keeps a jurisdiction from being put into service, as msgids. Nothing else does."""
    found = []
    if not inside.version:
        found.append(N_("Choose a preset first: without a procedure no matter can run."))
    if not inside.handling_units:
        found.append(N_("There is no unit that could handle a matter. Import the units or add one."))
    if not inside.administrators:
        found.append(N_("Nobody could look after it. Name the first administrator."))
    return tuple(found)


def warnings(inside: Inside, around: Surroundings) -> tuple[tuple[str, dict[str, object]], ...]:
    """What the administrator should see to soon, as msgids with values; it keeps nobody from starting."""
    found: list[tuple[str, dict[str, object]]] = []
    if inside.administrators and not inside.administrators_in:
        found.append((N_("The administrator has not followed the activation link yet."), {}))
    if inside.units_without_liaison:
        found.append(
            (N_("%(count)s units have nobody who signs for receipt."), {"count": inside.units_without_liaison})
        )
    if inside.roles_unheld:
        found.append((N_("%(count)s roles are held by nobody."), {"count": inside.roles_unheld}))
    if not around.year_announced:
        found.append((N_("The holidays of %(year)s are not announced yet"), {"year": around.year}))
    if not around.mail:
        found.append((N_("Letters are read in the inbox only."), {}))
    if not inside.templates:
        found.append((N_("Notices use the built-in layout."), {}))
    return tuple(found)


def _preset(inside: Inside) -> tuple[str, State, str, Mapping[str, object]]:
    if not inside.version:
        return "preset", "open", N_("No preset is chosen"), {}
    values = {"name": inside.regulation, "number": inside.version}
    return "preset", "done", N_("%(name)s, version %(number)s"), values


def _people(inside: Inside) -> tuple[str, State, str, Mapping[str, object]]:
    values = {"units": inside.units, "people": inside.people, "count": inside.units_without_liaison}
    if not inside.handling_units:
        return "people", "open", N_("%(units)s units, %(people)s people"), values
    if inside.units_without_liaison:
        said = N_("%(units)s units, %(people)s people; %(count)s units without a liaison")
        return "people", "attention", said, values
    return "people", "done", N_("%(units)s units, %(people)s people"), values


def _administrator(inside: Inside) -> tuple[str, State, str, Mapping[str, object]]:
    if not inside.administrators:
        return "administrator", "open", N_("Nobody yet"), {}
    if not inside.administrators_in:
        return "administrator", "attention", N_("Named; the activation link was not followed yet"), {}
    return "administrator", "done", N_("%(count)s people can look after it"), {"count": inside.administrators_in}


def _check(inside: Inside) -> tuple[str, State, str, Mapping[str, object]]:
    found = blockers(inside)
    if found:
        return "check", "open", N_("%(count)s things are missing"), {"count": len(found)}
    if inside.units_without_liaison or inside.roles_unheld or not inside.administrators_in:
        return "check", "attention", N_("It can start; some things should be seen to"), {}
    return "check", "done", N_("Everything is ready"), {}
