"""The clocks of a matter: opened, met, moved and ended by its acts. Dates are computed by the deadlines room alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import ClockRule, Due, RuleKind, Standstill, WorkingCalendar, facts, step_clock
from app.deadlines.services import due_from_events
from app.jurisdictions.rules import Step
from app.matters.models import Assignment, Obligation, Pause
from app.matters.rules import AssignmentState
from app.matters.rules.clocks import ClockChoice, fitting_rules, rule_of_stage

if TYPE_CHECKING:
    from app.matters.services.casework import Work

CO_UNIT_LEAD = 2  # working days before the lead's date that a co-handling unit's contribution is due


def calendar(work: Work) -> WorkingCalendar:
    """The jurisdiction's calendar."""
    return calendar_for(work.session, work.matter.jurisdiction_id)


def _choice(work: Work) -> ClockChoice:
    matter = work.matter
    return ClockChoice(
        source=work.source.key,
        urgency=matter.urgency,
        origin_level=matter.origin_level,
        meeting_on=matter.meeting_on,
        exposed_on=matter.exposed_on,
        instruction_on=matter.instruction_on,
        stated_due_on=matter.stated_due_on,
        feedback_due_on=matter.feedback_due_on,
    )


def rule_for(work: Work, stage: str) -> ClockRule | None:
    """The rule by which the matter's clock of a stage runs."""
    return rule_of_stage(work.profile.deadline_rules, stage, _choice(work))


