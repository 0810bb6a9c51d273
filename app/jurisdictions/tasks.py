"""What the clock rings here: once a minute, the jurisdictions in which a published version's day has come."""

from __future__ import annotations

import datetime as dt

from app.jurisdictions import services
from app.jurisdictions.queries import due_jurisdictions
from app.kernel.actor import Actor
from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.jobs import database_now
from app.kernel.tenancy import scope


@celery.task(name="jurisdictions.tick")
def tick() -> int:
    """Ring for every jurisdiction whose next version is due; returns how many."""
    at = database_now(db.session)
    due = due_jurisdictions(db.session, at)
    for jurisdiction_id in due:
        bring_into_force.apply_async((jurisdiction_id, at.isoformat()), expires=60)
    return len(due)


@celery.task(name="jurisdictions.bring_into_force")
def bring_into_force(jurisdiction_id: int, at: str) -> None:
    """Bring one jurisdiction's roles and sources in line with the version in force at ``at`` (ISO). Safe to run twice."""
    with scope(jurisdiction_id, db.session):
        services.bring_into_force(db.session, Actor.system(jurisdiction_id), at=dt.datetime.fromisoformat(at))
