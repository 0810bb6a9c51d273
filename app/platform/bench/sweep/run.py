"""One run over the days, on one database: every figure from the same rows, what is compared taken in turn."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from psycopg import Connection

from app.kernel.db import db
from app.platform.bench.sweep import days
from app.platform.bench.sweep.bound import Bound
from app.platform.bench.sweep.figures import Beside, Day, Queued, SweepFigures, Tick
from app.platform.bench.sweep.loop import loop_over
from app.platform.bench.sweep.queue import Queue
from app.urging import tasks
from app.urging.services import claim_due_jurisdictions, sweep_jurisdiction

Said = Callable[[str], None]


class Run:
    """The application's side through its own login and services; beside it a superuser's connection for the rest."""

    def __init__(self, app: Flask, empty: Flask, owner: Connection, *, matters: int, rounds: int, said: Said) -> None:
        self.app, self.empty, self.owner, self.said = app, empty, owner, said
        self.matters = matters
        self.ids = [int(row[0]) for row in owner.execute("SELECT id FROM jurisdiction ORDER BY id")]
        self.rounds = min(rounds, len(self.ids) // 2)
        # the last few are left to the loop on the heavy day
        self.swept, self.looped = self.ids[: -self.rounds], self.ids[-self.rounds :]
        self.bound = Bound(owner)
        self.before: dt.date | None = None

    def go(self, queue: Callable[[], Any], *, filled_in: float) -> SweepFigures:
        """Everything in order. ``queue`` starts the workers when it is entered."""
        load = os.getloadavg()[0]
        self._untimed(days.ARMED)
        ordinary = self._day(days.ORDINARY, self.ids)
        self._untimed(days.BEFORE_HEAVY)
        heavy, beside = self._heavy()
        again = self._again()
        idle = self._idle()
        catch_up = self._day(days.CATCH_UP, self.ids)
        self._finish_band(days.HEAVY)
        self._untimed(days.BEFORE_QUEUE)
        with queue() as workers:
            queued = self._through(workers)
        return SweepFigures(
            jurisdictions=len(self.ids),
            matters=self.matters,
            rounds=self.rounds,
            load_before=load,
            load_after=os.getloadavg()[0],
            filled_in=round(filled_in, 1),
            megabytes=round(self._number("SELECT pg_database_size(current_database())") / 2**20, 1),
            ordinary=ordinary,
            heavy=heavy,
            beside=beside,
            again=again,
            idle=idle,
            catch_up=catch_up,
            queued=queued,
        )

    def _number(self, statement: str, *values: Any) -> int:
        row = self.owner.execute(statement, values).fetchone()
        return int(row[0]) if row else 0

    def _sweep(self, ids: Sequence[int], at: dt.datetime) -> tuple[int, float]:
        """Letters and seconds of these jurisdictions, one after the other, claimed before."""
        start = time.perf_counter()
        letters = sum(sweep_jurisdiction(db.session, one, at) for one in ids)
        return letters, time.perf_counter() - start

    def _claim(self, at: dt.datetime) -> float:
        start = time.perf_counter()
        taken = claim_due_jurisdictions(db.session, at)
        if len(taken) != len(self.ids):
            raise RuntimeError(f"{len(taken)} jurisdictions were due and not {len(self.ids)}")
        return time.perf_counter() - start

    def _untimed(self, day: dt.date) -> None:
        """Sweep a day that is not measured, so that the next is like any other."""
        self.said(f"{day}: bringing everybody to this day")
        at = days.hour(day)
        with self.app.app_context():
            self._claim(at)
            self._sweep(self.ids, at)
        self._settled(day)

    def _settled(self, day: dt.date) -> None:
        self.before = day
        self.owner.execute("VACUUM ANALYZE")

    def _expect(self, day: dt.date) -> int:
        """Tell the one statement what a day says; how many matters that are at work have something to say."""
        said = days.said_on(day, self.before, days.due_dates())
        self.bound.expect(said)
        return self._number(
            "SELECT count(*) FROM obligation o JOIN matter m USING (jurisdiction_id) WHERE m.id = o.matter_id "
            "AND o.state = 'open' AND m.state = 'in_progress' AND o.due_on = ANY(%s)",
            [one.due_on for one in said],
        )

    def _day(self, day: dt.date, ids: Sequence[int]) -> Day:
        self.said(f"{day}: sweeping")
        at, speaking = days.hour(day), self._expect(day)
        with self.app.app_context():
            seconds = self._claim(at)
            letters, spent = self._sweep(ids, at)
        self.bound.insert(ids[0], ids[-1], at)
        done = self._figure(at, len(ids), letters, seconds + spent, speaking)
        self._settled(day)
        return done

    def _figure(self, at: dt.datetime, count: int, letters: int, seconds: float, speaking: int) -> Day:
        matters, differs = count * self.matters, self.bound.compare(at)
        return Day(
            on=at.date().isoformat(),
            seconds=round(seconds, 2),
            matters=matters,
            share=round(speaking / (len(self.ids) * self.matters), 3),
            letters=letters,
            matters_per_second=round(matters / seconds),
            letters_per_second=round(letters / seconds),
            jurisdictions_per_second=round(count / seconds, 1),
            expected=differs.expected,
            missing=differs.missing,
            unexpected=differs.unexpected,
        )

    def _heavy(self) -> tuple[Day, Beside]:
        """The heavy day in rounds: some jurisdictions by the sweep, the same by one statement, by reading, one by the loop."""
        self.said(f"{days.HEAVY}: the heavy day, in {self.rounds} rounds")
        at, speaking = days.hour(days.HEAVY), self._expect(days.HEAVY)
        letters, seconds = 0, 0.0
        inserts: list[tuple[float, float]] = []
        scans: list[tuple[float, float]] = []
        loops: list[tuple[float, float]] = []
        with self.app.app_context():
            seconds += self._claim(at)
            for number, looped in enumerate(self.looped):
                ids = _part(self.swept, number, self.rounds)
                ends = (ids[0], ids[-1])

                def one_statement(ends: tuple[int, int] = ends) -> float:
                    return _seconds(lambda: self.bound.insert(*ends, at))

                inserted = one_statement() if number % 2 else 0.0  # first and last in turn
                written, spent = self._sweep(ids, at)
                inserted = inserted or one_statement()
                read = _seconds(lambda ends=ends: self.bound.scan(*ends))  # type: ignore[misc]
                start = time.perf_counter()
                looked_at = loop_over(db.session, looped, at)
                loop = (time.perf_counter() - start) / looked_at
                letters, seconds = letters + written, seconds + spent
                inserts.append((spent, inserted))
                scans.append((spent, read))
                loops.append((loop, spent / (len(ids) * self.matters)))
            # the loop gave its jurisdictions no next hour, and has armed no clock: the sweep does, and finds every letter there
            if self._sweep(self.looped, at)[0]:
                raise RuntimeError("the loop did not write what the sweep writes")
        self.bound.insert(self.looped[0], self.looped[-1], at)
        day = self._figure(at, len(self.swept), letters, seconds, speaking)
        at_once = self._at_once(at)
        self._settled(days.HEAVY)
        return day, Beside(
            insert_seconds=round(sum(theirs for _, theirs in inserts), 2),
            insert_times=_median(inserts),
            insert_at_once_times=round(seconds / at_once, 2),
            scan_seconds=round(sum(theirs for _, theirs in scans), 2),
            scan_times=_median(scans),
            loop_matters_per_second=round(1 / statistics.median(loop for loop, _ in loops)),
            loop_times=_median(loops),
        )

    def _at_once(self, at: dt.datetime) -> float:
        """The one statement for every jurisdiction that was swept, once."""
        self._expect(days.HEAVY)
        return _seconds(lambda: self.bound.insert(self.swept[0], self.swept[-1], at))

    def _again(self) -> Day:
        """The heavy day once more, the jurisdictions made to forget that they were swept: nothing may be written."""
        self.said(f"{days.HEAVY}: once more")
        self.owner.execute("UPDATE jurisdiction SET next_sweep_at = NULL")
        at = days.hour(days.HEAVY) + dt.timedelta(minutes=1)
        self.bound.expect(())
        with self.app.app_context():
            seconds = self._claim(at)
            letters, spent = self._sweep(self.ids, at)
        done = self._figure(at, len(self.ids), letters, seconds + spent, 0)
        self._settled(days.HEAVY)
        return done

    def _idle(self, rounds: int = 200) -> Tick:
        """The task itself, called in this process, on both databases in turn."""
        self.said("an idle tick")
        at = (days.hour(days.HEAVY) + dt.timedelta(minutes=5)).isoformat()
        ours: list[float] = []
        empty: list[float] = []
        for number in range(rounds + 20):
            for app, kept in ((self.app, ours), (self.empty, empty)):
                with app.app_context():
                    start = time.perf_counter()
                    rung = tasks.tick.run(at)
                    spent = time.perf_counter() - start
                if rung:
                    raise RuntimeError(f"{rung} jurisdictions were due after everything was swept")
                if number >= 20:
                    kept.append(spent * 1000)
        return Tick(
            rounds=rounds,
            ours=round(statistics.median(ours), 3),
            empty=round(statistics.median(empty), 3),
            times=round(statistics.median(one / other for one, other in zip(ours, empty, strict=True)), 2),
        )

    def _finish_band(self, heavy: dt.date) -> None:
        """What came to the point on a heavy day has been reported on: it is quiet from now on."""
        dates = {share.due_on for share in days.shares() if share.due_on and abs((share.due_on - heavy).days) < 7}
        self.owner.execute("UPDATE obligation SET state = 'met' WHERE due_on = ANY(%s)", [sorted(dates)])

    def _through(self, workers: Queue) -> tuple[Queued, ...]:
        """The second heavy day and an ordinary one through the workers, tasks that do nothing before and after each."""
        count = max(len(self.ids), 500)
        workers.nothing(count)
        nothing = [count / workers.nothing(count)]
        done = []
        for day in (days.HEAVY_QUEUE, days.ORDINARY_QUEUE):
            self.said(f"{day}: through the workers")
            at = days.hour(day)
            self._expect(day)
            seconds = workers.tick(at)
            nothing.append(count / workers.nothing(count))
            left = self._number("SELECT count(*) FROM jurisdiction WHERE next_sweep_at < %s", at)
            if left:
                raise RuntimeError(f"{left} jurisdictions were not swept by the workers")
            self.bound.insert(self.ids[0], self.ids[-1], at)
            differs = self.bound.compare(at)
            done.append((at, seconds, differs))
            self._settled(day)
            if day == days.HEAVY_QUEUE:
                self._finish_band(day)
                self.owner.execute("VACUUM ANALYZE obligation")
        rate = statistics.median(nothing)
        return tuple(
            Queued(
                on=at.date().isoformat(),
                seconds=round(seconds, 2),
                letters=self._number("SELECT count(*) FROM letter WHERE created_at = %s", at),
                jurisdictions_per_second=round(len(self.ids) / seconds, 1),
                nothing_per_second=round(rate, 1),
                part=round(len(self.ids) / seconds / rate, 3),
                missing=differs.missing,
                unexpected=differs.unexpected,
            )
            for at, seconds, differs in done
        )


def _part(ids: Sequence[int], number: int, parts: int) -> Sequence[int]:
    """The part of that number, the parts as even as they can be."""
    return ids[len(ids) * number // parts : len(ids) * (number + 1) // parts]


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _median(pairs: Sequence[tuple[float, float]]) -> float:
    return round(statistics.median(one / other for one, other in pairs), 2)
