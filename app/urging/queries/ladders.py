"""How a jurisdiction reminds: its version in force, of which only what concerns the ladder is read, once per process."""

from __future__ import annotations

import datetime as dt
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, select

from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.queries import id_in_force
from app.jurisdictions.rules.profile import DeadlineRule, Reminders, read_section
from app.jurisdictions.rules.profile.former import as_meant
from app.kernel.tenancy import set_based
from app.urging.rules import House, house_of

# What a jurisdiction of ten ladders takes here is some 20 kB; those of one preset share theirs.
KEPT = 4096
_known: dict[str, House] = {}
_lock = Lock()


def house_in_force(session: Any, jurisdiction_id: int, on: dt.date) -> House | None:
    """How the jurisdiction in scope reminds on a local day; None while it has published nothing.

    Reminding follows the version in force and not the one a matter was listed under: it is the house's way of working and
    nobody's right.
    """
    row = session.execute(_in_force(), {"here": jurisdiction_id, "on": on}).one_or_none()
    if row is None:
        return None
    found = _known.get(row.digest)
    return found if found is not None else _read(session, jurisdiction_id, row.id, row.digest)


@cache
def _in_force() -> Any:
    # put together once: every sweep asks
    here, on = bindparam("here", type_=BigInteger), bindparam("on", type_=Date)
    return set_based(
        select(ProfileVersion.id, ProfileVersion.digest).where(
            ProfileVersion.jurisdiction_id == here, ProfileVersion.id == id_in_force(on, here)
        )
    )


def _read(session: Any, jurisdiction_id: int, version_id: int, digest: str) -> House:
    document = ProfileVersion.document
    parts = select(document["reminders"], document["deadline_rules"], document["roles"]).where(
        ProfileVersion.jurisdiction_id == jurisdiction_id, ProfileVersion.id == version_id
    )
    reminders, rules, roles = session.execute(parts).one()
    said = as_meant({"reminders": reminders, "roles": roles})["reminders"]
    house = house_of(read_section(Reminders, said), [read_section(DeadlineRule, rule) for rule in rules])
    with _lock:
        while len(_known) >= KEPT:
            _known.pop(next(iter(_known)))
        _known[digest] = house
    return house
