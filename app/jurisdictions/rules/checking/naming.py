"""Every word that names another thing names one that is there, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.jurisdictions.rules.checking.telling import fault, twice
from app.jurisdictions.rules.profile import Profile, Section
from app.jurisdictions.rules.profile.references import lists, references
from app.jurisdictions.rules.sentences import Fault

# What a step may demand of the matter before it can be left.
FIELDS = frozenset(
    {
        "title", "content", "handling_proposal", "lead_unit", "responsible_division", "deadline", "plan", "scheme",
        "instruction_leader", "instruction_text", "document_type", "result", "archive_no", "scope", "kind",
    }
)  # fmt: skip
ATTACHMENTS = frozenset({"original", "copy", "original_or_copy", "report", "evidence"})

_STRANGER: Mapping[str, str] = {
    "roles": "unknown_role",
    "matter_sources": "unknown_source",
    "document_types": "unknown_document_type",
    "procedure.steps": "unknown_step",
    "reminders.ladders": "unknown_ladder",
    "slips.items": "unknown_slip",
    "fields": "unknown_field",
    "attachments": "unknown_attachment",
    "rights": "unknown_right",
}

# Lists of free sentences: two alike say nothing wrong.
_FREE = ("regulation.basis",)


def doubled(profile: Profile) -> Iterator[Fault]:
    """What is in a list twice: two entries of one key, two equal words."""
    for listed in lists(profile):
        sections = [item for item in listed.items if isinstance(item, Section)]
        if not sections:
            if listed.path not in _FREE:
                yield from twice(listed.path, [str(item) for item in listed.items])
            continue
        for inner in _names(listed.path, sections[0]):
            yield from twice(listed.path, [str(getattr(item, inner)) for item in sections], f".{inner}")


def _names(path: str, first: Section) -> tuple[str, ...]:
    """By which of its fields an entry of a list is told from the others."""
    if path == "roles":
        return "key", "name"
    return ("key",) if hasattr(first, "key") else ("article",) if path == "regulation.articles" else ()


def words(profile: Profile, known_rights: frozenset[str] | None) -> Iterator[Fault]:
    """Every word that names another thing names one that is there."""
    there: dict[str, frozenset[str]] = {"fields": FIELDS, "attachments": ATTACHMENTS}
    if known_rights is not None:
        there["rights"] = known_rights
    for listed in lists(profile):
        if listed.path in _STRANGER:
            there[listed.path] = frozenset(item.key for item in listed.items)
    for found in references(profile):
        if found.to == "rights" and known_rights is None:
            continue
        # the place at which a number is given has its own sentence, which says which steps will do
        if found.path != "numbering.at_step" and found.word not in there.get(found.to, frozenset()):
            yield fault(found.path, _STRANGER[found.to], found.word)
