"""The deadlines room's pages: calendars, and the simulator in which a rule is tried."""

from __future__ import annotations

from typing import Any

from app.deadlines.views.calendars import CalendarDayView, WorkingCalendarView
from app.deadlines.views.national import NationalCalendarView
from app.deadlines.views.simulator import SimulatorView


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (CalendarDayView, WorkingCalendarView, NationalCalendarView, SimulatorView):
        appbuilder.add_view_no_menu(view)
