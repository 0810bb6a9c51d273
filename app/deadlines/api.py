"""The simulator for machines: the same matter imagined, the same call, the same sentences as on its page."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from app.deadlines.presenting import simulator as presenting
from app.deadlines.queries import simulated
from app.deadlines.schemas import SIMULATOR_PARAMETERS
from app.jurisdictions.queries import find_draft, get_version_in_force, profile_of
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.i18n import N_
from app.kernel.web import BusinessView, actor, expose, right


class SimulatorApi(BusinessView):
    """``GET …/simulator``: when such a matter would be due, and why; nothing is kept."""

    route_base = "/api/v1"

    @expose("/simulator")
    @right("profile:read")
    def simulator(self) -> Response:
        """Every clock of the matter imagined, in the order of its life, under the rules in force or, with draft=1, the draft.

        Refuses parameters the simulator does not know or this jurisdiction's rules do not ask for, and values that are
        none, each with its sentence (422).
        """
        drafted = request.args.get("draft") == "1"
        version = find_draft(db.session) if drafted else get_version_in_force(db.session, clock.now())
        if version is None:
            raise NotFound()
        profile = profile_of(db.session, version.id)
        form = presenting.form_for(profile, request.args, clock.today())
        known = {name for name, _kind, _words in SIMULATOR_PARAMETERS}
        asked = {name for name in request.args if name != "draft"}
        fields = {name: N_("This jurisdiction's rules do not ask for it.") for name in asked if name not in form}
        fields |= {name: N_("The simulator does not know this.") for name in asked - known}
        if not form.validate():
            fields |= {name: str(said[0]) for name, said in form.errors.items() if name is not None}
        if fields:
            raise Invalid("simulator_refused", N_("The matter cannot be imagined as it stands."), fields)
        clocks = simulated(
            db.session, version.id, actor().jurisdiction_id, presenting.tried(form, profile, clock.today())
        )
        told: list[dict[str, Any]] = [
            {
                "stage": one.stage,
                "name": line.label,
                "article": line.article,
                "start_on": line.start_on.isoformat() if line.start_on else None,
                "due_on": line.due_on.isoformat() if line.due_on else None,
                "due_until": line.until or None,
                "yellow_on": line.yellow_on.isoformat() if line.yellow_on else None,
                "provisional": line.provisional,
                "waits_for": one.waits_for,
                "note": line.note,
                "explanation": list(line.lines),
            }
            for one, line in zip(clocks, presenting.lines(clocks), strict=True)
        ]
        return jsonify(version=version.number or None, draft=drafted, clocks=told)


def register(appbuilder: Any) -> None:
    """Open the simulator's address."""
    appbuilder.add_view_no_menu(SimulatorApi)
