"""A profile that does not hold together is refused with a sentence that names the place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jurisdictions.rules import ProfileError, describe_fault, dump_profile, faults, parse_profile
from app.jurisdictions.rules.folder import profile_files
from app.jurisdictions.rules.reading import FolderError, dump_yaml, read_yaml
from app.jurisdictions.rules.sentences import SENTENCES, Fault, parts_of, path_of
from app.organisation.permissions import RIGHTS
from tests.slips_world import papers, points, slips
from tests.world import folder

Change = Callable[[dict[str, Any]], Any]


def document(slug: str = "huarong") -> dict[str, Any]:
    """A shipped profile as plain data, for spoiling."""
    return copy.deepcopy(dump_profile(folder(slug).profile))


def steps(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a document."""
    found: list[dict[str, Any]] = data["procedure"]["steps"]
    return found


def ladder(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a document's first ladder."""
    found: list[dict[str, Any]] = data["reminders"]["ladders"][0]["steps"]
    return found


def refused(data: dict[str, Any]) -> dict[str, str]:
    """Every place of which something is said, with its code."""
    try:
        found = faults(parse_profile(data), RIGHTS)
    except ProfileError as error:
        found = list(error.faults)
    for fault in found:
        msgid, values = describe_fault(fault)
        assert fault.path in msgid % values
    return {fault.path: fault.code for fault in found}


def again(data: dict[str, Any], key: str, at: int) -> None:
    """A copy of a step, under another key, at a place in the list."""
    step = copy.deepcopy(next(one for one in steps(data) if one["key"] == key))
    step["key"] = f"{key}_again"
    steps(data).insert(at, step)


UNSOUND: dict[str, tuple[Change, str, str]] = {
    "a content to choose where none is listed": (
        lambda d: steps(d)[0]["required_fields"].append("scope"),
        "procedure.steps[0].required_fields[3]",
        "nothing_listed",
    ),
    "a conclusion that nobody can serve": (
        lambda d: (
            d.update(conclusion={"document_type": "supervision_notice", "article": "第十一条"}),
            [role["rights"].remove("matter:review") for role in d["roles"] if "matter:review" in role["rights"]],
        ),
        "conclusion",
        "nobody_concludes",
    ),
    "a review decided on a paper that is none": (
        lambda d: d.update(
            conclusion={
                "document_type": "supervision_notice",
                "review_document_type": "love_letter",
                "article": "第十一条",
            }
        ),
        "conclusion.review_document_type",
        "unknown_document_type",
    ),
    "two beginnings": (lambda d: again(d, "draft", 1), "procedure.steps", "step_twice"),
    "two handlings": (lambda d: again(d, "handling", 5), "procedure.steps", "step_twice"),
    "no beginning": (lambda d: steps(d).pop(0), "procedure.steps[0]", "first_step_not_draft"),
    "no handling": (lambda d: steps(d).pop(4), "procedure.steps", "step_lacking"),
    "never looked at": (lambda d: steps(d).pop(5), "procedure.steps", "step_lacking"),
    "passed on without a paper": (
        lambda d: steps(d)[3]["when"].update(handling_modes=["office_led"]),
        "procedure.steps",
        "step_lacking",
    ),
    "no end": (lambda d: steps(d).pop(), "procedure.steps[6]", "last_step_not_archiving"),
    "an end only for some": (
        lambda d: steps(d)[7].update(when={"urgencies": ["urgent"]}),
        "procedure.steps",
        "dead_end",
    ),
    "a way nobody takes": (
        lambda d: d.update(handling_modes=["self_handled"]),
        "procedure.steps[3].when",
        "unreachable",
    ),
    "filed before handled": (
        lambda d: steps(d).insert(2, steps(d).pop(6)),
        "procedure.steps[2]",
        "order",
    ),
    "dispatched after handling": (lambda d: steps(d).insert(4, steps(d).pop(3)), "procedure.steps[4]", "order"),
    "looked at after closing": (lambda d: steps(d).insert(6, steps(d).pop(5)), "procedure.steps[6]", "order"),
    "a return in a circle": (
        lambda d: steps(d)[1].update(returns_to="approval"),
        "procedure.steps[1].returns_to",
        "returns_forward",
    ),
    "a return to nowhere": (
        lambda d: steps(d)[1].update(returns_to="attic"),
        "procedure.steps[1].returns_to",
        "unknown_step",
    ),
    "a role nobody can hold": (
        lambda d: steps(d)[1]["approval"]["roles"].append("emperor"),
        "procedure.steps[1].approval.roles[2]",
        "unknown_role",
    ),
    "a role that may not": (
        lambda d: steps(d)[1]["approval"]["roles"].append("archivist"),
        "procedure.steps[1].approval.roles[2]",
        "role_without_right",
    ),
    "nobody": (lambda d: steps(d)[2].pop("who"), "procedure.steps[2].who", "nobody"),
    "an approval by nobody": (lambda d: steps(d)[1].pop("approval"), "procedure.steps[1]", "approval_missing"),
    "a decision where none is made": (
        lambda d: steps(d)[2].update(approval={"mode": "any_of", "roles": ["office_leader"]}),
        "procedure.steps[2]",
        "approval_misplaced",
    ),
    "the same key twice": (
        lambda d: steps(d)[2].update(key="approval"),
        "procedure.steps[2].key",
        "doubled",
    ),
    "the same role twice at a step": (
        lambda d: steps(d)[0].update(who=["inspector", "inspector"]),
        "procedure.steps[0].who[1]",
        "doubled",
    ),
    "two roles of one name": (lambda d: d["roles"][1].update(name="督查员"), "roles[1].name", "doubled"),
    "a field matters do not have": (
        lambda d: steps(d)[0]["required_fields"].append("shoe_size"),
        "procedure.steps[0].required_fields[3]",
        "unknown_field",
    ),
    "a file of no kind": (
        lambda d: steps(d)[3]["required_attachments"].append("film"),
        "procedure.steps[3].required_attachments[1]",
        "unknown_attachment",
    ),
    "a source that is not there": (
        lambda d: steps(d)[3]["when"].update(sources=["gossip"]),
        "procedure.steps[3].when.sources[0]",
        "unknown_source",
    ),
    "a clock for no source": (
        lambda d: d["deadline_rules"][2].update(sources=["gossip"]),
        "deadline_rules[2].sources[0]",
        "unknown_source",
    ),
    "a clock without an amount": (
        lambda d: d["deadline_rules"][2].pop("amount"),
        "deadline_rules[2].amount",
        "amount_missing",
    ),
    "a source without a deadline": (
        lambda d: d.update(deadline_rules=[rule | {"sources": ["other"]} for rule in d["deadline_rules"]]),
        "deadline_rules",
        "no_default_deadline",
    ),
    "a reminder to nobody known": (
        lambda d: ladder(d)[0].setdefault("to_unit", []).append("emperor"),
        "reminders.ladders[0].steps[0].to_unit[1]",
        "unknown_role",
    ),
    "a reminder to nobody": (
        lambda d: ladder(d)[0].pop("to_unit"),
        "reminders.ladders[0].steps[0]",
        "tells_nobody",
    ),
    "a reminder within the unit to a role of the office": (
        lambda d: ladder(d)[0].update(to_unit=["inspector"]),
        "reminders.ladders[0].steps[0].to_unit[0]",
        "role_without_right",
    ),
    "a reminder to the office that would go to every unit": (
        lambda d: ladder(d)[0].update(to_office=["unit_leader"]),
        "reminders.ladders[0].steps[0].to_office[0]",
        "role_without_right",
    ),
    "a step before the date that lies after it": (
        lambda d: ladder(d)[1].update(offset=1),
        "reminders.ladders[0].steps[1].offset",
        "offset_after",
    ),
    "a step after the date that lies on it": (
        lambda d: ladder(d)[3].update(offset=0),
        "reminders.ladders[0].steps[3].offset",
        "offset_not_after",
    ),
    "a step before the light turns": (
        lambda d: ladder(d)[0].update(offset=-1),
        "reminders.ladders[0].steps[0].offset",
        "offset_before",
    ),
    "a step before the date that comes again": (
        lambda d: ladder(d)[1].update(every=1),
        "reminders.ladders[0].steps[1].every",
        "repeats_before_due",
    ),
    "a bulletin about what is not late": (
        lambda d: ladder(d)[2].update(bulletin_candidate=True),
        "reminders.ladders[0].steps[2].bulletin_candidate",
        "bulletin_before_overdue",
    ),
    "two steps of one day": (
        lambda d: ladder(d)[4].update(offset=1),
        "reminders.ladders[0].steps[4]",
        "step_of_same_day",
    ),
    "a deadline with a ladder that is not there": (
        lambda d: d["deadline_rules"][0].update(ladder="rope"),
        "deadline_rules[0].ladder",
        "unknown_ladder",
    ),
    "own clocks with a ladder that is not there": (
        lambda d: d["reminders"].update(own_ladder="rope"),
        "reminders.own_ladder",
        "unknown_ladder",
    ),
    "a number before its step": (
        lambda d: d["numbering"].update(at_step="draft"),
        "numbering.at_step",
        "numbering_step",
    ),
    "numbering without its article": (lambda d: d["numbering"].pop("article"), "numbering.article", "article_missing"),
    "a number without its year": (
        lambda d: d["document_types"][0].update(number_pattern="第{no}号"),
        "document_types[0].number_pattern",
        "number_pattern",
    ),
    "a number that computes": (
        lambda d: d["document_types"][0].update(number_pattern="{year}{no}{no.__class__}"),
        "document_types[0].number_pattern",
        "number_pattern",
    ),
    "two series with the same numbers": (
        lambda d: d["document_types"][1].update(number_pattern=d["document_types"][0]["number_pattern"]),
        "document_types[1].number_pattern",
        "number_collides",
    ),
    "an article the regulation does not have": (
        lambda d: steps(d)[0].update(article="第九十九条"),
        "procedure.steps[0].article",
        "unknown_article",
    ),
    "a right that is none": (
        lambda d: d["roles"][0]["rights"].insert(0, "platform:write"),
        "roles[0].rights[0]",
        "unknown_right",
    ),
    "a scheme nobody draws up": (
        lambda d: d["dispatch"].update(scheme_required=True),
        "procedure.steps",
        "step_lacking",
    ),
    "an extension answered by who may not decide": (
        lambda d: d["extension"].update(
            mode="approval", max_times=1, approval={"mode": "any_of", "roles": ["office_leader", "archivist"]}
        ),
        "extension.approval.roles[1]",
        "role_without_right",
    ),
    "a declining that nobody could sign": (
        lambda d: (
            d["receipt"].update(decline_signed_by_leader=True),
            [
                role["rights"].remove("matter:sign_report")
                for role in d["roles"]
                if "matter:sign_report" in role["rights"]
            ],
        ),
        "receipt.decline_signed_by_leader",
        "nobody_signs",
    ),
    "lateness explained by no article": (
        lambda d: d["extension"].pop("article"),
        "extension.article",
        "article_missing",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_what_does_not_hold_together_is_refused(name: str) -> None:
    spoil, place, code = UNSOUND[name]
    data = document()
    spoil(data)
    said = refused(data)
    assert said.get(place) == code, said


MISSHAPEN: dict[str, tuple[Change, str, str]] = {
    "an unknown key": (lambda d: steps(d)[2].update(colour="red"), "procedure.steps[2].colour", "unknown_key"),
    "an unknown section": (lambda d: d.update(weather={}), "weather", "unknown_key"),
    "a missing section": (lambda d: d.pop("receipt"), "receipt", "key_missing"),
    "a missing article": (lambda d: steps(d)[2].pop("article"), "procedure.steps[2].article", "article_missing"),
    "an empty article": (lambda d: steps(d)[2].update(article=" "), "procedure.steps[2].article", "empty"),
    "a kind of step that is none": (
        lambda d: steps(d)[2].update(kind="party"),
        "procedure.steps[2].kind",
        "unknown_word",
    ),
    "a key that is none": (lambda d: steps(d)[2].update(key="登记"), "procedure.steps[2].key", "bad_word"),
    "a number for text": (lambda d: steps(d)[2].update(name=5), "procedure.steps[2].name", "not_text"),
    "text for a number": (
        lambda d: d["deadline_rules"][2].update(amount="1"),
        "deadline_rules[2].amount",
        "not_number",
    ),
    "text for yes or no": (
        lambda d: d["dispatch"].update(require_source_copy="yes"),
        "dispatch.require_source_copy",
        "not_yes_no",
    ),
    "a word for a list": (lambda d: steps(d)[2].update(who="inspector"), "procedure.steps[2].who", "not_list"),
    "a list for a section": (lambda d: d.update(receipt=[]), "receipt", "not_section"),
    "a day that is none": (
        lambda d: d["regulation"].update(effective_on="2007-02-30"),
        "regulation.effective_on",
        "not_date",
    ),
    "a period without end": (
        lambda d: d["deadline_rules"][2].update(amount=999999),
        "deadline_rules[2].amount",
        "out_of_range",
    ),
    "a name without end": (lambda d: steps(d)[2].update(name="长" * 400), "procedure.steps[2].name", "too_long"),
    "no steps": (lambda d: d["procedure"].update(steps=[]), "procedure.steps", "empty"),
    "nobody to decide": (
        lambda d: steps(d)[1]["approval"].update(roles=[]),
        "procedure.steps[1].approval.roles",
        "empty",
    ),
}


@pytest.mark.parametrize("name", MISSHAPEN)
def test_what_has_the_wrong_shape_is_refused(name: str) -> None:
    spoil, place, code = MISSHAPEN[name]
    data = document()
    spoil(data)
    said = refused(data)
    assert said.get(place) == code, said


def escalating(**changes: Any) -> dict[str, Any]:
    """The shipped profile with slips and points."""
    data = document()
    data["document_types"] += papers()
    return data | {"slips": slips(), "points": points()} | changes


def first(section: dict[str, Any], name: str, at: int, **changes: Any) -> dict[str, Any]:
    """A section with one of its entries changed."""
    section[name][at] |= changes
    return section


def test_slips_and_points_that_hold_together_are_taken() -> None:
    assert refused(escalating()) == {}


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        (
            escalating(slips=first(slips(), "items", 1, overdue_working_days=0)),
            "slips.items[1].overdue_working_days",
            "slip_too_early",
        ),
        (escalating(slips=first(slips(), "items", 1, colour="blue")), "slips.items[1].colour", "doubled"),
        (
            escalating(slips=first(slips(), "items", 0, document_type="letter")),
            "slips.items[0].document_type",
            "unknown_document_type",
        ),
        (
            escalating(slips=first(slips(), "items", 0, approval={"mode": "any_of", "roles": ["unit_leader"]})),
            "slips.items[0].approval.roles[0]",
            "role_without_right",
        ),
        (escalating(points=first(points(), "rules", 4, slip="red")), "points.rules[4].slip", "slip_misplaced"),
        (escalating(points=first(points(), "rules", 6, slip="green")), "points.rules[6].slip", "unknown_slip"),
        (
            escalating(points=first(points(), "thresholds", 1, at_or_below=92)),
            "points.thresholds[1].at_or_below",
            "threshold_rises",
        ),
        (
            escalating(points=first(points(), "thresholds", 0, at_or_below=100)),
            "points.thresholds[0].at_or_below",
            "threshold_at_start",
        ),
        (
            escalating(points=first(points(), "thresholds", 0, document_type="letter")),
            "points.thresholds[0].document_type",
            "unknown_document_type",
        ),
    ],
)
def test_slips_and_points_that_do_not_are_refused(data: dict[str, Any], place: str, code: str) -> None:
    assert refused(data) == {place: code}


def test_points_count_no_slips_where_there_are_none() -> None:
    data = escalating()
    del data["slips"]
    assert refused(data)["points.rules[5].occasion"] == "no_slips"


def test_slips_that_nobody_may_issue_are_refused() -> None:
    data = escalating()
    for role in data["roles"]:
        role["rights"] = [word for word in role["rights"] if word != "matter:urge"]
    assert refused(data) == {"slips": "nobody_issues"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("请{单位}书面反馈《{事项}》（{编号}），{时限}，{时限情况}。", None),
        ("请抓紧办理。", None),
        ("请{部门}抓紧办理。", "unknown_placeholder"),
        ("请{单位抓紧办理。", "unknown_placeholder"),
        ("请{}抓紧办理。", "unknown_placeholder"),
        ("请抓紧}办理。", "unknown_placeholder"),
    ],
)
def test_a_text_for_urging_leaves_open_only_what_can_be_filled_in(words: str, code: str | None) -> None:
    text = {"key": "one", "name": "催反馈", "kind": "feedback", "words": words}
    said = refused(document() | {"urging": {"texts": [text], "article": "本级设定"}})
    assert said == ({"urging.texts[0].words": code} if code else {})


