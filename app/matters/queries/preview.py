"""When a matter would be due if it were dispatched today: the rules of the profile in force, asked before anything is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.deadlines.queries import calendar_for
from app.deadlines.rules import ClockChoice, ClockRule, DeadlineError, Due, RuleKind, compute_from_events, rule_of_stage
from app.jurisdictions.queries import get_version_in_force, profile_of
from app.kernel.actor import Actor
from app.kernel.clock import at_local

STAGES = ("acknowledgement", "first_feedback", "progress", "result", "rectification_result", "after_completion")


@dataclass(frozen=True)
class PreviewedClock:
    """One clock the matter would have; ``due`` None while what starts it is outstanding, or where it cannot be computed."""

    stage: str
    rule: ClockRule
    due: Due | None
    refusal: DeadlineError | None = None


def preview_clocks(session: Any, actor: Actor, choice: ClockChoice, today: dt.date) -> list[PreviewedClock]:
    """The clocks of a unit that would be notified today, in the order of a matter's life.

    A date beyond the calendar's end or before its start comes with what keeps it from being computed.
    """
    profile = profile_of(session, get_version_in_force(session, at_local(today)).id)
    calendar = calendar_for(session, actor.jurisdiction_id)
    found = []
    for stage in STAGES:
        rule = rule_of_stage(profile.deadline_rules, stage, choice, profile.last_day)
        if rule is None or (stage == "rectification_result" and choice.exposed_on is None):
            continue
        try:
            found.append(
                PreviewedClock(stage, rule, compute_from_events(rule, _events(choice, stage, today), calendar))
            )
        except DeadlineError as refusal:
            found.append(PreviewedClock(stage, rule, None, refusal))
    return found


def lacks_result(clocks: list[PreviewedClock]) -> bool:
    """Whether nothing says when the matter is to be completed."""
    return not any(
        one.stage == "result" and (one.due or one.refusal or one.rule.rule is not RuleKind.FIXED) for one in clocks
    )


def _events(choice: ClockChoice, stage: str, today: dt.date) -> dict[str, dt.date | dt.datetime | None]:
    return {
        "dispatched": today,
        "acknowledged": None,
        "meeting_date": choice.meeting_on,
        "exposed_at": choice.exposed_on,
        "instruction_date": choice.instruction_on,
        "entered": today,
        "fixed": choice.fixed(stage),
    }
