"""What changes the national calendar, and the computing of a due date for the rooms below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.deadlines.data import national_rows, national_years
from app.deadlines.models import NationalCalendarDay, NationalCalendarYear
from app.deadlines.queries import list_years
from app.deadlines.rules import (
    ClockRule,
    DeadlineError,
    Due,
    Standstill,
    WorkingCalendar,
    YearStatus,
    compute_from_events,
)
from app.kernel.errors import Invalid


def seed_national_calendar(session: Session) -> int:
    """Load the years the product ships and the table does not have yet; how many years were loaded.

    A year already announced in the table is left as it is, since the platform may have corrected it; days of the last
    December that a new year's notice reaches back to are added. Part of the caller's transaction; safe to repeat.
    """
    there = {year.year for year in list_years(session) if year.status is not YearStatus.UNANNOUNCED}
    new = [year for year in national_years() if year.year not in there]
    if not new:
        return 0
    fresh = {year.year for year in new}
    days = [
        {"on": row.on, "kind": row.kind.value, "name": row.name, "notice": row.notice or None}
        for row in national_rows()
        if row.on.year in fresh or (row.on.month == 12 and row.on.year + 1 in fresh)
    ]
    session.execute(insert(NationalCalendarDay).values(days).on_conflict_do_nothing())
    years = insert(NationalCalendarYear).values(
        [{"year": year.year, "status": year.status.value, "notice": year.notice or None, "version": 1} for year in new]
    )
    session.execute(
        years.on_conflict_do_update(
            index_elements=[NationalCalendarYear.year],
            set_={
                "status": years.excluded.status,
                "notice": years.excluded.notice,
                "version": NationalCalendarYear.version + 1,
            },
        )
    )
    return len(new)


def due_from_events(
    rule: ClockRule,
    events: Mapping[str, date | datetime | None],
    calendar: WorkingCalendar,
    *,
    pauses: Iterable[Standstill] = (),
) -> Due | None:
    """As ``rules.compute_from_events``, with a refusal as the ``Invalid`` that pages and the API know how to show."""
    try:
        return compute_from_events(rule, events, calendar, pauses=pauses)
    except DeadlineError as error:
        raise Invalid(error.code, error.msgid, **error.params) from error
