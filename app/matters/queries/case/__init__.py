"""One matter whole, and the facts decisions are made from."""

from __future__ import annotations

from app.matters.queries.case.choices import choice_of, clock_by_key, deadline_choice
from app.matters.queries.case.facts import actor_facts, case_of, facts_of
from app.matters.queries.case.file import CaseFile, case_file
from app.matters.queries.case.lights import reading_of
from app.matters.queries.case.rows import count_answers, find_open_round, list_answers, list_assignments

__all__ = [
    "CaseFile",
    "actor_facts",
    "case_file",
    "case_of",
    "choice_of",
    "clock_by_key",
    "count_answers",
    "deadline_choice",
    "facts_of",
    "find_open_round",
    "list_answers",
    "list_assignments",
    "reading_of",
]
