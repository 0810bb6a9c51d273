"""The whole profile, and the way in and out of plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from app.jurisdictions.rules.profile.base import HandlingMode, Key, Named, Section, Words
from app.jurisdictions.rules.profile.clocks import DeadlineRule, Extension, LastDay, PeriodicCheck, Recompute, Reminders
from app.jurisdictions.rules.profile.conduct import Archive, Grounds, Methods, Points, Reports, Secrecy, Slips
from app.jurisdictions.rules.profile.former import as_meant
from app.jurisdictions.rules.profile.office import (
    Bodies,
    Groups,
    LowerBodies,
    Regulation,
    Role,
    Routing,
    UnitsSection,
)
from app.jurisdictions.rules.profile.procedure import (
    Completion,
    Conclusion,
    Delegation,
    Dispatch,
    DocumentType,
    Intake,
    MatterSource,
    Numbering,
    ProcedureSection,
    Receipt,
)
from app.jurisdictions.rules.profile.readings import Readings
from app.jurisdictions.rules.profile.urging import UrgingSection
from app.jurisdictions.rules.sentences import Fault, ProfileError, refusals


class Profile(Section):
    """The whole profile of a jurisdiction."""

    regulation: Regulation
    bodies: Bodies
    scopes: tuple[Named, ...] = ()
    supervision_kinds: tuple[Named, ...] = ()
    delegation: Delegation | None = None
    matter_sources: Annotated[tuple[MatterSource, ...], Field(min_length=1)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    intake: Intake
    procedure: ProcedureSection
    numbering: Numbering
    routing: Routing
    groups: Groups
    document_types: Annotated[tuple[DocumentType, ...], Field(min_length=1)]
    dispatch: Dispatch
    units: UnitsSection
    handling_modes: Annotated[tuple[HandlingMode, ...], Field(min_length=1)]
    receipt: Receipt
    deadline_rules: Annotated[tuple[DeadlineRule, ...], Field(min_length=1)]
    last_day: LastDay | None = None
    recompute: Recompute | None = None
    readings: Readings = Readings()
    extension: Extension
    slips: Slips | None = None
    points: Points | None = None
    completion: Completion
    conclusion: Conclusion | None = None
    reports: Reports
    methods: Methods
    attendance: tuple[Words, ...] = ()
    periodic_checks: tuple[PeriodicCheck, ...] = ()
    reference_register: bool = False
    archive: Archive
    secrecy: Secrecy
    accountability: Grounds
    rewards: Grounds
    gatherings: Grounds | None = None
    lower_bodies: LowerBodies
    reminders: Reminders
    urging: UrgingSection | None = None
    words: Mapping[Key, Words] = {}

    def role_keys(self) -> frozenset[str]:
        """The keys of the roles this profile knows."""
        return frozenset(role.key for role in self.roles)

    def source(self, key: str) -> MatterSource:
        """The source of that key. Raises KeyError."""
        return _by_key(self.matter_sources, key)

    def document_type(self, key: str) -> DocumentType:
        """The document type of that key. Raises KeyError."""
        return _by_key(self.document_types, key)

    def dispatch_types(self) -> tuple[DocumentType, ...]:
        """The papers a dispatch may be issued as."""
        return tuple(self.document_type(key) for key in self.dispatch.document_types)


def _by_key(items: Iterable[Any], key: str) -> Any:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


_Section = TypeVar("_Section", bound=Section)


def read_section(kind: type[_Section], data: Any) -> _Section:
    """One section out of plain data, nothing guessed: text stays text and numbers are numbers.

    Raises ProfileError with the path of every fault.
    """
    try:
        return kind.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise ProfileError(refusals(error.errors(include_url=False))) from error
    except (ValueError, RecursionError) as error:
        raise ProfileError([Fault("", "too_deep")]) from error


def parse_profile(data: Any) -> Profile:
    """Read a profile out of plain data, of today's form or a former one. Raises ProfileError with the path of every fault."""
    return read_section(Profile, as_meant(data))


def dump_section(section: Section) -> dict[str, Any]:
    """A section as plain data: only what differs from the defaults, in the order of the schema."""
    return section.model_dump(mode="json", exclude_defaults=True)


def dump_profile(profile: Profile) -> dict[str, Any]:
    """The profile as plain data: only what differs from the defaults, in the order of the schema."""
    return dump_section(profile)
