"""Walking a profile: every section, every value, and what each value names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from app.jurisdictions.rules.profile.base import Refers, Section


@dataclass(frozen=True)
class Reference:
    """A word at a place that names an entry of the list ``to``."""

    path: str
    word: str
    to: str


@dataclass(frozen=True)
class Listed:
    """A list at a place: its sections, or its plain words."""

    path: str
    items: tuple[Any, ...]


def references(section: Section, path: str = "") -> Iterator[Reference]:
    """Every word of a section, and of all below it, that names something elsewhere."""
    for name, value in section:
        below = f"{path}.{name}" if path else name
        to = referred(type(section), name)
        if to is not None:
            for place, word in _words(value, below):
                yield Reference(place, word, to)
        for place, inner in _sections(value, below):
            yield from references(inner, place)


def lists(section: Section, path: str = "") -> Iterator[Listed]:
    """Every list of a section and of all below it."""
    for name, value in section:
        below = f"{path}.{name}" if path else name
        if isinstance(value, tuple):
            yield Listed(below, value)
        for place, inner in _sections(value, below):
            yield from lists(inner, place)


@cache
def referred(kind: type[Section], name: str) -> str | None:
    """The list whose entries a field names, be it one word or many; None for a field that names nothing."""
    return _mark(get_type_hints(kind, include_extras=True)[name])


def _mark(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Refers):
                return extra.to
        return _mark(get_args(hint)[0])
    for inner in get_args(hint):
        found = _mark(inner)
        if found is not None:
            return found
    return None


def _words(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for index, word in enumerate(value):
            yield f"{path}[{index}]", word


def _sections(value: Any, path: str) -> Iterator[tuple[str, Section]]:
    if isinstance(value, Section):
        yield path, value
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            if isinstance(inner, Section):
                yield f"{path}[{index}]", inner
