"""What a changed calendar does to a date that is running: it moves, it stays, or it stays against the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.deadlines.rules import Due, WorkingCalendar, again, changed_days, facts

# Told of a date beside its computation, and kept when the computation is made again.
_BESIDE = ("extended", "moved", "runs_on")
EARLIER_STAYS, EARLIER_APPLIES = "keep", "apply"


class Outcome(StrEnum):
    """What became of a date."""

    SAME = "same"  # nothing said of it changes
    RETOLD = "retold"  # the date stays, what is told of it changes
    MOVED = "moved"
    KEPT = "kept"  # the calendar makes it earlier; what was promised stands until the office decides


@dataclass(frozen=True, slots=True)
class RunningDate:
    """An open clock as its row has it.

    ``lead_due_on`` is where the lead unit's date is now, for an opinion that follows it; ``yellow_on`` where its light turns.
    """

    due_on: dt.date
    due_at: dt.datetime | None
    provisional: bool
    extended: bool
    record: dict[str, Any]
    lead_due_on: dt.date | None = None
    yellow_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of one date. ``due`` is the computation under the new calendar; ``days`` are those that changed."""

    outcome: Outcome
    due: Due | None = None
    record: dict[str, Any] | None = None
    days: tuple[str, ...] = ()


def settle(
    one: RunningDate,
    calendar: WorkingCalendar,
    today: dt.date,
    earlier: str = EARLIER_STAYS,
    *,
    ruled: Due | None = None,
    rules: int | None = None,
) -> Settled:
    """Compute a running date under the calendar now in force and say what becomes of it (暂定 both ways, firm only later).

    ``ruled`` is its date under another version of the rules, whose number ``rules`` is; without it the date's own record
    is computed again. A date an extension fixed stays. A date that would be earlier is applied where it was provisional,
    where the jurisdiction wants it (``apply``), or where it follows the lead's that moved; never when that day has passed.
    Refuses with ``DeadlineError`` what the calendar does not cover.
    """
    record = one.record
    if one.extended or "rule" not in record:
        return Settled(Outcome.SAME)
    due = ruled or again(record, calendar, lead_due_on=one.lead_due_on)
    told = facts(due) | {name: record[name] for name in _BESIDE if name in record}
    cause = {"rules": rules} if rules is not None else {}
    if (due.due_on, due.due_at) == (one.due_on, one.due_at):
        same = ruled is None and _alike(record, told) and one.yellow_on in (None, due.yellow_on)
        return Settled(Outcome.SAME if same else Outcome.RETOLD, due, told)
    days = tuple(_day_words(record, calendar)) if rules is None else ()
    if _later(due, one) or (due.due_on >= today and (one.provisional or earlier == EARLIER_APPLIES or _follows(one))):
        entry = {"on": today.isoformat(), "before": one.due_on.isoformat(), "until": due.due_on.isoformat()}
        moved = [*told.get("moved", ()), entry | {"days": list(days)} | cause]
        return Settled(Outcome.MOVED, due, told | {"moved": moved}, days)
    if ruled is None and record.get("stands") == due.due_on.isoformat():
        return Settled(Outcome.SAME, due, record)  # the office has said so already
    kept = {"would": due.due_on.isoformat(), "calendar_version": calendar.version}
    if ruled is not None:
        return Settled(Outcome.KEPT, due, told | {"kept": kept | cause | {"promised": one.due_on.isoformat()}})
    return Settled(Outcome.KEPT, due, {**record, "kept": {**record.get("kept", {}), **kept}}, days)


def _alike(record: dict[str, Any], told: dict[str, Any]) -> bool:
    return all(record.get(name) == value for name, value in told.items() if name != "calendar_version") and (
        "kept" not in record
    )


def _later(due: Due, one: RunningDate) -> bool:
    if due.due_on != one.due_on or due.due_at is None or one.due_at is None:
        return due.due_on > one.due_on
    return due.due_at > one.due_at


def _follows(one: RunningDate) -> bool:
    ahead = one.record.get("ahead")
    if ahead is None or one.lead_due_on is None:
        return False
    return str(ahead["lead_due_on"]) != one.lead_due_on.isoformat()


def _day_words(record: dict[str, Any], calendar: WorkingCalendar) -> list[str]:
    return [
        " ".join(filter(None, (row.on.isoformat(), row.name, row.notice))) for row in changed_days(record, calendar)
    ]
