"""The draft of a profile: begun from what is in force, changed section by section, given up or published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.queries import find_draft, find_version_in_force, profile_of
from app.jurisdictions.rules import Fault, Profile, ProfileError, digest_of, dump_profile, parse_profile
from app.jurisdictions.rules.sentences import parts_of, path_of
from app.jurisdictions.services.refusing import FaultyProfile, must_write, words
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, NotFound
from app.kernel.events import record
from app.kernel.i18n import N_


@command
def start_draft(
    session: Any,
    actor: Actor,
    *,
    at: dt.datetime,
    profile: Profile | None = None,
    preset: str | None = None,
    note: str = "",
) -> ProfileVersion:
    """Begin a draft: from ``profile``, or from the version in force. Nothing changes for anybody until it is published.

    ``preset`` is the key of the preset ``profile`` is: once the draft is published, that preset's changes are offered.
    Refuses a second draft beside one that is there (Conflict), and beginning from nothing (NotFound).
    """
    must_write(actor)
    if find_draft(session) is not None:
        raise Conflict("draft_there", N_("There is a draft already. Go on with it, or discard it first."))
    current = find_version_in_force(session, at)
    if profile is None:
        if current is None:
            raise NotFound("no_profile", N_("No procedure has been published here yet."))
        profile = profile_of(session, current.id)
    draft = ProfileVersion(
        number=0,
        status="draft",
        document=dump_profile(profile),
        digest=digest_of(profile),
        revision=1,
        preset=preset,
        base_number=current.number if current else None,
        started_at=at,
        started_by=actor.membership_id,
        note=words(note),
    )
    session.add(draft)
    session.flush()
    record(session, actor, "profile.draft_started", "profile_version", draft.id, at, base=draft.base_number, note=note)
    return draft


@command
def save_section(
    session: Any, actor: Actor, section: str, data: Any, *, expected_revision: int, at: dt.datetime
) -> ProfileVersion:
    """Keep one section of the draft, given as plain data under the profile's name for it.

    Refuses what is no such section (FaultyProfile, an Invalid whose fields are places such as ``steps[2].name``), a name
    that is no section (NotFound), and a draft somebody else has changed meanwhile (Conflict). What does not yet hold
    together with other sections is kept: the check before publishing says it.
    """
    must_write(actor)
    try:
        return _save(session, actor, {section: data}, expected_revision, at)
    except ProfileError as error:
        raise FaultyProfile("section_faulty", [_within(section, fault) for fault in error.faults]) from error


@command
def save_sections(
    session: Any, actor: Actor, sections: Mapping[str, Any], *, expected_revision: int, at: dt.datetime
) -> ProfileVersion:
    """Keep the sections that stand on one page, all or none. As ``save_section``; places begin with the section's name."""
    must_write(actor)
    try:
        return _save(session, actor, sections, expected_revision, at)
    except ProfileError as error:
        raise FaultyProfile("section_faulty", error.faults) from error


def _save(
    session: Any, actor: Actor, sections: Mapping[str, Any], expected_revision: int, at: dt.datetime
) -> ProfileVersion:
    if not sections.keys() <= Profile.model_fields.keys():
        raise NotFound()
    draft = take_draft(session, expected_revision)
    kept = {name: value for name, value in draft.document.items() if name not in sections}
    profile = parse_profile(kept | {name: value for name, value in sections.items() if value is not None})
    _keep(session, actor, draft, profile, at, section="、".join(sections))
    return draft


@command
def replace_draft(
    session: Any, actor: Actor, profile: Profile, *, expected_revision: int, at: dt.datetime, origin: str
) -> ProfileVersion:
    """Put another profile in the draft's place: an uploaded folder, or the draft with parts of a preset.

    ``origin`` says for the log where it came from. Refuses a draft changed meanwhile (Conflict).
    """
    must_write(actor)
    draft = take_draft(session, expected_revision)
    _keep(session, actor, draft, profile, at, origin=origin)
    return draft


@command
def discard_draft(session: Any, actor: Actor, *, expected_revision: int, at: dt.datetime) -> None:
    """Give the draft up. The log of acts keeps that there was one. Refuses a draft changed meanwhile (Conflict)."""
    must_write(actor)
    draft = take_draft(session, expected_revision)
    base, changes, draft_id = draft.base_number, draft.revision - 1, draft.id
    session.delete(draft)
    session.flush()
    record(session, actor, "profile.draft_discarded", "profile_version", draft_id, at, base=base, changes=changes)


@command
def settle_preset(session: Any, actor: Actor, digest: str, *, at: dt.datetime) -> None:
    """Remember that the preset was looked at as it is now: it is offered again only when it changes again.

    ``digest`` is what that preset is recognised by. Nothing of it is taken over.
    """
    must_write(actor)
    house = session.get(Jurisdiction, actor.jurisdiction_id)
    if house.preset_digest == digest:
        return
    house.preset_digest = digest
    session.flush()
    record(session, actor, "profile.preset_settled", "jurisdiction", house.id, at, preset=house.preset)


def take_draft(session: Any, expected_revision: int) -> ProfileVersion:
    """The draft, locked. Refuses when there is none (NotFound) or somebody else has changed it meanwhile (Conflict)."""
    draft = find_draft(session, lock=True)
    if draft is None:
        raise NotFound("no_draft", N_("There is no draft. Start one first."))
    if draft.revision != expected_revision:
        raise Conflict(
            "draft_changed", N_("Somebody else changed the draft a moment ago. Read it again, then change it.")
        )
    return draft


def _keep(session: Any, actor: Actor, draft: ProfileVersion, profile: Profile, at: dt.datetime, **facts: str) -> None:
    digest = digest_of(profile)
    if digest == draft.digest:
        return
    draft.document, draft.digest = dump_profile(profile), digest
    draft.revision += 1
    session.flush()
    record(session, actor, "profile.draft_changed", "profile_version", draft.id, at, **facts)


def _within(section: str, fault: Fault) -> Fault:
    """The fault with its place as it is called inside the section."""
    parts = parts_of(fault.path)
    return Fault(path_of(parts[1:]), fault.code, fault.params) if parts[:1] == (section,) else fault
