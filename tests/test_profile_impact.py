"""Before publishing, the report says what would change for new matters and for which, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.deadlines.data import built_in_calendar
from app.jurisdictions.rules import Profile, parse_profile
from app.matters.presenting.impact import ImpactTeller
from app.matters.rules.impact import Impact, Trial, impact
from tests.test_profile_comparing import changed, step
from tests.world import FOLDERS, folder


def told(app: Any, left: Profile, right: Profile) -> tuple[Impact, dict[str, list[str]]]:
    """The report in Chinese: for which matters, what."""
    found = impact(left, right)
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        groups = ImpactTeller(left, right).groups(found)
    return found, {
        group.matters: [f"{line.about}：{line.before} → {line.after}" for line in group.lines] for group in groups
    }


@pytest.mark.parametrize("slug", FOLDERS)
def test_the_same_rules_change_nothing(slug: str) -> None:
    found = impact(folder(slug).profile, folder(slug).profile)
    assert found.groups == ()
    assert len(found.universe) >= 3 * 2 * len(folder(slug).profile.matter_sources)


def test_a_steps_own_time_changes_for_all(app: Any) -> None:
    left, right = changed(lambda data: step(data, "approval")["limit"].update(amount=1))
    _found, said = told(app, left, right)
    assert list(said) == ["全部事项"]
    assert len(said["全部事项"]) == 1
    assert said["全部事项"][0].startswith("审批 · ")
    assert "2" in said["全部事项"][0].split("→")[0]
    assert "1" in said["全部事项"][0].split("→")[1]


def test_a_clock_for_one_source_and_urgency_concerns_these_alone(app: Any) -> None:
    rule = {
        "key": "urgent_petition",
        "article": "第十条",
        "stage": "result",
        "rule": "working_days",
        "amount": 5,
        "start_event": "dispatched",
        "sources": ["petition"],
        "urgencies": ["urgent", "critical"],
    }
    left, right = changed(lambda data: data["deadline_rules"].append(rule))
    found, said = told(app, left, right)
    (facts, changes), *others = found.groups
    assert others == []
    assert {one.source for one in facts} == {"petition"}
    assert {one.urgency for one in facts} == {"urgent", "critical"}
    assert {one.aspect for one in changes} == {"clock", "exposed_clock"} or {one.aspect for one in changes} == {"clock"}
    matters = next(iter(said))
    petition = left.source("petition").short_name
    assert matters.startswith(petition)
    assert "、" in matters.removeprefix(petition)


def test_a_rule_that_only_got_another_name_or_note_changes_nothing() -> None:
    def change(data: dict[str, Any]) -> None:
        data["deadline_rules"][0].update(key="another_key", note="说明")

    left, right = changed(change)
    assert impact(left, right).groups == ()


def test_a_step_that_goes_is_told_by_the_path_and_a_role_by_the_step(app: Any) -> None:
    def change(data: dict[str, Any]) -> None:
        data["procedure"]["steps"] = [one for one in data["procedure"]["steps"] if one["key"] != "closing"]
        step(data, "review")["who"] = [data["roles"][-1]["key"]]

    left, right = changed(change)
    found, said = told(app, left, right)
    assert {one.aspect for _facts, changes in found.groups for one in changes} == {"path", "who"}
    lines = [line for lines in said.values() for line in lines]
    assert any("销号" in line for line in lines)


def test_sources_that_come_and_go_are_named(app: Any) -> None:
    def change(data: dict[str, Any]) -> None:
        data["matter_sources"].pop()
        data["matter_sources"].append(data["matter_sources"][0] | {"key": "hotline", "short_name": "政务热线"})
        data["deadline_rules"] = [
            rule | {"sources": [key for key in rule["sources"] if key != "other"]} if "sources" in rule else rule
            for rule in data["deadline_rules"]
        ]

    left, right = changed(change)
    found = impact(left, right)
    assert (found.new_sources, found.gone_sources) == (("hotline",), ("other",))
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert any("政务热线" in note for note in ImpactTeller(left, right).notes(found))


@pytest.mark.parametrize("left", FOLDERS)
@pytest.mark.parametrize("right", FOLDERS)
def test_every_matter_is_in_exactly_the_groups_whose_changes_concern_it(app: Any, left: str, right: str) -> None:
    found, said = told(app, folder(left).profile, folder(right).profile)
    assert len(said) == len(found.groups)
    for facts, changes in found.groups:
        assert facts <= found.universe
        for change in changes:
            assert change.before != change.after
    again = parse_profile(folder(right).profile.model_dump(mode="json", exclude_defaults=True))
    assert impact(folder(left).profile, again) == found


def test_what_concerns_a_way_of_handling_of_all_sources_is_said_so(app: Any) -> None:
    def change(data: dict[str, Any]) -> None:
        step(data, "dispatch")["limit"] = {"rule": "working_days", "amount": 9}

    left, right = changed(change)
    _found, said = told(app, left, right)
    assert all(matters.startswith("全部来源 · ") for matters in said), said


TRIAL = Trial(dt.date(2026, 12, 7), built_in_calendar())


def test_a_last_day_shows_what_would_be_due_when_and_for_which_matters(app: Any) -> None:
    last = {"day_of_year": {"month": 12, "day": 20}, "sources": ["petition"], "article": "第十条"}
    left, right = changed(lambda data: data.update(last_day=last))
    found = impact(left, right, TRIAL)
    (facts, changes), *others = found.groups
    assert others == []
    assert {one.source for one in facts} == {"petition"}
    assert {(one.aspect, one.subject) for one in changes} >= {("dates", "result")}
    assert all(one.aspect == "dates" for one in changes)
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        (group,) = ImpactTeller(left, right, TRIAL.on).groups(found)
    (line,) = [one for one in group.lines if "2026-12-20" in one.after]
    assert "2027-01" in line.before
    assert "2026-12-07" in line.about


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("extension", {"mode": "none"}),
        ("receipt", {"decline_window_working_days": 9}),
        ("completion", {"document_no_required": False}),
    ],
)
def test_what_holds_for_every_matter_alike_is_told_once(app: Any, section: str, change: dict[str, Any]) -> None:
    left, right = changed(lambda data: data[section].update(change))
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        told = ImpactTeller(left, right, TRIAL.on).conduct()
        same = ImpactTeller(left, left, TRIAL.on).conduct()
    assert same == ()
    (group,) = told
    assert len(group.lines) == 1
    assert group.lines[0].before != group.lines[0].after


@pytest.mark.parametrize("slug", FOLDERS)
def test_the_trial_of_the_same_rules_finds_nothing(slug: str) -> None:
    assert impact(folder(slug).profile, folder(slug).profile, TRIAL).groups == ()
