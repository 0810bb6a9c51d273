"""Who may do what to a matter now: one table, asked twice.

``allowed`` asks it for every act and draws the buttons; ``decide`` asks it for the one act somebody does. What is not in
the table cannot be done.
"""

from __future__ import annotations

from app.matters.rules.acts.standing import Question
from app.matters.rules.acts.table import LEAVING, PER_QUESTION, PER_UNIT
from app.matters.rules.acts.unit import owed_report
from app.matters.rules.acts.verdicts import Verdict, allowed, decide, is_approved, missing_for

__all__ = [
    "LEAVING",
    "PER_QUESTION",
    "PER_UNIT",
    "Question",
    "Verdict",
    "allowed",
    "decide",
    "is_approved",
    "missing_for",
    "owed_report",
]
