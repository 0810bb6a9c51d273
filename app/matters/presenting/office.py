"""The office's desk: workbench, to-do and approvals as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from app.deadlines.rules import WorkingCalendar, until
from app.kernel.clock import local_date, local_datetime
from app.kernel.events import Event
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as ActPanel
from app.kernel.pages import DueCell, Link, Pager
from app.matters.models import STEP, Approval, ApprovalVote, Matter
from app.matters.pages import ApprovalCard, SoonLine, TimelineEntry, TodoLine
from app.matters.presenting.common import (
    ACT_WORDS,
    act_href,
    act_label,
    asked_facts,
    decider_words,
    due_cell,
    matter_href,
    one_line,
    state_label,
)
from app.matters.presenting.common import asked_words as question_words
from app.matters.queries import LedgerRow, Todo
from app.matters.rules import Act, MatterState
from app.notifications.rules import act_words

Names = Mapping[int, str]

WHY: Mapping[Act, str] = {
    Act.SUBMIT: N_("a draft of yours"),
    Act.APPROVE: N_("waits for your decision"),
    Act.AGREE: N_("waits for your decision"),
    Act.REGISTER: N_("approved, to be registered"),
    Act.SCHEME: N_("the scheme is to be drawn up"),
    Act.DISPATCH: N_("to be dispatched"),
    Act.ACKNOWLEDGE: N_("a notice to sign for"),
    Act.REPORT_PROGRESS: N_("your unit is at work"),
    Act.REPORT_COMPLETION: N_("returned for rework"),
    Act.ACCEPT: N_("the completion report is to be reviewed"),
    Act.SERVE_CONCLUSION: N_("the conclusion is to be served"),
    Act.ACKNOWLEDGE_CONCLUSION: N_("a conclusion to sign for"),
    Act.DECIDE_OBJECTION: N_("an objection to decide on"),
    Act.CLOSE_OUT: N_("to be closed out"),
    Act.ARCHIVE: N_("to be archived"),
    Act.REASSIGN: N_("a unit has declined"),
    Act.CONFIRM_DECLINE: N_("your unit wants to decline: sign or reject it"),
}


# On a list an act that decides between two answers is called by what is decided.
ON_LISTS: Mapping[Act, str] = {Act.APPROVE: N_("Decide"), Act.AGREE: N_("Decide"), Act.ACCEPT: N_("Review the report")}


def greeting(at: dt.datetime) -> str:
    """A word for the time of day, local."""
    if at.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if at.hour < 18 else _("Good evening")


def todo_lines(
    found: Iterable[Todo], sources: Names, units: Names, calendar: WorkingCalendar, at: dt.datetime, root: str
) -> tuple[TodoLine, ...]:
    """What waits, each with its one button."""
    return tuple(
        TodoLine(
            title=one.matter.title,
            href=matter_href(root, one.matter.id),
            number=one.matter.register_no or "",
            unit=units.get(one.matter.lead_unit_id or 0, ""),
            source=sources.get(one.matter.source_id, ""),
            due=due_cell(one.obligation, calendar, local_date(at), at=at),
            act=_button(one, root),
            act_primary=one.act in (Act.APPROVE, Act.AGREE, Act.ACKNOWLEDGE, Act.ACCEPT, Act.DISPATCH),
            urgency=one.matter.urgency,
            why=_why(one),
        )
        for one in found
    )


def _why(one: Todo) -> str:
    if one.act is Act.AGREE and one.approval is not None:
        return question_words(one.approval)
    return translate(WHY[one.act]) if one.act in WHY else ""


def _button(one: Todo, root: str) -> Link:
    if one.act in ON_LISTS:
        return Link(translate(ON_LISTS[one.act]), matter_href(root, one.matter.id))
    return Link(act_label(one.act), act_href(root, one.matter.id, one.act, one.assignment_id))


def ledger_lines(rows: Iterable[LedgerRow], today: dt.date, root: str) -> tuple[TodoLine, ...]:
    """Rows of the ledger as lines of a list of work, without a button."""
    return tuple(
        TodoLine(
            title=row.title,
            href=matter_href(root, row.id),
            number=row.register_no,
            unit=row.unit,
            source=row.source,
            due=row_due(row, today),
            act=Link(_("Go on writing"), f"{matter_href(root, row.id)}/edit")
            if row.state == MatterState.DRAFT
            else Link(_("Open"), matter_href(root, row.id)),
            urgency=row.urgency,
            why=state_label(row.state),
        )
        for row in rows
    )


def row_due(row: LedgerRow, today: dt.date) -> DueCell | None:
    """The date and light of a row of the ledger."""
    if row.due_on is None or row.reading is None:
        return None
    return DueCell.read(row.due_on, row.reading, today, row.provisional, until(row.due_at), row.extension)


def acted_lines(acted: Iterable[tuple[Event, Matter]], sources: Names, units: Names, root: str) -> tuple[TodoLine, ...]:
    """What the person did lately, the last act on each matter."""
    return tuple(
        TodoLine(
            title=matter.title,
            href=matter_href(root, matter.id),
            number=matter.register_no or "",
            unit=units.get(matter.lead_unit_id or 0, ""),
            source=sources.get(matter.source_id, ""),
            due=None,
            act=Link(_("Open"), matter_href(root, matter.id)),
            urgency=matter.urgency,
            why=_(
                "%(what)s on %(day)s, now: %(state)s",
                what=translate(act_words(event.kind).title),
                day=local_date(event.at).isoformat(),
                state=state_label(matter.state),
            ),
        )
        for event, matter in acted
    )


def soon_lines(rows: Iterable[LedgerRow], root: str) -> tuple[SoonLine, ...]:
    """The dates that come next."""
    return tuple(
        SoonLine(row.due_on, row.title, matter_href(root, row.id), str(row.reading.light))
        for row in rows
        if row.due_on is not None and row.reading is not None
    )


def activity(acts: Iterable[tuple[Event, Matter]]) -> tuple[TimelineEntry, ...]:
    """What happened lately."""
    entries = []
    for event, matter in acts:
        words = act_words(event.kind)
        at = local_datetime(event.at)
        title = _("%(what)s: %(title)s", what=translate(words.title), title=one_line(matter.title, 32))
        entries.append(TimelineEntry(title, event.actor_name, at.date(), at, words.tone, words.icon))
    return tuple(entries)


def asked_words(state: str) -> str:
    """What a leader is asked to decide about a matter in this state."""
    return (
        _("Approve the matter") if state == MatterState.PROPOSED else _("Approve: %(state)s", state=state_label(state))
    )


def approval_card(
    matter: Matter,
    approval: Approval,
    *,
    names: Names,
    sources: Names,
    units: Names,
    due: DueCell | None,
    root: str,
    panels: tuple[ActPanel | None, ActPanel | None] = (None, None),
    decided: str = "",
    for_whom: str = "",
) -> ApprovalCard:
    """One decision a leader is asked for, or his deputy in his absence."""
    facts = [(_("Deciding for"), _("%(name)s, who is absent", name=for_whom))] if for_whom else []
    facts.append((_("Source"), sources.get(matter.source_id, "")))
    if matter.lead_unit_id:
        facts.append((_("Lead unit"), units.get(matter.lead_unit_id, "")))
    if matter.instruction_leader_id:
        facts.append((_("Leader"), matter.instruction_by or names.get(matter.instruction_leader_id, "")))
    if matter.stated_due_on:
        facts.append((_("Deadline"), matter.stated_due_on.isoformat()))
    step = approval.purpose == STEP
    if not step:
        facts += asked_facts(approval)
    return ApprovalCard(
        asked=question_words(approval) if not step else _("Decision") if decided else asked_words(matter.state),
        title=matter.title,
        href=matter_href(root, matter.id),
        number=matter.register_no or "",
        submitted_by=(matter.drawn_up_by if step else None)
        or names.get((matter.registered_by if step else approval.asked_by) or 0, ""),
        submitted_at=local_datetime(approval.opened_at),
        reason=one_line(matter.handling_proposal or matter.instruction_text or matter.scheme or matter.content)
        if step
        else approval.reason or "",
        facts=tuple(facts),
        due=due,
        urgency=matter.urgency,
        approve=panels[0],
        give_back=panels[1],
        votes=tuple(_vote(vote, names) for vote in approval.votes),
        decided=decided,
    )


def _vote(vote: ApprovalVote, names: Names) -> TimelineEntry:
    at = local_datetime(vote.at)
    agreed = vote.decision == "approved"
    return TimelineEntry(
        decision_word(vote.decision),
        decider_words(vote, names),
        at.date(),
        at,
        "ok" if agreed else "warn",
        "stamp" if agreed else "back",
        vote.opinion,
    )


def decision_word(decision: str) -> str:
    """What a vote said."""
    if decision == "refused":
        return _("Not agreed")
    return _("Approved") if decision == "approved" else _("Returned for changes")


def act_panel(
    act: Act,
    action: str,
    version: int,
    form: object,
    *,
    opened: bool = False,
    key: str = "",
    phrases: tuple[str, ...] = (),
) -> ActPanel:
    """The panel of one act with the usual words for it."""
    words = ACT_WORDS[act]
    return ActPanel(
        key=key or act.value,
        label=translate(words.label),
        submit_label=translate(words.submit),
        action=action,
        effect=translate(words.effect) if words.effect else "",
        tone=words.tone,
        icon=words.icon,
        form=form,
        open=opened,
        version=version,
        phrases=phrases,
    )


def one_page(total: int) -> Pager:
    """The pager of a list that stands on one page."""
    return Pager(total, 1, 1)
