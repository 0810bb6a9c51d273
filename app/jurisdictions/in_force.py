"""The rules in force, asked for once in a request however many parts of a page want to know them."""

from __future__ import annotations

from flask import g

from app.jurisdictions.queries import find_profile_in_force, profile_of
from app.jurisdictions.rules import Profile
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db


def rules_in_force() -> Profile | None:
    """The profile that new matters are listed under; None where nothing has been published yet."""
    if "rules_in_force" not in g:
        g.rules_in_force = _known_with_the_reader() or find_profile_in_force(db.session, clock.now())
    found: Profile | None = g.rules_in_force
    return found


def _known_with_the_reader() -> Profile | None:
    """Who reads was looked up together with the rules in force: no second question is asked."""
    reader: Actor | None = g.get("actor")
    return profile_of(db.session, reader.rules_id) if reader is not None and reader.rules_id is not None else None
