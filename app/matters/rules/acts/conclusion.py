"""What keeps somebody from an act about a conclusion or a delegation: the reason, or None."""

from __future__ import annotations

from collections.abc import Callable

from app.jurisdictions.rules import Step, StepKind
from app.matters.rules import concluding
from app.matters.rules.acts.standing import Question, at_step, awake, handles
from app.matters.rules.facts import AssignmentFacts, Case
from app.matters.rules.words import MatterState


def _office(case: Case) -> str | None:
    """A conclusion is the government's own: nobody outside its office serves one or decides on an objection."""
    return None if case.actor.may("matter:read_all") else "office_only"


def conclude(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
    """The office serves a conclusion on a unit of a completed matter."""
    reason = concluding.may_conclude(case.matter) or at_step(StepKind.CLOSING, StepKind.ARCHIVING)(
        case, step, assignment
    )
    return reason or _office(case)


def of_unit(question: Callable[[AssignmentFacts], str | None]) -> Question:
    """The person's own unit answers the conclusion served on it."""

    def asked(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
        if not case.matter.settings.concludes:
            return "not_here"
        if assignment is None:
            return "which_unit"
        return awake(case) or handles(case, assignment) or question(assignment)

    return asked


def log_conclusion(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
    """The office notes that a unit has received its conclusion."""
    if not (case.matter.settings.concludes and case.matter.settings.may_log_receipt):
        return "not_here"
    return awake(case) or (concluding.may_receive(assignment) if assignment else "which_unit")


def decide_objection(case: Case, _step: Step, assignment: AssignmentFacts | None) -> str | None:
    """The office decides on a unit's objection."""
    if not case.matter.settings.concludes:
        return "not_here"
    if assignment is None:
        return "which_unit"
    return awake(case) or concluding.may_decide(case.matter, assignment) or _office(case)


def delegate(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """The office lets a department supervise a matter that is listed."""
    if not case.matter.settings.delegates:
        return "not_here"
    if case.matter.state in (MatterState.DRAFT, MatterState.PROPOSED):
        return "wrong_step"
    return awake(case) or _office(case)


def end_delegation(case: Case, _step: Step, _assignment: AssignmentFacts | None) -> str | None:
    """The office takes a delegation back."""
    return _office(case) if case.matter.delegations else "no_delegation"


def ending(kind: StepKind) -> Question:
    """The step is there, and nothing about a conclusion keeps the matter open."""

    def question(case: Case, step: Step, assignment: AssignmentFacts | None) -> str | None:
        return at_step(kind)(case, step, assignment) or concluding.may_end(case.matter)

    return question
