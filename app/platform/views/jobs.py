"""The job board of the superadmin: what the clock does for every jurisdiction, in counts and kinds of faults."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_code, list_jurisdictions
from app.kernel.clock import local_datetime
from app.kernel.db import db, separate_session
from app.kernel.dispatcher import dispatcher
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.kernel.jobs import database_now
from app.kernel.pages import Figure, Filter, Link, Pager
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications.schemas import page_number
from app.platform import queries
from app.platform.pages import HouseLine, HouseLinesPage, JobCard, JobsPage, RunsPage
from app.platform.rules.jobs import BY_KEY, INSIDE, Job, State, is_alarm
from app.platform.views.job_words import LETTER_STATES, STATES, TITLES, run_line, span_words, title_of
from app.platform.views.ringing import ring
from app.platform.views.values import settings

BASE = "/platform/jobs"
A_PAGE = 50
SPANS = {"day": 1, "week": 7, "all": 90}


class JobsView(BusinessView):
    """The pages of the job board."""

    route_base = BASE

    @expose("/", methods=["GET"])
    @right("platform:read")
    def board(self) -> Any:
        """Every job with how it is, what waits, what it did in a day; the letters by state."""
        board = read_board()
        return self.render_template("platform/jobs.html", page=_page(board), may_ring=actor().may("jurisdiction:write"))

    @expose("/again", methods=["POST"])
    @right("jurisdiction:write")
    def again(self) -> Any:
        """Ring for a job, or for one jurisdiction's part of it. What has nothing to do does nothing."""
        name = request.form.get("job", "")
        house = find_by_code(db.session, request.form["code"]) if request.form.get("code") else None
        if name not in (INSIDE if house else BY_KEY):
            raise NotFound()
        ring(name, house.id if house else None, house.name if house else "")
        return redirect(_back())

    @expose("/runs", methods=["GET"])
    @right("platform:read")
    def runs(self) -> Any:
        """What a job did, line by line."""
        job, only, span = _asked_job(), request.args.get("only", ""), request.args.get("span", "day")
        only, span = only if only in ("faults", "work") else "", span if span in SPANS else "day"
        page, names = page_number(request.args.get("page")), [name for name in (job.key, job.inside) if name]
        with separate_session() as session:
            since = database_now(session) - dt.timedelta(days=SPANS[span])
            found, total, done = queries.list_runs(session, names, since=since, only=only, page=page, page_size=A_PAGE)
            known = queries.names_of(session, [run.house_id for run in found if run.house_id])
            lines = tuple(run_line(run, known.get(run.house_id or 0, "")) for run in found)
        asked = {"job": job.key, "only": only, "span": span}
        return self.render_template(
            "platform/job_runs.html",
            title=title_of(job.key),
            what=str(TITLES[job.key][1]),
            page=RunsPage(
                lines,
                total,
                done,
                Pager.of(total, page, A_PAGE, lambda number: f"{BASE}/runs?{urlencode(asked | {'page': number})}"),
                run_filters(only, span),
                shows_house=bool(job.inside),
            ),
            hidden={"job": job.key},
            crumbs=((_("Jobs"), f"{BASE}/"), (title_of(job.key), "")),
        )

    @expose("/waiting", methods=["GET"])
    @right("platform:read")
    def waiting(self) -> Any:
        """The jurisdictions a job has work in, since when."""
        job = _asked_job()
        with separate_session() as session:
            found = queries.waiting_for(session, job.key, database_now(session))
        houses = _houses()
        lines = tuple(
            HouseLine(
                name=houses[one.house_id].name,
                href=f"/platform/jurisdictions/{houses[one.house_id].code}/",
                text=_("taken in hand") if one.taken else "",
                at=local_datetime(one.since) if one.since else None,
                code=houses[one.house_id].code if job.inside else "",
            )
            for one in found
        )
        return self._lines(_("Waiting: %(job)s", job=title_of(job.key)), _("Due since"), job.inside, lines)

    @expose("/faults", methods=["GET"])
    @right("platform:read")
    def faults(self) -> Any:
        """The jurisdictions in which a job met faults within a day: which kind, how often, when last."""
        job = _asked_job()
        with separate_session() as session:
            since = database_now(session) - queries.A_DAY
            found = queries.list_faults(session, [job.inside], since)
        houses = _houses()
        by_house: dict[int, list[queries.Fault]] = {}
        for one in found:
            by_house.setdefault(one.house_id, []).append(one)
        lines = tuple(
            HouseLine(
                name=houses[house_id].name,
                href=f"/platform/jurisdictions/{houses[house_id].code}/",
                text=_("; ").join(_("%(fault)s, %(times)s times", fault=one.fault, times=one.times) for one in met),
                at=local_datetime(met[0].last_at),
                code=houses[house_id].code,
                count=sum(one.times for one in met),
            )
            for house_id, met in by_house.items()
        )
        title = _("Failed in: %(job)s", job=title_of(job.key))
        return self._lines(title, _("Last time"), job.inside, lines)

    @expose("/letters", methods=["GET"])
    @right("platform:read")
    def letters(self) -> Any:
        """How many letters of a state each jurisdiction has, and by which way they go. Not what they say."""
        state = request.args.get("state", "")
        if state not in LETTER_STATES:
            raise NotFound()
        board, houses = read_board(), _houses()
        lines = tuple(
            HouseLine(
                name=houses[one.house_id].name,
                href=f"/platform/jurisdictions/{houses[one.house_id].code}/",
                text=one.channel,
                at=local_datetime(one.since) if one.since else None,
                count=one.count,
            )
            for one in sorted(board.letters, key=lambda one: -one.count)
            if one.state == state
        )
        total = sum(one.count for one in lines)
        return self._lines(_("Letters: %(state)s", state=LETTER_STATES[state][0]), _("Due since"), "", lines, total)

    def _lines(self, title: str, sub: str, job: str, lines: tuple[HouseLine, ...], total: int | None = None) -> Any:
        return self.render_template(
            "platform/job_houses.html",
            page=HouseLinesPage(title, sub, job, lines, len(lines) if total is None else total),
            may_ring=actor().may("jurisdiction:write"),
            here=request.full_path,
        )


