"""Bringing a jurisdiction on, item by item, in any order, until it is put into service.

While it is being prepared the platform's staff act inside it under their own names; afterwards they do not any more: what
is inside is its administrator's. Every act is written into the jurisdiction's own log.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.jurisdictions import queries as jurisdiction_queries
from app.jurisdictions import services as jurisdiction_services
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.rules import digest_of, faults
from app.jurisdictions.rules.folder import UnitCard
from app.jurisdictions.rules.presets import find_preset
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.matters.models import Matter
from app.organisation.models import Membership, Person, Unit
from app.organisation.permissions import RIGHTS
from app.organisation.queries import get_roles_by_key
from app.organisation.rules import free_code
from app.organisation.services import make_activation, sync_roles
from app.organisation.services.accounts import new_person
from app.organisation.services.memberships import join
from app.platform import queries
from app.platform.rules.checklist import blockers
from app.platform.rules.divisions import CODE, SLUG
from app.platform.services.folders import sync_units
from app.platform.services.standing import find_house, inside_of, must_manage, must_prepare

LEVELS = ("province", "city", "district", "county")
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Card:
    """What a jurisdiction is called and where it stands. ``code`` and ``parent`` are GB/T 2260 codes."""

    code: str
    name: str
    short_name: str
    level: str
    slug: str
    parent: str = ""


@dataclass(frozen=True)
class NamedAdministrator:
    """Whom the platform named; ``token`` is the activation link's, said once and kept nowhere."""

    person_id: int
    username: str
    token: str


@command
def create_jurisdiction(session: Any, actor: Actor, card: Card, *, at: dt.datetime) -> Jurisdiction:
    """Open a jurisdiction to be prepared: nobody works in it and no clock runs until it is put into service.

    Refuses, with every field at once (Invalid): a code or an address another has, what is no code or address, an unknown
    parent, and one that does not stand above it.
    """
    must_manage(actor)
    wrong = _card_faults(session, card, None)
    if wrong:
        raise Invalid("card_faulty", N_("Please correct the marked fields."), wrong)
    made = _put_card(session, actor, card, at=at)
    made.status, made.status_at = "preparing", at
    return made


@command
def change_card(session: Any, actor: Actor, card: Card, *, at: dt.datetime) -> Jurisdiction:
    """Correct what a jurisdiction that is being prepared is called. Refuses what ``create_jurisdiction`` refuses."""
    must_manage(actor)
    house = find_house(session, card.code)
    must_prepare(house)
    wrong = _card_faults(session, card, house)
    if wrong:
        raise Invalid("card_faulty", N_("Please correct the marked fields."), wrong)
    return _put_card(session, actor, card, at=at, preset=house.preset)


def _put_card(session: Any, actor: Actor, card: Card, *, at: dt.datetime, preset: str | None = None) -> Jurisdiction:
    parent = jurisdiction_queries.find_by_code(session, card.parent) if card.parent else None
    return jurisdiction_services.open_jurisdiction(
        session,
        actor,
        code=card.code,
        slug=card.slug,
        name=card.name,
        short_name=card.short_name,
        level=card.level,
        parent_id=parent.id if parent else None,
        preset=preset,
        at=at,
    )


def _card_faults(session: Any, card: Card, house: Jurisdiction | None) -> dict[str, str]:
    wrong = {}
    if not CODE.fullmatch(card.code):
        wrong["code"] = N_("Six digits, as in GB/T 2260.")
    elif house is None and jurisdiction_queries.find_by_code(session, card.code) is not None:
        wrong["code"] = N_("A jurisdiction with this code is here already.")
    if not 2 <= len(card.name) <= 80:
        wrong["name"] = N_("Two to eighty characters.")
    if not 1 <= len(card.short_name) <= 20:
        wrong["short_name"] = N_("One to twenty characters.")
    if card.level not in LEVELS:
        wrong["level"] = N_("Choose one of the list.")
    holder = jurisdiction_queries.find_by_slug(session, card.slug) if SLUG.fullmatch(card.slug) else None
    if not SLUG.fullmatch(card.slug):
        wrong["slug"] = N_("Small letters, digits and hyphens, a letter first; two to forty of them.")
    elif holder is not None and (house is None or holder.id != house.id):
        wrong["slug"] = N_("Another jurisdiction has this address. Choose another.")
    if card.parent:
        parent = jurisdiction_queries.find_by_code(session, card.parent)
        if parent is None:
            wrong["parent"] = N_("The jurisdiction above is not here yet. Create it first, or leave this empty.")
        elif house is not None and _stands_below(session, parent, house.id):
            wrong["parent"] = N_("A jurisdiction cannot stand below itself.")
        elif card.level in LEVELS and LEVELS.index(parent.level) >= LEVELS.index(card.level):
            wrong["parent"] = N_("The jurisdiction above must be of a higher level.")
    return wrong


def _stands_below(session: Any, here: Jurisdiction | None, jurisdiction_id: int) -> bool:
    seen: set[int] = set()
    while here is not None and here.id not in seen:
        if here.id == jurisdiction_id:
            return True
        seen.add(here.id)
        here = session.get(Jurisdiction, here.parent_id) if here.parent_id else None
    return False


def choose_preset(session: Any, actor: Actor, code: str, preset_key: str, *, at: dt.datetime, today: dt.date) -> int:
    """Publish a preset as the first procedure of a jurisdiction that is being prepared; the version's number.

    The same preset again changes nothing; another one is a new version, as long as no matter was drawn up. Refuses an
    unknown preset (Invalid).
    """
    must_manage(actor)
    preset = find_preset(preset_key, RIGHTS)
    if preset is None:
        raise Invalid(
            "unknown_preset", N_("There is no preset of this name."), {"preset": N_("Choose one of the list.")}
        )
    house = find_house(session, code)
    must_prepare(house)
    jurisdiction_id, level = house.id, house.level
    with scope(jurisdiction_id, session):
        return _publish(session, inside_of(actor, jurisdiction_id), preset, level, at=at, today=today)


