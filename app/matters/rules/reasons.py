"""Why an act is refused: a code and its sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_

REASONS: Mapping[str, str] = {
    "wrong_step": N_("The matter is not at that step. Read it again."),
    "suspended": N_("The clock of this matter is paused. Resume it first."),
    "overdue": N_("The matter is overdue already. A clock that has run out cannot be paused."),
    "not_suspended": N_("The clock of this matter is running."),
    "ended": N_("This matter has ended."),
    "not_ended": N_("This matter has not ended."),
    "right_missing": N_("Your role here does not allow this. Ask the jurisdiction's administrator."),
    "not_your_step": N_("This step belongs to another role."),
    "not_your_group": N_("This matter is carried by another supervision group."),
    "already_decided": N_("Your role has decided already, or it is another role's turn."),
    "which_unit": N_("Say which unit's part is meant."),
    "not_your_unit": N_("This is another unit's part."),
    "lead_only": N_("Only the lead unit files the completion report."),
    "unit_state": N_("The unit's part does not stand there."),
    "window_closed": N_("The time for declining has passed. Speak to the office."),
    "decline_waits": N_("Declining has been proposed already; your unit's leader has still to sign it."),
    "nothing_to_sign": N_("Nobody in your unit has proposed to decline this."),
    "not_here": N_("This jurisdiction's rules do not know this."),
    "no_extension": N_("Under these rules the time is not extended on application. Explain the delay instead."),
    "lead_extends": N_("Only the lead unit asks for more time."),
    "nothing_to_extend": N_("No date runs that could be extended."),
    "extension_pending": N_("An extension has been asked for already and is not answered yet."),
    "extensions_used": N_("The time has been extended as often as the rules allow."),
    "due_has_passed": N_("The date has passed: now only an explanation of the delay can be filed."),
    "too_late_to_ask": N_("It is too late to ask: the rules want an extension asked for earlier before the date."),
    "no_extension_asked": N_("Nothing has been asked for that could be withdrawn."),
    "which_decision": N_("Say which decision is meant; it may have been made meanwhile."),
    "nobody_open": N_("No unit is at work on this matter."),
}
