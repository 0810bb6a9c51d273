"""What the clock rings here: every fifteen seconds, carry out the letters that are due."""

from __future__ import annotations

import uuid
from functools import cache

from flask import current_app
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.kernel.celery_app import celery
from app.notifications import services
from app.notifications.channels import mail_server
from config import Settings


@celery.task(name="notifications.deliver")
def deliver() -> int:
    """Carry out the mail that is due; returns how many letters were settled. Safe to run twice at once."""
    settings: Settings = current_app.extensions["huiyin.settings"]
    return services.deliver_letters(
        dispatcher(settings.dispatcher_database_url),
        mail_server(settings),
        base_url=settings.base_url,
        by=uuid.uuid4().hex,
    )


@cache
def dispatcher(url: str) -> Engine:
    """The dispatcher's own way to the database. It keeps no connection, so that a forked process inherits none."""
    return create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c statement_timeout=15000"},
    )
