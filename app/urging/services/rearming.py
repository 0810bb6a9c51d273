"""When a house changes how it reminds, its open clocks follow: by the new ladder from that day on, nothing said twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, update

from app.deadlines.rules import local_day
from app.jurisdictions.models import Jurisdiction
from app.kernel.events import Event, handles
from app.kernel.tenancy import current_jurisdiction_id, set_based
from app.matters.models import Obligation


@handles("profile.took_effect")
def arm_anew(session: Any, happened: Event) -> None:
    """Have the next sweep look at every open clock by the version that has come into force, and look for its hour again.

    Steps of the new ladder that lie before this day are not said afterwards. Part of the caller's transaction.
    """
    here, today = current_jurisdiction_id(), local_day(happened.at)
    session.execute(
        set_based(
            update(Obligation)
            .where(Obligation.jurisdiction_id == here, Obligation.state == "open", Obligation.next_reminder_on > today)
            .values(next_reminder_on=today)
            .execution_options(synchronize_session=False)
        )
    )
    session.execute(
        update(Jurisdiction)
        .where(Jurisdiction.id == here)
        .values(next_sweep_at=None, claimed_until=func.least(Jurisdiction.claimed_until, happened.at))
        .execution_options(synchronize_session=False)
    )
