"""What the form of a section looks like, walked out of the schema: one shape for every field."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic_core import PydanticUndefined

from app.jurisdictions.rules.profile.base import Approval, Refers, Section
from app.jurisdictions.rules.profile.document import Profile
from app.jurisdictions.rules.profile.office import ArticleText
from app.jurisdictions.rules.profile.references import referred
from app.jurisdictions.rules.profile.wording import choice_words

SHORTEST_LONG = 1000
_FULL_DAY_PATTERN = "24:00"


class Kind(StrEnum):
    """What a field is on the screen."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    ENTRY = "entry"
    ENTRIES = "entries"
    ORDERED = "ordered"
    ARTICLE = "article"
    SECTION = "section"
    SWITCHED = "switched"
    CARDS = "cards"
    NAMED = "named"
    KEPT = "kept"
    RIGHTS = "rights"


@dataclass(frozen=True)
class Shape:
    """One field of a form.

    ``to`` is the list whose entries it names, ``words`` the values of a choice, ``section`` what stands in it or in each of
    its cards. ``low`` and ``high`` bound a number, ``most`` the signs of a text. ``default`` is what an empty form begins
    with. A field that is ``kept`` is never typed: its value goes round with the form, or is made from the name.
    """

    owner: type[Section]
    name: str
    kind: Kind
    required: bool
    default: Any = None
    to: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    section: type[Section] | None = None
    low: int | None = None
    high: int | None = None
    most: int | None = None


@dataclass
class _Type:
    """A type hint, taken apart."""

    base: Any = None
    optional: bool = False
    many: bool = False
    section: type[Section] | None = None
    literal: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    most: int | None = None
    pattern: str = ""
    marks: list[Any] = field(default_factory=list)


@cache
def shapes_of(kind: type[Section]) -> tuple[Shape, ...]:
    """The fields of a section, in the order of the schema."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_shape(kind, name, hints[name]) for name in kind.model_fields)


def page_shapes(fields: Iterable[str]) -> tuple[Shape, ...]:
    """The fields of the profile that stand on one page, in that order."""
    found = {shape.name: shape for shape in shapes_of(Profile)}
    return tuple(found[name] for name in fields)


def shape_at(shapes: Iterable[Shape], name: str) -> Shape | None:
    """The field that a name of the form belongs to, be it on the page or in one of its cards; None for a stranger."""
    parts = name.split("-")
    found: Shape | None = None
    here = tuple(shapes)
    while parts:
        found = next((shape for shape in here if shape.name == parts[0]), None)
        if found is None:
            return None
        parts = parts[1:]
        if found.kind is Kind.CARDS and parts and parts[0].isdecimal():
            parts = parts[1:]
        here = shapes_of(found.section) if found.section is not None else ()
    return found


def _shape(owner: type[Section], name: str, hint: Any) -> Shape:
    info = owner.model_fields[name]
    taken = _Type(marks=list(info.metadata))
    _take(hint, taken)
    _bounds(taken)
    default = None if info.default is PydanticUndefined else info.default
    return Shape(
        owner=owner,
        name=name,
        kind=_kind(owner, name, taken),
        required=info.is_required(),
        default=default,
        to=referred(owner, name),
        words=choice_words(owner, name),
        section=taken.section,
        low=taken.low,
        high=taken.high,
        most=taken.most,
    )


def _kind(owner: type[Section], name: str, taken: _Type) -> Kind:
    to = referred(owner, name)
    if to == "rights":
        return Kind.RIGHTS
    if name in ("key", "series"):
        return Kind.KEPT
    if get_origin(taken.base) is not None and issubclass(get_origin(taken.base), Mapping):
        return Kind.NAMED
    if taken.section is not None:
        return Kind.CARDS if taken.many else Kind.SWITCHED if taken.optional else Kind.SECTION
    if to is not None:
        return (Kind.ORDERED if owner is Approval else Kind.ENTRIES) if taken.many else Kind.ENTRY
    if choice_words(owner, name):
        return Kind.CHOICES if taken.many else Kind.CHOICE
    if taken.many:
        return Kind.LINES
    plain = {bool: Kind.YES_NO, int: Kind.NUMBER, dt.date: Kind.DATE}.get(taken.base)
    if plain is not None:
        return plain
    if name == "article" and owner is not ArticleText:
        return Kind.ARTICLE
    if _FULL_DAY_PATTERN in taken.pattern:
        return Kind.TIME
    return Kind.LONG if (taken.most or 0) >= SHORTEST_LONG else Kind.TEXT


def _take(hint: Any, taken: _Type) -> None:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *marks = get_args(hint)
        taken.marks += marks
        _take(inner, taken)
    elif origin in (typing.Union, types.UnionType):
        taken.optional = True
        for inner in get_args(hint):
            if inner is not type(None):
                _take(inner, taken)
    elif origin is tuple:
        taken.many = True
        _take(get_args(hint)[0], taken)
    elif origin is Literal:
        taken.literal = get_args(hint)
    elif isinstance(hint, type) and issubclass(hint, Section):
        taken.section = hint
    else:
        taken.base = hint


def _bounds(taken: _Type) -> None:
    """Numbers and lengths out of what pydantic is told."""
    for mark in taken.marks:
        if isinstance(mark, Refers):
            continue
        for inner in (mark, *getattr(mark, "metadata", ())):
            taken.low = _either(getattr(inner, "ge", None), taken.low)
            taken.high = _either(getattr(inner, "le", None), taken.high)
            if not taken.many or hasattr(inner, "pattern"):
                taken.most = _either(getattr(inner, "max_length", None), taken.most)
            taken.pattern = getattr(inner, "pattern", None) or taken.pattern


def _either(value: Any, before: int | None) -> int | None:
    return value if isinstance(value, int) else before
