"""Small steps that every command of this room takes: trim words, set values, remember what was different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.i18n import N_

BIGGEST_ID = 2**63 - 1


def get_own(session: Any, kind: Any, row_id: int) -> Any:
    """The row of that id in the jurisdiction in scope; NotFound for another's, exactly as for one that never was."""
    found = session.get(kind, row_id) if 0 < row_id <= BIGGEST_ID else None
    if found is None:
        raise NotFound()
    return found


def is_there(session: Any, kind: Any, *criteria: Any) -> bool:
    """Whether the jurisdiction in scope has such a row."""
    return session.scalar(select(kind.id).where(*criteria).limit(1)) is not None


def words(text: str | None, field: str, longest: int) -> str:
    """A name that must be there, trimmed. Raises Invalid."""
    found = " ".join((text or "").split())
    if not found:
        raise Invalid("name_missing", N_("Fill in what is missing."), {field: N_("This must be filled in.")})
    if len(found) > longest:
        raise Invalid("too_long", N_("One of the texts is too long."), {field: N_("This is too long.")})
    return found


def optional_words(text: str | None, field: str, longest: int) -> str | None:
    """A text that may be missing, trimmed. Raises Invalid when it is too long."""
    return words(text, field, longest) if (text or "").strip() else None


def put(row: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set values on a row; what they were and what they are, of those that differ."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    after = {name: values[name] for name in before}
    for name, value in after.items():
        setattr(row, name, value)
    return before, after


@contextmanager
def refused_while_used(session: Any, code: str, msgid: str) -> Iterator[None]:
    """Take something away: what other rooms hold on to it is known by the database's keys only. Raises Conflict."""
    try:
        yield
        session.flush()
    except IntegrityError as error:
        raise Conflict(code, msgid) from error
