"""Reading one's own letters, nobody anybody else's, what became of letters on their way, and a jurisdiction's log of acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.outbox import DIGEST_AT, EACH, INBOX, QUIET_FROM, QUIET_UNTIL, URGENT_KINDS, Letter
from app.notifications.models import Channel, LetterPolicy, LetterPreference
from app.organisation.models import Membership, Person


def _mine(person_id: int | None, *, only_unread: bool = False) -> Select[tuple[Letter]]:
    letters = select(Letter).where(Letter.recipient_id == person_id, Letter.channel == INBOX)
    return letters.where(Letter.read_at.is_(None)) if only_unread else letters


def list_letters(
    session: Any, person_id: int | None, *, only_unread: bool = False, page: int = 1, page_size: int = 30
) -> list[Letter]:
    """One page of the person's inbox in the jurisdiction in scope, newest first; pages count from 1."""
    newest_first = _mine(person_id, only_unread=only_unread).order_by(Letter.created_at.desc(), Letter.id.desc())
    return list(session.scalars(newest_first.limit(page_size).offset((page - 1) * page_size)))


def count_letters(session: Any, person_id: int | None, *, only_unread: bool = False) -> int:
    """How many letters ``list_letters`` pages through."""
    mine = _mine(person_id, only_unread=only_unread).with_only_columns(func.count())
    return int(session.scalar(mine) or 0)


def count_unread(session: Any, person_id: int | None) -> int:
    """How many letters the person has not opened, in the jurisdiction in scope."""
    return count_letters(session, person_id, only_unread=True)


def get_letter(session: Any, person_id: int | None, letter_id: int) -> Letter:
    """One of the person's own inbox letters. Raises NotFound for anybody else's."""
    letter: Letter | None = session.scalars(_mine(person_id).where(Letter.id == letter_id)).one_or_none()
    if letter is None:
        raise NotFound()
    return letter


@dataclass(frozen=True)
class Acts:
    """Which part of a jurisdiction's log: one kind, one name or part of it, from one instant up to before another."""

    kind: str = ""
    person: str = ""
    since: dt.datetime | None = None
    before: dt.datetime | None = None

    def narrow(self, events: Select[Any]) -> Select[Any]:
        """The same statement, about these acts only."""
        if self.kind:
            events = events.where(Event.kind == self.kind)
        if self.person:
            events = events.where(Event.actor_name.contains(self.person, autoescape=True))
        if self.since is not None:
            events = events.where(Event.at >= self.since)
        if self.before is not None:
            events = events.where(Event.at < self.before)
        return events


def list_acts(session: Any, acts: Acts, *, page: int = 1, page_size: int = 50) -> list[Event]:
    """One page of the log of the jurisdiction in scope, newest first; pages count from 1."""
    newest_first = acts.narrow(select(Event)).order_by(Event.seq.desc())
    return list(session.scalars(newest_first.limit(page_size).offset((page - 1) * page_size)))


def count_acts(session: Any, acts: Acts) -> int:
    """How many acts ``list_acts`` pages through."""
    return int(session.scalar(acts.narrow(select(func.count()).select_from(Event))) or 0)


def list_channels(session: Any) -> list[Channel]:
    """The ways out of the jurisdiction in scope: for everybody first, then by unit."""
    statement = select(Channel).options(selectinload(Channel.unit))
    return list(
        session.scalars(statement.order_by(Channel.unit_id.is_not(None), Channel.kind, Channel.name, Channel.id))
    )


def get_channel(session: Any, channel_id: int) -> Channel:
    """One way out of the jurisdiction in scope. Raises NotFound."""
    channel: Channel | None = session.scalars(select(Channel).where(Channel.id == channel_id)).one_or_none()
    if channel is None:
        raise NotFound()
    return channel


@dataclass(frozen=True)
class LetterRules:
    """When letters leave a jurisdiction, and what its people may choose. Hours are local."""

    quiet_from: dt.time | None = QUIET_FROM
    quiet_until: dt.time | None = QUIET_UNTIL
    digest_at: dt.time = DIGEST_AT
    usual_mode: str = EACH
    own_choice: bool = True
    urgent_kinds: frozenset[str] = frozenset(URGENT_KINDS)
    urgent_at_night: bool = False


def letter_rules(session: Any) -> LetterRules:
    """The rules for letters of the jurisdiction in scope."""
    row = session.scalars(select(LetterPolicy)).one_or_none()
    if row is None:
        return LetterRules()
    return LetterRules(
        row.quiet_from,
        row.quiet_until,
        row.digest_at,
        row.usual_mode,
        row.own_choice,
        frozenset(row.urgent_kinds),
        row.urgent_at_night,
    )


@dataclass(frozen=True)
class OwnWay:
    """A way by which a person can be written to here, and how he wants it; ``mode`` empty: as is usual."""

    channel: str
    when_asked: bool
    mode: str


