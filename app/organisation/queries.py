"""Reading the organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.kernel.actor import LENT, Actor, StandIn
from app.kernel.errors import NotFound
from app.kernel.i18n import N_
from app.kernel.tenancy import current_jurisdiction_id, current_scope, set_based
from app.organisation.models import (
    Absence,
    JurisdictionRole,
    Membership,
    Person,
    Post,
    RoleRight,
    Unit,
    UserSession,
    membership_role,
)
from app.organisation.permissions import known


@dataclass(frozen=True)
class Standing:
    """A jurisdiction a person may enter, and what the person is there."""

    jurisdiction_id: int
    slug: str
    name: str
    level: str
    unit_name: str
    role_names: tuple[str, ...]
    status: str = "active"


def find_jurisdiction(session: Any, slug: str) -> Jurisdiction | None:
    """The jurisdiction of that name in the URL, if it runs or is being prepared."""
    return session.scalars(
        select(Jurisdiction).where(Jurisdiction.slug == slug, Jurisdiction.status.in_(("active", "preparing")))
    ).first()


def find_actor(session: Any, person: Person, *, today: dt.date) -> Actor | None:
    """The person's standing in the jurisdiction in scope, and for whom he stands in today; None for a stranger.

    One statement. A deputy who is absent himself passes nothing on: only the absent person's own roles are looked at.
    """
    role, right, others = JurisdictionRole.__table__, RoleRight.__table__, Person.__table__
    here = current_jurisdiction_id()
    own = (Membership.person_id == person.id) & Membership.active.is_(True)
    me = select(Membership.id).where(Membership.jurisdiction_id == here, own)
    absent = select(Absence.membership_id).where(
        Absence.jurisdiction_id == here, Absence.deputy_id.in_(me), absent_on(today)
    )
    rows = session.execute(
        set_based(
            select(
                Membership.id,
                Membership.person_id,
                Membership.unit_id,
                others.c.name.label("who"),
                role.c.key,
                role.c.name,
                right.c.right,
            )
            .join(others, others.c.id == Membership.person_id)
            .outerjoin(
                membership_role,
                (membership_role.c.membership_id == Membership.id) & (membership_role.c.jurisdiction_id == here),
            )
            .outerjoin(role, (role.c.id == membership_role.c.role_id) & (role.c.jurisdiction_id == here))
            .outerjoin(right, (right.c.role_id == role.c.id) & (right.c.jurisdiction_id == here))
            .where(
                Membership.jurisdiction_id == here,
                Membership.active.is_(True),
                or_(Membership.person_id == person.id, Membership.id.in_(absent)),
            )
            .order_by(role.c.position)
        )
    ).all()
    mine = [row for row in rows if row.person_id == person.id]
    if not mine:
        return None
    return Actor(
        person_id=person.id,
        name=person.get_full_name(),
        jurisdiction_id=here,
        membership_id=mine[0].id,
        unit_id=mine[0].unit_id,
        roles=frozenset(row.key for row in mine if row.key),
        rights=known(row.right for row in mine if row.right),
        role_names=tuple(dict.fromkeys(row.name for row in mine if row.name)),
        stands_in_for=_stand_ins([row for row in rows if row.person_id != person.id]),
    )


def _stand_ins(rows: list[Any]) -> tuple[StandIn, ...]:
    """The absent who may decide: for the others a deputy has nothing to do."""
    people = dict.fromkeys(row.id for row in rows if row.right in LENT)
    return tuple(
        StandIn(
            membership_id=membership_id,
            name=next(row.who for row in rows if row.id == membership_id),
            unit_id=next(row.unit_id for row in rows if row.id == membership_id),
            roles=frozenset(row.key for row in rows if row.id == membership_id and row.key),
        )
        for membership_id in people
    )


def absent_on(day: dt.date) -> ColumnElement[bool]:
    """The condition that an absence holds on a day."""
    return and_(
        Absence.from_on <= day, Absence.until_on >= day, or_(Absence.ended_on.is_(None), Absence.ended_on > day)
    )


@dataclass(frozen=True)
class Deputy:
    """Whom letters reach besides somebody absent."""

    person_id: int
    absent_name: str


def list_deputies(session: Any, person_ids: Collection[int], today: dt.date) -> list[Deputy]:
    """The deputies today of those among these people who are absent; those of a deputy who is away are not looked for."""
    if not person_ids:
        return []
    away, deputy, account = aliased(Membership), aliased(Membership), aliased(Person)
    rows = session.execute(
        select(deputy.person_id, Person.name)
        .select_from(Absence)
        .join(away, away.id == Absence.membership_id)
        .join(Person, Person.id == away.person_id)
        .join(deputy, deputy.id == Absence.deputy_id)
        .join(account, account.id == deputy.person_id)
        .where(
            away.person_id.in_(person_ids),
            away.active.is_(True),
            deputy.active.is_(True),
            account.active.is_(True),
            absent_on(today),
        )
        .order_by(Absence.id)
    )
    return [Deputy(person_id, name) for person_id, name in rows]


def list_absences(session: Any, today: dt.date, *, of: int | None = None, deputy: int | None = None) -> list[Absence]:
    """Absences that hold today or are to come, the nearest first: all, those of a membership, or those it is deputy in."""
    statement = (
        select(Absence)
        .join(Membership, Membership.id == Absence.membership_id)
        .where(
            Membership.active.is_(True),
            Absence.until_on >= today,
            or_(Absence.ended_on.is_(None), Absence.ended_on > today),
        )
        .order_by(Absence.from_on, Absence.id)
    )
    if of is not None:
        statement = statement.where(Absence.membership_id == of)
    if deputy is not None:
        statement = statement.where(Absence.deputy_id == deputy)
    return list(session.scalars(statement))


def find_signed_in(session: Any, sid: str) -> tuple[UserSession, Person] | None:
    """A sign-in by its secret, with its person. One statement."""
    row = session.execute(
        select(UserSession, Person).join(Person, Person.id == UserSession.person_id).where(UserSession.sid == sid)
    ).first()
    return (row[0], row[1]) if row is not None else None


def list_standings(session: Any, person_id: int, *, detailed: bool = False) -> list[Standing]:
    """Every jurisdiction the person belongs to: the one thing read across walls, one's own memberships only.

    Row-level security lets nothing else of another jurisdiction through, so the unit's and the roles' names are there only
    for the jurisdiction in scope, and only when ``detailed``.
    """
    rows = session.execute(
        select(Jurisdiction.id, Jurisdiction.slug, Jurisdiction.name, Jurisdiction.level, Jurisdiction.status)
        .join(Membership.__table__, Membership.__table__.c.jurisdiction_id == Jurisdiction.id)
        .where(
            Membership.__table__.c.person_id == person_id,
            Membership.__table__.c.active.is_(True),
        )
        .order_by(Jurisdiction.code)
        .execution_options(own_memberships=True)
    ).all()
    here = current_scope().jurisdiction_id
    membership = find_membership(session, person_id) if detailed and here is not None else None
    return [
        Standing(
            row.id,
            row.slug,
            row.name,
            row.level,
            membership.unit.name,
            tuple(r.name for r in membership.roles),
            row.status,
        )
        if membership is not None and row.id == here
        else Standing(row.id, row.slug, row.name, row.level, "", (), row.status)
        for row in rows
    ]


def find_membership(session: Any, person_id: int) -> Membership | None:
    """The person's active membership in the jurisdiction in scope."""
    return session.scalars(
        select(Membership).where(Membership.person_id == person_id, Membership.active.is_(True))
    ).first()


