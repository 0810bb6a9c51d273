"""What the clock rings here: make the exports that were asked for; forget old runs of jobs."""

from __future__ import annotations

from flask import current_app

from app.documents.storage import FileStore
from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.jobs import database_now
from app.platform import services


@celery.task(name="platform.exports")
def exports() -> int:
    """Make every export that waits; returns how many. Safe to run twice at once."""
    store = FileStore(current_app.extensions["huiyin.settings"].files_dir)
    return services.make_waiting(db.session, db.engine, store, at=database_now(db.session))


@celery.task(name="platform.forget_runs")
def forget_runs() -> int:
    """Once a day: forget the runs of jobs that nobody looks at any more; returns how many lines. Safe to run twice."""
    return services.forget_runs(db.session, at=database_now(db.session))
