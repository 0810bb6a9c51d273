"""A jurisdiction from a folder, and back into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
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
from app.jurisdictions.rules import Profile, digest_of
from app.jurisdictions.rules.folder import JurisdictionCard, LoadedFolder, PostCard, UnitCard
from app.jurisdictions.rules.presets import find_preset
from app.jurisdictions.rules.profile import Role
from app.jurisdictions.rules.taking import Taken
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.matters.rules.routing import lines_of
from app.matters.services.sources import sync_sources
from app.organisation.models import JurisdictionRole, Post, Unit
from app.organisation.permissions import RIGHTS, known
from app.organisation.rules import initials, sort_key
from app.organisation.services import sync_roles


@dataclass(frozen=True)
class Imported:
    """What an import did. Everything empty and ``published`` false: it was there already."""

    jurisdiction_id: int
    slug: str
    version: int
    published: bool
    units: Taken
    roles: Taken
    sources: Taken
    templates: Taken
    posts: Taken


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
    house = jurisdiction_services.open_jurisdiction(
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
    )
    preset = find_preset(card.preset, RIGHTS) if card.preset else None
    if preset is not None and house.preset_digest is None:
        house.preset_digest = digest_of(preset.profile)  # what it begins with is nothing to offer it
        session.flush()
    return house.id


@command
def _fill(
    session: Any, actor: Actor, folder: LoadedFolder, *, at: dt.datetime, today: dt.date, store: FileStore | None
) -> Imported:
    before = jurisdiction_queries.find_newest_version(session)
    # units, roles and sources first: what they lacked is counted here, and the version's own handlers find them in line
    units = sync_units(session, folder.units)
    posts = sync_posts(session, folder.posts)
    roles = sync_roles(session, folder.profile, rights_too=True)
    sources = sync_sources(session, folder.profile)
    version = jurisdiction_services.publish_profile(
        session, actor, folder.profile, known_rights=RIGHTS, effective_on=today, note="import", at=at
    )
    done = Imported(
        jurisdiction_id=actor.jurisdiction_id or 0,
        slug=folder.card.slug,
        version=version.number,
        published=before is None or before.id != version.id,
        units=units,
        roles=roles,
        sources=sources,
        templates=_keep_templates(session, actor, folder, at=at, store=store) if store else Taken(),
        posts=posts,
    )
    if done.published or done.units or done.roles or done.sources or done.templates or done.posts:
        record(
            session,
            actor,
            "jurisdiction.imported",
            "jurisdiction",
            done.jurisdiction_id,
            at,
            version=version.number,
            units=asdict(done.units),
            roles=asdict(done.roles),
            sources=asdict(done.sources),
            templates=asdict(done.templates),
            posts=asdict(done.posts),
        )
    return done


def _keep_templates(session: Any, actor: Actor, folder: LoadedFolder, *, at: dt.datetime, store: FileStore) -> Taken:
    taken = Taken()
    for document_type, data in folder.templates:
        before = document_queries.find_active_template(session, document_type)
        kept = keep_template(
            session, actor, document_type=document_type, name=f"{document_type}.docx", data=data, at=at, store=store
        )
        taken.added += before is None
        taken.changed += before is not None and kept.id != before.id
    return taken


def sync_units(session: Any, cards: tuple[UnitCard, ...]) -> Taken:
    """Make the units that are missing and bring names up to date; units of the jurisdiction's own stay."""
    there = {unit.code: unit for unit in session.scalars(select(Unit))}
    new = {card.code for card in cards} - set(there)
    changed: set[str] = set()
    for position, card in enumerate(cards):
        unit = there.get(card.code)
        if unit is None:
            unit = there[card.code] = Unit(code=card.code)
            session.add(unit)
        if _set(
            unit,
            name=card.name,
            short_name=card.short_name,
            kind=card.kind,
            functional_line=card.functional_line,
            position=position,
            initials=initials(card.name, card.short_name),
            sort_key=sort_key(card.name),
        ):
            changed.add(card.code)
    session.flush()
    for card in cards:
        if _set(there[card.code], parent_id=there[card.parent].id if card.parent else None):
            changed.add(card.code)
    session.flush()
    return Taken(added=len(new), changed=len(changed - new))


def sync_posts(session: Any, cards: tuple[PostCard, ...]) -> Taken:
    """Make the posts that are missing and bring their portfolios up to date; posts of the jurisdiction's own stay."""
    units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
    there = {(post.unit_id, post.name): post for post in session.scalars(select(Post))}
    taken = Taken()
    for position, card in enumerate(cards):
        post = there.get((units[card.unit], card.name))
        new = post is None
        if post is None:
            post = Post(unit_id=units[card.unit], name=card.name)
            session.add(post)
        changed = _set(
            post,
            kind=card.kind,
            supervising_unit_id=units[card.supervising_unit] if card.supervising_unit else None,
            portfolio="、".join(card.portfolio) or None,
            position=position,
            active=True,
        )
        taken.added += new
        taken.changed += not new and changed
    session.flush()
    return taken


def _posts(session: Any, codes: Mapping[int, str]) -> tuple[PostCard, ...]:
    """The posts in use, of units in use, as the folder lists them."""
    posts = session.scalars(select(Post).where(Post.active.is_(True)).order_by(Post.position, Post.id))
    return tuple(
        PostCard(
            unit=codes[post.unit_id],
            name=post.name,
            kind=post.kind,
            supervising_unit=codes.get(post.supervising_unit_id or 0),
            portfolio=lines_of(post.portfolio),
        )
        for post in posts
        if post.unit_id in codes
    )


def _set(row: Any, **values: Any) -> bool:
    """Bring a row's values up to date; whether any of them was another one."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def exported_folder(session: Any, slug: str, *, at: dt.datetime, store: FileStore | None = None) -> LoadedFolder:
    """A jurisdiction as the folder it would be imported from: the profile in force, with the roles and units
    as they are now. Raises NotFound for an unknown slug and for a jurisdiction that has published nothing.

    ``store`` is where its templates are kept; without one they are left out.
    """
    jurisdiction = jurisdiction_queries.find_by_slug(session, slug)
    if jurisdiction is None:
        raise NotFound("unknown_jurisdiction", N_("There is no jurisdiction “%(slug)s”."), slug=slug)
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
        version = jurisdiction_queries.get_version_in_force(session, at)
        profile = _as_it_is(session, jurisdiction_queries.profile_of(session, version.id))
        units = tuple(session.scalars(select(Unit).where(Unit.active.is_(True)).order_by(Unit.position, Unit.id)))
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
        posts = _posts(session, codes)
        templates = _own_templates(session, profile, store) if store else ()
    return LoadedFolder(card, cards, profile, templates, posts)


def _as_it_is(session: Any, profile: Profile) -> Profile:
    """The profile with what the jurisdiction has since changed on its page of roles."""
    order = {word: place for place, word in enumerate(RIGHTS)}
    roles = tuple(
        Role(
            key=role.key,
            name=role.name,
            article=role.article,
            rights=tuple(sorted(known(right.right for right in role.rights), key=order.__getitem__)),
        )
        for role in session.scalars(select(JurisdictionRole).order_by(JurisdictionRole.position, JurisdictionRole.id))
    )
    return profile.model_copy(update={"roles": roles})


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
