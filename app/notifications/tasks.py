"""What the clock rings here: every fifteen seconds, carry out the letters that are due."""

from __future__ import annotations

import uuid

from flask import current_app

from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.dispatcher import dispatcher
from app.notifications import services
from app.notifications.channels import ChannelSettings, OpenChannel, mail_server, open_channel, outlet
from app.notifications.services import Way
from config import Settings


@celery.task(name="notifications.deliver", keeps_record=True)
def deliver() -> int:
    """Carry out the letters that are due; returns how many were settled. Safe to run twice at once."""
    settings: Settings = current_app.extensions["huiyin.settings"]
    return services.deliver_letters(
        dispatcher(settings.dispatcher_database_url),
        db.session,
        ways_out(settings),
        base_url=settings.base_url,
        by=uuid.uuid4().hex,
    )


def ways_out(settings: Settings) -> services.OpenWay:
    """How this installation opens a way: a jurisdiction's own by its setting, otherwise the installation's mail server."""
    out = outlet(settings)

    def open_way(way: Way) -> OpenChannel | None:
        if way.jurisdiction_id is None:
            return mail_server(settings)
        return open_channel(
            ChannelSettings(way.jurisdiction_id, way.kind, way.base_url, way.options, secret=way.secret), out
        )

    return open_way
