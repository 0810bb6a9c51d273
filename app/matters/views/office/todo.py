"""A person's work as lists."""

from __future__ import annotations

from typing import Any

from flask import request

from app.deadlines.queries import calendar_for
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.i18n import _
from app.kernel.pages import Link, Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.matters import queries
from app.matters.pages import TodoPage
from app.matters.presenting import office as present
from app.matters.queries import LedgerFilter
from app.matters.queries.desk import count_acted_on, list_acted_on
from app.matters.views.office.reading import page_number, source_names, unit_names
from app.matters.waiting import waiting_for

PAGE_SIZE = 25

WATCHING = ("matter:read_all", "matter:read_unit", "matter:approve")


class TodoView(BusinessView):
    """A person's work: waiting, done, registered."""

    route_base = "/todo"

    @expose("/")
    @right(*WATCHING)
    def list(self) -> Any:
        """One of the lists."""
        asking = actor()
        tab = request.args.get("tab", "waiting")
        if tab not in ("waiting", "done", "mine") or (tab == "mine" and not asking.may("matter:register")):
            tab = "waiting"
        return self.render_template("matters/todo.html", page=_todo_page(asking, tab))


def todo_tabs(asking: Actor, tab: str, base: str) -> tuple[Tab, ...]:
    """The tabs of a person's lists with their numbers."""
    mine = LedgerFilter(mine=True)
    tabs = [
        Tab(_("To do"), base, len(waiting_for(asking)), bad=True, current=tab == "waiting"),
        Tab(_("Done"), f"{base}?tab=done", count_acted_on(db.session, asking), current=tab == "done"),
    ]
    if asking.may("matter:register"):
        count = queries.count_ledger(db.session, asking, mine, today=clock.today(), at=clock.now())
        tabs.append(Tab(_("Registered by me"), f"{base}?tab=mine", count, current=tab == "mine"))
    return tuple(tabs)


def _todo_page(asking: Actor, tab: str) -> TodoPage:
    today, root, page = clock.today(), request.script_root, page_number()
    base = f"{root}/todo/"
    link = (lambda number: f"{base}?tab={tab}&page={number}") if tab != "waiting" else (lambda n: f"{base}?page={n}")
    if tab == "mine":
        found = queries.ledger(
            db.session, asking, LedgerFilter(mine=True), today=today, at=clock.now(), page=page, page_size=PAGE_SIZE
        )
        total, lines = found.total, present.ledger_lines(found.rows, today, root)
    elif tab == "done":
        total = count_acted_on(db.session, asking)
        acted = list_acted_on(db.session, asking, page=page, page_size=PAGE_SIZE)
        lines = present.acted_lines(acted, source_names(), unit_names(), root)
    else:
        waiting = waiting_for(asking)
        total, calendar = len(waiting), calendar_for(db.session, asking.jurisdiction_id)
        shown = waiting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        lines = present.todo_lines(shown, source_names(), unit_names(), calendar, clock.now(), root)
    titles = {
        "waiting": (_("Nothing waits for you today"), _("You can look at what is due soon.")),
        "done": (_("You have not done anything yet"), _("What you do to a matter will be listed here.")),
        "mine": (_("You have not drawn up a matter yet"), ""),
    }
    links = {
        "waiting": (Link(_("Due soon"), f"{root}/matters/?light=warn&sort=due", "clock"),),
        "mine": (Link(_("Register a matter"), f"{root}/matters/register", "plus"),),
    }
    return TodoPage(
        tabs=todo_tabs(asking, tab, base),
        lines=lines,
        pager=Pager.of(total, page, PAGE_SIZE, link),
        empty_title=titles[tab][0],
        empty_text=titles[tab][1],
        empty_links=links.get(tab, ()),
    )
