"""Where a jurisdiction's administrator takes everything away; also when it is halted or closed."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, send_file

from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, right
from app.platform import queries, services
from app.platform.views.values import export_line, store


class ExportView(BusinessView):
    """The exports of one jurisdiction."""

    route_base = "/settings/export"

    @expose("/", methods=["GET"])
    @right("jurisdiction:export")
    def index(self) -> Any:
        """What was made, and a button to make one."""
        lines = [
            export_line(one, f"{request.script_root}/settings/export/{one.id}.zip")
            for one in queries.list_exports(db.session)
        ]
        house = g.jurisdiction
        return self.render_template(
            "platform/export.html",
            lines=lines,
            may_make=house.status in ("active", "suspended") and house.export_asked_at is None,
            waiting=house.export_asked_at is not None,
            status=house.status,
        )

    @expose("/", methods=["POST"])
    @right("jurisdiction:export")
    def make(self) -> Any:
        """Ask for one; the clock makes it."""
        services.ask_export(db.session, actor(), at=clock.now())
        flash(_("The export is being made. Open this page again in a minute."), "success")
        return redirect(f"{request.script_root}/settings/export/")

    @expose("/<int:export_id>.zip", methods=["GET"])
    @right("jurisdiction:export")
    def download(self, export_id: int) -> Any:
        """The file, as it was made; that it was taken is written down."""
        export = services.take_export(db.session, actor(), export_id, at=clock.now())
        content = store().open(export.jurisdiction_id, export.sha256 or "")
        day = clock.local_datetime(export.made_at or clock.now()).strftime("%Y%m%d")
        return send_file(
            content, mimetype="application/zip", as_attachment=True, download_name=f"{g.jurisdiction.slug}-{day}.zip"
        )