@command
def _publish(session: Any, actor: Actor, preset: Any, level: str, *, at: dt.datetime, today: dt.date) -> int:
    if session.scalar(select(Matter.id).limit(1)) is not None:
        raise Conflict(
            "matters_there", N_("Matters were drawn up here already. Change the procedure on its own pages.")
        )
    regulation = preset.profile.regulation.model_copy(update={"level": level})
    profile = preset.profile.model_copy(update={"regulation": regulation})
    version = jurisdiction_services.publish_profile(
        session, actor, profile, known_rights=RIGHTS, effective_on=today, note=f"preset {preset.key}", at=at
    )
    sync_roles(session, profile, rights_too=True)
    house = session.get(Jurisdiction, actor.jurisdiction_id)
    house.preset, house.preset_digest = preset.key, digest_of(preset.profile)
    session.flush()
    return int(version.number)


def name_administrator(
    session: Any,
    actor: Actor,
    code: str,
    *,
    name: str,
    username: str,
    phone: str | None = None,
    unit_code: str = "",
    at: dt.datetime,
) -> NamedAdministrator:
    """Make the account of the first administrator, or a new link for one who has not followed his yet.

    No password is made or sent: the link sets it. Without a unit the government office is opened for him. Refuses before
    a preset is chosen (Conflict), a sign-in name somebody has (Invalid), and a new link once he has been in (Conflict).
    """
    must_manage(actor)
    house = find_house(session, code)
    must_prepare(house)
    jurisdiction_id, short_name = house.id, house.short_name
    with scope(jurisdiction_id, session):
        return _name_administrator(
            session,
            inside_of(actor, jurisdiction_id),
            name=name,
            username=username.strip().lower(),
            phone=phone,
            unit_code=unit_code,
            office=f"{short_name}政府办公室",
            at=at,
        )


@command
def _name_administrator(
    session: Any,
    actor: Actor,
    *,
    name: str,
    username: str,
    phone: str | None,
    unit_code: str,
    office: str,
    at: dt.datetime,
) -> NamedAdministrator:
    if jurisdiction_queries.find_version_in_force(session, at) is None:
        raise Conflict("no_preset", N_("Choose a preset first: it brings the administrator's role."))
    role = get_roles_by_key(session, [ADMINISTRATOR])[0]
    person = session.scalars(select(Person).where(func.lower(Person.username) == username)).first()
    membership = (
        session.scalars(
            select(Membership).where(Membership.person_id == person.id, Membership.active.is_(True))
        ).first()
        if person is not None
        else None
    )
    if person is not None and membership is not None and person.home_jurisdiction_id == actor.jurisdiction_id:
        if role.id not in {one.id for one in membership.roles}:
            raise Invalid(
                "username_taken",
                N_("Somebody here has this sign-in name and another role. Choose another name."),
                {"username": N_("Choose another sign-in name.")},
            )
    else:
        unit = _seat(session, unit_code, office)
        person, _none = new_person(
            session,
            name=name,
            username=username,
            password=None,
            method=None,
            home_jurisdiction_id=actor.jurisdiction_id,
            phone=phone,
            email=None,
        )
        record(session, actor, "person.added", "person", person.id, at, name=person.name)
        join(session, actor, person, unit_id=unit.id, post_id=None, role_ids=[role.id], note=None, at=at)
    token = make_activation(session, actor, person, at=at)
    return NamedAdministrator(person.id, person.username, token)


def _seat(session: Any, unit_code: str, office: str) -> Unit:
    """The unit of that code, else the office, else a new office."""
    if unit_code:
        unit = session.scalars(select(Unit).where(Unit.code == unit_code, Unit.active.is_(True))).first()
        if unit is None:
            raise Invalid("unknown_unit", N_("There is no such unit."), {"unit": N_("Choose one of the list.")})
        return unit
    unit = session.scalars(
        select(Unit).where(Unit.kind == "office", Unit.active.is_(True)).order_by(Unit.position, Unit.id)
    ).first()
    if unit is None:
        code = free_code("OFFICE", set(session.scalars(select(Unit.code))))
        sync_units(
            session,
            (
                UnitCard.model_construct(
                    code=code, name=office, short_name="政府办公室", kind="office", functional_line=None, parent=None
                ),
            ),
        )
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
    return unit


@command
def put_into_service(session: Any, actor: Actor, code: str, *, at: dt.datetime) -> Jurisdiction:
    """Open a prepared jurisdiction to its people, and start its clocks.

    Refuses (Conflict, the first reason) while the procedure, a handling unit or the administrator is missing, and when the
    procedure in force has faults by now.
    """
    must_manage(actor)
    house = find_house(session, code)
    must_prepare(house)
    inside = queries.count_inside(session, [house.id])[house.id]
    missing = blockers(inside)
    if missing:
        raise Conflict("not_ready", missing[0])
    house.status, house.status_at, house.status_reason = "active", at, None
    session.flush()
    record(session, actor, "jurisdiction.activated", "jurisdiction", house.id, at, code=code, name=house.name)
    return house


def profile_faults(session: Any, jurisdiction_id: int, *, at: dt.datetime) -> list[Any]:
    """What the one validator says of the procedure in force; an older release may have let pass what this one does not."""
    with scope(jurisdiction_id, session):
        version = jurisdiction_queries.find_version_in_force(session, at)
        if version is None:
            return []
        return list(faults(jurisdiction_queries.profile_of(session, version.id), RIGHTS))
