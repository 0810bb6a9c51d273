"""The register page as values: what it offers, what it demands, what the dates would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.deadlines.queries import explanation
from app.deadlines.rules import RuleKind, facts
from app.documents.models import Attachment
from app.jurisdictions.rules import Profile, Step
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import FileLine
from app.matters.forms.case import HURRY_WORDS
from app.matters.forms.registering import Offer
from app.matters.models import Assignment, Matter, MatterSource, SupervisionPlan
from app.matters.pages import DuePreview, FieldGroup, PreviewLine
from app.matters.presenting.common import (
    MODE_WORDS,
    ORIGIN_WORDS,
    SECRECY_WORDS,
    SESSION_WORDS,
    STAGE_WORDS,
    URGENCY_WORDS,
    word,
)
from app.matters.queries.preview import PreviewedClock, lacks_result
from app.matters.rules.routing import Carrier, Why
from app.organisation.models import Membership, Unit

# What a step, or a refusal, calls a field, and the field of the form that holds it.
FIELD_OF: Mapping[str, str] = {
    "lead_unit": "lead_unit_id",
    "responsible_division": "responsible_division_id",
    "deadline": "stated_due_on",
    "scope": "scope_key",
    "kind": "kind_key",
    "plan": "plan_title",
    "instruction_leader": "instruction_leader_id",
    "original_or_copy": "copy",
    "source": "source_id",
}
PREVIEW_FIELDS = (
    "source_id", "urgency", "origin_level", "handling_mode", "session", "meeting_on", "exposed_on", "instruction_on",
    "stated_due_on", "feedback_due_on", "instructed_due_on", "hurried", "instruction_leader_id", "lead_unit_id", "title",
)  # fmt: skip
WHY_WORDS: Mapping[Why, str] = {
    Why.PRINCIPAL: N_("a principal leader's matter is carried by the operating body"),
    Why.PORTFOLIO: N_("the leader's own group"),
    Why.LINE: N_("the lead unit is of a portfolio this group works for"),
    Why.OFFICE: N_("no leader's group is concerned"),
    Why.DRAWER: N_("whoever draws it up carries it"),
}
EVENT_WORDS: Mapping[str, str] = {
    "dispatched": N_("From dispatch on"),
    "acknowledged": N_("From receipt on"),
    "meeting_date": N_("From the day of the meeting on"),
    "exposed_at": N_("From the day of the media exposure on"),
    "instruction_date": N_("From the day of the instruction on"),
    "reported": N_("Once completion has been reported"),
    "completed": N_("Once the completion has been accepted"),
    "returned": N_("Once a report has been returned"),
}
NOTHING = (("", "—"),)
MEETING_STAGE = "first_feedback"


def offer(
    profile: Profile,
    first: Step,
    *,
    sources: Sequence[MatterSource],
    units: Sequence[Unit],
    leaders: Sequence[Membership],
    plans: Sequence[SupervisionPlan],
) -> Offer:
    """What this jurisdiction's form offers and demands."""
    everybody = [(str(unit.id), unit.name) for unit in units if unit.kind != "government"]
    divisions = [(str(unit.id), unit.name) for unit in units if unit.kind == "division"]
    carriers = [
        (str(unit.id), unit.name)
        for unit in units
        if unit.kind in ("supervision_office", "supervision_group", "office")
    ]
    hints = {}
    if plans:
        hints["plan_title"] = _("There are already: %(plans)s", plans=_(", ").join(one.title for one in plans[:3]))
    meetings = _sources_with_feedback(profile)
    if meetings:
        hints["feedback_due_on"] = _(
            "Needed for: %(sources)s", sources=_(", ").join(one.short_name for one in sources if one.key in meetings)
        )
    return Offer(
        choices={
            "source_id": [("", _("Please choose")), *((str(one.id), one.short_name) for one in sources)],
            "origin_level": [("", _("As the source says")), *_pairs(ORIGIN_WORDS)],
            "instruction_leader_id": [*NOTHING, *((str(one.id), _leader(one)) for one in leaders)],
            "session": [*NOTHING, *_pairs(SESSION_WORDS)],
            "hurried": [*NOTHING, *((key, str(said)) for key, said in HURRY_WORDS.items())],
            "scope_key": [*NOTHING, *((one.key, one.name) for one in profile.scopes)],
            "kind_key": [*NOTHING, *((one.key, one.name) for one in profile.supervision_kinds)],
            "urgency": _pairs(URGENCY_WORDS),
            "secrecy_level": [(key, word(SECRECY_WORDS, key)) for key in profile.secrecy.levels],
            "handling_mode": [(key, word(MODE_WORDS, key)) for key in profile.handling_modes],
            "lead_unit_id": everybody,
            "co_unit_ids": everybody,
            "responsible_division_id": [*NOTHING, *(divisions or everybody)],
            "supervising_unit_id": [("", _("As the rules say")), *carriers],
            "document_type": [
                ("", _("As the source says")), *((one.key, one.name) for one in profile.dispatch_types())
            ],
        },
        hints=hints,
        unasked=_unasked(profile, first, bool(meetings)),
        demanded={"source_id", "title", *(FIELD_OF.get(name, name) for name in first.required_fields)},
    )  # fmt: skip


