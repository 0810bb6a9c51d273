"""Words, lights and addresses that several pages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.deadlines.rules import WorkingCalendar, until
from app.jurisdictions.rules.profile.wording import values
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import DueCell
from app.matters.models import Approval, ApprovalVote, Obligation
from app.matters.queries.case import reading_of
from app.matters.rules import Act
from app.notifications.rules import PURPOSES, say, told_facts

STATE_WORDS = values.PLACE_WORDS

LIGHT_WORDS: Mapping[str, str] = {
    "ok": N_("On track"),
    "warn": N_("Due soon"),
    "bad": N_("Overdue"),
    "hold": N_("Clock paused"),
    "done": N_("Finished"),
}

URGENCY_WORDS = values.URGENCY

SESSION_WORDS: Mapping[str, str] = values.SESSION
SECRECY_WORDS = values.SECRECY_LEVEL

ORIGIN_WORDS = values.ORIGIN_LEVEL

MODE_WORDS = values.HANDLING_MODE

STAGE_WORDS: Mapping[str, str] = {
    "acknowledgement": N_("Receipt"),
    "first_feedback": N_("First feedback"),
    "progress": N_("Progress report"),
    "contribution": N_("Contribution to the lead unit"),
    "result": N_("Completion"),
    "rectification_result": N_("Result of rectification"),
    "after_completion": N_("Report after completion"),
    "rework": N_("Rework"),
    "slip": N_("Answer to an escalation slip"),
    "review": N_("Review"),
    "conclusion_review": N_("Review of the conclusion"),
    "step": N_("The office's own step"),
    "extension_answer": N_("Answer to an extension"),
}


@dataclass(frozen=True)
class ActWords:
    """How an act is offered: the button that opens it, the button that does it, what it brings about (msgids)."""

    label: str
    submit: str
    effect: str = ""
    icon: str = "check"
    tone: str = "plain"


ACT_WORDS: Mapping[Act, ActWords] = {
    Act.EDIT: ActWords(N_("Change the draft"), N_("Save"), icon="pen"),
    Act.SUBMIT: ActWords(
        N_("Submit for approval"),
        N_("Submit for approval"),
        N_("The matter goes to the leaders who decide and can no longer be changed."),
        "send",
        "primary",
    ),
    Act.APPROVE: ActWords(
        N_("Approve"), N_("Confirm approval"), N_("Your opinion is recorded with your name."), "stamp", "primary"
    ),
    Act.RETURN: ActWords(
        N_("Return for changes"),
        N_("Confirm return"),
        N_("The matter goes back to whoever drew it up, with your reason."),
        "back",
    ),
    Act.REGISTER: ActWords(
        N_("Register and number"),
        N_("Confirm registration"),
        N_("The next register number of the year is given."),
        "flag",
        "primary",
    ),
    Act.SCHEME: ActWords(N_("Draw up the scheme"), N_("Keep the scheme"), "", "doc", "primary"),
    Act.DISPATCH: ActWords(
        N_("Dispatch"),
        N_("Confirm dispatch"),
        N_("The notice is issued to every unit and their time begins to run."),
        "send",
        "primary",
    ),
    Act.ACKNOWLEDGE: ActWords(
        N_("Sign for receipt"), N_("Confirm receipt"), N_("The office sees that the notice has arrived."), "check", "primary"
    ),
    Act.LOG_RECEIPT: ActWords(
        N_("Log a receipt"), N_("Confirm receipt"), N_("Logged by the office after a phone call."), "check"
    ),
    Act.DECLINE: ActWords(
        N_("Decline: not our business"),
        N_("Confirm declining"),
        N_("The part goes back to the office with your reason."),
        "back",
    ),
    Act.CONFIRM_DECLINE: ActWords(
        N_("Sign the declining"),
        N_("Confirm declining"),
        N_("The part goes back to the office with the reason given."),
        "stamp",
        "primary",
    ),
    Act.REJECT_DECLINE: ActWords(
        N_("Do not decline"), N_("Confirm: we handle it"), N_("Your unit keeps its part; the liaison is told why."), "back"
    ),
    Act.REASSIGN: ActWords(
        N_("Reassign"), N_("Confirm reassignment"), N_("Another unit takes over the declined part."), "swap", "primary"
    ),
    Act.REPORT_PROGRESS: ActWords(N_("Report progress"), N_("Send the report"), "", "clock", "primary"),
    Act.EXPLAIN_DELAY: ActWords(
        N_("Explain a delay"), N_("Send the explanation"), N_("The date stays; the explanation is recorded."), "clock"
    ),
    Act.REPORT_COMPLETION: ActWords(
        N_("Report completion"), N_("Send the completion report"), N_("The office reviews the report."), "send", "primary"
    ),
    Act.ACCEPT: ActWords(
        N_("Accept the report"), N_("Confirm acceptance"), N_("The matter counts as completed."), "check", "primary"
    ),
    Act.RETURN_FOR_REWORK: ActWords(
        N_("Return for rework"),
        N_("Confirm return for rework"),
        N_("The lead unit reports anew within the time the rules set."),
        "back",
        "danger",
    ),
    Act.RECORD_SATISFACTION: ActWords(
        N_("Record whether they are satisfied"),
        N_("Record the answer"),
        N_("Those who raised the matter have been asked; a dissatisfied answer can send it back to its unit."),
        "users",
        "primary",
    ),
    Act.SERVE_CONCLUSION: ActWords(
        N_("Serve the conclusion"),
        N_("Confirm serving"),
        N_("Each unit chosen gets its conclusion as a numbered paper and may object once it has signed for it."),
        "stamp",
        "primary",
    ),
    Act.ACKNOWLEDGE_CONCLUSION: ActWords(
        N_("Sign for the conclusion"),
        N_("Confirm receipt"),
        N_("The time for objecting runs from the day after."),
        "check",
        "primary",
    ),
    Act.LOG_CONCLUSION_RECEIPT: ActWords(
        N_("Log receipt of the conclusion"),
        N_("Confirm receipt"),
        N_("For a conclusion handed over on paper: the unit's time for objecting runs from the day after."),
        "check",
    ),
    Act.OBJECT: ActWords(
        N_("Object to the conclusion"),
        N_("Send the objection"),
        N_("Somebody who took no part in the supervision reviews the conclusion and decides."),
        "back",
    ),
    Act.WAIVE_OBJECTION: ActWords(
        N_("We do not object"),
        N_("Confirm: no objection"),
        N_("The matter can end at once. This cannot be taken back."),
        "check",
    ),
    Act.DECIDE_OBJECTION: ActWords(
        N_("Decide on the objection"),
        N_("Confirm the decision"),
        N_("The decision goes to the unit as a numbered paper and is final here."),
        "stamp",
        "primary",
    ),
    Act.DELEGATE: ActWords(
        N_("Delegate the supervision"),
        N_("Confirm delegating"),
        N_("During the period the department's people see this matter and do what their roles allow."),
        "swap",
    ),
    Act.END_DELEGATION: ActWords(
        N_("End a delegation"), N_("Confirm ending"), N_("The department no longer sees this matter."), "close"
    ),
    Act.CLOSE_OUT: ActWords(
        N_("Close out"), N_("Confirm closing out"), N_("The result is recorded and the matter leaves the open ledger."),
        "check", "primary",
    ),
    Act.ARCHIVE: ActWords(
        N_("Archive"), N_("Confirm archiving"), N_("The file is complete and closed."), "archive", "primary"
    ),
    Act.INSTRUCT: ActWords(
        N_("New instruction"), N_("Record the instruction"), N_("Every unit at work is told."), "pen"
    ),
    Act.SUSPEND: ActWords(
        N_("Pause the clock"), N_("Confirm pausing"), N_("No time runs until it is resumed."), "pause"
    ),
    Act.RESUME: ActWords(
        N_("Resume the clock"),
        N_("Confirm resuming"),
        N_("Open dates move by the days that stood still."),
        "play",
        "primary",
    ),
    Act.CANCEL: ActWords(
        N_("Cancel the matter"),
        N_("Confirm cancelling"),
        N_("All clocks end; the units are told why."),
        "close",
        "danger",
    ),
    Act.REOPEN: ActWords(
        N_("Reopen"), N_("Confirm reopening"), N_("The matter goes back to where it stood before."), "back"
    ),
    Act.REQUEST_EXTENSION: ActWords(
        N_("Ask for an extension"),
        N_("Send the request"),
        N_("The leaders named by the rules decide. Until they have, the present date stands."),
        "clock",
    ),
    Act.WITHDRAW_EXTENSION: ActWords(
        N_("Withdraw the extension request"), N_("Confirm withdrawing"), N_("The present date stands."), "close"
    ),
    Act.AGREE: ActWords(
        N_("Agree"), N_("Confirm agreement"), N_("Your opinion is recorded with your name."), "stamp", "primary"
    ),
    Act.REFUSE: ActWords(
        N_("Do not agree"), N_("Confirm refusal"), N_("Whoever asked is told, with your reason."), "back"
    ),
    Act.URGE: ActWords(
        N_("Urge"), N_("Send the urging"), N_("It is recorded in the file."), "bell"
    ),
}  # fmt: skip


def word(words: Mapping[str, str], key: str) -> str:
    """The word for a key in the reader's language; a key without a word stands for itself."""
    return translate(words[key]) if key in words else key