def _events(work: Work, assignment: Assignment | None, stage: str) -> dict[str, dt.date | dt.datetime | None]:
    matter = work.matter
    return {
        "dispatched": (assignment.notified_at if assignment else None) or matter.dispatched_at,
        "acknowledged": assignment.acknowledged_at if assignment else None,
        "meeting_date": matter.meeting_on,
        "exposed_at": matter.exposed_on,
        "instruction_date": matter.instruction_on,
        "returned": work.at if stage == "rework" else None,
        "reported": work.at if stage == "rectification_result" else None,
        "entered": work.at,
        "fixed": _choice(work).fixed(stage),
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
    due = due_from_events(rule, _events(work, assignment, stage), calendar(work), pauses=pauses_of(work))
    if due is None:
        return None
    obligation = Obligation(
        matter_id=work.matter.id,
        assignment_id=assignment.id if assignment else None,
        stage=stage,
        rule=rule.rule.value,
        amount=rule.amount,
        rule_key=rule.key,
        article=rule.article,
        start_event=rule.start_event,
        state="open",
        original_due_on=due.due_on,
        created_at=work.at,
    )
    _set(obligation, due, calendar(work))
    work.session.add(obligation)
    work.session.flush()
    return obligation


def _set(obligation: Obligation, due: Due, days: WorkingCalendar) -> None:
    obligation.start_on, obligation.raw_on, obligation.due_on = due.start_on, due.raw_on, due.due_on
    obligation.yellow_days, obligation.yellow_on = due.yellow_days, due.yellow_on
    obligation.provisional, obligation.calendar_version = due.provisional, days.version
    obligation.explanation = facts(due)
    obligation.next_reminder_on = min(due.yellow_on, due.due_on)


def open_unit_clocks(work: Work, assignment: Assignment) -> None:
    """The clocks of a unit that has just been notified."""
    if work.profile.receipt.required or rule_for(work, "acknowledgement"):
        open_clock(work, "acknowledgement", assignment)
    if assignment.role == "lead":
        open_clock(work, "first_feedback", assignment)
        open_clock(work, "result", assignment)
    else:
        _open_contribution(work, assignment)


def _open_contribution(work: Work, assignment: Assignment) -> None:
    """A co-handling unit's opinion is due two working days before the lead's date, so that the lead can draw on it."""
    rule = rule_for(work, "result")
    if rule is None:
        return
    days = calendar(work)
    due = due_from_events(rule, _events(work, assignment, "result"), days, pauses=pauses_of(work))
    if due is None:
        return
    earlier = days.previous_working_day(due.due_on)
    for _ in range(CO_UNIT_LEAD):
        earlier = days.previous_working_day(earlier - dt.timedelta(days=1))
    on = max(earlier, due.start_on)
    fixed = ClockRule(
        RuleKind.FIXED,
        start_event="dispatched",
        article=rule.article,
        key=rule.key,
        stage="contribution",
        yellow_days=2,
    )
    moved = due_from_events(fixed, {"fixed": on}, days)
    if moved is None:
        return
    obligation = Obligation(
        matter_id=work.matter.id,
        assignment_id=assignment.id,
        stage="contribution",
        rule=fixed.rule.value,
        rule_key=rule.key,
        article=rule.article,
        start_event=rule.start_event,
        state="open",
        original_due_on=on,
        created_at=work.at,
    )
    _set(obligation, moved, days)
    work.session.add(obligation)
    work.session.flush()


def restart_from_receipt(work: Work, assignment: Assignment) -> None:
    """The signature starts the clocks that waited for it, and those earlier that had begun with the deemed receipt."""
    begun = set(work.session.scalars(select(Obligation.stage).where(Obligation.assignment_id == assignment.id)))
    for stage in ("first_feedback", "result") if assignment.role == "lead" else ():
        if stage not in begun:
            open_clock(work, stage, assignment)
    for obligation in open_clocks(work, assignment):
        if obligation.start_event != "acknowledged" or obligation.rule == RuleKind.FIXED:
            continue
        _recompute(work, obligation, assignment)


def _recompute(work: Work, obligation: Obligation, assignment: Assignment | None) -> None:
    rule = next(
        (
            one
            for one in fitting_rules(work.profile.deadline_rules, obligation.stage, _choice(work))
            if one.key == obligation.rule_key
        ),
        None,
    )
    if rule is None:
        return
    days = calendar(work)
    due = due_from_events(rule, _events(work, assignment, obligation.stage), days, pauses=pauses_of(work))
    if due is None:
        return
    _set(obligation, due, days)
    if obligation.original_due_on > due.due_on or obligation.start_event == "acknowledged":
        obligation.original_due_on = due.due_on if not pauses_of(work) else obligation.original_due_on
    work.session.flush()


def open_clocks(work: Work, assignment: Assignment | None = None, stages: tuple[str, ...] = ()) -> list[Obligation]:
    """The clocks that run, of one unit when asked, of some stages when asked."""
    statement = select(Obligation).where(Obligation.matter_id == work.matter.id, Obligation.state == "open")
    if assignment is not None:
        statement = statement.where(Obligation.assignment_id == assignment.id)
    if stages:
        statement = statement.where(Obligation.stage.in_(stages))
    return list(work.session.scalars(statement.order_by(Obligation.id)))


def meet(work: Work, assignment: Assignment, stages: tuple[str, ...], by_type: str, by_id: int) -> None:
    """What was due has been done."""
    for obligation in open_clocks(work, assignment, stages):
        obligation.state, obligation.met_at = "met", work.at
        obligation.met_by_type, obligation.met_by_id = by_type, by_id
        obligation.next_reminder_on = None
    work.session.flush()


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
        obligation.state, obligation.met_at, obligation.next_reminder_on = "met", work.at, None
        obligation.met_by_type, obligation.met_by_id = "matter", work.matter.id
    work.session.flush()


def move_stated(work: Work) -> None:
    """The stated date has changed: the result clocks that read it follow."""
    for obligation in open_clocks(work, None, ("result",)):
        if obligation.rule == RuleKind.FIXED:
            _recompute(work, obligation, next(one for one in work.assignments if one.id == obligation.assignment_id))


def shift_after_pause(work: Work) -> None:
    """After a pause every running clock is computed anew with the days that did not count; a stated date stays."""
    for obligation in open_clocks(work):
        if obligation.rule == RuleKind.FIXED or obligation.stage == "step":
            continue
        assignment = next((one for one in work.assignments if one.id == obligation.assignment_id), None)
        if assignment is not None and assignment.state == AssignmentState.DECLINED:
            continue
        _recompute(work, obligation, assignment)