def test_every_fault_is_told_at_once() -> None:
    data = document()
    steps(data)[1]["who"], steps(data)[2]["colour"] = ["stranger"], "red"
    data["receipt"].pop("article")
    assert refused(data) == {"procedure.steps[2].colour": "unknown_key", "receipt.article": "article_missing"}


@pytest.mark.parametrize("data", [None, [], "profile", 7, {"regulation": {"title": float("nan")}}])
def test_what_is_no_document_is_refused(data: Any) -> None:
    with pytest.raises(ProfileError):
        parse_profile(data)


def test_a_document_that_bites_its_tail_is_refused() -> None:
    data = document()
    data["words"] = data
    with pytest.raises(ProfileError):
        parse_profile(data)


@pytest.mark.parametrize("slug", ["huarong", "huaian", "lianshui"])
def test_a_profile_survives_the_database(slug: str) -> None:
    profile = folder(slug).profile
    stored = json.loads(json.dumps(dump_profile(profile), sort_keys=True))
    assert parse_profile(stored) == profile
    assert profile_files(parse_profile(stored)) == profile_files(profile)


def test_sentences_have_their_values() -> None:
    for code, sentence in SENTENCES.items():
        assert sentence.startswith("%(path)s: ") and sentence.endswith("."), code
    fault = Fault("procedure.steps[2].who[0]", "unknown_role", (("word", "emperor"),))
    msgid, values = describe_fault(fault)
    assert msgid % values == "procedure.steps[2].who[0]: no role is called “emperor”."


