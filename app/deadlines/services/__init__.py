"""What changes the calendars, and the computing of a due date for the rooms below."""

from __future__ import annotations

from app.deadlines.services.local import (
    add_local_day,
    change_local_day,
    due_from_events,
    remember_calendar,
    remove_local_day,
)
from app.deadlines.services.national import (
    FaultyNotice,
    confirm_proposal,
    propose_from_package,
    propose_notice,
    propose_years,
    reject_proposal,
    say_fault,
    seed_national_calendar,
    withdraw_proposal,
    years_the_package_adds,
)
from app.deadlines.services.regional import propose_regional_day, propose_regional_removal, propose_regional_years

__all__ = [
    "FaultyNotice",
    "add_local_day",
    "change_local_day",
    "confirm_proposal",
    "due_from_events",
    "propose_from_package",
    "propose_notice",
    "propose_regional_day",
    "propose_regional_removal",
    "propose_regional_years",
    "propose_years",
    "reject_proposal",
    "remember_calendar",
    "remove_local_day",
    "say_fault",
    "seed_national_calendar",
    "withdraw_proposal",
    "years_the_package_adds",
]
