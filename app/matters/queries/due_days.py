"""What is due day by day: the ledger's rows by the date they are judged by, so that a day's number is the ledger's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, select, true

from app.deadlines.rules import Light
from app.kernel.actor import Actor
from app.matters.models import Matter
from app.matters.queries.ledger import LedgerFilter, clock_of_matter, light_condition, narrow
from app.organisation.models import Unit

# what asks for attention comes first
BY_WEIGHT = (Light.BAD, Light.WARN, Light.OK, Light.HOLD, Light.DONE)


@dataclass(frozen=True)
class DueEntry:
    """One matter with the clock it is judged by. ``clock_id`` and ``version`` tell a machine which and how new."""

    id: int
    clock_id: int
    version: int
    title: str
    register_no: str
    secrecy_level: str
    unit: str
    stage: str
    due_on: dt.date
    due_at: dt.datetime | None
    provisional: bool
    light: Light
    drawn_up_at: dt.datetime


@dataclass(frozen=True)
class DueDay:
    """What is due on one day: how many matters, how many under each light, and the first of them."""

    on: dt.date
    total: int
    lights: Mapping[Light, int]
    entries: tuple[DueEntry, ...]


def due_days(
    session: Any,
    actor: Actor,
    wanted: LedgerFilter,
    first: dt.date,
    last: dt.date,
    *,
    today: dt.date,
    at: dt.datetime,
    shown: int,
) -> dict[dt.date, DueDay]:
    """The days from ``first`` to ``last``, both counted, on which something is due that the actor may see.

    One statement. A matter counts once, under the clock that the ledger judges it by, while that clock runs; ``shown``
    entries a day come along, the late ones first. A day without anything due is absent.
    """
    clock = clock_of_matter()
    light = {name: light_condition(name, clock, today, at) for name in BY_WEIGHT}
    weight = case(*((condition, place) for place, condition in enumerate(light.values())), else_=len(light))
    day = clock.c.due_on
    found = (
        select(
            Matter.id,
            Matter.version,
            Matter.title,
            Matter.register_no,
            Matter.secrecy_level,
            Matter.created_at,
            Unit.short_name.label("unit"),
            clock.c.id.label("clock_id"),
            clock.c.stage,
            day,
            clock.c.due_at,
            clock.c.provisional,
            weight.label("weight"),
            func.count().over(partition_by=day).label("total"),
            *(
                func.count().filter(condition).over(partition_by=day).label(f"of_{name}")
                for name, condition in light.items()
            ),
            func.row_number()
            .over(partition_by=day, order_by=(weight, clock.c.due_at.asc().nulls_last(), Matter.id))
            .label("place"),
        )
        .select_from(Matter)
        .outerjoin(Unit, Unit.id == Matter.lead_unit_id)
        .outerjoin(clock, true())
    )
    between = replace(wanted, due_from=first, due_until=last, running=True)
    rows = narrow(found, clock, actor, between, today, at).subquery("due")
    statement = select(rows).where(rows.c.place <= shown).order_by(rows.c.due_on, rows.c.place)
    days: dict[dt.date, DueDay] = {}
    for row in session.execute(statement).all():
        known = days.get(row.due_on)
        if known is None:
            counts = {name: getattr(row, f"of_{name}") for name in BY_WEIGHT}
            known = DueDay(row.due_on, row.total, {name: count for name, count in counts.items() if count}, ())
        days[row.due_on] = replace(known, entries=(*known.entries, _entry(row)))
    return days


def _entry(row: Any) -> DueEntry:
    return DueEntry(
        id=row.id,
        clock_id=row.clock_id,
        version=row.version,
        title=row.title,
        register_no=row.register_no or "",
        secrecy_level=row.secrecy_level,
        unit=row.unit or "",
        stage=row.stage,
        due_on=row.due_on,
        due_at=row.due_at,
        provisional=bool(row.provisional),
        light=BY_WEIGHT[min(row.weight, len(BY_WEIGHT) - 1)],
        drawn_up_at=row.created_at,
    )
