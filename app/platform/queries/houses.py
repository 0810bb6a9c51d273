"""What the superadmin may know of the jurisdictions: names, states and counts, never the text of a matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select, text

from app.deadlines.queries import list_years
from app.deadlines.rules import YearStatus
from app.jurisdictions.models import Jurisdiction
from app.platform.models import JurisdictionExport
from app.platform.rules.checklist import Inside, Surroundings


def list_page(
    session: Any, *, words: str = "", level: str = "", status: str = "", page: int = 1, page_size: int = 25
) -> tuple[list[Jurisdiction], int]:
    """Jurisdictions by code, so that counties stand below their city; and how many there are in all."""
    statement = select(Jurisdiction)
    if words.strip():
        asked = words.strip()
        columns = (Jurisdiction.name, Jurisdiction.slug, Jurisdiction.code)
        statement = statement.where(or_(*(column.contains(asked, autoescape=True) for column in columns)))
    if level:
        statement = statement.where(Jurisdiction.level == level)
    if status:
        statement = statement.where(Jurisdiction.status == status)
    total = int(session.scalar(select(func.count()).select_from(statement.subquery())) or 0)
    rows = statement.order_by(Jurisdiction.code).offset((page - 1) * page_size).limit(page_size)
    return list(session.scalars(rows)), total


def names_of(session: Any, ids: Iterable[int]) -> dict[int, str]:
    """The names of jurisdictions."""
    rows = session.execute(select(Jurisdiction.id, Jurisdiction.name).where(Jurisdiction.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def codes_here(session: Any, codes: Iterable[str]) -> set[str]:
    """Which of these codes belong to a jurisdiction that is here."""
    return set(session.scalars(select(Jurisdiction.code).where(Jurisdiction.code.in_(set(codes)))))


def codes_of(session: Any, ids: Iterable[int]) -> dict[int, str]:
    """The codes of jurisdictions."""
    rows = session.execute(select(Jurisdiction.id, Jurisdiction.code).where(Jurisdiction.id.in_(set(ids))))
    return {row.id: row.code for row in rows}


def list_slugs(session: Any) -> set[str]:
    """Every address that is taken."""
    return set(session.scalars(select(Jurisdiction.slug)))


def slugs_by_code(session: Any) -> dict[str, str]:
    """The address of every jurisdiction, by its code."""
    return {row.code: row.slug for row in session.execute(select(Jurisdiction.code, Jurisdiction.slug))}


def count_inside(session: Any, ids: Iterable[int]) -> dict[int, Inside]:
    """Counts of each jurisdiction, in one statement however many are asked for.

    The platform's staff stand in no jurisdiction: a function of the database counts each under its own scope, so that
    row-level security answers as always, and it can say numbers and the procedure's name only.
    """
    wanted = list(ids)
    counts = text("select * from house_facts(:ids)")
    rows = session.connection().execute(counts, {"ids": wanted}) if wanted else ()
    return {
        row.jurisdiction_id: Inside(
            **{name: value for name, value in row._mapping.items() if name != "jurisdiction_id" and value is not None}
        )
        for row in rows
    }


def count_by_status(session: Any) -> dict[str, int]:
    """How many jurisdictions there are in each state."""
    rows = session.execute(select(Jurisdiction.status, func.count()).group_by(Jurisdiction.status))
    return {status: int(count) for status, count in rows}


def surroundings(session: Any, *, today: dt.date, mail: bool) -> Surroundings:
    """What the checklist needs to know of the whole installation."""
    announced = {one.year for one in list_years(session) if one.status is not YearStatus.UNANNOUNCED}
    return Surroundings(today.year, today.year in announced, mail)


def list_exports(session: Any) -> list[JurisdictionExport]:
    """The exports of the jurisdiction in scope, the newest first."""
    return list(session.scalars(select(JurisdictionExport).order_by(JurisdictionExport.id.desc()).limit(20)))
