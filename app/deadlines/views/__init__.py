"""The deadlines room's pages: calendars, and the simulator in which a rule is tried."""

from __future__ import annotations

from typing import Any

from flask import current_app

from app.deadlines.rules import DeadlineError
from app.deadlines.views.calendars import CalendarDayView, WorkingCalendarView
from app.deadlines.views.national import NationalCalendarView
from app.deadlines.views.simulator import SimulatorView
from app.kernel.errors import Invalid


def register(appbuilder: Any) -> None:
    """Open this room's pages, and answer every request that asks for a date nobody can compute with the sentence that says why.

    Before the first year of the calendar is loaded that is each page with working days on it.
    """
    appbuilder.app.register_error_handler(DeadlineError, _say)
    for view in (CalendarDayView, WorkingCalendarView, NationalCalendarView, SimulatorView):
        appbuilder.add_view_no_menu(view)


def _say(error: DeadlineError) -> Any:
    return current_app.handle_user_exception(Invalid(error.code, error.msgid, **error.params))
