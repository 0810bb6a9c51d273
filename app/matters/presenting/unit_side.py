"""A unit's side of a matter: the notice it signs for, the reports it files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.documents.models import Document
from app.jurisdictions.rules.profile import DocumentType
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Tab
from app.matters.forms.case import ActForm
from app.matters.models import Assignment
from app.matters.pages import FieldGroup, Letter, ReceiptPage, ReportPage
from app.matters.presenting.acts import REPORTS, Asked, Reader, choices, effect_of, offered, panel
from app.matters.presenting.case import file_lines, long_day, proposed_decline
from app.matters.presenting.clocks import explain, main_clock
from app.matters.presenting.common import ACT_WORDS, act_label, due_cell, matter_href
from app.matters.presenting.record import report_entry
from app.matters.queries import CaseFile
from app.matters.rules import Act, AssignmentState, MatterState

KINDS = {kind: act for act, kind in REPORTS.items()}
EFFECTS = {
    Act.REPORT_PROGRESS: N_("The office reads it at once; the lead unit reads a co-handling unit's."),
    Act.EXPLAIN_DELAY: N_("The date stays; the explanation is recorded."),
    Act.REPORT_COMPLETION: N_("The office reviews it. Once filed it cannot be changed."),
}
GROUPS = {
    Act.REPORT_PROGRESS: ("text", "percent", "problems", "next_steps", "attachment_ids", "files"),
    Act.EXPLAIN_DELAY: ("reason", "progress"),
    Act.REQUEST_EXTENSION: ("obligation_id", "proposed_due_on", "reason", "progress"),
    Act.REPORT_COMPLETION: ("text", "document_no", "signed_by", "attachment_ids", "files"),
}
# What a notice says after its head, in the order in which it is read.
LETTER_LINES = ("领导批示", "办理要求", "主办单位", "协办单位", "办结时限", "时限依据", "反馈方式", "附件")
PAPER_LINES = ("办结时限", "附件")
CONTACT_LINES = ("联系人", "联系电话")


def own_part(file: CaseFile, reader: Reader) -> Assignment | None:
    """The part of the reader's unit."""
    mine = (one for one in file.assignments if one.unit_id == reader.actor.unit_id)
    return next((one for one in mine if one.state != AssignmentState.PLANNED), None)


def letter_of(document: Document, name: str) -> Letter:
    """An issued notice as it is read on the screen: its frozen facts, nothing computed anew."""
    facts = document.facts

    def said(key: str) -> str:
        value = facts.get(key) or ""
        return "\n".join(map(str, value)) if isinstance(value, list) else str(value)

    paper = not said("主办单位")  # a conclusion or decision, in its own words, and no notice
    paragraphs = [said("办理要求") if paper else said("督办事项")]
    lines = PAPER_LINES if paper else ("立项依据", "来文字号", "批示领导", "批示日期", *LETTER_LINES)
    paragraphs += [f"{key}：{said(key)}" for key in (*lines, *CONTACT_LINES) if said(key)]
    return Letter(
        issuer=said("发文机关") or said("署名"),
        number=document.document_no,
        title=said("标题") if paper and said("标题") else name,
        addressee=said("主送"),
        paragraphs=tuple(line for paragraph in paragraphs for line in paragraph.splitlines()),
        signed=said("署名"),
        on=local_date(document.issued_at),
    )


def document_name(kinds: Iterable[DocumentType], document: Document) -> str:
    """What a paper is called in this jurisdiction."""
    names = {one.key: one.name for one in kinds}
    return names.get(document.document_type, document.title)


