"""Commands on units and posts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.jurisdictions import queries as jurisdiction_queries
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.i18n import N_
from app.organisation.models import Membership, Post, Unit
from app.organisation.rules import (
    POST_KINDS,
    UNIT_KINDS,
    free_code,
    initials,
    is_phone,
    sort_key,
    stands_below_itself,
)
from app.organisation.services.authority import must
from app.organisation.services.changing import get_own, is_there, optional_words, put, refused_while_used, words


@command
def add_unit(
    session: Any,
    actor: Actor,
    *,
    name: str,
    kind: str,
    short_name: str | None = None,
    code: str | None = None,
    parent_id: int | None = None,
    functional_line: str | None = None,
    first_responsible_person: str | None = None,
    leader_in_charge: str | None = None,
    phone: str | None = None,
    position: int = 0,
    at: dt.datetime,
) -> Unit:
    """Add a unit to the tree; without a code it gets one from its initials, without a short name its name.

    Refuses a kind the jurisdiction's procedure does not know, a code or a place in the tree that cannot be (Invalid), and a
    parent of another jurisdiction (NotFound).
    """
    must(actor, "unit:write")
    taken = set(session.scalars(select(Unit.code)))
    values = _unit_values(
        session,
        name=name,
        kind=kind,
        short_name=short_name,
        parent_id=parent_id,
        functional_line=functional_line,
        first_responsible_person=first_responsible_person,
        leader_in_charge=leader_in_charge,
        phone=phone,
        position=position,
        at=at,
    )
    code = optional_words(code, "code", 40) or free_code(values["short_name"], taken)
    if code in taken:
        raise Invalid("code_taken", N_("Another unit has this code."), {"code": N_("Choose another code.")})
    unit = Unit(code=code, **values)
    session.add(unit)
    session.flush()
    record(session, actor, "unit.added", "unit", unit.id, at, name=unit.name, code=code, unit_kind=kind)
    return unit


@command
def change_unit(
    session: Any,
    actor: Actor,
    unit_id: int,
    *,
    name: str,
    kind: str,
    short_name: str | None = None,
    parent_id: int | None = None,
    functional_line: str | None = None,
    first_responsible_person: str | None = None,
    leader_in_charge: str | None = None,
    phone: str | None = None,
    position: int = 0,
    active: bool = True,
    at: dt.datetime,
) -> Unit:
    """Change a unit; its code stays, because ledgers name it.

    Refuses what ``add_unit`` refuses, a unit below itself, and closing a unit in which people still are.
    """
    must(actor, "unit:write")
    unit = get_own(session, Unit, unit_id)
    values = _unit_values(
        session,
        name=name,
        kind=kind,
        short_name=short_name,
        parent_id=parent_id,
        functional_line=functional_line,
        first_responsible_person=first_responsible_person,
        leader_in_charge=leader_in_charge,
        phone=phone,
        position=position,
        at=at,
        unchanged_kind=unit.kind,
    )
    parents = {row.id: row.parent_id for row in session.execute(select(Unit.id, Unit.parent_id))}
    if stands_below_itself(unit.id, parent_id, parents):
        raise Invalid(
            "unit_circle",
            N_("A unit cannot stand below itself."),
            {"parent": N_("Choose a unit that does not stand below this one.")},
        )
    if (
        unit.active
        and not active
        and is_there(session, Membership, Membership.unit_id == unit.id, Membership.active.is_(True))
    ):
        raise Conflict("unit_has_people", N_("People still belong to this unit. Move them to another unit first."))
    before, after = put(unit, values | {"active": active})
    if after:
        session.flush()
        record(session, actor, "unit.changed", "unit", unit.id, at, name=unit.name, before=before, after=after)
    return unit


@command
def remove_unit(session: Any, actor: Actor, unit_id: int, *, at: dt.datetime) -> None:
    """Remove a unit that was never used. Refuses (Conflict) one with units, posts, people or matters."""
    must(actor, "unit:write")
    unit = get_own(session, Unit, unit_id)
    if is_there(session, Unit, Unit.parent_id == unit.id):
        raise Conflict("unit_in_use", N_("Other units stand below this one. Move them first."))
    if is_there(session, Membership, Membership.unit_id == unit.id):
        raise Conflict(
            "unit_in_use", N_("People belong or have belonged to this unit. Close it instead of removing it.")
        )
    if is_there(session, Post, Post.unit_id == unit.id):
        raise Conflict("unit_in_use", N_("This unit has posts. Remove them first."))
    facts = {"name": unit.name, "code": unit.code}
    with refused_while_used(
        session, "unit_in_use", N_("Matters name this unit. Close it instead of removing it: history keeps its name.")
    ):
        session.delete(unit)
    record(session, actor, "unit.removed", "unit", unit_id, at, **facts)


def _unit_values(
    session: Any,
    *,
    name: str,
    kind: str,
    short_name: str | None,
    parent_id: int | None,
    functional_line: str | None,
    first_responsible_person: str | None,
    leader_in_charge: str | None,
    phone: str | None,
    position: int,
    at: dt.datetime,
    unchanged_kind: str = "",
) -> dict[str, Any]:
    if kind != unchanged_kind and kind not in unit_kinds(session, at):
        raise Invalid(
            "unknown_kind",
            N_("The procedure here knows no unit of this kind."),
            {"kind": N_("Choose one of the list.")},
        )
    if parent_id is not None:
        get_own(session, Unit, parent_id)
    full = words(name, "name", 80)
    short = optional_words(short_name, "short_name", 40) or full[:40]
    return {
        "name": full,
        "short_name": short,
        "kind": kind,
        "parent_id": parent_id,
        "functional_line": optional_words(functional_line, "functional_line", 60),
        "first_responsible_person": optional_words(first_responsible_person, "first_responsible_person", 60),
        "leader_in_charge": optional_words(leader_in_charge, "leader_in_charge", 60),
        "phone": phone_number(phone),
        "position": _position(position),
        "initials": initials(full, short),
        "sort_key": sort_key(full),
    }


def phone_number(text: str | None) -> str | None:
    """A telephone number as typed, or None. Raises Invalid for anything else."""
    number = optional_words(text, "phone", 40)
    if number is not None and not is_phone(number):
        raise Invalid(
            "bad_phone",
            N_("The telephone number cannot be read."),
            {"phone": N_("Digits, spaces and hyphens, for example 0517-8366 0000.")},
        )
    return number


def _position(position: int | None) -> int:
    return min(max(int(position or 0), 0), 1_000_000)


def unit_kinds(session: Any, at: dt.datetime) -> tuple[str, ...]:
    """The kinds of units the jurisdiction's procedure knows at that instant; all of them while nothing has been published."""
    version = jurisdiction_queries.find_version_in_force(session, at)
    named = (version.document.get("units") or {}).get("kinds") if version is not None else None
    return tuple(named) if named else tuple(UNIT_KINDS)


