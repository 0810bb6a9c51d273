"""What happened to a matter, in words: the timeline for people, the log for auditors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.documents.models import Attachment
from app.kernel.clock import local_date, local_datetime
from app.kernel.events import Event
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import FileLine
from app.matters.forms.case import KIND_WORDS
from app.matters.models import Report
from app.matters.pages import LogLine, TimelineEntry
from app.matters.presenting.acts import Reader, unit_of
from app.matters.presenting.common import STAGE_WORDS, word
from app.matters.queries import CaseFile
from app.notifications.rules import PURPOSES, act_words, own_words, say, told_facts

# The timeline's filters: what each shows.
SHOWN: Mapping[str, str] = {
    "feedback": N_("Feedback"),
    "urging": N_("Urging"),
    "approval": N_("Approval"),
    "extension": N_("Extension"),
    "notice": N_("Dispatch and receipt"),
    "conclusion": N_("Conclusion and review"),
}
GROUPS: Mapping[str, str] = {
    "matter.progress_reported": "feedback",
    "matter.delay_explained": "feedback",
    "matter.completion_reported": "feedback",
    "matter.returned_for_rework": "feedback",
    "matter.accepted": "feedback",
    "matter.satisfaction_recorded": "feedback",
    "matter.sent_round_again": "feedback",
    "matter.conclusion_served": "conclusion",
    "matter.conclusion_received": "conclusion",
    "matter.conclusion_receipt_logged": "conclusion",
    "matter.objected": "conclusion",
    "matter.objection_waived": "conclusion",
    "matter.objection_decided": "conclusion",
    "matter.urged": "urging",
    "matter.submitted": "approval",
    "matter.approved": "approval",
    "matter.returned": "approval",
    "matter.agreed": "approval",
    "matter.disagreed": "approval",
    "matter.extension_asked": "extension",
    "matter.extension_granted": "extension",
    "matter.extension_refused": "extension",
    "matter.extension_withdrawn": "extension",
    "matter.dispatched": "notice",
    "matter.acknowledged": "notice",
    "matter.receipt_logged": "notice",
    "matter.declined": "notice",
    "matter.decline_proposed": "notice",
    "matter.decline_rejected": "notice",
    "matter.reassigned": "notice",
}
# What goes on in the office before and beside the units' work is the office's.
OFFICE_ONLY = frozenset(
    {
        "matter.agreed",
        "matter.disagreed",
        "matter.drafted",
        "matter.imported",
        "matter.edited",
        "matter.submitted",
        "matter.approved",
        "matter.returned",
        "matter.registered",
        "matter.scheme_drawn_up",
    }
)
# Dates that moved, or would have: which one, from where to where.
DATE_KINDS = frozenset({"matter.date_moved", "matter.date_kept", "matter.date_ruled", "matter.date_ruled_kept"})
REPORT_KINDS = frozenset({"matter.progress_reported", "matter.delay_explained", "matter.completion_reported"})
SEAL = 12


@dataclass(frozen=True)
class Told:
    """One entry of the timeline and the filter it answers to."""

    group: str
    line: TimelineEntry


def timeline(file: CaseFile, reader: Reader) -> list[Told]:
    """What happened, newest first. A unit reads on from the dispatch; others' reports are for the lead that draws on them."""
    own = next((one for one in file.assignments if one.unit_id == reader.actor.unit_id), None)
    reports = {(one.submitted_at, unit_of(file, one.assignment_id)): one for one in file.reports}
    told = []
    for event in file.events:
        report = reports.get((event.at, event.facts.get("unit", ""))) if event.kind in REPORT_KINDS else None
        if not reader.in_office:
            if event.kind in OFFICE_ONLY:
                continue
            others = report is not None and (own is None or report.assignment_id != own.id)
            if others and (own is None or own.role != "lead"):
                continue
        told.append(Told(GROUPS.get(event.kind, ""), _entry(file, reader, event, report)))
    return told


