"""Numbers, deadlines, articles: what the rest of a profile must say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.jurisdictions.rules.checking.steps import URGENCIES
from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.citing import strangers
from app.jurisdictions.rules.procedure import StepKind
from app.jurisdictions.rules.profile import DeadlineRule, Extension, Profile, ReportSchedule
from app.jurisdictions.rules.sentences import Fault

# Events that come late in a matter's life, and the stages whose clocks they may start.
_LATE_EVENTS: Mapping[str, tuple[str, ...]] = {
    "returned": ("rework",),
    "reported": ("rectification_result",),
    "completed": ("after_completion", "review"),
}
_MONTHS: Mapping[str, int] = {"quarter": 3, "half_year": 6, "year": 12}
_DAYS_OF_WEEK = 7
_NUMBERED_AT = (StepKind.REGISTRATION, StepKind.DISPATCH)


def numbers(profile: Profile) -> Iterator[Fault]:
    """Numbers are never given twice: every series says its year, and no two series write the same."""
    if profile.numbering.enabled:
        kinds = {step.key: step.kind for step in profile.procedure.steps}
        if kinds.get(profile.numbering.at_step or "") not in _NUMBERED_AT:
            yield fault("numbering.at_step", "numbering_step", profile.numbering.at_step or "")
        if profile.numbering.article is None:
            yield fault("numbering.article", "article_missing")
    patterns: dict[str, str] = {}
    written = [(f"document_types[{i}].number_pattern", one.number_pattern, one.series)
               for i, one in enumerate(profile.document_types)]  # fmt: skip
    for path, pattern, series in [*written, ("numbering.pattern", profile.numbering.pattern, "")]:
        if sorted(re.findall(r"\{[^{}]*\}|[{}]", pattern)) != ["{no}", "{year}"]:
            yield fault(path, "number_pattern", pattern)
        if series and patterns.setdefault(pattern, series) != series:
            yield fault(path, "number_collides", pattern)


def deadlines(profile: Profile) -> Iterator[Fault]:
    """Every clock says how long, every matter has one for its result, and what needs an approval says whose."""
    for index, rule in enumerate(profile.deadline_rules):
        yield from _countable(rule, f"deadline_rules[{index}]")
    results = [rule for rule in profile.deadline_rules if rule.stage in ("result", "first_feedback")]
    for source in profile.matter_sources:
        if not any(not rule.sources or source.key in rule.sources for rule in results):
            yield fault("deadline_rules", "no_default_deadline", source.short_name)
    yield from _extension(profile.extension)


def _countable(rule: DeadlineRule, path: str) -> Iterator[Fault]:
    counted = rule.rule in ("calendar_days", "working_days", "months", "hours")
    amounts = [getattr(rule.amounts, urgency, None) for urgency in rule.urgencies or URGENCIES]
    if counted and rule.amount is None and None in amounts:
        yield fault(f"{path}.amount", "amount_missing")
    if rule.rule == "hours":
        yield from _by_the_clock(rule, amounts, path)
    if (rule.rule == "day_of_year") != (rule.day_of_year is not None):
        yield fault(f"{path}.day_of_year", "day_missing" if rule.day_of_year is None else "day_misplaced")
    if (rule.rule == "periodic") != (rule.schedule is not None):
        yield fault(f"{path}.schedule", "schedule_missing" if rule.schedule is None else "schedule_misplaced")
    if (rule.rule == "periodic") and rule.stage != "progress":
        yield fault(f"{path}.stage", "periodic_stage")
    if rule.rule == "fixed" and rule.stage not in ("result", "first_feedback"):
        yield fault(f"{path}.stage", "fixed_stage")
    elif rule.rule != "fixed" and not _starts(rule):
        yield fault(f"{path}.start_event", "never_starts", rule.start_event)
    if rule.deemed_receipt_after is not None and rule.start_event != "acknowledged":
        yield fault(f"{path}.deemed_receipt_after", "deemed_misplaced")
    if rule.schedule is not None:
        yield from _round(rule.schedule, f"{path}.schedule")


def _by_the_clock(rule: DeadlineRule, amounts: list[int | None], path: str) -> Iterator[Fault]:
    if rule.after_hours_cutoff is not None:
        yield fault(f"{path}.after_hours_cutoff", "hours_by_the_clock")
    if rule.due_time != "24:00":
        yield fault(f"{path}.due_time", "hours_by_the_clock")
    if rule.count_start_day:
        yield fault(f"{path}.count_start_day", "hours_by_the_clock")
    if 0 in (rule.amount, *amounts):
        yield fault(f"{path}.amount", "hours_zero")


def _starts(rule: DeadlineRule) -> bool:
    """Whether what starts the clock has happened, or can still happen, when the clock is asked for."""
    if rule.start_event in _LATE_EVENTS:
        return rule.stage in _LATE_EVENTS[rule.start_event]
    return not (rule.stage == "acknowledgement" and rule.start_event == "acknowledged")


def _round(schedule: ReportSchedule, path: str) -> Iterator[Fault]:
    if schedule.every == "week" and schedule.day > _DAYS_OF_WEEK:
        yield fault(f"{path}.day", "beyond_the_week")
    if schedule.month_in_period > _MONTHS.get(schedule.every, 1):
        yield fault(f"{path}.month_in_period", "beyond_the_period", str(schedule.month_in_period))


def _extension(extension: Extension) -> Iterator[Fault]:
    if extension.mode != "none" and extension.article is None:
        yield fault("extension.article", "article_missing")
    if extension.mode == "approval" and extension.approval is None:
        yield fault("extension.approval", "decider_missing")
    if extension.mode == "approval" and extension.max_times == 0:
        yield fault("extension.max_times", "never_extended")
    if extension.cap in ("working_days", "calendar_days") and extension.cap_amount is None:
        yield fault("extension.cap_amount", "amount_missing")


def articles(profile: Profile) -> Iterator[Fault]:
    """Where the regulation's text is given, every rule's article is one of it, or a whole article of which it has items."""
    for article, places in strangers(profile).items():
        for path in places:
            yield fault(path, "unknown_article", article)
