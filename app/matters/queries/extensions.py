"""Extensions of a matter's clocks: those asked for and granted, and whether a part may ask for one now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.deadlines.rules import DayInYear, WorkingCalendar
from app.jurisdictions.rules import Profile
from app.matters.models import Assignment, Extension, Matter, MatterSource, Obligation
from app.matters.rules.extending import EXTENDED_STAGES, RunningClock, Terms, why_no_extension


def list_extensions(session: Any, matter_id: int) -> list[Extension]:
    """Every extension a matter's units have asked for, the oldest first."""
    return list(session.scalars(select(Extension).where(Extension.matter_id == matter_id).order_by(Extension.id)))


def terms_of(profile: Profile) -> Terms:
    """What the profile says about extensions, as the rules read it."""
    said = profile.extension
    by_approval = said.mode == "approval" and said.approval is not None
    return Terms(by_approval, said.max_times, said.cap, said.cap_amount, said.apply_before)


def running_clock(
    obligation: Obligation, profile: Profile, source_key: str, today: dt.date, at: dt.datetime | None = None
) -> RunningClock:
    """A clock as an extension sees it; with the instant ``at`` its last day ends at its due time."""
    last = profile.last_day
    held = last is not None and obligation.stage == "result" and (not last.sources or source_key in last.sources)
    return RunningClock(
        rule=obligation.rule,
        amount=obligation.amount,
        start_on=obligation.start_on,
        original_due_on=obligation.original_due_on,
        due_on=obligation.due_on,
        asked=obligation.extension_asked,
        passed=today > obligation.due_on if at is None else obligation.has_passed(at),
        last_on=DayInYear(last.day_of_year.month, last.day_of_year.day).after(obligation.start_on)
        if held and last is not None
        else None,
    )


def extendable(obligations: list[Obligation]) -> list[Obligation]:
    """The open clocks more time may be asked for, the completion before the first feedback."""
    there = [one for one in obligations if one.state == "open" and one.stage in EXTENDED_STAGES]
    return sorted(there, key=lambda one: (EXTENDED_STAGES.index(one.stage), one.id))


def times_granted(session: Any, assignment_id: int) -> int:
    """How often a unit's part in a matter has been extended."""
    granted = select(Extension.id).where(Extension.assignment_id == assignment_id, Extension.state == "granted")
    return len(session.scalars(granted).all())


def part_standings(
    session: Any,
    matter: Matter,
    profile: Profile,
    calendar: WorkingCalendar,
    today: dt.date,
    at: dt.datetime | None = None,
) -> dict[int, tuple[str | None, bool]]:
    """For each lead part: why no more time may be asked for (None when it may), and whether an answer is awaited."""
    terms = terms_of(profile)
    if not terms.by_approval:
        return {}
    source = session.get(MatterSource, matter.source_id)
    leads = session.scalars(
        select(Assignment.id).where(Assignment.matter_id == matter.id, Assignment.role == "lead")
    ).all()
    found: dict[int, tuple[str | None, bool]] = {}
    for part in leads:
        running = extendable(list(session.scalars(select(Obligation).where(Obligation.assignment_id == part))))
        clocks = [running_clock(one, profile, source.key, today, at) for one in running]
        granted = times_granted(session, part)
        reasons = [why_no_extension(terms, one, granted, calendar, today) for one in clocks or (None,)]
        found[part] = (None if None in reasons else reasons[0], any(one.asked for one in clocks))
    return found
