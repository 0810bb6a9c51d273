"""Roles follow the profile in force: their names and articles always, their rights only when they are new."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.jurisdictions.queries import profile_of
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.taking import Taken
from app.kernel.events import Event, handles
from app.kernel.tenancy import current_jurisdiction_id
from app.organisation.models import JurisdictionRole, RoleRight
from app.organisation.services.authority import rights_changed
from app.organisation.services.changing import put


@handles("profile.took_effect")
def follow_profile(session: Any, happened: Event) -> None:
    """Bring the roles in line with the version that has come into force."""
    sync_roles(session, profile_of(session, happened.subject_id))


def sync_roles(session: Any, profile: Profile, *, rights_too: bool = False) -> Taken:
    """Make the profile's roles and name them as it does. Part of the caller's transaction; safe to repeat.

    A new role brings its rights. Those of a role that is there live in the matrix and stay, unless ``rights_too``: then
    they become exactly the profile's, as an import wants it. Roles of the jurisdiction's own stay.
    """
    there = {role.key: role for role in session.scalars(select(JurisdictionRole))}
    taken, rights_differ = Taken(), False
    for position, wanted in enumerate(profile.roles):
        role, new = there.get(wanted.key), wanted.key not in there
        if role is None:
            role = JurisdictionRole(key=wanted.key)
            session.add(role)
        _, renamed = put(role, {"name": wanted.name, "article": wanted.article, "position": position})
        session.flush()
        changed = (new or rights_too) and _give_exactly(role, set(wanted.rights))
        rights_differ |= changed
        taken.added += new
        taken.changed += not new and bool(renamed or changed)
    session.flush()
    if rights_differ:
        rights_changed(session, current_jurisdiction_id())
    return taken


def _give_exactly(role: JurisdictionRole, wanted: set[str]) -> bool:
    held = {right.right: right for right in role.rights}
    for word in held.keys() - wanted:
        role.rights.remove(held[word])
    role.rights.extend(RoleRight(right=word) for word in sorted(wanted - held.keys()))
    return held.keys() != wanted
