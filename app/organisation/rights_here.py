"""The one list of rights and the live roles, for the room above that edits the profile and must not know this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kernel.i18n import translate
from app.organisation.permissions import RIGHTS, known
from app.organisation.queries import list_roles


class OrganisationRights:
    """What ``app.jurisdictions.rights`` asks for."""

    def known(self) -> frozenset[str]:
        """Every word that is a right."""
        return frozenset(RIGHTS)

    def label(self, word: str) -> str:
        """What a right is called, in the reader's language; a stranger stands for itself."""
        return translate(RIGHTS[word].label) if word in RIGHTS else word

    def live(self, session: Any) -> Mapping[str, tuple[str, ...]]:
        """The rights of each live role of the jurisdiction in scope, by the role's key."""
        return {role.key: tuple(sorted(known(row.right for row in role.rights))) for role in list_roles(session)}
