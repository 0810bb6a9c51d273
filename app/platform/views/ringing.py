"""Ringing by hand for what the clock rings for."""

from __future__ import annotations

from flask import flash
from kombu.exceptions import OperationalError

from app.kernel import clock
from app.kernel.celery_app import celery
from app.kernel.db import db
from app.kernel.i18n import _
from app.kernel.jobs import database_now
from app.kernel.web import actor
from app.platform import services
from app.platform.views.job_words import title_of


def ring(name: str, jurisdiction_id: int | None = None, house: str = "") -> None:
    """Ring for a job, or for its part in one jurisdiction, and say so; who rang is in the log of acts.

    Without a broker nothing is lost: what is due stays due, and the clock rings when the broker is back.
    """
    at = database_now(db.session)
    try:
        celery.send_task(name, args=(jurisdiction_id, at.isoformat()) if jurisdiction_id else (), retry=False)
    except OperationalError:
        flash(
            _("The message queue does not answer. Nothing is lost: the clock rings as soon as it is back."), "warning"
        )
        return
    services.note_ring(db.session, actor(), name, jurisdiction_id, at=clock.now())
    flash(_("%(job)s was started again.", job=" · ".join(word for word in (title_of(name), house) if word)), "success")
