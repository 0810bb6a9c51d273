"""Running matters by profile version, for the pages of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.matters.models import Matter
from app.matters.queries.ledger import DONE_STATES
from app.matters.queries.visible import may_see


class LedgerByVersion:
    """What ``app.jurisdictions.running`` asks for."""

    def open_by_version(self, session: Any, actor: Actor) -> Mapping[int, int]:
        """How many open matters this reader sees under each version, by the version's id."""
        statement = (
            select(Matter.profile_version_id, func.count())
            .where(may_see(actor), Matter.state.not_in(DONE_STATES))
            .group_by(Matter.profile_version_id)
        )
        return {version_id: int(number) for version_id, number in session.execute(statement)}

    def href(self, number: int) -> str:
        """The ledger's address with exactly these rows."""
        return f"/matters/?open=1&rules={number}"
