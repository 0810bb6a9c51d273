"""The act of urging for machines."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from app.kernel import clock
from app.kernel.db import db
from app.kernel.web import BusinessView, actor, expose, right
from app.urging import services
from app.urging.models import Urging
from app.urging.schemas import UrgingInput


class UrgingApi(BusinessView):
    """``POST …/matters/<id>/urge``: the one act that belongs to this room."""

    route_base = "/api/v1/matters"

    @expose("/<int(max=9223372036854775807):matter_id>/urge", methods=["POST"])
    @right("matter:urge")
    def urge(self, matter_id: int) -> tuple[Response, int]:
        """Urge units: assignment_ids, channel (system, phone, paper), kind (receipt, feedback), message."""
        body = request.get_json(silent=True)
        values: dict[str, Any] = body if isinstance(body, dict) else {}
        asked = UrgingInput.read(values, values.get("assignment_ids"))
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
        return jsonify(urgings=[_shown(urging) for urging in urgings]), 201


def _shown(urging: Urging) -> dict[str, Any]:
    return {
        "id": urging.id,
        "matter_id": urging.matter_id,
        "assignment_id": urging.assignment_id,
        "channel": urging.channel,
        "kind": urging.kind,
        "message": urging.message,
        "urged_at": urging.urged_at.isoformat(),
    }


def register(appbuilder: Any) -> None:
    """Open this room's part of the API."""
    appbuilder.add_view_no_menu(UrgingApi())
