"""Publishing a profile: checked, numbered, in force from a day on; and taking back one that is not yet in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.queries import find_newest_version, find_version_in_force
from app.jurisdictions.rules import (
    Profile,
    digest_of,
    dump_profile,
    faults,
    local_day,
    parse_profile,
    with_live_rights,
)
from app.jurisdictions.rules.presets import find_preset
from app.jurisdictions.services.drafting import take_draft
from app.jurisdictions.services.effect import take_effect
from app.jurisdictions.services.refusing import FaultyProfile, must_write, reason
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_


def publish_profile(
    session: Any,
    actor: Actor,
    profile: Profile,
    *,
    known_rights: Iterable[str],
    effective_on: dt.date,
    note: str,
    at: dt.datetime,
) -> ProfileVersion:
    """Publish a profile as the jurisdiction's next version. Part of the caller's transaction.

    It is in force from ``effective_on``, a local date; the first one at once. Refuses a profile with faults
    (FaultyProfile) and a day before that of a version that is still to come (Invalid). The same profile again is not a
    new version. Matters that run keep the version they were listed under.
    """
    _must_be_sound(profile, known_rights)
    newest = find_newest_version(session)
    _after_the_coming(newest, effective_on, at)
    if newest is not None and newest.digest == digest_of(profile):
        return newest
    version = ProfileVersion(revision=1)
    return _publish(session, actor, version, profile, effective_on=effective_on, note=note, at=at)


@command
def publish_draft(
    session: Any,
    actor: Actor,
    *,
    known_rights: Iterable[str],
    effective_on: dt.date,
    note: str,
    expected_revision: int,
    at: dt.datetime,
    live_rights: Mapping[str, Collection[str]] | None = None,
) -> ProfileVersion:
    """Make the draft the jurisdiction's next version, in force from ``effective_on`` (a local date); the first at once.

    ``live_rights`` are the rights of the roles that exist, by role key: they go before what the draft says. Refuses a
    draft with faults (FaultyProfile, every place), one that changes nothing (Conflict), one somebody else has changed
    meanwhile (Conflict), a day that has passed or lies before that of a version still to come, and a missing reason
    (Invalid). A new role that may do more than the publisher is refused too (Refused): publishing is no way round the
    page of roles.
    """
    must_write(actor)
    draft = take_draft(session, expected_revision)
    said = reason(note)
    profile = with_live_rights(parse_profile(draft.document), live_rights or {})
    _must_be_sound(profile, known_rights)
    if live_rights is not None:
        _must_not_exceed(actor, profile, live_rights)
    newest = find_newest_version(session)
    if newest is not None:
        if newest.digest == digest_of(profile):
            raise Conflict("nothing_changed", N_("The draft changes nothing. Change something, or discard it."))
        if effective_on < local_day(at):
            raise Invalid(
                "day_passed",
                N_("A version comes into force today or later."),
                {"effective_on": N_("Choose today or a later day.")},
            )
    _after_the_coming(newest, effective_on, at)
    draft.revision += 1
    _remember_preset(session, actor, draft.preset, known_rights)
    return _publish(session, actor, draft, profile, effective_on=effective_on, note=said, at=at)


@command
def withdraw_version(session: Any, actor: Actor, version_id: int, *, note: str, at: dt.datetime) -> ProfileVersion:
    """Take back a published version that is not yet in force; the one before it stays. ``note`` says why.

    Refuses one that is or was in force, because matters may have been listed under it (Conflict), another
    jurisdiction's and a draft (NotFound), and a missing reason (Invalid).
    """
    must_write(actor)
    version = session.get(ProfileVersion, version_id, with_for_update=True, populate_existing=True)
    if version is None or version.status == "draft":
        raise NotFound()
    said = reason(note)
    if version.status == "withdrawn":
        raise Conflict("withdrawn_already", N_("This version was withdrawn before."))
    current = find_version_in_force(session, at)
    if version.took_effect_at is not None or (current is not None and version.number <= current.number):
        raise Conflict("in_force", N_("This version has come into force. Publish another one instead."))
    version.status, version.withdrawn_reason = "withdrawn", said
    version.withdrawn_at, version.withdrawn_by = at, actor.membership_id
    session.flush()
    record(session, actor, "profile.withdrawn", "profile_version", version.id, at, number=version.number, note=said)
    return version


def _remember_preset(session: Any, actor: Actor, key: str | None, known_rights: Iterable[str]) -> None:
    """The preset the jurisdiction follows from now on, as it is today: its later changes are offered."""
    preset = find_preset(key, known_rights) if key else None
    if preset is not None:
        house = session.get(Jurisdiction, actor.jurisdiction_id)
        house.preset, house.preset_digest = preset.key, digest_of(preset.profile)


def _must_not_exceed(actor: Actor, profile: Profile, live_rights: Mapping[str, Collection[str]]) -> None:
    for role in profile.roles:
        if role.key not in live_rights and not actor.is_system and not actor.rights.issuperset(role.rights):
            raise Refused(
                "beyond_own_rights",
                N_("The new role “%(role)s” may do more than you. Take the rights you do not hold out of it."),
                role=role.name,
            )


def _must_be_sound(profile: Profile, known_rights: Iterable[str]) -> None:
    found = faults(profile, known_rights)
    if found:
        raise FaultyProfile("profile_faulty", found)


def _after_the_coming(newest: ProfileVersion | None, effective_on: dt.date, at: dt.datetime) -> None:
    """Versions come into force in the order of their numbers, so that no published one is passed over in silence."""
    if newest is None or newest.number == 1 or newest.effective_on is None:
        return
    if newest.effective_on > local_day(at) and effective_on < newest.effective_on:
        raise Invalid(
            "before_the_coming",
            N_("Version %(number)s comes into force on %(day)s. Choose that day or a later one, or withdraw it first."),
            {"effective_on": N_("Another version comes later.")},
            number=newest.number,
            day=newest.effective_on.isoformat(),
        )


def _publish(
    session: Any,
    actor: Actor,
    version: ProfileVersion,
    profile: Profile,
    *,
    effective_on: dt.date,
    note: str,
    at: dt.datetime,
) -> ProfileVersion:
    version.number = int(session.scalar(select(func.max(ProfileVersion.number))) or 0) + 1
    version.status = "published"
    version.document = dump_profile(profile)
    version.digest = digest_of(profile)
    version.effective_on = effective_on
    version.published_at = at
    version.published_by = actor.membership_id
    version.note = note
    session.add(version)
    session.flush()
    record(
        session,
        actor,
        "profile.published",
        "profile_version",
        version.id,
        at,
        number=version.number,
        note=note,
        effective_on=effective_on,
    )
    take_effect(session, actor, at=at)
    return version
