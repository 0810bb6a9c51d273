"""Why a date is what it is: facts that can be stored, and the same facts in plain words.

``facts`` makes the record kept on an obligation: codes, numbers and ISO dates, never sentences. ``describe`` turns such
a record into (msgid, parameters) pairs in reading order; the edge that shows them translates, with dates as dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from app.deadlines.rules.calendar import CalendarRow, RestReason, RestSpan
from app.deadlines.rules.clock import RuleKind
from app.deadlines.rules.due import Due, until
from app.deadlines.rules.marking import N_
from app.deadlines.rules.schedule import Every

Sentence = tuple[str, dict[str, Any]]
VERSION = 1
_NAMES_ITS_END = (RuleKind.FIXED, RuleKind.DAY_OF_YEAR, RuleKind.PERIODIC)
# Of these nobody wonders whether a rest day moves their end.
_NEVER_ROLL = (RuleKind.WORKING_DAYS, RuleKind.ON_EVENT, RuleKind.HOURS)

PERIOD_WORDS = {
    RuleKind.CALENDAR_DAYS: N_("The period is %(amount)s calendar days; rest days within it count."),
    RuleKind.WORKING_DAYS: N_("The period is %(amount)s working days; weekends and holidays are not counted."),
    RuleKind.MONTHS: N_("The period is %(amount)s months and ends on the corresponding day."),
    RuleKind.HOURS: N_("The period is %(amount)s hours by the clock; nights and rest days count."),
    RuleKind.ON_EVENT: N_("The period is %(amount)s working days from the event; rest days are not counted."),
}
START_WORDS = {
    "dispatched": N_("The clock starts on %(start)s, the day of dispatch."),
    "acknowledged": N_("The clock starts on %(start)s, the day of receipt."),
    "conclusion_received": N_("The clock starts on %(start)s, the day the conclusion was received."),
    "objected": N_("The clock starts on %(start)s, the day of the objection."),
    "meeting_date": N_("The clock starts on %(start)s, the day of the meeting."),
    "exposed_at": N_("The clock starts on %(start)s, the day of the media exposure."),
    "instruction_date": N_("The clock starts on %(start)s, the day of the leader's instruction."),
    "reported": N_("The clock starts on %(start)s, the day completion was reported."),
    "completed": N_("The clock starts on %(start)s, the day the completion was accepted."),
    "entered": N_("The clock starts on %(start)s, the day this step was reached."),
    "returned": N_("The clock starts on %(start)s, the day the report was returned."),
    "instructed": N_("The clock starts on %(start)s, the day of the new instruction."),
    "slip_issued": N_("The clock starts on %(start)s, the day the slip was issued."),
}
EVERY_WORDS = {
    Every.WEEK: N_("A report is due every week, on day %(day)s of the week at the latest; this one is for %(raw)s."),
    Every.MONTH: N_("A report is due every month, by its day %(day)s; this one is for %(raw)s."),
    Every.QUARTER: N_("A report is due every quarter, by day %(day)s of its month %(month)s; this one is for %(raw)s."),
    Every.HALF_YEAR: N_(
        "A report is due every half-year, by day %(day)s of its month %(month)s; this one is for %(raw)s."
    ),
    Every.YEAR: N_("A report is due every year, by day %(day)s of month %(month)s; this one is for %(raw)s."),
}
FIRST_NOT_WITHIN = N_("No report is due yet within %(days)s working days of dispatch on %(sent)s.")
DAY_OF_YEAR = N_("It is due on a day that comes every year, the next time on %(raw)s.")
HOURS_FROM = N_("The hours run from %(start)s, %(time)s.")
HOURS_FROM_DAYS_END = N_("No hour is known, so the hours run from the end of %(start)s.")
HOURS_END = N_("The hours end on %(raw)s at %(time)s.")
UNTIL = N_("On %(due)s it is in time until %(time)s.")
AHEAD = N_("The lead unit's date is %(lead)s; a co-handling unit's opinion is due %(days)s working days before it.")
AHEAD_SAME_DAY = N_("A co-handling unit's opinion is due on the lead unit's date, %(lead)s.")
AHEAD_SHORTENED = N_("So little time is left that the opinion is due on the day of the notice, %(due)s.")
HELD_BACK = N_("No result may be due later than %(due)s, so it is due then and not on %(would)s.")
HELD_BACK_STATED = N_("The date stated for the matter is earlier than %(would)s, so it is due on %(due)s.")
STATED_WORDS = {
    "item": N_("The item itself states %(on)s."),
    "meeting": N_("The meeting wants it by %(on)s."),
    "instruction": N_("The leader's instruction states %(on)s."),
}
CONFLICT_WORDS = {
    "explicit": N_("Several dates are stated: here the earlier holds."),
    "precedence": N_("Several dates are stated: here the item's goes before the instruction's."),
    "earliest": N_("Here the earliest of all holds, the period of the rules included."),
}
HURRIED_WORDS = {
    "shortest": N_("The instruction says “at once” and no date: here the shortest period of the rules holds."),
    "usual": N_("The instruction says “at once” and no date: here that changes no period."),
    "date_needed": N_("The instruction says “at once” and no date: here the office must state a date."),
}
RUNS_ON = N_("The report of %(met)s came back on %(on)s: here that counts as not handed in, and the date runs on.")
HELD_BACK_BY = N_("Basis of the last day: %(article)s.")
EXTENDED = N_("On %(on)s the date was extended by approval from %(before)s to %(until)s (%(article)s).")
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
MOVED = N_("On %(on)s the date moved from %(before)s to %(until)s, because the calendar changed.")
MOVED_BY_RULES = N_(
    "On %(on)s the date moved from %(before)s to %(until)s, because version %(number)s of the rules holds for it now."
)
KEPT_BY_RULES = N_(
    "Version %(number)s of the rules makes it %(would)s; the date that was promised, %(promised)s, stands."
)
PROMISED = N_("The office has confirmed the promised date, %(promised)s, against version %(number)s of the rules.")
KEPT = N_("The calendar now makes it %(would)s; the date that was promised stands.")
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
        "yellow_days": rule.yellow_days,
        "due_time": rule.due_time.isoformat() if rule.due_time else None,
        "after_hours_cutoff": rule.after_hours_cutoff.isoformat() if rule.after_hours_cutoff else None,
        "after_hours": due.after_hours,
        "day_of_year": list(rule.day_of_year) if rule.day_of_year else None,
        "last_day": _last_day(due),
        "stated": [{"where": one.where, "on": one.on.isoformat()} for one in rule.stated],
        "conflict": rule.conflict,
        "no_later": rule.no_later.isoformat() if rule.no_later else None,
        "hurried": rule.hurried,
        "given_on": due.given_on.isoformat(),
        "start_on": due.start_on.isoformat(),
        "receipt": _receipt(due),
        "raw_on": due.raw_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "due_at": due.due_at.isoformat() if due.due_at else None,
        "hours": [moment.isoformat() for moment in due.moments] if due.moments else None,
        "hour_known": due.hour_known,
        "schedule": _schedule(due),
        "ahead": _ahead(due),
        "held_back": _held_back(due),
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
    if record.get("ahead"):
        words += _ahead_words(record["ahead"], due)
    elif record["rule"] == RuleKind.FIXED:
        words.append((FIXED_DATE, {"raw": raw}))
        words += _sources(record)
    else:
        words += _sources(record)
        words += _start(record)
        words += _period(record, raw)
    words += [
        (STOOD_STILL, {"stopped": _on(pause["stopped_on"]), "resumed": _on(pause["resumed_on"])})
        for pause in record["pauses"]
    ]
    words += _rests(record["skipped"])
    words += [(MADE_UP, {"on": _on(day["on"]), "name": day["name"]}) for day in record["made_up"]]
    words += _end(record, raw, due)
    words += [(RUNS_ON, {"met": _on(one["met"]), "on": _on(one["on"])}) for one in record.get("runs_on", ())]
    words += [
        (
            EXTENDED,
            {"before": _on(one["before"]), "until": _on(one["until"]), "on": _on(one["on"]), "article": one["article"]},
        )
        for one in record.get("extended", ())
    ]
    words += [_moved(one) for one in record.get("moved", ())]
    words += _promised(record)
    if record["provisional"]:
        words += [(PROVISIONAL_YEAR, {"year": year}) for year in record["unannounced_years"]] or [
            (PROVISIONAL_DECEMBER, {})
        ]
    words.append((CALENDAR, {"version": record["calendar_version"]}))
    return words


def _sources(record: Mapping[str, Any]) -> Iterable[Sentence]:
    """What was stated, and by which reading one of it won."""
    for one in record.get("stated") or ():
        yield STATED_WORDS[one["where"]], {"on": _on(one["on"])}
    if record.get("conflict"):
        yield CONFLICT_WORDS[record["conflict"]], {}
    if record.get("hurried"):
        yield HURRIED_WORDS[record["hurried"]], {}


def _moved(one: Mapping[str, Any]) -> Sentence:
    told = {"on": _on(one["on"]), "before": _on(one["before"]), "until": _on(one["until"])}
    return (MOVED_BY_RULES, told | {"number": one["rules"]}) if one.get("rules") else (MOVED, told)


def _promised(record: Mapping[str, Any]) -> Iterable[Sentence]:
    kept, stands = record.get("kept"), record.get("promised")
    if kept and kept.get("rules"):
        would, promised = _on(kept["would"]), _on(kept["promised"])
        yield KEPT_BY_RULES, {"would": would, "promised": promised, "number": kept["rules"]}
    elif kept:
        yield KEPT, {"would": _on(kept["would"])}
    elif stands:
        yield PROMISED, {"promised": _on(stands["on"]), "number": stands["rules"]}


def _end(record: Mapping[str, Any], raw: date, due: date) -> Iterable[Sentence]:
    held = record.get("held_back")
    rolled = _on(held["would_be_on"]) if held else due
    if record.get("hours"):
        yield HOURS_END, {"raw": raw, "time": _clock_time(record["hours"][1])}
    elif record["rule"] not in _NAMES_ITS_END:
        yield ENDS, {"raw": raw}
    if raw != rolled:
        yield (ROLLED_NEXT if rolled > raw else ROLLED_PREVIOUS), {"raw": raw, "due": rolled}
    elif record["roll"] == "none" and record["rule"] not in _NEVER_ROLL and not record.get("ahead"):
        yield NOT_ROLLED, {}
    if held:
        yield (HELD_BACK_STATED if held.get("stated") else HELD_BACK), {"due": due, "would": rolled}
        if held["article"]:
            yield HELD_BACK_BY, {"article": held["article"]}
    if record.get("due_at") and not record.get("hours"):
        yield UNTIL, {"due": due, "time": _clock_time(record["due_at"])}


def _ahead_words(ahead: Mapping[str, Any], due: date) -> Iterable[Sentence]:
    lead = _on(ahead["lead_due_on"])
    if ahead["working_days"]:
        yield AHEAD, {"lead": lead, "days": ahead["working_days"]}
    else:
        yield AHEAD_SAME_DAY, {"lead": lead}
    if ahead["shortened"]:
        yield AHEAD_SHORTENED, {"due": due}


def _start(record: Mapping[str, Any]) -> Iterable[Sentence]:
    start, receipt = _on(record["start_on"]), record["receipt"]
    if record["rule"] == RuleKind.PERIODIC:
        return
    if receipt and receipt["deemed"]:
        yield DEEMED, {"start": start, "after": receipt["after"], "sent": _on(receipt["dispatched_on"])}
    elif record["given_on"] != record["start_on"]:
        yield AFTER_HOURS, {"given": _on(record["given_on"]), "start": start}
    else:
        yield START_WORDS.get(record["start_event"], OTHER_START), {"start": start}


def _period(record: Mapping[str, Any], raw: date) -> Iterable[Sentence]:
    if record["rule"] == RuleKind.PERIODIC:
        yield from _comes_round(record, raw)
        return
    if record["rule"] == RuleKind.DAY_OF_YEAR:
        yield DAY_OF_YEAR, {"raw": raw}
        return
    if record.get("hours"):
        begins = datetime.fromisoformat(record["hours"][0])
        if record["hour_known"]:
            yield HOURS_FROM, {"start": begins.date(), "time": f"{begins:%H:%M}"}
        else:
            yield HOURS_FROM_DAYS_END, {"start": _on(record["start_on"])}
        yield PERIOD_WORDS[RuleKind.HOURS], {"amount": record["amount"]}
        return
    if not record["amount"]:
        yield DAY_ITSELF, {}
        return
    kind, start = RuleKind(record["rule"]), _on(record["start_on"])
    yield PERIOD_WORDS[kind], {"amount": record["amount"]}
    yield (START_COUNTED if record["count_start_day"] else START_NOT_COUNTED), {}
    if kind is RuleKind.MONTHS and not record["pauses"] and not record["count_start_day"] and raw.day != start.day:
        yield MONTH_END, {"day": start.day}


def _comes_round(record: Mapping[str, Any], raw: date) -> Iterable[Sentence]:
    told = record["schedule"]
    yield EVERY_WORDS[Every(told["every"])], {"day": told["day"], "month": told["month_in_period"], "raw": raw}
    if told["first_not_within"] and record["start_on"] == record["given_on"]:
        yield FIRST_NOT_WITHIN, {"days": told["first_not_within"], "sent": _on(record["given_on"])}


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
        "signed_at": receipt.signed_at.isoformat() if receipt.signed_at else None,
        "deemed_on": receipt.deemed_on.isoformat() if receipt.deemed_on else None,
        "deemed": receipt.deemed,
        "after": due.rule.deemed_receipt_after,
    }


def _schedule(due: Due) -> dict[str, Any] | None:
    told = due.rule.schedule
    if told is None:
        return None
    return {
        "every": told.every.value,
        "day": told.day,
        "month_in_period": told.month_in_period,
        "first_not_within": told.first_not_within,
    }


def _ahead(due: Due) -> dict[str, Any] | None:
    ahead = due.ahead
    if ahead is None:
        return None
    return {
        "working_days": ahead.working_days,
        "lead_due_on": ahead.lead_due_on.isoformat(),
        "shortened": ahead.shortened,
        "not_before": ahead.not_before.isoformat() if ahead.not_before else None,
    }


def _last_day(due: Due) -> dict[str, Any] | None:
    last = due.rule.last_day
    if last is None:
        return None
    return {
        "month": last.day.month,
        "day": last.day.day,
        "article": last.article,
        "begun_on": due.begun_on.isoformat() if due.begun_on else None,
    }


def _held_back(due: Due) -> dict[str, Any] | None:
    held = due.held_back
    if held is None:
        return None
    told: dict[str, Any] = {"would_be_on": held.would_be_on.isoformat(), "article": held.article}
    return told | {"stated": True} if held.stated else told


def _clock_time(instant: str) -> str:
    """The time of the day of a stored instant; midnight ends the day before."""
    return until(datetime.fromisoformat(instant)) or "24:00"


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
