"""The platform's acts: a jurisdiction from a folder, and back into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.documents import queries as document_queries
from app.documents import templating
from app.documents.rules import NOTICE_FIELDS, SAMPLE_NOTICE, FileRefused, notice_facts
from app.documents.services import keep_template
from app.documents.storage import FileStore
from app.jurisdictions import queries as jurisdiction_queries
from app.jurisdictions import services as jurisdiction_services
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.folder import JurisdictionCard, LoadedFolder, UnitCard
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.matters.models import MatterSource
from app.organisation.models import JurisdictionRole, RoleRight, Unit
from app.organisation.permissions import RIGHTS
from app.organisation.rules import initials, sort_key


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    jurisdiction_id: int
    slug: str
    version: int
    published: bool
    units_added: int
    roles: int
    sources: int
    templates_added: int


def import_folder(
    session: Any,
    actor: Actor,
    folder: LoadedFolder,
    *,
    at: dt.datetime,
    today: dt.date,
    store: FileStore | None = None,
) -> Imported:
    """Open the jurisdiction of a folder or bring it up to date. Safe to repeat; people are never touched.

    Two transactions: the jurisdiction's row, which is the platform's, then everything inside its walls at once. ``store``
    keeps the folder's templates; without one they stay out.
    """
    jurisdiction_id = _open(session, actor, folder.card, at=at)
    inside = Actor(actor.person_id, actor.name, jurisdiction_id, is_system=actor.is_system)
    with scope(jurisdiction_id, session):
        return _fill(session, inside, folder, at=at, today=today, store=store)


@command
def _open(session: Any, actor: Actor, card: JurisdictionCard, *, at: dt.datetime) -> int:
    parent = jurisdiction_queries.find_by_code(session, card.parent) if card.parent else None
    if card.parent and parent is None:
        raise Invalid(
            "parent_missing",
            N_("The parent jurisdiction %(parent)s is not here yet. Import it first."),
            None,
            parent=card.parent,
        )
    return jurisdiction_services.open_jurisdiction(
        session,
        actor,
        code=card.code,
        slug=card.slug,
        name=card.name,
        short_name=card.short_name,
        level=card.level,
        parent_id=parent.id if parent else None,
        preset=card.preset,
        at=at,
    ).id


@command
def _fill(
    session: Any, actor: Actor, folder: LoadedFolder, *, at: dt.datetime, today: dt.date, store: FileStore | None
) -> Imported:
    before = jurisdiction_queries.find_version_in_force(session)
    version = jurisdiction_services.publish_profile(
        session, actor, folder.profile, known_rights=RIGHTS, effective_on=today, note="import", at=at
    )
    roles = sync_roles(session, folder.profile)
    sources = sync_sources(session, folder.profile)
    added = sync_units(session, folder.units)
    templates = _keep_templates(session, actor, folder, at=at, store=store) if store else 0
    session.flush()
    record(
        session, actor, "jurisdiction.imported", "jurisdiction", actor.jurisdiction_id or 0, at,
        version=version.number, units_added=added,
    )  # fmt: skip
    return Imported(
        jurisdiction_id=actor.jurisdiction_id or 0,
        slug=folder.card.slug,
        version=version.number,
        published=before is None or before.id != version.id,
        units_added=added,
        roles=roles,
        sources=sources,
        templates_added=templates,
    )


def _keep_templates(session: Any, actor: Actor, folder: LoadedFolder, *, at: dt.datetime, store: FileStore) -> int:
    added = 0
    for document_type, data in folder.templates:
        before = document_queries.find_active_template(session, document_type)
        kept = keep_template(
            session, actor, document_type=document_type, name=f"{document_type}.docx", data=data, at=at, store=store
        )
        added += before is None or kept.id != before.id
    return added


def sync_roles(session: Any, profile: Profile) -> int:
    """Make the profile's roles and give them exactly the profile's rights; roles of the jurisdiction's own stay."""
    there = {role.key: role for role in session.scalars(select(JurisdictionRole))}
    for position, wanted in enumerate(profile.roles):
        role = there.get(wanted.key)
        if role is None:
            role = JurisdictionRole(key=wanted.key)
            session.add(role)
        role.name, role.article, role.position = wanted.name, wanted.article, position
        session.flush()
        held = {right.right: right for right in role.rights}
        for word in set(held) - set(wanted.rights):
            role.rights.remove(held[word])
        role.rights.extend(RoleRight(right=word) for word in wanted.rights if word not in held)
    session.flush()
    return len(profile.roles)