@command
def add_post(
    session: Any,
    actor: Actor,
    *,
    unit_id: int,
    name: str,
    kind: str = "staff",
    supervising_unit_id: int | None = None,
    portfolio: str | None = None,
    position: int = 0,
    at: dt.datetime,
) -> Post:
    """Add a post to a unit. Refuses a second post of the same name there, and units of another jurisdiction (NotFound)."""
    must(actor, "post:write")
    unit = get_own(session, Unit, unit_id)
    values = _post_values(
        session,
        name=name,
        kind=kind,
        supervising_unit_id=supervising_unit_id,
        portfolio=portfolio,
        position=position,
    )
    _refuse_same_post(session, unit.id, values["name"])
    post = Post(unit_id=unit.id, **values)
    session.add(post)
    session.flush()
    record(session, actor, "post.added", "post", post.id, at, name=post.name, unit=unit.name)
    return post


@command
def change_post(
    session: Any,
    actor: Actor,
    post_id: int,
    *,
    name: str,
    kind: str = "staff",
    supervising_unit_id: int | None = None,
    portfolio: str | None = None,
    position: int = 0,
    active: bool = True,
    at: dt.datetime,
) -> Post:
    """Change a post; it stays in its unit, because people's duties hang on it. Refuses what ``add_post`` refuses."""
    must(actor, "post:write")
    post = get_own(session, Post, post_id)
    values = _post_values(
        session,
        name=name,
        kind=kind,
        supervising_unit_id=supervising_unit_id,
        portfolio=portfolio,
        position=position,
    )
    if values["name"] != post.name:
        _refuse_same_post(session, post.unit_id, values["name"])
    before, after = put(post, values | {"active": active})
    if after:
        session.flush()
        record(session, actor, "post.changed", "post", post.id, at, name=post.name, before=before, after=after)
    return post


@command
def remove_post(session: Any, actor: Actor, post_id: int, *, at: dt.datetime) -> None:
    """Remove a post nobody holds or has held. Refuses (Conflict) any other."""
    must(actor, "post:write")
    post = get_own(session, Post, post_id)
    name = post.name
    in_use = N_("People hold or have held this post. Close it instead of removing it.")
    if is_there(session, Membership, Membership.post_id == post.id):
        raise Conflict("post_in_use", in_use)
    with refused_while_used(session, "post_in_use", in_use):
        session.delete(post)
    record(session, actor, "post.removed", "post", post_id, at, name=name)


def _post_values(
    session: Any, *, name: str, kind: str, supervising_unit_id: int | None, portfolio: str | None, position: int
) -> dict[str, Any]:
    if kind not in POST_KINDS:
        raise Invalid("unknown_kind", N_("There is no post of this kind."), {"kind": N_("Choose one of the list.")})
    if supervising_unit_id is not None:
        get_own(session, Unit, supervising_unit_id)
    return {
        "name": words(name, "name", 80),
        "kind": kind,
        "supervising_unit_id": supervising_unit_id,
        "portfolio": optional_words(portfolio, "portfolio", 300),
        "position": _position(position),
    }


def _refuse_same_post(session: Any, unit_id: int, name: str) -> None:
    if is_there(session, Post, Post.unit_id == unit_id, Post.name == name):
        raise Invalid(
            "post_there", N_("This unit already has a post of this name."), {"name": N_("Choose another name.")}
        )
