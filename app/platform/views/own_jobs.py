"""A jurisdiction's own part of the job board: when its reminders ran, what they met, how its letters fare."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, request

from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.clock import local_datetime
from app.kernel.db import db
from app.kernel.i18n import _
from app.kernel.jobs import database_now
from app.kernel.pages import Figure, Pager
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications.queries import STUCK, STUCK_DAYS, Stuck, count_stuck
from app.notifications.schemas import page_number
from app.platform import queries
from app.platform.pages import OwnJobsPage, RunsPage
from app.platform.rules.jobs import INSIDE
from app.platform.views.job_words import LETTER_STATES, run_line
from app.platform.views.jobs import A_PAGE, SPANS, run_filters
from app.platform.views.ringing import ring

REMINDERS = "urging.sweep"
COUNTED_AS = {"waiting": "queued", "failed": "failed", "dropped": "dropped"}


class OwnJobsView(BusinessView):
    """What the clock does for this jurisdiction."""

    route_base = "/settings/jobs"

    @expose("/", methods=["GET"])
    @right("job:read")
    def board(self) -> Any:
        """When the clock was last at work here and comes next, the letters by state, and the history."""
        only, span, page = (
            request.args.get("only", ""),
            request.args.get("span", "week"),
            page_number(request.args.get("page")),
        )
        only, span = only if only in ("faults", "work") else "", span if span in SPANS else "week"
        here, at = f"{request.script_root}/settings/jobs/", database_now(db.session)
        house: Jurisdiction = g.jurisdiction
        since, names = at - dt.timedelta(days=SPANS[span]), list(INSIDE)
        found, total, done = queries.list_runs(
            db.session, names, since=since, house_id=house.id, only=only, page=page, page_size=A_PAGE
        )
        newest, _total, _done = queries.list_runs(
            db.session, [REMINDERS], since=at - dt.timedelta(days=SPANS["all"]), house_id=house.id, page_size=1
        )
        asked = {"only": only, "span": span}
        return self.render_template(
            "platform/own_jobs.html",
            page=OwnJobsPage(
                next_at=local_datetime(house.next_sweep_at) if house.next_sweep_at else None,
                last=run_line(newest[0]) if newest else None,
                fault=(newest[0].fault or "") if newest else "",
                may_start=True,
                letters=self._letters(),
                runs=RunsPage(
                    tuple(run_line(run) for run in found),
                    total,
                    done,
                    Pager.of(total, page, A_PAGE, lambda number: f"{here}?{urlencode(asked | {'page': number})}"),
                    run_filters(only, span),
                    shows_house=False,
                ),
            ),
        )

    @expose("/again", methods=["POST"])
    @right("job:read")
    def again(self) -> Any:
        """Let the clock look at this jurisdiction now. What is not due yet is not written."""
        ring(REMINDERS, actor().jurisdiction_id)
        return redirect(f"{request.script_root}/settings/jobs/")

    def _letters(self) -> tuple[Figure, ...]:
        stuck = f"{request.script_root}/settings/letters/stuck" if actor().may("channel:write") else ""
        since = clock.at_local(clock.today() - dt.timedelta(days=STUCK_DAYS), 0)
        figures = []
        for state in STUCK:
            label, tone = LETTER_STATES[COUNTED_AS[state]]
            count = sum(count_stuck(db.session, Stuck(state, since)).values())
            figures.append(
                Figure(
                    str(label),
                    count,
                    _("letters"),
                    f"{stuck}?state={state}" if stuck else "",
                    note=_("of the last thirty days"),
                    tone=tone if count else "info",
                )
            )
        return tuple(figures)
