"""Reading one's own letters, nobody anybody else's, and a jurisdiction's log of acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.outbox import INBOX, Letter


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
