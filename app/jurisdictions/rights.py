"""What the profile's pages need to know of rights and live roles, without knowing the room that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from flask import current_app


class RightsHere(Protocol):
    """The one list of rights, and what the roles of the jurisdiction in scope may do today."""

    def known(self) -> frozenset[str]:
        """Every word that is a right."""

    def label(self, word: str) -> str:
        """What a right is called, in the reader's language; a stranger stands for itself."""

    def live(self, session: Any) -> Mapping[str, tuple[str, ...]]:
        """The rights of each live role, by the role's key."""


def rights_here() -> RightsHere:
    """What the assembly has put in: the organisation's list and its roles."""
    return cast(RightsHere, current_app.extensions["huiyin.rights"])