def find_person_by_sign_in(session: Any, username: str) -> Person | None:
    """The person with that sign-in name, however it is spelled in capitals and small letters."""
    return session.scalars(select(Person).where(func.lower(Person.username) == username.lower())).first()


def get_person(session: Any, person_id: int | None) -> Person:
    """The person. Raises NotFound."""
    found = session.get(Person, person_id or 0)
    if found is None:
        raise NotFound()
    return found


def get_unit(session: Any, unit_id: int) -> Unit | None:
    """A unit of the jurisdiction in scope, or None."""
    return session.get(Unit, unit_id)


def get_unit_by_code(session: Any, code: str) -> Unit:
    """The unit of that code in the jurisdiction in scope. Raises NotFound."""
    found = session.scalars(select(Unit).where(Unit.code == code)).first()
    if found is None:
        raise NotFound("unknown_unit", N_("There is no unit with the code %(unit)s here."), unit=code)
    return found


def get_roles_by_key(session: Any, keys: Collection[str]) -> list[JurisdictionRole]:
    """The roles of these keys in the jurisdiction in scope. Raises NotFound for the first that is not there."""
    found = {role.key: role for role in list_roles(session)}
    for key in keys:
        if key not in found:
            raise NotFound("unknown_role", N_("There is no role with the key %(key)s here."), key=key)
    return [found[key] for key in keys]


def list_units(session: Any, *, kinds: tuple[str, ...] = (), only_active: bool = True) -> list[Unit]:
    """Units in the jurisdiction's own order."""
    statement = select(Unit).order_by(Unit.position, Unit.sort_key, Unit.id)
    if kinds:
        statement = statement.where(Unit.kind.in_(kinds))
    if only_active:
        statement = statement.where(Unit.active.is_(True))
    return list(session.scalars(statement))


