"""How far the matter has come on its own path."""

from __future__ import annotations

import datetime as dt

from app.jurisdictions.rules import Step, StepKind
from app.kernel.i18n import _
from app.matters.pages import TrackerStep
from app.matters.presenting.case.days import short_day
from app.matters.queries import CaseFile
from app.matters.rules import MatterState


def tracker(file: CaseFile) -> tuple[TrackerStep, ...]:
    """The steps of the matter's own path with the days they were done."""
    matter = file.matter
    order = [step.key for step in file.procedure.steps]
    here = order.index(matter.step_key)
    over = matter.state == MatterState.ARCHIVED
    lines = []
    for step in file.procedure.path(file.case.matter.choice):
        place = order.index(step.key)
        if over or place < here:
            lines.append(TrackerStep(step.name, "done", short_day(_done_at(file, step))))
        elif place == here:
            lines.append(TrackerStep(step.name, "current", _current_note(file, step)))
        else:
            lines.append(TrackerStep(step.name, "ahead"))
    return tuple(lines)


def _done_at(file: CaseFile, step: Step) -> dt.datetime | None:
    matter = file.matter
    known = {
        StepKind.REGISTRATION: matter.registered_at,
        StepKind.DISPATCH: matter.dispatched_at,
        StepKind.REVIEW: matter.completed_at,
        StepKind.CLOSING: matter.closed_out_at,
        StepKind.ARCHIVING: matter.archived_at,
    }
    if step.kind in known:
        return known[step.kind]
    if step.kind is StepKind.APPROVAL:
        decided = [one.decided_at for one in file.approvals if one.step_key == step.key and one.state == "approved"]
        return decided[-1] if decided else None
    kinds = {
        StepKind.DRAFT: "matter.submitted",
        StepKind.SCHEME: "matter.scheme_drawn_up",
        StepKind.HANDLING: "matter.completion_reported",
    }
    return next((one.at for one in file.events if one.kind == kinds.get(step.kind)), None)


def _current_note(file: CaseFile, step: Step) -> str:
    matter = file.matter
    if matter.state == MatterState.SUSPENDED:
        return _("paused")
    if matter.state == MatterState.CANCELLED:
        return _("cancelled")
    if step.kind is StepKind.HANDLING:
        number = sum(one.kind in ("progress", "interim_feedback") for one in file.reports)
        if matter.return_count:
            return _("returned %(count)s times", count=matter.return_count)
        return _("%(count)s reports", count=number) if number else _("under way")
    if step.kind is StepKind.APPROVAL and step.approval is not None and len(step.approval.roles) > 1:
        current = next((one for one in file.approvals if one.state == "pending" and one.step_key == step.key), None)
        given = sum(vote.decision == "approved" for vote in current.votes) if current else 0
        if step.approval.mode.value != "any_of":
            return _("%(given)s of %(all)s", given=given, all=len(step.approval.roles))
    return _("now")
