"""The whole story, act by act in the order of the calendar."""

from __future__ import annotations

import datetime as dt
import heapq

from app.kernel import clock
from app.notifications.services import mark_all_read
from app.platform.demo.lives.matter import MatterLife
from app.platform.demo.lives.moments import Life
from app.platform.demo.lives.stage import Stage
from app.urging.services import sweep_jurisdiction

_READ_BEFORE = 4  # working days: older letters have been read


def play(stage: Stage) -> None:
    """Tell the whole story, act by act in the order of the calendar."""
    lives: list[Life] = [MatterLife(stage, told).live() for told in stage.story.matters]
    lives += [_sweeps(stage), _reading(stage)]
    queue: list[tuple[dt.datetime, int, Life]] = []
    for number, life in enumerate(lives):
        heapq.heappush(queue, (next(life), number, life))
    while queue:
        _at, number, life = heapq.heappop(queue)
        following = next(life, None)
        if following is not None:
            heapq.heappush(queue, (following, number, life))


def _sweeps(stage: Stage) -> Life:
    """The clock speaks at nine on every working day."""
    for day in stage.days:
        at = clock.at_local(day, 9, 5)
        yield at
        sweep_jurisdiction(stage.session, stage.cast.jurisdiction_id, at)


def _reading(stage: Stage) -> Life:
    """Everybody has read the letters of the weeks before."""
    at = clock.at_local(stage.days[-_READ_BEFORE], 17, 0)
    yield at
    for actor in stage.cast.actors.values():
        mark_all_read(stage.session, actor, at=at)
