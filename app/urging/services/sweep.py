"""The sweep: from open clocks to letters, in sets.

The database is the truth and the queue's messages are doorbells. A jurisdiction is claimed under a lease, swept in one
transaction and only then given its next hour; whatever dies in between is found again when the lease ends.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import or_, select, text, update

from app.deadlines.queries import calendar_for
from app.deadlines.rules import DeadlineError, WorkingCalendar, local_day
from app.jurisdictions.models import Jurisdiction
from app.kernel.commands import command
from app.kernel.jobs import record_run
from app.kernel.tenancy import platform_scope, scope, set_based
from app.matters.services.rounds import ask_next_reports
from app.urging.queries import house_in_force
from app.urging.rules import days_around, next_hour_at, speaks, weekdays_only
from app.urging.services.speaking import speak

LEASE = dt.timedelta(minutes=10)
"""How long a claimed jurisdiction is left to whoever claimed it."""

DAYBREAK = 6
"""The local hour at which a jurisdiction that has published nothing yet is looked at again."""

LONGEST_SILENCE = dt.timedelta(days=2)
"""A next sweep further away was written under a clock that ran ahead, and is not believed."""


# As text, like every statement a sweep sends: thousands of houses are swept in a row, and putting an expression together
# takes longer than its answer.
_HOUSE = set_based(
    text("select next_sweep_at from jurisdiction where id = :here and status = 'active' for no key update")
)
_DONE = set_based(text("update jurisdiction set next_sweep_at = :following, claimed_until = null where id = :here"))


def claim_due_jurisdictions(session: Any, at: dt.datetime, limit: int = 5000) -> list[int]:
    """Take the jurisdictions whose hour has come, each under a lease; two claims at once never take the same.

    Their next hour is not moved here: if whoever took them is killed, they are due again when the lease ends. Returns
    the ids, those that have waited longest first. ``at`` is the database's clock, or a test's.
    """
    with platform_scope("ring the jurisdictions that are due", session):
        return _claim(session, at=at, limit=limit)


@command
def _claim(session: Any, *, at: dt.datetime, limit: int) -> list[int]:
    due = (
        select(Jurisdiction.id)
        .where(
            Jurisdiction.status == "active",
            or_(
                Jurisdiction.next_sweep_at.is_(None),
                Jurisdiction.next_sweep_at <= at,
                Jurisdiction.next_sweep_at > at + LONGEST_SILENCE,
            ),
            or_(
                Jurisdiction.claimed_until.is_(None),
                Jurisdiction.claimed_until <= at,
                Jurisdiction.claimed_until > at + 2 * LEASE,
            ),
        )
        .order_by(Jurisdiction.next_sweep_at.nulls_first(), Jurisdiction.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    taken = (
        update(Jurisdiction)
        .where(Jurisdiction.id.in_(due))
        .values(claimed_until=at + LEASE)
        .returning(Jurisdiction.id, Jurisdiction.next_sweep_at)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(taken).all()
    return [
        row.id for row in sorted(rows, key=lambda row: (row.next_sweep_at is not None, row.next_sweep_at or at, row.id))
    ]


def sweep_jurisdiction(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
    """Write every letter that is due in one jurisdiction, give it its next hour, and say how many letters there were.

    One transaction in that jurisdiction's own scope. It speaks on the days and from the hour its version in force says;
    at other times it only learns when to speak next. Each step of each clock reaches each person once, however often and
    from however many processes this is called; after days of silence only the present step speaks. A jurisdiction that
    is not active, or not due, gets nothing, nor does one that has published no procedure.
    """
    with scope(jurisdiction_id, session):
        return _sweep(session, jurisdiction_id, at=at)


@command
def _sweep(session: Any, jurisdiction_id: int, *, at: dt.datetime) -> int:
    # NO KEY UPDATE: two sweeps queue here, while acts that only refer to the jurisdiction go on beside them.
    house = session.execute(_HOUSE, {"here": jurisdiction_id}).one_or_none()
    if house is None or (house.next_sweep_at and at < house.next_sweep_at <= at + LONGEST_SILENCE):
        return 0
    today = local_day(at)
    ways = house_in_force(session, jurisdiction_id, today)
    calendar = _calendar(session, jurisdiction_id, today)
    ask_next_reports(session, jurisdiction_id, at)
    written = 0
    if ways is not None and speaks(calendar, at, ways):
        written = speak(session, jurisdiction_id, ways, days_around(calendar, today), today=today, at=at)
    following = next_hour_at(at, ways.hour if ways is not None else DAYBREAK)
    session.execute(_DONE, {"here": jurisdiction_id, "following": following})
    record_run(session, "urging.sweep", started_at=at, count=written, jurisdiction_id=jurisdiction_id)
    return written


def _calendar(session: Any, jurisdiction_id: int, day: dt.date) -> WorkingCalendar:
    """The calendar in force; Monday to Friday where nobody has loaded one that reaches this far."""
    try:
        calendar = calendar_for(session, jurisdiction_id)
    except DeadlineError as error:
        if error.code != "calendar_empty":
            raise
        return weekdays_only(day)
    return calendar if calendar.first_day <= day <= calendar.last_day else weekdays_only(day)
