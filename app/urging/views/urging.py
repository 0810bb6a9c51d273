"""The act of urging on a matter's page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.answers import refused_urging
from app.urging import services
from app.urging.schemas import UrgingInput


class UrgingView(BusinessView):
    """What the case file's urging panel posts to."""

    route_base = "/matters"

    @expose("/<int(max=9223372036854775807):matter_id>/urge", methods=["POST"])
    @right("matter:urge")
    def urge(self, matter_id: int) -> Any:
        """Urge the chosen units and go back to the matter; refused, the panel stays open with the words typed in it."""
        try:
            asked = UrgingInput.read(request.form, request.form.getlist("assignment_ids"))
            urgings = services.urge(
                db.session,
                actor(),
                matter_id,
                asked.assignment_ids,
                asked.channel,
                asked.message,
                asked.kind,
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            return refused_urging(self, matter_id, refusal)
        flash(_("%(count)s units have been urged.", count=len(urgings)), "success")
        return redirect(f"{request.script_root}/matters/{matter_id}")
