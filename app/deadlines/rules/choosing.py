"""Which of a profile's clocks a matter has: the same answer at drawing up, when the clock starts, when a rule is tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.deadlines.rules.clock import ClockRule, RuleKind
from app.deadlines.rules.from_profile import clock_rule

if TYPE_CHECKING:
    from app.jurisdictions.rules.profile import DeadlineRule, LastDay


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

    def fixed(self, stage: str) -> date | None:
        """The date the matter itself states for a stage."""
        return self.feedback_due_on if stage == "first_feedback" else self.stated_due_on


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

    A fixed rule without its date gives way; where nothing else fits there is no clock yet.
    """
    fitting = [rule for rule in said if rule.stage == stage and fits(rule, choice)]
    stated = [rule for rule in fitting if rule.rule == RuleKind.FIXED and choice.fixed(stage) is not None]
    others = [rule for rule in fitting if rule.rule != RuleKind.FIXED]
    for candidates in (stated, others):
        if candidates:
            return max(candidates, key=narrowness)
    return None


def rule_of_stage(
    said: Iterable[DeadlineRule], stage: str, choice: ClockChoice, last_day: LastDay | None = None
) -> ClockRule | None:
    """The clock of a stage of such a matter, as ``choose_rule`` has it and its amount settled by the urgency.

    The profile's last day holds back the sources it names, or all.
    """
    chosen = choose_rule(said, stage, choice)
    return None if chosen is None else as_clock(chosen, choice, last_day)


def as_clock(rule: DeadlineRule, choice: ClockChoice, last_day: LastDay | None = None) -> ClockRule:
    """A rule of the profile as the clock of such a matter."""
    held = last_day if last_day is not None and (not last_day.sources or choice.source in last_day.sources) else None
    return clock_rule(rule, choice.urgency, held)
