"""Clocks begin and end: by which rule, from what has happened, and what their rows say of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import (
    ClockChoice,
    ClockRule,
    Due,
    RuleKind,
    Standstill,
    WorkingCalendar,
    facts,
    rule_of_stage,
    step_clock,
)
from app.deadlines.services import due_from_events
from app.jurisdictions.rules import Step
from app.matters.models import Assignment, Matter, Obligation, Pause
from app.matters.queries.case import deadline_choice

if TYPE_CHECKING:
    from app.matters.services.casework import Work


def calendar(work: Work) -> WorkingCalendar:
    """The jurisdiction's calendar."""
    return calendar_for(work.session, work.matter.jurisdiction_id)


def choice(work: Work) -> ClockChoice:
    """What chooses the matter's clocks and what they are counted from."""
    return deadline_choice(work.matter, work.source, work.dates_profile)


def rule_for(work: Work, stage: str) -> ClockRule | None:
    """The rule by which the matter's clock of a stage runs."""
    profile = work.dates_profile
    return rule_of_stage(profile.deadline_rules, stage, choice(work), profile.last_day)


def events_here(
    work: Work, assignment: Assignment | None, stage: str, began: dt.datetime | None = None
) -> dict[str, dt.date | dt.datetime | None]:
    """As ``events_of``, for the matter in hand."""
    return events_of(work.matter, assignment, stage, began or work.at, choice(work))


def events_of(
    matter: Matter, assignment: Assignment | None, stage: str, opened: dt.datetime, choice: ClockChoice
) -> dict[str, dt.date | dt.datetime | None]:
    """When what starts a clock happened, by event; ``opened`` is when the act came that opens the clock, or opened it."""
    return {
        "dispatched": (assignment.notified_at if assignment else None) or matter.dispatched_at,
        "acknowledged": assignment.acknowledged_at if assignment else None,
        "meeting_date": matter.meeting_on,
        "exposed_at": matter.exposed_on,
        "instruction_date": matter.instruction_on,
        "returned": opened if stage == "rework" else None,
        "reported": opened if stage == "rectification_result" else None,
        "completed": matter.completed_at,
        "entered": opened,
        "instructed": opened,
        "slip_issued": opened if stage == "slip" else None,
        "fixed": choice.fixed(stage),
    }


def pauses_of(work: Work) -> list[Standstill]:
    """The stretches in which the clock stood still."""
    rows = work.session.scalars(select(Pause).where(Pause.matter_id == work.matter.id))
    return [Standstill(row.from_on, row.until_on or work.today) for row in rows]


def open_clock(
    work: Work, stage: str, assignment: Assignment | None, rule: ClockRule | None = None
) -> Obligation | None:
    """Start one clock; None where the profile knows none or its start is outstanding."""
    rule = rule or rule_for(work, stage)
    if rule is None:
        return None
    due = due_from_events(rule, events_here(work, assignment, stage), calendar(work), pauses=pauses_of(work))
    return None if due is None else open_with(work, due, stage, assignment)


def open_from(
    work: Work, stage: str, assignment: Assignment | None, rule: ClockRule, event: dt.date | dt.datetime
) -> Obligation:
    """Start the clock of a rule that is an act's own and not among the profile's, from what the act says or from a date."""
    name = "fixed" if rule.rule is RuleKind.FIXED else rule.start_event
    due = due_from_events(rule, {name: event}, calendar(work))
    assert due is not None
    return open_with(work, due, stage, assignment)


def open_with(work: Work, due: Due, stage: str, assignment: Assignment | None) -> Obligation:
    """Start a clock whose date is known."""
    obligation = Obligation(
        matter_id=work.matter.id,
        assignment_id=assignment.id if assignment else None,
        stage=stage,
        created_at=work.at,
        **columns_of(due),
    )
    work.session.add(obligation)
    work.session.flush()
    return obligation


def columns_of(due: Due) -> dict[str, Any]:
    """A clock that begins with a due date: what its row says of the rule and of the date."""
    rule = due.rule
    return {
        "rule": rule.rule.value,
        "amount": rule.amount,
        "rule_key": rule.key,
        "article": rule.article,
        "start_event": rule.start_event,
        "state": "open",
        "original_due_on": due.due_on,
    } | _dates(due)


def _dates(due: Due) -> dict[str, Any]:
    consulted_from, consulted_until = due.decided_by
    return {
        "start_on": due.start_on,
        "raw_on": due.raw_on,
        "due_on": due.due_on,
        "due_at": due.due_at,
        "yellow_days": due.yellow_days,
        "yellow_on": due.yellow_on,
        "provisional": due.provisional,
        "consulted_from": consulted_from,
        "consulted_until": consulted_until,
        "calendar_version": due.calendar.version,
        "explanation": facts(due),
        "next_reminder_on": None,  # the next sweep finds the first step of its ladder
    }


def set_due(obligation: Obligation, due: Due) -> None:
    """The row says of another date what it says of its first."""
    for name, value in _dates(due).items():
        setattr(obligation, name, value)


def open_clocks(work: Work, assignment: Assignment | None = None, stages: tuple[str, ...] = ()) -> list[Obligation]:
    """The clocks that run, of one unit when asked, of some stages when asked."""
    statement = select(Obligation).where(Obligation.matter_id == work.matter.id, Obligation.state == "open")
    if assignment is not None:
        statement = statement.where(Obligation.assignment_id == assignment.id)
    if stages:
        statement = statement.where(Obligation.stage.in_(stages))
    return list(work.session.scalars(statement.order_by(Obligation.id)))


def end_all(
    work: Work, state: str = "cancelled", assignment: Assignment | None = None, *, but: tuple[str, ...] = ()
) -> None:
    """Nothing is due any more, but for some stages."""
    for obligation in open_clocks(work, assignment):
        if obligation.stage in but:
            continue
        obligation.state, obligation.met_at, obligation.next_reminder_on = state, work.at, None
    work.session.flush()


def start_step_clock(work: Work, step: Step) -> None:
    """The office's own time for a step."""
    rule = step_clock(step)
    if rule is not None:
        open_clock(work, "step", None, rule)


def end_step_clock(work: Work) -> None:
    """The office has done its step."""
    for obligation in open_clocks(work, None, ("step",)):
        meet_one(work, obligation, "matter", work.matter.id)
    work.session.flush()


def meet_one(work: Work, obligation: Obligation, by_type: str, by_id: int) -> None:
    """One thing that was due has been done; by what is kept."""
    obligation.state, obligation.met_at = "met", work.at
    obligation.met_by_type, obligation.met_by_id = by_type, by_id
    obligation.next_reminder_on = None


def meet(work: Work, assignment: Assignment, stages: tuple[str, ...], by_type: str, by_id: int) -> None:
    """What was due has been done."""
    for obligation in open_clocks(work, assignment, stages):
        meet_one(work, obligation, by_type, by_id)
    work.session.flush()