def carrier_words(carrier: Carrier, units: Mapping[int, str], article: str) -> tuple[str, str]:
    """The unit that would carry the matter, and why."""
    return units.get(carrier.unit_id or 0, ""), f"{translate(WHY_WORDS[carrier.why])} · {article}"


def _pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, word(words, key)) for key in words]


def _leader(member: Membership) -> str:
    title = member.post.name if member.post is not None else ""
    return f"{member.person.get_full_name()} {title}".strip()


def _sources_with_feedback(profile: Profile) -> frozenset[str]:
    found: set[str] = set()
    for rule in profile.deadline_rules:
        if rule.stage == MEETING_STAGE and rule.rule == "fixed":
            found |= set(rule.sources) or {one.key for one in profile.matter_sources}
    return frozenset(found)


def _unasked(profile: Profile, first: Step, feedback: bool) -> tuple[str, ...]:
    """The fields that mean nothing under this profile."""
    asked = {FIELD_OF.get(name, name) for name in first.required_fields}
    planned = profile.intake.paper == "supervision_plan"
    means = {
        "plan_title": planned,
        "handling_proposal": not planned,
        "session": any(rule.sessions for rule in profile.deadline_rules),
        "scope_key": bool(profile.scopes),
        "kind_key": bool(profile.supervision_kinds),
        "responsible_division_id": profile.units.responsible_division_enabled,
        "supervising_unit_id": profile.groups.enabled and profile.routing.overridable,
        "handling_mode": len(profile.handling_modes) > 1,
        "document_type": len(profile.dispatch.document_types) > 1,
        "feedback_due_on": feedback,
        "exposed_on": any(rule.exposed_only for rule in profile.deadline_rules),
        "co_unit_ids": profile.units.lead_co_enabled,
    }
    return tuple(name for name, meant in means.items() if not meant and name not in asked)


def groups() -> tuple[FieldGroup, ...]:
    """The form's four parts; fields that are not asked here are left out by the page."""
    return (
        FieldGroup(
            _("Source"),
            (
                "source_id", "source_document_no", "instruction_leader_id", "instruction_on", "meeting_on", "exposed_on",
                "origin_level", "session", "instruction_text", "original", "copy",
            ),
            _("where it comes from, and the paper that says so"),
        ),
        FieldGroup(
            _("Matter"),
            (
                "plan_title", "title", "content", "scope_key", "kind_key", "handling_proposal", "urgency",
                "secrecy_level", "is_major",
            ),
            _("what is to be done"),
        ),
        FieldGroup(
            _("Units"),
            ("lead_unit_id", "co_unit_ids", "responsible_division_id", "supervising_unit_id", "handling_mode"),
            _("one leads, the others contribute"),
            frozenset({"lead_unit_id", "co_unit_ids"}),
        ),
        FieldGroup(
            _("Requirements"),
            (
                "stated_due_on", "stated_due_words", "instructed_due_on", "hurried", "feedback_due_on", "document_type",
            ),
            _("a date that is stated wins over the rules"),
        ),
    )  # fmt: skip


