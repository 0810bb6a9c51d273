"""Everything that is written down has a name: kinds of acts and letters, read out of the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.notifications.rules import ACTS, Sentence, act_words, letter_words, told_facts
from app.notifications.rules.letters import _SUBJECTS, _TEXTS
from tests.conftest import ROOT

SIGN_INS = "sign_in."  # of the system's own chain, which no jurisdiction reads


def calls(function: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                yield path.relative_to(ROOT), node


def constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_kind_of_act_that_is_recorded_has_words() -> None:
    recorded = {
        (str(path), kind)
        for path, call in calls("record")
        if len(call.args) > 2 and (kind := constant(call.args[2])) and not kind.startswith(SIGN_INS)
    }
    recorded |= {
        (str(path), f"matter.{node.value}")
        for path, call in calls("note")
        if len(call.args) > 1
        for node in ast.walk(call.args[1])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert recorded, "the search finds nothing"
    assert sorted((path, kind) for path, kind in recorded if kind not in ACTS) == []


def test_every_kind_of_letter_that_is_written_has_words() -> None:
    written = {
        (str(path), kind)
        for path, call in calls("write_letter")
        for keyword in call.keywords
        if keyword.arg == "kind" and (kind := constant(keyword.value))
    }
    assert written, "the search finds nothing"
    assert sorted((path, kind) for path, kind in written if kind not in ACTS and kind not in _SUBJECTS) == []


@pytest.mark.parametrize("kind", [*ACTS, *_SUBJECTS, "somebody.new"])
@pytest.mark.parametrize(
    "facts", [{}, {"title": "老旧小区改造", "stage": "result", "due_on": "2026-03-06", "opinion": "同意"}]
)
def test_a_letter_can_be_said_whatever_its_facts_lack(kind: str, facts: dict[str, str]) -> None:
    words = letter_words(kind, facts, outside=True)
    spoken = [sentence.say(lambda msgid, **values: msgid % values) for sentence in (words.subject, *words.lines)]
    assert all("%(" not in line for line in spoken)
    assert facts.get("title", "") in spoken[0]


def test_kinds_of_letters_have_both_a_subject_and_a_text() -> None:
    assert set(_SUBJECTS) == set(_TEXTS)


def test_what_a_reader_of_the_log_is_told_leaves_ids_and_structures_out() -> None:
    told = told_facts(
        {"units": ["住建局", "教育局"], "channel": "phone", "assignment_ids": [1], "before": {"a": 1}, "on": ""}
    )
    assert told == [(Sentence("Units"), "住建局、教育局"), (Sentence("Way"), Sentence("By phone"))]
    assert act_words("somebody.new").title == "Another act"
