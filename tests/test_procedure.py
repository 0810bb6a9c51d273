"""The procedure as a value: paths, next steps, returns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jurisdictions.rules.procedure import Condition, Procedure, Step, StepChoice, StepKind

WORDS = {
    "sources": ("meeting", "petition"),
    "urgencies": ("normal", "urgent"),
    "origin_levels": ("superior", "own"),
    "handling_modes": ("transferred", "self_handled"),
}
CHOICE = StepChoice("meeting", "normal", "own", "transferred")


def step(key: str, kind: StepKind = StepKind.APPROVAL, **facts: object) -> Step:
    """A step of which only the key matters."""
    return Step(key, kind, key, "第九条", **facts)  # type: ignore[arg-type]


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Any list of steps: each with any condition, and a return to any other step or none."""
    keys = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True))
    conditions = st.builds(Condition, **{name: st.frozensets(st.sampled_from(words)) for name, words in WORDS.items()})
    kinds = st.sampled_from(list(StepKind))
    returns = st.one_of(st.none(), st.sampled_from(keys))
    return Procedure(
        tuple(Step(k, draw(kinds), k, "一", when=draw(conditions), returns_to=draw(returns)) for k in keys)
    )


choices = st.builds(StepChoice, *(st.sampled_from(words) for words in WORDS.values()))


@given(procedures(), choices)
def test_next_step_walks_the_path_to_its_end_and_repeats_nothing(procedure: Procedure, choice: StepChoice) -> None:
    path = procedure.path(choice)
    walked: list[Step] = []
    here = path[0] if path else None
    while here is not None:
        walked.append(here)
        assert len(walked) <= len(procedure.steps)
        here = procedure.next_step(here.key, choice)
    assert tuple(walked) == path


@given(procedures(), choices)
def test_steps_that_are_left_out_never_appear(procedure: Procedure, choice: StepChoice) -> None:
    path = set(procedure.path(choice))
    for each in procedure.steps:
        found = {procedure.next_step(each.key, choice), procedure.return_step(each.key, choice)} - {None}
        assert found <= path
    assert all(each.when.matches(choice) == (each in path) for each in procedure.steps)


@given(procedures(), choices)
def test_a_return_goes_back_and_no_further_forward_than_the_step_named(
    procedure: Procedure, choice: StepChoice
) -> None:
    order = [each.key for each in procedure.steps]
    for each in procedure.steps:
        back = procedure.return_step(each.key, choice)
        if back is None:
            continue
        assert order.index(back.key) < order.index(each.key)
        if each.returns_to and order.index(each.returns_to) < order.index(each.key):
            assert order.index(back.key) <= order.index(each.returns_to)


@given(procedures(), choices)
def test_a_return_goes_to_the_named_step_where_the_path_has_it(procedure: Procedure, choice: StepChoice) -> None:
    path = procedure.path(choice)
    for place, each in enumerate(path):
        named = [before for before in path[:place] if before.key == each.returns_to]
        back = procedure.return_step(each.key, choice)
        if named:
            assert back == named[0]
        elif each.returns_to is None:
            assert back == (path[place - 1] if place else None)


@given(procedures(), choices)
def test_the_path_keeps_the_order_of_the_steps(procedure: Procedure, choice: StepChoice) -> None:
    path = procedure.path(choice)
    assert sorted(path, key=procedure.steps.index) == list(path)
    assert procedure.kinds(choice) == tuple(each.kind for each in path)
    for kind in StepKind:
        assert procedure.first_of(kind, choice) == next((each for each in path if each.kind is kind), None)


def test_a_condition_fits_only_when_all_four_fit() -> None:
    condition = Condition(sources=frozenset({"meeting"}), handling_modes=frozenset({"self_handled"}))
    assert not condition.matches(CHOICE)
    assert condition.matches(StepChoice("meeting", "urgent", "superior", "self_handled"))
    assert Condition().matches(CHOICE)


def test_a_return_to_a_step_the_matter_does_not_take_stops_at_the_one_before_it() -> None:
    never = Condition(sources=frozenset({"petition"}))
    procedure = Procedure(
        (step("draft"), step("scheme", when=never), step("dispatch"), step("review", returns_to="scheme"))
    )
    back = procedure.return_step("review", CHOICE)
    assert back is not None
    assert back.key == "draft"


def test_a_matter_whose_facts_were_corrected_goes_on_from_where_it_stands() -> None:
    never = Condition(sources=frozenset({"petition"}))
    procedure = Procedure((step("draft"), step("scheme", when=never), step("dispatch")))
    after = procedure.next_step("scheme", CHOICE)
    assert after is not None
    assert after.key == "dispatch"


def test_a_step_nobody_knows_is_refused() -> None:
    procedure = Procedure((step("draft"),))
    for ask in (
        procedure.step,
        lambda key: procedure.next_step(key, CHOICE),
        lambda key: procedure.return_step(key, CHOICE),
    ):
        with pytest.raises(KeyError):
            ask("gone")
