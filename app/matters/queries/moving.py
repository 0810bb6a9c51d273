"""Which running dates another calendar than the present one has fixed, and which of them wait for the office's word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    String,
    Text,
    all_,
    and_,
    any_,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.deadlines.models import RegionalCalendarDay
from app.deadlines.queries import calendar_for, known_calendars
from app.deadlines.rules import WorkingCalendar, changed_spans
from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.tenancy import platform_scope, set_based
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.visible import get_matter, may_see

AT_ONCE = 5000
"""Rows read at a time."""

FOLLOWING = "contribution"


class Outdated(NamedTuple):
    """An open clock whose date another calendar fixed."""

    id: int
    matter_id: int
    assignment_id: int | None
    stage: str
    due_on: dt.date
    due_at: dt.datetime | None
    original_due_on: dt.date
    extended_due_on: dt.date | None
    provisional: bool
    calendar_version: str
    yellow_on: dt.date
    explanation: str  # JSON, as it is stored
    lead_id: int | None
    lead_due_on: dt.date | None


STORED = Outdated._fields[: Outdated._fields.index("explanation")]


class Since(NamedTuple):
    """What the calendar in force says otherwise than those by which open dates were computed before.

    ``known`` are their versions; a clock of another version is looked at in any case. ``spans`` are changed days with the
    version they differ from.
    """

    version: str
    known: tuple[str, ...]
    spans: tuple[tuple[str, dt.date, dt.date], ...]


def since(session: Any, calendar: WorkingCalendar) -> Since:
    """How the calendars that open dates of the jurisdiction in scope were computed by differ from this one."""
    before = known_calendars(session)
    before.pop(calendar.version, None)
    return Since(
        calendar.version,
        tuple(before),
        tuple((version, *span) for version, said in before.items() for span in changed_spans(said, calendar)),
    )


def list_outdated(
    session: Any, jurisdiction_id: int, since: Since, *, after: int = 0, following: Collection[int] | None = None
) -> list[Outdated]:
    """The next open clocks after an id that read a day the calendar has changed, with what is needed to settle them.

    A date that reads none of the changed days is not looked at: it is what it was. With ``following`` these are the
    opinions that follow a lead's date, those of the lead clocks named included; without it, all others.
    """
    one, lead, part = aliased(Obligation), aliased(Obligation), aliased(Assignment)
    its_lead = (
        select(lead.id, lead.due_on)
        .join(part, and_(part.jurisdiction_id == lead.jurisdiction_id, part.id == lead.assignment_id))
        .where(
            lead.jurisdiction_id == jurisdiction_id,
            lead.matter_id == one.matter_id,
            lead.stage == "result",
            lead.state == "open",
            part.role == "lead",
        )
        .order_by(lead.id)
        .limit(1)
        .lateral()
    )
    columns: list[Any] = [getattr(one, name) for name in STORED]
    columns.append(cast(one.explanation, Text))
    outdated = _reads_a_changed_day(one, since)
    statement: Any
    if following is None:
        statement = select(*columns, null(), null()).where(one.stage != FOLLOWING, outdated)
    else:
        statement = (
            select(*columns, its_lead.c.id, its_lead.c.due_on)
            .outerjoin(its_lead, true())
            .where(
                one.stage == FOLLOWING, or_(outdated, its_lead.c.id == any_(cast(list(following), ARRAY(BigInteger))))
            )
        )
    statement = statement.where(one.jurisdiction_id == jurisdiction_id, one.state == "open", one.id > after)
    rows = session.execute(set_based(statement.order_by(one.id).limit(AT_ONCE))).all()
    return [Outdated(*row) for row in rows]


def _reads_a_changed_day(one: Any, since: Since) -> Any:
    versions, firsts, lasts = zip(*since.spans, strict=True) if since.spans else ((), (), ())
    spans = (
        func.unnest(
            cast(list(versions), ARRAY(String)), cast(list(firsts), ARRAY(Date)), cast(list(lasts), ARRAY(Date))
        )
        .table_valued("version", "first", "last", name="changed")
        .render_derived()
    )
    meets = exists().where(
        spans.c.version == one.calendar_version,
        one.consulted_from <= spans.c.last,
        one.consulted_until >= spans.c.first,
    )
    unknown = one.calendar_version != all_(cast(list(since.known), ARRAY(String)))
    return and_(one.calendar_version != since.version, or_(one.consulted_from.is_(None), unknown, meets))


def versions_in_use(session: Any) -> set[str]:
    """The versions of the calendars by which the open dates of the jurisdiction in scope were computed."""
    return set(session.scalars(select(Obligation.calendar_version).where(Obligation.state == "open").distinct()))


class Waiting(NamedTuple):
    """A date that was kept although the calendar makes it earlier."""

    id: int
    matter_id: int
    title: str
    register_no: str | None
    stage: str
    due_on: dt.date
    earlier_due_on: dt.date


def list_kept(session: Any, actor: Actor) -> list[Waiting]:
    """The open dates of matters the reader may know of that wait for the office's word, the nearest first."""
    statement = (
        select(
            Obligation.id,
            Matter.id,
            Matter.title,
            Matter.register_no,
            Obligation.stage,
            Obligation.due_on,
            Obligation.earlier_due_on,
        )
        .join(Matter, Matter.id == Obligation.matter_id)
        .where(Obligation.state == "open", Obligation.earlier_due_on.is_not(None), may_see(actor))
        .order_by(Obligation.due_on, Obligation.id)
    )
    return [Waiting(*row) for row in session.execute(statement).all()]


def get_clock(session: Any, actor: Actor, obligation_id: int) -> Obligation:
    """A clock of a matter the reader may know of; NotFound for every other id."""
    found: Obligation | None = session.get(Obligation, obligation_id) if 0 < obligation_id < 2**63 else None
    if found is None:
        raise NotFound()
    get_matter(session, actor, found.matter_id)
    return found


def titles(session: Any, actor: Actor, matter_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and number of those of these matters the reader may know of."""
    statement = select(Matter.id, Matter.title, Matter.register_no).where(Matter.id.in_(matter_ids), may_see(actor))
    return {row.id: (row.title, row.register_no or "") for row in session.execute(statement).all()}


def shared_stamp(session: Any) -> str:
    """What all jurisdictions' calendars are built on, in one word: it changes with any national or regional day."""
    region = RegionalCalendarDay
    said = func.concat_ws("|", region.region_code, cast(region.on, String), region.kind, region.name, region.notice)
    regional = session.scalar(select(func.sum(func.hashtextextended(said, 0))))
    return f"{calendar_for(session, None).version}:{regional or ''}"[:64]


def list_behind(session: Any, at: dt.datetime, limit: int = 5000) -> list[int]:
    """The jurisdictions whose open dates do not follow the present calendars yet, and are due to.

    For a change of the national or a regional calendar that is at once, for days of one's own once their time has come.
    One statement over the jurisdictions' own rows.
    """
    with platform_scope("ring the jurisdictions whose dates have to follow the calendar", session):
        stamp, house = shared_stamp(session), Jurisdiction
        behind = (
            select(house.id)
            .where(
                house.status == "active",
                or_(
                    house.dates_due_at <= at,
                    and_(house.dates_due_at.is_(None), house.dates_as_of.is_distinct_from(stamp)),
                ),
            )
            .order_by(house.id)
            .limit(limit)
        )
        return list(session.scalars(behind))
