"""What is due as an iCalendar file (RFC 5545): one all-day entry a matter, and no restricted text in it.

A feed is read by programs and clouds beyond the house. It names a matter by register number and title only where the matter
is not sensitive; a sensitive one is "a supervised matter", its stage and its day. Contents, instructions, opinions and
people never leave.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from icalendar import Calendar, Event, vUri

from app.kernel.i18n import _
from app.matters.presenting.common import STAGE_WORDS, matter_href, word
from app.matters.queries import DueEntry

OPEN_LEVELS = ("public", "internal")
MONTHS_BACK, MONTHS_AHEAD = 1, 6
MOST = 1000


def window(today: dt.date) -> tuple[dt.date, dt.date]:
    """The days a feed speaks of."""
    return today - dt.timedelta(days=31 * MONTHS_BACK), today + dt.timedelta(days=31 * MONTHS_AHEAD)


def summary(entry: DueEntry) -> str:
    """The line a calendar program shows."""
    named = entry.secrecy_level in OPEN_LEVELS
    words = " ".join(word for word in (entry.register_no, entry.title) if word) if named else _("A supervised matter")
    text = f"{words} · {word(STAGE_WORDS, entry.stage)}"
    return text + _(" (provisional)") if entry.provisional else text


def feed(entries: Iterable[DueEntry], *, name: str, slug: str, host: str, root: str) -> bytes:
    """The file. ``host`` is the address of the house without a path, ``root`` the jurisdiction's path."""
    calendar = Calendar()
    calendar.add("prodid", "-//Huiyin//Due dates//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"due-{entry.clock_id}@{slug}.huiyin")
        event.add("dtstamp", entry.drawn_up_at.astimezone(dt.UTC).replace(microsecond=0))
        event.add("sequence", entry.version)
        event.add("dtstart", entry.due_on)
        event.add("dtend", entry.due_on + dt.timedelta(days=1))
        event.add("summary", summary(entry))
        event.add("url", vUri(f"{host}{matter_href(root, entry.id)}"))
        event.add("status", "TENTATIVE" if entry.provisional else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def tag(body: bytes) -> str:
    """What tells a program that nothing has changed."""
    return hashlib.sha256(body).hexdigest()[:32]
