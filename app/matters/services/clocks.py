"""The clocks of a matter: opened, met, moved and ended by its acts. Dates are computed by the deadlines room alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import (
    ClockChoice,
    ClockRule,
    DeadlineError,
    Due,
    RuleKind,
    Standstill,
    WorkingCalendar,
    compute_contribution,
    compute_occurrence,
    facts,
    from_instruction,
    local_day,
    rule_of_stage,
    step_clock,
)
from app.deadlines.services import due_from_events
from app.jurisdictions.rules import Step
from app.kernel.errors import Invalid
from app.matters.models import Assignment, Matter, Obligation, Pause
from app.matters.queries.case import clock_by_key, deadline_choice
from app.matters.rules import UNDER_WAY, WORKING_STATES, AssignmentState

if TYPE_CHECKING:
    from app.matters.services.casework import Work

# Rules whose dates stand in the calendar: neither a signature nor a pause moves them.
_STAYING = (RuleKind.FIXED, RuleKind.DAY_OF_YEAR, RuleKind.PERIODIC)
# What a leader's new instruction begins anew.
INSTRUCTED_STAGES = ("first_feedback", "result")
# Told of a date beside its computation, and kept when it is computed again.
_BESIDE = ("extended", "runs_on")
# Stages whose date the lead unit has from the beginning.
_LEAD_STAGES = ("first_feedback", "progress", "result")


def calendar(work: Work) -> WorkingCalendar:
    """The jurisdiction's calendar."""
    return calendar_for(work.session, work.matter.jurisdiction_id)


def _choice(work: Work) -> ClockChoice:
    return deadline_choice(work.matter, work.source, work.dates_profile)


def rule_for(work: Work, stage: str) -> ClockRule | None:
    """The rule by which the matter's clock of a stage runs."""
    profile = work.dates_profile
    return rule_of_stage(profile.deadline_rules, stage, _choice(work), profile.last_day)


def _events(
    work: Work, assignment: Assignment | None, stage: str, began: dt.datetime | None = None
) -> dict[str, dt.date | dt.datetime | None]:
    return events_of(work.matter, assignment, stage, began or work.at, _choice(work))


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
    due = due_from_events(rule, _events(work, assignment, stage), calendar(work), pauses=pauses_of(work))
    return None if due is None else _open(work, due, stage, assignment)


def _open(work: Work, due: Due, stage: str, assignment: Assignment | None) -> Obligation:
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


def _set(obligation: Obligation, due: Due) -> None:
    for name, value in _dates(due).items():
        setattr(obligation, name, value)


def open_unit_clocks(work: Work, assignment: Assignment) -> None:
    """The clocks of a unit that has just been notified."""
    if work.profile.receipt.required or rule_for(work, "acknowledgement"):
        open_clock(work, "acknowledgement", assignment)
    if assignment.role == "lead":
        open_lead_clocks(work, assignment)
    else:
        _open_contribution(work, assignment)


def open_lead_clocks(work: Work, assignment: Assignment) -> None:
    """What the lead unit owes from the beginning; the opinions of those who work with it follow its date."""
    for stage in _LEAD_STAGES:
        open_clock(work, stage, assignment)
    follow_lead(work)


def _open_contribution(work: Work, co: Assignment) -> None:
    """A co-handling unit's opinion is due some working days before the lead's date, so that the lead can draw on it."""
    lead = _lead_result(work)
    if lead is not None:
        _open(work, _contribution(work, lead, co), "contribution", co)


def _lead_result(work: Work) -> Obligation | None:
    """The clock the lead unit's result runs by."""
    lead = work.lead()
    return next(iter(open_clocks(work, lead, ("result",))), None) if lead is not None else None


def _contribution(work: Work, lead: Obligation, co: Assignment, asked_on: dt.date | None = None) -> Due:
    rule = contribution_rule(lead.start_event, lead.article or "", lead.rule_key or "")
    ahead = work.dates_profile.units.contribution_lead_days
    try:
        began = asked_on or local_day(co.notified_at or work.at)
        return compute_contribution(rule, lead.due_on, ahead, began, calendar(work))
    except DeadlineError as error:
        raise Invalid(error.code, error.msgid, **error.params) from error


def contribution_rule(start_event: str, article: str, key: str) -> ClockRule:
    """The clock of an opinion, which follows the lead's date and names its rule."""
    return ClockRule(
        RuleKind.FIXED, start_event=start_event, article=article, key=key, stage="contribution", yellow_days=2
    )


def follow_lead(work: Work) -> None:
    """The opinions of the co-handling units follow the lead unit's date: whoever moves that date calls this.

    An opinion already given stays given; one that had to wait for the lead's clock to start is asked for now.
    """
    lead = _lead_result(work)
    if lead is None:
        return
    known = {
        one.assignment_id: one
        for one in work.session.scalars(
            select(Obligation)
            .where(Obligation.matter_id == work.matter.id, Obligation.stage == "contribution")
            .order_by(Obligation.id)
        )
    }
    for co in work.assignments:
        if co.role != "co" or co.state not in UNDER_WAY:
            continue
        clock = known.get(co.id)
        if clock is None:
            _open_contribution(work, co)
        elif clock.state == "open":
            due = _contribution(work, lead, co)
            if (due.due_on, facts(due)["ahead"]) != (clock.due_on, clock.explanation.get("ahead")):
                _set(clock, due)
                if lead.due_on == lead.original_due_on:
                    clock.original_due_on = due.due_on
    work.session.flush()


