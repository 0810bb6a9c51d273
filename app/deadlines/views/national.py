"""The national calendar, kept by the platform's staff: years, changes that a second person confirms, regions' days."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

from flask import flash, redirect, request, send_file

from app.deadlines import day_files, services
from app.deadlines.effects import effect_of
from app.deadlines.forms import NoticeForm, ReasonForm, RegionForm, TableForm
from app.deadlines.models import CalendarProposal
from app.deadlines.presenting import proposals as presenting
from app.deadlines.presenting.year import YearPage, change_lines, year_view
from app.deadlines.queries import (
    YearChange,
    calendar_as_proposed,
    calendar_for,
    find_proposal,
    jurisdictions_by_region,
    list_houses,
    list_national_days,
    list_proposals,
    list_regional_days,
    list_years,
    proposal_change,
)
from app.deadlines.rules import DeadlineError, WorkingCalendar
from app.deadlines.rules.national_year import missing_notice
from app.deadlines.rules.notice_faults import NoticeRefused
from app.kernel import clock
from app.kernel.clock import local_datetime
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.pages import Link
from app.kernel.tenancy import scope
from app.kernel.web import BusinessView, actor, expose, right

BASE = "/platform/calendar"
HOUSES_AT_ONCE = 50
"""So many jurisdictions are looked at when a proposal is shown."""


class NationalCalendarView(BusinessView):
    """The years of the national layer and what is proposed for them."""

    route_base = BASE

    @expose("/")
    @right("national_calendar:read")
    def index(self) -> Any:
        """Every year with its notice, what waits for a second person, and what is missing."""
        years = list_years(db.session)
        words, tone = presenting.missing_words(missing_notice(clock.today(), years))
        page = presenting.CalendarIndex(
            years=presenting.year_lines(years, BASE),
            proposals=tuple(presenting.proposal_line(one, BASE) for one in list_proposals(db.session)),
            missing=words,
            missing_tone=tone,
            may_write=actor().may("national_calendar:write"),
        )
        return self.render_template("calendar/index.html", page=page)

    @expose("/<int:year>")
    @right("national_calendar:read")
    def year(self, year: int) -> Any:
        """One year of the national layer."""
        calendar = covering(None, year)
        page = YearPage(
            view=year_view(calendar, year, today=clock.today()),
            title=_("National calendar %(year)s", year=year),
            home=Link(_("National calendar"), f"{BASE}/"),
            previous=f"{BASE}/{year - 1}" if year > calendar.first_day.year else "",
            following=f"{BASE}/{year + 1}" if year < calendar.last_day.year else "",
            links=(Link(_("The days as a file"), f"{BASE}/{year}/days.csv", "download"),),
        )
        return self.render_template("calendar/year.html", page=page)

    @expose("/<int:year>/days.csv")
    @right("national_calendar:read")
    def days(self, year: int) -> Any:
        """The stored days of a year with the five columns: to be changed and sent in again."""
        rows = [row for row in list_national_days(db.session) if row.on.year == year]
        return send_file(
            io.BytesIO(day_files.written(rows)), mimetype="text/csv", as_attachment=True, download_name=f"{year}.csv"
        )

    @expose("/new")
    @right("national_calendar:write")
    def new(self) -> Any:
        """The three ways to propose a year."""
        return self._new(NoticeForm(), TableForm())

    @expose("/new/notice", methods=["POST"])
    @right("national_calendar:write")
    def propose_notice(self) -> Any:
        """Propose the year of the pasted notice; what was pasted stays in the form when it does not fit."""
        form = NoticeForm()
        if form.validate():
            try:
                found = services.propose_notice(
                    db.session,
                    actor(),
                    text=form.text.data or "",
                    document_no=form.document_no.data or "",
                    at=clock.now(),
                )
                return self._proposed([found])
            except HuiyinError as error:
                return self._new(form, TableForm(formdata=None), _sentences(error))
        return self._new(form, TableForm(formdata=None), status=422)

    @expose("/new/file", methods=["POST"])
    @right("national_calendar:write")
    def propose_file(self) -> Any:
        """Propose the years of a table of days."""
        form = TableForm()
        file = request.files.get("file")
        try:
            years = day_files.read_file(
                file.stream.read(day_files.MOST_BYTES + 1) if file is not None else b"",
                (file.filename or "") if file is not None else "",
            )
            found = services.propose_years(
                db.session, actor(), years=years, document_no=form.document_no.data or "", at=clock.now()
            )
            return self._proposed(found)
        except NoticeRefused as refused:
            return self._new(NoticeForm(formdata=None), form, [services.say_fault(one) for one in refused.faults])
        except HuiyinError as error:
            return self._new(NoticeForm(formdata=None), form, _sentences(error))

    @expose("/new/package", methods=["POST"])
    @right("national_calendar:write")
    def propose_package(self) -> Any:
        """Propose what the installed package knows and the calendar does not."""
        try:
            return self._proposed(services.propose_from_package(db.session, actor(), at=clock.now()))
        except HuiyinError as error:
            return self._new(NoticeForm(formdata=None), TableForm(formdata=None), _sentences(error))

    @expose("/proposals/<int:proposal>")
    @right("national_calendar:read")
    def proposal(self, proposal: int) -> Any:
        """What a proposal changes, day by day, the year as it would be, and which dates would move where."""
        effects = _effects(proposal) if _get(proposal).state == "proposed" else ((), "")
        return self._proposal(_get(proposal), ReasonForm(formdata=None), effects=effects)

    @expose("/proposals/<int:proposal>/confirm", methods=["POST"])
    @right("national_calendar:write")
    def confirm(self, proposal: int) -> Any:
        """Put it into force."""
        seen = request.form.get("seen_version", "")
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
        try:
            services.confirm_proposal(db.session, actor(), proposal, seen_version=version, at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            return self._proposal(_get(proposal), ReasonForm(formdata=None), _sentences(error), error.status)
        flash(_("The change is in force."), "success")
        return redirect(f"{BASE}/proposals/{proposal}")

    @expose("/proposals/<int:proposal>/reject", methods=["POST"])
    @right("national_calendar:write")
    def reject(self, proposal: int) -> Any:
        """Turn it down."""
        form = ReasonForm()
        if not form.validate():
            return self._proposal(_get(proposal), form, status=422)
        try:
            services.reject_proposal(db.session, actor(), proposal, reason=form.reason.data or "", at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            return self._proposal(_get(proposal), form, _sentences(error), error.status)
        flash(_("The proposal is turned down."), "success")
        return redirect(f"{BASE}/proposals/{proposal}")

    @expose("/proposals/<int:proposal>/withdraw", methods=["POST"])
    @right("national_calendar:write")
    def withdraw(self, proposal: int) -> Any:
        """Take one's own back."""
        services.withdraw_proposal(db.session, actor(), proposal, at=clock.now())
        flash(_("The proposal is taken back."), "success")
        return redirect(f"{BASE}/proposals/{proposal}")

    @expose("/regions", methods=["GET", "POST"])
    @right("national_calendar:write")
    def regions(self) -> Any:
        """The days of provinces and cities, and a form for one more."""
        form = RegionForm()
        status = 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    found = services.propose_regional_day(db.session, actor(), **form.given(), at=clock.now())
                    return self._proposed([found])
                except HuiyinError as error:
                    fields = error.field_sentences() if isinstance(error, Invalid) else {}
                    for name, sentence in fields.items():
                        form[name].errors = [sentence]
                    return self._regions(form, status=error.status, faults=[] if fields else _sentences(error))
        return self._regions(form, status=status)

    @expose("/regions/file", methods=["POST"])
    @right("national_calendar:write")
    def regions_file(self) -> Any:
        """Propose the years of a table of regions' days."""
        table, file = TableForm(), request.files.get("file")
        try:
            years = day_files.read_region_file(
                file.stream.read(day_files.MOST_BYTES + 1) if file is not None else b"",
                (file.filename or "") if file is not None else "",
            )
            found = services.propose_regional_years(
                db.session, actor(), years=years, document_no=table.document_no.data or "", at=clock.now()
            )
            return self._proposed(found)
        except NoticeRefused as refused:
            faults = [services.say_fault(one) for one in refused.faults]
        except HuiyinError as error:
            faults = _sentences(error)
        return self._regions(RegionForm(formdata=None), table, 422, faults)

    @expose("/regions/days.csv")
    @right("national_calendar:read")
    def regions_days(self) -> Any:
        """Every region's days with the five columns: to be changed and sent in again."""
        return send_file(
            io.BytesIO(day_files.written_regions(list_regional_days(db.session))),
            mimetype="text/csv",
            as_attachment=True,
            download_name="regions.csv",
        )

    def _regions(
        self, form: RegionForm, table: TableForm | None = None, status: int = 200, faults: list[str] | None = None
    ) -> Any:
        days = list_regional_days(db.session)
        reached = jurisdictions_by_region(db.session, {day.region_code for day in days})
        found = self.render_template(
            "calendar/regions.html",
            form=form,
            table=table or TableForm(formdata=None),
            lines=presenting.region_lines(days, reached, BASE),
            proposals=[presenting.proposal_line(one, BASE) for one in list_proposals(db.session, regions=True)],
            faults=faults or [],
        )
        return found, status

    @expose("/regions/<int:regional_day>/remove", methods=["POST"])
    @right("national_calendar:write")
    def remove_region(self, regional_day: int) -> Any:
        """Propose to take a region's day away."""
        try:
            found = services.propose_regional_removal(db.session, actor(), regional_day, at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            return self._regions(RegionForm(formdata=None), status=error.status, faults=_sentences(error))
        return self._proposed([found])

    def _new(self, notice: NoticeForm, table: TableForm, faults: list[str] | None = None, status: int = 0) -> Any:
        found = self.render_template(
            "calendar/new.html",
            notice=notice,
            table=table,
            faults=faults or [],
            package_years=services.years_the_package_adds(db.session),
        )
        return found, status or (422 if faults else 200)

    def _proposed(self, found: list[CalendarProposal]) -> Any:
        flash(_("Proposed. Nothing is in force until a second person has confirmed it."), "success")
        return redirect(f"{BASE}/proposals/{found[0].id}" if len(found) == 1 else f"{BASE}/")

    def _proposal(
        self,
        proposal: CalendarProposal,
        form: ReasonForm,
        faults: list[str] | None = None,
        status: int = 200,
        effects: tuple[tuple[presenting.EffectLine, ...], str] = ((), ""),
    ) -> Any:
        asking, waiting = actor(), proposal.state == "proposed"
        change = proposal_change(db.session, proposal) if waiting else None
        page = presenting.ProposalPage(
            line=presenting.proposal_line(proposal, BASE),
            action=f"{BASE}/proposals/{proposal.id}",
            decided=_decided(proposal),
            reason=proposal.reason or "",
            changes=change_lines(change.changes) if change else (),
            moving=sum(one.moves for one in change.changes) if change else 0,
            view=_as_it_would_be(proposal, change) if change and not proposal.region_code else None,
            source_text=proposal.source_text or "",
            seen_version=change.version if change else 0,
            own=proposal.proposed_by is not None and proposal.proposed_by == asking.person_id,
            may_decide=waiting and asking.may("national_calendar:write"),
            faults=tuple(faults or ()),
            effects=effects[0],
            further=effects[1],
        )
        return self.render_template("calendar/proposal.html", page=page, form=form), status


def covering(jurisdiction_id: int | None, year: int) -> WorkingCalendar:
    """The calendar in force there; NotFound when it does not reach the year."""
    try:
        calendar = calendar_for(db.session, jurisdiction_id)
    except DeadlineError as error:  # a calendar without any year
        raise NotFound("calendar_empty", error.msgid) from error
    if not calendar.first_day.year <= year <= calendar.last_day.year:
        raise NotFound()
    return calendar


def _get(proposal_id: int) -> CalendarProposal:
    found = find_proposal(db.session, proposal_id) if proposal_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def _sentences(error: HuiyinError) -> list[str]:
    return error.sentences() if isinstance(error, services.FaultyNotice) else [error.sentence()]


def _decided(proposal: CalendarProposal) -> str:
    if proposal.decided_at is None:
        return ""
    return f"{proposal.decided_by_name or ''} {local_datetime(proposal.decided_at):%Y-%m-%d %H:%M}".strip()


def _as_it_would_be(proposal: CalendarProposal, change: YearChange) -> Any:
    year = proposal.year
    calendar = calendar_as_proposed(db.session, year, change, proposal.document_no)
    if not calendar.first_day.year <= year <= calendar.last_day.year:
        return None
    return year_view(calendar, year, today=clock.today(), changed={one.on for one in change.changes})


def _effects(proposal_id: int) -> tuple[tuple[presenting.EffectLine, ...], str]:
    """What the proposal would do in each jurisdiction, so many at a time, and the address of the next ones.

    Each is looked at in its own scope, in a session beside the page's: a scope leaves nothing loaded behind.
    """
    after, proposal, lines = request.args.get("after", "")[:12], _get(proposal_id), []
    year, notice, region = proposal.year, proposal.document_no, proposal.region_code
    houses = list_houses(db.session, after=after, limit=HOUSES_AT_ONCE + 1, region=region)
    with closing(db.session.session_factory()) as apart:
        for house_id, _code, name in houses[:HOUSES_AT_ONCE]:
            with scope(house_id, apart):
                change = proposal_change(apart, proposal)
                calendar = calendar_as_proposed(apart, year, change, notice, house_id, region=region)
                found = effect_of(apart, calendar, clock.now())
            lines.append(presenting.EffectLine(name, found.matters, found.moved, found.kept))
    further = houses[HOUSES_AT_ONCE - 1][1] if len(houses) > HOUSES_AT_ONCE else ""
    return tuple(lines), f"{BASE}/proposals/{proposal_id}?after={further}" if further else ""
