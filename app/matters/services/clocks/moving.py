"""Dates move: by the signature, a pause, a stated date, a new instruction, a report that came back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.deadlines.rules import ClockRule, RuleKind, from_instruction, local_day
from app.deadlines.services import due_from_events
from app.matters.models import Assignment, Obligation
from app.matters.queries.case import clock_by_key
from app.matters.rules import UNDER_WAY, AssignmentState
from app.matters.services.clocks.leading import LEAD_STAGES, follow_lead
from app.matters.services.clocks.opening import (
    calendar,
    choice,
    events_here,
    open_clock,
    open_clocks,
    pauses_of,
    rule_for,
    set_due,
)
from app.matters.services.clocks.reports import resume_reports

if TYPE_CHECKING:
    from app.matters.services.casework import Work

# Rules whose dates stand in the calendar: neither a signature nor a pause moves them.
_STAYING = (RuleKind.FIXED, RuleKind.DAY_OF_YEAR, RuleKind.PERIODIC)
# What a leader's new instruction begins anew.
INSTRUCTED_STAGES = ("first_feedback", "result")
# Told of a date beside its computation, and kept when it is computed again.
_BESIDE = ("extended", "runs_on")


def restart_from_receipt(work: Work, assignment: Assignment) -> None:
    """The signature starts the clocks that waited for it, and those earlier that had begun with the deemed receipt."""
    begun = set(work.session.scalars(select(Obligation.stage).where(Obligation.assignment_id == assignment.id)))
    for stage in LEAD_STAGES if assignment.role == "lead" else ():
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
    events = events_here(work, assignment, obligation.stage, obligation.created_at)
    due = due_from_events(rule, events, calendar(work), pauses=pauses_of(work))
    extended = obligation.extended_due_on
    if due is None or (extended is not None and due.due_on <= extended):
        return  # the date an extension has fixed is kept, unless the days that stood still take the first one beyond it
    told = {name: obligation.explanation[name] for name in _BESIDE if obligation.explanation.get(name)}
    set_due(obligation, due)
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
        set_due(obligation, due)
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
    return obligation.rule == RuleKind.FIXED and obligation.raw_on == choice(work).fixed(stage)


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
