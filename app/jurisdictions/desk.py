"""What the profile's pages read in common: the versions here, the draft, the presets, each by the word the address has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.presenting.overview import acts_by_version
from app.jurisdictions.queries import (
    find_draft,
    find_version_in_force,
    get_numbered,
    list_acts,
    list_versions,
    profile_of,
)
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import Profile, digest_of, parse_profile, with_live_rights
from app.jurisdictions.rules.presets import Preset, find_preset, list_presets
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import _, translate

DRAFT, PRESET = "draft", "preset:"


@dataclass(frozen=True)
class Side:
    """One of two profiles put side by side: the word it has in an address, what it is called, what it says."""

    word: str
    label: str
    profile: Profile


class Desk:
    """The profile's versions as one reader finds them, each read once a request."""

    def __init__(self, asking: Actor) -> None:
        self.asking = asking

    @cached_property
    def in_force(self) -> ProfileVersion | None:
        """The version new matters are listed under now."""
        return find_version_in_force(db.session, clock.now())

    @cached_property
    def draft(self) -> ProfileVersion | None:
        """The draft."""
        return find_draft(db.session)

    @cached_property
    def versions(self) -> list[ProfileVersion]:
        """Published and withdrawn versions, newest first."""
        return list_versions(db.session)

    @cached_property
    def acts(self) -> Any:
        """Who did what to which version."""
        return acts_by_version(list_acts(db.session, self.draft.id if self.draft is not None else None))

    @cached_property
    def presets(self) -> tuple[Preset, ...]:
        """The presets of this release."""
        return list_presets(rights_here().known())

    @cached_property
    def live(self) -> Any:
        """The rights of the roles as they are now."""
        return rights_here().live(db.session)

    @cached_property
    def changed_preset(self) -> Preset | None:
        """The preset this jurisdiction began with, when it has changed since it was last looked at."""
        house = db.session.get(Jurisdiction, self.asking.jurisdiction_id)
        if house is None or not house.preset or house.preset_digest is None:
            return None
        preset = find_preset(house.preset, rights_here().known())
        return preset if preset is not None and digest_of(preset.profile) != house.preset_digest else None

    def draft_profile(self) -> Profile:
        """The draft as it would be published: with the rights the roles have now. Raises NotFound without a draft."""
        if self.draft is None:
            raise NotFound()
        return with_live_rights(parse_profile(self.draft.document), self.live)

    def side(self, word: str) -> Side:
        """The profile an address names: ``draft``, a version's number, ``preset:<key>``. Raises NotFound."""
        if word == DRAFT:
            return Side(word, _("Draft"), self.draft_profile())
        if word.startswith(PRESET):
            preset = next((one for one in self.presets if one.key == word.removeprefix(PRESET)), None)
            if preset is None:
                raise NotFound()
            return Side(word, preset_label(preset), with_live_rights(preset.profile, self.live))
        if not (word.isascii() and word.isdigit() and len(word) < 10):
            raise NotFound()
        version = get_numbered(db.session, int(word))
        return Side(word, version_label(version.number), profile_of(db.session, version.id))

    def words(self) -> list[tuple[str, str]]:
        """Everything that can be put side by side: word and label."""
        found = [(DRAFT, _("Draft"))] if self.draft is not None else []
        found += [(str(version.number), version_label(version.number)) for version in self.versions]
        return found + [(f"{PRESET}{preset.key}", preset_label(preset)) for preset in self.presets]


def version_label(number: int) -> str:
    """What a version is called."""
    return _("Version %(number)s", number=number)


def preset_label(preset: Preset) -> str:
    """What a preset is called."""
    return _("Preset “%(name)s”", name=translate(preset.name))
