"""The simulator: when would such a matter be due, under the rules in force or under the draft."""

from __future__ import annotations

from typing import Any

from flask import request

from app.deadlines.forms import SimulatorForm
from app.deadlines.presenting import simulator as presenting
from app.deadlines.queries import simulated
from app.deadlines.rules import DeadlineError
from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.queries import find_draft, get_version_in_force, profile_of
from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import _, translate
from app.kernel.web import BusinessView, actor, expose, right

TEMPLATES = {"lines": "settings/_simulated.html", "panel": "settings/_simulator.html"}


class SimulatorView(BusinessView):
    """A matter imagined, its clocks computed; nothing is kept."""

    route_base = "/settings"

    @expose("/simulator")
    @right("profile:read")
    def simulator(self) -> Any:
        """The page; ``?part=lines`` and ``?part=panel`` give its pieces, ``?draft=1`` tries the draft, where there is one."""
        draft = find_draft(db.session) if request.args.get("draft") == "1" else None
        version = draft or get_version_in_force(db.session, clock.now())
        page = _page(version, draft is not None)
        template = TEMPLATES.get(request.args.get("part", ""), "settings/simulator.html")
        return self.render_template(template, page=page)


def _page(version: ProfileVersion, draft: bool) -> presenting.SimulatorPage:
    profile = profile_of(db.session, version.id)
    form = presenting.form_for(profile, request.args if "source" in request.args else None, clock.today())
    rules = _("the draft") if draft else _("version %(number)s", number=version.number)
    sound = form.validate()
    clocks, warning = _clocks(version, form) if sound else ((), _("Correct the marked fields first."))
    return presenting.SimulatorPage(
        form=form,
        rules=rules,
        draft=draft,
        action=f"{request.script_root}/settings/simulator",
        panel=request.args.get("part") == "panel",
        lines=presenting.lines(clocks),
        warning=warning,
    )


def _clocks(version: ProfileVersion, form: SimulatorForm) -> tuple[Any, str]:
    matter = presenting.tried(form, profile_of(db.session, version.id), clock.today())
    try:
        clocks = simulated(db.session, version.id, actor().jurisdiction_id, matter)
    except DeadlineError as error:  # a calendar without any year
        return (), translate(error.msgid, **error.params)
    return clocks, "" if clocks else _("The rules name no period for such a matter.")
