"""The words under a date: what they say in each situation, and that the stored record is enough to say them."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from app.deadlines.data import built_in_calendar
from app.deadlines.queries import explanation
from app.deadlines.rules import ClockRule, Roll, RuleKind, Standstill, compute, compute_from_events, describe, facts
from app.deadlines.rules.errors import SENTENCES

CALENDAR = built_in_calendar()
D = date.fromisoformat


def said(rule: ClockRule, start: str, *pauses: Standstill) -> list[str]:
    record = json.loads(json.dumps(facts(compute(rule, D(start), CALENDAR, pauses=pauses))))
    sentences = explanation(record)
    assert sentences == [msgid % params for msgid, params in describe(record)]
    return sentences


def test_seven_working_days_over_two_festivals() -> None:
    rule = ClockRule(RuleKind.WORKING_DAYS, 7, article="第四条第三项")
    assert said(rule, "2026-09-24")[:-1] == [
        "Basis: 第四条第三项.",
        "The clock starts on 2026-09-24, the day of dispatch.",
        "The period is 7 working days; weekends and holidays are not counted.",
        "The day of the start is not counted.",
        "Not counted: 中秋节, 2026-09-25 to 2026-09-27, 3 days.",
        "Not counted: 国庆节, 2026-10-01 to 2026-10-07, 7 days.",
        "Not counted: ordinary weekend days, 1.",
        "Counted although on a weekend: 2026-10-10, a working day in exchange for a holiday (国庆节调休).",
        "The period ends on 2026-10-12.",
    ]


def test_the_last_sentence_names_the_calendar() -> None:
    assert said(ClockRule(RuleKind.FIXED), "2026-03-05")[-1] == f"Calendar version {CALENDAR.version}."


@pytest.mark.parametrize(
    ("rule", "start", "sentence"),
    [
        (ClockRule(RuleKind.FIXED), "2026-10-04", "2026-10-04 was fixed for this matter."),
        (ClockRule(RuleKind.FIXED), "2026-10-04", "A rest day does not move this date."),
        (
            ClockRule(RuleKind.CALENDAR_DAYS, 7, roll=Roll.NEXT),
            "2026-09-24",
            "2026-10-01 is a rest day, so the date moves to the next working day, 2026-10-08.",
        ),
        (
            ClockRule(RuleKind.CALENDAR_DAYS, 7, roll=Roll.PREVIOUS),
            "2026-09-24",
            "2026-10-01 is a rest day, so the date moves to the working day before it, 2026-09-30.",
        ),
        (ClockRule(RuleKind.MONTHS, 1), "2026-01-31", "The month has no day 31, so the period ends on its last day."),
        (ClockRule(RuleKind.WORKING_DAYS, 0), "2026-03-02", "It is due on the day of the start itself."),
        (
            ClockRule(RuleKind.WORKING_DAYS, 7, count_start_day=True),
            "2026-03-02",
            "The day of the start is counted.",
        ),
        (
            ClockRule(RuleKind.WORKING_DAYS, 7, after_hours_cutoff=time(17, 30)),
            "2026-03-07",
            "It arrived on 2026-03-07 after hours or on a rest day and counts as received on 2026-03-09.",
        ),
        (
            ClockRule(RuleKind.WORKING_DAYS, 7),
            "2026-12-30",
            "Provisional: the holidays of 2027 are not announced yet.",
        ),
        (
            ClockRule(RuleKind.WORKING_DAYS, 3),
            "2026-12-24",
            "Provisional: the notice for the next year may still change the last days of December.",
        ),
        (
            ClockRule(RuleKind.WORKING_DAYS, 3, start_event="stage_done:scheme"),
            "2026-03-02",
            "The clock starts on 2026-03-02.",
        ),
        (ClockRule(RuleKind.WORKING_DAYS, 3), "2026-04-03", "Not counted: 清明节, 2026-04-04 to 2026-04-06, 3 days."),
    ],
)
def test_what_is_said(rule: ClockRule, start: str, sentence: str) -> None:
    assert sentence in said(rule, start)


def test_a_standstill_is_told() -> None:
    stop = Standstill(D("2026-03-04"), D("2026-03-06"))
    sentences = said(ClockRule(RuleKind.WORKING_DAYS, 7), "2026-03-02", stop)
    assert "The clock stood still from 2026-03-04 until it ran again on 2026-03-06." in sentences


def test_deemed_receipt_is_told() -> None:
    rule = ClockRule(RuleKind.MONTHS, 1, start_event="acknowledged", roll=Roll.NEXT, deemed_receipt_after=1)
    due = compute_from_events(rule, {"dispatched": D("2026-09-30")}, CALENDAR)
    assert due is not None
    sentences = explanation(facts(due))
    wanted = "Unsigned by 2026-10-08, it counts as received then: 1 working days after dispatch on 2026-09-30."
    assert sentences[0] == wanted


def test_every_refusal_says_what_to_do() -> None:
    assert all(sentence.count(". ") or sentence.endswith("yet (%(event)s).") for sentence in SENTENCES.values())
