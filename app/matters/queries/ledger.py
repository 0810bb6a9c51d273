"""The ledger: the visible matters with their live due dates, filtered, counted and paged in a few statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from app.deadlines.queries import calendar_for
from app.deadlines.rules import Light, LightReading, WorkingCalendar, light
from app.jurisdictions.models import ProfileVersion
from app.kernel.actor import Actor
from app.kernel.clock import local_date
from app.matters.models import Assignment, Matter, MatterSource, Obligation, Report
from app.matters.queries.visible import may_see
from app.matters.rules import MAIN_STAGES, RESULT_STAGES, AssignmentState, MatterState
from app.organisation.models import Membership, Person, Unit

MAX_PAGE_SIZE = 100
DONE_STATES = (MatterState.COMPLETED, MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)
# what may still be due when the matter itself is done
OWED_STAGES = ("rectification_result", "after_completion", "conclusion_review")
ORDERS = ("newest", "oldest", "due", "due_desc", "number")


@dataclass(frozen=True)
class LedgerFilter:
    """What narrows the ledger. An empty value narrows nothing; dates are local and inclusive."""

    q: str = ""
    source_id: int | None = None
    state: str = ""
    unit_id: int | None = None
    light: str = ""
    urgency: str = ""
    origin_level: str = ""
    due_from: dt.date | None = None
    due_until: dt.date | None = None
    completed_from: dt.date | None = None
    scope_key: str = ""
    kind_key: str = ""
    rules: int | None = None  # the number of the profile version a matter was listed under
    group_id: int | None = None  # the unit that carries the matter
    inspector_id: int | None = None  # membership: who drew it up, or has taken it over
    mine: bool = False
    open_only: bool = False
    running: bool = False  # the clock it is judged by has not been met
    order: str = "newest"


@dataclass(frozen=True)
class LedgerRow:
    """One line of the ledger. ``reading`` is its light today; None where no clock runs or ran."""

    id: int
    title: str
    register_no: str
    state: str
    urgency: str
    source: str
    unit: str
    co_count: int
    leader: str
    created_on: dt.date
    registered_on: dt.date | None
    reported_on: dt.date | None
    return_count: int
    due_on: dt.date | None
    due_at: dt.datetime | None
    extension: str  # asked while one is not answered, granted where the date is an extended one
    stage: str
    provisional: bool
    reading: LightReading | None
    version: int


@dataclass(frozen=True)
class LedgerPage:
    """One page of the ledger and how many rows there are in all."""

    rows: tuple[LedgerRow, ...]
    total: int


def clock_of_matter() -> Any:
    """The clock each matter is judged by: its earliest open one, the lead's before all others, else its last result."""
    still = Obligation.state == "open"
    main = and_(Obligation.assignment_id.is_not(None), Obligation.stage.in_(MAIN_STAGES))
    return (
        select(
            Obligation.id,
            Obligation.due_on,
            Obligation.due_at,
            Obligation.extension_asked,
            Obligation.extended_due_on,
            Obligation.yellow_on,
            Obligation.yellow_days,
            Obligation.stage,
            Obligation.provisional,
            Obligation.state,
            Obligation.met_at,
        )
        .where(
            Obligation.matter_id == Matter.id,
            or_(still, and_(Obligation.state == "met", Obligation.stage.in_(RESULT_STAGES))),
        )
        .order_by(
            case((still, 0), else_=1),
            case((main, 0), else_=1),
            case((still, Obligation.due_on)).asc().nulls_last(),
            case((still, Obligation.id), else_=-Obligation.id).asc(),
        )
        .limit(1)
        .correlate(Matter)
        .lateral("clock")
    )


def light_condition(name: str, clock: Any, today: dt.date, at: dt.datetime | None = None) -> ColumnElement[bool]:
    """The light in SQL; it agrees with ``deadlines.rules.light`` day by day, and within the day where ``at`` is given."""
    owed = and_(Matter.state == MatterState.COMPLETED, func.coalesce(clock.c.stage, "").in_(OWED_STAGES))
    done = and_(Matter.state.in_(DONE_STATES), ~and_(owed, clock.c.state == "open"))
    hold = Matter.state == MatterState.SUSPENDED
    ticking = and_(~done, ~hold, clock.c.state == "open")
    late = clock.c.due_on < today
    if at is not None:
        late = or_(late, func.coalesce(clock.c.due_at < at, False))
    conditions: dict[str, ColumnElement[bool]] = {
        Light.BAD: and_(ticking, late),
        Light.WARN: and_(ticking, ~late, clock.c.yellow_on <= today),
        Light.OK: and_(ticking, ~late, clock.c.yellow_on > today),
        Light.HOLD: hold,
        Light.DONE: done,
    }
    return conditions[Light(name)]


