"""From a rule and a start to a due date. Pure: no clock, no database, local dates of Asia/Shanghai throughout.

民法典 200-203: the starting day is not counted; months end on the corresponding day, or on the last day of a month that
has none; a rest day in the middle counts unless the rule says working days; only the last day can roll.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.deadlines.rules.calendar import ONE_DAY, WorkingCalendar
from app.deadlines.rules.clock import ClockRule, RuleKind
from app.deadlines.rules.due import ZONE, Ahead, Due, HeldBack, Receipt, Standstill
from app.deadlines.rules.errors import DeadlineError
from app.deadlines.rules.periodic import next_occurrence
from app.deadlines.rules.schedule import Roll

# Looked up once: on the way of every date, an attribute of an enumeration costs more than the arithmetic.
CALENDAR_DAYS, MONTHS, FIXED = RuleKind.CALENDAR_DAYS, RuleKind.MONTHS, RuleKind.FIXED
HOURS, DAY_OF_YEAR, PERIODIC = RuleKind.HOURS, RuleKind.DAY_OF_YEAR, RuleKind.PERIODIC
STAYS, BACK = Roll.NONE, Roll.PREVIOUS


def local_day(moment: date | datetime) -> date:
    """The day in Asia/Shanghai: of an instant with an offset converted, of a naive one as it stands."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return (moment.astimezone(ZONE) if moment.tzinfo else moment).date()
    except OverflowError:
        raise DeadlineError("date_too_far") from None


def compute(
    rule: ClockRule,
    start: date | datetime,
    calendar: WorkingCalendar,
    *,
    receipt: Receipt | None = None,
    pauses: Iterable[Standstill] = (),
    begun_on: date | None = None,
) -> Due:
    """The due date of a clock that starts at ``start``; for a ``fixed`` rule ``start`` is the date itself.

    Hours run by the clock from the instant of the start; from a start known only as a day they run from that day's end.
    A report that comes round has its first day. ``begun_on`` is the day a ``fixed`` period began, by whose year the
    regulation's last day is told.

    Refuses with ``DeadlineError``: a start before the calendar begins (``start_too_early``), a date that needs working
    days more than two years beyond the last announced one (``year_not_covered``).
    """
    given_on = _given_day(start, calendar)
    if rule.rule is PERIODIC:
        return compute_occurrence(rule, given_on, calendar)
    start_on = _counted_start(rule, start, given_on, calendar)
    standstills = (
        () if not pauses or rule.rule is FIXED or rule.rule is DAY_OF_YEAR else merged_pauses(pauses, start_on)
    )
    moments = None
    if rule.rule is HOURS:
        begins, ends = _by_the_clock(rule, start, start_on, standstills)
        raw_on = _last_day_of(ends)
    else:
        raw_on = _raw(rule, start_on, calendar, standstills)
    due_on = raw_on if rule.roll is STAYS else rolled(rule.roll, raw_on, calendar, standstills)
    if rule.rule is HOURS:
        moments = begins, ends + (due_on - raw_on)
    late = rule.after_hours_cutoff is not None and _after_hours(rule, start)
    due = Due(
        rule,
        given_on,
        start_on,
        raw_on,
        due_on,
        calendar,
        receipt,
        standstills,
        moments,
        after_hours=late,
        begun_on=begun_on,
    )
    if rule.last_day is not None:
        due = _held_back(due, begun_on or start_on)
    if rule.no_later is not None and due.due_on > rule.no_later:
        due = due._replace(due_on=rule.no_later, held_back=HeldBack(due.due_on, "", stated=True))
    return due


def compute_occurrence(
    rule: ClockRule, dispatched_on: date, calendar: WorkingCalendar, after: date | None = None
) -> Due:
    """The next due date of a report that comes round, after the day ``after`` of its schedule; without it the first.

    Its period begins the day after, or with the dispatch.
    """
    assert rule.schedule is not None
    try:
        raw_on, due_on = next_occurrence(rule.schedule, dispatched_on, calendar, after)
        start_on = dispatched_on if after is None else after + ONE_DAY
    except (OverflowError, ValueError):
        raise DeadlineError("date_too_far") from None
    return Due(rule, dispatched_on, start_on, raw_on, due_on, calendar)


