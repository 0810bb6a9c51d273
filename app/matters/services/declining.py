"""A unit declines what is not its business; where the rules want it, its leader signs what the liaison has proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.models import Assignment, Matter
from app.matters.rules import Act, AssignmentState
from app.matters.services import clocks
from app.matters.services.casework import Work, note, require, take, tell_office, tell_unit, write_to
from app.organisation.models import Unit
from app.organisation.queries import list_members_with_right

SIGNS = "matter:sign_report"


@command
def decline(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    reason: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """A unit declines what is not its business, within the window, with a reason; the office then finds another.

    Where the profile wants the unit leader's signature, whoever does not sign for the unit only proposes it; the window is
    counted to the proposal. A leader who declines himself has signed.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.DECLINE, assignment_id)
    if not reason.strip():
        raise Invalid(
            "reason_needed", N_("Write down why it is not your unit's business."), {"reason": N_("A reason is needed.")}
        )
    assignment = work.assignment(assignment_id)
    assignment.decline_reason = reason.strip()
    if work.profile.receipt.decline_signed_by_leader and not actor.may(SIGNS):
        assignment.decline_proposed_at = at
        note(work, "decline_proposed", unit=_name(work, assignment), reason=assignment.decline_reason)
        _ask_signers(work, assignment)
        return work.matter
    _give_back(work, assignment)
    return work.matter


@command
def confirm_decline(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    opinion: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Whoever signs for the unit signs what was proposed: the part goes back to the office, though the window may be over."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.CONFIRM_DECLINE, assignment_id)
    _give_back(work, work.assignment(assignment_id), opinion.strip())
    return work.matter


@command
def reject_decline(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    opinion: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Whoever signs for the unit does not sign, with a reason: the unit keeps its part and its dates."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REJECT_DECLINE, assignment_id)
    if not opinion.strip():
        raise Invalid(
            "reason_needed", N_("Write down why your unit handles it."), {"opinion": N_("A reason is needed.")}
        )
    assignment = work.assignment(assignment_id)
    assignment.decline_proposed_at, assignment.decline_reason = None, None
    note(work, "decline_rejected", unit=_name(work, assignment), opinion=opinion.strip())
    tell_unit(work, assignment, "matter.decline_rejected", f"{work.matter.version}", opinion=opinion.strip())
    return work.matter


def _give_back(work: Work, assignment: Assignment, opinion: str = "") -> None:
    assignment.state, assignment.declined_at = AssignmentState.DECLINED, work.at
    assignment.decline_proposed_at = None
    clocks.end_all(work, "cancelled", assignment)
    if assignment.role == "lead":
        work.matter.lead_unit_id = None
    unit, reason = _name(work, assignment), assignment.decline_reason
    note(work, "declined", unit=unit, reason=reason, text=opinion)
    tell_office(work, "matter.declined", f"{assignment.id}", unit=unit, reason=reason)


def _ask_signers(work: Work, assignment: Assignment) -> None:
    """Tell those who sign for the unit."""
    signers = [one for one in list_members_with_right(work.session, SIGNS) if one.unit_id == assignment.unit_id]
    write_to(
        work,
        [one.person_id for one in signers],
        "matter.decline_proposed",
        f"{assignment.id}:{work.matter.version}",
        unit=_name(work, assignment),
        reason=assignment.decline_reason,
    )


def _name(work: Work, assignment: Assignment) -> str:
    unit: Unit = work.session.get(Unit, assignment.unit_id)
    return unit.short_name
