"""The acts on a matter: each one function, one transaction, its event and its letters."""

from app.matters.services.casework import local_day
from app.matters.services.closing import (
    accept,
    archive,
    cancel,
    close_out,
    reopen,
    resume,
    return_for_rework,
    suspend,
)
from app.matters.services.declining import confirm_decline, decline, reject_decline
from app.matters.services.dispatching import acknowledge, dispatch, log_receipt, reassign
from app.matters.services.intake import (
    add_draft,
    approve,
    draw_up,
    edit,
    register,
    return_proposal,
    submit,
    write_scheme,
)
from app.matters.services.reporting import explain_delay, report_completion, report_progress
from app.matters.services.running import draft_of, run_act, run_draw_up
from app.matters.services.sources import sync_sources

__all__ = [
    "accept",
    "acknowledge",
    "add_draft",
    "approve",
    "archive",
    "cancel",
    "close_out",
    "confirm_decline",
    "decline",
    "dispatch",
    "draft_of",
    "draw_up",
    "edit",
    "explain_delay",
    "local_day",
    "log_receipt",
    "reassign",
    "register",
    "reject_decline",
    "reopen",
    "report_completion",
    "report_progress",
    "resume",
    "return_for_rework",
    "return_proposal",
    "run_act",
    "run_draw_up",
    "submit",
    "suspend",
    "sync_sources",
    "write_scheme",
]
