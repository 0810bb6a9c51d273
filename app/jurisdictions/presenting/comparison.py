"""The page on which two profiles stand side by side, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from app.jurisdictions.presenting.differences import DifferenceGroup


@dataclass(frozen=True)
class ComparisonPage:
    """Two sides by word and label, what can be chosen, and the differences.

    With a ``take_action`` single differences can be ticked and taken over into the draft, which ``starts_draft`` begins
    where there is none.
    """

    left: str
    left_label: str
    right: str
    right_label: str
    choices: tuple[tuple[str, str], ...]
    groups: tuple[DifferenceGroup, ...]
    take_action: str
    starts_draft: bool
    revision: int

    @property
    def count(self) -> int:
        """How many things differ."""
        return sum(len(group.lines) for group in self.groups)
