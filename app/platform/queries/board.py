"""The job board as a whole: every job with how it is, at one instant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.platform.queries.jobs import Done, LetterCount, done_since, last_run, letters_by_state, waiting_for
from app.platform.rules.jobs import JOBS, Job, State, judge

A_DAY = dt.timedelta(days=1)
"""How far back the board counts what was done and what failed."""


@dataclass(frozen=True)
class JobNow:
    """A job at an instant: when it last ended and with which fault, what it did in a day, what waits and since when."""

    job: Job
    state: State
    last_at: dt.datetime | None
    fault: str | None
    waiting: int
    since: dt.datetime | None
    done: Done
    inside: Done

    def lag(self, at: dt.datetime) -> dt.timedelta:
        """How long what is due has waited."""
        return max(at - self.since, dt.timedelta()) if self.since else dt.timedelta()


@dataclass(frozen=True)
class Board:
    """All jobs, and the letters that have not left."""

    at: dt.datetime
    jobs: tuple[JobNow, ...]
    letters: tuple[LetterCount, ...]

    def letters_in(self, state: str) -> int:
        """How many letters are in this state."""
        return sum(one.count for one in self.letters if one.state == state)


def read_board(session: Any, dispatcher: Connection, at: dt.datetime) -> Board:
    """Everything the job board shows. ``at`` is the database's instant, ``dispatcher`` a connection of that role."""
    done, letters = done_since(session, at - A_DAY), letters_by_state(dispatcher, at)
    return Board(at, tuple(_job(session, job, done, letters, at) for job in JOBS), tuple(letters))


def _job(session: Any, job: Job, done: dict[str, Done], letters: list[LetterCount], at: dt.datetime) -> JobNow:
    newest = last_run(session, job.key)
    last_at, fault = (newest.ended_at, newest.fault) if newest else (None, None)
    if job.key == "notifications.deliver":
        waiting = sum(one.count for one in letters if one.state == "queued")
        due = [one.since for one in letters if one.since is not None and one.state == "queued"]
    else:
        found = waiting_for(session, job.key, at)
        waiting, due = len(found), [one.since for one in found if one.since is not None]
    since = min(due, default=None)
    return JobNow(
        job=job,
        state=judge(job, at=at, last_at=last_at, since=since, fault=fault),
        last_at=last_at,
        fault=fault,
        waiting=waiting,
        since=since,
        done=done.get(job.key, Done()),
        inside=done.get(job.inside, Done()),
    )
