"""What is measured is the product's own work, and every letter of every day is the one that was to be written."""

from __future__ import annotations

from app.platform.bench.sweep import days
from app.platform.bench.sweep.command import measure


def test_a_small_run_writes_exactly_the_letters_of_each_day() -> None:
    figures = measure(jurisdictions=6, matters=100, rounds=2)
    assert figures.faults() == []
    assert 0 < figures.heavy.letters < figures.heavy.expected, "the loop wrote those of the last two jurisdictions"
    assert 0.30 < figures.heavy.share < 0.36
    assert 0.01 < figures.ordinary.share < 0.05
    assert figures.catch_up.letters == figures.catch_up.expected > 0
    assert [day.on for day in figures.queued] == [days.HEAVY_QUEUE.isoformat(), days.ORDINARY_QUEUE.isoformat()]
    assert all(day.letters > 0 for day in figures.queued)
    # on a machine as busy as one likes; the claims themselves are the measurement's
    assert figures.beside.loop_times > 2
