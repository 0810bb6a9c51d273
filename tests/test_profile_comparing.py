"""Two profiles are compared entry by entry, told in words, and taken over one difference at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from app.jurisdictions.presenting.differences import Teller
from app.jurisdictions.rules import Profile, ProfileError, parse_profile
from app.jurisdictions.rules.comparing import adopt, compare
from tests.test_profile_faults import document
from tests.world import FOLDERS, folder


def changed(change: Callable[[dict[str, Any]], Any], slug: str = "huarong") -> tuple[Profile, Profile]:
    """A shipped profile, and the same with something changed."""
    data = document(slug)
    change(data)
    return folder(slug).profile, parse_profile(data)


def step(data: dict[str, Any], key: str) -> dict[str, Any]:
    """A step of a document."""
    return next(one for one in data["procedure"]["steps"] if one["key"] == key)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], list[str]]] = {
    "a field": (
        lambda d: step(d, "approval")["limit"].update(amount=1),
        ["changed:procedure.steps[approval].limit"],
    ),
    "a name": (lambda d: step(d, "review").update(name="核查"), ["changed:procedure.steps[review].name"]),
    "an entry more": (
        lambda d: d["matter_sources"].append(d["matter_sources"][0] | {"key": "hotline"}),
        ["added:matter_sources[hotline]"],
    ),
    "an entry less": (lambda d: d["matter_sources"].pop(), ["removed:matter_sources[other]"]),
    "another place": (
        lambda d: d["matter_sources"].insert(0, d["matter_sources"].pop()),
        ["moved:matter_sources[other]"],
    ),
    "a unit and its number": (
        lambda d: d["deadline_rules"][0].update(rule="calendar_days", amount=9),
        [f"changed:deadline_rules[{document()['deadline_rules'][0]['key']}].amount"],
    ),
    "a section more": (
        lambda d: d.update(last_day={"day_of_year": {"month": 12, "day": 20}, "article": "第九条"}),
        ["added:last_day"],
    ),
    "plain words": (lambda d: d.update(attendance=["例会"]), ["changed:attendance"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_difference_is_found_where_it_is_and_nowhere_else(name: str) -> None:
    change, expected = CHANGES[name]
    left, right = changed(change)
    assert [one.name for one in compare(left, right)] == expected
    assert compare(left, left) == ()
    assert adopt(left, right, expected) == right
    assert adopt(left, right, []) == left


@pytest.mark.parametrize("left", FOLDERS)
@pytest.mark.parametrize("right", FOLDERS)
def test_taking_everything_over_makes_the_two_alike(left: str, right: str) -> None:
    a, b = folder(left).profile, folder(right).profile
    names = [one.name for one in compare(a, b)]
    assert len(names) == len(set(names))
    assert adopt(a, b, names) == b


def test_one_difference_is_taken_over_and_the_others_are_not() -> None:
    def change(data: dict[str, Any]) -> None:
        step(data, "approval").update(name="会签")
        step(data, "review").update(name="核查")
        data["matter_sources"].insert(2, data["matter_sources"][0] | {"key": "hotline", "short_name": "热线"})

    left, right = changed(change)
    taken = adopt(left, right, ["changed:procedure.steps[review].name", "added:matter_sources[hotline]"])
    assert {one.key: one.name for one in taken.procedure.steps}["review"] == "核查"
    assert {one.key: one.name for one in taken.procedure.steps}["approval"] == "审批"
    assert taken.matter_sources[2].key == "hotline"
    assert left == folder("huarong").profile


def test_what_would_be_no_profile_is_not_taken_over() -> None:
    left = folder("huarong").profile
    bare = left.model_copy(update={"matter_sources": (left.matter_sources[0].model_copy(update={"key": "only"}),)})
    with pytest.raises(ProfileError):
        adopt(left, bare, [one.name for one in compare(left, bare) if one.what == "removed"])


def told(app: Any, left: Profile, right: Profile) -> dict[str, str]:
    """What is said of each difference, in Chinese."""
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        groups = Teller(left, right, lambda word: f"权限{word}", "/j/x").groups()
        return {line.place: f"{line.left} → {line.right}（{line.article}）" for group in groups for line in group.lines}


def test_differences_are_told_in_the_offices_own_words(app: Any) -> None:
    def change(data: dict[str, Any]) -> None:
        step(data, "approval")["limit"]["amount"] = 1
        step(data, "approval")["approval"] = {
            "mode": "all_of",
            "roles": [data["roles"][1]["key"], data["roles"][2]["key"]],
        }
        data["deadline_rules"][0]["amount"] = 2
        data["roles"][0]["rights"].append("role:write")

    left, right = changed(change)
    names = [role.name for role in left.roles]
    said = told(app, left, right)
    assert "2 个工作日 → 1 个工作日（第九条（一））" in said.values()
    assert any(f"{names[1]}、{names[2]}" in words for words in said.values())
    assert any(words.startswith("1 个工作日 → 2 个工作日") for words in said.values())
    assert any("权限role:write" in words for words in said.values())
    assert all("审批 · " in place for place in said if "期限" in place and "签收" not in place) or said


@pytest.mark.parametrize("left", FOLDERS)
@pytest.mark.parametrize("right", FOLDERS)
def test_every_difference_of_the_shipped_profiles_says_something(app: Any, left: str, right: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        for group in Teller(folder(left).profile, folder(right).profile, str, "/j/x").groups():
            for line in group.lines:
                assert line.left != line.right, line
                assert line.left or line.right, line


def test_comparing_leaves_both_as_they_were() -> None:
    left, right = folder("huarong").profile, folder("huaian").profile
    before = copy.deepcopy((left, right))
    adopt(left, right, [one.name for one in compare(left, right)])
    assert (left, right) == before


def test_of_a_long_list_only_what_differs_is_told(app: Any) -> None:
    left, right = changed(lambda data: data["roles"][0]["rights"].append("role:write"))
    name = left.roles[0].name
    said = told(app, left, right)
    words = next(line for place, line in said.items() if place.startswith(name))
    assert words.count("权限") == 1
    assert "权限role:write" in words.split(" → ")[1]
