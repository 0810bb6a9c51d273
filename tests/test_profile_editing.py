"""The form of a profile and the data it means: nothing is lost on the way, nothing strange comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jurisdictions.rules.editing import (
    Kind,
    StrangeForm,
    add_row,
    filled,
    key_for,
    move_row,
    page_shapes,
    read,
    remove_row,
    shape_at,
    shapes_of,
    split_articles,
    with_articles,
)
from app.jurisdictions.rules.folder import read_folder, read_profile
from app.jurisdictions.rules.profile import Approval, DeadlineRule, Profile, Step, dump_profile, parse_profile
from app.jurisdictions.rules.profile.wording import PAGES
from tests.conftest import ROOT

PROFILES = {path.parent.name: path.parent for path in sorted((ROOT / "tenants").glob("**/profile"))}
STEPS = page_shapes(("intake", "handling_modes", "procedure"))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dump_profile(read_profile(ROOT / "tenants/presets/district"))


def profile_in(folder: Path) -> Profile:
    """The profile of a jurisdiction's folder, or of a preset's."""
    loaded = folder / "jurisdiction.yaml"
    return read_folder(folder).profile if loaded.exists() else read_profile(folder)


def kinds(section: Any) -> dict[str, Kind]:
    return {shape.name: shape.kind for shape in shapes_of(section)}


def test_a_field_is_drawn_as_what_it_is() -> None:
    step, rule = kinds(Step), kinds(DeadlineRule)
    assert (step["kind"], step["name"], step["article"]) == (Kind.CHOICE, Kind.TEXT, Kind.ARTICLE)
    assert (step["who"], step["returns_to"], step["limit"]) == (Kind.ENTRIES, Kind.ENTRY, Kind.SWITCHED)
    assert (step["when"], step["key"], step["by_supervising_unit"]) == (Kind.SECTION, Kind.KEPT, Kind.YES_NO)
    assert (rule["amount"], rule["note"], rule["due_time"]) == (Kind.NUMBER, Kind.LONG, Kind.TIME)
    assert kinds(Approval)["roles"] is Kind.ORDERED
    assert kinds(Profile)["attendance"] is Kind.LINES
    assert kinds(Profile)["roles"] is Kind.CARDS
    amount = next(shape for shape in shapes_of(DeadlineRule) if shape.name == "amount")
    assert (amount.low, amount.high, amount.required) == (0, 5000, False)


@pytest.mark.parametrize("place", PROFILES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_that_is_opened_and_saved_changes_nothing(place: str, page: Any) -> None:
    """With the one exception the form makes on purpose: what a role may do is not its to say."""
    profile = profile_in(PROFILES[place])
    document = dump_profile(profile)
    shapes = page_shapes(page.fields)
    data = read(shapes, filled(shapes, document))
    for row, stored in zip(data.get("roles", ()), document["roles"], strict=False):
        row["rights"] = stored["rights"]
    again = {**{name: value for name, value in document.items() if name not in page.fields}, **data}
    assert dump_profile(parse_profile(again)) == document


def test_what_is_typed_stays_as_it_was_typed(document: dict[str, Any]) -> None:
    shapes = page_shapes(("deadline_rules",))
    values = filled(shapes, document)
    values["deadline_rules-0-amount"] = ["三天"]
    values["deadline_rules-1-yellow_days"] = ["１２"]
    values["deadline_rules-1-after_hours_cutoff"] = ["17：30"]
    rules = read(shapes, values)["deadline_rules"]
    assert rules[0]["amount"] == "三天"
    assert (rules[1]["yellow_days"], rules[1]["after_hours_cutoff"]) == (12, "17:30")


@pytest.mark.parametrize("typed", ["2026-3-5", "2026/03/05", "20260305", "2026年3月5日", "２０２６－０３－０５"])
def test_days_are_taken_as_people_write_them(typed: str, document: dict[str, Any]) -> None:
    shapes = page_shapes(("regulation",))
    values = filled(shapes, document) | {"regulation-issued_on": [typed]}
    assert read(shapes, values)["regulation"]["issued_on"] == "2026-03-05"


def test_a_switched_off_part_is_left_out_and_keeps_its_text(document: dict[str, Any]) -> None:
    values = filled(STEPS, document)
    assert read(STEPS, values)["procedure"]["steps"][1]["limit"] == {"rule": "working_days", "amount": 2}
    values["procedure-steps-1-limit-on"] = []
    assert "limit" not in read(STEPS, values)["procedure"]["steps"][1]
    assert values["procedure-steps-1-limit-amount"] == ["2"]


def test_rows_are_added_moved_and_taken_out_with_what_was_typed(document: dict[str, Any]) -> None:
    values = filled(STEPS, document)
    before = [step["name"] for step in document["procedure"]["steps"]]
    grown, row = add_row(STEPS, values, "procedure-steps")
    assert row == f"procedure-steps-{len(before)}"
    grown[f"{row}-name"] = ["会商"]
    moved, row = move_row(grown, row, -1)
    assert row == f"procedure-steps-{len(before) - 1}"
    assert names(moved) == [*before[:-1], "会商", before[-1]]
    assert move_row(moved, "procedure-steps-0", -1) == (moved, "procedure-steps-0")
    assert names(remove_row(moved, row)) == before
    assert names(remove_row(values, "procedure-steps-0")) == before[1:]
    assert add_row(STEPS, values, "intake-paper") == (values, "intake-paper")
    twice, _row = add_row(STEPS, values, "procedure-steps-0-article")
    twice["procedure-steps-0-article"][1] = "第九条"
    assert read(STEPS, twice)["procedure"]["steps"][0]["article"].endswith("、第九条")


def names(values: dict[str, list[str]]) -> list[str]:
    return [step["name"] for step in read(STEPS, values)["procedure"]["steps"]]


def test_keys_are_made_once_and_then_stay(document: dict[str, Any]) -> None:
    values, row = add_row(STEPS, filled(STEPS, document), "procedure-steps")
    values[f"{row}-name"] = ["部门会商"]
    added = read(STEPS, values)["procedure"]["steps"][-1]
    assert added["key"] == "bmhs"
    values[f"{row}-key"], values[f"{row}-name"] = ["bmhs"], ["联合会商"]
    assert read(STEPS, values)["procedure"]["steps"][-1]["key"] == "bmhs"


@pytest.mark.parametrize(
    ("data", "taken", "key"),
    [
        ({"name": "督办通知单"}, [], "dbtzd"),
        ({"name": "督办通知单"}, ["dbtzd", "dbtzd_2"], "dbtzd_3"),
        ({"name": "2026年专项"}, [], "nzx"),
        ({"name": "！？"}, ["step"], "step_2"),
        ({"stage": "result", "rule": "months"}, [], "result_months"),
        ({"name": "督" * 200}, [], "d" * 36),
    ],
)
def test_a_key_is_made_from_the_name(data: dict[str, Any], taken: list[str], key: str) -> None:
    assert key_for(data, "step", taken) == key


@pytest.mark.parametrize(
    "strange",
    [
        {"procedure-steps-0-colour": ["red"]},
        {"procedure-steps-0-name-x": ["y"]},
        {"__proto__": ["x"]},
        {"procedure-steps-9999999-name": ["x"]},
        {"deadline_rules-0-key": ["x"]},
        {"-".join(["procedure"] * 12): ["x"]},
        {f"procedure-steps-{number}-name": ["x"] for number in range(201)},
        {f"procedure-steps-{number % 999}-name{'a' * (number // 999)}": ["x"] for number in range(4100)},
        {"handling_modes": ["x"] * 61},
    ],
)
def test_a_form_that_no_page_sends_is_refused(document: dict[str, Any], strange: dict[str, list[str]]) -> None:
    with pytest.raises(StrangeForm):
        read(STEPS, filled(STEPS, document) | strange)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(filled(STEPS, {}))), st.lists(st.text(max_size=40), max_size=4)))
def test_whatever_is_typed_is_read_or_refused(typed: dict[str, list[str]]) -> None:
    read(STEPS, typed)


def test_a_name_leads_to_its_field_and_nowhere_else() -> None:
    found = shape_at(STEPS, "procedure-steps-3-approval-roles")
    assert found is not None
    assert (found.owner, found.name) == (Approval, "roles")
    for stranger in ("", "procedure-nothing", "deadline_rules", "procedure-steps-3-name-x"):
        assert shape_at(STEPS, stranger) is None


REGULATION = """
某县政务督查办法
第一章　总则
第一条　为加强督查工作，按照第三条的要求，制定本办法。
第二条　督查范围：
（一）上级决策部署；
（二）领导批示。
　　其他事项另行规定。
第二章　程序
第三条 时限
交办后5日内反馈。特殊情况可以延期。第四条　本办法自印发之日起施行。
"""


def test_a_pasted_regulation_is_taken_apart_into_its_articles() -> None:
    found = dict(split_articles(REGULATION))
    assert list(found) == ["第一条", "第二条", "第二条（一）", "第二条（二）", "第三条", "第四条"]
    assert found["第一条"] == "为加强督查工作，按照第三条的要求，制定本办法。"
    assert found["第二条（二）"] == "领导批示。\n其他事项另行规定。"
    assert found["第三条"] == "时限\n交办后5日内反馈。特殊情况可以延期。"
    assert split_articles("没有条文") == []


def test_pasted_articles_take_the_place_of_others_or_join_them() -> None:
    shapes = page_shapes(("regulation",))
    old = {"regulation": {"articles": [{"article": "第一条", "text": "旧"}, {"article": "第九条", "text": "留"}]}}
    replaced, count = with_articles(filled(shapes, old), REGULATION, replace=True)
    assert count == 6
    assert [one["article"] for one in read(shapes, replaced)["regulation"]["articles"]][0::5] == ["第一条", "第四条"]
    joined, _count = with_articles(filled(shapes, old), REGULATION, replace=False)
    articles = {one["article"]: one["text"] for one in read(shapes, joined)["regulation"]["articles"]}
    assert articles["第一条"].startswith("为加强")
    assert articles["第九条"] == "留"
    assert with_articles(filled(shapes, old), "没有条文", replace=True) == (filled(shapes, old), 0)


def test_profiles_are_found() -> None:
    assert len(PROFILES) >= 1
    assert all(Path(path).is_dir() for path in PROFILES.values())