def list_own_ways(session: Any, person_id: int) -> list[OwnWay]:
    """The ways out of the system that lead to this person in the jurisdiction in scope, mail first."""
    unit = select(Membership.unit_id).where(Membership.person_id == person_id, Membership.active).scalar_subquery()
    rows = select(Channel.kind, Channel.when_asked).where(
        Channel.enabled, or_(Channel.unit_id.is_(None), Channel.unit_id == unit)
    )
    ways = {"email": False}
    for kind, when_asked in session.execute(rows.order_by(Channel.kind, Channel.unit_id.nulls_first())):
        ways[kind] = when_asked
    chosen = select(LetterPreference.channel, LetterPreference.mode).where(LetterPreference.person_id == person_id)
    modes = dict(session.execute(chosen).all())
    return [OwnWay(kind, when_asked, modes.get(kind, "")) for kind, when_asked in ways.items()]


STUCK_DAYS = 30
"""How far back the page of letters that did not leave goes."""

STUCK = {"failed": ("failed",), "dropped": ("dropped",), "waiting": ("queued", "sending")}


@dataclass(frozen=True)
class Stuck:
    """Which letters: those that failed, were dropped or wait, written since an instant, by channel and reason if named."""

    state: str
    since: dt.datetime
    channel: str = ""
    reason: str = ""

    def narrow(self, letters: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The same statement, about these letters only."""
        letters = letters.where(
            Letter.channel != INBOX, Letter.state.in_(STUCK[self.state]), Letter.created_at >= self.since
        )
        if self.channel:
            letters = letters.where(Letter.channel == self.channel)
        if self.reason:
            letters = letters.where(Letter.last_error == self.reason)
        return letters


@dataclass(frozen=True)
class StuckLetter:
    """A letter on its way, without a word of what it says."""

    id: int
    name: str
    channel: str
    kind: str
    written_at: dt.datetime
    attempts: int
    reason: str | None
    next_at: dt.datetime | None


def list_stuck(session: Any, stuck: Stuck, *, page: int = 1, page_size: int = 50) -> list[StuckLetter]:
    """One page of such letters of the jurisdiction in scope, newest first; pages count from 1."""
    rows = stuck.narrow(select(Letter, Person.name).join(Person, Person.id == Letter.recipient_id))
    newest_first = rows.order_by(Letter.created_at.desc(), Letter.id.desc())
    return [
        StuckLetter(
            letter.id,
            name or "",
            letter.channel,
            letter.kind,
            letter.created_at,
            letter.attempts,
            letter.last_error,
            letter.next_attempt_at,
        )
        for letter, name in session.execute(newest_first.limit(page_size).offset((page - 1) * page_size))
    ]


def count_stuck(session: Any, stuck: Stuck) -> dict[tuple[str, str], int]:
    """How many letters ``list_stuck`` pages through, by channel and reason."""
    counted = stuck.narrow(select(Letter.channel, Letter.last_error, func.count()))
    rows = session.execute(counted.group_by(Letter.channel, Letter.last_error))
    return {(channel, reason or ""): count for channel, reason, count in rows}


def list_stuck_ids(session: Any, stuck: Stuck, most: int) -> list[int]:
    """The ids of such letters, the newest first, at most so many."""
    ids = stuck.narrow(select(Letter.id)).order_by(Letter.created_at.desc(), Letter.id.desc())
    return list(session.scalars(ids.limit(most)))


@dataclass(frozen=True)
class Receipt:
    """A letter in somebody's inbox: when it came, and when its reader opened it, if he did."""

    kind: str
    unit_id: int
    name: str
    at: dt.datetime
    read_at: dt.datetime | None


def list_receipts(
    session: Any,
    kinds: Collection[str],
    subject: tuple[str, int],
    *,
    unit_ids: Collection[int],
    instants: Collection[dt.datetime],
) -> list[Receipt]:
    """How far letters of these kinds about one thing got among the people of these units, the newest first.

    ``instants`` are those of the acts that wrote them: with them the index of the inboxes leads to the very letters.
    """
    told: Select[*tuple[Any, ...]] = (
        select(Letter.kind, Membership.unit_id, Person.name, Letter.created_at, Letter.read_at)
        .join(Membership, Membership.person_id == Letter.recipient_id)
        .join(Person, Person.id == Letter.recipient_id)
        .where(
            Membership.unit_id.in_(unit_ids),
            Letter.channel == INBOX,
            Letter.created_at.in_(instants),
            Letter.kind.in_(kinds),
            Letter.subject_type == subject[0],
            Letter.subject_id == subject[1],
        )
        .order_by(Letter.created_at.desc(), Person.name)
    )
    return [Receipt(*row) for row in session.execute(told)]
