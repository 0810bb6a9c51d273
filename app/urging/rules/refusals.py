"""Why a unit is not urged, or gets no slip: a code, what its sentence names, and the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.jurisdictions.rules.marking import N_
from app.matters.rules import REASONS


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done to a unit: a code, and what its sentence names."""

    code: str
    params: Mapping[str, object]

    @property
    def msgid(self) -> str:
        """The sentence."""
        return SENTENCES[self.code]


SENTENCES: Mapping[str, str] = {
    **REASONS,
    "slip_unknown": N_("This jurisdiction's rules know no such slip."),
    "slip_paused": N_("The clock of this matter is paused. Resume it first."),
    "slip_ended": N_("This matter has ended; no slip is issued any more."),
    "slip_not_handling": N_("The unit does not handle this matter now."),
    "slip_reported": N_("The unit has reported. Review the report, or return it."),
    "slip_not_overdue": N_("Nothing the unit owes is overdue."),
    "slip_extension_asked": N_("The unit has asked for more time. Decide on that first."),
    "slip_too_early": N_("%(name)s needs %(needed)s working days overdue; there are %(overdue)s."),
    "slip_open": N_("%(name)s is with the unit already and not answered yet."),
    "slip_asked": N_("%(name)s has been asked for and awaits a decision."),
    "slip_higher_open": N_("%(former)s is with the unit, and stands above %(name)s."),
    "slip_former_lacking": N_("%(name)s follows %(former)s, which has not been issued."),
    "slip_former_running": N_("%(name)s follows %(former)s, which the unit may still answer until %(until)s."),
    "slip_former_answered": N_("%(name)s follows %(former)s, which the unit answered in time."),
    "not_in_hand": N_("No unit is at work on this matter at its present step."),
    "nothing_to_urge": N_("%(unit)s has reported or is done with its part. Urge the others."),
    "receipt_signed": N_("%(unit)s has already signed for receipt. Urge it for feedback instead."),
    "urged_today": N_("%(unit)s was already urged today. Call by phone and log the call, or wait until tomorrow."),
    "urged_lately": N_("%(unit)s was urged on %(on)s. Call by phone and log the call, or wait until %(until)s."),
    "urged_enough": N_(
        "%(unit)s has had %(had)s urgings today, and a day allows %(most)s. Call by phone and log the call."
    ),
    "nobody_to_urge": N_("%(unit)s has no liaison here yet. Call by phone and log the call."),
}