def state_label(state: str) -> str:
    """What a matter's state is called."""
    return word(STATE_WORDS, state)


def decider_words(vote: ApprovalVote, names: Mapping[int, str]) -> str:
    """Who decided; a deputy's name says for whom."""
    name = names.get(vote.membership_id, "")
    if vote.on_behalf_of is None:
        return name
    return _("%(deputy)s (for %(name)s, who was absent)", deputy=name, name=names.get(vote.on_behalf_of, ""))


def asked_words(asked: Approval) -> str:
    """What a leader is asked to decide that is no step of the procedure."""
    return _("Decide: %(what)s", what=word(PURPOSES, asked.purpose))


def asked_facts(asked: Approval) -> tuple[tuple[str, str], ...]:
    """What a reader needs to decide it, labelled."""
    told = told_facts(asked.facts or {})
    return tuple((label.say(translate), say(value, translate)) for label, value in told)


def act_label(act: Act) -> str:
    """What the button for an act says."""
    return translate(ACT_WORDS[act].label)


def due_cell(
    obligation: Obligation | None,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    paused: bool = False,
    at: dt.datetime | None = None,
) -> DueCell | None:
    """One clock's date and light, with its time where the day does not count to its end; None where there is no clock."""
    if obligation is None:
        return None
    reading = reading_of(obligation, calendar, today, paused=paused, at=at)
    extension = extension_mark(obligation.extension_asked, obligation.extended_due_on)
    void = obligation.state in ("superseded", "cancelled")
    return DueCell.read(
        obligation.due_on, reading, today, obligation.provisional, until(obligation.due_at), extension, void
    )


def extension_mark(asked: bool | None, extended_on: dt.date | None) -> str:
    """What a date says about its extension: asked while one is not answered, granted where the date is an extended one."""
    return "asked" if asked else "granted" if extended_on else ""


def matter_href(root: str, matter_id: int) -> str:
    """The address of a matter's case file."""
    return f"{root}/matters/{matter_id}"


def act_href(root: str, matter_id: int, act: Act, assignment_id: int | None = None) -> str:
    """Where an act is done: a draft in its form, everything else in the panel of the case file."""
    if act in (Act.EDIT, Act.SUBMIT):
        return f"{matter_href(root, matter_id)}/edit"
    asked = urlencode({"act": act.value} | ({"part": str(assignment_id)} if assignment_id else {}))
    return f"{matter_href(root, matter_id)}?{asked}#act-{act.value}"


def one_line(text: str | None, most: int = 120) -> str:
    """The beginning of a longer text, in one line."""
    words = " ".join((text or "").split())
    return words if len(words) <= most else words[: most - 1] + "…"
