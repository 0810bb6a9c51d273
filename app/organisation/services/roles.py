"""Commands on roles and their rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import set_based
from app.organisation.models import JurisdictionRole, RoleRight, membership_role
from app.organisation.permissions import known
from app.organisation.queries import role_keys_of_profiles
from app.organisation.role_templates import TEMPLATES
from app.organisation.rules import free_code
from app.organisation.services.authority import (
    get_roles,
    keep_an_administrator,
    must,
    must_hold,
    rights_changed,
)
from app.organisation.services.changing import get_own, is_there, put, refused_while_used, words


@command
def add_role(
    session: Any,
    actor: Actor,
    *,
    name: str,
    rights: Collection[str] = (),
    position: int = 100,
    at: dt.datetime,
) -> JurisdictionRole:
    """Add a role of the jurisdiction's own. Refuses a name that is there, and rights the giver does not hold."""
    must(actor, "role:write")
    must_hold(actor, rights)
    return _add(session, actor, name=name, rights=rights, position=position, at=at)


@command
def add_role_from_template(session: Any, actor: Actor, key: str, *, name: str, at: dt.datetime) -> JurisdictionRole:
    """Add a role begun from one the regulations name. Rights its maker does not hold are left out, and the log says so.

    Refuses an unknown template (NotFound), and what ``add_role`` refuses of names.
    """
    must(actor, "role:write")
    template = next((one for one in TEMPLATES if one.key == key), None)
    if template is None:
        raise NotFound()
    rights = [word for word in template.rights if actor.is_system or word in actor.rights]
    return _add(session, actor, name=name, rights=rights, position=100, at=at, template=template.key)


def _add(
    session: Any,
    actor: Actor,
    *,
    name: str,
    rights: Collection[str],
    position: int,
    at: dt.datetime,
    template: str | None = None,
) -> JurisdictionRole:
    full = _name(session, name)
    taken = set(session.scalars(select(JurisdictionRole.key))) | role_keys_of_profiles(session)
    role = JurisdictionRole(key=free_code(full, {key.upper() for key in taken}).lower(), name=full, position=position)
    session.add(role)
    session.flush()
    role.rights.extend(RoleRight(right=word) for word in sorted(set(rights)))
    session.flush()
    rights_changed(session, actor.jurisdiction_id)
    record(session, actor, "role.added", "role", role.id, at, name=full, rights=sorted(set(rights)), template=template)
    return role


@command
def change_role(
    session: Any, actor: Actor, role_id: int, *, name: str, position: int = 100, at: dt.datetime
) -> JurisdictionRole:
    """Rename a role or move it; the key by which the procedure knows it stays."""
    must(actor, "role:write")
    role = get_own(session, JurisdictionRole, role_id)
    full = name if name == role.name else _name(session, name)
    before, after = put(role, {"name": full, "position": min(max(int(position or 0), 0), 1_000_000)})
    if after:
        session.flush()
        record(session, actor, "role.changed", "role", role.id, at, name=full, before=before, after=after)
    return role


@command
def remove_role(session: Any, actor: Actor, role_id: int, *, at: dt.datetime) -> None:
    """Remove a role nobody holds. Refuses (Conflict) one that somebody holds and one that a procedure names."""
    must(actor, "role:write")
    role = get_own(session, JurisdictionRole, role_id)
    _refuse_wider(actor, role)
    if role.key in role_keys_of_profiles(session):
        raise Conflict("role_named", N_("The procedure names this role. Take its rights away instead of removing it."))
    holders = session.execute(
        set_based(
            select(func.count())
            .select_from(membership_role)
            .where(
                membership_role.c.jurisdiction_id == role.jurisdiction_id,
                membership_role.c.role_id == role.id,
            )
        )
    ).scalar_one()
    held = N_("People hold this role. Take it away from them first.")
    if holders:
        raise Conflict("role_held", held)
    name = role.name
    with refused_while_used(session, "role_held", held):
        session.delete(role)
    rights_changed(session, actor.jurisdiction_id)
    record(session, actor, "role.removed", "role", role_id, at, name=name)


@command
def set_role_rights(
    session: Any, actor: Actor, rights_by_role: Mapping[int, Collection[str]], *, at: dt.datetime
) -> int:
    """Give these roles exactly these rights; how many roles came out different.

    Refuses a word that is no right (Invalid), a role of another jurisdiction (NotFound), giving a right the giver does not
    hold, changing a role that carries more than the giver holds (Refused), and a result in which nobody can give roles.
    """
    must(actor, "role:write")
    changed = 0
    for role in get_roles(session, rights_by_role):
        wanted = set(rights_by_role[role.id])
        held = {right.right: right for right in role.rights}
        given, taken = wanted - held.keys(), held.keys() - wanted
        must_hold(actor, given)
        if not given and not taken:
            continue
        _refuse_wider(actor, role)
        for word in taken:
            role.rights.remove(held[word])
        role.rights.extend(RoleRight(right=word) for word in sorted(given))
        session.flush()
        changed += 1
        record(
            session,
            actor,
            "role.rights_changed",
            "role",
            role.id,
            at,
            name=role.name,
            before={"rights": sorted(held)},
            after={"rights": sorted(wanted)},
            given=sorted(given),
            taken=sorted(taken),
        )
    if changed:
        keep_an_administrator(session, actor.jurisdiction_id)
        rights_changed(session, actor.jurisdiction_id)
    return changed


def _refuse_wider(actor: Actor, role: JurisdictionRole) -> None:
    if not actor.is_system and not known(right.right for right in role.rights) <= actor.rights:
        raise Refused(
            "beyond_own_rights",
            N_("This role may do more than you. Ask somebody whose role here is wider."),
        )


def _name(session: Any, name: str) -> str:
    full = words(name, "name", 60)
    if is_there(session, JurisdictionRole, JurisdictionRole.name == full):
        raise Invalid("role_there", N_("There is already a role of this name."), {"name": N_("Choose another name.")})
    return full
