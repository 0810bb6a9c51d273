"""The job board: what the clock's jobs did, what they met, and what waits for them.

What waits is read from the very columns and indexes by which the jobs find their work, so that the board cannot believe in
work the jobs do not see. Of letters it reads counts, under the dispatcher's role, who sees the outbox of every jurisdiction
and nothing of any matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select, text

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import due_jurisdictions
from app.kernel.clock import ZONE
from app.kernel.jobs import JobRun
from app.matters.queries.moving import list_behind

DEAD_LETTERS = dt.timedelta(days=30)
"""How far back letters that found a bad end are counted."""


@dataclass(frozen=True)
class Done:
    """What a job did since an instant: things done, lines with a fault, and the jurisdictions these were met in."""

    count: int = 0
    faults: int = 0
    houses: int = 0


@dataclass(frozen=True)
class Waiting:
    """A jurisdiction a job has work in, since when, and whether somebody has taken it in hand. None: not known since when."""

    house_id: int
    since: dt.datetime | None
    taken: bool = False


@dataclass(frozen=True)
class Fault:
    """A kind of fault met in a jurisdiction: how often, and when last."""

    house_id: int
    name: str
    fault: str
    times: int
    last_at: dt.datetime


@dataclass(frozen=True)
class LetterCount:
    """Letters of one state and way in one jurisdiction; ``since`` is when the one that waits longest became due."""

    house_id: int
    state: str
    channel: str
    count: int
    since: dt.datetime | None


def last_run(session: Any, name: str) -> JobRun | None:
    """The newest line of a job over all jurisdictions."""
    newest = select(JobRun).where(JobRun.name == name, JobRun.house_id.is_(None)).order_by(JobRun.id.desc()).limit(1)
    return session.scalars(newest).first()


def done_since(session: Any, since: dt.datetime) -> dict[str, Done]:
    """What each job did since an instant, by its name."""
    faulty = JobRun.fault.is_not(None)
    rows = session.execute(
        select(
            JobRun.name,
            func.sum(JobRun.count).label("count"),
            func.count().filter(faulty).label("faults"),
            func.count(JobRun.house_id.distinct()).filter(faulty).label("houses"),
        )
        .where(JobRun.ended_at >= since)
        .group_by(JobRun.name)
    )
    return {row.name: Done(int(row.count), row.faults, row.houses) for row in rows}


def list_runs(
    session: Any,
    names: Iterable[str],
    *,
    since: dt.datetime,
    house_id: int | None = None,
    only: str = "",
    page: int = 1,
    page_size: int = 50,
) -> tuple[list[JobRun], int, int]:
    """Runs of these jobs since an instant, the newest first; how many lines there are, and what all of them did.

    ``only`` narrows to ``faults`` or ``work`` (runs that did something); ``house_id`` to one jurisdiction.
    """
    runs = select(JobRun).where(JobRun.name.in_(tuple(names)), JobRun.ended_at >= since)
    if house_id is not None:
        runs = runs.where(JobRun.house_id == house_id)
    if only == "faults":
        runs = runs.where(JobRun.fault.is_not(None))
    elif only == "work":
        runs = runs.where(JobRun.count > 0)
    found = runs.subquery()
    total, done = session.execute(select(func.count(), func.coalesce(func.sum(found.c.count), 0))).one()
    shown = runs.order_by(JobRun.id.desc()).offset((page - 1) * page_size).limit(page_size)
    return list(session.scalars(shown)), int(total), int(done)


def list_faults(session: Any, names: Iterable[str], since: dt.datetime) -> list[Fault]:
    """The jurisdictions in which these jobs met faults since an instant, the latest first."""
    rows = session.execute(
        select(
            JobRun.house_id,
            JobRun.name,
            JobRun.fault,
            func.sum(JobRun.times).label("times"),
            func.max(JobRun.ended_at).label("last_at"),
        )
        .where(
            JobRun.name.in_(tuple(names)),
            JobRun.ended_at >= since,
            JobRun.fault.is_not(None),
            JobRun.house_id.is_not(None),
        )
        .group_by(JobRun.house_id, JobRun.name, JobRun.fault)
        .order_by(func.max(JobRun.ended_at).desc())
    )
    return [Fault(row.house_id, row.name, row.fault, int(row.times), row.last_at) for row in rows]


def waiting_for(session: Any, job: str, at: dt.datetime) -> list[Waiting]:
    """The jurisdictions a job has work in at an instant, the longest waiting first."""
    house = Jurisdiction
    if job == "urging.tick":
        due = select(
            house.id, func.coalesce(house.next_sweep_at, house.status_at, house.created_at), house.claimed_until > at
        ).where(house.status == "active", or_(house.next_sweep_at <= at, house.next_sweep_at.is_(None)))
        found = [Waiting(row[0], row[1], bool(row[2])) for row in session.execute(due)]
    elif job == "platform.exports":
        asked = select(house.id, house.export_asked_at).where(house.export_asked_at.is_not(None))
        found = [Waiting(row[0], row[1]) for row in session.execute(asked)]
    elif job == "jurisdictions.tick":
        days = select(house.id, house.next_profile_on).where(house.id.in_(due_jurisdictions(session, at)))
        found = [Waiting(row[0], dt.datetime.combine(row[1], dt.time(), ZONE)) for row in session.execute(days)]
    elif job == "matters.tick":
        behind = select(house.id, house.dates_due_at).where(house.id.in_(list_behind(session, at)))
        found = [Waiting(row[0], row[1]) for row in session.execute(behind)]
    else:
        return []
    return sorted(found, key=lambda one: (one.since is None, one.since or at, one.house_id))


_LETTERS = text("""
select jurisdiction_id, state, channel, count(*), min(next_attempt_at) filter (where next_attempt_at <= :at)
  from letter
 where state in ('queued', 'sending')
 group by jurisdiction_id, state, channel
 union all
select jurisdiction_id, state, channel, count(*), null::timestamptz
  from letter
 where state in ('failed', 'dropped') and created_at >= :since
 group by jurisdiction_id, state, channel
""")


def letters_by_state(dispatcher: Connection, at: dt.datetime) -> list[LetterCount]:
    """Letters that have not left yet, and those of the last month that never will, by jurisdiction, state and way.

    ``dispatcher`` is a connection of the dispatcher's own role.
    """
    rows = dispatcher.execute(_LETTERS, {"at": at, "since": at - DEAD_LETTERS})
    return [LetterCount(*row) for row in rows]
