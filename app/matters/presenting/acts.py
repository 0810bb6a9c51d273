"""The acts a case file offers, as panels: exactly what the rules allow this reader now, with what is still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.jurisdictions.rules import Profile
from app.kernel.actor import Actor
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as Panel
from app.kernel.pages import Link
from app.matters.forms.case import URGING_KINDS, ActForm, Choices, act_form
from app.matters.models import Approval
from app.matters.presenting.common import (
    ACT_WORDS,
    STAGE_WORDS,
    act_label,
    asked_facts,
    asked_words,
    matter_href,
    one_line,
    word,
)
from app.matters.queries import CaseFile
from app.matters.queries.extensions import extendable, running_clock, terms_of
from app.matters.rules import PER_QUESTION, UNDER_WAY, Act, AssignmentState, Verdict
from app.matters.rules.concluding import to_conclude
from app.matters.rules.extending import latest_date
from app.matters.services.casework import FIELD_WORDS

SIDE_ACTS = frozenset({Act.INSTRUCT, Act.SUSPEND, Act.CANCEL, Act.REOPEN, Act.DELEGATE, Act.END_DELEGATION})
REPORTS: Mapping[Act, str] = {
    Act.REPORT_PROGRESS: "progress",
    Act.REPORT_COMPLETION: "completion",
    Act.EXPLAIN_DELAY: "delay",
    Act.REQUEST_EXTENSION: "extension",
}
PHRASES: Mapping[Act, tuple[str, tuple[str, ...]]] = {
    Act.APPROVE: ("opinion", (N_("Agreed."), N_("Agreed. See that it is finished in time."))),
    Act.RETURN: ("opinion", (N_("Please complete the handling requirements."), N_("Please check which unit leads."))),
    Act.AGREE: ("opinion", (N_("Agreed."), N_("Agreed, for the last time."))),
    Act.REFUSE: ("opinion", (N_("The reason does not convince. Please keep the date."),)),
    Act.ACCEPT: ("opinion", (N_("Agreed, it may be closed."),)),
    Act.RETURN_FOR_REWORK: (
        "opinion",
        (N_("Please answer every item of the instruction."), N_("Please add figures and evidence.")),
    ),
    Act.URGE: (
        "message",
        (N_("Please sign for the notice and begin."), N_("Please send written feedback before the due date.")),
    ),
}
ORIGINALS = ("original", "copy", "original_or_copy")


@dataclass(frozen=True)
class Reader:
    """Who reads, where the addresses begin, and what a page needs to know besides the file itself."""

    actor: Actor
    root: str
    names: Mapping[int, str] = field(default_factory=dict)
    units: tuple[tuple[str, str], ...] = ()
    delegated: bool = False  # whether the reader supervises this matter by delegation

    @property
    def in_office(self) -> bool:
        """Whether the whole file is theirs to read, or a unit's side of it."""
        return self.delegated or self.actor.may("matter:read_all") or self.actor.may("matter:approve")


@dataclass(frozen=True)
class Asked:
    """The panel to open: asked for by a link, or come back with what was typed in it."""

    act: str = ""
    part: str = ""
    form: ActForm | None = None


def panels(file: CaseFile, reader: Reader, asked: Asked) -> tuple[list[Panel], list[Panel]]:
    """The acts of the next step, and those that leave the way."""
    main: list[Panel] = []
    side: list[Panel] = []
    for act, verdicts in offered(file).items():
        if act in PER_QUESTION:
            main += [question_panel(file, reader, verdict, asked) for verdict in verdicts]
        elif act is not Act.EDIT:
            (side if act in SIDE_ACTS else main).append(panel(file, reader, act, verdicts, asked))
    return _one_primary(main), side


def offered(file: CaseFile) -> dict[Act, list[Verdict]]:
    """What may be done now, act by act; acts on units' parts with the parts they may be done to."""
    found: dict[Act, list[Verdict]] = {}
    for verdict in file.offers:
        found.setdefault(verdict.act, []).append(verdict)
    return found


