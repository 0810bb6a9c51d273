"""What the calendar of what is due shows, as values. Pure: no database, no Flask, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.kernel.pages import Filter, Tab


@dataclass(frozen=True)
class DueLine:
    """One matter on its day. ``light_label`` says in words what the lamp shows; ``until`` is the time of the day."""

    title: str
    href: str
    light: str
    light_label: str
    stage: str
    unit: str = ""
    until: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class DueCellDay:
    """One day of the calendar.

    ``mark`` is the name of a rest day or a make-up day, ``rest`` and ``made_up`` say which; ``total`` matters are judged by
    a clock due that day, ``light`` is the worst of them, ``href`` the ledger that lists exactly them. ``more`` are those
    beyond ``lines``. ``outside`` days belong to the neighbouring month.
    """

    on: dt.date
    is_today: bool = False
    outside: bool = False
    rest: bool = False
    made_up: bool = False
    mark: str = ""
    total: int = 0
    light: str = ""
    light_label: str = ""
    href: str = ""
    lines: tuple[DueLine, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class DuePage:
    """The calendar of one month or one week."""

    heading: str
    total: int
    weeks: tuple[tuple[DueCellDay, ...], ...]
    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    hidden: tuple[tuple[str, str], ...]
    previous_href: str
    next_href: str
    now_href: str
    subscribe_href: str