def narrow(
    statement: Select[*tuple[Any, ...]],
    clock: Any,
    actor: Actor,
    wanted: LedgerFilter,
    today: dt.date,
    at: dt.datetime | None,
) -> Select[*tuple[Any, ...]]:
    """The statement about visible matters and their clocks, narrowed to what a filter wants."""
    conditions: list[ColumnElement[bool]] = [may_see(actor)]
    if wanted.q:
        words = wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append(or_(Matter.title.ilike(f"%{words}%"), Matter.register_no.ilike(f"%{words}%")))
    if wanted.source_id is not None:
        conditions.append(Matter.source_id == wanted.source_id)
    if wanted.state:
        conditions.append(Matter.state == wanted.state)
    if wanted.unit_id is not None:
        handled = exists().where(
            Assignment.matter_id == Matter.id,
            Assignment.unit_id == wanted.unit_id,
            Assignment.state != AssignmentState.DECLINED,
        )
        conditions.append(handled)
    if wanted.light:
        conditions.append(light_condition(wanted.light, clock, today, at))
    if wanted.urgency:
        conditions.append(Matter.urgency == wanted.urgency)
    if wanted.origin_level:
        conditions.append(Matter.origin_level == wanted.origin_level)
    if wanted.due_from is not None:
        conditions.append(clock.c.due_on >= wanted.due_from)
    if wanted.due_until is not None:
        conditions.append(clock.c.due_on <= wanted.due_until)
    if wanted.completed_from is not None:
        conditions.append(Matter.completed_at >= _midnight(wanted.completed_from))
    if wanted.scope_key:
        conditions.append(Matter.scope_key == wanted.scope_key)
    if wanted.kind_key:
        conditions.append(Matter.kind_key == wanted.kind_key)
    if wanted.rules is not None:
        conditions.append(
            Matter.profile_version_id.in_(select(ProfileVersion.id).where(ProfileVersion.number == wanted.rules))
        )
    if wanted.mine:
        conditions.append(Matter.registered_by == actor.membership_id)
    if wanted.group_id is not None:
        conditions.append(Matter.supervising_unit_id == wanted.group_id)
    if wanted.inspector_id is not None:
        conditions.append(Matter.registered_by == wanted.inspector_id)
    if wanted.running:
        conditions.append(clock.c.state == "open")
    if wanted.open_only:
        conditions.append(Matter.state.not_in(DONE_STATES))
    return statement.where(*conditions)


def _midnight(day: dt.date) -> dt.datetime:
    # China keeps UTC+8 all year
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def _ordered(statement: Select[*tuple[Any, ...]], clock: Any, order: str) -> Select[*tuple[Any, ...]]:
    orders: dict[str, tuple[Any, ...]] = {
        "newest": (Matter.created_at.desc(), Matter.id.desc()),
        "oldest": (Matter.created_at.asc(), Matter.id.asc()),
        "due": (clock.c.due_on.asc().nulls_last(), Matter.id.desc()),
        "due_desc": (clock.c.due_on.desc().nulls_last(), Matter.id.desc()),
        "number": (Matter.register_no.asc().nulls_last(), Matter.id.desc()),
    }
    return statement.order_by(*orders.get(order, orders["newest"]))


def count_ledger(
    session: Any, actor: Actor, wanted: LedgerFilter, *, today: dt.date, at: dt.datetime | None = None
) -> int:
    """How many rows the same filter lists."""
    clock = clock_of_matter()
    statement = select(func.count()).select_from(Matter)
    if wanted.light or wanted.due_from or wanted.due_until or wanted.running:
        statement = statement.outerjoin(clock, true())
    return int(session.scalar(narrow(statement, clock, actor, wanted, today, at)) or 0)


def lights_count(session: Any, actor: Actor, *, today: dt.date, at: dt.datetime | None = None) -> dict[str, int]:
    """How many visible matters stand under each light, in one statement."""
    clock = clock_of_matter()
    columns = [
        func.count().filter(light_condition(name, clock, today, at)).label(name.value)
        for name in (Light.OK, Light.WARN, Light.BAD, Light.HOLD, Light.DONE)
    ]
    statement = select(*columns).select_from(Matter).outerjoin(clock, true())
    row = session.execute(statement.where(may_see(actor))).one()
    return dict(row._mapping)


