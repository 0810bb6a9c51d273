"""What a profile must hold together to be published: no dead ends, no strangers, nobody missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from app.jurisdictions.rules.compiling import compile_procedure
from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.procedure import Procedure, Step, StepChoice, StepKind
from app.jurisdictions.rules.profile import Fault, Profile

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

SENTENCES = {
    "unknown_key": N_("%(path)s: this word is not known."),
    "key_missing": N_("%(path)s: this is missing."),
    "bad_word": N_("%(path)s: only small letters, digits and underscores, beginning with a letter."),
    "value_refused": N_("%(path)s: %(reason)s"),
    "doubled": N_("%(path)s: “%(word)s” is there twice."),
    "unknown_role": N_("%(path)s: no role is called “%(word)s”."),
    "unknown_right": N_("%(path)s: no right is called “%(word)s”."),
    "unknown_source": N_("%(path)s: no matter source is called “%(word)s”."),
    "unknown_document_type": N_("%(path)s: no document type is called “%(word)s”."),
    "unknown_step": N_("%(path)s: no step is called “%(word)s”."),
    "unknown_field": N_("%(path)s: “%(word)s” is not a field of a matter."),
    "first_step_not_draft": N_("%(path)s: a procedure begins with drawing up."),
    "last_step_not_archiving": N_("%(path)s: a procedure ends with archiving."),
    "order": N_("%(path)s: “%(word)s” comes too early."),
    "nobody": N_("%(path)s: nobody does this step."),
    "approval_missing": N_("%(path)s: an approval step must say who decides and how."),
    "approval_misplaced": N_("%(path)s: only an approval step is approved."),
    "returns_forward": N_("%(path)s: a return goes to an earlier step, “%(word)s” is not earlier."),
    "unreachable": N_("%(path)s: no matter ever comes to “%(word)s”."),
    "no_handling": N_("%(path)s: a matter with %(word)s is never handled."),
    "two_on_path": N_("%(path)s: a matter with %(word)s comes to handling twice."),
    "role_without_right": N_("%(path)s: the role “%(word)s” lacks the right %(right)s that this step needs."),
    "amount_missing": N_("%(path)s: this rule needs an amount."),
    "no_default_deadline": N_("%(path)s: matters of the source “%(word)s” have no deadline for their result."),
    "article_missing": N_("%(path)s: every rule needs its article."),
    "numbering_step": N_("%(path)s: “%(word)s” is not a step at which a number can be given."),
    "file_missing": N_("%(path)s: the file is missing."),
    "file_too_large": N_("%(path)s: the file is too large."),
    "not_utf8": N_("%(path)s: the file is not UTF-8."),
    "no_mapping": N_("%(path)s: the file must hold named sections."),
    "unknown_file": N_("%(path)s: no such file belongs here."),
    "alias": N_("%(path)s: anchors and aliases are refused."),
    "too_deep": N_("%(path)s: nested too deeply."),
    "yaml": N_("%(path)s: not readable as YAML: %(reason)s"),
    "template_refused": N_("%(path)s: only .docx files of up to 4 MB."),
    "unknown_unit": N_("%(path)s: no unit has the code “%(word)s”."),
    "unknown_kind": N_("%(path)s: “%(word)s” is not one of the kinds of unit."),
    "unit_cycle": N_("%(path)s: the unit “%(word)s” is above itself."),
    "handling_mode": N_("%(path)s: the handling mode “%(word)s” is not allowed here."),
}

NEEDED = {
    StepKind.DRAFT: "matter:register",
    StepKind.APPROVAL: "matter:approve",
    StepKind.REGISTRATION: "matter:number",
    StepKind.SCHEME: "matter:scheme",
    StepKind.DISPATCH: "matter:dispatch",
    StepKind.REVIEW: "matter:review",
    StepKind.CLOSING: "matter:close",
    StepKind.ARCHIVING: "matter:archive",
}

_ORDER = {kind: rank for rank, kind in enumerate(StepKind)}


def faults(profile: Profile, known_rights: Iterable[str] | None = None) -> list[Fault]:
    """Everything that keeps a profile from being published, each with its place. ``known_rights`` is the one list of rights."""
    procedure = compile_procedure(profile)
    found = [
        *_doubled(profile),
        *_words(profile, frozenset(known_rights) if known_rights is not None else None),
        *_shape(procedure),
        *_people(profile, procedure),
        *_paths(profile, procedure),
        *_deadlines(profile),
    ]
    return list(dict.fromkeys(found))


def describe_fault(fault: Fault) -> tuple[str, dict[str, str]]:
    """The msgid and values of a fault's sentence."""
    return SENTENCES[fault.code], {"path": fault.path, **fault.values()}


