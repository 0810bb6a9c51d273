"""The one list of rights and the live roles, for the room above that edits the profile and must not know this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.organisation.permissions import RIGHTS
from app.organisation.queries import list_roles


class OrganisationRights:
    """What ``app.jurisdictions.rights`` asks for."""

    def known(self) -> frozenset[str]:
        """Every word that is a right."""
        return frozenset(RIGHTS)

    def live(self, session: Any) -> Mapping[str, tuple[str, ...]]:
        """The rights of each live role of the jurisdiction in scope, by the role's key."""
        return {role.key: tuple(sorted(row.right for row in role.rights)) for role in list_roles(session)}
