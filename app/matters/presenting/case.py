"""A case file as the values of its page: who is next, how far it has come, what happened, what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.documents.models import Attachment
from app.jurisdictions.rules import Step, StepKind
from app.jurisdictions.rules.profile import Named
from app.kernel.clock import local_date, local_datetime
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as Panel
from app.kernel.pages import FileLine, Link, Tab
from app.matters.forms.case import KIND_WORDS, upload_form
from app.matters.models import STEP, Approval, ApprovalVote, Assignment, Report
from app.matters.pages import Annex, CaseFilePage, NextStep, TrackerStep, UnitLine
from app.matters.presenting.acts import REPORTS, Asked, Reader, edit_link, offered, panels, unit_of
from app.matters.presenting.clocks import clocks_for, explain, main_clock, obligation_lines, pending_extension
from app.matters.presenting.common import (
    MODE_WORDS,
    ORIGIN_WORDS,
    SECRECY_WORDS,
    SESSION_WORDS,
    URGENCY_WORDS,
    asked_words,
    decider_words,
    due_cell,
    matter_href,
    one_line,
    word,
)
from app.matters.presenting.concluding import conclusion_lines, conclusion_title, delegation_lines
from app.matters.presenting.record import SHOWN, log_lines, timeline
from app.matters.queries import CaseFile
from app.matters.rules import REASONS, WORKING_STATES, Act, AssignmentState, MatterState
from app.matters.rules.concluding import may_end, open_until
from app.notifications.rules import PURPOSES

SECTIONS = ("timeline", "content", "units", "documents", "conclusion", "deadline", "log")
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
FINISHED = (MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)

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


def case_page(
    file: CaseFile,
    reader: Reader,
    section: str,
    *,
    asked: Asked | None = None,
    show: str = "",
    meanwhile: str = "",
    kept: tuple[tuple[str, str], ...] = (),
    annexes: tuple[Annex, ...] = (),
) -> CaseFilePage:
    """The page of one matter with one of its parts open."""
    matter = file.matter
    asked = asked or Asked()
    main, side = panels(file, reader, asked)
    main += [act for annex in annexes for act in annex.acts]
    clock = main_clock(file, reader)
    events = timeline(file, reader)
    shown = [entry for entry in events if not show or entry.group == show]
    sections = _sections(file, reader)
    section = section if section in sections else SECTIONS[0]
    units = tuple(_unit_line(file, one) for one in file.assignments)
    attachments = file_lines(file, reader, file.attachments)
    documents = document_lines(file, reader)
    return CaseFilePage(
        title=matter.title,
        number=matter.register_no or "",
        state=matter.state,
        state_label=file.profile.words.get(matter.state, ""),
        due=due_cell(clock, file.calendar, file.today, paused=matter.state == MatterState.SUSPENDED, at=file.at),
        facts=_identity(file),
        next_step=_next_step(file, reader, main),
        steps=tracker(file),
        tabs=_tabs(file, reader, section, sections, (len(events), len(units), len(documents) + len(attachments))),
        section=section,
        ledger_href=f"{reader.root}/matters/",
        urgency=matter.urgency,
        tools=_tools(file, reader, documents),
        more_acts=tuple(side),
        restricted=word(SECRECY_WORDS, matter.secrecy_level) if matter.secrecy_level == "sensitive" else "",
        timeline=tuple(entry.line for entry in shown) if section == "timeline" else (),
        timeline_filters=_filters(file, reader, show, {entry.group for entry in events}),
        content=_content(file, reader) if section == "content" else (),
        content_facts=_content_facts(file, reader) if section == "content" else (),
        units=units if section == "units" else (),
        documents=documents,
        attachments=attachments,
        upload=_upload(file, reader, opened=asked.act == "upload") if section == "documents" else None,
        conclusions=conclusion_lines(file, reader) if section == "conclusion" else (),
        delegations=delegation_lines(file) if section == "conclusion" else (),
        obligations=obligation_lines(file, reader) if section == "deadline" else (),
        log=log_lines(file) if section == "log" else (),
        log_note=_("Every line is sealed together with the one before it: nothing can be changed or taken out unseen."),
        explanation=explain(file, clock) if clock is not None else None,
        side_units=units,
        side_files=(*documents, *attachments)[:6],
        meanwhile=meanwhile,
        kept=kept,
        annexes=tuple(annex for annex in annexes if annex.template),
    )


def _sections(file: CaseFile, reader: Reader) -> tuple[str, ...]:
    """The parts this reader opens: conclusions where the profile knows them, the log for the office and its auditors."""
    left_out = set() if reader.in_office or reader.actor.may("event:read") else {"log"}
    if file.profile.conclusion is None and not file.delegations:
        left_out.add("conclusion")
    return tuple(one for one in SECTIONS if one not in left_out)


# -- head --------------------------------------------------------------------------------------------------------------


def _identity(file: CaseFile) -> tuple[tuple[str, str], ...]:
    matter = file.matter
    leader = matter.instruction_by or (
        matter.instruction_leader.person.get_full_name() if matter.instruction_leader else ""
    )
    lead = [one.unit.short_name for one in file.assignments if one.role == "lead" and not _gone(one)]
    others = [one.unit.short_name for one in file.assignments if one.role == "co" and not _gone(one)]
    since = matter.registered_at or matter.listed_at or matter.created_at
    label = _("Registered") if matter.registered_at else _("Listed") if matter.listed_at else _("Drawn up")
    return (
        (_("Number"), matter.register_no or ""),
        (_("Source"), matter.source.short_name),
        (_("Leader"), leader),
        (_("Lead"), "、".join(lead)),
        (_("Co-handling"), "、".join(others)),
        (label, long_day(local_date(since))),
    )


def long_day(on: dt.date) -> str:
    """A day as texts write it."""
    return _("%(year)s-%(month)s-%(day)s", year=on.year, month=on.month, day=on.day)


def short_day(instant: dt.datetime | None) -> str:
    """A day of the running year."""
    on = local_date(instant) if instant else None
    return _("%(month)s-%(day)s", month=on.month, day=on.day) if on else ""


def _gone(one: Assignment) -> bool:
    return one.state == AssignmentState.DECLINED


def _tabs(
    file: CaseFile, reader: Reader, section: str, sections: tuple[str, ...], counts: tuple[int, int, int]
) -> tuple[Tab, ...]:
    words = {
        "timeline": (_("Timeline"), counts[0]),
        "content": (_("Content"), None),
        "units": (_("Units"), counts[1]),
        "documents": (_("Documents and files"), counts[2]),
        "conclusion": (_("Conclusion and review"), len(file.conclusions) or None),
        "deadline": (_("Deadlines"), None),
        "log": (_("Log"), None),
    }
    page = matter_href(reader.root, file.matter.id)
    return tuple(Tab(words[key][0], f"{page}?section={key}", words[key][1], current=key == section) for key in sections)


def _tools(file: CaseFile, reader: Reader, documents: tuple[FileLine, ...]) -> tuple[Link, ...]:
    tools = [Link(_("Print the notice"), link.href, "print") for one in documents[:1] for link in one.links]
    own = next((one for one in file.assignments if one.unit_id == reader.actor.unit_id), None)
    if own is not None and own.document_id is not None and not reader.in_office:
        tools.append(Link(_("Read the notice"), f"{matter_href(reader.root, file.matter.id)}/receipt", "mail"))
    return tuple(tools)


# -- next step ---------------------------------------------------------------------------------------------------------


def _next_step(file: CaseFile, reader: Reader, main: list[Panel]) -> NextStep:
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
        if all(one.state == AssignmentState.NOTIFIED for one in file.assignments if not _gone(one)):
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
        there = [one for one in file.assignments if not _gone(one)]
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


# -- tracker -----------------------------------------------------------------------------------------------------------


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


# -- parts -------------------------------------------------------------------------------------------------------------


def _filters(file: CaseFile, reader: Reader, show: str, there: set[str]) -> tuple[Tab, ...]:
    page = f"{matter_href(reader.root, file.matter.id)}?section=timeline"
    known = [(key, translate(msgid)) for key, msgid in SHOWN.items() if key in there]
    if len(known) < 2:
        return ()
    return (
        Tab(_("All"), page, current=not show),
        *(Tab(label, f"{page}&show={key}", current=key == show) for key, label in known),
    )


def _content(file: CaseFile, reader: Reader) -> tuple[tuple[str, str], ...]:
    matter = file.matter
    parts = [
        (_("Content"), matter.content),
        (_("Words of the instruction"), matter.instruction_text or ""),
    ]
    if reader.in_office:
        parts += [
            (_("Handling proposal"), matter.handling_proposal or ""),
            (_("Scheme"), matter.scheme or ""),
        ]
        roles = {role.key: role.name for role in file.profile.roles}
        for one in file.approvals:
            for vote in one.votes:
                decided = _decided(one, vote)
                name = decider_words(vote, reader.names)
                label = f"{roles.get(vote.role_key, vote.role_key)} {name} · {decided}"
                parts.append((label, vote.opinion or _("No opinion was written.")))
    parts.append((_("Result"), matter.result or ""))
    parts += _answers(file)
    return tuple((label, text) for label, text in parts if text)


def _answers(file: CaseFile) -> list[tuple[str, str]]:
    """What those who raised the matter said, round by round."""
    asked = file.profile.completion.satisfaction
    names = {level.key: level.name for level in asked.levels} if asked else {}
    return [
        (
            _("%(who)s, round %(round)s", who=asked.asked_of if asked else "", round=one.round),
            f"{names.get(one.level, one.level)}：{one.opinion}" if one.opinion else names.get(one.level, one.level),
        )
        for one in file.answers
    ]


def _decided(approval: Approval, vote: ApprovalVote) -> str:
    """What a vote said, and about what when it was no step."""
    if approval.purpose == STEP:
        return _("approved") if vote.decision == "approved" else _("returned")
    said = _("agreed") if vote.decision == "approved" else _("not agreed")
    return f"{word(PURPOSES, approval.purpose)} · {said}"


def _content_facts(file: CaseFile, reader: Reader) -> tuple[tuple[str, str], ...]:
    matter = file.matter
    source = matter.source
    types = {one.key: one.name for one in file.profile.document_types}
    pairs = [
        (_("Source"), f"{source.name}（{source.article}）" if source.article else source.name),
        (_("Source document number"), matter.source_document_no or ""),
        (_("When it was handed in"), word(SESSION_WORDS, matter.session) if matter.session else ""),
        (_("Content of supervision"), _named(file.profile.scopes, matter.scope_key)),
        (_("Kind of supervision"), _named(file.profile.supervision_kinds, matter.kind_key)),
        (_("Urgency"), word(URGENCY_WORDS, matter.urgency)),
        (_("Level"), word(ORIGIN_WORDS, matter.origin_level)),
        (_("Way of handling"), word(MODE_WORDS, matter.handling_mode)),
        (_("Secrecy"), word(SECRECY_WORDS, matter.secrecy_level)),
        (_("Kind of notice"), types.get(matter.document_type or "", "")),
        (_("Supervision plan"), matter.plan.title if matter.plan else ""),
        (_("Responsible division"), matter.responsible_division.short_name if matter.responsible_division else ""),
        (_("Supervision group"), matter.supervising_unit.short_name if matter.supervising_unit else ""),
        (_("Date of the instruction"), _day(matter.instruction_on)),
        (_("Date of the meeting"), _day(matter.meeting_on)),
        (_("Exposed by the media on"), _day(matter.exposed_on)),
        (_("Stated date"), _day(matter.stated_due_on)),
        (_("Feedback wanted by"), _day(matter.feedback_due_on)),
        (_("Grade"), next((one.name for one in file.profile.completion.grades if one.key == matter.grade), "")),
        (_("Drawn up by"), matter.drawn_up_by or reader.names.get(matter.registered_by or 0, "")),
        (_("Archive number"), matter.archive_no or ""),
    ]
    return tuple((label, value) for label, value in pairs if value)


def _named(entries: Iterable[Named], key: str | None) -> str:
    """An entry as the office's regulation calls it."""
    return next((one.name for one in entries if one.key == key), "")


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else ""


