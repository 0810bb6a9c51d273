"""The conclusion, the objection to it and its review: what may be done when (政府督查工作条例 arts. 16 and 17). Pure.

Every function answers with the code of the reason against, None when nothing speaks against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.matters.rules.facts import AssignmentFacts, ConclusionFacts, MatterFacts
from app.matters.rules.words import AssignmentState, ConclusionState, MatterState

# Reasons whose sentence names the day on which what stands in the way ends.
DATED = frozenset({"objection_open", "review_open"})

_AFTERWARDS = {
    None: "no_conclusion",
    ConclusionState.SUPERSEDED: "no_conclusion",
    ConclusionState.SERVED: "not_received",
    ConclusionState.RECEIVED: "objection_past",
    ConclusionState.WAIVED: "objection_waived",
    ConclusionState.OBJECTED: "review_pending",
}


def may_conclude(matter: MatterFacts) -> str | None:
    """The office concludes once the report has been accepted, on units that have no conclusion that stands."""
    if not matter.settings.concludes:
        return "not_here"
    if matter.state not in (MatterState.COMPLETED, MatterState.CLOSED_OUT):
        return "wrong_step"
    return None if any(to_conclude(matter)) else "all_concluded"


def to_conclude(matter: MatterFacts) -> Iterator[AssignmentFacts]:
    """The parts on which a conclusion can be served: notified and accepted, with none or one that was revoked."""
    for part in matter.assignments:
        if _concerned(part) and (part.conclusion is None or part.conclusion.state is ConclusionState.REVOKED):
            yield part


def owes_conclusion(matter: MatterFacts) -> bool:
    """Whether a unit the supervision concerned has not been given its conclusion."""
    done = matter.state in (MatterState.COMPLETED, MatterState.CLOSED_OUT)
    return (
        matter.settings.concludes and done and any(_concerned(p) and p.conclusion is None for p in matter.assignments)
    )


def may_end(matter: MatterFacts) -> str | None:
    """A matter is neither closed out nor archived while a unit can still object, or its objection is under review."""
    found = [part.conclusion for part in matter.assignments if part.conclusion is not None]
    if any(one.state is ConclusionState.OBJECTED for one in found):
        return "review_open"
    if any(one.state is ConclusionState.SERVED for one in found):
        return "conclusion_unreceived"
    return "objection_open" if any(_in_window(one) for one in found) else None


def open_until(matter: MatterFacts) -> dt.date | None:
    """The last day of what keeps the matter open: of the review, else of the time to object."""
    found = [part.conclusion for part in matter.assignments if part.conclusion is not None]
    days = [one.review_due for one in found if one.state is ConclusionState.OBJECTED and one.review_due]
    return max(days or [one.objection_until for one in found if _in_window(one) and one.objection_until], default=None)


def may_receive(part: AssignmentFacts) -> str | None:
    """A conclusion is signed for once."""
    state = part.conclusion.state if part.conclusion else None
    if state is ConclusionState.SERVED:
        return None
    return "no_conclusion" if state in (None, ConclusionState.SUPERSEDED) else "already_received"


def may_object(part: AssignmentFacts) -> str | None:
    """A unit objects once, within the time that began with the receipt; within it, it may also say that it does not."""
    if part.conclusion is not None and _in_window(part.conclusion):
        return None
    return _AFTERWARDS.get(part.conclusion.state if part.conclusion else None, "review_done")


def may_decide(matter: MatterFacts, part: AssignmentFacts) -> str | None:
    """An objection is decided by somebody of the office who took no part in the supervision."""
    if part.conclusion is None or part.conclusion.state is not ConclusionState.OBJECTED:
        return "no_objection"
    return "recused" if matter.settings.recusal and matter.took_part else None


def _concerned(part: AssignmentFacts) -> bool:
    return part.state is AssignmentState.ACCEPTED and part.notified


def _in_window(one: ConclusionFacts) -> bool:
    return one.state is ConclusionState.RECEIVED and one.in_window
