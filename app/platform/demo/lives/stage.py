"""One jurisdiction while its story is told."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.documents.storage import FileStore
from app.kernel.actor import Actor
from app.matters.models import MatterSource
from app.platform.demo.people import Cast
from app.platform.demo.story import Story

DAYS = 60  # working days that the demonstration reaches back


class Stage:
    """One jurisdiction while its story is told."""

    def __init__(
        self, session: Any, story: Story, cast: Cast, store: FileStore, today: dt.date, say: Callable[[str], None]
    ) -> None:
        self.session, self.story, self.cast, self.store, self.today, self.say = session, story, cast, store, today, say
        self.chance = random.Random(story.slug)  # noqa: S311 - a story, no secret
        self.days = self._working_days()
        self.sources = {one.key: one.id for one in session.scalars(select(MatterSource))}
        self.paper_no = 10

    def actor(self, word: str) -> Actor:
        """Somebody of the office, by the story's word."""
        return self.cast.actors[f"{self.story.prefix}-{word}"]

    def liaison(self, code: str) -> Actor:
        """Who reports for a unit: its liaison, or the office's inspector for the office itself."""
        username = self.cast.liaisons.get(code)
        return self.cast.actors[username] if username else self.cast.by_role("inspector")

    def day(self, offset: int | None) -> dt.date | None:
        """A date so many days from today."""
        return None if offset is None else self.today + dt.timedelta(days=offset)

    def _working_days(self) -> list[dt.date]:
        calendar = calendar_for(self.session, self.cast.jurisdiction_id)
        days: list[dt.date] = []
        day = self.today
        while len(days) < DAYS:
            day = calendar.previous_working_day(day - dt.timedelta(days=1))
            days.append(day)
        return days[::-1]
