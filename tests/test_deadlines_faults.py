"""Deadline rules that say nonsense are refused at their place; the shipped ones, and sensible ones like them, are not."""

from __future__ import annotations

from typing import Any

import pytest

from app.jurisdictions.rules import faults
from tests.other_rules import changed
from tests.world import folder

RULE = {
    "key": "one",
    "article": "第十条",
    "stage": "result",
    "rule": "working_days",
    "amount": 5,
    "start_event": "dispatched",
}
MONTHLY = RULE | {"stage": "progress", "rule": "periodic", "amount": None, "schedule": {"every": "month", "day": 5}}


def told(**rule: Any) -> list[tuple[str, str]]:
    """The faults of 华容区's profile with one more rule, those of that rule only."""
    profile = folder("huarong").profile
    rules = [one.model_dump(mode="json", exclude_defaults=True) for one in profile.deadline_rules]
    more = {name: value for name, value in (RULE | rule).items() if value is not None}
    found = faults(changed(profile, deadline_rules=[*rules, more]))
    place = f"deadline_rules[{len(rules)}]."
    return [(one.path.removeprefix(place), one.code) for one in found if one.path.startswith(place)]


@pytest.mark.parametrize(
    ("rule", "place", "code"),
    [
        ({"amount": None}, "amount", "amount_missing"),
        ({"amount": None, "amounts": {"urgent": 2}}, "amount", "amount_missing"),
        ({"amount": None, "rule": "day_of_year"}, "day_of_year", "day_missing"),
        ({"day_of_year": {"month": 6, "day": 30}}, "day_of_year", "day_misplaced"),
        ({"rule": "hours", "amount": 0}, "amount", "hours_zero"),
        ({"rule": "hours", "amounts": {"critical": 0}}, "amount", "hours_zero"),
        ({"rule": "hours", "after_hours_cutoff": "17:30"}, "after_hours_cutoff", "hours_by_the_clock"),
        ({"rule": "hours", "due_time": "17:30"}, "due_time", "hours_by_the_clock"),
        ({"rule": "hours", "count_start_day": True}, "count_start_day", "hours_by_the_clock"),
        ({"rule": "fixed", "amount": None, "stage": "rework"}, "stage", "fixed_stage"),
        ({"start_event": "completed"}, "start_event", "never_starts"),
        ({"start_event": "returned"}, "start_event", "never_starts"),
        ({"stage": "after_completion", "start_event": "reported"}, "start_event", "never_starts"),
        ({"stage": "acknowledgement", "start_event": "acknowledged"}, "start_event", "never_starts"),
        ({"deemed_receipt_after": 1}, "deemed_receipt_after", "deemed_misplaced"),
        (MONTHLY | {"stage": "result"}, "stage", "periodic_stage"),
        (MONTHLY | {"schedule": {"every": "week", "day": 8}}, "schedule.day", "beyond_the_week"),
        (
            MONTHLY | {"schedule": {"every": "quarter", "day": 5, "month_in_period": 4}},
            "schedule.month_in_period",
            "beyond_the_period",
        ),
    ],
)
def test_nonsense_is_refused_at_its_place(rule: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in told(**rule)


@pytest.mark.parametrize(
    "rule",
    [
        {"amount": None, "amounts": {"urgent": 2}, "urgencies": ["urgent"]},
        {"amount": 5, "amounts": {"critical": 0}},
        {"rule": "hours", "amount": 24},
        {"rule": "day_of_year", "amount": None, "day_of_year": {"month": 2, "day": 31}},
        {"start_event": "acknowledged", "deemed_receipt_after": 1, "after_hours_cutoff": "17:30", "due_time": "17:30"},
        {"stage": "after_completion", "start_event": "completed"},
        {"sessions": ["in_session"], "handling_modes": ["transferred"]},
        MONTHLY,
        MONTHLY | {"schedule": {"every": "half_year", "day": 31, "month_in_period": 6}},
    ],
)
def test_what_other_regulations_say_is_taken(rule: dict[str, Any]) -> None:
    assert told(**rule) == []
