"""The calendars above jurisdictions: the nation's is loaded once as shipped; it and the regions' are changed by a proposal
that a second person confirms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.deadlines.data import national_rows, national_years
from app.deadlines.models import CalendarProposal, NationalCalendarDay, NationalCalendarYear, RegionalCalendarDay
from app.deadlines.queries import (
    YearChange,
    list_national_days,
    list_years,
    proposal_change,
    proposed_rows,
    region_change,
    year_change,
)
from app.deadlines.rules import CalendarRow, YearStatus
from app.deadlines.rules.day_table import LONGEST_NOTICE_NUMBER
from app.deadlines.rules.national_year import FIRST_YEAR, LAST_YEAR, region_faults, year_faults
from app.deadlines.rules.notice_faults import NoticeFault, NoticeRefused
from app.deadlines.rules.notice_text import read_notice
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused, someone_else_was_faster
from app.kernel.events import record
from app.kernel.i18n import N_, translate

PACKAGE = "chinesecalendar"
LONGEST_REASON = 300


class FaultyNotice(Invalid):
    """Days that cannot be a year's calendar. ``faults`` are all there is to correct."""

    def __init__(self, faults: Iterable[NoticeFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("notice_refused", N_("These days cannot be taken. Nothing has been stored."))

    def sentences(self) -> list[str]:
        """Each fault in the reader's language."""
        return [say_fault(fault) for fault in self.faults]


def say_fault(fault: NoticeFault) -> str:
    """A fault as a sentence in the reader's language."""
    values = dict(fault.params)
    if "weekday" in values:
        values["weekday"] = translate(values["weekday"])
    return translate(fault.msgid, **values)


def seed_national_calendar(session: Any) -> int:
    """Load the years the product ships into an empty calendar; how many years were loaded.

    Once any year is announced in the table nothing is touched: what a newer release knows comes in by a proposal, as
    every other change does. Part of the caller's transaction; safe to repeat.
    """
    if any(year.status is not YearStatus.UNANNOUNCED for year in list_years(session)):
        return 0
    days = [
        {"on": row.on, "kind": row.kind.value, "name": row.name, "notice": row.notice or None}
        for row in national_rows()
    ]
    session.execute(insert(NationalCalendarDay).values(days).on_conflict_do_nothing())
    shipped = national_years()
    years = insert(NationalCalendarYear).values(
        [
            {"year": year.year, "status": year.status.value, "notice": year.notice or None, "version": 1}
            for year in shipped
        ]
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
    return len(shipped)


@command
def propose_notice(
    session: Any, actor: Actor, *, text: str, document_no: str = "", at: dt.datetime
) -> CalendarProposal:
    """Propose the year of a pasted notice of the State Council; the text is kept with it.

    Refuses a text in which one weekday or one count does not fit (``FaultyNotice``, every place at once), a year for
    which another proposal is open (Conflict), and days that say nothing new (Invalid).
    """
    _may(actor)
    try:
        read = read_notice(text)
    except NoticeRefused as refused:
        raise FaultyNotice(refused.faults) from refused
    said = document_no.strip() or read.document_no
    return propose(session, actor, read.year, read.rows, said, "notice", text, at)


@command
def propose_years(
    session: Any,
    actor: Actor,
    *,
    years: dict[int, tuple[CalendarRow, ...]],
    document_no: str = "",
    at: dt.datetime,
) -> list[CalendarProposal]:
    """Propose every year of a table whose days differ from what is stored: all of them or, with one fault, none."""
    _may(actor)
    faults = [fault for year, rows in years.items() for fault in _faults(session, year, rows)]
    if faults:
        raise FaultyNotice(faults)
    new = {
        year: rows for year, rows in years.items() if year_change(session, year, signed_rows(rows, document_no)).changes
    }
    if not new:
        raise _nothing_new()
    return [propose(session, actor, year, rows, document_no.strip(), "file", "", at) for year, rows in new.items()]


@command
def propose_from_package(
    session: Any, actor: Actor, *, year: int | None = None, at: dt.datetime
) -> list[CalendarProposal]:
    """Propose what the installed package knows and the calendar does not: one year, or every year not announced here.

    A year already announced is compared only when it is named, since the platform may have corrected it by a notice.
    """
    _may(actor)
    known = {one.year: one for one in national_years()}
    if year is not None and year not in known:
        raise Invalid(
            "year_not_in_package",
            N_(
                "The installed %(package)s %(version)s does not know %(year)s. Paste the notice, or upgrade the package."
            ),
            package=PACKAGE,
            version=metadata.version(PACKAGE),
            year=year,
        )
    wanted = [year] if year is not None else years_the_package_adds(session)
    if not wanted:
        raise _nothing_new()
    version = f"{PACKAGE} {metadata.version(PACKAGE)}"
    found = []
    for one in wanted:
        rows = [row for row in national_rows() if row.on.year == one]
        rows += [row for row in national_rows() if row.on.year == one - 1 and row.on.month == 12 and row.on.day >= 25]
        found.append(propose(session, actor, one, rows, known[one].notice or version, "package", "", at))
    return found


def years_the_package_adds(session: Any) -> list[int]:
    """The years the installed package knows and the calendar does not have announced."""
    there = {year.year for year in list_years(session) if year.status is not YearStatus.UNANNOUNCED}
    return [year.year for year in national_years() if year.year not in there]


@command
def confirm_proposal(
    session: Any, actor: Actor, proposal_id: int, *, seen_version: int, at: dt.datetime
) -> CalendarProposal:
    """Put a proposed year into force, whole and at once: its days, its notice, announced (or amended), one version more.

    Refuses the one who proposed it (Refused: two people look at what moves every date in the country), a proposal that
    is decided already and a calendar that has changed since it was looked at (Conflict).
    """
    _may(actor)
    proposal = _open_proposal(session, proposal_id)
    if actor.person_id is None:
        raise Refused("person_needed", N_("Only a person can confirm a change of the national calendar."))
    if proposal.proposed_by == actor.person_id:
        raise Refused(
            "own_proposal", N_("You proposed this yourself. A second person has to look at it and confirm it.")
        )
    year, region = proposal.year, proposal.region_code
    session.execute(
        select(NationalCalendarYear).where(NationalCalendarYear.year.in_((year - 1, year))).with_for_update()
    )
    rows, change = proposed_rows(proposal), proposal_change(session, proposal)
    if change.version != seen_version:
        raise someone_else_was_faster()
    faults = _faults(session, year, rows, region)
    if faults:
        raise FaultyNotice(faults)
    status, version = _apply_region(session, proposal, change) if region else _apply(session, proposal, change)
    _decide(proposal, actor, "confirmed", at)
    session.flush()
    record(
        session, actor, _kind("confirmed", region), "calendar_proposal", proposal.id, at,
        year=year, region=region, document_no=proposal.document_no, origin=proposal.origin,
        status=status.value, version=version,
        proposed_by=proposal.proposed_by_name, moved=[one.on.isoformat() for one in change.changes if one.moves],
    )  # fmt: skip
    return proposal


@command
def reject_proposal(session: Any, actor: Actor, proposal_id: int, *, reason: str, at: dt.datetime) -> CalendarProposal:
    """Turn a proposal down, with the reason; nothing of it was ever in force."""
    _may(actor)
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise Invalid("reason_missing", N_("Say why it is turned down."), {"reason": N_("Say why it is turned down.")})
    proposal = _open_proposal(session, proposal_id)
    if proposal.proposed_by is not None and proposal.proposed_by == actor.person_id:
        raise Refused("own_proposal", N_("You proposed this yourself. Withdraw it instead."))
    _decide(proposal, actor, "rejected", at, said)
    session.flush()
    record(
        session, actor, _kind("rejected", proposal.region_code), "calendar_proposal", proposal.id, at,
        year=proposal.year, region=proposal.region_code, document_no=proposal.document_no, reason=said,
    )  # fmt: skip
    return proposal


@command
def withdraw_proposal(session: Any, actor: Actor, proposal_id: int, *, at: dt.datetime) -> CalendarProposal:
    """Take one's own proposal back. Refuses somebody else's: that is turned down, with a reason."""
    _may(actor)
    proposal = _open_proposal(session, proposal_id)
    if proposal.proposed_by != actor.person_id:
        raise Refused("not_own_proposal", N_("Only the one who proposed it can take it back. Turn it down instead."))
    _decide(proposal, actor, "withdrawn", at)
    session.flush()
    record(
        session, actor, _kind("withdrawn", proposal.region_code), "calendar_proposal", proposal.id, at,
        year=proposal.year, region=proposal.region_code, document_no=proposal.document_no,
    )  # fmt: skip
    return proposal


def propose(
    session: Any,
    actor: Actor,
    year: int,
    rows: Iterable[CalendarRow],
    document_no: str,
    origin: str,
    text: str,
    at: dt.datetime,
    region: str = "",
) -> CalendarProposal:
    """Lay a year's days before a second person, the nation's or a region's. Part of the caller's command.

    Refuses days that cannot be that year's (``FaultyNotice``), days that say nothing new (Invalid), and a year of that
    layer for which another proposal is open (Conflict).
    """
    signed = signed_rows(rows, document_no)
    faults = _faults(session, year, signed, region)
    if faults:
        raise FaultyNotice(faults)
    change = region_change(session, region, year, signed) if region else year_change(session, year, signed)
    if not change.changes and change.status is not YearStatus.UNANNOUNCED:
        raise _nothing_new()
    waiting = select(CalendarProposal.id).where(
        CalendarProposal.year == year, CalendarProposal.region_code == region, CalendarProposal.state == "proposed"
    )
    if session.scalar(waiting) is not None:
        raise Conflict(
            "proposal_open",
            N_("There is a proposal for %(year)s already. It has to be confirmed, turned down or taken back first."),
            year=year,
        )
    number = document_no or next((row.notice for row in signed if row.on.year == year and row.notice), "")
    proposal = CalendarProposal(
        year=year,
        region_code=region,
        rows=[[row.on.isoformat(), row.kind.value, row.name, row.notice] for row in signed],
        document_no=number[:LONGEST_NOTICE_NUMBER],
        origin=origin,
        source_text=text or None,
        state="proposed",
        proposed_by=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    session.add(proposal)
    session.flush()
    record(
        session, actor, _kind("proposed", region), "calendar_proposal", proposal.id, at,
        year=year, region=region, document_no=proposal.document_no, origin=origin,
        moved=[one.on.isoformat() for one in change.changes if one.moves],
    )  # fmt: skip
    return proposal


def _kind(act: str, region: str) -> str:
    return f"calendar.region_{act}" if region else f"calendar.{act}"


def _faults(session: Any, year: int, rows: Iterable[CalendarRow], region: str = "") -> tuple[NoticeFault, ...]:
    given = tuple(rows)
    if region:
        return region_faults(year, given, {row.on: row for row in list_national_days(session)})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return year_faults(year, given, {})
    return year_faults(year, given, year_change(session, year, given).after)


def signed_rows(rows: Iterable[CalendarRow], document_no: str) -> list[CalendarRow]:
    """Rows with the notice's number where they have none."""
    number = document_no.strip()[:LONGEST_NOTICE_NUMBER]
    return [CalendarRow(row.on, row.kind, row.name[:40], row.notice or number) for row in rows]


def _apply(session: Any, proposal: CalendarProposal, change: YearChange) -> tuple[YearStatus, int]:
    gone = [one.on for one in change.changes if one.after is None]
    session.execute(delete(NationalCalendarDay).where(NationalCalendarDay.on.in_(gone)))
    changed = [one.after for one in change.changes if one.after is not None]
    if changed:
        days = insert(NationalCalendarDay).values(
            [{"on": row.on, "kind": row.kind.value, "name": row.name, "notice": row.notice or None} for row in changed]
        )
        session.execute(
            days.on_conflict_do_update(
                index_elements=[NationalCalendarDay.on],
                set_={name: days.excluded[name] for name in ("kind", "name", "notice")},
            )
        )
    status = YearStatus.ANNOUNCED if change.status is YearStatus.UNANNOUNCED else YearStatus.AMENDED
    row = session.get(NationalCalendarYear, proposal.year)
    if row is None:
        row = NationalCalendarYear(year=proposal.year, version=0)
        session.add(row)
    row.status, row.notice, row.version = status.value, proposal.document_no or None, row.version + 1
    before = session.get(NationalCalendarYear, proposal.year - 1)
    if before is not None and any(one.on.year < proposal.year for one in change.changes):
        before.version += 1
    session.flush()
    session.expire_all()  # the days were written past the objects
    return status, change.version + 1


def _apply_region(session: Any, proposal: CalendarProposal, change: YearChange) -> tuple[YearStatus, int]:
    day, region = RegionalCalendarDay, proposal.region_code
    gone = [one.on for one in change.changes]
    session.execute(delete(day).where(day.region_code == region, day.on.in_(gone)))
    session.add_all(
        day(region_code=region, on=row.on, kind=row.kind.value, name=row.name, notice=row.notice or None)
        for row in (one.after for one in change.changes)
        if row is not None
    )
    session.flush()
    session.expire_all()
    return change.status, change.version + 1


def _decide(proposal: CalendarProposal, actor: Actor, state: str, at: dt.datetime, reason: str | None = None) -> None:
    proposal.state, proposal.decided_by, proposal.decided_by_name = state, actor.person_id, actor.name
    proposal.decided_at, proposal.reason = at, reason


def _open_proposal(session: Any, proposal_id: int) -> CalendarProposal:
    found: CalendarProposal | None = session.scalar(
        select(CalendarProposal).where(CalendarProposal.id == proposal_id).with_for_update()
    )
    if found is None:
        raise NotFound()
    if found.state != "proposed":
        raise Conflict("proposal_decided", N_("This proposal has been decided already. Read the page again."))
    return found


def _nothing_new() -> Invalid:
    return Invalid("nothing_new", N_("The calendar says this already. There is nothing to propose."))


def _may(actor: Actor) -> None:
    if not actor.may("national_calendar:write"):
        raise Refused("right_missing", N_("Only the platform's administrators change the national calendar."))
