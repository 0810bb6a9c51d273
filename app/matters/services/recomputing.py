"""The dates that run follow the calendar: when a notice or a day of one's own changes it, all of them in one go, in sets.

Only open clocks move. A provisional date moves both ways, a firm one only later; where the calendar makes a firm date
earlier, what was promised stands and the office decides (or the profile says that it applies).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import DeadlineError, WorkingCalendar, until
from app.deadlines.services import remember_calendar
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_version_in_force, profile_of
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.events import Event, handles, record
from app.kernel.i18n import N_
from app.kernel.jobs import record_run
from app.kernel.tenancy import current_jurisdiction_id
from app.matters.models import Obligation
from app.matters.queries.moving import STORED, Outdated, list_outdated, shared_stamp, since, versions_in_use
from app.matters.queries.visible import get_matter
from app.matters.rules.moving import EARLIER_APPLIES, EARLIER_STAYS, Outcome, RunningDate, Settled, settle
from app.matters.services.casework import local_day
from app.matters.services.moved_dates import Chunk, Move, note, tell, write

GRACE = dt.timedelta(hours=1)
"""How long dates wait after a day of one's own was changed, so that a slip of the pen can be put right first."""


@dataclass
class Moves:
    """What a change of calendar does to the open dates of a jurisdiction."""

    version: str
    looked_at: int = 0
    moved: list[Move] = field(default_factory=list)
    kept: list[Move] = field(default_factory=list)
    beyond: int = 0  # dates the calendar does not reach; they stay as they are

    @property
    def matters(self) -> int:
        """How many matters have a date that moves."""
        return len({one.matter_id for one in self.moved})


def preview(session: Any, *, at: dt.datetime, calendar: WorkingCalendar | None = None) -> Moves:
    """What would move in the jurisdiction in scope, without moving it: by the calendar in force, or by one proposed."""
    jurisdiction_id = current_jurisdiction_id()
    calendar = calendar or calendar_for(session, jurisdiction_id)
    earlier = earlier_dates(session, at)
    moves = Moves(calendar.version)
    leads: dict[int, dt.date] = {}
    for chunk in _settled(session, jurisdiction_id, calendar, local_day(at), earlier, moves, leads):
        count(moves, chunk)
        leads |= {row.id: done.due.due_on for row, done in chunk if done.outcome is Outcome.MOVED and done.due}
    return moves


def follow_calendar(session: Any, actor: Actor, *, at: dt.datetime) -> Moves | None:
    """As ``recompute``, for the clock: None where the dates follow already, or wait for second thoughts about a day."""
    house = session.get(Jurisdiction, current_jurisdiction_id())
    waits = house.dates_due_at is not None and house.dates_due_at > at
    if house.status != "active" or waits or (house.dates_due_at is None and house.dates_as_of == shared_stamp(session)):
        return None
    return recompute(session, actor, at=at)