def _entry(file: CaseFile, reader: Reader, event: Event, report: Report | None) -> TimelineEntry:
    words, facts = act_words(event.kind), event.facts
    parts = [own_words(facts)]
    if report is not None:
        parts = report_parts(report)
    notes = [str(facts[name]) for name in ("unit", "register_no", "archive_no") if facts.get(name)]
    if facts.get("role"):
        notes.append(next((role.name for role in file.profile.roles if role.key == facts["role"]), str(facts["role"])))
    if facts.get("successor"):
        notes.append(_("from %(former)s to %(successor)s", former=facts["former"], successor=facts["successor"]))
    if facts.get("for_whom"):
        notes.append(_("for %(name)s, who is absent", name=facts["for_whom"]))
    numbers = facts.get("document_no")
    if numbers:
        notes.append("、".join(numbers) if isinstance(numbers, list) else str(numbers))
    if event.kind == "matter.urged":
        notes.append("、".join(map(str, facts.get("units") or ())))
    if event.kind.startswith("matter.extension_"):
        until = facts.get("granted_due_on") or facts.get("proposed_due_on")
        notes.append(f"{facts.get('due_on')} → {until}" if until else str(facts.get("due_on") or ""))
        if event.kind == "matter.extension_asked" and facts.get("text"):
            parts.append(_("How far it is: %(words)s", words=facts["text"]))
    if event.kind in DATE_KINDS:
        moved = " → ".join(str(facts[name]) for name in ("before", "after") if facts.get(name))
        notes.append(f"{word(STAGE_WORDS, str(facts['stage']))} {moved}")
    if facts.get("purpose"):
        notes.append(word(PURPOSES, str(facts["purpose"])))
    failed = facts.get("failed") or ()
    if failed:
        names = {one.key: one.name for one in file.profile.completion.criteria}
        parts.append(_("Not met: %(criteria)s", criteria="、".join(names.get(key, key) for key in failed)))
    if report is not None and report.percent is not None:
        notes.append(f"{report.percent}%")
    return TimelineEntry(
        title=translate(words.title),
        by=translate(event.actor_name) if event.actor_id is None else event.actor_name,
        on=local_date(event.at),
        at=local_datetime(event.at),
        tone=words.tone,
        icon=words.icon,
        text="\n".join(part for part in parts if part),
        note=" · ".join(note for note in notes if note),
        files=report_files(file, reader, report) if report is not None else (),
    )


def report_parts(report: Report) -> list[str]:
    """A report's own words, part by part."""
    parts = [report.text]
    if report.problems:
        parts.append(_("Problems: %(words)s", words=report.problems))
    if report.next_steps:
        parts.append(_("Next steps: %(words)s", words=report.next_steps))
    return parts


def report_files(file: CaseFile, reader: Reader, report: Report) -> tuple[FileLine, ...]:
    """The files a report came with."""
    return attached_files(file, reader, "report", report.id)


def attached_files(file: CaseFile, reader: Reader, subject_type: str, subject_id: int) -> tuple[FileLine, ...]:
    """The files that came with something of the matter."""
    may_open = reader.actor.may("attachment:read")
    return tuple(
        _file_line(one, f"{reader.root}/attachments/{one.id}" if may_open else "", reader)
        for one in file.attachments
        if one.subject_type == subject_type and one.subject_id == subject_id
    )


def _file_line(one: Attachment, href: str, reader: Reader) -> FileLine:
    return FileLine(
        name=one.file_name,
        href=href,
        bytes=one.size,
        by=reader.names.get(one.uploaded_by or 0, ""),
        on=local_date(one.uploaded_at),
        kind_label=str(KIND_WORDS.get(one.kind, one.kind)),
    )


def report_entry(file: CaseFile, reader: Reader, report: Report) -> TimelineEntry:
    """A report as it is read beside the form of the next one."""
    kinds = {
        "completion": ("matter.completion_reported", "doc"),
        "delay_explanation": ("matter.delay_explained", "clock"),
    }
    kind, icon = kinds.get(report.kind, ("matter.progress_reported", "clock"))
    at = local_datetime(report.submitted_at)
    return TimelineEntry(
        title=translate(act_words(kind).title),
        by=unit_of(file, report.assignment_id),
        on=at.date(),
        at=at,
        tone="warn" if report.review_state == "returned" else "info",
        icon=icon,
        text="\n".join(report_parts(report)),
        note=f"{report.percent}%" if report.percent is not None else report.document_no or "",
        files=report_files(file, reader, report),
    )


def log_lines(file: CaseFile) -> tuple[LogLine, ...]:
    """Every event with its place in the chain and the beginning of its seal."""
    roles = {role.key: role.name for role in file.profile.roles}

    def told(event: Event) -> list[str]:
        named = event.facts | ({"role": roles.get(event.facts["role"], "")} if event.facts.get("role") else {})
        return [f"{label.say(translate)} {say(value, translate)}" for label, value in told_facts(named)]

    return tuple(
        LogLine(
            number=event.seq,
            at=local_datetime(event.at),
            who=translate(event.actor_name) if event.actor_id is None else event.actor_name,
            what=translate(act_words(event.kind).title),
            detail=" · ".join([*told(event), _("seal %(seal)s", seal=event.hash[:SEAL])]),
        )
        for event in file.events
    )


def latest(file: CaseFile) -> str:
    """What was done to the matter last, by whom and when."""
    event = next(iter(file.events), None)
    if event is None:
        return ""
    at: dt.datetime = local_datetime(event.at)
    return _(
        "Done meanwhile: %(act)s, %(name)s, %(at)s.",
        act=translate(act_words(event.kind).title),
        name=event.actor_name,
        at=at.strftime("%Y-%m-%d %H:%M"),
    )