def proposed_decline(one: Assignment) -> str:
    """Why a unit wants to decline while its leader has still to sign it."""
    if one.decline_proposed_at is None or one.state not in (AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED):
        return ""
    return _("Declining is proposed, the unit's leader has still to sign: %(reason)s", reason=one.decline_reason or "")


def _unit_line(file: CaseFile, one: Assignment) -> UnitLine:
    running = [clock for clock in file.obligations if clock.assignment_id == one.id and clock.state == "open"]
    clock = min(running, key=lambda each: (each.due_on, each.id), default=None)
    reports = [report for report in file.reports if report.assignment_id == one.id]
    last = reports[-1] if reports else None
    percents = [report.percent for report in reports if report.percent is not None]
    return UnitLine(
        name=one.unit.short_name,
        role=one.role,
        state=one.state,
        due=due_cell(clock, file.calendar, file.today, paused=file.matter.state == MatterState.SUSPENDED, at=file.at),
        leader_in_charge=one.leader_in_charge or "",
        contact=one.acknowledged_by or "",
        phone=one.contact_phone or "",
        acknowledged_at=local_datetime(one.acknowledged_at) if one.acknowledged_at else None,
        logged_by_office=one.logged_by_office,
        reported_on=local_date(last.submitted_at) if last else None,
        percent=percents[-1] if percents else None,
        decline_reason=proposed_decline(one) or one.decline_reason or "",
    )


