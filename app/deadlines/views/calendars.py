"""A jurisdiction's calendar: the year with all its layers, and its own days."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.deadlines import services
from app.deadlines.models import CalendarDay
from app.deadlines.presenting.year import YearPage, year_view
from app.deadlines.views.national import covering
from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import _, lazy_gettext
from app.kernel.pages import Link
from app.kernel.web import BusinessView, OwnedInterface, TableView, actor, expose, right

LABELS = {
    "on": lazy_gettext("Date"),
    "kind": lazy_gettext("Kind of day"),
    "name": lazy_gettext("Name"),
    "notice": lazy_gettext("Notice"),
}
KINDS = {"off": lazy_gettext("Day off"), "work": lazy_gettext("Working day")}


def _kind(value: str) -> str:
    return str(KINDS.get(value, value))


class CalendarDayView(TableView):
    """The jurisdiction's own days."""

    route_base = "/calendardayview"
    datamodel = OwnedInterface(CalendarDay)
    resource = "calendar"
    list_title = add_title = edit_title = show_title = lazy_gettext("Working calendar")
    label_columns = LABELS
    list_columns = show_columns = add_columns = edit_columns = ["on", "kind", "name", "notice"]  # noqa: RUF012
    order_columns = ["on", "name"]  # noqa: RUF012
    search_columns = ["on", "kind", "name"]  # noqa: RUF012
    base_order = ("on", "desc")
    formatters_columns = {"kind": _kind}  # noqa: RUF012
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "kind": SelectField(LABELS["kind"], choices=list(KINDS.items()), validators=[InputRequired()]),
        "name": StringField(LABELS["name"], validators=[InputRequired(), Length(max=40)]),
    }

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_local_day(db.session, actor(), **_day(values), at=clock.now())

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_local_day(db.session, actor(), pk, **_day(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.remove_local_day(db.session, actor(), pk, at=clock.now())


def _day(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: values.get(name) if name == "on" else values.get(name) or "" for name in ("on", "kind", "name", "notice")
    }


class WorkingCalendarView(BusinessView):
    """The calendar in force in the jurisdiction, with all its layers, year by year."""

    route_base = "/settings/calendar"

    @expose("/")
    @right("calendar:read")
    def index(self) -> Any:
        """The running year."""
        return redirect(f"{request.script_root}/settings/calendar/{clock.today().year}")

    @expose("/<int:year>")
    @right("calendar:read")
    def year(self, year: int) -> Any:
        """One year: the nation's days, the region's, and the jurisdiction's own."""
        asking = actor()
        calendar = covering(asking.jurisdiction_id, year)
        root = request.script_root
        links = [Link(_("Local days"), f"{root}/calendardayview/list/", "list")]
        if asking.may("calendar:write"):
            links.append(Link(_("Add a local day"), f"{root}/calendardayview/add", "plus"))
        page = YearPage(
            view=year_view(calendar, year, today=clock.today()),
            title=_("Working calendar %(year)s", year=year),
            home=Link(_("Jurisdiction settings"), f"{root}/settings/"),
            previous=f"{root}/settings/calendar/{year - 1}" if year > calendar.first_day.year else "",
            following=f"{root}/settings/calendar/{year + 1}" if year < calendar.last_day.year else "",
            links=tuple(links),
            hint=_("The most local row of a day wins: own before regional before national."),
        )
        return self.render_template("calendar/year.html", page=page)
