"""Numbers, deadlines, articles: what the rest of a profile must say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.procedure import StepKind
from app.jurisdictions.rules.profile import SET_BY_OFFICE, DeadlineRule, Extension, Profile
from app.jurisdictions.rules.sentences import Fault

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
    spelt_out = rule.amounts is not None and None not in (
        rule.amounts.normal,
        rule.amounts.urgent,
        rule.amounts.critical,
    )
    if counted and rule.amount is None and not spelt_out:
        yield fault(f"{path}.amount", "amount_missing")
    if (rule.rule == "day_of_year") != (rule.day_of_year is not None):
        yield fault(f"{path}.day_of_year", "day_missing" if rule.day_of_year is None else "day_misplaced")
    if (rule.rule == "periodic") != (rule.schedule is not None):
        yield fault(f"{path}.schedule", "schedule_missing" if rule.schedule is None else "schedule_misplaced")
    if (rule.rule == "periodic") and rule.stage != "progress":
        yield fault(f"{path}.stage", "periodic_stage")


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
    items = {one.article for one in profile.regulation.articles}
    if not items:
        return
    known = items | {article.partition("条")[0] + "条" for article in items} | {SET_BY_OFFICE}
    for path, cited in _citations(profile.model_dump(exclude={"regulation"}), ""):
        for article in cited.split("、"):
            if article not in known:
                yield fault(path, "unknown_article", article)


def _citations(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else str(key)
            if key == "article" and isinstance(inner, str):
                yield below, inner
            else:
                yield from _citations(inner, below)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _citations(inner, f"{path}[{index}]")
