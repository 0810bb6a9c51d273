"""The jobs the clock rings for: how long what is due may wait, and what is wrong when it waits longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MISSED_RINGS = 3
SHORTEST_SILENCE = dt.timedelta(minutes=3)


@dataclass(frozen=True)
class Job:
    """A job by the name of the task that is rung, and of the one it rings in each jurisdiction.

    ``limit`` is how long what is due may wait before somebody must look, None where nothing waits. Sweeps of a whole
    country take minutes; letters go out within the quarter of an hour.
    """

    key: str
    every: dt.timedelta
    limit: dt.timedelta | None = None
    inside: str = ""


JOBS = (
    Job("urging.tick", dt.timedelta(minutes=1), dt.timedelta(minutes=20), "urging.sweep"),
    Job("notifications.deliver", dt.timedelta(seconds=15), dt.timedelta(minutes=15)),
    Job("matters.tick", dt.timedelta(minutes=1), dt.timedelta(minutes=30), "matters.recompute"),
    Job("jurisdictions.tick", dt.timedelta(minutes=1), dt.timedelta(minutes=30), "jurisdictions.bring_into_force"),
    Job("platform.exports", dt.timedelta(seconds=15), dt.timedelta(minutes=30)),
    Job("platform.forget_runs", dt.timedelta(days=1)),
)
BY_KEY: Mapping[str, Job] = {job.key: job for job in JOBS}
INSIDE: Mapping[str, Job] = {job.inside: job for job in JOBS if job.inside}


class State(StrEnum):
    """How a job is: what is worst comes last."""

    FINE = "fine"
    FAILING = "failing"
    LATE = "late"
    SILENT = "silent"


def judge(
    job: Job, *, at: dt.datetime, last_at: dt.datetime | None, since: dt.datetime | None, fault: str | None
) -> State:
    """How a job is at an instant.

    ``last_at`` is when it last ended, ``since`` when what has waited longest became due, ``fault`` what the last run met.
    A job that nobody rings is silent: then the clock or the workers are gone.
    """
    if last_at is None or at - last_at > max(MISSED_RINGS * job.every, SHORTEST_SILENCE):
        return State.SILENT
    if since is not None and job.limit is not None and at - since > job.limit:
        return State.LATE
    return State.FAILING if fault else State.FINE


def is_alarm(state: State) -> bool:
    """Whether somebody must look now."""
    return state in (State.LATE, State.SILENT)
