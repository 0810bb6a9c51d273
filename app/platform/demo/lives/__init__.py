"""The demonstration's matters, lived through by their people: real commands, in the order of their instants.

Each life is a generator: it yields the instant of its next act, acts when that instant has come, and ends where the story
leaves it. All lives of a jurisdiction go through one queue, so numbers and the chain of events follow the calendar.
"""

from __future__ import annotations

from app.platform.demo.lives.moments import Life, Moments, StoryTooLongError
from app.platform.demo.lives.stage import DAYS, Stage
from app.platform.demo.lives.telling import play

__all__ = ["DAYS", "Life", "Moments", "Stage", "StoryTooLongError", "play"]
