"""What the matter is about: its texts, the opinions on it, its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.jurisdictions.rules.profile import Named
from app.kernel.i18n import _
from app.matters.models import STEP, Approval, ApprovalVote
from app.matters.presenting.acts import Reader
from app.matters.presenting.common import (
    MODE_WORDS,
    ORIGIN_WORDS,
    SECRECY_WORDS,
    SESSION_WORDS,
    URGENCY_WORDS,
    decider_words,
    word,
)
from app.matters.queries import CaseFile
from app.notifications.rules import PURPOSES


def content_texts(file: CaseFile, reader: Reader) -> tuple[tuple[str, str], ...]:
    """The matter's texts with their labels; the office's own reader sees proposals and opinions as well."""
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


def content_facts(file: CaseFile, reader: Reader) -> tuple[tuple[str, str], ...]:
    """The matter's facts with their labels, those that are there."""
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
        (_("Date the instruction states"), _day(matter.instructed_due_on)),
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
