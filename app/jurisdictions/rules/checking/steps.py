"""The steps hold together: an order, somebody for each, a way for every matter that begins and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.procedure import Procedure, Step, StepChoice, StepKind
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.sentences import Fault

URGENCIES = ("normal", "urgent", "critical")
ORIGIN_LEVELS = ("superior", "own")

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


def shape(procedure: Procedure) -> Iterator[Fault]:
    order = {step.key: index for index, step in enumerate(procedure.steps)}
    if procedure.steps[0].kind is not StepKind.DRAFT:
        yield fault("procedure.steps[0]", "first_step_not_draft")
    if procedure.steps[-1].kind is not StepKind.ARCHIVING:
        yield fault(f"procedure.steps[{len(procedure.steps) - 1}]", "last_step_not_archiving")
    handled = closed = False
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        early = step.kind in _AFTER_HANDLING and not handled
        late = (step.kind in _BEFORE_HANDLING and handled) or (step.kind is StepKind.REVIEW and closed)
        if early or late:
            yield fault(path, "order", step.key)
        handled = handled or step.kind is StepKind.HANDLING
        closed = closed or step.kind is StepKind.CLOSING
        if (step.kind is StepKind.APPROVAL) != (step.approval is not None):
            yield fault(path, "approval_missing" if step.approval is None else "approval_misplaced", step.key)
        if step.returns_to and order.get(step.returns_to, -1) >= index:
            yield fault(f"{path}.returns_to", "returns_forward", step.returns_to)


def people(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    for index, step in enumerate(procedure.steps):
        path = f"procedure.steps[{index}]"
        doers = _doers(step)
        if not doers:
            yield fault(f"{path}.who", "nobody", step.key)
        for place, role in enumerate(doers):
            if role in rights and NEEDED[step.kind] not in rights[role]:
                where = f"{path}.approval.roles[{place}]" if step.approval else f"{path}.who[{place}]"
                yield fault(where, "role_without_right", role, right=NEEDED[step.kind])


def _doers(step: Step) -> tuple[str, ...]:
    return step.approval.roles if step.approval else step.who


def paths(profile: Profile, procedure: Procedure) -> Iterator[Fault]:
    """Walk every way a matter could take: each begins, is handled once, is looked at, and is filed."""
    taken: set[str] = set()
    told: set[tuple[str, str]] = set()
    for source, urgency, level, mode in product(
        profile.matter_sources, URGENCIES, ORIGIN_LEVELS, profile.handling_modes
    ):
        path = procedure.path(StepChoice(source.key, urgency, level, mode))
        taken.update(step.key for step in path)
        for found in _path_faults(path, profile.dispatch.scheme_required, mode):
            kind = found.values().get("kind", found.values().get("step", ""))
            if (found.code, kind) not in told:  # one example says it; the others differ in words only
                told.add((found.code, kind))
                facts = f"{source.short_name}/{urgency}/{level}/{mode}"
                yield Fault(found.path, found.code, (("word", facts), *found.params))
    for index, step in enumerate(procedure.steps):
        if step.key not in taken:
            yield fault(f"procedure.steps[{index}].when", "unreachable", step.key)


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
