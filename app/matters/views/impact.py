"""Before a draft is published: what it would change for new matters, and that running ones keep their rules."""

from __future__ import annotations

from typing import Any

from flask import request

from app.deadlines.queries import calendar_for
from app.jurisdictions.desk import DRAFT, Desk
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.presenting.impact import ImpactPage, ImpactTeller
from app.matters.rules.impact import Trial, impact
from app.matters.running_here import LedgerByVersion


class ImpactView(BusinessView):
    """The report of a draft, or of a version that is still to come."""

    route_base = "/settings/profile"

    @expose("/impact")
    @right("profile:read")
    def impact(self) -> Any:
        """What differs for matters drawn up from then on; ``version`` names another than the draft."""
        desk = Desk(actor())
        if desk.in_force is None:
            raise NotFound()
        left, after = desk.side(str(desk.in_force.number)), desk.side(request.args.get("version", "")[:60] or DRAFT)
        today = clock.today()
        trial = Trial(today, calendar_for(db.session, desk.asking.jurisdiction_id))
        found = impact(left.profile, after.profile, trial)
        teller = ImpactTeller(left.profile, after.profile, today)
        page = ImpactPage(
            before=left.label,
            after=after.label,
            groups=(*teller.conduct(), *teller.groups(found)),
            notes=teller.notes(found),
            running=sum(LedgerByVersion().open_by_version(db.session, desk.asking).values()),
            running_href=f"{request.script_root}/matters/?open=1",
            combinations=len(found.universe),
        )
        return self.render_template("settings/profile/impact.html", page=page)


VIEWS = (ImpactView,)
