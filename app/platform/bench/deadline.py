"""Due dates beside the loop everybody writes first, and a changed calendar over very many running dates."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import chinese_calendar
from sqlalchemy import text

from app.deadlines.models import NationalCalendarDay
from app.deadlines.queries import calendar_for
from app.deadlines.rules import ClockRule, Roll, RuleKind, WorkingCalendar, compute, due_date, facts
from app.kernel.actor import Actor
from app.kernel.tenancy import scope, set_based
from app.matters.queries.moving import Outdated, list_outdated, since
from app.matters.rules.moving import RunningDate, settle
from app.matters.services.casework import local_day
from app.matters.services.recomputing import recompute

ONE_DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2022, 1, 4), dt.date(2025, 11, 28)
# Two thirds working days, from one day to the year of a plan, the rest calendar days and months that roll.
WORKING_DAYS = (1, 3, 5, 7, 10, 13, 20, 30, 60, 250)
OTHERS: tuple[tuple[RuleKind, int, Roll], ...] = (
    (RuleKind.CALENDAR_DAYS, 7, Roll.NONE),
    (RuleKind.CALENDAR_DAYS, 30, Roll.NEXT),
    (RuleKind.MONTHS, 1, Roll.NEXT),
    (RuleKind.MONTHS, 1, Roll.NEXT),
    (RuleKind.MONTHS, 3, Roll.NEXT),
)
MIX = (*((RuleKind.WORKING_DAYS, amount, Roll.NONE) for amount in WORKING_DAYS), *OTHERS)
SHORT = 30
"""The longest period of the cases that are measured by themselves too."""

CASES = 610
REPEATS = 100
"""Times our side goes through the cases in a round, so that both sides run long enough to be timed."""

Case = tuple[RuleKind, int, Roll, str]


def cases(longest: int) -> tuple[Case, ...]:
    """The cases, of periods up to ``longest``: each in turn, the starts spread over the years, rest days among them."""
    span, mix = (LAST - FIRST).days, [one for one in MIX if one[1] <= longest]
    return tuple(
        (*mix[number % len(mix)], (FIRST + dt.timedelta(days=number * span // (CASES - 1))).isoformat())
        for number in range(CASES)
    )


def naive(kind: RuleKind, amount: int, roll: Roll, start: str) -> str:
    """The due date as a loop over ``chinese_calendar.is_workday`` finds it, from text to text."""
    day = dt.date.fromisoformat(start)
    if kind is RuleKind.WORKING_DAYS:
        left = amount
        while left:
            day += ONE_DAY
            left -= chinese_calendar.is_workday(day)
    elif kind is RuleKind.MONTHS:
        year, month0 = divmod(day.year * 12 + day.month - 1 + amount, 12)
        day = dt.date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))
    else:
        day += dt.timedelta(days=amount)
    while roll is Roll.NEXT and not chinese_calendar.is_workday(day):
        day += ONE_DAY
    return day.isoformat()


@dataclass(frozen=True)
class ComputingFigures:
    """What was measured. Rates are dates per second; ``ratio`` is the median of the paired ratios."""

    cases: int
    rounds: int
    ours_per_second: float
    naive_per_second: float
    ratio: float
    lowest: float
    highest: float

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def measure(calendar: WorkingCalendar, rounds: int, longest: int = max(WORKING_DAYS)) -> ComputingFigures:
    """Both sides in turn over the same cases. Raises RuntimeError when they do not agree on every date."""
    said = cases(longest)
    ours = [(ClockRule(kind, amount, roll=roll), start) for kind, amount, roll, start in said]
    theirs = [naive(*one) for one in said]
    for one, expected, (rule, start) in zip(said, theirs, ours, strict=True):
        found = due_date(rule, dt.date.fromisoformat(start), calendar).isoformat()
        if found != expected:
            raise RuntimeError(f"{one}: ours {found}, the loop {expected}")

    def run_ours() -> None:
        read = dt.date.fromisoformat
        for _ in range(REPEATS):
            for rule, start in ours:
                due_date(rule, read(start), calendar).isoformat()

    def run_naive() -> None:
        for one in said:
            naive(*one)

    pairs = [(_seconds(run_ours) / REPEATS, _seconds(run_naive)) for _ in range(rounds)]
    ratios = [loop / mine for mine, loop in pairs]
    return ComputingFigures(
        cases=len(said),
        rounds=rounds,
        ours_per_second=round(len(said) / statistics.median(mine for mine, _ in pairs)),
        naive_per_second=round(len(said) / statistics.median(loop for _, loop in pairs)),
        ratio=round(statistics.median(ratios), 1),
        lowest=round(min(ratios), 1),
        highest=round(max(ratios), 1),
    )


@dataclass(frozen=True)
class RecomputingFigures:
    """A day taken off the national calendar, until every open date of every jurisdiction has followed.

    ``looked_at`` are the dates that read the day; the others are left alone. ``computing`` is the share of the time that
    reading records and working dates out takes, without the database; ``records`` are those that differ, since a record
    that is the same as another is worked out once. Nobody sits in the
    bench's units, so no letters are written; every date that moves has its event in the chain.
    """

    jurisdictions: int
    obligations: int
    looked_at: int
    records: int
    moved: int
    seconds: float
    per_second: float
    computing: float

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


_EXPLAIN = set_based(
    text(
        "update obligation set rule = :rule, amount = :amount, raw_on = :raw_on, due_on = :due_on, original_due_on = :due_on, "
        "yellow_on = :yellow_on, yellow_days = :yellow_days, calendar_version = :version, "
        "consulted_from = :consulted_from, consulted_until = :consulted_until, "
        "explanation = cast(:told as jsonb) "
        "where jurisdiction_id = :jurisdiction and start_on = :start_on and id % :kinds = :kind"
    )
)

_RULES = tuple(
    ClockRule(kind, amount, "acknowledged", roll, article="第十条", key="result")
    for kind, amount, roll in ((RuleKind.MONTHS, 1, Roll.NEXT), (RuleKind.WORKING_DAYS, 20, Roll.NONE))
)


def explain(session: Any, jurisdiction_ids: Iterable[int]) -> None:
    """Give the bench's clocks the dates and the records the arithmetic gives them: months and working days in turn."""
    for jurisdiction_id in jurisdiction_ids:
        with scope(jurisdiction_id, session):
            calendar = calendar_for(session, jurisdiction_id)
            days = session.scalars(
                set_based(text("select distinct start_on from obligation where jurisdiction_id = :j")),
                {"j": jurisdiction_id},
            ).all()
            session.execute(
                _EXPLAIN, [_told(calendar, jurisdiction_id, day, kind) for day in days for kind in range(len(_RULES))]
            )
            session.commit()


