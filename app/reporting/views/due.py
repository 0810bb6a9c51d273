"""The calendar of what is due, and its feed for calendar programs."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, request

from app.deadlines.queries import calendar_for
from app.jurisdictions.queries import find_by_slug
from app.kernel import clock
from app.kernel.db import db, separate_session
from app.kernel.errors import NotFound
from app.kernel.i18n import _, force_locale
from app.kernel.tenancy import scope
from app.kernel.web import BusinessView, actor, expose, public, right
from app.matters import queries as matter_queries
from app.organisation.queries import find_actor, find_feed_person, list_units
from app.reporting.presenting import due, feed
from app.reporting.presenting.ledger import read_address
from app.reporting.queries import inspectors

READERS = ("matter:read_all", "matter:read_unit", "matter:approve")


class DueCalendarView(BusinessView):
    """What is due, by month or week."""

    route_base = "/calendar"

    @expose("/")
    @right(*READERS)
    def index(self) -> Any:
        """The month or the week that the address names, of those matters that the reader sees."""
        asking, today = actor(), clock.today()
        sees_all = asking.may("matter:read_all")
        units = [(one.id, one.short_name) for one in list_units(db.session, only_active=False)] if sees_all else []
        listed = {"inspector": dict(inspectors(db.session))} if sees_all else {}
        given = {name: request.args.get(name, "") for name in due.KEPT}
        asked = read_address(given, (), units, listed)
        span = due.read_span(request.args, today)
        for sentence in (*asked.faults, *((span.fault,) if span.fault else ())):
            flash(sentence, "warning")
        days = matter_queries.due_days(
            db.session,
            asking,
            asked.wanted,
            span.monday,
            span.sunday,
            today=today,
            at=clock.now(),
            shown=due.SHOWN,
        )
        page = due.page_of(
            span,
            days,
            asked,
            calendar_for(db.session, asking.jurisdiction_id),
            today=today,
            root=request.script_root,
            units=units,
            own=asking.may("matter:register"),
        )
        return self.render_template("reporting/calendar.html", page=page)


class FeedView(BusinessView):
    """The same for a calendar program, which cannot sign in: the address itself opens it."""

    route_base = "/calendar"

    @expose("/<token>.ics")
    @public
    def feed(self, token: str) -> Any:
        """Everything due from last month on that the owner of the address sees; what he drew up himself with ``?mine=1``.

        An address that opens nothing is not found, whyever: mistyped, ended, renewed, of somebody who is no member any
        more, of a jurisdiction that does not run.
        """
        body = _file(g.get("standing_slug") or "", token, request.args.get("mine") == "1")
        answer = Response(body, content_type="text/calendar; charset=utf-8")
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Content-Disposition"] = "inline; filename=due.ics"
        answer.headers["X-Robots-Tag"] = "noindex"
        answer.set_etag(feed.tag(body))
        return answer.make_conditional(request)


def _file(slug: str, token: str, mine: bool) -> bytes:
    here = find_by_slug(db.session, slug) if slug else None
    if here is None or here.status != "active":
        raise NotFound()
    now, today = clock.now(), clock.today()
    first, last = feed.window(today)
    with separate_session() as session, scope(here.id, session):
        person = find_feed_person(session, token)
        asking = find_actor(session, person, today=today) if person is not None else None
        if person is None or asking is None or not any(asking.may(one) for one in READERS):
            raise NotFound()
        wanted = matter_queries.LedgerFilter(mine=mine)
        days = matter_queries.due_days(session, asking, wanted, first, last, today=today, at=now, shown=feed.MOST)
        entries = [entry for day in days.values() for entry in day.entries][: feed.MOST]
        with force_locale(person.locale or "zh"):
            name = _("Due: %(place)s", place=here.name)
            return feed.feed(entries, name=name, slug=slug, host=request.host_url.rstrip("/"), root=request.script_root)
