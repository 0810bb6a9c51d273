"""What the profile's pages need to know of running matters, without knowing the room that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from flask import current_app

from app.kernel.actor import Actor


class RunningHere(Protocol):
    """The open matters a reader may see, by the profile version they were listed under."""

    def open_by_version(self, session: Any, actor: Actor) -> Mapping[int, int]:
        """How many there are, by the version's id."""

    def href(self, number: int) -> str:
        """The address, below the jurisdiction's, of the list that has exactly these rows for version ``number``."""


def running_here() -> RunningHere:
    """What the assembly has put in: the matters' own ledger."""
    return cast(RunningHere, current_app.extensions["huiyin.running"])
