"""A version comes into force: the rooms that keep rows after the profile bring them in line, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select, update

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.queries import find_version_in_force
from app.jurisdictions.rules import local_day
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.events import record


@command
def bring_into_force(session: Any, actor: Actor, *, at: dt.datetime) -> ProfileVersion | None:
    """As ``take_effect``, as an act of its own: what the clock does after midnight."""
    return take_effect(session, actor, at=at)


def take_effect(session: Any, actor: Actor, *, at: dt.datetime) -> ProfileVersion | None:
    """Say that the version in force at that instant has come into force; None when that was said before.

    Part of the caller's transaction. Who keeps roles and sources hears it as ``profile.took_effect``. Safe to repeat. The
    jurisdiction is told on which day to look again.
    """
    version = find_version_in_force(session, at)
    news = version is not None and version.took_effect_at is None
    if version is not None and news:
        version.took_effect_at = at
        session.flush()
        record(session, actor, "profile.took_effect", "profile_version", version.id, at, number=version.number)
    _look_again(session, actor.jurisdiction_id, at)
    return version if news else None


def _look_again(session: Any, jurisdiction_id: int | None, at: dt.datetime) -> None:
    """Write down on which day the next version comes into force; nothing when none is to come."""
    coming = select(func.min(ProfileVersion.effective_on)).where(
        ProfileVersion.status == "published",
        ProfileVersion.took_effect_at.is_(None),
        ProfileVersion.effective_on > local_day(at),
    )
    session.execute(
        update(Jurisdiction)
        .where(Jurisdiction.id == jurisdiction_id)
        .values(next_profile_on=session.scalar(coming))
        .execution_options(synchronize_session=False)
    )
