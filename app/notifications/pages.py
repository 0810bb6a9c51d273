"""What the inbox and the log of acts show, as values. Pure: no database, no Flask, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from app.kernel.pages import Pager, Tab


@dataclass(frozen=True)
class InboxLine:
    """One letter: its subject, its sentences, when it came (local). ``href`` opens it."""

    subject: str
    lines: tuple[str, ...]
    href: str
    at: dt.datetime
    unread: bool


@dataclass(frozen=True)
class InboxPage:
    """One page of a person's letters. ``mark_all_href`` is empty when nothing is new."""

    lines: tuple[InboxLine, ...]
    tabs: tuple[Tab, ...]
    pager: Pager
    mark_all_href: str = ""
    settings_href: str = ""


@dataclass(frozen=True)
class EventLine:
    """One act of the log: what, who, when (local), and the facts a reader understands, labelled."""

    seq: int
    title: str
    tone: str
    icon: str
    by: str
    at: dt.datetime
    facts: tuple[tuple[str, str], ...] = ()
    href: str = ""


@dataclass(frozen=True)
class EventsPage:
    """One page of the log, with the filters in force. ``kinds`` are (kind, words)."""

    lines: tuple[EventLine, ...]
    pager: Pager
    kinds: tuple[tuple[str, str], ...]
    kind: str = ""
    person: str = ""
    after: str = ""
    until: str = ""


@dataclass(frozen=True)
class WayLine:
    """One way out: its name and kind, for whose letters, whether it is in use, and how its last trial went.

    ``trial`` is the sentence of a trial that failed; ``tried_at`` (local) is None when it was not tried as it stands.
    """

    name: str
    kind: str
    icon: str
    unit: str
    enabled: bool
    when_asked: bool
    tried_at: dt.datetime | None
    trial: str
    href: str

    @property
    def works(self) -> bool:
        """Whether it has taken a message as it stands."""
        return self.tried_at is not None and not self.trial


@dataclass(frozen=True)
class WayKindLine:
    """A kind that can be set up."""

    name: str
    about: str
    icon: str
    href: str


@dataclass(frozen=True)
class WaysPage:
    """All ways of a jurisdiction. ``house_sender`` is who writes the installation's own mail; empty without a server."""

    lines: tuple[WayLine, ...]
    kinds: tuple[WayKindLine, ...]
    house_sender: str


@dataclass(frozen=True)
class WayPage:
    """The form of one way: the fields that make it, and the rest.

    ``needs`` is what a trial must be told: mail, phone or nothing. A new one has no acts yet.
    """

    kind: str
    about: str
    names: tuple[str, ...]
    rest: tuple[str, ...]
    line: WayLine | None = None
    trial: str = ""
    switch: str = ""
    remove: str = ""
    needs: str = ""
    address: str = ""

    def with_acts(self, **acts: str) -> WayPage:
        """The same page with what can be done."""
        return replace(self, **acts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LetterRulesPage:
    """When letters leave, and how many did not: (label, number, address) each."""

    action: str
    ways_href: str
    counts: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class StuckLine:
    """A letter on its way, without a word of what it says. ``at`` and ``next_at`` are local."""

    id: int
    name: str
    channel: str
    kind: str
    at: dt.datetime
    attempts: int
    reason: str
    next_at: dt.datetime | None


@dataclass(frozen=True)
class StuckPage:
    """Letters that failed, were dropped or wait. ``reasons`` and ``channels`` are (code, words with their number).

    ``resend`` and ``give_up`` are addresses, empty where the act does not fit the state; ``total`` is how many there are.
    """

    lines: tuple[StuckLine, ...]
    tabs: tuple[Tab, ...]
    pager: Pager
    channels: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    channel: str
    reason: str
    state: str
    total: int
    days: int
    rules_href: str
    resend: str = ""
    give_up: str = ""


@dataclass(frozen=True)
class OwnWayLine:
    """A way to the reader: its name, the address it uses ("" when there is none), and whether it is used only when asked."""

    channel: str
    name: str
    address: str
    when_asked: bool
    mode: str


@dataclass(frozen=True)
class OwnLettersPage:
    """How the reader is written to here. ``action`` is empty where the jurisdiction decides for everybody."""

    lines: tuple[OwnWayLine, ...]
    action: str
    account_href: str
    inbox_href: str
    urgent: tuple[str, ...]
    digest_at: str
    quiet: str
