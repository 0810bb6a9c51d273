"""What is measured of the sweep. Seconds are a person's clock; ratios are medians of what was taken side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Day:
    """One day's sweep of every jurisdiction, one after the other in one process.

    ``share`` of the matters had something to say; a letter is a row of the outbox, one for each reader and channel.
    ``missing`` and ``unexpected`` are letters against those that an independent statement wrote: both are to be 0.
    """

    on: str
    seconds: float
    matters: int
    share: float
    letters: int
    matters_per_second: float
    letters_per_second: float
    jurisdictions_per_second: float
    expected: int
    missing: int
    unexpected: int


@dataclass(frozen=True)
class Beside:
    """The heavy day beside other ways. ``times``: how often ours takes their time, or how often the loop takes ours."""

    insert_seconds: float
    insert_times: float
    insert_at_once_times: float
    scan_seconds: float
    scan_times: float
    loop_matters_per_second: float
    loop_times: float


@dataclass(frozen=True)
class Tick:
    """A tick when nothing is due, beside the same on a database without jurisdictions. Milliseconds, medians."""

    rounds: int
    ours: float
    empty: float
    times: float


@dataclass(frozen=True)
class Queued:
    """A day's sweep through the workers, from the tick to the last jurisdiction. ``part`` of the rate of empty tasks."""

    on: str
    seconds: float
    letters: int
    jurisdictions_per_second: float
    nothing_per_second: float
    part: float
    missing: int
    unexpected: int


@dataclass(frozen=True)
class SweepFigures:
    """A whole run."""

    jurisdictions: int
    matters: int
    rounds: int
    load_before: float
    load_after: float
    filled_in: float
    megabytes: float
    ordinary: Day
    heavy: Day
    beside: Beside
    again: Day
    idle: Tick
    catch_up: Day
    queued: tuple[Queued, ...]

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def faults(self) -> list[str]:
        """What is not as it has to be: letters that lack, that are too many, or that came twice."""
        compared: list[Day | Queued] = [self.ordinary, self.heavy, self.catch_up, *self.queued]
        said = [
            f"{day.on}: {day.missing} letters missing, {day.unexpected} unexpected"
            for day in compared
            if day.missing or day.unexpected
        ]
        if self.again.letters:
            said.append(f"{self.again.on}: the second sweep wrote {self.again.letters} letters")
        return said
