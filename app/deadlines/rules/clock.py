"""One deadline rule of a jurisdiction as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from app.deadlines.rules.errors import MOST_AMOUNT, DeadlineError
from app.deadlines.rules.schedule import DayInYear, Roll, Schedule


class RuleKind(StrEnum):
    """How the due date follows from the start."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    HOURS = "hours"
    FIXED = "fixed"
    DAY_OF_YEAR = "day_of_year"
    PERIODIC = "periodic"
    ON_EVENT = "on_event"


# Ways of counting that say by themselves when something is due, and have no amount.
WITHOUT_AMOUNT = (RuleKind.FIXED, RuleKind.DAY_OF_YEAR, RuleKind.PERIODIC)

# A light turns to "soon" this many working days before the date, where the rule itself does not say.
USUAL_YELLOW_DAYS = {
    RuleKind.CALENDAR_DAYS: 2,
    RuleKind.WORKING_DAYS: 2,
    RuleKind.MONTHS: 5,
    RuleKind.HOURS: 0,
    RuleKind.FIXED: 3,
    RuleKind.DAY_OF_YEAR: 5,
    RuleKind.PERIODIC: 2,
    RuleKind.ON_EVENT: 2,
}


@dataclass(frozen=True, slots=True)
class LastDay:
    """The day of the year after which no result may be due, and the article that says so."""

    day: DayInYear
    article: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A date somebody states for a matter, and where: on the ``item``, by the ``meeting``, in the ``instruction``."""

    where: str
    on: date


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock: how long, counted how, from when, and the article that says so.

    ``amount`` is in days, working days, months or hours as ``rule`` says; 0 means the day of the start itself; a date that is
    ``fixed``, comes every year (``day_of_year``) or comes round (``schedule``) has none; an ``on_event`` clock counts that
    many working days from the event once it has happened. ``deemed_receipt_after`` (working days after dispatch) is when an
    unsigned dispatch counts as received. ``count_start_day`` makes the day of the start day 1; the law's default is that it
    is not counted (民法典 201). ``after_hours_cutoff``: a start on a rest day or later than this counts as the next working
    day. ``due_time``: until when on the due day; None is the day's end. ``last_day`` holds every date back.

    ``stated`` are the dates stated for the matter where they need telling, in the order of their rank, and ``conflict`` is the
    reading by which one of them won. ``no_later`` is a stated date that the period may not pass. ``hurried`` is the reading of
    an instruction that says only "at once" (尽快, 立即).

    Refuses with ``DeadlineError``: unknown words, no amount, a negative one, one above 5000, no day or schedule.
    """

    rule: RuleKind
    amount: int | None = None
    start_event: str = "dispatched"
    roll: Roll = Roll.NONE
    deemed_receipt_after: int | None = None
    count_start_day: bool = False
    after_hours_cutoff: time | None = None
    due_time: time | None = None
    day_of_year: DayInYear | None = None
    schedule: Schedule | None = None
    last_day: LastDay | None = None
    stated: tuple[Stated, ...] = ()
    conflict: str = ""
    no_later: date | None = None
    hurried: str = ""
    yellow_days: int | None = None
    article: str = ""
    key: str = ""
    stage: str = "result"

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "rule", RuleKind(self.rule))
        except ValueError:
            raise DeadlineError("rule_unknown", rule=self.rule, known=", ".join(RuleKind)) from None
        try:
            object.__setattr__(self, "roll", Roll(self.roll))
        except ValueError:
            raise DeadlineError("roll_unknown", roll=self.roll, known=", ".join(Roll)) from None
        if self.rule in WITHOUT_AMOUNT:
            object.__setattr__(self, "amount", None)
            if self.rule is RuleKind.DAY_OF_YEAR and self.day_of_year is None:
                raise DeadlineError("day_of_year_missing")
            if self.rule is RuleKind.PERIODIC and self.schedule is None:
                raise DeadlineError("schedule_missing")
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


def check_amount(amount: int) -> None:
    """Refuse an amount that is negative or above 5000."""
    if amount < 0:
        raise DeadlineError("amount_negative", amount=amount)
    if amount > MOST_AMOUNT:
        raise DeadlineError("amount_too_large", amount=amount, most=MOST_AMOUNT)
