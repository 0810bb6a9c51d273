"""What several pages show: steps, things that happened, dates that explain themselves, parts of a form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.kernel.pages import DueCell, FileLine

Pair = tuple[str, Any]


@dataclass(frozen=True)
class TrackerStep:
    """One step of the matter's own procedure. ``status`` is done, current or ahead; ``note`` a date or a short word."""

    name: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. ``at`` is None when only the day is known: 00:00 is never shown for "unknown".

    ``tone`` is ok, warn, bad, info, hold or mute.
    """

    title: str
    by: str
    on: dt.date
    at: dt.datetime | None = None
    tone: str = "info"
    icon: str = "doc"
    text: str = ""
    note: str = ""
    files: tuple[FileLine, ...] = ()


@dataclass(frozen=True)
class DueExplanation:
    """A date that explains itself. ``lines`` are the sentences of ``deadlines.rules.describe``, translated, in order."""

    stage_label: str
    due: DueCell
    pairs: tuple[Pair, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldGroup:
    """A titled part of a form. Fields named in ``picks`` are drawn as pick lists with a finder (units, people)."""

    title: str
    names: tuple[str, ...]
    hint: str = ""
    picks: frozenset[str] = frozenset()
