"""What bringing rows in line with a profile has done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Taken:
    """How many rows of one sort were added, changed, and closed."""

    added: int = 0
    changed: int = 0
    closed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.closed)
