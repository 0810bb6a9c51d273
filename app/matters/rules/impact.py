"""What another profile would change for matters drawn up under it: their path, who acts, the time, the papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.deadlines.rules import ClockChoice, Tried, WorkingCalendar, simulate_matter
from app.deadlines.rules.choosing import choose_rule
from app.jurisdictions.rules import Procedure, Profile, StepChoice, compile_procedure

URGENCIES = ("normal", "urgent", "critical")
ORIGIN_LEVELS = ("superior", "own")
SESSIONS = ("in_session", "between_sessions")
STAGES = (
    "acknowledgement", "first_feedback", "progress", "result", "rectification_result", "after_completion", "rework",
    "review",
)  # fmt: skip
_OF_STEPS = ("who", "limit", "returns", "demands")
_EXPOSED = dt.date(2000, 1, 3)  # any day: only whether the media exposed the matter chooses the rule


@dataclass(frozen=True)
class Facts:
    """The facts of a matter that choose its path and its clocks. ``session`` is "" but for deputies' proposals."""

    source: str
    urgency: str
    origin_level: str
    handling_mode: str
    session: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that would be otherwise: ``aspect`` says what, ``subject`` of which step or stage.

    Aspects: path, who, limit, demands, returns (of a step), clock and exposed_clock (of a stage), paper, and dates (of a
    stage), when a matter that is dispatched and signed for on a given day would be due.
    """

    aspect: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Impact:
    """Everything that would change. ``groups`` are changes with exactly the matters they concern, most matters first."""

    universe: frozenset[Facts]
    groups: tuple[tuple[frozenset[Facts], tuple[Change, ...]], ...]
    new_sources: tuple[str, ...]
    gone_sources: tuple[str, ...]
    new_modes: tuple[str, ...]
    gone_modes: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """The day on which every combination is imagined to be dispatched, signed for, reported and completed."""

    on: dt.date
    calendar: WorkingCalendar


def impact(left: Profile, right: Profile, trial: Trial | None = None) -> Impact:
    """What would change for new matters if ``right`` held instead of ``left``; with a ``trial`` also what falls due when.

    Every combination of source, urgency, whose matter, way of handling and, for deputies' proposals, session that both
    profiles know is led through both.
    """
    before, after = compile_procedure(left), compile_procedure(right)
    known = frozenset(_combinations(left, right))
    concerned: dict[Change, set[Facts]] = {}
    for facts in known:
        old, new = _aspects(left, before, facts), _aspects(right, after, facts)
        if trial is not None:
            old, new = old | _dates(left, before, facts, trial), new | _dates(right, after, facts, trial)
        for aspect, subject in old.keys() | new.keys():
            if aspect in _OF_STEPS and not ((aspect, subject) in old and (aspect, subject) in new):
                continue  # a step that comes or goes is told by the path
            was, will = old.get((aspect, subject)), new.get((aspect, subject))
            if was != will:
                concerned.setdefault(Change(aspect, subject, was, will), set()).add(facts)
    grouped: dict[frozenset[Facts], list[Change]] = {}
    for change, facts_ in concerned.items():
        grouped.setdefault(frozenset(facts_), []).append(change)
    order = {step.key: place for place, step in enumerate((*before.steps, *after.steps))}
    groups = sorted(grouped.items(), key=lambda pair: (-len(pair[0]), str(sorted(map(str, pair[0]))[:1])))
    sources = [{one.key for one in profile.matter_sources} for profile in (left, right)]
    return Impact(
        universe=known,
        groups=tuple((facts, tuple(sorted(changes, key=lambda one: _rank(one, order)))) for facts, changes in groups),
        new_sources=tuple(one.key for one in right.matter_sources if one.key not in sources[0]),
        gone_sources=tuple(one.key for one in left.matter_sources if one.key not in sources[1]),
        new_modes=tuple(mode for mode in right.handling_modes if mode not in left.handling_modes),
        gone_modes=tuple(mode for mode in left.handling_modes if mode not in right.handling_modes),
    )


def _combinations(left: Profile, right: Profile) -> Iterator[Facts]:
    there = {one.key for one in left.matter_sources}
    modes = [mode for mode in left.handling_modes if mode in right.handling_modes]
    for source in right.matter_sources:
        if source.key in there:
            proposal = source.is_proposal or left.source(source.key).is_proposal
            for urgency, level, mode, session in product(
                URGENCIES, ORIGIN_LEVELS, modes, SESSIONS if proposal else ("",)
            ):
                yield Facts(source.key, urgency, level, mode, session)


def _aspects(profile: Profile, procedure: Procedure, facts: Facts) -> dict[tuple[str, str], Any]:
    """Everything that holds for such a matter, by what it is and of which step or stage."""
    path = procedure.path(StepChoice(facts.source, facts.urgency, facts.origin_level, facts.handling_mode))
    found: dict[tuple[str, str], Any] = {("path", ""): tuple((step.key, step.name) for step in path)}
    for step in path:
        found["who", step.key] = (step.approval.mode, step.approval.roles) if step.approval else ("", step.who)
        found["limit", step.key] = step.limit
        found["returns", step.key] = step.returns_to
        found["demands", step.key] = (step.required_fields, step.required_documents, step.required_attachments)
    for stage in STAGES:
        plain, exposed = _clock(profile, stage, facts, None), _clock(profile, stage, facts, _EXPOSED)
        found["clock", stage] = plain
        if exposed != plain:
            found["exposed_clock", stage] = exposed
    paper = profile.source(facts.source).document_type
    found["paper", ""] = (paper,) if paper else profile.dispatch.document_types
    return found


def _dates(profile: Profile, procedure: Procedure, facts: Facts, trial: Trial) -> dict[tuple[str, str], Any]:
    """What the simulator says of such a matter: per stage the days on which something would be due."""
    choice = ClockChoice(facts.source, facts.urgency, facts.origin_level, facts.handling_mode, facts.session or None)
    on = trial.on
    matter = Tried(choice, on, on, reported_on=on, returned_on=on, completed_on=on)
    found: dict[tuple[str, str], Any] = {}
    for clock in simulate_matter(profile, procedure, matter, trial.calendar):
        if clock.due is not None and clock.stage != "step":
            found["dates", clock.stage] = (*found.get(("dates", clock.stage), ()), clock.due.due_on)
    return found


def _clock(profile: Profile, stage: str, facts: Facts, exposed_on: dt.date | None) -> Any:
    """The rule without what it is called and for whom it is: two that say the same for this matter are the same."""
    choice = ClockChoice(
        facts.source, facts.urgency, facts.origin_level, facts.handling_mode, facts.session or None, None, exposed_on
    )
    rule = choose_rule(profile.deadline_rules, stage, choice.under(profile.readings))
    if rule is None:
        return None
    amount = getattr(rule.amounts, facts.urgency) if rule.amounts is not None else None
    bare: dict[str, Any] = dict.fromkeys(("sources", "urgencies", "origin_levels", "handling_modes", "sessions"), ())
    settled = {"key": "rule", "note": None, "exposed_only": False, "amounts": None, "amount": amount or rule.amount}
    return rule.model_copy(update=bare | settled)


def _rank(change: Change, order: dict[str, int]) -> tuple[int, int, str]:
    first = ("path", "paper", "who", "limit", "returns", "demands", "clock", "exposed_clock", "dates").index(
        change.aspect
    )
    stage = STAGES.index(change.subject) if change.subject in STAGES else order.get(change.subject, 0)
    return first, stage, change.subject
