"""The page of one matter with one of its parts open: its head, its tabs, what each part holds."""

from __future__ import annotations

from app.kernel.clock import local_date
from app.kernel.i18n import _, translate
from app.kernel.pages import FileLine, Link, Tab
from app.matters.pages import Annex, CaseFilePage
from app.matters.presenting.acts import Asked, Reader, panels
from app.matters.presenting.case.content import content_facts, content_texts
from app.matters.presenting.case.days import long_day
from app.matters.presenting.case.files import document_lines, file_lines, upload_panel
from app.matters.presenting.case.next_step import next_step
from app.matters.presenting.case.progress import tracker
from app.matters.presenting.case.units import has_declined, unit_line
from app.matters.presenting.clocks import explain, main_clock, obligation_lines
from app.matters.presenting.common import SECRECY_WORDS, due_cell, matter_href, word
from app.matters.presenting.concluding import conclusion_lines, delegation_lines
from app.matters.presenting.record import SHOWN, log_lines, timeline
from app.matters.queries import CaseFile
from app.matters.rules import MatterState

SECTIONS = ("timeline", "content", "units", "documents", "conclusion", "deadline", "log")


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
    units = tuple(unit_line(file, one) for one in file.assignments)
    attachments = file_lines(file, reader, file.attachments)
    documents = document_lines(file, reader)
    return CaseFilePage(
        title=matter.title,
        number=matter.register_no or "",
        state=matter.state,
        state_label=file.profile.words.get(matter.state, ""),
        due=due_cell(clock, file.calendar, file.today, paused=matter.state == MatterState.SUSPENDED, at=file.at),
        facts=_identity(file),
        next_step=next_step(file, reader, main),
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
        content=content_texts(file, reader) if section == "content" else (),
        content_facts=content_facts(file, reader) if section == "content" else (),
        units=units if section == "units" else (),
        documents=documents,
        attachments=attachments,
        upload=upload_panel(file, reader, opened=asked.act == "upload") if section == "documents" else None,
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


def _identity(file: CaseFile) -> tuple[tuple[str, str], ...]:
    matter = file.matter
    leader = matter.instruction_by or (
        matter.instruction_leader.person.get_full_name() if matter.instruction_leader else ""
    )
    lead = [one.unit.short_name for one in file.assignments if one.role == "lead" and not has_declined(one)]
    others = [one.unit.short_name for one in file.assignments if one.role == "co" and not has_declined(one)]
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


def _filters(file: CaseFile, reader: Reader, show: str, there: set[str]) -> tuple[Tab, ...]:
    page = f"{matter_href(reader.root, file.matter.id)}?section=timeline"
    known = [(key, translate(msgid)) for key, msgid in SHOWN.items() if key in there]
    if len(known) < 2:
        return ()
    return (
        Tab(_("All"), page, current=not show),
        *(Tab(label, f"{page}&show={key}", current=key == show) for key, label in known),
    )
