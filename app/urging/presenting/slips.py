"""Escalation slips as they are shown: on the case file with their acts, and in the list of the jurisdiction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.deadlines.rules import WorkingCalendar
from app.jurisdictions.rules.profile import Slip
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as Panel
from app.kernel.pages import Link
from app.matters.pages import Annex
from app.matters.presenting.acts import Asked, Reader
from app.matters.presenting.common import due_cell, matter_href
from app.matters.queries import CaseFile
from app.matters.rules import Act, decide
from app.urging.forms import AnswerSlipForm, IssueSlipForm, WithdrawSlipForm
from app.urging.pages import SlipLine, SlipsPart
from app.urging.queries import SlipRow
from app.urging.rules import OPEN_SLIPS, PartFacts, SlipState, issuable, why_not

ISSUE, ANSWER, WITHDRAW = "issue_slip", "answer_slip", "withdraw_slip"
COLOURS: Mapping[str, str] = {
    "blue": N_("Blue"),
    "yellow": N_("Yellow"),
    "orange": N_("Orange"),
    "red": N_("Red"),
}
SHOWN_WORDS: Mapping[str, str] = {
    "": N_("All"),
    "running": N_("With the unit"),
    "ran_out": N_("Ran out unanswered"),
    "asked": N_("Awaiting a decision"),
    "answered": N_("Answered by the unit"),
    "withdrawn": N_("Withdrawn"),
}
_TONES: Mapping[str, str] = {
    "running": "warn",
    "ran_out": "bad",
    "asked": "info",
    "answered": "ok",
    "withdrawn": "mute",
}


def slip_line(row: SlipRow, calendar: WorkingCalendar, today: dt.date, root: str, *, may_open: bool) -> SlipLine:
    """One slip as a line."""
    slip, paused = row.slip, row.matter.state == "suspended"
    shown = slip.state
    if slip.state == SlipState.ISSUED:
        late = row.clock is not None and row.clock.due_on < today and not paused
        shown = "ran_out" if late else "running"
    return SlipLine(
        colour=slip.colour,
        name=slip.name,
        state_label=translate(SHOWN_WORDS[shown]),
        tone=_TONES[shown],
        unit=row.unit,
        matter=Link(row.matter.title, matter_href(root, row.matter.id)),
        number=row.document_no,
        href=f"{root}/documents/{slip.document_id}/print" if may_open and slip.document_id else "",
        issued_on=local_date(slip.issued_at) if slip.issued_at else None,
        due=due_cell(row.clock, calendar, today, paused=paused),
        demand=slip.demand,
        answer=slip.answer or "",
        answered_on=local_date(slip.answered_at) if slip.answered_at else None,
        withdrawn_on=local_date(slip.withdrawn_at) if slip.withdrawn_at else None,
        reason=slip.withdrawn_why or "",
    )


def annex(file: CaseFile, reader: Reader, asked: Asked, rows: list[SlipRow], parts: Mapping[int, PartFacts]) -> Annex:
    """The slips' part of a case file."""
    may_open = reader.actor.may("attachment:read")
    lines = tuple(slip_line(row, file.calendar, file.today, reader.root, may_open=may_open) for row in rows)
    may_issue = decide(file.case, Act.URGE).may
    acts = [*_answer_panel(file, reader, asked, rows), *(_issue_panel(file, reader, asked, parts) if may_issue else ())]
    if reader.actor.may("matter:urge") and reader.in_office:
        acts += _withdraw_panel(file, reader, asked, rows)
    notes = _notes(file, parts) if may_issue else ()
    content = SlipsPart(lines, notes, f"{reader.root}/urging/slips")
    return Annex(tuple(acts), "urging/_slips.html" if lines or notes else "", content)


def issue_choices(file: CaseFile, parts: Mapping[int, PartFacts]) -> list[tuple[str, str]]:
    """What the form of issuing offers: a unit's part and a slip it may get."""
    names = {one.id: one.unit.short_name for one in file.assignments}
    return [
        (f"{part_id}:{slip.key}", f"{names[part_id]} · {slip.name}")
        for part_id, facts in parts.items()
        for slip in issuable(file.profile.slips, facts, file.today)
    ]


