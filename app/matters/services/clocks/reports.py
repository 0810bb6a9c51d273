"""Reports that come round, and what a report answers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.deadlines.rules import DeadlineError, RuleKind, compute_occurrence, local_day
from app.kernel.errors import Invalid
from app.matters.models import Assignment, Obligation
from app.matters.rules import WORKING_STATES
from app.matters.services.clocks.opening import calendar, meet_one, open_clocks, open_with, rule_for

if TYPE_CHECKING:
    from app.matters.services.casework import Work


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
    return None if work.session.scalar(asked) else open_with(work, due, "progress", lead)


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
            meet_one(work, obligation, "report", by_id)
    coming = [
        one
        for one in open_clocks(work, assignment, ("progress",))
        if one.rule == RuleKind.PERIODIC and one.start_on <= work.today
    ]
    if coming:
        earliest = min(coming, key=lambda one: (one.due_on, one.id))
        meet_one(work, earliest, "report", by_id)
        next_report(work, assignment, earliest.raw_on)
    work.session.flush()
