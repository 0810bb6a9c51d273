"""Pieces of a page as values: what a view hands to a template, never a row of the database.

Labels are already in the reader's language, links are complete, instants are local. A link whose address is "" is not
drawn. The macros of ``hy/ui.html`` draw these, one macro per class.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Link:
    """A place to go. ``icon`` names a symbol of ``static/hy/icons.svg``."""

    label: str
    href: str
    icon: str = ""


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing. ``count`` None hides the number; ``bad`` paints a number above zero red."""

    label: str
    href: str
    count: int | None = None
    bad: bool = False
    current: bool = False


@dataclass(frozen=True)
class Figure:
    """One number that is a link to the very rows it counts.

    ``tone`` is one of ok, warn, bad, info; ``light`` puts a lamp before the label, ``icon`` a symbol.
    """

    label: str
    value: str | int
    unit: str
    href: str
    note: str = ""
    tone: str = "info"
    light: str = ""
    icon: str = ""


@dataclass(frozen=True)
class FileLine:
    """A file in a list. An empty ``href`` means that this reader may know of it and not open it.

    ``bytes`` 0 is a file that is made when it is asked for. ``links`` are other ways to read it.
    """

    name: str
    href: str
    bytes: int
    by: str
    on: dt.date
    kind_label: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class BarRow:
    """One stacked bar: counts by light (ok, warn, bad, hold, done), linked to the rows behind it."""

    label: str
    href: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TaskLine:
    """One line of a list of places or chores: the whole line is the link."""

    title: str
    text: str
    href: str
    icon: str = "gear"
    state_label: str = ""
    state_tone: str = "mute"


class Reading(Protocol):
    """What a light is read from: ``app.deadlines.rules.LightReading`` has this shape."""

    @property
    def light(self) -> str: ...
    @property
    def remaining(self) -> int: ...
    @property
    def overdue(self) -> int: ...
    @property
    def late(self) -> bool: ...


@dataclass(frozen=True)
class DueCell:
    """A due date as it is read on one day: lamp, date and words. Days are working days.

    ``on`` None is a clock without a date yet. ``provisional``: the year's holidays are not announced. ``until`` is the time
    of the day, as 17:30, where the day does not count to its end. ``extension`` is "asked" while one is not answered, and
    "granted" where the date is an extended one. ``void``: another date took its place, or the matter ended without it.
    """

    light: str
    on: dt.date | None
    remaining: int = 0
    overdue: int = 0
    late: bool = False
    is_today: bool = False
    provisional: bool = False
    until: str = ""
    extension: str = ""
    void: bool = False

    @classmethod
    def read(
        cls,
        on: dt.date | None,
        reading: Reading,
        today: dt.date,
        provisional: bool = False,
        until: str = "",
        extension: str = "",
        void: bool = False,
    ) -> DueCell:
        """The cell of a date and its light on ``today``."""
        return cls(
            light=str(reading.light),
            on=on,
            remaining=reading.remaining,
            overdue=reading.overdue,
            late=reading.late,
            is_today=on == today,
            provisional=provisional,
            until=until,
            extension=extension,
            void=void,
        )


@dataclass(frozen=True)
class Act:
    """One thing this reader may do now, in two clicks: the first opens its panel, the second does it.

    ``effect`` says before the second click what will happen and to whom. ``form`` is a WTForms form or None; ``open``
    keeps the panel open when the form came back with errors. ``version`` is the matter's version the reader decided on.
    ``phrases`` fill ``phrase_field``. ``tone`` is primary, plain or danger. While something is ``missing`` the panel names it,
    with where it is done, and has no second click.
    """

    key: str
    label: str
    submit_label: str
    action: str
    effect: str = ""
    tone: str = "plain"
    icon: str = ""
    form: Any = None
    open: bool = False
    version: int | None = None
    phrases: tuple[str, ...] = ()
    phrase_field: str = "opinion"
    missing: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Filter:
    """One control of the filter bar. ``kind`` is text, select or dates (names ``<name>_from`` and ``<name>_to``)."""

    kind: str
    name: str
    label: str
    value: str = ""
    until: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    any_label: str = ""
    placeholder: str = ""


@dataclass(frozen=True)
class Pager:
    """Pages of a long list. ``entries`` are (label, address, current); a gap is ("…", "", False)."""

    total: int
    page: int
    pages: int
    entries: tuple[tuple[str, str, bool], ...] = ()
    previous: str = ""
    next: str = ""

    @classmethod
    def of(cls, total: int, page: int, page_size: int, link: Callable[[int], str]) -> Pager:
        """The pager for ``page`` (from 1) of ``total`` rows; ``link`` gives a page's address.

        A page beyond the end is drawn as the last one; the query decides what it shows.
        """
        pages = max(1, -(-total // page_size))
        page = min(max(1, page), pages)
        wanted = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
        entries: list[tuple[str, str, bool]] = []
        before = 0
        for number in wanted:
            if number - before > 1:
                entries.append(("…", "", False))
            entries.append((str(number), link(number), number == page))
            before = number
        return cls(
            total=total,
            page=page,
            pages=pages,
            entries=tuple(entries),
            previous=link(page - 1) if page > 1 else "",
            next=link(page + 1) if page < pages else "",
        )