def ask_others_again(work: Work, lead_clock: Obligation | None) -> None:
    """After a reopening: what co-handling units had not yet signed for or given is due again, ahead of the lead's new date."""
    for co in work.assignments:
        if co.role != "co" or co.state not in UNDER_WAY or open_clocks(work, co):
            continue
        if co.acknowledged_at is None and work.profile.receipt.required:
            open_clock(work, "acknowledgement", co)
        if lead_clock is not None:
            _open(work, _contribution(work, lead_clock, co, local_day(work.at)), "contribution", co)


def restart_from_receipt(work: Work, assignment: Assignment) -> None:
    """The signature starts the clocks that waited for it, and those earlier that had begun with the deemed receipt."""
    begun = set(work.session.scalars(select(Obligation.stage).where(Obligation.assignment_id == assignment.id)))
    for stage in _LEAD_STAGES if assignment.role == "lead" else ():
        if stage not in begun:
            open_clock(work, stage, assignment)
    for obligation in open_clocks(work, assignment):
        waited = obligation.rule == RuleKind.FIXED and bool(obligation.explanation.get("conflict"))
        if obligation.start_event == "acknowledged" and (waited or obligation.rule not in _STAYING):
            _recompute(work, obligation, assignment)
    follow_lead(work)


def _recompute(work: Work, obligation: Obligation, assignment: Assignment | None) -> None:
    rule = clock_by_key(work.dates_profile, work.matter, work.source, obligation.stage, obligation.rule_key)
    if rule is None:
        return
    if obligation.start_event == "instructed":
        rule = from_instruction(rule)
    events = _events(work, assignment, obligation.stage, obligation.created_at)
    due = due_from_events(rule, events, calendar(work), pauses=pauses_of(work))
    extended = obligation.extended_due_on
    if due is None or (extended is not None and due.due_on <= extended):
        return  # the date an extension has fixed is kept, unless the days that stood still take the first one beyond it
    told = {name: obligation.explanation[name] for name in _BESIDE if obligation.explanation.get(name)}
    _set(obligation, due)
    obligation.rule, obligation.amount = due.rule.rule.value, due.rule.amount
    if told:
        obligation.explanation = {**obligation.explanation, **told}
    if obligation.original_due_on > due.due_on or obligation.start_event == "acknowledged":
        obligation.original_due_on = due.due_on if not pauses_of(work) else obligation.original_due_on
    work.session.flush()


def shift_from(work: Work, obligation: Obligation, rule: ClockRule, began: dt.datetime) -> None:
    """Compute a clock anew from its own beginning, without the days that stood still: one whose rule another room has."""
    due = due_from_events(rule, {rule.start_event: began}, calendar(work), pauses=pauses_of(work))
    if due is not None:
        _set(obligation, due)
    work.session.flush()


def open_clocks(work: Work, assignment: Assignment | None = None, stages: tuple[str, ...] = ()) -> list[Obligation]:
    """The clocks that run, of one unit when asked, of some stages when asked."""
    statement = select(Obligation).where(Obligation.matter_id == work.matter.id, Obligation.state == "open")
    if assignment is not None:
        statement = statement.where(Obligation.assignment_id == assignment.id)
    if stages:
        statement = statement.where(Obligation.stage.in_(stages))
    return list(work.session.scalars(statement.order_by(Obligation.id)))


def next_report(work: Work, lead: Assignment, after: dt.date | None = None) -> Obligation | None:
    """Ask for the next report that comes round, after the day ``after`` of its schedule; None where the profile knows none.

    A report that is asked for already is not asked for twice.
    """
    rule = rule_for(work, "progress")
    if rule is None or rule.rule is not RuleKind.PERIODIC:
        return None
    assert lead.notified_at is not None
    try:
        due = compute_occurrence(rule, local_day(lead.notified_at), calendar(work), after)
    except DeadlineError as error:
        raise Invalid(error.code, error.msgid, **error.params) from error
    asked = select(Obligation.id).where(
        Obligation.assignment_id == lead.id,
        Obligation.rule == RuleKind.PERIODIC.value,
        Obligation.rule_key == rule.key,
        Obligation.raw_on == due.raw_on,
    )
    return None if work.session.scalar(asked) else _open(work, due, "progress", lead)


def resume_reports(work: Work) -> None:
    """Reports come round again, from today on: after a pause, a return, a reopening.

    What came round while nobody was to report is not asked for afterwards.
    """
    lead = work.lead()
    if lead is None or lead.state not in WORKING_STATES or lead.notified_at is None:
        return
    waiting = [one for one in open_clocks(work, lead, ("progress",)) if one.rule == RuleKind.PERIODIC]
    for obligation in waiting:
        if obligation.due_on < work.today:
            obligation.state, obligation.next_reminder_on = "superseded", None
    if not any(one.state == "open" for one in waiting):
        next_report(work, lead, work.today - dt.timedelta(days=1))


