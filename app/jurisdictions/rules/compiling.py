"""From the profile's words to the procedure as a value."""

from __future__ import annotations

from app.jurisdictions.rules.procedure import (
    Approval,
    ApprovalMode,
    Condition,
    Limit,
    Procedure,
    Step,
    StepKind,
)
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.profile import Step as StepSection
from app.jurisdictions.rules.profile.base import Approval as ApprovalSection


def compile_procedure(profile: Profile) -> Procedure:
    """The frozen procedure of a profile. It is not checked here: ``faults`` does that."""
    return Procedure(tuple(_step(step) for step in profile.procedure.steps))


def _approval(section: ApprovalSection) -> Approval:
    return Approval(ApprovalMode(section.mode), section.roles, section.deputies)


def _step(step: StepSection) -> Step:
    return Step(
        key=step.key,
        kind=StepKind(step.kind),
        name=step.name,
        article=step.article,
        who=step.who,
        approval=_approval(step.approval) if step.approval else None,
        required_fields=step.required_fields,
        required_documents=step.required_documents,
        required_attachments=step.required_attachments,
        limit=Limit(step.limit.rule, step.limit.amount) if step.limit else None,
        returns_to=step.returns_to,
        when=Condition(
            frozenset(step.when.sources),
            frozenset(step.when.urgencies),
            frozenset(step.when.origin_levels),
            frozenset(step.when.handling_modes),
        ),
        by_supervising_unit=step.by_supervising_unit,
    )
