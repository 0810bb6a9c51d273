"""Commands on sign-ins."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, update

from app.kernel.commands import command
from app.organisation.models import Person, UserSession

LOCK_AFTER = 5
LOCK_FOR = dt.timedelta(minutes=15)


@command
def open_user_session(session: Any, person: Person, *, sid: str, address: str | None, at: dt.datetime) -> None:
    """Write down a sign-in, so that it can be ended."""
    session.add(
        UserSession(
            sid=sid, person_id=person.id, auth_version=person.auth_version, address=address, created_at=at, seen_at=at
        )
    )


@command
def revoke_user_session(session: Any, sid: str, *, at: dt.datetime) -> None:
    """End a sign-in for good."""
    session.execute(update(UserSession).where(UserSession.sid == sid).values(revoked_at=at))


@command
def note_session_seen(session: Any, sid: str, *, at: dt.datetime) -> None:
    """Put off the idle limit."""
    session.execute(update(UserSession).where(UserSession.sid == sid).values(seen_at=at))


@command
def note_sign_in(session: Any, person_id: int, *, succeeded: bool, at: dt.datetime) -> None:
    """Count failures in one statement (no lost counts); the fifth locks the account for fifteen minutes."""
    if succeeded:
        session.execute(
            update(Person)
            .where(Person.id == person_id)
            .values(
                recent_failures=0,
                locked_until=None,
                last_login=at.replace(tzinfo=None),  # FAB's column knows no zone; it is UTC
                login_count=func.coalesce(Person.login_count, 0) + 1,
            )
        )
        return
    failures = session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(recent_failures=Person.recent_failures + 1)
        .returning(Person.recent_failures)
    ).scalar_one()
    if failures >= LOCK_AFTER:
        session.execute(
            update(Person).where(Person.id == person_id).values(recent_failures=0, locked_until=at + LOCK_FOR)
        )
