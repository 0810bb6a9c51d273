"""What the pages of the organisation show, as values. Pure: no database, no Flask."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MatrixRole:
    """A role as a column. ``locked`` roles can be read and not changed by this reader, because of what ``beyond`` names."""

    id: int
    name: str
    people: int = 0
    href: str = ""
    locked: bool = False
    beyond: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A capability as a row: the right behind it and the ids of the roles that hold it.

    Who does not hold a right may take it away and not give it: then it is not ``grantable``.
    """

    right: str
    label: str
    held_by: frozenset[int] = frozenset()
    grantable: bool = True


@dataclass(frozen=True)
class MatrixGroup:
    """Capabilities that belong together; ``anchor`` is where the page jumps to."""

    name: str
    rows: tuple[MatrixRow, ...]
    anchor: str = ""


@dataclass(frozen=True)
class MatrixPage:
    """Roles and rights of one jurisdiction, in the reader's words."""

    roles: tuple[MatrixRole, ...]
    groups: tuple[MatrixGroup, ...]
    action: str
    may_write: bool = False
    add_href: str = ""
    template_href: str = ""


@dataclass(frozen=True)
class TemplateCard:
    """A usual role to begin from. ``left_out`` are capabilities its maker does not hold and so does not give."""

    key: str
    name: str
    purpose: str
    articles: str
    capabilities: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    value: str
    error: str = ""


@dataclass(frozen=True)
class AccountPage:
    """A sign-in name and the password that is said once; afterwards one goes on to ``next_href``."""

    username: str
    password: str
    next_href: str


@dataclass(frozen=True)
class UncoveredUnit:
    """A unit without a liaison, and whom to call there."""

    name: str
    kind: str
    leader: str
    phone: str


@dataclass(frozen=True)
class InvitationLine:
    """Somebody asked to join. Here he is known by the sign-in name that was typed; on his own page by the place."""

    who: str
    unit: str
    roles: str
    on: dt.date
    accept_action: str = ""
    refuse_action: str = ""


@dataclass(frozen=True)
class AbsenceLine:
    """Somebody's absence. An empty ``end_action``: this reader may not end it."""

    name: str
    unit: str
    from_on: dt.date
    until_on: dt.date
    deputy: str
    reason: str
    end_action: str = ""


@dataclass(frozen=True)
class AbsencePage:
    """Who is away now or will be. An empty ``set_action``: this reader may not set one."""

    lines: tuple[AbsenceLine, ...]
    set_action: str = ""


@dataclass(frozen=True)
class Place:
    """A jurisdiction one belongs to; unit and roles are named only for the one that is open."""

    name: str
    unit: str
    roles: tuple[str, ...]
    href: str


@dataclass(frozen=True)
class FeedCard:
    """The address for one's calendar program. ``links`` are shown once, when it has just been made.

    An empty ``revoke_action``: there is none to end.
    """

    make_action: str
    made_on: dt.date | None = None
    revoke_action: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OwnPage:
    """One's own page."""

    name: str
    username: str
    places: tuple[Place, ...]
    must_change: bool
    data_action: str
    password_action: str
    absence_action: str = ""
    hand_over_href: str = ""
    absences: tuple[AbsenceLine, ...] = ()
    stands_in_for: tuple[AbsenceLine, ...] = ()
    invitations: tuple[InvitationLine, ...] = ()
    feed: FeedCard | None = None
    letters_href: str = ""


def links_table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Activation links as a table for a spreadsheet; a cell that looks like a formula is made a text."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(headings)
    for line in lines:
        writer.writerow([f"'{word}" if word[:1] in "=+-@\t" else word for word in line])
    return ("\ufeff" + target.getvalue()).encode()
