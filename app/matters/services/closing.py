"""Judging the report, closing out, archiving; and the side ways: suspending, cancelling, reopening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.jurisdictions.rules import StepKind
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import N_
from app.matters.models import STEP, Approval, Matter, Pause, Report
from app.matters.rules import REASONS, Act, AssignmentState, MatterState, ReportKind
from app.matters.services import clocks
from app.matters.services.casework import Work, advance, enter, note, require, state_at, take, tell_office, tell_unit
from app.matters.services.concluding import supersede


@command
def accept(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    criteria: Mapping[str, bool] | Sequence[str],
    grade: str | None = None,
    opinion: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Accept the completion report after judging it by every criterion of the profile (华容区 art. 11).

    Refuses while a criterion is not ticked: a report that fails one is returned, not accepted. Where the profile grades
    results, ``grade`` is the key of one of its grades.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.ACCEPT)
    judged = _judged(work, criteria)
    failed = [one.name for one in work.profile.completion.criteria if not judged[one.key]]
    if failed:
        raise Invalid(
            "criteria_open",
            N_("The report can be accepted only when it meets every criterion. Still open: %(open)s."),
            {"criteria": N_("Tick every criterion, or return the report.")},
            open="、".join(failed),
        )
    work.matter.grade = _graded(work, grade)
    report = _pending_report(work)
    report.review_state, report.criteria = "accepted", judged
    report.review_opinion, report.reviewed_at, report.reviewed_by = opinion.strip() or None, at, actor.membership_id
    for assignment in work.assignments:
        if assignment.state not in (AssignmentState.DECLINED, AssignmentState.PLANNED):
            assignment.state = AssignmentState.ACCEPTED
    clocks.end_all(work, "superseded", but=("step", "rectification_result"))
    work.matter.completed_at = at
    lead = work.lead()
    if lead is not None:
        clocks.open_clock(work, "after_completion", lead)
    work.matter.result = report.text or work.matter.result
    note(work, "accepted", opinion=opinion.strip(), document_no=report.document_no, grade=grade_name(work))
    advance(work)
    if lead is not None:
        tell_unit(work, lead, "matter.accepted", str(report.id), opinion=opinion.strip())
    session.flush()
    return work.matter


@command
def return_for_rework(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    failed: Sequence[str] = (),
    opinion: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Return the completion report: which criteria it fails and why; a new clock runs (华容区 art. 11). Returns are counted."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.RETURN_FOR_REWORK)
    if not opinion.strip():
        raise Invalid("reason_needed", N_("Write down what must be corrected."), {"opinion": N_("A reason is needed.")})
    known = {one.key for one in work.profile.completion.criteria}
    if not set(failed) <= known:
        raise Invalid(
            "criterion_unknown", N_("That is not one of the criteria."), {"failed": N_("Choose from the criteria.")}
        )
    report = _pending_report(work)
    report.review_state = "returned"
    report.criteria = {key: key not in failed for key in sorted(known)}
    report.review_opinion, report.reviewed_at, report.reviewed_by = opinion.strip(), at, actor.membership_id
    work.matter.return_count += 1
    lead = work.assignment(report.assignment_id)
    lead.state = AssignmentState.RETURNED
    clocks.end_all(work, "superseded", lead)
    note(work, "returned_for_rework", opinion=opinion.strip(), failed=list(failed), attempt=report.attempt)
    enter(work, work.procedure.return_step(work.matter.step_key, work.choice))
    clocks.open_clock(work, "rework", lead)
    if work.dates_profile.readings.returned_counts_as_late:
        clocks.run_on(work, report.id)
    clocks.resume_reports(work)
    tell_unit(work, lead, "matter.returned_for_rework", str(report.id), opinion=opinion.strip())
    session.flush()
    return work.matter


@command
def close_out(
    session: Any, actor: Actor, matter_id: int, *, result: str = "", expected_version: int, at: dt.datetime
) -> Matter:
    """Close a completed matter out with its recorded result: no matter ends without one (华容区 art. 2)."""
    work = take(session, actor, matter_id, at, expected_version)
    if result.strip():
        work.matter.result = result.strip()
    require(work, Act.CLOSE_OUT)
    work.matter.closed_out_at = at
    note(work, "closed_out", text=work.matter.result)
    advance(work)
    session.flush()
    return work.matter


@command
def archive(
    session: Any, actor: Actor, matter_id: int, *, archive_no: str = "", expected_version: int, at: dt.datetime
) -> Matter:
    """File the matter away (华容区 art. 8(6); 淮安市 art. 4(6)): it is read-only from now on."""
    work = take(session, actor, matter_id, at, expected_version)
    if archive_no.strip():
        work.matter.archive_no = archive_no.strip()[:80]
    require(work, Act.ARCHIVE)
    work.matter.archived_at = at
    clocks.end_all(work, "superseded")
    work.matter.state = MatterState.ARCHIVED
    note(work, "archived", archive_no=work.matter.archive_no)
    return work.matter


@command
def suspend(
    session: Any, actor: Actor, matter_id: int, *, reason: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Pause the clock, with a reason. A clock that is overdue already cannot be paused."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.SUSPEND)
    _reason(reason)
    work.matter.state_before, work.matter.state = work.matter.state, MatterState.SUSPENDED
    session.add(Pause(matter_id=work.matter.id, from_on=work.today, reason=reason.strip()))
    for obligation in clocks.open_clocks(work):
        obligation.next_reminder_on = None
    note(work, "suspended", reason=reason.strip())
    _tell_units(work, "matter.suspended", reason.strip())
    return work.matter


@command
def resume(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    stated_due_on: dt.date | None = None,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Let the clock run again: the days in between do not count. A stated date stays, unless a new one is given.

    Refuses a new date that lies in the past.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.RESUME)
    _end_pause(work)
    if stated_due_on is not None:
        _state_anew(work, stated_due_on)
    work.matter.state, work.matter.state_before = work.matter.state_before or state_at(work, work.step), None
    session.flush()
    for obligation in clocks.open_clocks(work):
        obligation.next_reminder_on = None
    clocks.shift_after_pause(work)
    note(work, "resumed", due_on=stated_due_on)
    _tell_units(work, "matter.resumed", "")
    return work.matter


@command
def cancel(
    session: Any, actor: Actor, matter_id: int, *, reason: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Take a matter off the list, with a reason. Numbers it was given stay its own."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.CANCEL)
    _reason(reason)
    work.matter.state_before, work.matter.state = work.matter.state, MatterState.CANCELLED
    work.matter.result = work.matter.result or reason.strip()
    clocks.end_all(work, "cancelled")
    _end_pause(work)
    for approval in session.scalars(
        select(Approval).where(Approval.matter_id == work.matter.id, Approval.state == "pending")
    ):
        approval.state, approval.decided_at = "returned" if approval.purpose == STEP else "withdrawn", at
    note(work, "cancelled", reason=reason.strip())
    _tell_units(work, "matter.cancelled", reason.strip())
    return work.matter


@command
def reopen(
    session: Any, actor: Actor, matter_id: int, *, reason: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Open an ended matter again, with a reason: back to handling when units had it, else to drawing up."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REOPEN)
    _reason(reason)
    matter = work.matter
    if matter.state == MatterState.CANCELLED:
        matter.result = None  # it was the reason it was taken off the list for
    matter.completed_at = matter.closed_out_at = matter.archived_at = matter.state_before = None
    supersede(work)
    lead = work.lead()
    if matter.dispatched_at is not None:
        if lead is not None:
            lead.state = AssignmentState.RETURNED
        enter(work, work.procedure.first_of(StepKind.HANDLING, work.choice))
        matter.state = MatterState.IN_PROGRESS
        if lead is not None:
            clocks.end_all(work, "superseded", lead)
            again = clocks.open_clock(work, "rework", lead)
            clocks.ask_others_again(work, again)
            clocks.resume_reports(work)
            tell_unit(work, lead, "matter.reopened", f"{matter.version}", reason=reason.strip())
    else:
        matter.listed_at = None
        enter(work, work.procedure.first(work.choice))
    note(work, "reopened", reason=reason.strip())
    tell_office(work, "matter.reopened", f"{matter.version}", reason=reason.strip())
    return matter


def _end_pause(work: Work) -> None:
    for pause in work.session.scalars(select(Pause).where(Pause.matter_id == work.matter.id, Pause.until_on.is_(None))):
        pause.until_on = work.today


def _state_anew(work: Work, day: dt.date) -> None:
    """After a pause the office states a new date: the clocks of the old one move to it."""
    if day < work.today:
        field = {"stated_due_on": N_("Enter a date that has not passed.")}
        raise Invalid("date_past", N_("The new date has passed already."), field)
    work.matter.stated_due_on = day
    clocks.move_stated(work)


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_needed", N_("Write down the reason."), {"reason": N_("A reason is needed.")})


def _judged(work: Work, criteria: Mapping[str, bool] | Sequence[str]) -> dict[str, bool]:
    known = [one.key for one in work.profile.completion.criteria]
    ticked = {key for key, met in criteria.items() if met} if isinstance(criteria, Mapping) else set(criteria)
    strange = (set(criteria) if isinstance(criteria, Mapping) else ticked) - set(known)
    if strange:
        raise Invalid(
            "criterion_unknown", N_("That is not one of the criteria."), {"criteria": N_("Choose from the criteria.")}
        )
    return {key: key in ticked for key in known}


def _graded(work: Work, grade: str | None) -> str | None:
    known = {one.key for one in work.profile.completion.grades}
    if not known and grade is None:
        return None
    if grade is None or grade not in known:
        field = {"grade": N_("Choose a grade.") if known else N_("Results are not graded here.")}
        raise Invalid("grade_needed", N_("Say how the result is graded."), field)
    return grade


def grade_name(work: Work) -> str | None:
    """The matter's grade in the office's words; None where it has none."""
    return next((one.name for one in work.profile.completion.grades if one.key == work.matter.grade), None)


def _pending_report(work: Work) -> Report:
    found: Report | None = work.session.scalars(
        select(Report)
        .where(
            Report.matter_id == work.matter.id, Report.kind == ReportKind.COMPLETION, Report.review_state == "pending"
        )
        .order_by(Report.id.desc())
    ).first()
    if found is None:
        raise Conflict("wrong_step", REASONS["wrong_step"])
    return found


def _tell_units(work: Work, kind: str, reason: str) -> None:
    for assignment in work.assignments:
        if assignment.state not in (AssignmentState.PLANNED, AssignmentState.DECLINED):
            tell_unit(work, assignment, kind, f"{work.matter.version}", reason=reason)
