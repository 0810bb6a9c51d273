"""Pages of the superadmin: what is there, without a look inside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from app.deadlines.presenting.proposals import missing_words, proposal_line
from app.deadlines.queries import list_proposals, list_years
from app.deadlines.rules.national_year import missing_notice
from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import _, lazy_gettext
from app.kernel.pages import Figure, Filter, Link, Pager, TaskLine
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications.schemas import page_number
from app.platform import queries
from app.platform.forms import LEVELS
from app.platform.pages import JurisdictionRow, JurisdictionsPage
from app.platform.rules.checklist import Inside, Surroundings, checklist
from app.platform.rules.jobs import is_alarm
from app.platform.views.jobs import alarm_words, read_board
from app.platform.views.values import surroundings

PAGE_SIZE = 25
STATES = {
    "preparing": (lazy_gettext("In preparation"), "warn"),
    "active": (lazy_gettext("Running"), "ok"),
    "suspended": (lazy_gettext("Halted"), "bad"),
    "closed": (lazy_gettext("Closed"), "mute"),
}


class JurisdictionsView(BusinessView):
    """The jurisdictions of the installation."""

    route_base = "/platform/jurisdictions"

    @expose("/")
    @right("jurisdiction:read")
    def list(self) -> Any:
        """Every jurisdiction with its level, superior, procedure and counts."""
        words, level, status = (
            request.args.get("q", "")[:80],
            request.args.get("level", ""),
            request.args.get("status", ""),
        )
        page = page_number(request.args.get("page"))
        level, status = level if level in LEVELS else "", status if status in STATES else ""
        rows, total = queries.list_page(
            db.session, words=words, level=level, status=status, page=page, page_size=PAGE_SIZE
        )
        superiors = queries.names_of(db.session, [row.parent_id for row in rows if row.parent_id])
        inside = queries.count_inside(db.session, [row.id for row in rows])
        around, may_write = surroundings(), actor().may("jurisdiction:write")
        shown = JurisdictionsPage(
            rows=tuple(_row(row, superiors.get(row.parent_id or 0, ""), inside[row.id], around) for row in rows),
            pager=Pager.of(total, page, PAGE_SIZE, lambda number: _address(words, level, status, number)),
            filters=(
                Filter("text", "q", _("Search"), words, placeholder=_("Name, code or address")),
                Filter(
                    "select",
                    "level",
                    _("Level of government"),
                    level,
                    choices=tuple((key, str(label)) for key, label in LEVELS.items()),
                    any_label=_("All levels"),
                ),
                Filter(
                    "select",
                    "status",
                    _("State"),
                    status,
                    choices=tuple((key, str(label)) for key, (label, _tone) in STATES.items()),
                    any_label=_("All states"),
                ),
            ),
            figures=_figures(queries.count_by_status(db.session)),
            chores=_chores(),
            links=(Link(_("Bring a jurisdiction on"), "/platform/jurisdictions/new", "plus"),) if may_write else (),
        )
        return self.render_template("platform/jurisdictions.html", page=shown)


def _chores() -> tuple[TaskLine, ...]:
    """What the platform's staff have to look at: jobs that are late or do not run, and the national calendar."""
    found = []
    if actor().may("platform:read"):
        board = read_board()
        alarms = [alarm_words(one, board.at) for one in board.jobs if is_alarm(one.state)]
        found += [TaskLine(_("Jobs"), words, "/platform/jobs/", "clock", _("To do"), "bad") for words in alarms]
    if not actor().may("national_calendar:read"):
        return tuple(found)
    words, tone = missing_words(missing_notice(clock.today(), list_years(db.session)))
    if words:
        found.append(TaskLine(_("National calendar"), words, "/platform/calendar/", "calendar", _("To do"), tone))
    for one in (*list_proposals(db.session), *list_proposals(db.session, regions=True)):
        if one.state == "proposed" and one.proposed_by != actor().person_id:
            line = proposal_line(one, "/platform/calendar")
            title = (
                _("Change of the calendar of region %(region)s, %(year)s", region=one.region_code, year=one.year)
                if one.region_code
                else _("Change of the calendar of %(year)s", year=one.year)
            )
            found.append(TaskLine(title, line.document_no, line.href, "calendar", line.state_label, line.tone))
    return tuple(found)


def _figures(counts: dict[str, int]) -> tuple[Figure, ...]:
    units = _("jurisdictions")
    return tuple(
        Figure(str(label), counts.get(status, 0), units, f"{request.path}?status={status}", tone="info")
        for status, (label, _tone) in STATES.items()
    )


def _address(words: str, level: str, status: str, number: int) -> str:
    given = {"q": words, "level": level, "status": status, "page": number if number > 1 else ""}
    query = urlencode({name: value for name, value in given.items() if value})
    return request.path + (f"?{query}" if query else "")


def _row(jurisdiction: Jurisdiction, superior: str, inside: Inside, around: Surroundings) -> JurisdictionRow:
    items = checklist(inside, around, active=jurisdiction.status == "active")
    done = sum(item.state == "done" for item in items)
    unfinished = any(item.state == "open" for item in items)

    label, tone = STATES[jurisdiction.status]
    version = _("version %(number)s", number=inside.version) if inside.version else ""
    return JurisdictionRow(
        name=jurisdiction.name,
        href=f"/platform/jurisdictions/{jurisdiction.code}/",
        slug=jurisdiction.slug,
        code=jurisdiction.code,
        level_label=str(LEVELS.get(jurisdiction.level, jurisdiction.level)),
        superior=superior,
        procedure=f"{inside.regulation} · {version}" if version else "",
        units=inside.units,
        people=inside.people,
        open_matters=inside.open_matters,
        state_label=str(label),
        state_tone=tone,
        checklist=_("%(done)s of %(all)s", done=done, all=len(items)),
        checklist_tone="warn" if unfinished else "ok",
    )
