"""What a letter says, made from its facts. Outside the system a sensitive matter has neither title nor anybody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.notifications.rules.acts import act_words, own_words
from app.notifications.rules.words import N_, Sentence


@dataclass(frozen=True)
class LetterWords:
    """A letter's subject line and its text, one sentence a line."""

    subject: Sentence
    lines: tuple[Sentence, ...]


_SUBJECTS: Mapping[str, str] = {
    "obligation.due_soon": N_("Due soon: %(title)s"),
    "obligation.due_today": N_("Due today: %(title)s"),
    "obligation.overdue": N_("Overdue: %(title)s"),
    "obligation.under_way": N_("Under way: %(title)s"),
    "obligation.unacknowledged": N_("Not signed for yet: %(title)s"),
    "matter.urged": N_("Urged: %(title)s"),
}

_TEXTS: Mapping[str, str] = {
    "obligation.due_soon": N_("%(stage)s is due on %(due)s. Please arrange for it in time."),
    "obligation.due_today": N_("%(stage)s is due today, %(due)s. Please file it before the end of the day."),
    "obligation.overdue": N_(
        "%(stage)s was due on %(due)s. Please file it, or explain the delay and ask for more time."
    ),
    "obligation.under_way": N_("%(stage)s is due on %(due)s."),
    "obligation.unacknowledged": N_("The matter has not been signed for yet. %(stage)s is due on %(due)s."),
    "matter.urged": N_("%(by)s asks your unit for %(asked)s."),
}

_STAGES: Mapping[str, str] = {
    "acknowledgement": N_("Signing for receipt"),
    "first_feedback": N_("The first feedback"),
    "progress": N_("The progress report"),
    "result": N_("The completion report"),
    "rectification_result": N_("The rectification report"),
    "after_completion": N_("The report after completion"),
    "rework": N_("The corrected completion report"),
    "slip": N_("The answer to an escalation slip"),
    "review": N_("The review of the completion report"),
    "conclusion_review": N_("The decision on an objection"),
    "step": N_("The office's own step"),
    "extension_answer": N_("The answer to the extension"),
}

_ASKED: Mapping[str, str] = {
    "receipt": N_("a signature for receipt"),
    "feedback": N_("feedback on progress"),
}

_LINES: Mapping[str, str] = {
    "unit": N_("Unit: %(value)s"),
    "register_no": N_("Number: %(value)s"),
    "slip": N_("Escalation slip: %(value)s"),
    "document_no": N_("Document number: %(value)s"),
    "due_on": N_("Due: %(value)s"),
    "dates": N_("Dates: %(value)s"),
    "days": N_("Days that changed in the calendar: %(value)s"),
    "proposed_due_on": N_("Proposed date: %(value)s"),
    "granted_due_on": N_("Extended to: %(value)s"),
    "roles": N_("Roles: %(value)s"),
    "successor": N_("Taken over by: %(value)s"),
    "matters": N_("Open work that went over: %(value)s"),
    "for_whom": N_("Acting for %(value)s, who is absent"),
    "in_place_of": N_("You read this as the deputy of %(value)s, who is absent"),
}

_PLACES: Mapping[str, str] = {"matter": "/matters/%d", "document": "/documents/%d/print"}


def letter_words(kind: str, facts: Mapping[str, Any], *, outside: bool) -> LetterWords:
    """The words of a letter. ``outside`` means that they leave the system, as mail does."""
    hidden = outside and bool(facts.get("sensitive"))
    title: str | Sentence = Sentence(N_("a sensitive matter")) if hidden else str(facts.get("title") or "")
    act = act_words(kind)
    values = {
        "title": title,
        "act": Sentence(act.title),
        "due": str(facts.get("due_on") or ""),
        "by": str(facts.get("by") or ""),
        "stage": Sentence(_STAGES.get(str(facts.get("stage")), N_("What was asked for"))),
        "asked": Sentence(_ASKED.get(str(facts.get("asked")), N_("an answer"))),
    }
    plain = N_("%(by)s: %(act)s.") if values["by"] else N_("%(act)s.")
    lines = [Sentence(_TEXTS.get(kind, plain), values)]
    for name, text in _LINES.items():
        if facts.get(name) and not (name == "due_on" and kind in _TEXTS):
            lines.append(Sentence(text, {"value": str(facts[name])}))
    said = "" if hidden else own_words(facts)
    if said:
        lines.append(Sentence(N_("In their words: %(words)s"), {"words": said}))
    return LetterWords(Sentence(_SUBJECTS.get(kind, N_("%(act)s: %(title)s")), values), tuple(lines))


def subject_path(subject_type: str, subject_id: int) -> str:
    """Where in the jurisdiction the thing a letter is about can be read; the inbox when it has no page."""
    place = _PLACES.get(subject_type)
    return place % subject_id if place else "/inbox/"
