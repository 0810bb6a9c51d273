"""Which working-day calendar is in force where, what it is made of, and why a stored date is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, BindParameter, String, bindparam, cast, func, or_, select

from app.deadlines.models import (
    CalendarDay,
    CalendarProposal,
    KnownCalendar,
    NationalCalendarDay,
    NationalCalendarYear,
    RegionalCalendarDay,
)
from app.deadlines.rules import (
    CalendarRow,
    CalendarYear,
    DayKind,
    SimulatedClock,
    Tried,
    WorkingCalendar,
    YearStatus,
    build_calendar,
    describe,
    simulate_matter,
    statutory_days,
)
from app.deadlines.rules.national_year import DayChange, day_changes, year_after
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import procedure_of, profile_of
from app.kernel.i18n import N_, translate
from app.kernel.tenancy import set_based

# An index of 25 years takes some 300 kB; jurisdictions without days of their own share one.
KEPT = 64
DATE = N_("%(year)d-%(month)02d-%(day)02d")
_built: dict[Any, WorkingCalendar] = {}
_lock = Lock()


def calendar_for(session: Any, jurisdiction_id: int | None) -> WorkingCalendar:
    """The calendar in force in a jurisdiction: the national days, over them its region's and over those its own.

    Without a jurisdiction the national days alone.

    One statement asks whether anything has changed; the index is built only then. ``jurisdiction_id`` is the one in
    scope. Refuses with ``DeadlineError`` (``calendar_empty``) before the first year is loaded.
    """
    stamp = _stamp(session, jurisdiction_id)
    calendar = _built.get(stamp)
    if calendar is None:
        region, local = [], []
        if jurisdiction_id is not None and stamp[2] is not None:
            region = region_rows(session, jurisdiction_id)
        if jurisdiction_id is not None and stamp[3] is not None:
            local = list_local_days(session, jurisdiction_id)
        calendar = build_calendar(list_years(session), list_national_days(session), region, local)
        with _lock:
            while len(_built) >= KEPT:
                _built.pop(next(iter(_built)))
            _built[stamp] = calendar
    return calendar


def list_national_days(session: Any) -> list[CalendarRow]:
    """Every day of the national layer in order."""
    return _rows(session.scalars(select(NationalCalendarDay).order_by(NationalCalendarDay.on)), "national")


def list_local_days(session: Any, jurisdiction_id: int) -> list[CalendarRow]:
    """Every day of a jurisdiction's own layer, in order."""
    own = select(CalendarDay).where(CalendarDay.jurisdiction_id == jurisdiction_id).order_by(CalendarDay.on)
    return _rows(session.scalars(own), "jurisdiction")


def region_rows(session: Any, jurisdiction_id: int) -> list[CalendarRow]:
    """What its province and its city declare for a jurisdiction, in order; where both speak of a day, the city's row."""
    found = session.scalars(_of_its_region(select(RegionalCalendarDay), jurisdiction_id))
    return list({row.on: row for row in _rows(found, "region")}.values())


def list_regional_days(session: Any) -> list[RegionalCalendarDay]:
    """Every region's days, the newest first."""
    return list(
        session.scalars(
            select(RegionalCalendarDay).order_by(RegionalCalendarDay.on.desc(), RegionalCalendarDay.region_code)
        )
    )


def find_upper_row(session: Any, jurisdiction_id: int, on: date) -> CalendarRow | None:
    """What is said of a day above a jurisdiction: by its region, otherwise by the nation; None when nothing is."""
    for row in region_rows(session, jurisdiction_id):
        if row.on == on:
            return row
    national = session.scalars(select(NationalCalendarDay).where(NationalCalendarDay.on == on))
    return next(iter(_rows(national, "national")), None)


def jurisdictions_by_region(session: Any, codes: Iterable[str]) -> dict[str, list[str]]:
    """The jurisdictions here that lie in each region, by the region's code."""
    rows = session.execute(select(Jurisdiction.code, Jurisdiction.name).order_by(Jurisdiction.code)).all()
    return {code: [row.name for row in rows if row.code.startswith(code)] for code in codes}


def list_proposals(session: Any, *, regions: bool = False, limit: int = 50) -> list[CalendarProposal]:
    """Proposals to change the national calendar, or the regions': the open ones first, then the newest."""
    order = (CalendarProposal.state != "proposed", CalendarProposal.id.desc())
    layer = CalendarProposal.region_code != "" if regions else CalendarProposal.region_code == ""
    return list(session.scalars(select(CalendarProposal).where(layer).order_by(*order).limit(limit)))