def panel(
    file: CaseFile, reader: Reader, act: Act, verdicts: Sequence[Verdict], asked: Asked, *, action: str = ""
) -> Panel:
    """One act as a panel."""
    words, opened = ACT_WORDS[act], asked.act == act.value
    form = asked.form if opened and asked.form is not None else None
    if form is None:
        part = asked.part if opened or act in PER_QUESTION else ""
        form = act_form(act, choices(file, reader, act, verdicts, part))
    phrase_field, phrases = PHRASES.get(act, ("opinion", ()))
    own = _own_texts(file) if act is Act.URGE else ()
    return Panel(
        key=act.value,
        label=translate(words.label),
        submit_label=translate(words.submit),
        action=action or f"{matter_href(reader.root, file.matter.id)}/{act.value}",
        effect=effect_of(file, act, verdicts),
        tone=words.tone,
        icon=words.icon,
        form=form if len(form.data) else None,
        open=opened,
        version=file.matter.version,
        phrases=own or tuple(translate(phrase) for phrase in phrases),
        phrase_field=phrase_field,
        missing=_missing(file, reader, verdicts, form),
    )


def question_panel(
    file: CaseFile, reader: Reader, verdict: Verdict, asked: Asked, *, action: str = "", key: str = ""
) -> Panel:
    """One answer to one question that is no step; the answer that came back is open and holds what was typed."""
    question = next(one for one in file.approvals if one.id == verdict.approval_id)
    sent = asked.form["approval_id"].data if asked.form is not None and "approval_id" in asked.form else asked.part
    opened = asked.act == verdict.act.value and sent == str(question.id)
    mine = replace(asked, part=str(question.id), form=asked.form if opened else None, act=asked.act if opened else "")
    drawn = panel(file, reader, verdict.act, [verdict], mine, action=action)
    what = [f"{label}{_(': ')}{value}" for label, value in asked_facts(question)]
    told = [asked_words(question), *what, question.reason or "", drawn.effect]
    return replace(
        drawn, key=key or f"{verdict.act.value}-{question.id}", effect="\n".join(line for line in told if line)
    )


def question_choices(question: Approval, act: Act) -> Choices:
    """What the form of an answer offers: the day stands in it where the decision fixes one."""
    proposed = (question.facts or {}).get("proposed_due_on")
    return Choices(
        without=frozenset() if proposed else frozenset({"due_on"}),
        values={
            "approval_id": str(question.id),
            "due_on": dt.date.fromisoformat(proposed) if proposed else None,
            "opinion": translate(PHRASES[Act.APPROVE][1][0]) if act is Act.AGREE else "",
        },
    )


def choices(file: CaseFile, reader: Reader, act: Act, verdicts: Sequence[Verdict], part: str = "") -> Choices:
    """What the form of an act offers in this matter."""
    if act in PER_QUESTION:
        question = next((one for one in file.approvals if str(one.id) == part), None)
        return question_choices(question, act) if question is not None else Choices()
    matter, profile = file.matter, file.profile
    required, without = set(), set()
    if act in (Act.ACKNOWLEDGE, Act.LOG_RECEIPT) and profile.receipt.require_leader_in_charge:
        required.add("leader_in_charge")
    if act is Act.REQUEST_EXTENSION:
        required.add("proposed_due_on")
    if act is Act.REPORT_COMPLETION:
        if profile.completion.document_no_required:
            required.add("document_no")
        own = own_files(file, reader)
        if profile.completion.document_required and not own:
            required.add("files")
    if act is Act.DISPATCH and not any(name in ORIGINALS for verdict in verdicts for name in verdict.missing):
        without.add("copy")
    if act is Act.ACCEPT:
        (required if profile.completion.grades else without).add("grade")
    if act is Act.RECORD_SATISFACTION:
        required.add("level")
    parts = _parts(file, act, verdicts)
    return Choices(
        parts=parts,
        part=part,
        document_types=tuple((one.key, one.name) for one in profile.dispatch_types()),
        criteria=tuple((one.key, one.name) for one in profile.completion.criteria),
        grades=tuple((one.key, one.name) for one in profile.completion.grades),
        levels=_levels(profile),
        units=reader.units,
        own_files=own_files(file, reader),
        dates=_dates(file, verdicts) if act is Act.REQUEST_EXTENSION else (),
        delegations=_delegations(file) if act is Act.END_DELEGATION else (),
        urging_kinds=tuple((key, str(words)) for key, words in URGING_KINDS if key in _urging_kinds(file)),
        required=frozenset(required),
        without=frozenset(without),
        values={
            "document_type": matter.document_type,
            "scheme": matter.scheme,
            "result": matter.result,
            "archive_no": matter.archive_no or (matter.register_no if act is Act.ARCHIVE else None),
            "signed_by": reader.actor.name if act in (Act.ACKNOWLEDGE, Act.ACKNOWLEDGE_CONCLUSION) else "",
            "assignment_ids": [part_id for part_id, _unit in parts] if act is Act.SERVE_CONCLUSION else [],
            "opinion": translate(PHRASES[Act.APPROVE][1][0]) if act is Act.APPROVE else "",
            "kind": _urging_kinds(file)[0],
        },
    )


