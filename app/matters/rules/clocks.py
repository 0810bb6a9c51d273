"""Which of a profile's clocks a matter has: the same answer when it is drawn up and when the clock starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.deadlines.rules import ClockRule, RuleKind, clock_rule
from app.jurisdictions.rules.profile import DeadlineRule


@dataclass(frozen=True)
class ClockChoice:
    """What chooses the clocks of a matter and what they are counted from."""

    source: str
    urgency: str
    origin_level: str
    meeting_on: dt.date | None = None
    exposed_on: dt.date | None = None
    instruction_on: dt.date | None = None
    stated_due_on: dt.date | None = None
    feedback_due_on: dt.date | None = None

    def fixed(self, stage: str) -> dt.date | None:
        """The date the matter itself states for a stage."""
        return self.feedback_due_on if stage == "first_feedback" else self.stated_due_on


def fitting_rules(said: Iterable[DeadlineRule], stage: str, choice: ClockChoice) -> list[ClockRule]:
    """The profile's rules of a stage that fit, a media clock only for what the media exposed."""
    rules = [
        clock_rule(rule)
        for rule in said
        if rule.stage == stage and (not rule.exposed_only or choice.exposed_on is not None)
    ]
    return [rule for rule in rules if rule.fits(choice.source, choice.urgency, choice.origin_level)]


def rule_of_stage(said: Iterable[DeadlineRule], stage: str, choice: ClockChoice) -> ClockRule | None:
    """The rule of a stage: a date the matter states wins over a period, then the most specific rule.

    A fixed rule without its date gives way; where nothing else fits there is no clock yet.
    """
    fitting = fitting_rules(said, stage, choice)
    stated = [rule for rule in fitting if rule.rule is RuleKind.FIXED and choice.fixed(stage) is not None]
    others = [rule for rule in fitting if rule.rule is not RuleKind.FIXED]
    for candidates in (stated, others):
        if candidates:
            return max(candidates, key=lambda rule: rule.narrowness)
    return None
