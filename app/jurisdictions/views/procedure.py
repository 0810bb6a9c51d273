"""The procedure in force, to read."""

from __future__ import annotations

from typing import Any

from flask import request

from app.jurisdictions.presenting.procedure import ProcedurePage, clock_rows, procedure_diagram, step_rows
from app.jurisdictions.queries import get_version_in_force, procedure_of, profile_of
from app.kernel import clock
from app.kernel.db import db
from app.kernel.web import BusinessView, actor, expose, right


class ProcedureView(BusinessView):
    """Steps and clocks, each with its article."""

    route_base = "/settings/procedure"

    @expose("")
    @right("profile:read")
    def procedure(self) -> Any:
        """The procedure in force: its steps, its clocks, each with its article."""
        version = get_version_in_force(db.session, clock.now())
        profile, steps = profile_of(db.session, version.id), procedure_of(db.session, version.id)
        page = ProcedurePage(
            regulation=profile.regulation.title,
            document_no=profile.regulation.document_no or "",
            version=version.number,
            effective_on=version.effective_on,
            diagram=procedure_diagram(profile, steps),
            steps=step_rows(profile, steps),
            clocks=clock_rows(profile),
            edit_href=f"{request.script_root}/settings/profile/edit/procedure" if actor().may("profile:write") else "",
        )
        return self.render_template("settings/procedure.html", page=page)