def _told(calendar: WorkingCalendar, jurisdiction_id: int, day: dt.date, kind: int) -> dict[str, Any]:
    rule = _RULES[kind]
    due = compute(rule, day, calendar)
    return {
        "rule": rule.rule.value,
        "amount": rule.amount,
        "raw_on": due.raw_on,
        "due_on": due.due_on,
        "yellow_on": due.yellow_on,
        "yellow_days": due.yellow_days,
        "version": calendar.version,
        "consulted_from": due.decided_by[0],
        "consulted_until": due.decided_by[1],
        "told": json.dumps(facts(due), ensure_ascii=False),
        "jurisdiction": jurisdiction_id,
        "start_on": day,
        "kinds": len(_RULES),
        "kind": kind,
    }


def measure_recomputing(session: Any, jurisdiction_ids: list[int], at: dt.datetime) -> RecomputingFigures:
    """Take a working day off the national calendar and bring every jurisdiction's open dates in line with it.

    They followed the calendar before, as those of a running installation do.
    """
    for jurisdiction_id in jurisdiction_ids:
        with scope(jurisdiction_id, session):
            recompute(session, Actor.system(jurisdiction_id), at=at)
    day = local_day(at) + dt.timedelta(days=10)
    while day.weekday() > 4 or session.get(NationalCalendarDay, day) is not None:
        day += ONE_DAY
    session.add(NationalCalendarDay(on=day, kind="off", name="临时放假", notice="临时通知"))
    session.commit()
    obligations = looked_at = records = moved = 0
    computing = seconds = 0.0
    for jurisdiction_id in jurisdiction_ids:
        with scope(jurisdiction_id, session):
            calendar = calendar_for(session, jurisdiction_id)
            obligations += session.scalar(_OPEN, {"j": jurisdiction_id})
            rows = _rows(session, jurisdiction_id, calendar)
            records += len({row.explanation for row in rows})
            computing += _seconds(lambda rows=rows, calendar=calendar: _compute(rows, calendar, local_day(at)))  # type: ignore[misc]
            start = time.perf_counter()
            done = recompute(session, Actor.system(jurisdiction_id), at=at)
            seconds += time.perf_counter() - start
            looked_at, moved = looked_at + done.looked_at, moved + len(done.moved)
    return RecomputingFigures(
        jurisdictions=len(jurisdiction_ids),
        obligations=obligations,
        looked_at=looked_at,
        records=records,
        moved=moved,
        seconds=round(seconds, 2),
        per_second=round(obligations / seconds),
        computing=round(computing / seconds, 3),
    )


_OPEN = set_based(text("select count(*) from obligation where jurisdiction_id = :j and state = 'open'"))


def _rows(session: Any, jurisdiction_id: int, calendar: WorkingCalendar) -> list[Outdated]:
    rows: list[Outdated] = []
    changed = since(session, calendar)
    while found := list_outdated(session, jurisdiction_id, changed, after=rows[-1].id if rows else 0):
        rows += found
    return rows


def _compute(rows: list[Outdated], calendar: WorkingCalendar, today: dt.date) -> None:
    """As the recomputing does it: a record that is the same as another is worked out once."""
    known: set[str] = set()
    for row in rows:
        if row.explanation not in known:
            known.add(row.explanation)
            running = RunningDate(row.due_on, row.due_at, row.provisional, False, json.loads(row.explanation))
            settle(running, calendar, today)


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
