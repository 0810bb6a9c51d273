"""What the clock rings here: once a minute, the jurisdictions whose open dates have to follow a changed calendar."""

from __future__ import annotations

import datetime as dt

from app.kernel.actor import Actor
from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.jobs import database_now
from app.kernel.tenancy import scope
from app.matters.queries.moving import list_behind
from app.matters.services.recomputing import follow_calendar

# A ring that is lost is rung again by the next tick: the jurisdiction stays behind until its dates have followed.
STALE = 300


@celery.task(name="matters.tick")
def tick() -> int:
    """Ring for every jurisdiction that is behind its calendar; returns how many."""
    at = database_now(db.session)
    behind = list_behind(db.session, at)
    for jurisdiction_id in behind:
        recompute.apply_async((jurisdiction_id, at.isoformat()), expires=STALE)
    return len(behind)


@celery.task(name="matters.recompute")
def recompute(jurisdiction_id: int, at: str) -> None:
    """Bring one jurisdiction's open dates in line with its calendar at ``at`` (ISO). Safe to run twice."""
    with scope(jurisdiction_id, db.session):
        follow_calendar(db.session, Actor.system(jurisdiction_id), at=dt.datetime.fromisoformat(at))
