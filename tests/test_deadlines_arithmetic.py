"""Due dates by the law's own cases: one named case per article, every worked example of the specification, refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from app.deadlines.data import built_in_calendar, national_rows, national_years
from app.deadlines.rules import (
    CalendarYear,
    ClockChoice,
    ClockRule,
    DayKind,
    DeadlineError,
    Due,
    Every,
    Roll,
    RuleKind,
    Schedule,
    Standstill,
    YearStatus,
    build_calendar,
    choose_rule,
    clock_rule,
    compute,
    compute_from_events,
    due_date,
    facts,
    merged_pauses,
    occurrences,
    rule_of_stage,
    settle_receipt,
)
from app.jurisdictions.rules.profile import DeadlineRule

CALENDAR = built_in_calendar()
D = date.fromisoformat


def due(rule: str, amount: int | None, start: str, roll: str = "none", **options: object) -> Due:
    return compute(ClockRule(RuleKind(rule), amount, roll=Roll(roll), **options), D(start), CALENDAR)  # type: ignore[arg-type]


LAW = [
    # 民法典 201: the starting day is not counted, the period runs from the next day
    ("201 seven days from a Monday end on the next Monday", "calendar_days", 7, "2026-03-02", "none", "2026-03-09"),
    ("201 one working day from a Friday", "working_days", 1, "2026-03-06", "none", "2026-03-09"),
    ("201 a start on a rest day is not counted either", "working_days", 1, "2026-03-07", "none", "2026-03-09"),
    ("201 a start before a long rest", "working_days", 1, "2026-09-30", "none", "2026-10-08"),
    ("201 a start within a long rest", "working_days", 1, "2026-10-03", "none", "2026-10-08"),
    # 民法典 202: the corresponding day, else the last day of the month
    ("202 the Supreme Court's example", "months", 3, "2014-05-28", "none", "2014-08-28"),
    ("202 31 January and one month", "months", 1, "2026-01-31", "none", "2026-02-28"),
    ("202 31 January and one month in a leap year", "months", 1, "2024-01-31", "none", "2024-02-29"),
    ("202 30 January and one month", "months", 1, "2026-01-30", "none", "2026-02-28"),
    ("202 28 February and one month stay on the 28th", "months", 1, "2026-02-28", "none", "2026-03-28"),
    ("202 29 February and twelve months", "months", 12, "2024-02-29", "none", "2025-02-28"),
    ("202 31 August and six months", "months", 6, "2025-08-31", "none", "2026-02-28"),
    ("202 over the end of the year", "months", 1, "2025-12-15", "none", "2026-01-15"),
    ("202 31 March and one month", "months", 1, "2026-03-31", "none", "2026-04-30"),
    ("202 a month is not 30 days", "months", 1, "2026-02-03", "none", "2026-03-03"),
    # 民法典 203: a last day on a rest day moves to the day after the rest
    ("203 a last day on a Saturday", "calendar_days", 5, "2026-03-02", "next_working_day", "2026-03-09"),
    ("203 a last day within National Day", "calendar_days", 7, "2026-09-24", "next_working_day", "2026-10-08"),
    ("203 a last day on a working Saturday stays", "calendar_days", 7, "2026-02-21", "next_working_day", "2026-02-28"),
    ("203 rest days in the middle count", "calendar_days", 30, "2026-09-20", "next_working_day", "2026-10-20"),
    ("203 a month that ends within a rest", "months", 1, "2026-09-05", "next_working_day", "2026-10-08"),
    (
        "203 a weekend joined to a festival",
        "calendar_days",
        1,
        "2026-04-03",
        "next_working_day",
        "2026-04-07",
    ),
    ("203 the tenant may roll back instead", "calendar_days", 7, "2026-09-24", "previous_working_day", "2026-09-30"),
    # 民法典 1259: "within" includes the last number
    ("1259 the seventh day itself is within seven days", "calendar_days", 7, "2026-06-01", "none", "2026-06-08"),
    # Express working days: 行政许可法 82 and others
    ("working days skip the weekend", "working_days", 7, "2026-03-02", "none", "2026-03-11"),
    ("working days count a make-up Saturday", "working_days", 7, "2026-02-26", "none", "2026-03-06"),
    ("working days skip Spring Festival", "working_days", 7, "2026-02-13", "none", "2026-03-02"),
    ("working days over the extended Spring Festival of 2020", "working_days", 7, "2020-01-20", "none", "2020-02-06"),
    ("working days over Labour Day 2019 as amended", "working_days", 1, "2019-04-30", "none", "2019-05-05"),
    ("New Year's Eve 2024 is a working day", "working_days", 1, "2024-02-08", "none", "2024-02-09"),
    ("New Year's Eve 2025 is not", "working_days", 1, "2025-01-27", "none", "2025-02-05"),
    ("twenty working days of 政府信息公开条例 33", "working_days", 20, "2026-01-30", "none", "2026-03-05"),
    # Ambiguous points, §9
    ("media: seven days that end on a rest day do not roll", "calendar_days", 7, "2026-09-24", "none", "2026-10-01"),
    ("amount 0 is the day itself", "working_days", 0, "2026-03-07", "none", "2026-03-07"),
    ("amount 0, then roll", "working_days", 0, "2026-03-07", "next_working_day", "2026-03-09"),
    ("amount 0 of days, then roll back", "calendar_days", 0, "2026-03-07", "previous_working_day", "2026-03-06"),
    ("amount 0 of months", "months", 0, "2026-03-07", "none", "2026-03-07"),
    ("a fixed date on a rest day is not moved", "fixed", None, "2026-10-04", "none", "2026-10-04"),
    (
        "a fixed date moves where told to",
        "fixed",
        None,
        "2026-10-04",
        "next_working_day",
        "2026-10-08",
    ),
    ("the month's last day as a fixed date", "fixed", None, "2026-11-30", "none", "2026-11-30"),
    ("an event clock counts working days once it happened", "on_event", 3, "2026-09-29", "none", "2026-10-09"),
]


@pytest.mark.parametrize(("rule", "amount", "start", "roll", "expected"), [c[1:] for c in LAW], ids=[c[0] for c in LAW])
def test_named_case(rule: str, amount: int | None, start: str, roll: str, expected: str) -> None:
    found = due(rule, amount, start, roll)
    assert found.due_on == D(expected)
    assert due_date(found.rule, D(start), CALENDAR) == found.due_on
    json.dumps(facts(found))


def test_before_its_notice_2026_gave_another_date() -> None:
    years = [year for year in national_years() if year.year < 2026]
    rows = [row for row in national_rows() if row.on.year < 2026]
    before = compute(ClockRule(RuleKind.WORKING_DAYS, 7), D("2026-02-26"), build_calendar(years, rows))
    assert (before.due_on, before.provisional) == (D("2026-03-09"), True)
    after = due("working_days", 7, "2026-02-26")
    assert (after.due_on, after.provisional) == (D("2026-03-06"), False)


def test_before_the_extension_of_2020_the_date_was_4_february() -> None:
    rows = [row for row in national_rows() if row.on not in (D("2020-01-31"), D("2020-02-01"), D("2020-02-02"))]
    working_saturday = next(row for row in national_rows() if row.on == D("2020-01-19"))
    rows.append(type(working_saturday)(D("2020-02-01"), DayKind.WORK, "春节调休"))
    old = build_calendar(national_years(), rows)
    assert compute(ClockRule(RuleKind.WORKING_DAYS, 7), D("2020-01-20"), old).due_on == D("2020-02-04")


@pytest.mark.parametrize(
    ("rule", "amount", "start", "roll", "provisional"),
    [
        ("working_days", 7, "2026-12-10", "none", False),
        ("working_days", 10, "2026-12-10", "none", False),
        ("working_days", 11, "2026-12-10", "none", True),
        ("working_days", 7, "2026-12-28", "none", True),
        ("calendar_days", 30, "2026-12-28", "none", False),
        ("months", 2, "2026-12-28", "none", False),
        ("months", 2, "2026-12-28", "next_working_day", True),
        ("fixed", None, "2027-05-03", "none", False),
        ("fixed", None, "2027-05-03", "next_working_day", True),
        ("working_days", 0, "2027-05-03", "none", False),
    ],
)
def test_provisional_only_when_an_unannounced_day_was_consulted(
    rule: str, amount: int | None, start: str, roll: str, provisional: bool
) -> None:
    assert due(rule, amount, start, roll).provisional is provisional


@pytest.mark.parametrize(
    ("rule", "amount", "start", "expected"),
    [
        ("calendar_days", 7, "2026-03-02", "2026-03-08"),
        ("working_days", 7, "2026-03-02", "2026-03-10"),
        ("working_days", 1, "2026-03-07", "2026-03-09"),
        ("months", 1, "2026-03-01", "2026-03-31"),
        ("months", 1, "2026-01-31", "2026-02-28"),
        ("months", 1, "2026-03-15", "2026-04-14"),
        ("working_days", 0, "2026-03-02", "2026-03-02"),
    ],
)
def test_the_start_day_can_be_made_the_first_day(rule: str, amount: int, start: str, expected: str) -> None:
    assert due(rule, amount, start, count_start_day=True).due_on == D(expected)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (datetime.fromisoformat("2026-02-26T23:59"), D("2026-02-26")),
        (datetime(2026, 2, 26, 16, 0, tzinfo=UTC), D("2026-02-27")),
        (datetime(2026, 2, 26, 15, 59, tzinfo=UTC), D("2026-02-26")),
        (datetime(2026, 2, 26, 0, 30, tzinfo=timezone(timedelta(hours=9))), D("2026-02-25")),
        (date(2026, 2, 26), D("2026-02-26")),
    ],
)
def test_a_start_is_a_day_in_china(start: date | datetime, day: date) -> None:
    assert compute(ClockRule(RuleKind.CALENDAR_DAYS, 1), start, CALENDAR).start_on == day


@pytest.mark.parametrize(
    ("start", "counted_from", "expected"),
    [
        (datetime.fromisoformat("2026-03-02T17:30"), "2026-03-02", "2026-03-03"),
        (datetime.fromisoformat("2026-03-02T17:31"), "2026-03-03", "2026-03-04"),
        (datetime.fromisoformat("2026-03-06T18:00"), "2026-03-09", "2026-03-10"),
        (datetime.fromisoformat("2026-03-07T09:00"), "2026-03-09", "2026-03-10"),
        (date(2026, 3, 7), "2026-03-09", "2026-03-10"),
    ],
)
def test_receipt_after_hours_can_count_as_the_next_working_day(
    start: date | datetime, counted_from: str, expected: str
) -> None:
    rule = ClockRule(RuleKind.WORKING_DAYS, 1, after_hours_cutoff=time(17, 30))
    found = compute(rule, start, CALENDAR)
    assert (found.start_on, found.due_on) == (D(counted_from), D(expected))


MONTH_FROM_RECEIPT = ClockRule(
    RuleKind.MONTHS, 1, start_event="acknowledged", roll=Roll.NEXT, deemed_receipt_after=1, article="第十条"
)


@pytest.mark.parametrize(
    ("signed", "start", "deemed"),
    [
        (None, "2026-10-08", True),
        ("2026-09-30", "2026-09-30", False),
        ("2026-10-08", "2026-10-08", False),
        ("2026-10-12", "2026-10-08", True),
    ],
)
def test_not_signing_does_not_stop_the_clock(signed: str | None, start: str, deemed: bool) -> None:
    events: Mapping[str, date | None] = {"dispatched": D("2026-09-30"), "acknowledged": D(signed) if signed else None}
    found = compute_from_events(MONTH_FROM_RECEIPT, events, CALENDAR)
    assert found is not None
    assert found.start_on == D(start)
    assert found.receipt is not None
    assert found.receipt.deemed is deemed
    assert found.consulted is not None
    assert found.consulted[0] <= D("2026-10-01")


def test_a_clock_waits_for_its_event() -> None:
    report = ClockRule(RuleKind.ON_EVENT, 3, start_event="closed", stage="rectification_result")
    assert compute_from_events(report, {"dispatched": D("2026-03-02")}, CALENDAR) is None
    assert compute_from_events(MONTH_FROM_RECEIPT, {}, CALENDAR) is None
    found = compute_from_events(report, {"closed": D("2026-03-02")}, CALENDAR)
    assert found is not None
    assert found.due_on == D("2026-03-05")
    fixed = compute_from_events(ClockRule(RuleKind.FIXED), {"fixed": D("2026-03-07")}, CALENDAR)
    assert fixed is not None
    assert fixed.due_on == D("2026-03-07")


PAUSES = [
    ("f counts as paused, t runs again", "working_days", 7, "2026-03-02", [("2026-03-04", "2026-03-06")], "2026-03-13"),
    ("f = t is nothing", "working_days", 7, "2026-03-02", [("2026-03-04", "2026-03-04")], "2026-03-11"),
    (
        "a pause of rest days costs none",
        "working_days",
        7,
        "2026-03-02",
        [("2026-03-07", "2026-03-09")],
        "2026-03-11",
    ),
    ("days count too", "calendar_days", 7, "2026-03-02", [("2026-03-04", "2026-03-06")], "2026-03-11"),
    (
        "overlapping pauses merge",
        "calendar_days",
        7,
        "2026-03-02",
        [("2026-03-04", "2026-03-06"), ("2026-03-05", "2026-03-07")],
        "2026-03-12",
    ),
    (
        "the part up to the start is void",
        "calendar_days",
        7,
        "2026-03-02",
        [("2026-02-20", "2026-03-05")],
        "2026-03-11",
    ),
    (
        "a pause after the date is void",
        "calendar_days",
        7,
        "2026-03-02",
        [("2026-03-10", "2026-03-20")],
        "2026-03-09",
    ),
    ("a pause on the last day counts", "calendar_days", 7, "2026-03-02", [("2026-03-09", "2026-03-10")], "2026-03-10"),
    ("a month grows by the pause", "months", 1, "2026-03-02", [("2026-03-10", "2026-03-20")], "2026-04-12"),
    (
        "a pause reached only through an earlier one",
        "months",
        1,
        "2026-03-02",
        [("2026-04-05", "2026-04-08"), ("2026-03-10", "2026-03-20")],
        "2026-04-15",
    ),
    ("a fixed date is not moved", "fixed", None, "2026-03-20", [("2026-03-10", "2026-03-30")], "2026-03-20"),
]


@pytest.mark.parametrize(
    ("rule", "amount", "start", "pauses", "expected"), [c[1:] for c in PAUSES], ids=[c[0] for c in PAUSES]
)
def test_pause(rule: str, amount: int | None, start: str, pauses: list[tuple[str, str]], expected: str) -> None:
    stops = [Standstill(D(stopped), D(resumed)) for stopped, resumed in pauses]
    assert compute(ClockRule(RuleKind(rule), amount), D(start), CALENDAR, pauses=stops).due_on == D(expected)


def test_a_date_that_would_roll_into_a_standstill_waits_for_its_end() -> None:
    rule = ClockRule(RuleKind.CALENDAR_DAYS, 5, roll=Roll.NEXT)
    stop = [Standstill(D("2026-03-09"), D("2026-03-14"))]
    found = compute(rule, D("2026-03-02"), CALENDAR, pauses=stop)
    assert (found.raw_on, found.due_on) == (D("2026-03-07"), D("2026-03-16"))


def test_merged_pauses_are_clipped_ordered_and_never_empty() -> None:
    stops = [
        Standstill(D("2026-03-09"), D("2026-03-12")),
        Standstill(D("2026-02-01"), D("2026-03-05")),
        Standstill(D("2026-03-12"), D("2026-03-13")),
        Standstill(D("2026-03-20"), D("2026-03-20")),
    ]
    assert merged_pauses(stops, D("2026-03-02")) == (
        Standstill(D("2026-03-03"), D("2026-03-05")),
        Standstill(D("2026-03-09"), D("2026-03-13")),
    )


MONTHLY = [
    "2025-10-09",
    "2025-11-05",
    "2025-12-05",
    *(f"2026-{day}" for day in ("01-05", "02-05", "03-05", "04-07", "05-06")),
]


def test_monthly_reports_by_the_fifth() -> None:
    schedule = Schedule(Every.MONTH, 5, roll=Roll.NEXT)
    assert occurrences(schedule, D("2025-09-20"), D("2026-05-31"), CALENDAR) == [D(day) for day in MONTHLY]
    back = Schedule(Every.MONTH, 5, roll=Roll.PREVIOUS)
    assert occurrences(back, D("2025-09-20"), D("2025-10-31"), CALENDAR) == [D("2025-09-30")]
    assert occurrences(back, D("2025-09-20"), D("2025-09-30"), CALENDAR) == [D("2025-09-30")]


@pytest.mark.parametrize(
    ("schedule", "until", "expected"),
    [
        (Schedule(Every.WEEK, 5), "2026-03-20", ["2026-03-06", "2026-03-13", "2026-03-20"]),
        (Schedule(Every.MONTH, 31), "2026-05-01", ["2026-03-31", "2026-04-30"]),
        (
            Schedule(Every.QUARTER, 20, month_in_period=3),
            "2026-12-31",
            [f"2026-{month}-20" for month in ("03", "06", "09", "12")],
        ),
        (Schedule(Every.HALF_YEAR, 99, month_in_period=99), "2026-12-31", ["2026-06-30", "2026-12-31"]),
        (Schedule(Every.YEAR, 99, month_in_period=12), "2027-01-31", ["2026-12-31"]),
        (Schedule(Every.MONTH, 5, first_not_within=5), "2026-05-01", ["2026-04-05"]),
    ],
)
def test_reports_that_come_round(schedule: Schedule, until: str, expected: list[str]) -> None:
    assert occurrences(schedule, D("2026-03-02"), D(until), CALENDAR) == [D(day) for day in expected]


def said(key: str, rule: str = "working_days", amount: int | None = 7, **more: Any) -> DeadlineRule:
    stage = more.pop("stage", "result")
    start = more.pop("start_event", "dispatched")
    return DeadlineRule(key=key, article="第一条", stage=stage, rule=rule, amount=amount, start_event=start, **more)


RULES = [
    said("default", "months", 1),
    said("instruction", sources=("leader_instruction",)),
    said("urgent_instruction", amount=2, sources=("leader_instruction",), urgencies=("urgent", "critical")),
    said("urgent", amount=3, urgencies=("urgent",)),
    said("media_feedback", "calendar_days", stage="first_feedback", sources=("media",)),
    said("in_session", "months", 3, sources=("suggestion",), sessions=("in_session",)),
    said("between", "months", 2, sources=("suggestion",), sessions=("between_sessions",)),
    said("office_led", amount=20, sources=("suggestion",), sessions=("in_session",), handling_modes=("office_led",)),
]


@pytest.mark.parametrize(
    ("choice", "stage", "key"),
    [
        (ClockChoice("meeting", "normal", "own"), "result", "default"),
        (ClockChoice("leader_instruction", "normal", "own"), "result", "instruction"),
        (ClockChoice("leader_instruction", "urgent", "own"), "result", "urgent_instruction"),
        (ClockChoice("leader_instruction", "critical", "own"), "result", "urgent_instruction"),
        (ClockChoice("meeting", "urgent", "own"), "result", "urgent"),
        (ClockChoice("media", "normal", "own"), "first_feedback", "media_feedback"),
        (ClockChoice("meeting", "normal", "own"), "first_feedback", None),
        (ClockChoice("suggestion", "normal", "own"), "result", "default"),
        (ClockChoice("suggestion", "normal", "own", session="in_session"), "result", "in_session"),
        (ClockChoice("suggestion", "normal", "own", session="between_sessions"), "result", "between"),
        (ClockChoice("suggestion", "normal", "own", "office_led", "in_session"), "result", "office_led"),
    ],
)
def test_the_most_specific_rule_is_chosen(choice: ClockChoice, stage: str, key: str | None) -> None:
    rule = choose_rule(RULES, stage, choice)
    assert (rule.key if rule else None) == key


def test_of_equally_specific_rules_the_earlier_is_chosen() -> None:
    first = said("a", "months", 1, urgencies=("urgent",))
    second = said("b", "months", 2, origin_levels=("superior",))
    for rules in ([first, second], [second, first]):
        assert choose_rule(rules, "result", ClockChoice("any", "urgent", "superior")) is rules[0]


def test_a_date_the_matter_states_wins_and_without_one_the_fixed_rule_gives_way() -> None:
    rules = [said("month", "months", 1, sources=("media",)), said("stated", "fixed", None)]
    stated = ClockChoice("media", "normal", "own", stated_due_on=D("2026-03-20"))
    assert choose_rule(rules, "result", stated) is rules[1]
    assert choose_rule(rules, "result", ClockChoice("media", "normal", "own")) is rules[0]


def test_a_media_clock_is_narrower_than_the_usual_one_and_only_for_what_was_exposed() -> None:
    rules = [said("usual"), said("exposed", amount=3, exposed_only=True)]
    exposed = ClockChoice("media", "normal", "own", exposed_on=D("2026-03-02"))
    assert choose_rule(rules, "result", exposed) is rules[1]
    assert choose_rule(rules, "result", ClockChoice("media", "normal", "own")) is rules[0]


@pytest.mark.parametrize(
    ("urgency", "due_on"), [("normal", "2026-03-09"), ("urgent", "2026-03-04"), ("critical", "2026-03-02")]
)
def test_a_range_is_settled_by_urgency_and_nothing_means_the_same_day(urgency: str, due_on: str) -> None:
    rules = [said("range", amount=5, amounts={"urgent": 2, "critical": 0})]
    rule = rule_of_stage(rules, "result", ClockChoice("meeting", urgency, "own"))
    assert rule is not None
    assert compute(rule, D("2026-03-02"), CALENDAR).due_on == D(due_on)


def test_what_is_said_only_for_the_urgent_breaks_nothing_for_the_others() -> None:
    rules = [said("urgent", amount=None, amounts={"urgent": 1}, urgencies=("urgent",)), said("usual")]
    rule = rule_of_stage(rules, "result", ClockChoice("meeting", "normal", "own"))
    assert rule is not None and rule.key == "usual"


def test_a_rule_of_the_profile_becomes_a_clock() -> None:
    told = DeadlineRule(
        key="default",
        article="第十条",
        stage="result",
        rule="months",
        amount=1,
        start_event="acknowledged",
        roll="next_working_day",
        deemed_receipt_after=1,
        yellow_days=5,
        sources=("media",),
    )
    rule = clock_rule(told)
    assert rule == ClockRule(
        RuleKind.MONTHS,
        1,
        start_event="acknowledged",
        roll=Roll.NEXT,
        deemed_receipt_after=1,
        yellow_days=5,
        article="第十条",
        key="default",
    )
    waiting = told.model_copy(update={"rule": "on_event", "amount": None, "start_event": "reported"})
    assert clock_rule(waiting).amount == 0


@pytest.mark.parametrize(
    ("rule", "amount", "start", "roll", "code"),
    [
        ("working_days", -1, "2026-03-02", "none", "amount_negative"),
        ("calendar_days", 5001, "2026-03-02", "none", "amount_too_large"),
        ("working_days", 10_000, "2026-03-02", "none", "amount_too_large"),
        ("months", None, "2026-03-02", "none", "amount_missing"),
        ("calendar_days", 7, "2003-12-31", "none", "start_too_early"),
        ("fixed", None, "2003-12-31", "none", "start_too_early"),
        ("working_days", 1, "2028-12-29", "none", "year_not_covered"),
        ("working_days", 5000, "2026-03-02", "none", "year_not_covered"),
        ("fixed", None, "2031-03-02", "next_working_day", "year_not_covered"),
        ("calendar_days", 5000, "9998-03-02", "none", "date_too_far"),
        ("months", 5000, "9900-03-02", "none", "date_too_far"),
    ],
)
def test_refused(rule: str, amount: int | None, start: str, roll: str, code: str) -> None:
    with pytest.raises(DeadlineError) as refusal:
        due(rule, amount, start, roll)
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


def test_a_dispatch_before_the_calendar_is_refused_whether_it_was_signed_for_or_not() -> None:
    for signed in (None, D("2004-01-05")):
        with pytest.raises(DeadlineError) as refusal:
            settle_receipt(1, D("2003-12-31"), signed, CALENDAR)
        assert refusal.value.code == "start_too_early"


def test_a_date_beyond_the_calendar_that_needs_no_working_day_is_taken() -> None:
    assert due("fixed", None, "2030-12-31").due_on == D("2030-12-31")
    assert due("months", 60, "2026-03-02").due_on == D("2031-03-02")


def test_unknown_words_are_refused() -> None:
    with pytest.raises(DeadlineError, match="decades"):
        ClockRule("decades", 3)  # type: ignore[arg-type]
    with pytest.raises(DeadlineError, match="sideways"):
        ClockRule(RuleKind.MONTHS, 3, roll="sideways")  # type: ignore[arg-type]


def test_no_announced_year_gives_no_date() -> None:
    with pytest.raises(DeadlineError, match="empty"):
        build_calendar([CalendarYear(2026, YearStatus.UNANNOUNCED)])