def find_proposal(session: Any, proposal_id: int) -> CalendarProposal | None:
    """One proposal."""
    found: CalendarProposal | None = session.get(CalendarProposal, proposal_id)
    return found


def proposed_rows(proposal: CalendarProposal) -> tuple[CalendarRow, ...]:
    """The days a proposal gives."""
    return tuple(
        CalendarRow(date.fromisoformat(on), DayKind(kind), name, notice) for on, kind, name, notice in proposal.rows
    )


@dataclass(frozen=True)
class YearChange:
    """A year as it is and as a notice would make it; ``version`` 0 is a year nobody spoke of yet.

    What is in force of an unannounced year are its weekends and statutory days.
    """

    stored: dict[date, CalendarRow]
    after: dict[date, CalendarRow]
    changes: tuple[DayChange, ...]
    status: YearStatus
    version: int


def year_change(session: Any, year: int, rows: Iterable[CalendarRow]) -> YearChange:
    """What these days would make of a year of the national layer."""
    years = {one.year: one for one in list_years(session)}
    following, known = years.get(year + 1), years.get(year)
    window = select(NationalCalendarDay).where(
        NationalCalendarDay.on >= date(year - 1, 12, 1), NationalCalendarDay.on <= date(year, 12, 31)
    )
    stored = {row.on: row for row in _rows(session.scalars(window.order_by(NationalCalendarDay.on)), "national")}
    if known is None or known.status is YearStatus.UNANNOUNCED:
        expected = {
            on: CalendarRow(on, DayKind.OFF, name, layer="baseline") for on, name in statutory_days(year).items()
        }
        stored = expected | stored
    next_is_known = following is not None and following.status is not YearStatus.UNANNOUNCED
    after = year_after(year, stored, rows, next_is_known=next_is_known)
    return YearChange(
        stored,
        after,
        day_changes(year, stored, after),
        known.status if known else YearStatus.UNANNOUNCED,
        known.version if known else 0,
    )


def known_calendars(session: Any) -> dict[str, dict[str, Any]]:
    """The states of its calendar by which the jurisdiction in scope computed its open dates, by version."""
    return {row.version: row.said for row in session.execute(select(KnownCalendar.version, KnownCalendar.said)).all()}


def calendar_as_proposed(
    session: Any,
    year: int,
    change: YearChange,
    notice: str,
    jurisdiction_id: int | None = None,
    *,
    region: str = "",
) -> WorkingCalendar:
    """The calendar a jurisdiction would have, or the national one, if a proposed year came into force."""
    national, years = list_national_days(session), list_years(session)
    if not region:
        kept = [row for row in national if row.on not in change.stored and row.on not in change.after]
        status = YearStatus.ANNOUNCED if change.status is YearStatus.UNANNOUNCED else YearStatus.AMENDED
        national = [*kept, *change.after.values()]
        years = [*(one for one in years if one.year != year), CalendarYear(year, status, notice, change.version + 1)]
    if jurisdiction_id is None:
        return build_calendar(years, national)
    regional = region_rows(session, jurisdiction_id)
    if region:
        regional = _regional_as_proposed(session, jurisdiction_id, region, year, change)
    return build_calendar(years, national, regional, list_local_days(session, jurisdiction_id))


def _regional_as_proposed(
    session: Any, jurisdiction_id: int, region: str, year: int, change: YearChange
) -> list[CalendarRow]:
    found = list(session.scalars(_of_its_region(select(RegionalCalendarDay), jurisdiction_id)))
    other = [one for one in found if (one.region_code, one.on.year) != (region, year)]
    ranked = [(len(one.region_code), row) for one, row in zip(other, _rows(other, "region"), strict=True)]
    ranked += [(len(region), row) for row in change.after.values()]
    rows = {row.on: row for _rank, row in sorted(ranked, key=lambda one: one[0])}
    return [rows[on] for on in sorted(rows)]


def list_houses(session: Any, *, after: str, limit: int, region: str = "") -> list[tuple[int, str, str]]:
    """Jurisdictions in service by code, of a region where one is named, from the one after a code on: id, code, name."""
    found = (
        select(Jurisdiction.id, Jurisdiction.code, Jurisdiction.name)
        .where(Jurisdiction.status == "active", Jurisdiction.code > after, Jurisdiction.code.startswith(region))
        .order_by(Jurisdiction.code)
        .limit(limit)
    )
    return [(row.id, row.code, row.name) for row in session.execute(found).all()]


