"""What units report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.documents.models import Attachment
from app.documents.services import refuse_secret_text
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.models import Assignment, Report
from app.matters.rules import Act, AssignmentState, MatterState, ReportKind, owed_report
from app.matters.services import clocks
from app.matters.services.casework import Work, advance, note, require, take, tell_office, tell_unit
from app.organisation.models import Unit

MAX_TEXT = 20_000
_ANSWERS = {
    ReportKind.RECTIFICATION: ("rectification_result",),
    ReportKind.AFTER_COMPLETION: ("after_completion",),
}


@command
def report_progress(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    text: str,
    percent: int | None = None,
    problems: str = "",
    next_steps: str = "",
    attachment_ids: Sequence[int] = (),
    expected_version: int,
    at: dt.datetime,
) -> Report:
    """A unit reports how far it is (华容区 art. 12(4)); the first report answers the first-feedback clock.

    A co-handling unit's report is its contribution: the lead reads it and draws on it.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REPORT_PROGRESS, assignment_id)
    assignment = work.assignment(assignment_id)
    kind = _kind(work, assignment)
    report = _file(work, assignment, kind, text, percent=percent, problems=problems, next_steps=next_steps)
    keep_files(work, "report", report.id, attachment_ids)
    if kind in _ANSWERS:
        clocks.meet(work, assignment, _ANSWERS[kind], "report", report.id)
    else:
        clocks.meet_report(work, assignment, report.id)
    if assignment.state == AssignmentState.ACKNOWLEDGED:
        assignment.state = AssignmentState.IN_PROGRESS
    if work.matter.state in (MatterState.DISPATCHED, MatterState.ACKNOWLEDGED):
        work.matter.state = MatterState.IN_PROGRESS
    note(work, "progress_reported", unit=_name(work, assignment), text=report.text, percent=percent)
    tell_office(work, "matter.progress_reported", str(report.id), unit=_name(work, assignment), text=report.text)
    _tell_lead(work, assignment, report)
    return report


@command
def explain_delay(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    reason: str,
    progress: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Report:
    """A unit explains why it will be late and how far it is (华容区 art. 10). The date does not move.

    Explained before the due date, the clock shows "explained"; afterwards the explanation is on record only.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.EXPLAIN_DELAY, assignment_id)
    if not reason.strip():
        raise Invalid("reason_needed", N_("Explain why it will be late."), {"reason": N_("A reason is needed.")})
    assignment = work.assignment(assignment_id)
    report = _file(work, assignment, ReportKind.DELAY_EXPLANATION, reason, next_steps=progress)
    for obligation in clocks.open_clocks(work, assignment, ("first_feedback", "result", "rework", "contribution")):
        if not obligation.has_passed(at):
            obligation.explained_late = True
    note(work, "delay_explained", unit=_name(work, assignment), reason=reason.strip(), text=progress.strip())
    tell_office(work, "matter.delay_explained", str(report.id), unit=_name(work, assignment), reason=reason.strip())
    return report


@command
def report_completion(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    text: str,
    document_no: str = "",
    signed_by: str = "",
    attachment_ids: Sequence[int] = (),
    expected_version: int,
    at: dt.datetime,
) -> Report:
    """The lead unit files the completion report in its own name, as its formal document with its number (华容区 art. 11).

    Refuses without the number or the file where the profile demands them. A report that came back stays as it was; the
    corrected one is the next attempt.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REPORT_COMPLETION, assignment_id)
    faults = {}
    if work.profile.completion.document_no_required and not document_no.strip():
        faults["document_no"] = N_("Enter the document number of the report.")
    if work.profile.completion.document_required and not attachment_ids:
        faults["attachment_ids"] = N_("Attach the completion report.")
    if faults:
        raise Invalid("report_incomplete", N_("The completion report is not complete."), faults)
    assignment = work.assignment(assignment_id)
    report = _file(
        work, assignment, ReportKind.COMPLETION, text, document_no=document_no, signed_by=signed_by, pending=True
    )
    keep_files(work, "report", report.id, attachment_ids)
    clocks.meet(work, assignment, ("first_feedback", "progress", "result", "rework"), "report", report.id)
    clocks.open_clock(work, "rectification_result", assignment)
    assignment.state = AssignmentState.REPORTED
    note(
        work,
        "completion_reported",
        unit=_name(work, assignment),
        document_no=report.document_no,
        attempt=report.attempt,
        text=report.text,
    )
    tell_office(work, "matter.completion_reported", str(report.id), unit=_name(work, assignment))
    advance(work)
    session.flush()
    return report


def _kind(work: Work, assignment: Assignment) -> ReportKind:
    case = work.case()
    part = next(one for one in case.matter.assignments if one.id == assignment.id)
    owed = owed_report(case.matter, part)
    if owed is not None:
        return owed
    interim = bool(clocks.open_clocks(work, assignment, ("first_feedback",)))
    return ReportKind.INTERIM_FEEDBACK if interim else ReportKind.PROGRESS


def _file(
    work: Work,
    assignment: Assignment,
    kind: ReportKind,
    text: str,
    *,
    percent: int | None = None,
    problems: str = "",
    next_steps: str = "",
    document_no: str = "",
    signed_by: str = "",
    pending: bool = False,
) -> Report:
    words = text.strip()
    for one in (text, problems, next_steps):
        refuse_secret_text(one)
    if not words:
        raise Invalid("text_needed", N_("Write the report."), {"text": N_("Write the report.")})
    if len(words) > MAX_TEXT:
        raise Invalid("text_too_long", N_("The report is too long."), {"text": N_("The report is too long.")})
    if percent is not None and not 0 <= percent <= 100:
        raise Invalid(
            "percent", N_("Progress is between 0 and 100."), {"percent": N_("Progress is between 0 and 100.")}
        )
    attempts = work.session.scalar(
        select(func.count()).select_from(Report).where(Report.assignment_id == assignment.id, Report.kind == kind)
    )
    report = Report(
        matter_id=work.matter.id,
        assignment_id=assignment.id,
        kind=kind,
        attempt=int(attempts or 0) + 1,
        text=words,
        percent=percent,
        problems=problems.strip() or None,
        next_steps=next_steps.strip() or None,
        document_no=document_no.strip()[:80] or None,
        signed_by=signed_by.strip()[:60] or None,
        submitted_at=work.at,
        submitted_by=work.actor.membership_id,
        review_state="pending" if pending else "none",
    )
    work.session.add(report)
    work.session.flush()
    return report


def keep_files(work: Work, subject_type: str, subject_id: int, attachment_ids: Sequence[int]) -> None:
    """Files added to the matter by the same person become the report's or objection's; others' and another's are refused."""
    for attachment_id in attachment_ids:
        attachment = work.session.get(Attachment, attachment_id)
        mine = attachment is not None and attachment.uploaded_by in (None, work.actor.membership_id)
        if (
            attachment is None
            or attachment.matter_id != work.matter.id
            or attachment.subject_type != "matter"
            or not mine
        ):
            raise Invalid("file_unknown", N_("That file is not one of yours in this matter."))
        attachment.subject_type, attachment.subject_id = subject_type, subject_id
    work.session.flush()


def _tell_lead(work: Work, assignment: Assignment, report: Report) -> None:
    lead = work.lead()
    if assignment.role == "co" and lead is not None and lead.id != assignment.id:
        tell_unit(
            work, lead, "matter.progress_reported", f"co{report.id}", unit=_name(work, assignment), text=report.text
        )


def _name(work: Work, assignment: Assignment) -> str:
    unit: Unit = work.session.get(Unit, assignment.unit_id)
    return unit.short_name
