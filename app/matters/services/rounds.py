"""Reports that come round (每月5日前报告进展): whoever has given the last one, or let it pass, is asked for the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.deadlines.queries import calendar_for
from app.deadlines.rules import (
    ClockRule,
    DeadlineError,
    Due,
    RuleKind,
    WorkingCalendar,
    compute_occurrence,
    local_day,
    rule_of_stage,
)
from app.jurisdictions.queries import profile_of
from app.kernel.tenancy import set_based
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.case import deadline_choice
from app.matters.rules import UNDER_WAY, AssignmentState, MatterState
from app.matters.services.clocks import columns_of

_RUNNING = (MatterState.DISPATCHED, MatterState.ACKNOWLEDGED, MatterState.IN_PROGRESS)
_REPORTING = UNDER_WAY - {AssignmentState.REPORTED}


def ask_next_reports(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
    """Ask every lead unit at work for its next periodic report, and say how many were asked for. Part of a command.

    A report that is overdue does not keep the next one back; after days of silence those that came round meanwhile are
    asked for too. Nothing is asked while a matter is paused, nor after its completion was reported. Safe to repeat: an
    occurrence is asked for once. Reads in two statements and writes in one.
    """
    today = local_day(at)
    rows = list(_lasting(session, jurisdiction_id, today))
    if not rows:
        return 0
    calendar = calendar_for(session, jurisdiction_id)
    asked = []
    for matter, assignment, last in rows:
        profile = profile_of(session, matter.dates_version_id or matter.profile_version_id)
        choice = deadline_choice(matter, matter.source, profile)
        rule = rule_of_stage(profile.deadline_rules, "progress", choice, profile.last_day)
        if rule is None or rule.rule is not RuleKind.PERIODIC:
            continue
        for due in _until(rule, assignment, last.raw_on, today, calendar):
            owner = {"jurisdiction_id": jurisdiction_id, "matter_id": matter.id, "assignment_id": assignment.id}
            asked.append(owner | {"stage": "progress", "created_at": at} | columns_of(due))
    if not asked:
        return 0
    once = insert(Obligation.__table__).values(asked).on_conflict_do_nothing()  # two sweeps at once ask once
    return len(session.execute(set_based(once.returning(Obligation.id))).all())


# Asked of every jurisdiction every day, and mostly answered with nothing: no expression is put together for it, and the
# word is written out because the index holds periodic reports only.
_LAST = set_based(
    text("""
select o.id
  from (select assignment_id, max(raw_on) as raw_on from obligation
         where jurisdiction_id = :jurisdiction and rule = 'periodic'
         group by assignment_id) as latest
  join obligation o on o.jurisdiction_id = :jurisdiction and o.assignment_id = latest.assignment_id
                   and o.raw_on = latest.raw_on and o.rule = 'periodic'
  join assignment a on a.jurisdiction_id = :jurisdiction and a.id = o.assignment_id
  join matter m on m.jurisdiction_id = :jurisdiction and m.id = a.matter_id
 where (o.state <> 'open' or o.due_on < :today)
   and m.state = any(:running) and a.role = 'lead' and a.state = any(:reporting)
""")
)


def _lasting(session: Any, jurisdiction_id: int, today: dt.date) -> Any:
    """The parts at work whose latest periodic report has been given or is past its date, with that report's clock."""
    values = {
        "jurisdiction": jurisdiction_id,
        "today": today,
        "running": [state.value for state in _RUNNING],
        "reporting": [state.value for state in _REPORTING],
    }
    last = session.scalars(_LAST, values).all()
    if not last:
        return ()
    return session.execute(
        select(Matter, Assignment, Obligation)
        .join(Assignment, Assignment.matter_id == Matter.id)
        .join(Obligation, Obligation.assignment_id == Assignment.id)
        .where(Obligation.id.in_(last))
        .order_by(Assignment.id)
    )


def _until(
    rule: ClockRule, lead: Assignment, after: dt.date, today: dt.date, calendar: WorkingCalendar
) -> Iterator[Due]:
    """The occurrences after a day, up to the first that has not passed; none beyond the calendar's end."""
    while lead.notified_at is not None:
        try:
            due = compute_occurrence(rule, local_day(lead.notified_at), calendar, after)
        except DeadlineError:
            return
        yield due
        if due.due_on >= today:
            return
        after = due.raw_on
