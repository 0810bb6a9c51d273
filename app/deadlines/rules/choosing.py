"""Which of a profile's clocks a matter has: the same answer at drawing up, when the clock starts, when a rule is tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.deadlines.rules.clock import ClockRule, RuleKind, Stated
from app.deadlines.rules.from_profile import clock_rule

if TYPE_CHECKING:
    from app.jurisdictions.rules.profile import DeadlineRule, LastDay, Readings

# How long a unit of each way of counting takes, in hours: only to tell the shorter of two periods.
_HOURS = {
    RuleKind.HOURS: 1.0,
    RuleKind.CALENDAR_DAYS: 24.0,
    RuleKind.WORKING_DAYS: 24 * 7 / 5,
    RuleKind.MONTHS: 24 * 365.25 / 12,
}
_URGENCIES = ("normal", "urgent", "critical")
# Stages for which a date may be stated.
STATED_STAGES = ("first_feedback", "result")


@dataclass(frozen=True)
class ClockChoice:
    """What chooses the clocks of a matter and what they are counted from."""

    source: str
    urgency: str
    origin_level: str
    handling_mode: str = "transferred"
    session: str | None = None
    meeting_on: date | None = None
    exposed_on: date | None = None
    instruction_on: date | None = None
    stated_due_on: date | None = None
    feedback_due_on: date | None = None
    instructed_due_on: date | None = None
    hurried: bool = False
    conflict: str = "explicit"
    urgent_default: str = "shortest"
    media_guard: bool = True

    def under(self, readings: Readings) -> ClockChoice:
        """The same matter as a jurisdiction's readings have it."""
        return replace(
            self,
            conflict=readings.conflict,
            urgent_default=readings.urgent_default,
            media_guard=readings.media_guard,
        )

    def stated(self, stage: str) -> tuple[Stated, ...]:
        """The dates stated for a stage, the one on the item before the one in the leader's instruction."""
        if stage == "first_feedback":
            said = [("meeting", self.feedback_due_on)]
        else:
            said = [("item", self.stated_due_on), ("instruction", self.instructed_due_on)]
        return tuple(Stated(where, on) for where, on in said if on is not None)

    def fixed(self, stage: str) -> date | None:
        """The date stated for a stage; of several the earlier, or the first by rank where the jurisdiction reads it so."""
        said = self.stated(stage)
        if not said:
            return None
        return said[0].on if self.conflict == "precedence" else min(one.on for one in said)

    @property
    def shortened(self) -> bool:
        """Whether the shortest period is meant: "at once" without a date, where the jurisdiction reads it so."""
        return self.hurried and self.urgent_default == "shortest"


def fits(rule: DeadlineRule, choice: ClockChoice) -> bool:
    """Whether a rule speaks of such a matter; a media clock only of what the media exposed."""
    asked = (
        (rule.sources, choice.source),
        (rule.urgencies, choice.urgency),
        (rule.origin_levels, choice.origin_level),
        (rule.handling_modes, choice.handling_mode),
        (rule.sessions, choice.session),
    )
    if rule.exposed_only and choice.exposed_on is None:
        return False
    return all(not wanted or word in wanted for wanted, word in asked)


def narrowness(rule: DeadlineRule) -> int:
    """How many of the six conditions a rule makes; the narrower rule is preferred."""
    conditions = (rule.sources, rule.urgencies, rule.origin_levels, rule.handling_modes, rule.sessions)
    return sum(bool(wanted) for wanted in (*conditions, rule.exposed_only))


def choose_rule(said: Iterable[DeadlineRule], stage: str, choice: ClockChoice) -> DeadlineRule | None:
    """The rule of a stage: a date the matter states wins over a period, then the most specific, the earlier of equals.

    A fixed rule without its date gives way; where nothing else fits there is no clock yet. "At once" without a date may mean
    the shortest period; without the guard the usual period for completion does not run for what the media exposed.
    """
    of_stage = [rule for rule in said if rule.stage == stage]
    fixed = [rule for rule in of_stage if rule.rule == RuleKind.FIXED and fits(rule, choice)]
    if fixed and choice.fixed(stage) is not None:
        return max(fixed, key=narrowness)
    return _period(of_stage, stage, choice)


