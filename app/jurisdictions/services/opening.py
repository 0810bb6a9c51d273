"""Opening a jurisdiction, or bringing what is known of it up to date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_code, find_by_slug
from app.kernel.actor import Actor
from app.kernel.errors import Invalid
from app.kernel.events import record
from app.kernel.i18n import N_


def open_jurisdiction(
    session: Any,
    actor: Actor,
    *,
    code: str,
    slug: str,
    name: str,
    short_name: str,
    level: str,
    parent_id: int | None,
    preset: str | None,
    at: dt.datetime,
) -> Jurisdiction:
    """Open a jurisdiction, or bring it up to date when the code is known. Part of the caller's transaction.

    Refuses a slug that another jurisdiction has (links would change their meaning) and a jurisdiction above itself.
    """
    known = find_by_code(session, code)
    other = find_by_slug(session, slug)
    if other is not None and (known is None or other.id != known.id):
        raise Invalid("slug_taken", N_("The short name in the address is taken by another jurisdiction."))
    wanted = {
        "slug": slug,
        "name": name,
        "short_name": short_name,
        "level": level,
        "parent_id": parent_id,
        "preset": preset,
    }
    if known is None:
        known = Jurisdiction(code=code, created_at=at, status="active", **wanted)
        session.add(known)
        session.flush()
        record(
            session, Actor.system(None), "jurisdiction.opened", "jurisdiction", known.id, at, code=code, by=actor.name
        )
        return known
    if parent_id is not None and known.id in _line_upwards(session, parent_id):
        raise Invalid("parent_circle", N_("A jurisdiction cannot stand below itself."))
    before = {key: getattr(known, key) for key, value in wanted.items() if getattr(known, key) != value}
    if before:
        for key in before:
            setattr(known, key, wanted[key])
        session.flush()
        record(
            session,
            Actor.system(None),
            "jurisdiction.changed",
            "jurisdiction",
            known.id,
            at,
            before=before,
            by=actor.name,
        )
    return known


def _line_upwards(session: Any, jurisdiction_id: int) -> set[int]:
    """A jurisdiction and everything it stands below."""
    line: set[int] = set()
    here: int | None = jurisdiction_id
    while here is not None and here not in line:
        line.add(here)
        above = session.get(Jurisdiction, here)
        here = above.parent_id if above else None
    return line
