"""Matter sources: the profile in force says which there are, how they are called and in which order they stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.jurisdictions.queries import profile_of
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.taking import Taken
from app.kernel.events import Event, handles
from app.matters.models import MatterSource


@handles("profile.took_effect")
def follow_profile(session: Any, happened: Event) -> None:
    """Bring the sources in line with the version that has come into force."""
    sync_sources(session, profile_of(session, happened.subject_id))


def sync_sources(session: Any, profile: Profile) -> Taken:
    """Make the profile's matter sources, in the regulation's order. Part of the caller's transaction; safe to repeat.

    A source the profile no longer names is closed, not removed: matters came from it.
    """
    there = {source.key: source for source in session.scalars(select(MatterSource))}
    taken = Taken()
    for position, wanted in enumerate(profile.matter_sources):
        source = there.pop(wanted.key, None)
        new = source is None
        if source is None:
            source = MatterSource(key=wanted.key)
            session.add(source)
        values = {
            "name": wanted.name,
            "short_name": wanted.short_name,
            "category": wanted.category,
            "article": wanted.article,
            "origin_level": wanted.origin_level,
            "is_proposal": wanted.is_proposal,
            "is_petition": wanted.is_petition,
            "position": position,
            "active": True,
        }
        different = {name: value for name, value in values.items() if getattr(source, name) != value}
        for name, value in different.items():
            setattr(source, name, value)
        taken.added += new
        taken.changed += not new and bool(different)
    for gone in there.values():
        taken.closed += gone.active
        gone.active = False
    session.flush()
    return taken