def compute_contribution(
    rule: ClockRule, lead_due_on: date, working_days: int, not_before: date, calendar: WorkingCalendar
) -> Due:
    """When a co-handling unit's opinion is due: so many working days before the lead unit's date, never before a day."""
    day = calendar.previous_working_day(lead_due_on) if working_days else lead_due_on
    for _step in range(working_days):
        day = calendar.previous_working_day(day - ONE_DAY)
    ahead = Ahead(working_days, lead_due_on, shortened=day < not_before, not_before=not_before)
    day = max(day, not_before)
    return Due(rule, day, day, day, day, calendar, ahead=ahead)


def due_date(rule: ClockRule, start: date | datetime, calendar: WorkingCalendar) -> date:
    """Only the due date, for whoever needs very many of them; the same verdict and refusals as ``compute``."""
    if rule.rule is HOURS or rule.rule is PERIODIC or rule.last_day is not None or rule.no_later is not None:
        return compute(rule, start, calendar).due_on
    start_on = _counted_start(rule, start, _given_day(start, calendar), calendar)
    raw_on = _raw(rule, start_on, calendar, ())
    return raw_on if rule.roll is STAYS else rolled(rule.roll, raw_on, calendar, ())


def compute_from_events(
    rule: ClockRule,
    events: Mapping[str, date | datetime | None],
    calendar: WorkingCalendar,
    *,
    pauses: Iterable[Standstill] = (),
) -> Due | None:
    """The due date from what has happened to the matter, by event name; None while the starting event is outstanding.

    A clock that starts with the signature and knows deemed receipt starts at the earlier of the two: not signing does
    not stop it. A ``fixed`` rule reads the event ``fixed``. A period that may not pass a stated date has that date until
    it starts.
    """
    event = "fixed" if rule.rule is RuleKind.FIXED else rule.start_event
    start, dispatched = events.get(event), events.get("dispatched")
    if event != "acknowledged" or rule.deemed_receipt_after is None or dispatched is None:
        begun_on = None if dispatched is None or rule.rule is not FIXED else local_day(dispatched)
        if start is None and rule.no_later is not None:
            stated = replace(rule, rule=FIXED, roll=STAYS, after_hours_cutoff=None, no_later=None)
            return compute(stated, rule.no_later, calendar)
        return None if start is None else compute(rule, start, calendar, pauses=pauses, begun_on=begun_on)
    receipt = settle_receipt(rule.deemed_receipt_after, dispatched, start, calendar)
    begins = receipt.deemed_on if receipt.deemed or start is None else start
    return None if begins is None else compute(rule, begins, calendar, receipt=receipt, pauses=pauses)


def settle_receipt(
    deemed_after: int, dispatched: date | datetime, signed: date | datetime | None, calendar: WorkingCalendar
) -> Receipt:
    """When a dispatch counts as received at the latest, ``deemed_after`` working days later, beside the signature."""
    dispatched_on = _given_day(dispatched, calendar)
    deemed_on = calendar.nth_working_day_after(dispatched_on, deemed_after) if deemed_after else dispatched_on
    signed_at = signed if isinstance(signed, datetime) else None
    return Receipt(dispatched_on, None if signed is None else local_day(signed), deemed_on, signed_at)


def merged_pauses(pauses: Iterable[Standstill], start_on: date) -> tuple[Standstill, ...]:
    """The pauses in order, overlapping ones as one, without what lies on or before the start and without empty ones."""
    merged: list[Standstill] = []
    for pause in sorted(pauses, key=lambda one: one.stopped_on):
        first = max(pause.stopped_on, start_on + ONE_DAY)
        if pause.resumed_on <= first:
            continue
        if merged and first <= merged[-1].resumed_on:
            last = merged.pop()
            merged.append(Standstill(last.stopped_on, max(last.resumed_on, pause.resumed_on)))
        else:
            merged.append(Standstill(first, pause.resumed_on))
    return tuple(merged)