def list_members_with_role(session: Any, role_key: str, *, unit_id: int | None = None) -> list[Membership]:
    """Active memberships that hold a role, of one unit when asked."""
    statement = (
        select(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(JurisdictionRole.key == role_key, Membership.active.is_(True))
        .order_by(Membership.id)
    )
    if unit_id is not None:
        statement = statement.where(Membership.unit_id == unit_id)
    return list(session.scalars(statement))


@dataclass(frozen=True)
class DirectoryLine:
    """Somebody of the jurisdiction, as colleagues look for him."""

    membership_id: int
    person_id: int
    name: str
    unit_id: int
    unit_name: str
    post_name: str
    phone: str
    role_names: tuple[str, ...]


def list_directory(session: Any, *, unit_id: int | None = None, words: str = "") -> list[DirectoryLine]:
    """Who belongs here, by unit and post; narrowed to a unit, or to a name, initials or telephone number."""
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(Post, Post.id == Membership.post_id)
        .where(Membership.active.is_(True))
        .order_by(Unit.position, Unit.sort_key, Post.position.nulls_last(), Membership.id)
        .options(selectinload(Membership.roles), joinedload(Membership.unit), joinedload(Membership.post))
    )
    if unit_id is not None:
        statement = statement.where(Membership.unit_id == unit_id)
    if words.strip():
        asked = words.strip()
        statement = statement.where(
            or_(
                Person.name.contains(asked, autoescape=True),
                Person.initials.startswith(asked.lower(), autoescape=True),
                Person.phone.contains(asked, autoescape=True),
            )
        )
    return [
        DirectoryLine(
            membership_id=one.id,
            person_id=one.person_id,
            name=one.person.get_full_name(),
            unit_id=one.unit_id,
            unit_name=one.unit.name,
            post_name=one.post.name if one.post else "",
            phone=one.person.phone or "",
            role_names=tuple(role.name for role in one.roles),
        )
        for one in session.scalars(statement).unique()
    ]


def list_roles(session: Any) -> list[JurisdictionRole]:
    """The jurisdiction's roles in its own order, each with its rights."""
    return list(session.scalars(select(JurisdictionRole).order_by(JurisdictionRole.position, JurisdictionRole.id)))


def count_holders(session: Any, jurisdiction_id: int | None) -> dict[int, int]:
    """How many active members hold each role."""
    memberships = Membership.__table__
    rows = session.execute(
        set_based(
            select(membership_role.c.role_id, func.count())
            .join(
                memberships,
                (memberships.c.id == membership_role.c.membership_id)
                & (memberships.c.jurisdiction_id == membership_role.c.jurisdiction_id),
            )
            .where(membership_role.c.jurisdiction_id == jurisdiction_id, memberships.c.active.is_(True))
            .group_by(membership_role.c.role_id)
        )
    )
    return {role_id: int(holders) for role_id, holders in rows}


def list_memberships(session: Any, *, only_active: bool = True) -> list[Membership]:
    """Memberships of the jurisdiction, in the order they were made."""
    statement = select(Membership).order_by(Membership.id)
    if only_active:
        statement = statement.where(Membership.active.is_(True))
    return list(session.scalars(statement))


def list_posts(session: Any, *, only_active: bool = True) -> list[Post]:
    """Posts in the order of their units."""
    statement = (
        select(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(Unit.position, Unit.sort_key, Post.position, Post.id)
        .options(joinedload(Post.unit))
    )
    if only_active:
        statement = statement.where(Post.active.is_(True), Unit.active.is_(True))
    return list(session.scalars(statement))


def list_units_without(session: Any, jurisdiction_id: int | None, right: str = "matter:acknowledge") -> list[Unit]:
    """Active units in which nobody holds a right: by default those where nobody could sign for receipt."""
    memberships, rights, people = Membership.__table__, RoleRight.__table__, Person.__table__
    covered = set(
        session.execute(
            set_based(
                select(memberships.c.unit_id)
                .distinct()
                .join(people, people.c.id == memberships.c.person_id)
                .join(membership_role, membership_role.c.membership_id == memberships.c.id)
                .join(rights, rights.c.role_id == membership_role.c.role_id)
                .where(
                    memberships.c.jurisdiction_id == jurisdiction_id,
                    membership_role.c.jurisdiction_id == jurisdiction_id,
                    rights.c.jurisdiction_id == jurisdiction_id,
                    memberships.c.active.is_(True),
                    people.c.active.is_(True),
                    rights.c.right == right,
                )
            )
        ).scalars()
    )
    return [unit for unit in list_units(session) if unit.id not in covered]


def role_keys_of_profiles(session: Any) -> set[str]:
    """The keys of the roles that a published profile of the jurisdiction names: running matters keep their version."""
    documents = session.scalars(select(ProfileVersion.document).where(ProfileVersion.status == "published"))
    return {str(role["key"]) for document in documents for role in document.get("roles") or () if "key" in role}


def narrowed_to_members(query: Any, jurisdiction_id: int) -> Any:
    """A query over people, narrowed to those who belong or have belonged to the jurisdiction in scope."""
    memberships = Membership.__table__
    return query.filter(
        Person.id.in_(select(memberships.c.person_id).where(memberships.c.jurisdiction_id == jurisdiction_id))
    ).execution_options(set_based=True)