def read_board() -> queries.Board:
    """The board at the database's instant."""
    engine = dispatcher(settings().dispatcher_database_url)
    with separate_session() as session, engine.connect() as connection:
        return queries.read_board(session, connection, database_now(session))


def alarm_words(now: queries.JobNow, at: dt.datetime) -> str:
    """What is wrong with a job, as a sentence; nothing when nobody must look."""
    title = title_of(now.job.key)
    if now.state is State.LATE and now.job.limit is not None:
        return _(
            "%(job)s: something has waited for %(lag)s; the limit is %(limit)s.",
            job=title,
            lag=span_words(now.lag(at)),
            limit=span_words(now.job.limit),
        )
    if now.state is State.SILENT and now.last_at is None:
        return _("%(job)s: it has never run. Is the clock running, and a worker?", job=title)
    if now.state is State.SILENT and now.last_at is not None:
        span = span_words(at - now.last_at)
        return _("%(job)s: it has not run for %(span)s. Is the clock running, and a worker?", job=title, span=span)
    return ""


def run_filters(only: str, span: str) -> tuple[Filter, ...]:
    """What a history can be narrowed by."""
    return (
        Filter(
            "select",
            "only",
            _("Which runs"),
            only,
            choices=(("work", _("That did something")), ("faults", _("That failed"))),
            any_label=_("All"),
        ),
        Filter(
            "select",
            "span",
            _("Since when"),
            span,
            choices=(("day", _("The last day")), ("week", _("The last week")), ("all", _("The last ninety days"))),
            any_label="",
        ),
    )


def _page(board: queries.Board) -> JobsPage:
    return JobsPage(
        at=local_datetime(board.at),
        alarms=tuple(alarm_words(one, board.at) for one in board.jobs if is_alarm(one.state)),
        jobs=tuple(_card(one, board.at) for one in board.jobs),
        letters=tuple(
            Figure(
                str(label),
                board.letters_in(state),
                _("letters"),
                f"{BASE}/letters?state={state}",
                note=_("of the last thirty days") if state in ("failed", "dropped") else "",
                tone=tone if board.letters_in(state) else "info",
            )
            for state, (label, tone) in LETTER_STATES.items()
        ),
    )


def _card(now: queries.JobNow, at: dt.datetime) -> JobCard:
    job, query = now.job, urlencode({"job": now.job.key})
    label, tone = STATES[now.state]
    faults = now.done.faults + now.inside.faults
    waiting = f"{BASE}/letters?state=queued" if job.key == "notifications.deliver" else f"{BASE}/waiting?{query}"
    return JobCard(
        key=job.key,
        title=title_of(job.key),
        what=str(TITLES[job.key][1]),
        state=str(label),
        tone=tone,
        last_at=local_datetime(now.last_at) if now.last_at else None,
        fault=now.fault or "",
        lag=span_words(now.lag(at)) if now.since else "",
        waiting=Link(str(now.waiting), waiting if job.limit else ""),
        done=Link(str(now.done.count + now.inside.count), f"{BASE}/runs?{query}&only=work"),
        faults=Link(str(faults), f"{BASE}/runs?{query}&only=faults"),
        houses=Link(str(now.inside.houses), f"{BASE}/faults?{query}") if job.inside else None,
    )


def _asked_job() -> Job:
    job = BY_KEY.get(request.args.get("job", ""))
    if job is None:
        raise NotFound()
    return job


def _houses() -> dict[int, Jurisdiction]:
    return {house.id: house for house in list_jurisdictions(db.session)}


def _back() -> str:
    back = request.form.get("back", "")
    return back if back.startswith(f"{BASE}/") and back.isprintable() else f"{BASE}/"
