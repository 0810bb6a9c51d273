"""A rule tried before it binds anybody: every clock a matter of given facts would have, with the reason for each date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.deadlines.rules.arithmetic import (
    compute_contribution,
    compute_from_events,
    compute_occurrence,
    local_day,
)
from app.deadlines.rules.calendar import WorkingCalendar
from app.deadlines.rules.choosing import ClockChoice, choose_rule, from_instruction, rule_of_stage
from app.deadlines.rules.clock import ClockRule, RuleKind
from app.deadlines.rules.due import Due
from app.deadlines.rules.errors import DeadlineError
from app.deadlines.rules.from_profile import step_clock
from app.jurisdictions.rules.procedure import StepChoice

if TYPE_CHECKING:
    from app.jurisdictions.rules import Procedure, Profile
    from app.jurisdictions.rules.procedure import Step
    from app.jurisdictions.rules.profile import DeadlineRule, LastDay, Readings

# In the order of a matter's life; the opinions of co-handling units stand beside the result they serve.
STAGES = (
    "acknowledgement",
    "first_feedback",
    "progress",
    "result",
    "rework",
    "review",
    "rectification_result",
    "after_completion",
)
# The office's steps that come after handling, and the event with which each is reached at the earliest.
LATE_STEPS = {"review": "reported", "closing": "completed", "archiving": "completed"}
# What a new instruction on a running matter begins anew.
INSTRUCTED_STAGES = ("first_feedback", "result")
ROUNDS = 4
"""So many reports that come round are shown."""


@dataclass(frozen=True)
class Tried:
    """A matter as it is imagined: what chooses its clocks, and when what happened. None is what has not happened.

    ``dispatched`` and ``acknowledged`` may be instants, for hours and for what arrives after hours.
    """

    choice: ClockChoice
    dispatched: date | datetime
    acknowledged: date | datetime | None = None
    reported_on: date | None = None
    returned_on: date | None = None
    completed_on: date | None = None
    instructed_on: date | None = None

    def events(self, stage: str) -> dict[str, date | datetime | None]:
        """What has happened, by event name."""
        choice = self.choice
        return {
            "dispatched": self.dispatched,
            "acknowledged": self.acknowledged,
            "meeting_date": choice.meeting_on,
            "exposed_at": choice.exposed_on,
            "instruction_date": choice.instruction_on,
            "instructed": self.instructed_on,
            "reported": self.reported_on,
            "returned": self.returned_on,
            "completed": self.completed_on,
            "entered": self.dispatched,
            "fixed": choice.fixed(stage),
        }


@dataclass(frozen=True)
class SimulatedClock:
    """One clock the matter would have.

    ``due`` is its date with everything that led to it; None while what starts it is outstanding (``waits_for``, an event's
    word, or ``fixed`` for a date nobody stated), or where the rule cannot be computed (``refusal``). ``runs_on`` are the days
    on which its report came and went back, where that counts as none.
    """

    stage: str
    key: str
    name: str
    article: str
    due: Due | None = None
    waits_for: str | None = None
    refusal: DeadlineError | None = None
    runs_on: tuple[date, date] | None = None


def simulate(
    said: Sequence[DeadlineRule],
    path: Iterable[Step],
    matter: Tried,
    calendar: WorkingCalendar,
    *,
    last_day: LastDay | None = None,
    contribution_lead_days: int | None = None,
    readings: Readings | None = None,
) -> list[SimulatedClock]:
    """Every clock of such a matter: the office's own steps on its path, and what units owe, in the order of its life.

    ``path`` are the steps the matter takes; the limits of those before handling run from the dispatch, since nobody knows
    yet when each is reached, the later ones from what brings the matter there. Without ``contribution_lead_days`` no
    co-handling unit takes part. ``readings`` are the jurisdiction's; without them the
    recommended ones hold. Nothing is refused: what cannot be computed says so in its own line.
    """
    restarts = readings is None or readings.reinstruct == "restart"
    if readings is not None:
        matter = replace(matter, choice=matter.choice.under(readings))
    if not restarts:
        matter = replace(matter, instructed_on=None)
    limited = [step for step in path if step.limit is not None]
    clocks = [_of_step(step, matter, calendar) for step in limited if step.kind not in LATE_STEPS]
    for stage in STAGES:
        if stage == "review":
            clocks += [_of_step(step, matter, calendar) for step in limited if step.kind in LATE_STEPS]
        clocks += _of_stage(said, stage, matter, calendar, last_day)
        if stage == "result" and readings is not None and readings.returned_counts_as_late:
            clocks = [_running_on(one, matter) for one in clocks]
        if stage == "result" and contribution_lead_days is not None:
            clocks += _contribution(clocks, matter, contribution_lead_days, calendar)
    return clocks


def simulate_matter(
    profile: Profile, procedure: Procedure, matter: Tried, calendar: WorkingCalendar
) -> list[SimulatedClock]:
    """As ``simulate``, under a whole profile: the one call of the page, the API and the report before publishing."""
    choice, units = matter.choice, profile.units
    return simulate(
        profile.deadline_rules,
        procedure.path(StepChoice(choice.source, choice.urgency, choice.origin_level, choice.handling_mode)),
        matter,
        calendar,
        last_day=profile.last_day,
        contribution_lead_days=units.contribution_lead_days if units.lead_co_enabled else None,
        readings=profile.readings,
    )


def _of_step(step: Step, matter: Tried, calendar: WorkingCalendar) -> SimulatedClock:
    line = SimulatedClock("step", step.key, step.name, step.article)
    try:
        rule = step_clock(step)
        assert rule is not None
        events = matter.events("step")
        reached = LATE_STEPS.get(step.kind, "entered")
        due = compute_from_events(rule, events | {"entered": events[reached]}, calendar)
        return _waiting(line, reached) if due is None else _settled(line, rule, due)
    except DeadlineError as refusal:
        return _refused(line, refusal)


def _of_stage(
    said: Sequence[DeadlineRule], stage: str, matter: Tried, calendar: WorkingCalendar, last_day: LastDay | None
) -> Iterator[SimulatedClock]:
    chosen = choose_rule(said, stage, matter.choice)
    if chosen is None:
        if any(rule.stage == stage and rule.rule == RuleKind.FIXED for rule in said):
            yield SimulatedClock(stage, "", "", "", waits_for=RuleKind.FIXED)
        return
    line = SimulatedClock(stage, chosen.key, "", chosen.article)
    try:
        rule = rule_of_stage(said, stage, matter.choice, last_day)
        assert rule is not None
        if matter.instructed_on is not None and stage in INSTRUCTED_STAGES:
            rule = from_instruction(rule)
        if rule.rule is RuleKind.PERIODIC:
            yield from _rounds(line, rule, matter, calendar)
        else:
            yield _settled(line, rule, compute_from_events(rule, matter.events(stage), calendar))
    except DeadlineError as refusal:
        yield _refused(line, refusal)


def _running_on(clock: SimulatedClock, matter: Tried) -> SimulatedClock:
    """A report that came back was none: the date it had met runs on."""
    met, back = matter.reported_on, matter.returned_on
    if clock.stage != "result" or clock.due is None or met is None or back is None or back < met:
        return clock
    return replace(clock, runs_on=(met, back))


def _rounds(
    line: SimulatedClock, rule: ClockRule, matter: Tried, calendar: WorkingCalendar
) -> Iterator[SimulatedClock]:
    after: date | None = None
    for _round in range(ROUNDS):
        due = compute_occurrence(rule, local_day(matter.dispatched), calendar, after)
        yield _settled(line, rule, due)
        after = due.raw_on


def _contribution(
    clocks: Iterable[SimulatedClock], matter: Tried, lead_days: int, calendar: WorkingCalendar
) -> Iterator[SimulatedClock]:
    lead = next((one for one in clocks if one.stage == "result" and one.due is not None), None)
    if lead is None or lead.due is None:
        return
    line = SimulatedClock("contribution", lead.key, "", lead.article)
    rule = ClockRule(RuleKind.FIXED, article=lead.article, key=lead.key, stage="contribution", yellow_days=2)
    try:
        due = compute_contribution(rule, lead.due.due_on, lead_days, local_day(matter.dispatched), calendar)
        yield _settled(line, rule, due)
    except DeadlineError as refusal:
        yield _refused(line, refusal)


def _settled(line: SimulatedClock, rule: ClockRule, due: Due | None) -> SimulatedClock:
    if due is None:
        return _waiting(line, rule.start_event)
    return SimulatedClock(line.stage, line.key, line.name, line.article, due)


def _waiting(line: SimulatedClock, event: str) -> SimulatedClock:
    return SimulatedClock(line.stage, line.key, line.name, line.article, waits_for=event)


def _refused(line: SimulatedClock, refusal: DeadlineError) -> SimulatedClock:
    return SimulatedClock(line.stage, line.key, line.name, line.article, refusal=refusal)
