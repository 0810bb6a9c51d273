"""Why a letter has not left, in words, and what letters are called where their text may not be read."""

from __future__ import annotations

from collections.abc import Mapping

from app.notifications.rules.acts import ACTS, act_words
from app.notifications.rules.ways import WAY_KINDS, fault_words
from app.notifications.rules.words import N_, Sentence

GIVEN_UP = "given_up"

_REASONS: Mapping[str, str] = {
    "jurisdiction_halted": N_("The jurisdiction was halted before it left."),
    "person_inactive": N_("The recipient's account is closed."),
    "no_member": N_("The recipient no longer belongs to the jurisdiction."),
    "channel_off": N_("The way out was switched off or taken away."),
    "no_address": N_("The recipient has no address for this way."),
    "no_mail_server": N_("The installation has no mail server. The inbox has the letter."),
    "read_meanwhile": N_("It was read in the inbox before it left."),
    "settled": N_("What it asked for was done before it left."),
    "date_moved": N_("The date moved before it left."),
    "extension_asked": N_("An extension was asked for before it left."),
    "matter_cancelled": N_("The matter was cancelled before it left."),
    "matter_paused": N_("The clock was paused before it left."),
    "matter_closed": N_("The matter was closed out before it left."),
    "too_old": N_("The way out stayed closed for a week."),
    "too_many_attempts": N_("It was tried too often without an end."),
    "cannot_be_written": N_("The message could not be put together. Tell the platform's staff."),
    GIVEN_UP: N_("The administrator gave it up."),
}

_REMINDERS: Mapping[str, str] = {
    "obligation.under_way": N_("Reminder: under way"),
    "obligation.due_soon": N_("Reminder: due soon"),
    "obligation.due_today": N_("Reminder: due today"),
    "obligation.overdue": N_("Reminder: overdue"),
    "obligation.unacknowledged": N_("Reminder: not signed for"),
}

URGENT_CHOICES = (
    "matter.urged",
    "matter.slip_issued",
    "matter.dispatched",
    "matter.returned_for_rework",
    "obligation.due_today",
    "obligation.overdue",
)
"""The kinds of letters that a jurisdiction may call urgent."""


def reason_words(code: str) -> Sentence:
    """Why a letter did not leave; a channel's own fault in the channel's words."""
    known = _REASONS.get(code)
    return Sentence(known) if known else fault_words(code)


def kind_words(kind: str) -> str:
    """What a kind of letter is called, without a word of the matter."""
    if kind in ACTS:
        return act_words(kind).title
    return _REMINDERS.get(kind, N_("Reminder"))


def channel_words(channel: str) -> str:
    """What a kind of channel is called."""
    return WAY_KINDS[channel].name if channel in WAY_KINDS else channel