def receipt_page(
    file: CaseFile, reader: Reader, part: Assignment, document: Document, asked: Asked | None = None
) -> ReceiptPage:
    """The notice with its two answers."""
    offers, asked = offered(file), asked or Asked()
    page = matter_href(reader.root, file.matter.id)
    acts = {
        act: panel(file, reader, act, offers[act], asked, action=f"{page}/{act.value}?from=receipt")
        for act in (Act.ACKNOWLEDGE, Act.DECLINE, Act.CONFIRM_DECLINE, Act.REJECT_DECLINE)
        if act in offers
    }
    if Act.CONFIRM_DECLINE in acts and Act.ACKNOWLEDGE in acts:
        acts[Act.ACKNOWLEDGE] = replace(acts[Act.ACKNOWLEDGE], tone="plain")
    clock = main_clock(file, reader)
    window = file.profile.receipt.decline_window_working_days
    until = None
    if window is not None and part.notified_at is not None:
        until = file.calendar.nth_working_day_after(local_date(part.notified_at), window)
    facts = (
        (_("Dispatched"), long_day(local_date(document.issued_at))),
        (_("Signed for by"), part.acknowledged_by or ""),
        (_("Leader in charge"), part.leader_in_charge or ""),
    )
    return ReceiptPage(
        title=file.matter.title,
        letter=letter_of(document, document_name(file.profile.document_types, document)),
        role=part.role,
        due=due_cell(clock, file.calendar, file.today, paused=file.matter.state == MatterState.SUSPENDED, at=file.at),
        facts=tuple((label, value) for label, value in facts if value),
        sign=acts.get(Act.ACKNOWLEDGE),
        decline=acts.get(Act.DECLINE),
        signing=tuple(acts[act] for act in (Act.CONFIRM_DECLINE, Act.REJECT_DECLINE) if act in acts),
        proposed=proposed_decline(part),
        decline_until=until,
        files=file_lines(file, reader, [one for one in file.attachments if one.kind in ("original", "copy")]),
        explanation=explain(file, clock) if clock is not None else None,
        back_href=f"{reader.root}/todo/",
    )


def report_acts(file: CaseFile) -> list[Act]:
    """The kinds of report that may be filed now."""
    offers = offered(file)
    return [act for act in REPORTS if act in offers]


def report_page(
    file: CaseFile, reader: Reader, part: Assignment, act: Act, form: ActForm, *, meanwhile: str = ""
) -> ReportPage:
    """The form of one kind of report, with what it is judged by and what others sent."""
    page = f"{matter_href(reader.root, file.matter.id)}/report"
    clock = main_clock(file, reader)
    own = [one for one in reversed(file.reports) if one.assignment_id == part.id]
    others = [one for one in reversed(file.reports) if one.assignment_id != part.id] if part.role == "lead" else []
    returned = next((one for one in own if one.kind == "completion"), None)
    words = ACT_WORDS[act]
    return ReportPage(
        title=file.matter.title,
        number=file.matter.register_no or "",
        kind=REPORTS[act],
        tabs=tuple(Tab(act_label(one), f"{page}?kind={REPORTS[one]}", current=one is act) for one in report_acts(file)),
        form=form,
        groups=(FieldGroup("", GROUPS[act]),),
        action=f"{page}?kind={REPORTS[act]}",
        submit_label=translate(words.submit),
        effect=effect_of(file, act, offered(file)[act]) if act not in EFFECTS else translate(EFFECTS[act]),
        due=due_cell(clock, file.calendar, file.today, paused=file.matter.state == MatterState.SUSPENDED, at=file.at),
        back_href=matter_href(reader.root, file.matter.id),
        criteria=tuple(one.name for one in file.profile.completion.criteria) if act is Act.REPORT_COMPLETION else (),
        returned=(returned.review_opinion or "")
        if returned is not None and returned.review_state == "returned"
        else "",
        history=tuple(report_entry(file, reader, one) for one in own),
        co_reports=tuple(report_entry(file, reader, one) for one in others),
        explanation=explain(file, clock) if clock is not None else None,
        version=file.matter.version,
        meanwhile=meanwhile,
    )


__all__ = [
    "KINDS",
    "choices",
    "document_name",
    "letter_of",
    "own_part",
    "receipt_page",
    "report_acts",
    "report_page",
]
