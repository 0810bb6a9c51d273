"""Points 计分: what the occasions of a period make of a unit's start, and which consequence has come due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.jurisdictions.rules.profile import PointRule, Points, Threshold

Counts = Mapping[tuple[str, str], int]
"""How often each occasion happened to a unit in a period: by occasion, and by slip where the occasion is one."""


@dataclass(frozen=True)
class Line:
    """What one rule did: how many occasions it counted, and what they come to."""

    rule: PointRule
    count: int

    @property
    def points(self) -> int:
        """What the occasions cost (below zero) or earn."""
        return self.rule.points * self.count


@dataclass(frozen=True)
class Score:
    """A unit's points of a period, rule by rule."""

    start: int
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """Where the unit stands."""
        return self.start + sum(line.points for line in self.lines)


def score(points: Points, counts: Counts) -> Score:
    """The score of a unit. A rule without a slip counts every slip; each rule counts for itself."""
    return Score(points.start, tuple(Line(rule, _count(rule, counts)) for rule in points.rules))


def _count(rule: PointRule, counts: Counts) -> int:
    return sum(
        count
        for (occasion, slip), count in counts.items()
        if occasion == rule.occasion and (rule.slip is None or rule.slip == slip)
    )


def due_thresholds(points: Points, total: int, done: Collection[str]) -> tuple[Threshold, ...]:
    """The thresholds a unit's points have fallen to and whose paper has not been issued, mildest first."""
    return tuple(one for one in points.thresholds if total <= one.at_or_below and one.key not in done)
