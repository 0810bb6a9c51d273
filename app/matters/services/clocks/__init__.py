"""The clocks of a matter: opened, met, moved and ended by its acts. Dates are computed by the deadlines room alone."""

from __future__ import annotations

from app.matters.services.clocks.leading import (
    ask_others_again,
    contribution_rule,
    follow_lead,
    open_lead_clocks,
    open_unit_clocks,
)
from app.matters.services.clocks.moving import (
    move_stated,
    restart_from_instruction,
    restart_from_receipt,
    run_on,
    shift_after_pause,
    shift_from,
)
from app.matters.services.clocks.opening import (
    calendar,
    columns_of,
    end_all,
    end_step_clock,
    events_of,
    meet,
    open_clock,
    open_clocks,
    open_from,
    pauses_of,
    rule_for,
    start_step_clock,
)
from app.matters.services.clocks.reports import meet_report, next_report, resume_reports

__all__ = [
    "ask_others_again",
    "calendar",
    "columns_of",
    "contribution_rule",
    "end_all",
    "end_step_clock",
    "events_of",
    "follow_lead",
    "meet",
    "meet_report",
    "move_stated",
    "next_report",
    "open_clock",
    "open_clocks",
    "open_from",
    "open_lead_clocks",
    "open_unit_clocks",
    "pauses_of",
    "restart_from_instruction",
    "restart_from_receipt",
    "resume_reports",
    "rule_for",
    "run_on",
    "shift_after_pause",
    "shift_from",
    "start_step_clock",
]