places = st.lists(st.one_of(st.integers(0, 99), st.from_regex(r"[a-z_]{1,9}", fullmatch=True)), max_size=6).map(
    lambda parts: ["section", *parts]
)


@given(places)
def test_a_place_is_found_again_from_its_writing(location: list[int | str]) -> None:
    assert list(parts_of(path_of(location))) == location


# What a file can hold: no control characters, which YAML itself refuses, and no half characters.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"), include_characters="\n"), max_size=40
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**14), 10**14), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(texts, values, max_size=5))
def test_what_is_written_is_read_back_and_written_the_same(data: dict[str, Any]) -> None:
    written = dump_yaml(data)
    assert read_yaml(written.encode(), "x").data == data
    assert dump_yaml(read_yaml(written.encode(), "x").data) == written


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "Null", "True", "010", "0x10", "1_000", "12:30:00", "1.5", "2007-08-01", ".inf", "="],
)
def test_words_that_look_like_something_else_stay_words(word: str) -> None:
    assert read_yaml(f"a: {word}\n".encode(), "x").data == {"a": word}
    assert read_yaml(dump_yaml({"a": word}).encode(), "x").data == {"a": word}


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_harm(content: bytes) -> None:
    try:
        read_yaml(content, "x")
    except FolderError as error:
        assert error.faults


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: &a [1]\nb: *a\n", "x:1", "alias"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "x:4", "doubled"),
        ("a: 1\n? [1]\n: 2\n", "x:2", "key_not_text"),
        ("1: 2\n", "x:1", "key_not_text"),
        ("a: 1\n---\nb: 2\n", "x:2", "yaml_documents"),
        ("a: !!binary aGk=\n", "x:1", "tag"),
        ("a: !!python/name:os.system\n", "x:1", "tag"),
        ("a: 1\n b: 2\n", "x:2", "yaml_unreadable"),
        ("", "x", "not_section"),
        ("[" * 30 + "]" * 30, "x:1", "too_deep"),
        ("[" * 5000, "x:1", "too_deep"),
        ("a: \x00", "x", "yaml_unreadable"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_line(text: str, place: str, code: str) -> None:
    with pytest.raises(FolderError) as error:
        read_yaml(text.encode(), "x")
    assert [(fault.path, fault.code) for fault in error.value.faults] == [(place, code)]


def test_ten_megabytes_and_other_writing_are_refused() -> None:
    for content, code in ((b"a: " + b"x" * (10 << 20), "file_too_large"), ("a: 督查".encode("gb18030"), "not_utf8")):
        with pytest.raises(FolderError) as error:
            read_yaml(content, "x")
        assert [fault.code for fault in error.value.faults] == [code]
