"""Who is away, and who stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.organisation.models import (
    Absence,
    Membership,
    Person,
)


def absent_on(day: dt.date) -> ColumnElement[bool]:
    """The condition that an absence holds on a day."""
    return and_(
        Absence.from_on <= day, Absence.until_on >= day, or_(Absence.ended_on.is_(None), Absence.ended_on > day)
    )


@dataclass(frozen=True)
class Deputy:
    """Whom letters reach besides somebody absent."""

    person_id: int
    absent_name: str


def list_deputies(session: Any, person_ids: Collection[int], today: dt.date) -> list[Deputy]:
    """The deputies today of those among these people who are absent; those of a deputy who is away are not looked for."""
    if not person_ids:
        return []
    away, deputy, account = aliased(Membership), aliased(Membership), aliased(Person)
    rows = session.execute(
        select(deputy.person_id, Person.name)
        .select_from(Absence)
        .join(away, away.id == Absence.membership_id)
        .join(Person, Person.id == away.person_id)
        .join(deputy, deputy.id == Absence.deputy_id)
        .join(account, account.id == deputy.person_id)
        .where(
            away.person_id.in_(person_ids),
            away.active.is_(True),
            deputy.active.is_(True),
            account.active.is_(True),
            absent_on(today),
        )
        .order_by(Absence.id)
    )
    return [Deputy(person_id, name) for person_id, name in rows]


def list_absences(session: Any, today: dt.date, *, of: int | None = None, deputy: int | None = None) -> list[Absence]:
    """Absences that hold today or are to come, the nearest first: all, those of a membership, or those it is deputy in."""
    statement = (
        select(Absence)
        .join(Membership, Membership.id == Absence.membership_id)
        .where(
            Membership.active.is_(True),
            Absence.until_on >= today,
            or_(Absence.ended_on.is_(None), Absence.ended_on > today),
        )
        .order_by(Absence.from_on, Absence.id)
    )
    if of is not None:
        statement = statement.where(Absence.membership_id == of)
    if deputy is not None:
        statement = statement.where(Absence.deputy_id == deputy)
    return list(session.scalars(statement))