def from_instruction(rule: ClockRule) -> ClockRule:
    """The same clock begun anew by a leader's new instruction on a running matter; a stated date needs no beginning."""
    return replace(rule, start_event="instructed", deemed_receipt_after=None)


def _period(of_stage: Iterable[DeadlineRule], stage: str, choice: ClockChoice) -> DeadlineRule | None:
    """The period of a stage, whatever dates are stated."""
    others = [rule for rule in of_stage if rule.rule != RuleKind.FIXED]
    if stage == "result" and choice.exposed_on is not None and not choice.media_guard:
        others = [rule for rule in others if rule.exposed_only]
    if choice.shortened:
        counted = [rule for rule in others if _fits_urgently(rule, choice) and _shortest(rule) is not None]
        if counted:
            return min(counted, key=lambda rule: (_shortest(rule), -narrowness(rule)))
    fitting = [rule for rule in others if fits(rule, choice)]
    return max(fitting, key=narrowness) if fitting else None


def _fits_urgently(rule: DeadlineRule, choice: ClockChoice) -> bool:
    return any(fits(rule, replace(choice, urgency=urgency)) for urgency in _URGENCIES)


def _shortest(rule: DeadlineRule) -> float | None:
    """The hours a rule gives at its shortest; None of one that counts none."""
    unit, amount = _HOURS.get(RuleKind(rule.rule)), _shortest_amount(rule)
    return None if unit is None or amount is None else unit * amount


def _shortest_amount(rule: DeadlineRule) -> int | None:
    amounts = [getattr(rule.amounts, urgency, None) for urgency in rule.urgencies or _URGENCIES]
    return min((amount for amount in (rule.amount, *amounts) if amount is not None), default=None)


def rule_of_stage(
    said: Iterable[DeadlineRule], stage: str, choice: ClockChoice, last_day: LastDay | None = None
) -> ClockRule | None:
    """The clock of a stage of such a matter, as ``choose_rule`` has it and its amount settled by the urgency.

    The profile's last day holds back the sources it names, or all. Where the earliest of all sources holds, the period runs
    and a stated date is the latest it may reach.
    """
    said = tuple(said)
    chosen = choose_rule(said, stage, choice)
    if chosen is not None and chosen.rule == RuleKind.FIXED and choice.conflict == "earliest":
        chosen = _period([rule for rule in said if rule.stage == stage], stage, choice) or chosen
    return None if chosen is None else as_clock(chosen, choice, last_day)


def as_clock(rule: DeadlineRule, choice: ClockChoice, last_day: LastDay | None = None) -> ClockRule:
    """A rule of the profile as the clock of such a matter."""
    held = last_day if last_day is not None and (not last_day.sources or choice.source in last_day.sources) else None
    if choice.shortened and (amount := _shortest_amount(rule)) is not None:
        rule = rule.model_copy(update={"amount": amount, "amounts": None})
    clock = clock_rule(rule, choice.urgency, held)
    stated, by_date = choice.stated(rule.stage), rule.rule == RuleKind.FIXED
    if rule.stage not in STATED_STAGES or not (stated or choice.hurried):
        return clock
    capped = choice.conflict == "earliest" and not by_date and bool(stated)
    told = capped or (by_date and (len(stated) > 1 or stated[0].where == "instruction"))
    return replace(
        clock,
        stated=stated if told else (),
        conflict=choice.conflict if told and (capped or len(stated) > 1) else "",
        no_later=choice.fixed(rule.stage) if capped else None,
        hurried=choice.urgent_default if choice.hurried and not by_date else "",
    )