def _fault(path: str, code: str, word: str = "", **more: str) -> Fault:
    return Fault(path, code, (("word", word), *more.items()))


def _doubled(profile: Profile) -> Iterator[Fault]:
    lists = {
        "matter_sources": profile.matter_sources,
        "roles": profile.roles,
        "procedure.steps": profile.procedure.steps,
        "document_types": profile.document_types,
        "deadline_rules": profile.deadline_rules,
        "completion.criteria": profile.completion.criteria,
    }
    for path, items in lists.items():
        for key, count in Counter(item.key for item in items).items():
            if count > 1:
                yield _fault(path, "doubled", key)


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
        yield from _strangers(f"{path}.required_attachments", step.required_attachments, ATTACHMENTS, "unknown_field")
        if step.returns_to:
            yield from _strangers(f"{path}.returns_to", (step.returns_to,), steps, "unknown_step")
    for index, source in enumerate(profile.matter_sources):
        if source.document_type:
            path = f"matter_sources[{index}].document_type"
            yield from _strangers(path, (source.document_type,), types, "unknown_document_type")
    for index, rule in enumerate(profile.deadline_rules):
        yield from _strangers(f"deadline_rules[{index}].sources", rule.sources, sources, "unknown_source")
    for index, rung in enumerate(profile.reminders.ladder):
        yield from _strangers(f"reminders.ladder[{index}].to", rung.to, roles, "unknown_role")
    if known_rights is not None:
        for index, role in enumerate(profile.roles):
            yield from _strangers(f"roles[{index}].rights", role.rights, known_rights, "unknown_right")
    if profile.numbering.enabled and profile.numbering.at_step not in steps:
        yield _fault("numbering.at_step", "numbering_step", profile.numbering.at_step or "")


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
    handled = False
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        if step.kind in (StepKind.REVIEW, StepKind.CLOSING, StepKind.ARCHIVING) and not handled:
            yield _fault(path, "order", step.key)
        if handled and step.kind in (StepKind.DRAFT, StepKind.REGISTRATION, StepKind.SCHEME, StepKind.DISPATCH):
            yield _fault(path, "order", step.key)
        handled = handled or step.kind is StepKind.HANDLING
        if (step.kind is StepKind.APPROVAL) != (step.approval is not None):
            yield _fault(path, "approval_missing" if step.approval is None else "approval_misplaced", step.key)
        if step.returns_to and order.get(step.returns_to, -1) >= index:
            yield _fault(f"{path}.returns_to", "returns_forward", step.returns_to)


def _people(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        doers = _doers(step)
        if not doers and step.kind is not StepKind.HANDLING:
            yield _fault(f"{path}.who", "nobody", step.key)
        needed = NEEDED.get(step.kind)
        for role in doers:
            if needed and role in rights and needed not in rights[role]:
                yield _fault(f"{path}.who", "role_without_right", role, right=needed)


def _doers(step: Step) -> tuple[str, ...]:
    return step.approval.roles if step.approval else step.who


def _paths(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    taken: set[str] = set()
    for source, urgency, level, mode in product(
        profile.matter_sources, URGENCIES, ORIGIN_LEVELS, profile.handling_modes
    ):
        choice = StepChoice(source.key, urgency, level, mode)
        path = procedure.path(choice)
        taken.update(step.key for step in path)
        handling = sum(step.kind is StepKind.HANDLING for step in path)
        words = f"{source.short_name}/{urgency}/{level}/{mode}"
        if handling != 1:
            yield _fault("procedure.steps", "no_handling" if handling == 0 else "two_on_path", words)
    for index, step in enumerate(procedure.steps):
        if step.key not in taken:
            yield _fault(f"procedure.steps[{index}].when", "unreachable", step.key)


def _deadlines(profile: Profile) -> Iterator[Fault]:
    for index, rule in enumerate(profile.deadline_rules):
        if rule.rule in ("calendar_days", "working_days", "months") and rule.amount is None:
            yield _fault(f"deadline_rules[{index}].amount", "amount_missing")
    results = [rule for rule in profile.deadline_rules if rule.stage in ("result", "first_feedback")]
    for source in profile.matter_sources:
        if not any(not rule.sources or source.key in rule.sources for rule in results):
            yield _fault("deadline_rules", "no_default_deadline", source.short_name)
