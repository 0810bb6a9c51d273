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
    "office_only": N_("This is for the supervising office itself."),
    "all_concluded": N_("Every unit has been given its conclusion."),
    "no_conclusion": N_("No conclusion has been served on this unit."),
    "not_received": N_("The conclusion has not been signed for yet. Sign for it first."),
    "already_received": N_("The conclusion has been signed for already."),
    "conclusion_unreceived": N_("A unit has not signed for its conclusion yet. The matter ends only afterwards."),
    "objection_open": N_(
        "A unit may still object until %(until)s. The matter ends after that day, or when the unit waives."
    ),
    "objection_past": N_("The time for objecting has passed."),
    "objection_waived": N_("The unit has said that it does not object."),
    "review_pending": N_("The unit has objected; the review is under way."),
    "review_open": N_("An objection is under review until %(until)s. The matter ends after the decision."),
    "review_done": N_("The review has been decided. There is no second one."),
    "no_delegation": N_("This matter is delegated to nobody."),
    "no_objection": N_("No objection waits for a decision."),
    "recused": N_("You took part in this supervision, so somebody else decides on the objection."),
}
