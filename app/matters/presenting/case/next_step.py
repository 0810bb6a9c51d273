"""What happens next: what it is called, what is to be known for it, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable

from app.jurisdictions.rules import Step, StepKind
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as Panel
from app.kernel.pages import Link
from app.matters.models import Report
from app.matters.pages import NextStep
from app.matters.presenting.acts import REPORTS, Reader, edit_link, offered, unit_of
from app.matters.presenting.case.days import long_day
from app.matters.presenting.case.units import has_declined
from app.matters.presenting.clocks import pending_extension
from app.matters.presenting.common import asked_words, matter_href, one_line
from app.matters.presenting.concluding import conclusion_title
from app.matters.queries import CaseFile
from app.matters.rules import REASONS, WORKING_STATES, Act, AssignmentState, MatterState
from app.matters.rules.concluding import may_end, open_until

# Acts that are open to somebody without the next step being that person's.
NOT_MINE = frozenset(
    {
        Act.SUSPEND,
        Act.CANCEL,
        Act.REOPEN,
        Act.URGE,
        Act.LOG_RECEIPT,
        Act.LOG_CONCLUSION_RECEIPT,
        Act.DELEGATE,
        Act.END_DELEGATION,
    }
)

# What the next step is called: for whoever does it, and for those who wait.
NEXT: dict[StepKind, tuple[str, str]] = {
    StepKind.DRAFT: (N_("Complete the draft and submit it for approval"), N_("The draft is being completed")),
    StepKind.APPROVAL: (N_("Decide on the proposal"), N_("The proposal awaits a decision")),
    StepKind.REGISTRATION: (N_("Register and number the matter"), N_("The matter awaits its number")),
    StepKind.SCHEME: (N_("Draw up the scheme"), N_("The scheme is being drawn up")),
    StepKind.DISPATCH: (N_("Dispatch the matter to its units"), N_("The matter awaits dispatch")),
    StepKind.HANDLING: (N_("The units are at work"), N_("The units are at work")),
    StepKind.REVIEW: (N_("Judge the completion report"), N_("The completion report is under review")),
    StepKind.CLOSING: (N_("Record the result and close out"), N_("The matter awaits closing out")),
    StepKind.ARCHIVING: (N_("File the matter away"), N_("The matter awaits archiving")),
}


def next_step(file: CaseFile, reader: Reader, main: list[Panel]) -> NextStep:
    """What happens next with the matter, and what the reader can do about it."""
    matter, step = file.matter, file.procedure.step(file.matter.step_key)
    offers = offered(file)
    if matter.state in (MatterState.ARCHIVED, MatterState.CANCELLED):
        title = _("The matter is archived") if matter.state == MatterState.ARCHIVED else _("The matter was cancelled")
        return NextStep(title, one_line(matter.result, 200), False, tuple(main))
    if matter.state == MatterState.SUSPENDED:
        pause = next((one for one in reversed(file.pauses) if one.until_on is None), None)
        words = f"{long_day(pause.from_on)} · {one_line(pause.reason, 200)}" if pause else ""
        return NextStep(_("The clock is paused"), words, Act.RESUME in offers, tuple(main))
    page = matter_href(reader.root, matter.id)
    reports = tuple(
        Link(_("Open the report page"), f"{page}/report?kind={kind}", "doc")
        for act, kind in REPORTS.items()
        if act in offers and act is not Act.EXPLAIN_DELAY
    )[:1]
    mine = bool(offers.keys() - NOT_MINE)
    return NextStep(
        title=_title(file, reader, step, mine),
        text=_text(file, step, offers.keys()),
        mine=mine,
        acts=tuple(main),
        links=(*edit_link(file, reader), *reports),
    )


def _title(file: CaseFile, reader: Reader, step: Step, mine: bool) -> str:
    questions = {verdict.approval_id for verdict in offered(file).get(Act.AGREE, ())}
    if questions:
        return asked_words(next(one for one in file.approvals if one.id in questions))
    if step.kind is StepKind.HANDLING:
        own = next((one for one in file.assignments if one.unit_id == reader.actor.unit_id), None)
        if own is not None and mine:
            if own.state == AssignmentState.NOTIFIED:
                return _("Sign for the notice")
            if own.state == AssignmentState.RETURNED:
                return _("Correct the completion report and file it again")
            if own.state in WORKING_STATES:
                return _("Handle the matter and report")
        if any(one.state == AssignmentState.DECLINED and one.role == "lead" for one in file.assignments):
            return _("The lead unit declined: another one is to take over")
        if all(one.state == AssignmentState.NOTIFIED for one in file.assignments if not has_declined(one)):
            return _("The units are to sign for the notice")
    if step.kind in (StepKind.CLOSING, StepKind.ARCHIVING):
        about = conclusion_title(file, offered(file).keys())
        if about:
            return about
    return translate(NEXT[step.kind][0 if mine else 1])


def _text(file: CaseFile, step: Step, offers: Iterable[Act]) -> str:
    matter = file.matter
    if step.kind is StepKind.APPROVAL:
        return _approval_text(file, step)
    if step.kind is StepKind.HANDLING:
        returned = next((one for one in reversed(file.reports) if one.review_state == "returned"), None)
        if returned is not None and matter.state == MatterState.IN_PROGRESS:
            return _("The last report was returned: %(reason)s", reason=one_line(returned.review_opinion, 200))
        there = [one for one in file.assignments if not has_declined(one)]
        signed = sum(one.acknowledged_at is not None for one in there)
        told = _("%(signed)s of %(all)s units have signed for the notice.", signed=signed, all=len(there))
        return "\n".join(line for line in (pending_extension(file), told) if line)
    if step.kind is StepKind.REVIEW:
        report = next((one for one in reversed(file.reports) if one.review_state == "pending"), None)
        return _report_words(file, report) if report else ""
    if step.kind is StepKind.DRAFT and Act.SUBMIT in offers:
        back = next((one for one in file.events if one.kind in ("matter.returned", "matter.submitted")), None)
        if back is not None and back.kind == "matter.returned":
            return _("Returned for changes: %(reason)s", reason=one_line(back.facts.get("opinion"), 200))
    if step.kind in (StepKind.CLOSING, StepKind.ARCHIVING):
        waiting = may_end(file.case.matter)
        if waiting is not None:
            until = open_until(file.case.matter)
            return translate(REASONS[waiting], until=until.isoformat() if until else "")
        return one_line(matter.result, 200)
    return _("Done by %(roles)s (%(article)s).", roles=_roles(file, step.who), article=step.article)


def _approval_text(file: CaseFile, step: Step) -> str:
    current = next((one for one in file.approvals if one.state == "pending" and one.step_key == step.key), None)
    given = {vote.role_key for vote in current.votes if vote.decision == "approved"} if current else set()
    roles = step.approval.roles if step.approval else ()
    waiting = _roles(file, [role for role in roles if role not in given])
    modes = {
        "any_of": _("One of them decides: %(roles)s.", roles=waiting),
        "all_of": _("All of them decide; still open: %(roles)s.", roles=waiting),
        "sequence": _("They decide one after the other; still open: %(roles)s.", roles=waiting),
    }
    said = modes[step.approval.mode.value] if step.approval else ""
    asked = one_line(file.matter.handling_proposal, 160)
    proposal = _("Proposal: %(words)s", words=asked)
    return f"{said}\n{proposal}" if asked else said


def _report_words(file: CaseFile, report: Report) -> str:
    head = " · ".join(
        part
        for part in (
            unit_of(file, report.assignment_id),
            report.document_no or "",
            long_day(local_date(report.submitted_at)),
            _("attempt %(number)s", number=report.attempt) if report.attempt > 1 else "",
        )
        if part
    )
    return f"{head}\n{one_line(report.text, 240)}"


def _roles(file: CaseFile, keys: Iterable[str]) -> str:
    names = {role.key: role.name for role in file.profile.roles}
    return "、".join(names.get(key, key) for key in keys)
