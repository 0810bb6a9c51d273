"""What a reader may ask of the log of acts, read from an address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.notifications.rules import ACTS

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
LONGEST_NAME = 60
LAST_PAGE = 100_000


@dataclass(frozen=True)
class EventFilter:
    """Which acts: of one kind, by people whose name contains these words, from and up to these local days."""

    kind: str = ""
    person: str = ""
    after: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> EventFilter:
        """From the names kind, person, on_from and on_to. Raises Invalid for a day that is none."""
        kind = args.get("kind", "")
        return cls(
            kind=kind if kind in ACTS else "",
            person=args.get("person", "").replace("\x00", "").strip()[:LONGEST_NAME],
            after=_day(args.get("on_from", "")),
            until=_day(args.get("on_to", "")),
        )


def page_number(text: str | None) -> int:
    """A page of a list, from 1; anything else is the first."""
    return min(max(1, int(text)), LAST_PAGE) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 1


def is_on_the_clock(day: dt.date) -> bool:
    """Whether a day begins and ends at instants there are: the first and the last year of the calendar have some without."""
    return dt.MINYEAR < day.year < dt.MAXYEAR


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    found = _DAY.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, month, day, packed_month, packed_day = found.groups()
        read = dt.date(int(year), int(month or packed_month), int(day or packed_day))
        if not is_on_the_clock(read):
            raise ValueError(text)
        return read
    except ValueError:
        raise Invalid("bad_day", N_("“%(text)s” is not a day. Write it as 2026-11-23."), text=text[:30]) from None
