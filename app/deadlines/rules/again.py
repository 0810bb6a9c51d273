"""A date computed again: from its stored record, under another calendar.

The record of ``explanation.facts`` holds everything a date followed from, so that a changed calendar needs neither the
matter nor the profile. Records written before a fact was kept are read as the rule's usual: the fact decides nothing in
them but on the rare day on which it would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.deadlines.rules.arithmetic import compute, compute_contribution, rolled, settle_receipt
from app.deadlines.rules.calendar import CalendarRow, DayKind, WorkingCalendar
from app.deadlines.rules.clock import ClockRule, LastDay, RuleKind, Stated
from app.deadlines.rules.due import Due, Receipt, Standstill
from app.deadlines.rules.schedule import DayInYear, Every, Roll, Schedule


def again(record: Mapping[str, Any], calendar: WorkingCalendar, *, lead_due_on: date | None = None) -> Due:
    """The due date of a stored computation under ``calendar``; under its own calendar, the same date.

    A co-handling unit's date follows ``lead_due_on``, or the lead's date in the record. A report that comes round keeps
    the day of its schedule. Refuses with ``DeadlineError`` what ``compute`` refuses.
    """
    rule = _rule(record)
    if record.get("ahead"):
        return _contribution(record["ahead"], rule, calendar, lead_due_on, _on(record["due_on"]))
    if rule.rule is RuleKind.PERIODIC:
        given_on, start_on, raw_on = (_on(record[name]) for name in ("given_on", "start_on", "raw_on"))
        due_on = raw_on if rule.roll is Roll.NONE else rolled(rule.roll, raw_on, calendar)
        return Due(rule, given_on, start_on, raw_on, due_on, calendar)
    pauses = [Standstill(_on(one["stopped_on"]), _on(one["resumed_on"])) for one in record["pauses"]]
    receipt = _receipt(record["receipt"], calendar)
    start = _start(record) if receipt is None else _received(record, receipt)
    return compute(rule, start, calendar, receipt=receipt, pauses=pauses, begun_on=_begun_on(record))


def _contribution(
    ahead: Mapping[str, Any], rule: ClockRule, calendar: WorkingCalendar, lead_due_on: date | None, due_on: date
) -> Due:
    noticed = ahead.get("not_before")
    not_before = _on(noticed) if noticed else due_on if ahead["shortened"] else calendar.first_day
    lead = lead_due_on or _on(ahead["lead_due_on"])
    return compute_contribution(rule, lead, ahead["working_days"], not_before, calendar)


def _receipt(told: Mapping[str, Any] | None, calendar: WorkingCalendar) -> Receipt | None:
    if told is None or told["after"] is None:
        return None
    signed = datetime.fromisoformat(told["signed_at"]) if told.get("signed_at") else _maybe(told["signed_on"])
    return settle_receipt(told["after"], _on(told["dispatched_on"]), signed, calendar)


def _received(record: Mapping[str, Any], receipt: Receipt) -> date | datetime:
    if receipt.deemed and receipt.deemed_on is not None:
        return receipt.deemed_on
    return receipt.signed_at or receipt.signed_on or _start(record)


def _start(record: Mapping[str, Any]) -> date | datetime:
    if record.get("hours") and record.get("hour_known"):
        return datetime.fromisoformat(record["hours"][0])
    given_on = _on(record["given_on"])
    return datetime.combine(given_on, time.max) if record.get("after_hours") else given_on


def _rule(record: Mapping[str, Any]) -> ClockRule:
    roll = Roll(record["roll"])
    return ClockRule(
        RuleKind(record["rule"]),
        record["amount"],
        start_event=record["start_event"],
        roll=roll,
        deemed_receipt_after=record["receipt"]["after"] if record["receipt"] else None,
        count_start_day=record["count_start_day"],
        after_hours_cutoff=_time(record.get("after_hours_cutoff")),
        due_time=_time(record.get("due_time")),
        day_of_year=_day_of_year(record),
        schedule=_schedule(record.get("schedule"), roll),
        last_day=_last_day(record),
        stated=tuple(Stated(one["where"], _on(one["on"])) for one in record.get("stated") or ()),
        conflict=record.get("conflict") or "",
        no_later=_maybe(record.get("no_later")),
        hurried=record.get("hurried") or "",
        yellow_days=record.get("yellow_days"),
        article=record["article"],
        key=record["key"],
        stage=record["stage"],
    )


def _day_of_year(record: Mapping[str, Any]) -> DayInYear | None:
    if record["rule"] != RuleKind.DAY_OF_YEAR:
        return None
    raw_on = _on(record["raw_on"])
    return DayInYear(*record.get("day_of_year") or (raw_on.month, raw_on.day))


def _schedule(told: Mapping[str, Any] | None, roll: Roll) -> Schedule | None:
    if told is None:
        return None
    return Schedule(Every(told["every"]), told["day"], told["month_in_period"], roll, told["first_not_within"])


def _last_day(record: Mapping[str, Any]) -> LastDay | None:
    told, held = record.get("last_day"), record.get("held_back")
    if told:
        return LastDay(DayInYear(told["month"], told["day"]), told["article"])
    if held and not held.get("stated"):
        due_on = _on(record["due_on"])
        return LastDay(DayInYear(due_on.month, due_on.day), held["article"])
    return None


def _begun_on(record: Mapping[str, Any]) -> date | None:
    told = record.get("last_day")
    if told:
        return _maybe(told["begun_on"])
    held = record.get("held_back")
    return _on(record["due_on"]) - timedelta(days=1) if held and not held.get("stated") else None


def _on(said: str) -> date:
    return date.fromisoformat(said)


def _maybe(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _time(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def changed_days(record: Mapping[str, Any], calendar: WorkingCalendar) -> tuple[CalendarRow, ...]:
    """The days that a stored computation counted or left out, and that ``calendar`` says the opposite of, in order.

    What no notice names (an ordinary weekday works, an ordinary weekend rests) comes with an empty name. Days that only
    settled the start are not told.
    """
    found = []
    for first, last, rested in _looked_at(record):
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            works = calendar.is_working(day)
            if works is (day in rested):
                kind = DayKind.WORK if works else DayKind.OFF
                found.append(calendar.entries.get(day) or CalendarRow(day, kind, layer=""))
    return tuple({row.on: row for row in sorted(found, key=lambda one: one.on)}.values())


def _looked_at(record: Mapping[str, Any]) -> Iterator[tuple[date, date, frozenset[date]]]:
    raw_on, due_on = _on(record["raw_on"]), _on(record["due_on"])
    if record.get("ahead"):
        return
    if record["rule"] in (RuleKind.WORKING_DAYS, RuleKind.ON_EVENT) and record["amount"]:
        first = _on(record["start_on"]) + timedelta(days=0 if record["count_start_day"] else 1)
        yield first, raw_on, _days_of(record["skipped"])
    if record["roll"] != Roll.NONE:
        held = record.get("held_back")
        end = _on(held["would_be_on"]) if held else due_on
        yield min(raw_on, end), max(raw_on, end), _days_of(record["rolled_over"])


def _days_of(spans: Iterable[Mapping[str, Any]]) -> frozenset[date]:
    return frozenset(
        date.fromordinal(ordinal)
        for span in spans
        for ordinal in range(_on(span["first"]).toordinal(), _on(span["last"]).toordinal() + 1)
    )