def document_lines(file: CaseFile, reader: Reader) -> tuple[FileLine, ...]:
    """The issued notices; a unit sees its own."""
    seen = [one for one in file.documents if reader.in_office or one.unit_id == reader.actor.unit_id]
    may_open = reader.actor.may("attachment:read")
    units = {one.unit_id: one.unit.short_name for one in file.assignments}
    return tuple(
        FileLine(
            name=f"{one.document_no}.docx",
            href=f"{reader.root}/documents/{one.id}.docx" if may_open else "",
            bytes=0,
            by=units.get(one.unit_id or 0, ""),
            on=local_date(one.issued_at),
            kind_label=one.title.split("：")[0],
            links=(Link(_("Print view"), f"{reader.root}/documents/{one.id}/print"),) if may_open else (),
        )
        for one in seen
    )


def file_lines(file: CaseFile, reader: Reader, attachments: Iterable[Attachment]) -> tuple[FileLine, ...]:
    """Files with who added them."""
    may_open = reader.actor.may("attachment:read")
    return tuple(
        FileLine(
            name=one.file_name,
            href=f"{reader.root}/attachments/{one.id}" if may_open else "",
            bytes=one.size,
            by=reader.names.get(one.uploaded_by or 0, ""),
            on=local_date(one.uploaded_at),
            kind_label=str(KIND_WORDS.get(one.kind, one.kind)),
        )
        for one in attachments
    )


def _upload(file: CaseFile, reader: Reader, *, opened: bool) -> Panel | None:
    if not reader.actor.may("attachment:write") or file.matter.state in FINISHED:
        return None
    return Panel(
        key="upload",
        label=_("Add a file"),
        submit_label=_("Add the file"),
        action=f"{matter_href(reader.root, file.matter.id)}/attachments",
        effect=_("PDF, OFD, Word, WPS, Excel, pictures or text. No classified files."),
        icon="upload",
        form=upload_form(),
        open=opened,
    )


__all__ = ["SECTIONS", "case_page", "clocks_for", "document_lines", "file_lines", "long_day", "tracker"]