def meet_report(work: Work, assignment: Assignment, by_id: int) -> None:
    """A progress report answers what was to be heard of first, the contribution, and the earliest report that came round.

    A report whose own period has not begun is not answered in advance; the next one is asked for at once.
    """
    for obligation in open_clocks(work, assignment, ("first_feedback", "progress", "contribution")):
        if obligation.rule != RuleKind.PERIODIC:
            _meet(work, obligation, "report", by_id)
    coming = [
        one
        for one in open_clocks(work, assignment, ("progress",))
        if one.rule == RuleKind.PERIODIC and one.start_on <= work.today
    ]
    if coming:
        earliest = min(coming, key=lambda one: (one.due_on, one.id))
        _meet(work, earliest, "report", by_id)
        next_report(work, assignment, earliest.raw_on)
    work.session.flush()


def _meet(work: Work, obligation: Obligation, by_type: str, by_id: int) -> None:
    obligation.state, obligation.met_at = "met", work.at
    obligation.met_by_type, obligation.met_by_id = by_type, by_id
    obligation.next_reminder_on = None


def meet(work: Work, assignment: Assignment, stages: tuple[str, ...], by_type: str, by_id: int) -> None:
    """What was due has been done."""
    for obligation in open_clocks(work, assignment, stages):
        _meet(work, obligation, by_type, by_id)
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
        _meet(work, obligation, "matter", work.matter.id)
    work.session.flush()


def move_stated(work: Work) -> None:
    """The stated date has changed: the result clocks that read it follow, and with the lead's the opinions it waits for."""
    for obligation in open_clocks(work, None, ("result",)):
        if obligation.rule == RuleKind.FIXED or obligation.explanation.get("no_later"):
            _recompute(work, obligation, next(one for one in work.assignments if one.id == obligation.assignment_id))
    follow_lead(work)


def restart_from_instruction(work: Work) -> list[Obligation]:
    """A new instruction begins the lead's clocks anew from today; those that ran are superseded. The new ones.

    A date that was stated and is not changed stays as it is. First feedback is asked for again unless a meeting fixed it or the
    media's exposure did.
    """
    lead, fresh = work.lead(), []
    if lead is None or lead.state not in UNDER_WAY:
        return []
    for stage in INSTRUCTED_STAGES:
        rule, running = rule_for(work, stage), open_clocks(work, lead, (stage,))
        if rule is None or (rule.rule is RuleKind.FIXED and any(_stands(work, one, stage) for one in running)):
            continue
        if stage == "first_feedback" and (rule.rule is RuleKind.FIXED or (work.matter.exposed_on and not running)):
            continue
        begun = open_clock(work, stage, lead, from_instruction(rule))
        if begun is not None:
            fresh.append(begun)
            for one in running if stage != "result" else (*running, *open_clocks(work, lead, ("rework",))):
                one.state, one.met_at, one.next_reminder_on = "superseded", work.at, None
    work.session.flush()
    follow_lead(work)
    return fresh


def _stands(work: Work, obligation: Obligation, stage: str) -> bool:
    return obligation.rule == RuleKind.FIXED and obligation.raw_on == _choice(work).fixed(stage)


def run_on(work: Work, report_id: int) -> None:
    """A report that came back counts as none here: the completion date it had met runs on, beside the rework clock."""
    met = select(Obligation).where(
        Obligation.matter_id == work.matter.id,
        Obligation.stage == "result",
        Obligation.state == "met",
        Obligation.met_by_type == "report",
        Obligation.met_by_id == report_id,
    )
    for obligation in work.session.scalars(met):
        told = {"met": local_day(obligation.met_at).isoformat(), "on": work.today.isoformat()}
        earlier = obligation.explanation.get("runs_on", ())
        obligation.explanation = {**obligation.explanation, "runs_on": [*earlier, told]}
        obligation.state, obligation.met_at = "open", None
        obligation.met_by_type = obligation.met_by_id = None
        obligation.next_reminder_on = None
    work.session.flush()


def shift_after_pause(work: Work) -> None:
    """After a pause every running clock is computed anew with the days that did not count; a stated date stays.

    Reports that would have come round meanwhile are not asked for; the next one after the pause is.
    """
    for obligation in open_clocks(work):
        if obligation.rule in _STAYING or obligation.stage == "step":
            continue
        assignment = next((one for one in work.assignments if one.id == obligation.assignment_id), None)
        if assignment is not None and assignment.state == AssignmentState.DECLINED:
            continue
        _recompute(work, obligation, assignment)
    resume_reports(work)
    follow_lead(work)


def open_from(
    work: Work, stage: str, assignment: Assignment | None, rule: ClockRule, event: dt.date | dt.datetime
) -> Obligation:
    """Start the clock of a rule that is an act's own and not among the profile's, from what the act says or from a date."""
    name = "fixed" if rule.rule is RuleKind.FIXED else rule.start_event
    due = due_from_events(rule, {name: event}, calendar(work))
    assert due is not None
    return _open(work, due, stage, assignment)
