"""The dates of one matter: which of them a reader is judged by, and how each came about."""

from __future__ import annotations

from app.deadlines.queries import explanation
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.matters.models import Obligation
from app.matters.pages import DueExplanation, ObligationLine
from app.matters.presenting.acts import Reader, unit_of
from app.matters.presenting.common import STAGE_WORDS, due_cell, word
from app.matters.queries import CaseFile
from app.matters.rules import MatterState

START_WORDS = {
    "dispatched": N_("day of dispatch"),
    "acknowledged": N_("day of receipt"),
    "meeting_date": N_("day of the meeting"),
    "exposed_at": N_("day of the media exposure"),
    "instruction_date": N_("day of the instruction"),
    "returned": N_("day of return"),
    "reported": N_("day completion was reported"),
    "completed": N_("day the completion was accepted"),
    "entered": N_("beginning of the step"),
    "objected": N_("day of the objection"),
    "slip_issued": N_("day the slip was issued"),
}
PERIOD_WORDS = {
    "calendar_days": N_("%(amount)s days"),
    "working_days": N_("%(amount)s working days"),
    "months": N_("%(amount)s months"),
    "hours": N_("%(amount)s hours"),
    "on_event": N_("%(amount)s working days"),
}


def clocks_for(file: CaseFile, reader: Reader) -> list[Obligation]:
    """The clocks a reader sees: the office all of them, a unit its own."""
    if reader.in_office:
        return list(file.obligations)
    own = {one.id for one in file.assignments if one.unit_id == reader.actor.unit_id}
    return [one for one in file.obligations if one.assignment_id in own]


def main_clock(file: CaseFile, reader: Reader) -> Obligation | None:
    """The clock that matters to this reader now."""
    if reader.in_office:
        return file.main_obligation()
    seen = clocks_for(file, reader)
    still = [one for one in seen if one.state == "open"]
    if still:
        return min(still, key=lambda one: (one.due_on, one.id))
    return max((one for one in seen if one.state == "met"), key=lambda one: one.id, default=None)


def stage_label(file: CaseFile, obligation: Obligation) -> str:
    """What a clock is called: the office's own by its step."""
    names = {step.key: step.name for step in file.procedure.steps}
    if obligation.stage == "step" and obligation.rule_key in names:
        return names[obligation.rule_key]
    return word(STAGE_WORDS, obligation.stage)


def explain(file: CaseFile, obligation: Obligation) -> DueExplanation:
    """One clock with its basis, its start and the sentences of its computation."""
    cell = due_cell(
        obligation, file.calendar, file.today, paused=file.matter.state == MatterState.SUSPENDED, at=file.at
    )
    assert cell is not None
    period = PERIOD_WORDS.get(obligation.rule)
    start = START_WORDS.get(obligation.start_event)
    begins = obligation.start_on.isoformat()
    pairs = [
        (_("Basis"), obligation.article or ""),
        (_("Starts"), f"{begins} {translate(start)}" if start and obligation.rule != "fixed" else ""),
        (_("Period"), translate(period, amount=obligation.amount) if period and obligation.amount is not None else ""),
        *_extensions(file, obligation),
        (_("Explained"), _("The delay was explained before the date.") if obligation.explained_late else ""),
    ]
    return DueExplanation(
        stage_label=stage_label(file, obligation),
        due=cell,
        pairs=tuple((label, value) for label, value in pairs if value),
        lines=tuple(explanation(obligation.explanation)),
    )


def _extensions(file: CaseFile, obligation: Obligation) -> list[tuple[str, str]]:
    """What became of the extensions of this clock, each with its article."""
    said = {
        "asked": N_("asked for until %(day)s, not answered yet"),
        "granted": N_("granted, from %(before)s to %(day)s"),
        "refused": N_("refused; asked for until %(day)s"),
        "withdrawn": N_("withdrawn; asked for until %(day)s"),
    }
    found = []
    for one in file.extensions:
        if one.obligation_id != obligation.id:
            continue
        day = one.granted_due_on if one.state == "granted" and one.granted_due_on else one.proposed_due_on
        words = translate(said[one.state], day=day.isoformat(), before=one.base_due_on.isoformat())
        found.append((_("Extension"), f"{words}（{one.article}）" if one.article else words))
    return found


def pending_extension(file: CaseFile) -> str:
    """That an extension waits for its answer, and until when it was asked for; empty where none does."""
    asked = next((one for one in file.extensions if one.state == "asked"), None)
    if asked is None:
        return ""
    return _(
        "%(unit)s asks for an extension until %(day)s; it is being decided.",
        unit=unit_of(file, asked.assignment_id),
        day=asked.proposed_due_on.isoformat(),
    )


def obligation_lines(file: CaseFile, reader: Reader) -> tuple[ObligationLine, ...]:
    """Every clock, those that run first."""
    ordered = sorted(clocks_for(file, reader), key=lambda one: (one.state != "open", one.due_on, one.id))
    return tuple(
        ObligationLine(
            stage_label=stage_label(file, one),
            unit=unit_of(file, one.assignment_id),
            explanation=explain(file, one),
            original_on=one.original_due_on,
            satisfied_on=local_date(one.met_at) if one.state == "met" and one.met_at else None,
        )
        for one in ordered
    )