def ledger(
    session: Any,
    actor: Actor,
    wanted: LedgerFilter,
    *,
    today: dt.date,
    at: dt.datetime | None = None,
    page: int = 1,
    page_size: int = 25,
) -> LedgerPage:
    """One page of the ledger, from 1. A page beyond the end is empty. ``at`` lets a due day end at its due time."""
    page_size = min(max(1, page_size), MAX_PAGE_SIZE)
    clock = clock_of_matter()
    leader = aliased(Membership)
    person = aliased(Person)
    co_count = (
        select(func.count(Assignment.id))
        .where(Assignment.matter_id == Matter.id, Assignment.role == "co", Assignment.state != AssignmentState.DECLINED)
        .scalar_subquery()
    )
    reported = select(func.max(Report.submitted_at)).where(Report.matter_id == Matter.id).scalar_subquery()
    statement = (
        select(
            Matter.id,
            Matter.title,
            Matter.register_no,
            Matter.state,
            Matter.urgency,
            Matter.version,
            Matter.created_at,
            Matter.registered_at,
            Matter.return_count,
            MatterSource.short_name.label("source"),
            Unit.short_name.label("unit"),
            func.coalesce(Matter.instruction_by, person.name).label("leader"),
            co_count.label("co_count"),
            reported.label("reported_at"),
            clock.c.due_on,
            clock.c.due_at,
            clock.c.extension_asked,
            clock.c.extended_due_on,
            clock.c.yellow_days,
            clock.c.stage,
            clock.c.provisional,
            clock.c.state.label("clock_state"),
            clock.c.met_at,
            func.count().over().label("total"),
        )
        .select_from(Matter)
        .join(MatterSource, MatterSource.id == Matter.source_id)
        .outerjoin(Unit, Unit.id == Matter.lead_unit_id)
        .outerjoin(leader, leader.id == Matter.instruction_leader_id)
        .outerjoin(person, person.id == leader.person_id)
        .outerjoin(clock, true())
    )
    statement = _ordered(narrow(statement, clock, actor, wanted, today, at), clock, wanted.order)
    rows = session.execute(statement.limit(page_size).offset((max(1, page) - 1) * page_size)).all()
    calendar = calendar_for(session, actor.jurisdiction_id)
    # the total comes with the rows; only a page beyond the end has to ask for it
    total = rows[0].total if rows else count_ledger(session, actor, wanted, today=today, at=at) if page > 1 else 0
    return LedgerPage(tuple(_row(row, calendar, today, at) for row in rows), total)


def _row(row: Any, calendar: WorkingCalendar, today: dt.date, at: dt.datetime | None) -> LedgerRow:
    return LedgerRow(
        id=row.id,
        title=row.title,
        register_no=row.register_no or "",
        state=row.state,
        urgency=row.urgency,
        source=row.source,
        unit=row.unit or "",
        co_count=row.co_count,
        leader=row.leader or "",
        created_on=local_date(row.created_at),
        registered_on=local_date(row.registered_at) if row.registered_at else None,
        reported_on=local_date(row.reported_at) if row.reported_at else None,
        return_count=row.return_count,
        due_on=row.due_on,
        due_at=row.due_at,
        extension="asked" if row.extension_asked else "granted" if row.extended_due_on else "",
        stage=row.stage or "",
        provisional=bool(row.provisional),
        reading=_reading(row, calendar, today, at),
        version=row.version,
    )


def _reading(row: Any, calendar: WorkingCalendar, today: dt.date, at: dt.datetime | None) -> LightReading | None:
    """The light of a line, as ``light_condition`` has it in SQL."""
    owed = row.state == MatterState.COMPLETED and row.stage in OWED_STAGES and row.clock_state == "open"
    ended = row.state in DONE_STATES and not owed
    paused = row.state == MatterState.SUSPENDED
    if not ended and not paused and row.clock_state != "open":
        return None
    met_on = local_date(row.met_at) if row.met_at else None
    return light(
        row.due_on,
        today,
        calendar,
        row.yellow_days or 0,
        paused=paused,
        closed_on=(met_on or today) if ended else None,
        due_at=row.due_at,
        seen_at=row.met_at or at if ended else at,
    )
