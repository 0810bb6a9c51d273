"""Units and people of a jurisdiction out of a spreadsheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.jurisdictions.rules.folder import UnitCard
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.organisation.models import Membership, Person, Post, Unit
from app.organisation.queries import get_roles_by_key, list_roles
from app.organisation.services import MadeLink, make_activations, unit_kinds
from app.organisation.services.accounts import new_person
from app.organisation.services.memberships import join
from app.platform.rules.people_sheet import Known, PeopleSheet, RawSheet, check_sheet
from app.platform.services.folders import sync_units
from app.platform.services.standing import find_house, inside_of, must_manage, must_prepare


def check_people(session: Any, code: str, raw: RawSheet, *, at: dt.datetime) -> PeopleSheet:
    """What a spreadsheet would bring to the jurisdiction of that code, or all its faults. Changes nothing."""
    house = find_house(session, code)
    must_prepare(house)
    with scope(house.id, session):
        return check_sheet(raw, _known(session, raw, at=at))


def words_for_sheet(session: Any, jurisdiction_id: int, *, at: dt.datetime) -> tuple[list[str], list[str]]:
    """The roles' names and the kinds of units that a template for this jurisdiction offers."""
    with scope(jurisdiction_id, session):
        return [role.name for role in list_roles(session)], list(unit_kinds(session, at))


def import_people(session: Any, actor: Actor, code: str, sheet: PeopleSheet, *, at: dt.datetime) -> PeopleSheet:
    """Make the units and people of a spreadsheet that are not there yet; all of them, or none. Safe to repeat.

    ``sheet`` must have been checked; one with a fault is refused (Invalid). Accounts have no password: each gets in by an
    activation link, which the jurisdiction's administrator hands out. Who is a member already stays as he is.
    """
    must_manage(actor)
    if sheet.faults:
        raise Invalid("sheet_faulty", N_("The file has faults. Correct them and choose it again."))
    house = find_house(session, code)
    must_prepare(house)
    jurisdiction_id = house.id
    with scope(jurisdiction_id, session):
        return _import_people(session, inside_of(actor, jurisdiction_id), sheet, at=at)


@command
def _import_people(session: Any, actor: Actor, sheet: PeopleSheet, *, at: dt.datetime) -> PeopleSheet:
    cards = tuple(
        UnitCard.model_construct(
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            functional_line=unit.functional_line,
            parent=unit.parent if unit.parent in {one.code for one in sheet.units} else None,
        )
        for unit in sheet.units
    )
    sync_units(session, cards)
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for unit in sheet.units:
        units[unit.code].parent_id = units[unit.parent].id if unit.parent else None
    session.flush()
    roles = {
        role.key: role.id for role in get_roles_by_key(session, {key for one in sheet.people for key in one.roles})
    }
    posts = {(post.unit_id, post.name): post.id for post in session.scalars(select(Post))}
    for line in sheet.people:
        if line.username not in sheet.new_people:
            continue
        unit_id = units[line.unit].id
        if line.post and (unit_id, line.post) not in posts:
            post = Post(unit_id=unit_id, name=line.post)
            session.add(post)
            session.flush()
            posts[unit_id, line.post] = post.id
        person, _none = new_person(
            session,
            name=line.name,
            username=line.username,
            password=None,
            method=None,
            home_jurisdiction_id=actor.jurisdiction_id,
            phone=line.phone or None,
            email=line.email or None,
        )
        record(session, actor, "person.added", "person", person.id, at, name=person.name)
        join(
            session,
            actor,
            person,
            unit_id=unit_id,
            post_id=posts.get((unit_id, line.post)),
            role_ids=[roles[key] for key in line.roles],
            note=None,
            at=at,
        )
    if sheet.new_units or sheet.new_people:
        record(
            session,
            actor,
            "jurisdiction.people_imported",
            "jurisdiction",
            actor.jurisdiction_id or 0,
            at,
            new_units=len(sheet.new_units),
            new_people=len(sheet.new_people),
        )
    return sheet


def _known(session: Any, raw: RawSheet, *, at: dt.datetime) -> Known:
    units = list(session.scalars(select(Unit)))
    codes = {unit.id: unit.code for unit in units}
    roles = list_roles(session)
    usernames = {row.cells.get("username", "").lower() for row in raw.people}
    mails = {row.cells["email"].lower() for row in raw.people if row.cells.get("email")}
    members = session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(func.lower(Person.username).in_(usernames), Membership.active.is_(True))
    )
    return Known(
        units={unit.code: codes.get(unit.parent_id or 0) for unit in units},
        kinds=unit_kinds(session, at),
        roles={word: role.key for role in roles for word in (role.key, role.name)},
        taken=set(
            session.scalars(select(func.lower(Person.username)).where(func.lower(Person.username).in_(usernames)))
        ),
        members={one.person.username.lower() for one in members},
        mails=set(session.scalars(select(func.lower(Person.email)).where(func.lower(Person.email).in_(mails)))),
    )


def make_links(session: Any, actor: Actor, code: str, *, at: dt.datetime) -> list[MadeLink]:
    """Activation links for everybody of a jurisdiction that is being prepared who has no password yet.

    Some may more than its administrator (sensitive matters are kept from him), so nobody inside could hand them theirs.
    """
    must_manage(actor)
    house = find_house(session, code)
    must_prepare(house)
    jurisdiction_id = house.id
    with scope(jurisdiction_id, session):
        return make_activations(session, inside_of(actor, jurisdiction_id), at=at)
