"""What the superadmin may know of the jurisdictions: names, states and counts, never the text of a matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, or_, select, text

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.matters.models import Matter
from app.matters.rules import MatterState
from app.organisation.models import Membership, Unit

ENDED = (MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)


@dataclass(frozen=True)
class Inside:
    """What is counted inside one jurisdiction."""

    units: int = 0
    people: int = 0
    open_matters: int = 0
    regulation: str = ""
    version: int = 0


def list_page(
    session: Any, *, words: str = "", level: str = "", page: int = 1, page_size: int = 25
) -> tuple[list[Jurisdiction], int]:
    """Jurisdictions by code, so that counties stand below their city; and how many there are in all."""
    statement = select(Jurisdiction)
    if words.strip():
        asked = words.strip()
        columns = (Jurisdiction.name, Jurisdiction.slug, Jurisdiction.code)
        statement = statement.where(or_(*(column.contains(asked, autoescape=True) for column in columns)))
    if level:
        statement = statement.where(Jurisdiction.level == level)
    total = int(session.scalar(select(func.count()).select_from(statement.subquery())) or 0)
    rows = statement.order_by(Jurisdiction.code).offset((page - 1) * page_size).limit(page_size)
    return list(session.scalars(rows)), total


def names_of(session: Any, ids: Iterable[int]) -> dict[int, str]:
    """The names of jurisdictions."""
    rows = session.execute(select(Jurisdiction.id, Jurisdiction.name).where(Jurisdiction.id.in_(set(ids))))
    return dict(rows.tuples().all())


def count_inside(engine: Engine, ids: Iterable[int]) -> dict[int, Inside]:
    """Counts of each jurisdiction, two statements each, on a connection of its own.

    The platform's staff stand in no jurisdiction: row-level security is told which one is counted, and the statement can
    say numbers and the procedure's name only.
    """
    enter = text("select set_config('app.jurisdiction_id', :j, true)")
    found = {}
    with engine.connect() as connection, connection.begin():
        for jurisdiction_id in ids:
            connection.execute(enter, {"j": str(jurisdiction_id)})
            row = connection.execute(_counts(jurisdiction_id)).one()
            found[jurisdiction_id] = Inside(
                row.units, row.people, row.open_matters, row.regulation or "", row.version or 0
            )
    return found


def _counts(jurisdiction_id: int) -> Any:
    units, people, matters = Unit.__table__, Membership.__table__, Matter.__table__
    versions = ProfileVersion.__table__

    def count(table: Any, *criteria: Any) -> Any:
        return (
            select(func.count())
            .select_from(table)
            .where(table.c.jurisdiction_id == jurisdiction_id, *criteria)
            .scalar_subquery()
        )

    newest = (
        select(versions.c.number, versions.c.document["regulation"]["title"].astext.label("title"))
        .where(versions.c.jurisdiction_id == jurisdiction_id, versions.c.status == "published")
        .order_by(versions.c.number.desc())
        .limit(1)
        .subquery()
    )
    return select(
        count(units, units.c.active).label("units"),
        count(people, people.c.active).label("people"),
        count(matters, matters.c.state.not_in(ENDED)).label("open_matters"),
        select(newest.c.title).scalar_subquery().label("regulation"),
        select(newest.c.number).scalar_subquery().label("version"),
    )
