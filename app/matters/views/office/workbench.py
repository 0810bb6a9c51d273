"""The first page of the day, and the way in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import g, redirect, request

from app.deadlines.queries import calendar_for
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.clock import local_datetime
from app.kernel.db import db
from app.kernel.i18n import _
from app.kernel.pages import Figure, Link, Tab, TaskLine
from app.kernel.web import BusinessView, actor, expose, member
from app.matters import queries
from app.matters.pages import WorkbenchPage
from app.matters.presenting import office as present
from app.matters.queries import LedgerFilter
from app.matters.queries.desk import list_activity
from app.matters.views.office.reading import source_names, unit_names
from app.matters.views.office.todo import todo_tabs
from app.matters.waiting import decisions_waiting_for, waiting_for
from app.organisation.queries import list_standings

ON_DESK = 8

NEXT_DATES = 6

LATELY = 5


class IndexView(BusinessView):
    """Home: the workbench inside a jurisdiction, the way in outside one."""

    default_view = "index"

    @expose("/")
    @member
    def index(self) -> Any:
        """The workbench, or the jurisdictions one may enter."""
        asking = actor()
        if asking.jurisdiction_id is None:
            return self._way_in(asking)
        return self.render_template("matters/workbench.html", page=_workbench(asking))

    def _way_in(self, asking: Actor) -> Any:
        if asking.may("jurisdiction:read"):
            return redirect("/platform/jurisdictions/")
        standings = list_standings(db.session, asking.person_id or 0)
        if len(standings) == 1:
            return redirect(f"/j/{standings[0].slug}/")
        lines = tuple(TaskLine(one.name, "", f"/j/{one.slug}/", "building") for one in standings)
        return self.render_template("platform/choose.html", lines=lines, name=asking.name)


def _workbench(asking: Actor) -> WorkbenchPage:
    today, root = clock.today(), request.script_root
    decides = asking.may("matter:approve") and not asking.may("matter:register")
    waiting = decisions_waiting_for(asking) if decides else waiting_for(asking)
    sources, units = source_names(), unit_names()
    calendar = calendar_for(db.session, asking.jurisdiction_id)
    first = today.replace(day=1)
    coming = LedgerFilter(due_from=today, open_only=True, order="due")
    place = g.jurisdiction.name
    if asking.unit_id in units and not asking.may("matter:read_all"):
        place = f"{place} · {units[asking.unit_id]}"
    all_href = root + ("/approvals/" if decides else "/todo/")
    return WorkbenchPage(
        name=asking.name,
        greeting=present.greeting(local_datetime(clock.now())),
        today=today,
        place=place,
        figures=_figures(asking, len(waiting), decides, today, first, root),
        tabs=_desk_tabs(asking, decides, root),
        lines=present.todo_lines(waiting[:ON_DESK], sources, units, calendar, clock.now(), root),
        all_href=all_href,
        soon=present.soon_lines(
            queries.ledger(db.session, asking, coming, today=today, at=clock.now(), page_size=NEXT_DATES).rows, root
        ),
        soon_href=f"{root}/matters/?open=1&due_from={today.isoformat()}&sort=due",
        activity=present.activity(list_activity(db.session, asking, LATELY)),
        links=(Link(_("Register a matter"), f"{root}/matters/register", "plus"),)
        if asking.may("matter:register")
        else (),
    )


def _figures(
    asking: Actor, waiting: int, decides: bool, today: dt.date, first: dt.date, root: str
) -> tuple[Figure, ...]:
    lights = queries.lights_count(db.session, asking, today=today, at=clock.now())
    completed = queries.count_ledger(
        db.session, asking, LedgerFilter(completed_from=first), today=today, at=clock.now()
    )
    unit = _("matters")
    return (
        Figure(_("Waiting for my decision"), waiting, unit, f"{root}/approvals/", icon="stamp")
        if decides
        else Figure(_("Waiting for me"), waiting, unit, f"{root}/todo/", icon="inbox"),
        Figure(_("Due soon"), lights["warn"], unit, f"{root}/matters/?light=warn&sort=due", tone="warn", light="warn"),
        Figure(_("Overdue"), lights["bad"], unit, f"{root}/matters/?light=bad&sort=due", tone="bad", light="bad"),
        Figure(
            _("Completed this month"),
            completed,
            unit,
            f"{root}/matters/?completed_from={first.isoformat()}",
            tone="ok",
            light="done",
        ),
    )


def _desk_tabs(asking: Actor, decides: bool, root: str) -> tuple[Tab, ...]:
    if not decides:
        return todo_tabs(asking, "waiting", f"{root}/todo/")
    return (
        Tab(
            _("Waiting for decision"), f"{root}/approvals/", len(decisions_waiting_for(asking)), bad=True, current=True
        ),
        Tab(_("Decided"), f"{root}/approvals/?tab=decided"),
    )
