"""Between the data of a section and the names and values of its form, both ways.

A name is the way to the field, ``procedure-steps-2-name``. What was typed is kept as it was typed: a number that is none
goes back into its box with a sentence beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from app.jurisdictions.rules.editing.keys import key_for
from app.jurisdictions.rules.editing.shapes import Kind, Shape, shapes_of
from app.jurisdictions.rules.profile.base import Section

Values = dict[str, list[str]]

ON = "1"
MOST_NAMES, MOST_ROWS, MOST_VALUES = 4000, 200, 60
_NAME = re.compile(r"[a-z][a-z_]{0,39}(-([0-9]{1,3}|[a-z][a-z0-9_]{0,39})){0,9}")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:.时点]?(\d{2})分?")
_LIKE = "like"


class StrangeForm(ValueError):
    """A form that none of our pages sends: names nobody asked for, or more of them than any page has."""


def filled(shapes: Iterable[Shape], data: Mapping[str, Any], prefix: str = "") -> Values:
    """The form's names and values for the data; fields the data lacks begin with their defaults."""
    values: Values = {}
    for shape in shapes:
        _fill(values, shape, data.get(shape.name, shape.default), prefix + shape.name)
    return values


def read(shapes: Iterable[Shape], values: Mapping[str, list[str]]) -> dict[str, Any]:
    """The data a form means: keys made, blanks left out, numbers as numbers where they are some.

    Raises StrangeForm. Whether the data is a section is the schema's to say.
    """
    if len(values) > MOST_NAMES or any(not _NAME.fullmatch(name) for name in values):
        raise StrangeForm("names")
    if any(len(many) > MOST_VALUES for many in values.values()):
        raise StrangeForm("values")
    reader = _Reader(values)
    data = reader.section(tuple(shapes), "")
    if values.keys() - reader.asked:
        raise StrangeForm("unasked")
    return data


def read_part(kind: type[Section], values: Mapping[str, list[str]], prefix: str) -> dict[str, Any]:
    """The data of one part of a form, be it switched on or off: what is drawn of it."""
    return _Reader(values).section(shapes_of(kind), prefix)


def row_numbers(values: Iterable[str], name: str) -> list[int]:
    """The numbers of the rows that a form has below a name, in order."""
    start = len(name) + 1
    found = {
        int(part)
        for one in values
        if one.startswith(f"{name}-") and (part := one[start:].partition("-")[0]).isdecimal()
    }
    return sorted(found)


def _fill(values: Values, shape: Shape, value: Any, name: str) -> None:
    if isinstance(value, Section):
        value = {}  # a default that is a section: its own defaults say the rest
    if shape.kind is Kind.RIGHTS:
        values[f"{name}-{_LIKE}"] = [""]
    elif shape.kind is Kind.YES_NO:
        values[name] = [ON] if value else []
    elif shape.kind in (Kind.CHOICES, Kind.ENTRIES, Kind.ORDERED):
        values[name] = [str(word) for word in value or ()]
    elif shape.kind is Kind.LINES:
        values[name] = ["\n".join(value or ())]
    elif shape.kind is Kind.ARTICLE:
        values[name] = str(value or "").split("、")
    elif shape.kind is Kind.NAMED:
        for word in shape.words:
            values[f"{name}-{word}"] = [str((value or {}).get(word, ""))]
    elif shape.kind is Kind.CARDS:
        for number, inner in enumerate(value or ()):
            values |= filled(_inner(shape), inner, f"{name}-{number}-")
    elif shape.kind in (Kind.SECTION, Kind.SWITCHED):
        if shape.kind is Kind.SWITCHED:
            values[f"{name}-on"] = [ON] if value is not None else []
        values |= filled(_inner(shape), value or {}, f"{name}-")
    else:
        values[name] = ["" if value is None else str(value)]


def _inner(shape: Shape) -> tuple[Shape, ...]:
    assert shape.section is not None
    return shapes_of(shape.section)


class _Reader:
    """Reads a form's values by its shapes and remembers which it asked for."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self.values = values
        self.asked: set[str] = set()

    def section(self, shapes: tuple[Shape, ...], prefix: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for shape in shapes:
            value = self.field(shape, prefix + shape.name)
            if value is not None:
                data[shape.name] = value
        return data

    def field(self, shape: Shape, name: str) -> Any:
        """The value of a field; None for a blank."""
        if shape.kind is Kind.CARDS:
            return self.cards(shape, name)
        if shape.kind is Kind.NAMED:
            found = {word: self.text(f"{name}-{word}") for word in shape.words}
            return {word: text for word, text in found.items() if text}
        if shape.kind is Kind.SECTION:
            return self.section(_inner(shape), f"{name}-")
        if shape.kind is Kind.SWITCHED:
            on = bool(self.all(f"{name}-on"))
            inner = self.section(_inner(shape), f"{name}-")
            return inner if on else None
        if shape.kind is Kind.RIGHTS:
            like = self.text(f"{name}-{_LIKE}")
            return {_LIKE: like} if like else None
        if shape.kind is Kind.YES_NO:
            return bool(self.all(name))
        if shape.kind in (Kind.CHOICES, Kind.ENTRIES, Kind.ORDERED):
            return [word for word in self.all(name) if word]
        if shape.kind is Kind.LINES:
            return [line.strip() for line in self.text(name).splitlines() if line.strip()]
        if shape.kind is Kind.ARTICLE:
            return "、".join(word.strip() for word in self.all(name) if word.strip()) or None
        return self.one(shape, self.text(name))

    def cards(self, shape: Shape, name: str) -> list[dict[str, Any]]:
        numbers = row_numbers(self.values, name)
        if len(numbers) > MOST_ROWS:
            raise StrangeForm("rows")
        rows = [self.section(_inner(shape), f"{name}-{number}-") for number in numbers]
        names = {inner.name for inner in _inner(shape)}
        if "key" in names:
            _with_keys(rows, shape.name.rstrip("s"))
        if "series" in names:
            for row in rows:
                row.setdefault("series", row["key"])
        return rows

    def one(self, shape: Shape, text: str) -> Any:
        if not text:
            return "" if shape.required and shape.kind in (Kind.TEXT, Kind.LONG) else None
        if shape.kind in (Kind.NUMBER, Kind.DATE, Kind.TIME):
            plain = unicodedata.normalize("NFKC", text)
            return _PLAIN[shape.kind](plain)
        return text

    def all(self, name: str) -> list[str]:
        self.asked.add(name)
        return list(self.values.get(name, ()))

    def text(self, name: str) -> str:
        found = self.all(name)
        return found[0].replace("\r\n", "\n").strip() if found else ""


def _with_keys(rows: list[dict[str, Any]], fallback: str) -> None:
    """Give every row without a key one that no other row has."""
    for row in rows:
        if not row.get("key"):
            row["key"] = key_for(row, fallback, [str(other.get("key")) for other in rows])


def _number(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _date(text: str) -> str:
    """A day as people write it, as 2026-11-23."""
    found = _DATE.fullmatch(text)
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text


def _time(text: str) -> str:
    """An hour as people write it, as 17:30."""
    found = _TIME.fullmatch(text)
    return "{:0>2}:{}".format(*found.groups()) if found else text


_PLAIN = {Kind.NUMBER: _number, Kind.DATE: _date, Kind.TIME: _time}
