"""Why a date is what it is: facts that can be stored, and the same facts in plain words.

``facts`` makes the record kept on an obligation: codes, numbers and ISO dates, never sentences. ``describe`` turns such
a record into (msgid, parameters) pairs in reading order; the edge that shows them translates, with dates as dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.deadlines.rules.arithmetic import Due
from app.deadlines.rules.calendar import CalendarRow, RestReason, RestSpan
from app.deadlines.rules.clock import RuleKind
from app.deadlines.rules.marking import N_

Sentence = tuple[str, dict[str, Any]]
VERSION = 1

PERIOD_WORDS = {
    RuleKind.CALENDAR_DAYS: N_("The period is %(amount)s calendar days; rest days within it count."),
    RuleKind.WORKING_DAYS: N_("The period is %(amount)s working days; weekends and holidays are not counted."),
    RuleKind.MONTHS: N_("The period is %(amount)s months and ends on the corresponding day."),
    RuleKind.ON_EVENT: N_("The period is %(amount)s working days from the event; rest days are not counted."),
}
START_WORDS = {
    "dispatched": N_("The clock starts on %(start)s, the day of dispatch."),
    "acknowledged": N_("The clock starts on %(start)s, the day of receipt."),
    "meeting_date": N_("The clock starts on %(start)s, the day of the meeting."),
    "exposed_at": N_("The clock starts on %(start)s, the day of the media exposure."),
    "instruction_date": N_("The clock starts on %(start)s, the day of the leader's instruction."),
    "reported": N_("The clock starts on %(start)s, the day completion was reported."),
    "entered": N_("The clock starts on %(start)s, the day this step was reached."),
    "returned": N_("The clock starts on %(start)s, the day the report was returned."),
}
OTHER_START = N_("The clock starts on %(start)s.")
FIXED_DATE = N_("%(raw)s was fixed for this matter.")
DAY_ITSELF = N_("It is due on the day of the start itself.")
ARTICLE = N_("Basis: %(article)s.")
DEEMED = N_("Unsigned by %(start)s, it counts as received then: %(after)s working days after dispatch on %(sent)s.")
AFTER_HOURS = N_("It arrived on %(given)s after hours or on a rest day and counts as received on %(start)s.")
START_NOT_COUNTED = N_("The day of the start is not counted.")
START_COUNTED = N_("The day of the start is counted.")
MONTH_END = N_("The month has no day %(day)s, so the period ends on its last day.")
WEEKENDS = N_("Not counted: ordinary weekend days, %(days)s.")
HOLIDAY_SPAN = N_("Not counted: %(name)s, %(first)s to %(last)s, %(days)s days.")
HOLIDAY_DAY = N_("Not counted: %(name)s, %(first)s.")
MADE_UP = N_("Counted although on a weekend: %(on)s, a working day in exchange for a holiday (%(name)s).")
ENDS = N_("The period ends on %(raw)s.")
ROLLED_NEXT = N_("%(raw)s is a rest day, so the date moves to the next working day, %(due)s.")
ROLLED_PREVIOUS = N_("%(raw)s is a rest day, so the date moves to the working day before it, %(due)s.")
NOT_ROLLED = N_("A rest day does not move this date.")
STOOD_STILL = N_("The clock stood still from %(stopped)s until it ran again on %(resumed)s.")
PROVISIONAL_YEAR = N_("Provisional: the holidays of %(year)s are not announced yet.")
PROVISIONAL_DECEMBER = N_("Provisional: the notice for the next year may still change the last days of December.")
CALENDAR = N_("Calendar version %(version)s.")


def facts(due: Due) -> dict[str, Any]:
    """The record of one computation, JSON through and through: what is stored on the obligation and shown for years."""
    rule, consulted = due.rule, due.consulted
    return {
        "v": VERSION,
        "key": rule.key,
        "stage": rule.stage,
        "article": rule.article,
        "rule": rule.rule.value,
        "amount": rule.amount,
        "roll": rule.roll.value,
        "start_event": rule.start_event,
        "count_start_day": rule.count_start_day,
        "given_on": due.given_on.isoformat(),
        "start_on": due.start_on.isoformat(),
        "receipt": _receipt(due),
        "raw_on": due.raw_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "skipped": [_span(span) for span in due.skipped],
        "made_up": [_day(row) for row in due.made_up],
        "rolled_over": [_span(span) for span in due.rolled_over],
        "pauses": [
            {"stopped_on": pause.stopped_on.isoformat(), "resumed_on": pause.resumed_on.isoformat()}
            for pause in due.pauses
        ],
        "provisional": due.provisional,
        "unannounced_years": list(due.calendar.unannounced_years(*consulted)) if consulted else [],
        "consulted": [day.isoformat() for day in consulted] if consulted else None,
        "calendar_version": due.calendar.version,
    }


def describe(record: Mapping[str, Any]) -> list[Sentence]:
    """The record in plain words, in the order a clerk tells it: basis, start, period, what was skipped, the end."""
    raw, due = _on(record["raw_on"]), _on(record["due_on"])
    words: list[Sentence] = []
    if record["article"]:
        words.append((ARTICLE, {"article": record["article"]}))
    if record["rule"] == RuleKind.FIXED:
        words.append((FIXED_DATE, {"raw": raw}))
    else:
        words += _start(record)
        words += _period(record, raw)
    words += [
        (STOOD_STILL, {"stopped": _on(pause["stopped_on"]), "resumed": _on(pause["resumed_on"])})
        for pause in record["pauses"]
    ]
    words += _rests(record["skipped"])
    words += [(MADE_UP, {"on": _on(day["on"]), "name": day["name"]}) for day in record["made_up"]]
    if record["rule"] != RuleKind.FIXED:
        words.append((ENDS, {"raw": raw}))
    if raw != due:
        words.append((ROLLED_NEXT if due > raw else ROLLED_PREVIOUS, {"raw": raw, "due": due}))
    elif record["roll"] == "none" and record["rule"] not in (RuleKind.WORKING_DAYS, RuleKind.ON_EVENT):
        words.append((NOT_ROLLED, {}))
    if record["provisional"]:
        words += [(PROVISIONAL_YEAR, {"year": year}) for year in record["unannounced_years"]] or [
            (PROVISIONAL_DECEMBER, {})
        ]
    words.append((CALENDAR, {"version": record["calendar_version"]}))
    return words


def _start(record: Mapping[str, Any]) -> Iterable[Sentence]:
    start, receipt = _on(record["start_on"]), record["receipt"]
    if receipt and receipt["deemed"]:
        yield DEEMED, {"start": start, "after": receipt["after"], "sent": _on(receipt["dispatched_on"])}
    elif record["given_on"] != record["start_on"]:
        yield AFTER_HOURS, {"given": _on(record["given_on"]), "start": start}
    else:
        yield START_WORDS.get(record["start_event"], OTHER_START), {"start": start}


def _period(record: Mapping[str, Any], raw: date) -> Iterable[Sentence]:
    if not record["amount"]:
        yield DAY_ITSELF, {}
        return
    kind, start = RuleKind(record["rule"]), _on(record["start_on"])
    yield PERIOD_WORDS[kind], {"amount": record["amount"]}
    yield (START_COUNTED if record["count_start_day"] else START_NOT_COUNTED), {}
    if kind is RuleKind.MONTHS and not record["pauses"] and not record["count_start_day"] and raw.day != start.day:
        yield MONTH_END, {"day": start.day}


def _rests(spans: Iterable[Mapping[str, Any]]) -> Iterable[Sentence]:
    weekend_days = 0
    for span in spans:
        if span["reason"] == RestReason.WEEKEND:
            weekend_days += span["days"]
            continue
        words = HOLIDAY_DAY if span["days"] == 1 else HOLIDAY_SPAN
        yield (
            words,
            {"name": span["name"], "first": _on(span["first"]), "last": _on(span["last"]), "days": span["days"]},
        )
    if weekend_days:
        yield WEEKENDS, {"days": weekend_days}


def _receipt(due: Due) -> dict[str, Any] | None:
    receipt = due.receipt
    if receipt is None:
        return None
    return {
        "dispatched_on": receipt.dispatched_on.isoformat(),
        "signed_on": receipt.signed_on.isoformat() if receipt.signed_on else None,
        "deemed_on": receipt.deemed_on.isoformat() if receipt.deemed_on else None,
        "deemed": receipt.deemed,
        "after": due.rule.deemed_receipt_after,
    }


def _span(span: RestSpan) -> dict[str, Any]:
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "days": span.days,
        "reason": span.reason.value,
        "name": span.name,
        "notice": span.notice,
        "layer": span.layer,
    }


def _day(row: CalendarRow) -> dict[str, Any]:
    return {"on": row.on.isoformat(), "name": row.name, "notice": row.notice, "layer": row.layer}


def _on(text: str) -> date:
    return date.fromisoformat(text)
