"""The acts of urging and of slips for machines."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.queries import get_matter
from app.matters.schemas import OTHER_PAYLOADS, read_payload
from app.urging import services
from app.urging.models import EscalationSlip, Urging
from app.urging.schemas import AnswerSlip, IssueSlip, UrgingInput, WithdrawSlip


class UrgingApi(BusinessView):
    """``POST …/matters/<id>/`` urge, issue_slip, answer_slip, withdraw_slip: the acts that belong to this room."""

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

    @expose("/<int(max=9223372036854775807):matter_id>/issue_slip", methods=["POST"])
    @right("matter:urge")
    def issue_slip(self, matter_id: int) -> tuple[Response, int]:
        """Issue a slip: assignment_id, slip (its key), demand. Answered with state asked where leaders decide first."""
        get_matter(db.session, actor(), matter_id)
        asked = read_payload(IssueSlip, _body())
        assert isinstance(asked, IssueSlip)
        slip = services.issue_slip(
            db.session,
            actor(),
            matter_id,
            assignment_id=asked.assignment_id,
            slip=asked.slip,
            demand=asked.demand,
            at=clock.now(),
        )
        return jsonify(slips=[_slip(slip)]), 201

    @expose("/<int(max=9223372036854775807):matter_id>/answer_slip", methods=["POST"])
    @right("matter:report")
    def answer_slip(self, matter_id: int) -> tuple[Response, int]:
        """Answer the slips of the own part: assignment_id, answer."""
        get_matter(db.session, actor(), matter_id)
        asked = read_payload(AnswerSlip, _body())
        assert isinstance(asked, AnswerSlip)
        slips = services.answer_slip(
            db.session, actor(), matter_id, assignment_id=asked.assignment_id, answer=asked.answer, at=clock.now()
        )
        return jsonify(slips=[_slip(slip) for slip in slips]), 201

    @expose("/<int(max=9223372036854775807):matter_id>/withdraw_slip", methods=["POST"])
    @right("matter:urge")
    def withdraw_slip(self, matter_id: int) -> tuple[Response, int]:
        """Take a slip back: slip_id, reason."""
        get_matter(db.session, actor(), matter_id)
        asked = read_payload(WithdrawSlip, _body())
        assert isinstance(asked, WithdrawSlip)
        slip = services.withdraw_slip(
            db.session, actor(), matter_id, slip_id=asked.slip_id, reason=asked.reason, at=clock.now()
        )
        return jsonify(slips=[_slip(slip)]), 201


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid("json_needed", N_("The body must be a JSON object."))
    return body


def _slip(slip: EscalationSlip) -> dict[str, Any]:
    return {
        "id": slip.id,
        "matter_id": slip.matter_id,
        "assignment_id": slip.assignment_id,
        "slip": slip.slip_key,
        "colour": slip.colour,
        "name": slip.name,
        "state": slip.state,
        "demand": slip.demand,
        "document_id": slip.document_id,
        "obligation_id": slip.obligation_id,
        "issued_at": slip.issued_at.isoformat() if slip.issued_at else None,
        "answered_at": slip.answered_at.isoformat() if slip.answered_at else None,
        "answer": slip.answer,
    }


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
    OTHER_PAYLOADS.update(issue_slip=IssueSlip, answer_slip=AnswerSlip, withdraw_slip=WithdrawSlip)
    appbuilder.add_view_no_menu(UrgingApi())
