"""Escalation slips 督办单 (蓝黄橙红): which of them may be issued to a unit now, and why the others may not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.jurisdictions.rules.profile import Slip, Slips
from app.urging.rules.refusals import Refusal

SLIP_STAGE = "slip"
"""The stage of the clock that runs from a slip's issue to its limit."""

CLOCKS = ("first_feedback", "progress", "contribution", "result", "rework", "rectification_result")
"""The clocks of a unit's part that a slip may be about; a late signature has the receipt's own ways."""

UNDER_WAY = frozenset({"notified", "acknowledged", "in_progress", "returned"})
REPORTED = frozenset({"reported", "accepted"})


class SlipState(StrEnum):
    """Where a slip stands: waiting for a leader's consent, with the unit, answered, or taken back."""

    ASKED = "asked"
    ISSUED = "issued"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OPEN_SLIPS = (SlipState.ASKED, SlipState.ISSUED)


@dataclass(frozen=True)
class Former:
    """A slip this part has had. Days are local; ``due_on`` is None while it only has been asked for."""

    key: str
    state: str
    due_on: dt.date | None = None
    answered_on: dt.date | None = None

    def ran_out(self, today: dt.date) -> bool:
        """Whether its limit passed without an answer: one given afterwards does not undo that."""
        if self.due_on is None or self.due_on >= today:
            return False
        return self.answered_on is None or self.answered_on > self.due_on


@dataclass(frozen=True)
class PartFacts:
    """One unit's part as a slip sees it.

    ``overdue`` is by how many working days its main clock is late, None where none is. ``formers`` are the slips it has
    had, oldest first, those that were taken back left out. ``extension_asked``: more time is asked for, and not decided.
    """

    matter_state: str
    state: str
    overdue: int | None
    formers: tuple[Former, ...] = ()
    extension_asked: bool = False


_ENDED = frozenset({"completed", "closed_out", "archived", "cancelled"})


def why_not(slips: Slips | None, key: str, part: PartFacts, today: dt.date) -> Refusal | None:
    """Why this slip may not be issued to this part today; None when it may.

    It may when the part's main clock is late by the slip's working days, no slip of this colour or above is open, and the
    slip below it was issued and not answered within its limit. Answered in time, the ladder begins anew at the lowest.
    Nothing is issued while the matter is paused or more time is asked for, after the matter ended, or once the unit has
    reported.
    """
    order = [slip.key for slip in slips.items] if slips is not None else []
    if slips is None or key not in order:
        return Refusal("slip_unknown", {})
    level = order.index(key)
    return (
        _asleep(part)
        or _late(slips.items[level], part)
        or _still_open(slips, level, part)
        or _former(slips, level, part, today)
    )


def issuable(slips: Slips | None, part: PartFacts, today: dt.date) -> tuple[Slip, ...]:
    """The slips that may be issued to this part today, lowest first."""
    items = slips.items if slips is not None else ()
    return tuple(slip for slip in items if why_not(slips, slip.key, part, today) is None)


def _asleep(part: PartFacts) -> Refusal | None:
    if part.matter_state == "suspended":
        return Refusal("slip_paused", {})
    if part.matter_state in _ENDED:
        return Refusal("slip_ended", {})
    if part.state in REPORTED:
        return Refusal("slip_reported", {})
    return None if part.state in UNDER_WAY else Refusal("slip_not_handling", {})


def _late(slip: Slip, part: PartFacts) -> Refusal | None:
    if part.overdue is None:
        return Refusal("slip_not_overdue", {})
    if part.extension_asked:
        return Refusal("slip_extension_asked", {})
    if part.overdue < slip.overdue_working_days:
        named = {"name": slip.name, "needed": slip.overdue_working_days, "overdue": part.overdue}
        return Refusal("slip_too_early", named)
    return None


def _still_open(slips: Slips, level: int, part: PartFacts) -> Refusal | None:
    for above in range(len(slips.items) - 1, level - 1, -1):
        slip = slips.items[above]
        states = {former.state for former in part.formers if former.key == slip.key}
        if not states & set(OPEN_SLIPS):
            continue
        if above > level:
            return Refusal("slip_higher_open", {"name": slips.items[level].name, "former": slip.name})
        return Refusal("slip_asked" if SlipState.ASKED in states else "slip_open", {"name": slip.name})
    return None


def _former(slips: Slips, level: int, part: PartFacts, today: dt.date) -> Refusal | None:
    """Above the lowest, the slip just below must be the last word and must have run out."""
    if level == 0:
        return None
    name, below = slips.items[level].name, slips.items[level - 1]
    named: dict[str, object] = {"name": name, "former": below.name}
    last = next((former for former in reversed(part.formers) if former.key == below.key), None)
    if last is None or last.due_on is None:
        return Refusal("slip_former_lacking", named)
    if last.ran_out(today):
        return None
    if last.answered_on is not None:
        return Refusal("slip_former_answered", named)
    return Refusal("slip_former_running", named | {"until": last.due_on})
