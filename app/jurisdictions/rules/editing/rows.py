"""Rows of a form, added, taken out and moved before anything is saved: what was typed moves along, letter for letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.jurisdictions.rules.editing.filling import MOST_ROWS, MOST_VALUES, Values, filled, row_numbers
from app.jurisdictions.rules.editing.shapes import Kind, Shape, shape_at, shapes_of


def add_row(shapes: Iterable[Shape], values: Mapping[str, list[str]], name: str) -> tuple[Values, str]:
    """An empty row at the end of the list of that name, or another line of an article: the form, and the row's own name.

    A name that is no list, or a list that is full, changes nothing.
    """
    form = _copy(values)
    shape = shape_at(shapes, name)
    if shape is not None and shape.kind is Kind.ARTICLE and len(form.get(name, ())) < MOST_VALUES:
        form[name] = [*form.get(name, ()), ""]
        return form, name
    numbers = row_numbers(form, name)
    if shape is None or shape.kind is not Kind.CARDS or shape.section is None or len(numbers) >= MOST_ROWS:
        return form, name
    row = f"{name}-{numbers[-1] + 1 if numbers else 0}"
    form |= filled(shapes_of(shape.section), {}, f"{row}-")
    return form, row


def remove_row(values: Mapping[str, list[str]], row: str) -> Values:
    """The form without that row; those after it move up."""
    name, number = _parted(row)
    form: Values = {}
    for one, typed in values.items():
        here = _number_of(one, name)
        if here is None or number is None or here < number:
            form[one] = list(typed)
        elif here > number:
            form[_renumbered(one, name, here - 1)] = list(typed)
    return form


def move_row(values: Mapping[str, list[str]], row: str, by: int) -> tuple[Values, str]:
    """The form with that row one place up (-1) or down (+1), and the row's new name; at the edge nothing changes."""
    name, number = _parted(row)
    other = None if number is None else number + by
    numbers = row_numbers(values, name)
    if number not in numbers or other not in numbers:
        return _copy(values), row
    assert number is not None and other is not None
    swap = {number: other, other: number}
    form: Values = {}
    for one, typed in values.items():
        here = _number_of(one, name)
        form[one if here not in swap or here is None else _renumbered(one, name, swap[here])] = list(typed)
    return form, f"{name}-{other}"


def _copy(values: Mapping[str, list[str]]) -> Values:
    return {name: list(typed) for name, typed in values.items()}


def _parted(row: str) -> tuple[str, int | None]:
    name, _dash, number = row.rpartition("-")
    return name, int(number) if number.isdecimal() and len(number) < 5 else None


def _number_of(one: str, name: str) -> int | None:
    if not one.startswith(f"{name}-"):
        return None
    part = one[len(name) + 1 :].partition("-")[0]
    return int(part) if part.isdecimal() else None


def _renumbered(one: str, name: str, number: int) -> str:
    rest = one[len(name) + 1 :].partition("-")
    return f"{name}-{number}{rest[1]}{rest[2]}"
