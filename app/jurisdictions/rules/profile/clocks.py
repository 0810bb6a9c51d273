"""What the clock does: deadlines, extensions, reminders, checks that come round."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.jurisdictions.rules.profile.base import (
    Approval,
    Article,
    HandlingMode,
    Key,
    LadderKey,
    LongText,
    OriginLevel,
    RoleKey,
    Section,
    Session,
    SourceKey,
    Stage,
    StartEvent,
    TimeOfDay,
    Urgency,
    Way,
    Words,
)

Amount = Annotated[int, Field(ge=0, le=5000)]


class AmountByUrgency(Section):
    """A range the regulation leaves open (1 to 5 days), settled by how urgent the matter is."""

    normal: Amount | None = None
    urgent: Amount | None = None
    critical: Amount | None = None


class DayOfYear(Section):
    """A day that comes every year; a day beyond the month's end is its last."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class ReportSchedule(Section):
    """A report that comes round: before the 5th of each month, quarterly, half-yearly.

    ``day`` is the day of the month, beyond the end means its last, or the ISO weekday of a weekly report;
    ``month_in_period`` the month of the quarter, half-year or year. ``first_not_within`` working days of dispatch none is
    due yet.
    """

    every: Literal["week", "month", "quarter", "half_year", "year"]
    day: Annotated[int, Field(ge=1, le=31)]
    month_in_period: Annotated[int, Field(ge=1, le=12)] = 1
    first_not_within: Annotated[int, Field(ge=0, le=60)] = 5


class DeadlineRule(Section):
    """One clock: for which matters, which stage, how long, from when, and what the law of rolling says.

    ``amount`` is in the unit ``rule`` names; ``amounts`` settles it by urgency and wins where it says something. A
    ``day_of_year`` rule is due on the next such day after the start; a ``periodic`` one by its ``schedule``. Empty lists fit
    every matter; the most specific rule wins. ``guard`` is of reports owed after completion: whether the matter may not be
    closed out and filed before. ``ladder`` is how the clock is reminded of, the first ladder where none is named.
    """

    key: Key
    article: Article
    stage: Stage
    rule: Literal["calendar_days", "working_days", "months", "hours", "fixed", "day_of_year", "periodic", "on_event"]
    amount: Amount | None = None
    amounts: AmountByUrgency | None = None
    day_of_year: DayOfYear | None = None
    schedule: ReportSchedule | None = None
    start_event: StartEvent
    sources: tuple[SourceKey, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    origin_levels: tuple[OriginLevel, ...] = ()
    handling_modes: tuple[HandlingMode, ...] = ()
    sessions: tuple[Session, ...] = ()
    roll: Literal["none", "next_working_day", "previous_working_day"] = "none"
    count_start_day: bool = False
    deemed_receipt_after: Annotated[int, Field(ge=0, le=60)] | None = None
    after_hours_cutoff: TimeOfDay | None = None
    due_time: TimeOfDay = "24:00"
    required_at_intake: bool = False
    written: bool = False
    guard: bool = True
    exposed_only: bool = False
    yellow_days: Annotated[int, Field(ge=0, le=120)] = 3
    ladder: LadderKey | None = None
    note: LongText | None = None


class LastDay(Section):
    """A hard last day over all: whatever the rules say, no result is due later in the year than this."""

    day_of_year: DayOfYear
    sources: tuple[SourceKey, ...] = ()
    article: Article


class Extension(Section):
    """What a unit may do when it will be late: nothing, explain, or ask for more time.

    ``approval`` says who answers. ``cap`` is how far one extension may reach beyond the date it starts from: no further
    than the original period, or ``cap_amount`` days; without one the office is free. It is asked for ``apply_before``
    working days ahead at the latest (0: up to the due date) and answered within ``answer_within`` working days; a unit's
    part in a matter is extended ``max_times`` at most.
    """

    mode: Literal["none", "explanation_only", "approval"]
    max_times: Annotated[int, Field(ge=0, le=10)] = 0
    approval: Approval | None = None
    cap: Literal["none", "original_period", "working_days", "calendar_days"] = "none"
    cap_amount: Annotated[int, Field(ge=1, le=1000)] | None = None
    apply_before: Annotated[int, Field(ge=0, le=60)] = 0
    answer_within: Annotated[int, Field(ge=0, le=60)] | None = None
    article: Article | None = None


class Recompute(Section):
    """What becomes of a firm date that a changed calendar makes earlier: what was promised is kept, or the earlier applies."""

    earlier: Literal["keep", "apply"] = "keep"


class ReminderStep(Section):
    """One rung of a ladder: on which day of a clock the house writes, to whom, and through which ways.

    The day is ``offset`` days (``unit``) from when the clock was started by the dispatch (``dispatched``), from the first
    day of its yellow light (``light``), from the due date (``due``: the day itself or before it) or after the due date
    (``overdue``). ``every`` working days after its first day the step comes again, until the clock is met.
    ``only_unacknowledged`` speaks while the unit has not signed for the matter. ``to_unit`` are roles in the unit that works
    against the clock, ``to_office`` roles that see every matter, ``to_carrier`` whoever carries the matter. Without
    ``channels`` each person is written to in his usual ways. ``drafts_urging`` lays an urging before the office,
    ``bulletin_candidate`` puts the unit's part on the list for the bulletin (通报).
    """

    key: Key
    name: Words | None = None
    relative_to: Literal["dispatched", "light", "due", "overdue"]
    offset: Annotated[int, Field(ge=-60, le=365)] = 0
    unit: Literal["working_day", "calendar_day"] = "working_day"
    every: Annotated[int, Field(ge=1, le=60)] | None = None
    only_unacknowledged: bool = False
    to_unit: tuple[RoleKey, ...] = ()
    to_office: tuple[RoleKey, ...] = ()
    to_carrier: bool = False
    channels: tuple[Way, ...] = ()
    drafts_urging: bool = False
    bulletin_candidate: bool = False


class Ladder(Section):
    """The steps by which one kind of clock is reminded of. Where two fall on one day, the later in the list speaks."""

    key: Key
    name: Words
    article: Article
    steps: Annotated[tuple[ReminderStep, ...], Field(min_length=1, max_length=30)]


class Reminders(Section):
    """When and to whom the clock writes by itself, by the version in force.

    Letters go out at the local ``hour``, on working days unless ``working_days_only`` is off; then a step before a date
    falls back to a working day, and one after it forward. A deadline rule names its ladder; without one the first holds.
    The office's own clocks follow ``own_ladder``.
    """

    hour: Annotated[int, Field(ge=0, le=23)] = 9
    working_days_only: bool = True
    ladders: Annotated[tuple[Ladder, ...], Field(min_length=1, max_length=20)]
    own_ladder: LadderKey | None = None
    min_urging_interval_days: Annotated[int, Field(ge=0, le=30)] = 1
    article: Article


class PeriodicCheck(Section):
    """A check that comes round."""

    key: Key
    name: Words
    every: Literal["month", "quarter", "half_year", "year"]
    origin_levels: tuple[OriginLevel, ...] = ()
    article: Article