def _issue_panel(file: CaseFile, reader: Reader, asked: Asked, parts: Mapping[int, PartFacts]) -> tuple[Panel, ...]:
    offered = issue_choices(file, parts)
    if not offered:
        return ()
    opened = asked.act == ISSUE
    form = asked.form if opened and isinstance(asked.form, IssueSlipForm) else IssueSlipForm()
    keys = {value.partition(":")[2] for value, _label in offered}
    return (
        Panel(
            key=ISSUE,
            label=_("Issue a slip"),
            submit_label=_("Issue the slip"),
            action=f"{matter_href(reader.root, file.matter.id)}/{ISSUE}",
            effect="\n".join(_effect(slip) for slip in _items(file) if slip.key in keys),
            icon="flag",
            form=form.offer(offered),
            open=opened,
            phrases=(
                _("Please report at once how far the matter is and why it is late."),
                _("Please finish within this slip's limit and send the written result."),
            ),
            phrase_field="demand",
        ),
    )


def _effect(slip: Slip) -> str:
    if slip.approval is not None:
        said = N_("%(name)s goes to the leaders who decide; with their consent the unit has %(days)s working days.")
    else:
        said = N_("%(name)s is issued with a number at once; the unit has %(days)s working days to answer.")
    return translate(said, name=slip.name, days=slip.limit_working_days)


def _answer_panel(file: CaseFile, reader: Reader, asked: Asked, rows: list[SlipRow]) -> tuple[Panel, ...]:
    own = {one.id for one in file.assignments if one.unit_id == reader.actor.unit_id}
    waiting = [row for row in rows if row.slip.state == SlipState.ISSUED and row.slip.assignment_id in own]
    if not waiting:
        return ()
    part_id = waiting[0].slip.assignment_id
    if decide(file.case, Act.REPORT_PROGRESS, part_id).reason not in (None, "unit_state"):
        return ()
    opened = asked.act == ANSWER
    form: Any = asked.form if opened and isinstance(asked.form, AnswerSlipForm) else AnswerSlipForm()
    form.assignment_id.data = str(part_id)
    names = "、".join(f"{row.slip.name}（{row.document_no}）" for row in waiting)
    return (
        Panel(
            key=ANSWER,
            label=_("Answer the slip"),
            submit_label=_("Send the answer"),
            action=f"{matter_href(reader.root, file.matter.id)}/{ANSWER}",
            effect=_("Answers %(slips)s. The report itself is still owed.", slips=names),
            tone="plain",
            icon="flag",
            form=form,
            open=opened,
        ),
    )


def _withdraw_panel(file: CaseFile, reader: Reader, asked: Asked, rows: list[SlipRow]) -> tuple[Panel, ...]:
    there = [row for row in rows if row.slip.state in OPEN_SLIPS]
    if not there:
        return ()
    opened = asked.act == WITHDRAW
    form: Any = asked.form if opened and isinstance(asked.form, WithdrawSlipForm) else WithdrawSlipForm()
    offered = [(str(row.slip.id), f"{row.unit} · {row.slip.name} {row.document_no}".strip()) for row in there]
    return (
        Panel(
            key=WITHDRAW,
            label=_("Withdraw a slip"),
            submit_label=_("Withdraw the slip"),
            action=f"{matter_href(reader.root, file.matter.id)}/{WITHDRAW}",
            effect=_(
                "Its document stays on file, marked as withdrawn, and its number is not given again. The unit is told."
            ),
            tone="danger",
            icon="back",
            form=form.offer(offered),
            open=opened,
        ),
    )


def _items(file: CaseFile) -> tuple[Slip, ...]:
    return file.profile.slips.items if file.profile.slips is not None else ()


def _notes(file: CaseFile, parts: Mapping[int, PartFacts]) -> tuple[tuple[str, str], ...]:
    """Where something is late: what keeps each slip from being issued to that unit."""
    names = {one.id: one.unit.short_name for one in file.assignments}
    told = []
    for part_id, facts in parts.items():
        if facts.overdue is None:
            continue
        for slip in _items(file):
            refusal = why_not(file.profile.slips, slip.key, facts, file.today)
            if refusal is not None:
                told.append((names[part_id], translate(refusal.msgid, **refusal.params)))
    return tuple(told)
