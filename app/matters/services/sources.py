"""Matter sources: named by the profile, worded by the jurisdiction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.matters.models import MatterSource
from app.matters.rules import REASONS

LONGEST_NAME, LONGEST_SHORT_NAME, MOST_POSITION = 200, 40, 1_000_000


@command
def change_source(
    session: Any,
    actor: Actor,
    source_id: int,
    *,
    name: str,
    short_name: str,
    position: int = 0,
    active: bool = True,
    at: dt.datetime,
) -> MatterSource:
    """Change how a source is called, where it stands and whether new matters may come from it.

    Its key, article and meaning are the profile's. Refuses an empty or overlong name (Invalid), a source of another
    jurisdiction (NotFound), and closing the last one in use (Conflict).
    """
    if not actor.may("source:write"):
        raise Refused("right_missing", REASONS["right_missing"])
    source: MatterSource | None = session.get(MatterSource, source_id)
    if source is None:
        raise NotFound()
    wanted = {
        "name": _words(name, "name", LONGEST_NAME),
        "short_name": _words(short_name, "short_name", LONGEST_SHORT_NAME),
        "position": min(max(position, 0), MOST_POSITION),
        "active": active,
    }
    before = {key: getattr(source, key) for key, value in wanted.items() if getattr(source, key) != value}
    if not before:
        return source
    for key in before:
        setattr(source, key, wanted[key])
    session.flush()
    if not session.scalar(select(func.count()).select_from(MatterSource).where(MatterSource.active.is_(True))):
        raise Conflict("last_source", N_("At least one source must stay in use."))
    after = {key: wanted[key] for key in before}
    record(session, actor, "source.changed", "source", source.id, at, name=source.name, before=before, after=after)
    return source


def _words(text: str, field: str, longest: int) -> str:
    found = " ".join((text or "").split())
    if not found:
        raise Invalid("name_missing", N_("Fill in what is missing."), {field: N_("This must be filled in.")})
    if len(found) > longest:
        raise Invalid("too_long", N_("One of the texts is too long."), {field: N_("This is too long.")})
    return found
