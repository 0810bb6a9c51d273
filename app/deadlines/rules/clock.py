"""One deadline rule of a jurisdiction as a value, and the choice of the rule that fits a matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from app.deadlines.rules.errors import MOST_AMOUNT, DeadlineError


class RuleKind(StrEnum):
    """How the due date follows from the start."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    FIXED = "fixed"
    ON_EVENT = "on_event"


class Roll(StrEnum):
    """What happens when the period ends on a rest day."""

    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


# A light turns to "soon" this many working days before the date, where the rule itself does not say.
USUAL_YELLOW_DAYS = {
    RuleKind.CALENDAR_DAYS: 2,
    RuleKind.WORKING_DAYS: 2,
    RuleKind.MONTHS: 5,
    RuleKind.FIXED: 3,
    RuleKind.ON_EVENT: 2,
}


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock: how long, counted how, from when, and the article that says so.

    ``amount`` is in days, working days or months as ``rule`` says; 0 means the day of the start itself; a ``fixed``
    date has none; an ``on_event`` clock counts that many working days from the event once it has happened.
    ``deemed_receipt_after`` (working days after dispatch) is when an unsigned dispatch counts as received.
    ``count_start_day`` makes the day of the start day 1; the law's default is that it is not counted (民法典 201).
    ``after_hours_cutoff``: a start on a rest day or later than this counts as the next working day.
    Empty ``sources``, ``urgencies`` and ``origin_levels`` fit every matter.

    Refuses with ``DeadlineError``: unknown words, no amount, a negative one, one above 5000.
    """

    rule: RuleKind
    amount: int | None = None
    start_event: str = "dispatched"
    roll: Roll = Roll.NONE
    deemed_receipt_after: int | None = None
    count_start_day: bool = False
    after_hours_cutoff: time | None = None
    yellow_days: int | None = None
    article: str = ""
    key: str = ""
    stage: str = "result"
    sources: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    origin_levels: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "rule", RuleKind(self.rule))
        except ValueError:
            raise DeadlineError("rule_unknown", rule=self.rule, known=", ".join(RuleKind)) from None
        try:
            object.__setattr__(self, "roll", Roll(self.roll))
        except ValueError:
            raise DeadlineError("roll_unknown", roll=self.roll, known=", ".join(Roll)) from None
        if self.rule is RuleKind.FIXED:
            object.__setattr__(self, "amount", None)
        elif self.amount is None:
            raise DeadlineError("amount_missing")
        else:
            check_amount(self.amount)
        if self.deemed_receipt_after is not None:
            check_amount(self.deemed_receipt_after)

    @property
    def days_of_warning(self) -> int:
        """Working days before the date at which the light turns: the rule's own, else the usual for its kind."""
        return USUAL_YELLOW_DAYS[self.rule] if self.yellow_days is None else self.yellow_days

    def fits(self, source: str, urgency: str, origin_level: str) -> bool:
        """Whether the rule speaks of such a matter."""
        asked = ((self.sources, source), (self.urgencies, urgency), (self.origin_levels, origin_level))
        return all(not wanted or word in wanted for wanted, word in asked)

    @property
    def narrowness(self) -> int:
        """How many of the three conditions the rule makes; the narrower rule is preferred."""
        return sum(bool(wanted) for wanted in (self.sources, self.urgencies, self.origin_levels))


def check_amount(amount: int) -> None:
    """Refuse an amount that is negative or above 5000."""
    if amount < 0:
        raise DeadlineError("amount_negative", amount=amount)
    if amount > MOST_AMOUNT:
        raise DeadlineError("amount_too_large", amount=amount, most=MOST_AMOUNT)


def choose_rule(
    rules: Iterable[ClockRule], source: str, urgency: str, origin_level: str, stage: str
) -> ClockRule | None:
    """The rule for one stage of a matter: the most specific that fits, the earlier of equals; None when none fits."""
    fitting = [rule for rule in rules if rule.stage == stage and rule.fits(source, urgency, origin_level)]
    return max(fitting, key=lambda rule: rule.narrowness, default=None)
