"""What the clock rings here: once a minute, one message per jurisdiction whose hour has come."""

from __future__ import annotations

import datetime as dt

from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.jobs import database_now
from app.urging import services

BATCH = 500


@celery.task(name="urging.tick")
def tick(at: str | None = None) -> int:
    """Claim the jurisdictions that are due and ring for each; returns how many.

    ``at`` is an instant (ISO) to work by instead of the database's clock: the clock itself never gives one.
    """
    now = dt.datetime.fromisoformat(at) if at else database_now(db.session)
    due = services.claim_due_jurisdictions(db.session, now)
    if due:
        with celery.producer_pool.acquire(block=True) as producer, producer.batch(BATCH):
            for jurisdiction_id in due:
                sweep.apply_async(
                    (jurisdiction_id, now.isoformat()),
                    producer=producer,
                    # when the lease has ended the next tick rings anew
                    expires=services.LEASE.total_seconds(),
                )
    return len(due)


@celery.task(name="urging.sweep")
def sweep(jurisdiction_id: int, at: str) -> int:
    """Write one jurisdiction's letters of the hour ``at`` (ISO); returns how many. Safe to run twice."""
    return services.sweep_jurisdiction(db.session, jurisdiction_id, dt.datetime.fromisoformat(at))
