"""The ways of counting other regulations know: hours, times of the day, a day of the year, a last day, what comes round."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

import pytest

from app.deadlines.data import built_in_calendar
from app.deadlines.queries import explanation
from app.deadlines.rules import (
    ZONE,
    ClockRule,
    DayInYear,
    DeadlineError,
    Due,
    Every,
    LastDay,
    Light,
    Roll,
    RuleKind,
    Schedule,
    Standstill,
    compute,
    compute_contribution,
    compute_from_events,
    compute_occurrence,
    due_date,
    facts,
    light,
)

CALENDAR = built_in_calendar()
D = date.fromisoformat
LAST_DAY = LastDay(DayInYear(8, 31), "第九条")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def words(due: Due) -> list[str]:
    return explanation(json.loads(json.dumps(facts(due))))


# -- hours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "start", "due_at"),
    [
        (24, "2026-03-02T10:30", "2026-03-03T10:30"),
        (48, "2026-03-06T17:00", "2026-03-08T17:00"),  # nights and rest days run too
        (1, "2026-03-02T23:30", "2026-03-03T00:30"),
        (2, "2026-03-02T22:00", "2026-03-03T00:00"),
    ],
)
def test_hours_run_by_the_clock(amount: int, start: str, due_at: str) -> None:
    due = compute(ClockRule(RuleKind.HOURS, amount), wall(start), CALENDAR)
    assert due.due_at == wall(due_at)
    assert f"The hours run from {start.replace('T', ', ')}." in words(due)


def test_hours_from_an_instant_of_another_zone_are_told_on_our_wall() -> None:
    due = compute(ClockRule(RuleKind.HOURS, 24), datetime(2026, 3, 2, 16, 30, tzinfo=UTC), CALENDAR)
    assert (due.start_on, due.due_on, due.due_at) == (D("2026-03-03"), D("2026-03-04"), wall("2026-03-04T00:30"))


def test_midnight_is_the_end_of_the_day_before() -> None:
    due = compute(ClockRule(RuleKind.HOURS, 2), wall("2026-03-02T22:00"), CALENDAR)
    assert due.due_on == D("2026-03-02")
    assert "The hours end on 2026-03-02 at 24:00." in words(due)


def test_hours_from_a_day_without_its_hour_run_from_that_days_end() -> None:
    due = compute(ClockRule(RuleKind.HOURS, 24, start_event="meeting_date"), D("2026-03-02"), CALENDAR)
    assert (due.due_on, due.due_at) == (D("2026-03-03"), wall("2026-03-04T00:00"))
    assert "No hour is known, so the hours run from the end of 2026-03-02." in words(due)


def test_hours_that_end_on_a_rest_day_roll_to_the_same_hour_and_a_pause_puts_whole_days_after() -> None:
    rolling = ClockRule(RuleKind.HOURS, 24, roll=Roll.NEXT)
    assert compute(rolling, wall("2026-03-06T15:00"), CALENDAR).due_at == wall("2026-03-09T15:00")
    pause = Standstill(D("2026-03-03"), D("2026-03-05"))
    due = compute(ClockRule(RuleKind.HOURS, 48), wall("2026-03-02T15:00"), CALENDAR, pauses=[pause])
    assert due.due_at == wall("2026-03-06T15:00")


def test_the_quick_way_to_a_date_agrees_for_every_way_of_counting() -> None:
    rules = [
        ClockRule(RuleKind.HOURS, 30),
        ClockRule(RuleKind.DAY_OF_YEAR, day_of_year=DayInYear(6, 30), roll=Roll.NEXT),
        ClockRule(RuleKind.PERIODIC, schedule=Schedule(Every.MONTH, 5)),
        ClockRule(RuleKind.MONTHS, 9, last_day=LAST_DAY),
    ]
    for rule in rules:
        assert (
            due_date(rule, wall("2026-03-02T10:00"), CALENDAR)
            == compute(rule, wall("2026-03-02T10:00"), CALENDAR).due_on
        )


# -- times of the day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "start_on"),
    [
        ("2026-03-02T17:30", "2026-03-02"),
        ("2026-03-02T17:31", "2026-03-03"),
        ("2026-03-06T18:00", "2026-03-09"),
        ("2026-03-07T09:00", "2026-03-09"),
    ],
)
def test_what_arrives_after_hours_counts_as_the_next_working_day(start: str, start_on: str) -> None:
    rule = ClockRule(RuleKind.WORKING_DAYS, 3, after_hours_cutoff=time(17, 30))
    assert compute(rule, wall(start), CALENDAR).start_on == D(start_on)


@pytest.mark.parametrize(
    ("seen", "lamp"),
    [("2026-03-05T17:30", Light.WARN), ("2026-03-05T17:31", Light.BAD), ("2026-03-04T23:00", Light.WARN)],
)
def test_a_due_time_turns_the_light_at_its_minute(seen: str, lamp: Light) -> None:
    due = compute(ClockRule(RuleKind.WORKING_DAYS, 3, due_time=time(17, 30)), D("2026-03-02"), CALENDAR)
    moment = wall(seen)
    assert due.due_at == wall("2026-03-05T17:30")
    reading = light(due.due_on, moment.date(), CALENDAR, 2, due_at=due.due_at, seen_at=moment)
    assert reading.light is lamp
    assert "On 2026-03-05 it is in time until 17:30." in words(due)


def test_without_a_due_time_the_whole_day_is_in_time() -> None:
    due = compute(ClockRule(RuleKind.WORKING_DAYS, 3), D("2026-03-02"), CALENDAR)
    assert due.due_at is None
    late_in_the_day = light(due.due_on, due.due_on, CALENDAR, 2, due_at=None, seen_at=wall("2026-03-05T23:59"))
    assert late_in_the_day.light is Light.WARN


def test_what_was_finished_after_the_hour_stays_late() -> None:
    late = light(D("2026-03-05"), D("2026-03-09"), CALENDAR, 2, closed_on=D("2026-03-05"),
                 due_at=wall("2026-03-05T17:30"), seen_at=wall("2026-03-05T18:00"))  # fmt: skip
    good = light(D("2026-03-05"), D("2026-03-09"), CALENDAR, 2, closed_on=D("2026-03-05"),
                 due_at=wall("2026-03-05T17:30"), seen_at=wall("2026-03-05T17:00"))  # fmt: skip
    assert (late.late, good.late) == (True, False)


# -- a day of the year, a last day ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "day", "due_on"),
    [
        ("2026-03-02", (6, 30), "2026-06-30"),
        ("2026-06-30", (6, 30), "2027-06-30"),
        ("2026-07-01", (6, 30), "2027-06-30"),
        ("2026-03-02", (2, 31), "2027-02-28"),
        ("2023-03-02", (2, 29), "2024-02-29"),
    ],
)
def test_a_day_of_the_year_is_the_next_such_day(start: str, day: tuple[int, int], due_on: str) -> None:
    due = compute(ClockRule(RuleKind.DAY_OF_YEAR, day_of_year=DayInYear(*day)), D(start), CALENDAR)
    assert due.due_on == D(due_on)
    assert any("comes every year" in sentence for sentence in words(due))


def test_a_day_of_the_year_does_not_move_with_a_pause_and_rolls_where_the_rule_says() -> None:
    rule = ClockRule(RuleKind.DAY_OF_YEAR, day_of_year=DayInYear(5, 31), roll=Roll.PREVIOUS)
    due = compute(rule, D("2026-03-02"), CALENDAR, pauses=[Standstill(D("2026-03-10"), D("2026-04-10"))])
    assert due.due_on == D("2026-05-29")


@pytest.mark.parametrize(
    ("rule", "start", "due_on", "would_be"),
    [
        (ClockRule(RuleKind.MONTHS, 3, last_day=LAST_DAY), "2026-03-02", "2026-06-02", None),
        (ClockRule(RuleKind.MONTHS, 3, last_day=LAST_DAY), "2026-07-10", "2026-08-31", "2026-10-10"),
        (ClockRule(RuleKind.MONTHS, 3, last_day=LAST_DAY), "2026-09-10", "2026-12-10", None),
        (ClockRule(RuleKind.MONTHS, 12, last_day=LAST_DAY), "2026-09-10", "2027-08-31", "2027-09-10"),
        (ClockRule(RuleKind.HOURS, 5000, last_day=LAST_DAY), "2026-03-02", "2026-08-31", "2026-09-27"),
    ],
)
def test_no_result_is_due_after_the_last_day(rule: ClockRule, start: str, due_on: str, would_be: str | None) -> None:
    due = compute(rule, D(start), CALENDAR)
    assert due.due_on == D(due_on)
    sentence = f"No result may be due later than {due_on}, so it is due then and not on {would_be}."
    assert (sentence in words(due)) is (would_be is not None)
    assert ("Basis of the last day: 第九条." in words(due)) is (would_be is not None)
    if would_be:
        assert due.due_at is None


def test_a_stated_date_is_held_back_by_the_last_day_of_the_year_in_which_it_was_dispatched() -> None:
    rule = ClockRule(RuleKind.FIXED, last_day=LAST_DAY)
    for stated, due_on in (("2026-08-20", "2026-08-20"), ("2026-12-20", "2026-08-31"), ("2027-03-01", "2026-08-31")):
        due = compute_from_events(rule, {"dispatched": D("2026-03-02"), "fixed": D(stated)}, CALENDAR)
        assert due is not None
        assert due.due_on == D(due_on)


# -- what comes round, what follows the lead ------------------------------------------------------------------------


def test_a_report_comes_round_by_its_schedule_and_each_period_begins_after_the_last() -> None:
    rule = ClockRule(
        RuleKind.PERIODIC, roll=Roll.NEXT, schedule=Schedule(Every.MONTH, 5, roll=Roll.NEXT, first_not_within=5)
    )
    found = [compute(rule, D("2026-03-02"), CALENDAR)]
    while len(found) < 3:
        found.append(compute_occurrence(rule, D("2026-03-02"), CALENDAR, found[-1].raw_on))
    assert [(one.start_on, one.due_on) for one in found] == [
        (D("2026-03-02"), D("2026-04-07")),  # 5 April is a rest day
        (D("2026-04-06"), D("2026-05-06")),
        (D("2026-05-06"), D("2026-06-05")),
    ]
    assert "A report is due every month, by its day 5; this one is for 2026-04-05." in words(found[0])
    assert "No report is due yet within 5 working days of dispatch on 2026-03-02." in words(found[0])
    assert not any("within 5 working days" in sentence for sentence in words(found[1]))


@pytest.mark.parametrize(
    ("lead", "days", "due_on"),
    [("2026-04-03", 2, "2026-04-01"), ("2026-04-05", 2, "2026-04-01"), ("2026-04-05", 0, "2026-04-05")],
)
def test_an_opinion_is_due_some_working_days_before_the_lead(lead: str, days: int, due_on: str) -> None:
    due = compute_contribution(ClockRule(RuleKind.FIXED), D(lead), days, D("2026-03-02"), CALENDAR)
    assert due.due_on == D(due_on)
    told = words(due)
    assert any(f"The lead unit's date is {lead}" in one and "2 working days before" in one for one in told) is (
        days == 2
    )
    assert not any("was fixed for this matter" in one for one in told)


def test_an_opinion_for_which_no_time_is_left_is_due_with_the_notice() -> None:
    due = compute_contribution(ClockRule(RuleKind.FIXED), D("2026-03-03"), 5, D("2026-03-02"), CALENDAR)
    assert due.due_on == D("2026-03-02")
    assert "So little time is left that the opinion is due on the day of the notice, 2026-03-02." in words(due)


@pytest.mark.parametrize(
    ("rule", "start", "code"),
    [
        (ClockRule(RuleKind.DAY_OF_YEAR, day_of_year=DayInYear(6, 30)), "9999-12-31", "date_too_far"),
        (ClockRule(RuleKind.HOURS, 5000), "9999-12-31", "date_too_far"),
        (ClockRule(RuleKind.PERIODIC, schedule=Schedule(Every.YEAR, 31, 12)), "9999-12-31", "date_too_far"),
        (ClockRule(RuleKind.CALENDAR_DAYS, 1, last_day=LAST_DAY), "9999-11-30", "date_too_far"),
    ],
)
def test_the_end_of_time_is_refused(rule: ClockRule, start: str, code: str) -> None:
    with pytest.raises(DeadlineError) as refusal:
        compute(rule, D(start), CALENDAR)
    assert refusal.value.code == code


@pytest.mark.parametrize(("kind", "code"), [("day_of_year", "day_of_year_missing"), ("periodic", "schedule_missing")])
def test_a_rule_that_does_not_say_its_day_is_refused(kind: str, code: str) -> None:
    with pytest.raises(DeadlineError) as refusal:
        ClockRule(RuleKind(kind))
    assert refusal.value.code == code
