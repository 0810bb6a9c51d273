"""What the lead unit owes from the beginning, and the opinions of the others that follow its date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.deadlines.rules import ClockRule, DeadlineError, Due, RuleKind, compute_contribution, facts, local_day
from app.kernel.errors import Invalid
from app.matters.models import Assignment, Obligation
from app.matters.rules import UNDER_WAY
from app.matters.services.clocks.opening import calendar, open_clock, open_clocks, open_with, rule_for, set_due

if TYPE_CHECKING:
    from app.matters.services.casework import Work

# Stages whose date the lead unit has from the beginning.
LEAD_STAGES = ("first_feedback", "progress", "result")


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
    for stage in LEAD_STAGES:
        open_clock(work, stage, assignment)
    follow_lead(work)


def _open_contribution(work: Work, co: Assignment) -> None:
    """A co-handling unit's opinion is due some working days before the lead's date, so that the lead can draw on it."""
    lead = _lead_result(work)
    if lead is not None:
        open_with(work, _contribution(work, lead, co), "contribution", co)


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
                set_due(clock, due)
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
            open_with(work, _contribution(work, lead_clock, co, local_day(work.at)), "contribution", co)
