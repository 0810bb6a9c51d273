"""A due date as a value, with everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.deadlines.rules.calendar import ONE_DAY, CalendarRow, RestSpan, WorkingCalendar
from app.deadlines.rules.clock import ClockRule, RuleKind
from app.deadlines.rules.lights import threshold, yellow_from
from app.deadlines.rules.schedule import Roll

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Standstill:
    """Time in which a clock stands still (中止): from the day it stops up to, not including, the day it runs again."""

    stopped_on: date
    resumed_on: date

    @property
    def days(self) -> int:
        """Calendar days that are not counted."""
        return (self.resumed_on - self.stopped_on).days


@dataclass(frozen=True, slots=True)
class Receipt:
    """How the start of a clock that waits for the signature was settled (最迟视为签收)."""

    dispatched_on: date
    signed_on: date | None
    deemed_on: date | None
    signed_at: datetime | None = field(default=None, compare=False)  # the instant of the signature, where it is known

    @property
    def deemed(self) -> bool:
        """Whether the clock starts by deemed receipt because nobody had signed by then."""
        return self.deemed_on is not None and (self.signed_on is None or self.signed_on > self.deemed_on)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date that follows the lead unit's: so many working days before it, so that the lead can draw on the opinion."""

    working_days: int
    lead_due_on: date
    shortened: bool = False  # so little time was left that it is due on the day of the notice
    not_before: date | None = field(default=None, compare=False)  # the day of the notice


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A date that would have been later than the regulation's last day: where it would have been, and the article.

    ``stated``: what held it back is a date stated for the matter itself.
    """

    would_be_on: date
    article: str
    stated: bool = False


class Due(NamedTuple):
    """A due date with everything that led to it.

    ``given_on`` is the day the clock was started on, ``start_on`` the day it counts from (another one only after an
    after-hours receipt), ``raw_on`` where the period ends, ``due_on`` where it ends after rolling. ``moments`` are the
    instants between which hours run. The rest is worked out when asked for, since most dates are never explained;
    ``explanation.facts`` makes the record that is stored. ``after_hours`` says that the start came later than the rule's
    hour of the day, ``begun_on`` when a period with a ``fixed`` end began.
    """

    rule: ClockRule
    given_on: date
    start_on: date
    raw_on: date
    due_on: date
    calendar: WorkingCalendar
    receipt: Receipt | None = None
    pauses: tuple[Standstill, ...] = ()
    moments: tuple[datetime, datetime] | None = None
    ahead: Ahead | None = None
    held_back: HeldBack | None = None
    after_hours: bool = False
    begun_on: date | None = None

    @property
    def due_at(self) -> datetime | None:
        """The instant up to which something is in time; None where the due day counts to its end."""
        if self.rule.rule is RuleKind.HOURS and self.moments is not None and self.held_back is None:
            return self.moments[1]
        if self.rule.due_time is None:
            return None
        return datetime.combine(self.due_on, self.rule.due_time, ZONE)

    @property
    def hour_known(self) -> bool:
        """Whether hours run from an instant, and not from the end of a day known without its hour."""
        return self.moments is not None and self.moments[0].date() == self.start_on

    @property
    def rolled_on(self) -> date:
        """Where the period ends after rolling, before the regulation's last day holds it back."""
        return self.held_back.would_be_on if self.held_back else self.due_on

    @property
    def rolled(self) -> bool:
        """Whether the end of the period was moved off a rest day."""
        return self.raw_on != self.rolled_on

    @property
    def counted(self) -> tuple[date, date] | None:
        """The span (after, until] whose working days were counted, or None when the rule counts none."""
        if self.rule.rule not in (RuleKind.WORKING_DAYS, RuleKind.ON_EVENT) or not self.rule.amount:
            return None
        after = self.start_on - ONE_DAY if self.rule.count_start_day else self.start_on
        return after, self.raw_on

    @property
    def skipped(self) -> tuple[RestSpan, ...]:
        """The rest days that were left out of the count, each span with its reason."""
        return self.calendar.skipped(*self.counted) if self.counted else ()

    @property
    def made_up(self) -> tuple[CalendarRow, ...]:
        """The weekend days that were counted because a notice makes them working days."""
        return self.calendar.made_up(*self.counted) if self.counted else ()

    @property
    def rolled_over(self) -> tuple[RestSpan, ...]:
        """The rest days the end of the period was moved over."""
        end = self.rolled_on
        if end > self.raw_on:
            return self.calendar.skipped(self.raw_on - ONE_DAY, end - ONE_DAY)
        return self.calendar.skipped(end, self.raw_on)

    @property
    def consulted(self) -> tuple[date, date] | None:
        """The first and last day whose being a working day mattered; None when none did."""
        days: list[date] = []
        if self.receipt and self.receipt.deemed_on:
            days += [self.receipt.dispatched_on + ONE_DAY, self.receipt.deemed_on]
        if self.rule.after_hours_cutoff and self.rule.rule is not RuleKind.FIXED:
            days += [self.given_on, self.start_on]
        if self.counted:
            days += [self.counted[0] + ONE_DAY, self.counted[1]]
        if self.rule.roll is not Roll.NONE:
            days += [self.raw_on, self.rolled_on]
        if self.ahead:
            days += [self.due_on, self.ahead.lead_due_on]
        return (min(days), max(days)) if days else None

    @property
    def decided_by(self) -> tuple[date, date]:
        """The first and last day of the calendar that this date or its light depends on."""
        days = (*(self.consulted or ()), self.yellow_on, self.due_on)
        return min(days), max(days)

    @property
    def provisional(self) -> bool:
        """Whether a holiday notice still to come may move this date (暂定)."""
        return self.consulted is not None and self.calendar.is_provisional(*self.consulted)

    @property
    def yellow_days(self) -> int:
        """Working days before the date from which its light is "soon": the rule's, capped at half the period."""
        return threshold(self.due_on, self.calendar, self.rule.days_of_warning, self._period_from)

    @property
    def yellow_on(self) -> date:
        """The first day on which the light of this date is "soon"."""
        return yellow_from(self.due_on, self.calendar, self.rule.days_of_warning, self._period_from)

    @property
    def _period_from(self) -> date | None:
        """Where the period begins of which warning takes at most half; a date that was fixed has none."""
        return None if self.rule.rule is RuleKind.FIXED else self.start_on


def until(due_at: datetime | None) -> str:
    """The time of the due day as people read it, such as 17:30; empty where the day counts to its end, which midnight is."""
    if due_at is None:
        return ""
    said = f"{due_at.astimezone(ZONE):%H:%M}"
    return said if said != "00:00" else ""