def sync_sources(session: Any, profile: Profile) -> int:
    """Make the profile's matter sources, in the regulation's order; a source no longer named is closed, not removed."""
    there = {source.key: source for source in session.scalars(select(MatterSource))}
    for position, wanted in enumerate(profile.matter_sources):
        source = there.pop(wanted.key, None)
        if source is None:
            source = MatterSource(key=wanted.key)
            session.add(source)
        source.name, source.short_name, source.category = wanted.name, wanted.short_name, wanted.category
        source.article, source.origin_level = wanted.article, wanted.origin_level
        source.is_proposal, source.is_petition = wanted.is_proposal, wanted.is_petition
        source.position, source.active = position, True
    for gone in there.values():
        gone.active = False
    session.flush()
    return len(profile.matter_sources)


def sync_units(session: Any, cards: tuple[UnitCard, ...]) -> int:
    """Make the units that are missing and bring names up to date; units of the jurisdiction's own stay."""
    there = {unit.code: unit for unit in session.scalars(select(Unit))}
    added = 0
    for position, card in enumerate(cards):
        unit = there.get(card.code)
        if unit is None:
            unit = there[card.code] = Unit(code=card.code)
            session.add(unit)
            added += 1
        unit.name, unit.short_name, unit.kind = card.name, card.short_name, card.kind
        unit.functional_line, unit.position = card.functional_line, position
        unit.initials, unit.sort_key = initials(card.name, card.short_name), sort_key(card.name)
    session.flush()
    for card in cards:
        there[card.code].parent_id = there[card.parent].id if card.parent else None
    session.flush()
    return added


def exported_folder(session: Any, slug: str, *, store: FileStore | None = None) -> LoadedFolder:
    """A jurisdiction as the folder it would be imported from. Raises NotFound for an unknown slug.

    ``store`` is where its templates are kept; without one they are left out.
    """
    jurisdiction = jurisdiction_queries.find_by_slug(session, slug)
    if jurisdiction is None:
        raise NotFound("unknown_jurisdiction")
    parent = session.get(Jurisdiction, jurisdiction.parent_id) if jurisdiction.parent_id else None
    card = JurisdictionCard.model_validate(
        {
            "code": jurisdiction.code,
            "slug": jurisdiction.slug,
            "name": jurisdiction.name,
            "short_name": jurisdiction.short_name,
            "level": jurisdiction.level,
            "parent": parent.code if parent else None,
            "preset": jurisdiction.preset,
        }
    )
    with scope(jurisdiction.id, session):
        version = jurisdiction_queries.get_version_in_force(session)
        profile = jurisdiction_queries.profile_of(session, version.id)
        units = tuple(session.scalars(select(Unit).order_by(Unit.position, Unit.id)))
        codes = {unit.id: unit.code for unit in units}
        cards = tuple(
            UnitCard(
                code=unit.code,
                name=unit.name,
                short_name=unit.short_name,
                kind=unit.kind,
                functional_line=unit.functional_line,
                parent=codes.get(unit.parent_id) if unit.parent_id else None,
            )
            for unit in units
        )
        templates = _own_templates(session, profile, store) if store else ()
    return LoadedFolder(card, cards, profile, templates)


def _own_templates(session: Any, profile: Profile, store: FileStore) -> tuple[tuple[str, bytes], ...]:
    found = []
    for key in sorted(one.key for one in profile.document_types):
        template = document_queries.find_active_template(session, key)
        if template is not None:
            found.append((key, store.read(template.jurisdiction_id, template.sha256)))
    return tuple(found)


def refused_templates(templates: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """The templates of a folder that would not be taken, each with the English sentence that says why."""
    refused = []
    for name, data in templates:
        try:
            templating.accept(data, NOTICE_FIELDS, notice_facts(SAMPLE_NOTICE))
        except FileRefused as error:
            refused.append((name, str(error)))
    return refused