def unit_words(units: Iterable[Unit]) -> dict[str, str]:
    """What a unit may be found by besides its name: short name, code, pinyin initials."""
    return {str(unit.id): f"{unit.short_name} {unit.initials} {unit.code}".lower() for unit in units}


def preview(clocks: list[PreviewedClock], today: dt.date, *, known_source: bool) -> DuePreview:
    """The dates as sentences; what is missing first."""
    if not known_source:
        return DuePreview(warning=_("Choose the source first: the dates follow from it."))
    lines = tuple(_line(clock) for clock in clocks)
    if lacks_result(clocks):
        warning = _("The rules name no period for such a matter. Set the completion deadline yourself.")
        return DuePreview(lines, today if lines else None, warning)
    stated = [clock.due for clock in clocks if clock.due is not None and clock.rule.rule is RuleKind.FIXED]
    if any(due.given_on < today for due in stated):
        return DuePreview(lines, today, _("The date entered has passed already. Enter a later one."))
    return DuePreview(lines, today, " ".join(_doubts(clocks)))


def _doubts(clocks: Iterable[PreviewedClock]) -> Iterator[str]:
    """What whoever enters a date should look at twice: dates that differ, a stated date on a day of rest."""
    for clock in clocks:
        due = clock.due
        if due is None:
            continue
        if len({one.on for one in due.rule.stated}) > 1:
            yield _("The dates stated for the matter differ; here %(day)s holds.", day=due.due_on.isoformat())
        known = due.calendar.first_day <= due.raw_on <= due.calendar.last_day
        stays = due.rule.rule is RuleKind.FIXED and due.raw_on == due.due_on
        if known and stays and not due.calendar.is_working(due.due_on):
            yield _("%(day)s is a day of rest; a date that is stated stays.", day=due.due_on.isoformat())


def _line(clock: PreviewedClock) -> PreviewLine:
    label = word(STAGE_WORDS, clock.stage)
    if clock.refusal is not None:
        return PreviewLine(label, None, translate(clock.refusal.msgid, **clock.refusal.params))
    if clock.due is None:
        note = _("No date yet") if clock.rule.rule is RuleKind.FIXED else word(EVENT_WORDS, clock.rule.start_event)
        return PreviewLine(label, None, note)
    return PreviewLine(
        label, clock.due.due_on, clock.rule.article, tuple(explanation(facts(clock.due))), clock.due.provisional
    )


def stored(matter: Matter, assignments: Iterable[Assignment]) -> dict[str, object]:
    """A draft as the form shows it."""
    names = (
        "source_document_no", "instruction_text", "instruction_on", "meeting_on", "exposed_on", "title", "content",
        "urgency", "secrecy_level", "is_major", "handling_proposal", "handling_mode", "stated_due_on", "stated_due_words",
        "feedback_due_on", "instructed_due_on", "origin_level", "document_type", "session", "scope_key", "kind_key",
    )  # fmt: skip
    ids = ("source_id", "instruction_leader_id", "responsible_division_id", "supervising_unit_id", "lead_unit_id")
    values: dict[str, object] = {name: getattr(matter, name) for name in names}
    values |= {name: str(getattr(matter, name) or "") for name in ids}
    values["hurried"] = "" if matter.hurried is None else "yes" if matter.hurried else "no"
    values["plan_title"] = matter.plan.title if matter.plan is not None else ""
    values["co_unit_ids"] = [str(one.unit_id) for one in assignments if one.role == "co"]
    return values


def kept_files(attachments: Iterable[Attachment], names: Mapping[int, str], root: str) -> tuple[FileLine, ...]:
    """The files a draft already has."""
    kinds = {"original": _("Original"), "copy": _("Copy")}
    return tuple(
        FileLine(
            one.file_name,
            f"{root}/attachments/{one.id}",
            one.size,
            names.get(one.uploaded_by or 0, ""),
            local_date(one.uploaded_at),
            kinds.get(one.kind, ""),
        )
        for one in attachments
    )
