"""Pages of the calendars: the jurisdiction's own days, and the national layer as the platform keeps it."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.deadlines import services
from app.deadlines.models import CalendarDay, NationalCalendarDay
from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import lazy_gettext
from app.kernel.web import OwnedInterface, TableView, actor

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


class NationalDayInterface(OwnedInterface):
    """The national layer's key is its date."""

    def get_pk_name(self) -> str:
        return "on"

    def is_pk(self, col_name: str) -> bool:
        return bool(col_name == "on")

    def get_pk(self, model: Any = None) -> Any:
        return (model or self.obj).on


class NationalCalendarDayView(TableView):
    """What the yearly notices say. Read here; a new year comes with a release of the calendar data."""

    route_base = "/nationalcalendardayview"
    datamodel = NationalDayInterface(NationalCalendarDay)
    resource = "national_calendar"
    writable = False
    include_route_methods = {"list"}  # noqa: RUF012
    list_title = lazy_gettext("National calendar")
    label_columns = LABELS
    list_columns = ["on", "kind", "name", "notice"]  # noqa: RUF012
    order_columns = ["on"]  # noqa: RUF012
    search_columns = ["on", "kind", "name"]  # noqa: RUF012
    base_order = ("on", "desc")
    formatters_columns = {"kind": _kind}  # noqa: RUF012
