"""What a profile must hold together to be published: no dead ends, no strangers, nobody missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from app.jurisdictions.rules.compiling import compile_procedure
from app.jurisdictions.rules.procedure import Procedure, Step, StepChoice, StepKind
from app.jurisdictions.rules.profile import SET_BY_OFFICE, Profile
from app.jurisdictions.rules.sentences import Fault

URGENCIES = ("normal", "urgent", "critical")
ORIGIN_LEVELS = ("superior", "own")

# What a step may demand of the matter before it can be left.
FIELDS = frozenset(
    {
        "title", "content", "handling_proposal", "lead_unit", "responsible_division", "deadline", "plan", "scheme",
        "instruction_leader", "instruction_text", "document_type", "result", "archive_no",
    }
)  # fmt: skip
ATTACHMENTS = frozenset({"original", "copy", "original_or_copy", "report", "evidence"})

NEEDED = {
    StepKind.DRAFT: "matter:register",
    StepKind.APPROVAL: "matter:approve",
    StepKind.REGISTRATION: "matter:number",
    StepKind.SCHEME: "matter:scheme",
    StepKind.DISPATCH: "matter:dispatch",
    StepKind.HANDLING: "matter:report",
    StepKind.REVIEW: "matter:review",
    StepKind.CLOSING: "matter:close",
    StepKind.ARCHIVING: "matter:archive",
}

# Kinds a matter comes to once at most; approval, scheme and review may come again.
_ONCE = (StepKind.DRAFT, StepKind.REGISTRATION, StepKind.DISPATCH, StepKind.HANDLING, StepKind.CLOSING)
_BEFORE_HANDLING = (StepKind.DRAFT, StepKind.REGISTRATION, StepKind.SCHEME, StepKind.DISPATCH)
_AFTER_HANDLING = (StepKind.REVIEW, StepKind.CLOSING, StepKind.ARCHIVING)
_NUMBERED_AT = (StepKind.REGISTRATION, StepKind.DISPATCH)


def faults(profile: Profile, known_rights: Iterable[str] | None = None) -> list[Fault]:
    """Everything that keeps a profile from being published, each with its place.

    ``known_rights`` is the one list of rights; without it the words of roles' rights are not looked at.
    """
    procedure = compile_procedure(profile)
    found = [
        *_doubled(profile),
        *_words(profile, frozenset(known_rights) if known_rights is not None else None),
        *_shape(procedure),
        *_people(profile, procedure),
        *_paths(profile, procedure),
        *_numbers(profile),
        *_deadlines(profile),
        *_articles(profile),
    ]
    return list(dict.fromkeys(found))


def _fault(path: str, code: str, word: str = "", **more: str) -> Fault:
    return Fault(path, code, (("word", word), *more.items()))


def _doubled(profile: Profile) -> Iterator[Fault]:
    keyed: dict[str, tuple[Any, ...]] = {
        "matter_sources": profile.matter_sources,
        "roles": profile.roles,
        "procedure.steps": profile.procedure.steps,
        "document_types": profile.document_types,
        "deadline_rules": profile.deadline_rules,
        "completion.criteria": profile.completion.criteria,
        "reports.types": profile.reports.types,
        "periodic_checks": profile.periodic_checks,
    }
    plain: dict[str, tuple[str, ...]] = {
        "handling_modes": profile.handling_modes,
        "dispatch.document_types": profile.dispatch.document_types,
        "units.kinds": profile.units.kinds,
        "secrecy.levels": profile.secrecy.levels,
    }
    for path, items in keyed.items():
        yield from _twice(path, [item.key for item in items], ".key")
    for path, words in plain.items():
        yield from _twice(path, words)
    yield from _twice("roles", [role.name for role in profile.roles], ".name")
    yield from _twice("regulation.articles", [one.article for one in profile.regulation.articles], ".article")
    for index, role in enumerate(profile.roles):
        yield from _twice(f"roles[{index}].rights", role.rights)
    for index, step in enumerate(profile.procedure.steps):
        yield from _twice(f"procedure.steps[{index}].who", step.who)
        if step.approval:
            yield from _twice(f"procedure.steps[{index}].approval.roles", step.approval.roles)


def _twice(path: str, words: Iterable[str], inner: str = "") -> Iterator[Fault]:
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word in seen:
            yield _fault(f"{path}[{index}]{inner}", "doubled", word)
        seen.add(word)


def _words(profile: Profile, known_rights: frozenset[str] | None) -> Iterator[Fault]:
    """Every word that names another thing names one that is there."""
    roles, sources = profile.role_keys(), {source.key for source in profile.matter_sources}
    types = {one.key for one in profile.document_types}
    steps = {step.key for step in profile.procedure.steps}
    yield from _strangers("bodies.superior_roles", profile.bodies.superior_roles, roles, "unknown_role")
    yield from _strangers("groups.portfolio_roles", profile.groups.portfolio_roles, roles, "unknown_role")
    yield from _strangers("methods.consent_roles", profile.methods.consent_roles, roles, "unknown_role")
    yield from _strangers("dispatch.document_types", profile.dispatch.document_types, types, "unknown_document_type")
    if profile.reports.approval:
        yield from _strangers("reports.approval.roles", profile.reports.approval.roles, roles, "unknown_role")
    for index, step in enumerate(profile.procedure.steps):
        path = f"procedure.steps[{index}]"
        yield from _strangers(f"{path}.who", step.who, roles, "unknown_role")
        if step.approval:
            yield from _strangers(f"{path}.approval.roles", step.approval.roles, roles, "unknown_role")
        yield from _strangers(f"{path}.when.sources", step.when.sources, sources, "unknown_source")
        yield from _strangers(f"{path}.required_fields", step.required_fields, FIELDS, "unknown_field")
        yield from _strangers(f"{path}.required_documents", step.required_documents, types, "unknown_document_type")
        yield from _strangers(
            f"{path}.required_attachments", step.required_attachments, ATTACHMENTS, "unknown_attachment"
        )
        if step.returns_to and step.returns_to not in steps:
            yield _fault(f"{path}.returns_to", "unknown_step", step.returns_to)
    for index, source in enumerate(profile.matter_sources):
        if source.document_type and source.document_type not in types:
            yield _fault(f"matter_sources[{index}].document_type", "unknown_document_type", source.document_type)
    for index, rule in enumerate(profile.deadline_rules):
        yield from _strangers(f"deadline_rules[{index}].sources", rule.sources, sources, "unknown_source")
    for index, rung in enumerate(profile.reminders.ladder):
        yield from _strangers(f"reminders.ladder[{index}].to", rung.to, roles, "unknown_role")
    if known_rights is not None:
        for index, role in enumerate(profile.roles):
            yield from _strangers(f"roles[{index}].rights", role.rights, known_rights, "unknown_right")


def _strangers(path: str, words: Iterable[str], known: Iterable[str], code: str) -> Iterator[Fault]:
    there = frozenset(known)
    for index, word in enumerate(words):
        if word not in there:
            yield _fault(f"{path}[{index}]", code, word)


def _shape(procedure: Procedure) -> Iterator[Fault]:
    order = {step.key: index for index, step in enumerate(procedure.steps)}
    if procedure.steps[0].kind is not StepKind.DRAFT:
        yield _fault("procedure.steps[0]", "first_step_not_draft")
    if procedure.steps[-1].kind is not StepKind.ARCHIVING:
        yield _fault(f"procedure.steps[{len(procedure.steps) - 1}]", "last_step_not_archiving")
    handled = closed = False
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        early = step.kind in _AFTER_HANDLING and not handled
        late = (step.kind in _BEFORE_HANDLING and handled) or (step.kind is StepKind.REVIEW and closed)
        if early or late:
            yield _fault(path, "order", step.key)
        handled = handled or step.kind is StepKind.HANDLING
        closed = closed or step.kind is StepKind.CLOSING
        if (step.kind is StepKind.APPROVAL) != (step.approval is not None):
            yield _fault(path, "approval_missing" if step.approval is None else "approval_misplaced", step.key)
        if step.returns_to and order.get(step.returns_to, -1) >= index:
            yield _fault(f"{path}.returns_to", "returns_forward", step.returns_to)


def _people(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        doers = _doers(step)
        if not doers:
            yield _fault(f"{path}.who", "nobody", step.key)
        for place, role in enumerate(doers):
            if role in rights and NEEDED[step.kind] not in rights[role]:
                where = f"{path}.approval.roles[{place}]" if step.approval else f"{path}.who[{place}]"
                yield _fault(where, "role_without_right", role, right=NEEDED[step.kind])


def _doers(step: Step) -> tuple[str, ...]:
    return step.approval.roles if step.approval else step.who


def _paths(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    """Walk every way a matter could take: each begins, is handled once, is looked at, and is filed."""
    taken: set[str] = set()
    told: set[tuple[str, str]] = set()
    for source, urgency, level, mode in product(
        profile.matter_sources, URGENCIES, ORIGIN_LEVELS, profile.handling_modes
    ):
        path = procedure.path(StepChoice(source.key, urgency, level, mode))
        taken.update(step.key for step in path)
        for fault in _path_faults(path, profile.dispatch.scheme_required, mode):
            kind = fault.values().get("kind", fault.values().get("step", ""))
            if (fault.code, kind) not in told:  # one example says it; the others differ in words only
                told.add((fault.code, kind))
                facts = f"{source.short_name}/{urgency}/{level}/{mode}"
                yield Fault(fault.path, fault.code, (("word", facts), *fault.params))
    for index, step in enumerate(procedure.steps):
        if step.key not in taken:
            yield _fault(f"procedure.steps[{index}].when", "unreachable", step.key)


def _path_faults(path: tuple[Step, ...], scheme_required: bool, mode: str) -> Iterator[Fault]:
    counts = Counter(step.kind for step in path)
    wanted = [StepKind.DRAFT, StepKind.HANDLING, StepKind.REVIEW]
    if mode != "self_handled":
        wanted += [StepKind.DISPATCH] + [StepKind.SCHEME] * scheme_required
    for kind in wanted:
        if not counts[kind]:
            yield Fault("procedure.steps", "step_lacking", (("kind", str(kind)),))
    for kind in _ONCE:
        if counts[kind] > 1:
            yield Fault("procedure.steps", "step_twice", (("kind", str(kind)),))
    if path and path[-1].kind is not StepKind.ARCHIVING:
        yield Fault("procedure.steps", "dead_end", (("step", path[-1].key),))


def _numbers(profile: Profile) -> Iterator[Fault]:
    """Numbers are never given twice: every series says its year, and no two series write the same."""
    if profile.numbering.enabled:
        kinds = {step.key: step.kind for step in profile.procedure.steps}
        if kinds.get(profile.numbering.at_step or "") not in _NUMBERED_AT:
            yield _fault("numbering.at_step", "numbering_step", profile.numbering.at_step or "")
        if profile.numbering.article is None:
            yield _fault("numbering.article", "article_missing")
    patterns: dict[str, str] = {}
    written = [(f"document_types[{i}].number_pattern", one.number_pattern, one.series)
               for i, one in enumerate(profile.document_types)]  # fmt: skip
    for path, pattern, series in [*written, ("numbering.pattern", profile.numbering.pattern, "")]:
        if sorted(re.findall(r"\{[^{}]*\}|[{}]", pattern)) != ["{no}", "{year}"]:
            yield _fault(path, "number_pattern", pattern)
        if series and patterns.setdefault(pattern, series) != series:
            yield _fault(path, "number_collides", pattern)


def _deadlines(profile: Profile) -> Iterator[Fault]:
    for index, rule in enumerate(profile.deadline_rules):
        if rule.rule in ("calendar_days", "working_days", "months") and rule.amount is None:
            yield _fault(f"deadline_rules[{index}].amount", "amount_missing")
    results = [rule for rule in profile.deadline_rules if rule.stage in ("result", "first_feedback")]
    for source in profile.matter_sources:
        if not any(not rule.sources or source.key in rule.sources for rule in results):
            yield _fault("deadline_rules", "no_default_deadline", source.short_name)
    if profile.extension.mode != "none" and profile.extension.article is None:
        yield _fault("extension.article", "article_missing")


def _articles(profile: Profile) -> Iterator[Fault]:
    """Where the regulation's text is given, every rule's article is one of it, or a whole article of which it has items."""
    items = {one.article for one in profile.regulation.articles}
    if not items:
        return
    known = items | {article.partition("条")[0] + "条" for article in items} | {SET_BY_OFFICE}
    for path, cited in _citations(profile.model_dump(exclude={"regulation"}), ""):
        for article in cited.split("、"):
            if article not in known:
                yield _fault(path, "unknown_article", article)


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