def add_months(start: date, months: int) -> date:
    """The corresponding day that many months on, or the last day of a month that has none (民法典 202)."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= 28:
        return date(year, month0 + 1, start.day)
    return date(year, month0 + 1, min(start.day, monthrange(year, month0 + 1)[1]))


def rolled(roll: Roll, raw_on: date, calendar: WorkingCalendar, pauses: tuple[Standstill, ...] = ()) -> date:
    """The end of a period moved off a rest day: back where the rule says so, else on to the next working day."""
    due_on = calendar.previous_working_day(raw_on) if roll is BACK else calendar.next_working_day(raw_on)
    # No date may fall into time that is not counted, so one that rolled into a standstill waits for its end.
    for pause in pauses:
        if pause.stopped_on <= due_on < pause.resumed_on:
            due_on = calendar.next_working_day(pause.resumed_on)
    return due_on


def _given_day(start: date | datetime, calendar: WorkingCalendar) -> date:
    day = local_day(start)
    if day < calendar.first_day:
        raise DeadlineError("start_too_early", on=day, first=calendar.first_day)
    return day


def _counted_start(rule: ClockRule, start: date | datetime, day: date, calendar: WorkingCalendar) -> date:
    if rule.after_hours_cutoff is None or rule.rule is FIXED or rule.rule is HOURS:
        return day
    return calendar.next_working_day(day + ONE_DAY if _after_hours(rule, start) else day)


def _after_hours(rule: ClockRule, start: date | datetime) -> bool:
    if rule.after_hours_cutoff is None or not isinstance(start, datetime):
        return False
    local = start.astimezone(ZONE) if start.tzinfo else start
    return local.time() > rule.after_hours_cutoff


def _raw(rule: ClockRule, start_on: date, calendar: WorkingCalendar, pauses: tuple[Standstill, ...]) -> date:
    kind, amount = rule.rule, rule.amount
    if not amount:
        return _next_such_day(rule, start_on) if kind is DAY_OF_YEAR else start_on
    after = start_on - ONE_DAY if rule.count_start_day else start_on
    if kind is CALENDAR_DAYS or kind is MONTHS:
        try:
            raw_on = _end_by_months(rule, start_on) if kind is MONTHS else after + timedelta(days=amount)
            for pause in pauses:
                if pause.stopped_on <= raw_on:
                    raw_on += timedelta(days=pause.days)
        except (OverflowError, ValueError):
            raise DeadlineError("date_too_far") from None
        return raw_on
    raw_on = calendar.nth_working_day_after(after, amount)
    for pause in pauses:
        if pause.stopped_on <= raw_on:
            amount += calendar.working_days_between(pause.stopped_on - ONE_DAY, pause.resumed_on - ONE_DAY)
            raw_on = calendar.nth_working_day_after(after, amount)
    return raw_on


def _next_such_day(rule: ClockRule, start_on: date) -> date:
    assert rule.day_of_year is not None
    try:
        return rule.day_of_year.after(start_on - ONE_DAY if rule.count_start_day else start_on)
    except ValueError:
        raise DeadlineError("date_too_far") from None


def _by_the_clock(
    rule: ClockRule, start: date | datetime, start_on: date, pauses: tuple[Standstill, ...]
) -> tuple[datetime, datetime]:
    """The instants between which hours run; days that stood still are put after them whole."""
    try:
        if isinstance(start, datetime):
            begins = start.astimezone(ZONE) if start.tzinfo else start.replace(tzinfo=ZONE)
        else:
            begins = datetime.combine(start_on + ONE_DAY, time(), ZONE)
        ends = begins + timedelta(hours=rule.amount or 0)
        for pause in pauses:
            if pause.stopped_on <= _last_day_of(ends):
                ends += timedelta(days=pause.days)
    except OverflowError:
        raise DeadlineError("date_too_far") from None
    return begins, ends


def _last_day_of(instant: datetime) -> date:
    """The day that ends with the instant or holds it: midnight is the end of the day before."""
    return instant.date() if instant.time() != time() else instant.date() - ONE_DAY


def _held_back(due: Due, begun_on: date) -> Due:
    """No later than the regulation's last day of the year in which the period began, or of the next once it is past."""
    last = due.rule.last_day
    assert last is not None
    try:
        last_on = last.day.after(begun_on)
    except ValueError:
        raise DeadlineError("date_too_far") from None
    if due.due_on <= last_on:
        return due
    return due._replace(due_on=last_on, held_back=HeldBack(due.due_on, last.article))


def _end_by_months(rule: ClockRule, start_on: date) -> date:
    end = add_months(start_on, rule.amount or 0)
    # A counted first day ends the month one day earlier, except where the month's own end already cut it short.
    return end - ONE_DAY if rule.count_start_day and end.day == start_on.day else end