def _levels(profile: Profile) -> tuple[tuple[str, str], ...]:
    asked = profile.completion.satisfaction
    return tuple((one.key, one.name) for one in asked.levels) if asked else ()


def _delegations(file: CaseFile) -> tuple[tuple[str, str], ...]:
    running = file.case.matter.delegations
    return tuple(
        (str(one.id), f"{one.unit.short_name} {one.document_no}") for one in file.delegations if one.id in running
    )


def own_files(file: CaseFile, reader: Reader) -> tuple[tuple[str, str], ...]:
    """Files this person has added that no report holds yet: a report takes them along."""
    mine = (
        one
        for one in file.attachments
        if one.subject_type == "matter"
        and one.uploaded_by == reader.actor.membership_id
        and one.kind in ("report", "evidence")
    )
    return tuple((str(one.id), one.file_name) for one in mine)


def unit_of(file: CaseFile, assignment_id: int | None) -> str:
    """The short name of the unit that has this part."""
    return next((one.unit.short_name for one in file.assignments if one.id == assignment_id), "")


def _dates(file: CaseFile, verdicts: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    """The running dates that could be extended, the completion first."""
    mine = {verdict.assignment_id for verdict in verdicts}
    running = extendable([one for one in file.obligations if one.assignment_id in mine])
    return tuple((str(one.id), f"{word(STAGE_WORDS, one.stage)} {one.due_on.isoformat()}") for one in running)


def _latest(file: CaseFile, verdicts: Sequence[Verdict]) -> str:
    """What may be asked for: from which date, how far at most, and by which article."""
    mine = {verdict.assignment_id for verdict in verdicts}
    running = extendable([one for one in file.obligations if one.assignment_id in mine])
    if not running:
        return ""
    clock = running_clock(running[0], file.profile, file.matter.source.key, file.today)
    latest = latest_date(terms_of(file.profile), clock, file.calendar)
    values = {"due": running[0].due_on.isoformat(), "article": file.profile.extension.article or ""}
    if latest is None:
        return _("The date is %(due)s now (%(article)s).", **values)
    return _("The date is %(due)s now; it may be moved to %(latest)s at most (%(article)s).", latest=latest, **values)


def leader_signs(file: CaseFile) -> bool:
    """Whether a declining by this reader waits for the signature of the unit's leader."""
    signed = file.profile.receipt.decline_signed_by_leader
    return signed and not file.case.actor.may("matter:sign_report")


def _parts(file: CaseFile, act: Act, verdicts: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    if act is Act.URGE:
        busy = UNDER_WAY - {AssignmentState.REPORTED}
        return tuple((str(one.id), one.unit.short_name) for one in file.assignments if one.state in busy)
    if act is Act.SERVE_CONCLUSION:
        return tuple((str(one.id), unit_of(file, one.id)) for one in to_conclude(file.case.matter))
    ids = [verdict.assignment_id for verdict in verdicts if verdict.assignment_id is not None]
    return tuple((str(assignment_id), unit_of(file, assignment_id)) for assignment_id in ids)


def _urging_kinds(file: CaseFile) -> tuple[str, ...]:
    """What units can be urged for: their signature only while one of them has not signed."""
    waiting = any(one.state == AssignmentState.NOTIFIED for one in file.assignments)
    return ("receipt", "feedback") if waiting else ("feedback",)


def _own_texts(file: CaseFile) -> tuple[str, ...]:
    """The jurisdiction's own texts for what can be urged for now; their braces are filled in when it is sent."""
    texts = file.profile.urging.texts if file.profile.urging is not None else ()
    return tuple(text.words for text in texts if text.kind in _urging_kinds(file))


def effect_of(file: CaseFile, act: Act, verdicts: Sequence[Verdict]) -> str:
    """What an act will bring about, said before its second click."""
    said = translate(ACT_WORDS[act].effect) if ACT_WORDS[act].effect else ""
    if act is Act.DISPATCH:
        units = "、".join(one.unit.short_name for one in file.assignments if one.state == AssignmentState.PLANNED)
        told = _("To: %(units)s.", units=units)
        return f"{told}{said}" if units else said
    if act in (Act.ACCEPT, Act.RETURN_FOR_REWORK):
        report = next((one for one in reversed(file.reports) if one.review_state == "pending"), None)
        if report is not None:
            whose = _(
                "Report of %(unit)s: %(text)s", unit=unit_of(file, report.assignment_id), text=one_line(report.text)
            )
            return f"{whose}\n{said}"
    if act is Act.DECLINE and leader_signs(file):
        return _("Your unit's leader signs it first; then the part goes back to the office.")
    if act in (Act.CONFIRM_DECLINE, Act.REJECT_DECLINE):
        mine = [one for one in file.assignments if one.id == verdicts[0].assignment_id]
        return "\n".join(line for line in (*(one.decline_reason or "" for one in mine), said) if line)
    if act is Act.REQUEST_EXTENSION:
        return "\n".join(line for line in (_latest(file, verdicts), said) if line)
    absent = verdicts[0].for_whom
    if absent is not None:
        return _("You decide for %(name)s, who is absent.", name=absent.name) + said
    return said


def _missing(file: CaseFile, reader: Reader, verdicts: Sequence[Verdict], form: ActForm) -> tuple[Link, ...]:
    """What the step still lacks and the form does not ask for, with where it is done."""
    page = matter_href(reader.root, file.matter.id)
    editable = any(verdict.act is Act.EDIT for verdict in file.offers)
    lines = []
    for name in verdicts[0].missing:
        is_file = name in (*ORIGINALS, "report", "evidence")
        if name in form or (name in ORIGINALS and "copy" in form):
            continue
        href = f"{page}?section=documents#act-upload" if is_file else f"{page}/edit" if editable else ""
        lines.append(Link(translate(FIELD_WORDS[name]), href))
    return tuple(lines)


def _one_primary(main: list[Panel]) -> list[Panel]:
    """What the step is about comes first, and one button stands out."""
    done, found = [], False
    for one in sorted(main, key=lambda each: each.tone != "primary"):
        stands_out = one.tone == "primary" and not found
        found = found or stands_out
        tone = "plain" if one.tone == "primary" and not stands_out else one.tone
        done.append(one if tone == one.tone else _with_tone(one, tone))
    return done


def _with_tone(one: Panel, tone: str) -> Panel:
    return Panel(**{**one.__dict__, "tone": tone})


def edit_link(file: CaseFile, reader: Reader) -> tuple[Link, ...]:
    """The draft's own page, while it may be changed."""
    if any(verdict.act is Act.EDIT for verdict in file.offers):
        return (Link(act_label(Act.EDIT), f"{matter_href(reader.root, file.matter.id)}/edit", "pen"),)
    return ()