def region_change(session: Any, region: str, year: int, rows: Iterable[CalendarRow]) -> YearChange:
    """What these days would make of a year of a region's layer; ``version`` counts the changes confirmed before."""
    found = session.scalars(
        select(RegionalCalendarDay)
        .where(RegionalCalendarDay.region_code == region, _year_of(RegionalCalendarDay.on) == year)
        .order_by(RegionalCalendarDay.on)
    )
    stored = {row.on: row for row in _rows(found, "region")}
    after = {row.on: row for row in rows}
    confirmed = select(func.count(CalendarProposal.id)).where(
        CalendarProposal.region_code == region, CalendarProposal.year == year, CalendarProposal.state == "confirmed"
    )
    version = int(session.scalar(confirmed) or 0)
    return YearChange(stored, after, day_changes(year, stored, after), YearStatus.ANNOUNCED, version)


def _year_of(column: Any) -> Any:
    return func.date_part("year", column)


def proposal_change(session: Any, proposal: CalendarProposal) -> YearChange:
    """What a proposal would make of its year, the nation's or a region's."""
    rows = proposed_rows(proposal)
    if proposal.region_code:
        return region_change(session, proposal.region_code, proposal.year, rows)
    return year_change(session, proposal.year, rows)


def list_years(session: Any) -> list[CalendarYear]:
    """The years of the national layer with their notices, in order."""
    found = session.scalars(select(NationalCalendarYear).order_by(NationalCalendarYear.year))
    return [CalendarYear(row.year, YearStatus(row.status), row.notice or "", row.version) for row in found]


def simulated(session: Any, version_id: int, jurisdiction_id: int | None, matter: Tried) -> list[SimulatedClock]:
    """Every clock of a matter imagined under a version of the rules, on the calendar of a jurisdiction.

    Refuses with ``DeadlineError`` (``calendar_empty``) before the first year is loaded.
    """
    calendar = calendar_for(session, jurisdiction_id)
    return simulate_matter(profile_of(session, version_id), procedure_of(session, version_id), matter, calendar)


def explanation(record: Mapping[str, Any]) -> list[str]:
    """A stored computation as sentences in the reader's language: one call for page, document, API and terminal."""
    words = []
    for msgid, params in describe(record):
        words.append(translate(msgid, **{name: _shown(value) for name, value in params.items()}))
    return words


def _shown(value: object) -> object:
    if isinstance(value, date):
        return translate(DATE, year=value.year, month=value.month, day=value.day)
    return value


def _rows(found: Iterable[NationalCalendarDay | RegionalCalendarDay | CalendarDay], layer: str) -> list[CalendarRow]:
    return [CalendarRow(row.on, DayKind(row.kind), row.name, row.notice or "", layer) for row in found]


def _of_its_region(statement: Any, jurisdiction_id: int | BindParameter[int]) -> Any:
    region, code = RegionalCalendarDay, Jurisdiction.code
    own = select(func.left(code, 2), func.left(code, 4)).where(Jurisdiction.id == jurisdiction_id).subquery()
    return statement.where(
        or_(
            region.region_code == select(own.c[0]).scalar_subquery(),
            region.region_code == select(own.c[1]).scalar_subquery(),
        )
    ).order_by(region.on, func.length(region.region_code))


def _stamp(session: Any, jurisdiction_id: int | None) -> tuple[Any, Any, Any, Any]:
    national, everything = _stamps()
    if jurisdiction_id is None:
        years, days = session.execute(national).one()
        return years, days, None, None
    stamp = session.execute(everything, {"here": jurisdiction_id}).one()
    return stamp[0], stamp[1], stamp[2], stamp[3]


@cache
def _stamps() -> tuple[Any, Any]:
    # Put together once: that takes five times as long as asking, and every page and every sweep asks.
    year, day, region, own = NationalCalendarYear, NationalCalendarDay, RegionalCalendarDay, CalendarDay
    here: BindParameter[int] = bindparam("here", type_=BigInteger)
    regional = _content(region.region_code, region.on, region.kind, region.name, region.notice)
    parts = [
        select(_content(year.year, year.status, year.notice, year.version)),
        select(_content(day.on, day.kind, day.name, day.notice)),
        _of_its_region(select(regional), here).order_by(None),
        select(_content(own.on, own.kind, own.name, own.notice)).where(own.jurisdiction_id == here),
    ]
    national, everything = (select(*(part.scalar_subquery() for part in some)) for some in (parts[:2], parts))
    return national, set_based(everything)


def _content(*columns: Any) -> Any:
    # A sum of hashes notices every edit whoever made it, without sorting and without a counter one could forget.
    text = func.concat_ws("|", *(func.coalesce(cast(column, String), "") for column in columns))
    return func.sum(func.hashtextextended(text, 0))
