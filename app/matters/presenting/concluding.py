"""Conclusions and delegations of a matter as the values of its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from app.deadlines.queries import explanation
from app.documents.models import Document
from app.kernel.clock import local_date, local_datetime
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import FileLine, Link
from app.matters.models import Conclusion, Delegation
from app.matters.pages import ConclusionLine, DelegationLine
from app.matters.presenting.acts import Reader, unit_of
from app.matters.presenting.common import due_cell
from app.matters.presenting.record import attached_files
from app.matters.queries import CaseFile
from app.matters.rules import Act, ConclusionState
from app.matters.rules.concluding import may_end, owes_conclusion

# How a conclusion stands: its words and its tone.
STATES: Mapping[str, tuple[str, str]] = {
    ConclusionState.SERVED: (N_("Served, not signed for"), "warn"),
    ConclusionState.RECEIVED: (N_("Signed for"), "info"),
    ConclusionState.WAIVED: (N_("No objection"), "ok"),
    ConclusionState.OBJECTED: (N_("Under review"), "hold"),
    ConclusionState.UPHELD: (N_("Upheld"), "ok"),
    ConclusionState.CHANGED: (N_("Conclusion changed"), "ok"),
    ConclusionState.REVOKED: (N_("Revoked"), "mute"),
    ConclusionState.SUPERSEDED: (N_("Superseded"), "mute"),
}


# What stands between a completed matter and its end: for whoever does it, and for those who wait.
NEXT: Mapping[str, tuple[Act, str, str]] = {
    "unserved": (Act.SERVE_CONCLUSION, N_("Serve the conclusion"), N_("The conclusion is to be served")),
    "conclusion_unreceived": (
        Act.ACKNOWLEDGE_CONCLUSION,
        N_("Sign for the conclusion"),
        N_("The units are to sign for the conclusion"),
    ),
    "objection_open": (
        Act.OBJECT,
        N_("Object to the conclusion in time, or say that you do not"),
        N_("The units may still object to the conclusion"),
    ),
    "review_open": (Act.DECIDE_OBJECTION, N_("Decide on the objection"), N_("An objection is under review")),
}


def conclusion_title(file: CaseFile, offers: Collection[Act]) -> str:
    """What is next about the conclusion; nothing where none stands in the way of the matter's end."""
    waiting = "unserved" if owes_conclusion(file.case.matter) else may_end(file.case.matter)
    if waiting is None:
        return ""
    act, mine, others = NEXT[waiting]
    return translate(mine if act in offers else others)


def conclusion_lines(file: CaseFile, reader: Reader) -> tuple[ConclusionLine, ...]:
    """Every conclusion the reader may read, the last first."""
    return tuple(_line(file, reader, one) for one in reversed(file.conclusions))


def _line(file: CaseFile, reader: Reader, one: Conclusion) -> ConclusionLine:
    words, tone = STATES[one.state]
    filed = one.objection
    clock = next((each for each in file.obligations if filed is not None and each.id == filed.obligation_id), None)
    papers = {paper.id: paper for paper in file.documents}
    signed = ""
    if one.received_at is not None:
        signed = f"{local_datetime(one.received_at):%Y-%m-%d %H:%M} {one.received_by or ''}".strip()
        signed += _(" (logged by the office)") if one.logged_by_office else ""
    return ConclusionLine(
        unit=unit_of(file, one.assignment_id),
        state=translate(words),
        tone=tone,
        text=one.text,
        facts=tuple(
            (label, value)
            for label, value in (
                (_("Served on"), local_date(one.served_at).isoformat()),
                (_("Signed for"), signed),
                (_("Objection possible until"), _day(one.objection_until)),
                (_("To be put right"), one.rectification or ""),
                (_("To be put right by"), _day(one.rectify_by)),
                (_("No objection, said on"), _day(local_date(one.waived_at)) if one.waived_at else ""),
                (_("Objection filed on"), _day(local_date(filed.filed_at)) if filed else ""),
                (_("Reason of the objection"), filed.reason if filed else ""),
                (_("Decided on"), _day(local_date(filed.decided_at)) if filed and filed.decided_at else ""),
                (_("Decision of the review"), (filed.decision_text or "") if filed else ""),
            )
            if value
        ),
        papers=tuple(
            _paper(reader, papers[paper_id])
            for paper_id in (one.document_id, filed.document_id if filed else None)
            if paper_id in papers
        ),
        files=attached_files(file, reader, "objection", filed.id) if filed else (),
        due=due_cell(clock, file.calendar, file.today, at=file.at) if clock and clock.state == "open" else None,
        why=tuple(explanation(one.objection_explanation)) if one.objection_explanation else (),
    )


def _paper(reader: Reader, paper: Document) -> FileLine:
    may_open = reader.actor.may("attachment:read")
    return FileLine(
        name=f"{paper.document_no}.docx",
        href=f"{reader.root}/documents/{paper.id}.docx" if may_open else "",
        bytes=0,
        by="",
        on=local_date(paper.issued_at),
        kind_label=paper.title.split("：")[0],
        links=(Link(_("Print view"), f"{reader.root}/documents/{paper.id}/print"),) if may_open else (),
    )


def delegation_lines(file: CaseFile) -> tuple[DelegationLine, ...]:
    """Which departments supervise, or did, by which instrument and until when."""
    return tuple(_delegation(file, one) for one in reversed(file.delegations))


def _delegation(file: CaseFile, one: Delegation) -> DelegationLine:
    running = one.ended_at is None and one.from_on <= file.today <= one.until_on
    coming = one.ended_at is None and file.today < one.from_on
    return DelegationLine(
        unit=one.unit.short_name,
        state=_("In force") if running else _("Not begun") if coming else _("Ended"),
        tone="ok" if running else "info" if coming else "mute",
        facts=tuple(
            (label, value)
            for label, value in (
                (_("Instrument"), one.document_no),
                (_("Period"), f"{one.from_on.isoformat()} – {one.until_on.isoformat()}"),
                (_("Scope"), one.scope),
                (_("Duty"), one.duty),
                (_("Ended on"), _day(local_date(one.ended_at)) if one.ended_at else ""),
                (_("Reason"), one.end_reason or ""),
            )
            if value
        ),
    )


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else ""
