"""What the clock rings here: make the exports that were asked for."""

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