@command
def recompute(session: Any, actor: Actor, *, at: dt.datetime) -> Moves:
    """Bring the open dates of the jurisdiction in scope in line with its calendar; what moved and what was kept.

    Each change is in the log with the date before and after, the days that changed and the calendar's version; the
    unit's people and whoever carries the matter get one letter a matter; reminders begin anew. Closed clocks, extended
    dates and stated ones stay. A second run moves nothing; a date somebody changes meanwhile is left to the next run.
    """
    if not actor.may("calendar:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    jurisdiction_id = current_jurisdiction_id()
    house = session.scalars(
        select(Jurisdiction).where(Jurisdiction.id == jurisdiction_id).with_for_update(key_share=True)
    ).one()
    calendar, stamp = calendar_for(session, jurisdiction_id), shared_stamp(session)
    earlier = earlier_dates(session, at)
    moves, today = Moves(calendar.version), local_day(at)
    leads: dict[int, dt.date] = {}
    for chunk in _settled(session, jurisdiction_id, calendar, today, earlier, moves, leads):
        written = write(session, jurisdiction_id, calendar, chunk)
        stood = [(row, done) for row, done in chunk if row.id in written]
        count(moves, stood)
        leads |= {row.id: done.due.due_on for row, done in stood if done.outcome is Outcome.MOVED and done.due}
    remember_calendar(session, calendar, since=dt.date(today.year - 1, 1, 1), in_use=versions_in_use(session))
    session.expire_all()
    for kind, lines in (("matter.date_moved", moves.moved), ("matter.date_kept", moves.kept)):
        for one in lines:
            note(session, actor, kind, one, moves.version, at)
        tell(session, jurisdiction_id, kind, lines, moves.version, at)
    house.dates_as_of, house.dates_due_at = stamp, None
    if moves.looked_at:
        record_run(
            session,
            "matters.recompute",
            started_at=at,
            count=len(moves.moved),
            failures=moves.beyond,
            jurisdiction_id=jurisdiction_id,
        )
    return moves


@command
def decide_earlier(
    session: Any, actor: Actor, obligation_id: int, *, apply: bool, due_on: dt.date, at: dt.datetime
) -> Obligation:
    """The office's word on a date the calendar makes earlier: it applies, or what was promised stands for good.

    ``due_on`` is the date the decider was shown. Refuses a date that has passed, and one somebody has changed meanwhile.
    """
    if not actor.may("calendar:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    clock = session.get(Obligation, obligation_id, with_for_update=True) if 0 < obligation_id < 2**63 else None
    if clock is None:
        raise NotFound()
    get_matter(session, actor, clock.matter_id, local_day(at))
    if clock.state != "open" or clock.earlier_due_on != due_on:
        raise Conflict("date_settled", N_("This date has been settled meanwhile."))
    today = local_day(at)
    if apply and due_on < today:
        raise Conflict("day_has_passed", N_("That day has passed already. The promised date stands."))
    before, kept = clock.due_on, dict(clock.explanation)
    rules = kept.pop("kept", {}).get("rules")  # the version that makes it earlier, where the calendar does not
    stands = {"stands": due_on.isoformat()} | (
        {"promised": {"on": before.isoformat(), "rules": rules}} if rules else {}
    )
    clock.explanation, clock.earlier_due_on = kept if apply else {**kept, **stands}, None
    move = Move(clock.id, clock.matter_id, clock.stage, before.isoformat(), due_on.isoformat(), ())
    if not apply:
        session.flush()
        record(session, actor, "matter.date_confirmed", "matter", clock.matter_id, at, due_on=before, stage=clock.stage)
        return clock
    calendar = calendar_for(session, clock.jurisdiction_id)
    done = settle(running(clock.explanation, clock), calendar, today, EARLIER_APPLIES, rules=rules)
    if done.due is None or done.due.due_on != due_on:
        raise Conflict("date_settled", N_("This date has been settled meanwhile."))
    row = row_of(clock)
    write(session, clock.jurisdiction_id, calendar, [(row, done)])
    session.expire_all()
    kind = "matter.date_ruled" if rules else "matter.date_moved"
    note(session, actor, kind, move, calendar.version, at)
    tell(session, clock.jurisdiction_id, kind, [move], f"{calendar.version}:{clock.id}", at)
    return clock


def earlier_dates(session: Any, at: dt.datetime) -> str:
    """What the jurisdiction's rules in force say of a firm date the calendar makes earlier: keep it, or apply."""
    version = find_version_in_force(session, at)
    said = None if version is None else profile_of(session, version.id).recompute
    return EARLIER_STAYS if said is None else said.earlier


@handles("calendar.day_added")
@handles("calendar.day_changed")
@handles("calendar.day_removed")
def dates_will_follow(session: Any, event: Event) -> None:
    """A day of one's own has changed: the dates follow once the time for second thoughts is over."""
    house = session.get(Jurisdiction, event.jurisdiction_id)
    house.dates_due_at = event.at + GRACE


# -- computing, one set of rows at a time ----------------------------------------------------------------------------


def _settled(
    session: Any,
    jurisdiction_id: int,
    calendar: WorkingCalendar,
    today: dt.date,
    earlier: str,
    moves: Moves,
    leads: dict[int, dt.date],
) -> Iterator[Chunk]:
    """Every outdated clock with what becomes of it; after the others the opinions that follow a lead's date."""
    changed = since(session, calendar)
    known: dict[tuple[Any, ...], Settled | None] = {}  # many clocks were started by one notice and say the same
    for follow in (False, True):
        after = 0
        while True:
            following = list(leads) if follow else None
            rows = list_outdated(session, jurisdiction_id, changed, after=after, following=following)
            if not rows:
                break
            after = rows[-1].id
            moves.looked_at += len(rows)
            chunk: Chunk = []
            for row in rows:
                lead_due_on = leads.get(row.lead_id, row.lead_due_on) if row.lead_id else None
                key = (
                    row.explanation,
                    row.due_on,
                    row.due_at,
                    row.provisional,
                    row.extended_due_on,
                    row.yellow_on,
                    lead_due_on,
                )
                if key not in known:
                    known[key] = _settle(row, lead_due_on, calendar, today, earlier)
                done = known[key]
                if done is None:
                    moves.beyond += 1
                else:
                    chunk.append((row, done))
            yield chunk


def _settle(
    row: Outdated, lead_due_on: dt.date | None, calendar: WorkingCalendar, today: dt.date, earlier: str
) -> Settled | None:
    try:
        return settle(running(json.loads(row.explanation), row, lead_due_on), calendar, today, earlier)
    except DeadlineError:
        return None


def running(told: dict[str, Any], row: Any, lead_due_on: dt.date | None = None) -> RunningDate:
    """A clock's row as a running date, with what it was told of it."""
    extended = row.extended_due_on is not None
    return RunningDate(row.due_on, row.due_at, row.provisional, extended, told, lead_due_on, row.yellow_on)


def row_of(clock: Obligation) -> Outdated:
    """A clock as a row to be settled."""
    values: list[Any] = [getattr(clock, name) for name in STORED]
    return Outdated._make([*values, json.dumps(clock.explanation), None, None])


def count(moves: Moves, chunk: Chunk) -> None:
    """Add what moved and what was kept."""
    for row, done in chunk:
        if done.due is None or done.outcome not in (Outcome.MOVED, Outcome.KEPT):
            continue
        kept = done.outcome is Outcome.KEPT
        before, after = _said(row.due_on, row.due_at), _said(done.due.due_on, done.due.due_at)
        (moves.kept if kept else moves.moved).append(
            Move(row.id, row.matter_id, row.stage, before, after, done.days, kept)
        )


def _said(due_on: dt.date, due_at: dt.datetime | None) -> str:
    return f"{due_on.isoformat()} {until(due_at)}".strip()
