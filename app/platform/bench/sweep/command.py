"""``run.py bench sweep``."""

from __future__ import annotations

import dataclasses
import functools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from app.jurisdictions.rules.folder import read_folder
from app.kernel.db import db
from app.kernel.runtime.embedded_postgres import admin_url
from app.platform.bench.servers import environment, servers
from app.platform.bench.sweep import days, rows
from app.platform.bench.sweep.figures import Day, SweepFigures
from app.platform.bench.sweep.queue import workers
from app.platform.bench.sweep.run import Run
from config import DATABASE_NAME, OWNER_ROLE, ROOT, Secrets, Settings

EMPTY = "huiyin_empty"


@click.command()
@click.option("--jurisdictions", type=click.IntRange(4, 5000), default=200, show_default=True)
@click.option("--matters", type=click.IntRange(10, 10_000), default=1000, show_default=True)
@click.option("--rounds", type=click.IntRange(2, 100), default=6, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def sweep(jurisdictions: int, matters: int, rounds: int, as_json: bool) -> None:
    """A heavy day, an ordinary one, a catch-up and an idle tick, beside one statement, a loop and empty tasks.

    Fails when a letter is missing, too many or doubled.
    """
    figures = measure(jurisdictions, matters, rounds)
    click.echo(json.dumps(figures.facts()) if as_json else "\n".join(_lines(figures)))
    if faults := figures.faults():
        raise click.ClickException("; ".join(faults))


def measure(jurisdictions: int, matters: int, rounds: int) -> SweepFigures:
    """A whole run on servers of its own, which keep every commit on the disk as in use."""
    from app import create_app

    def say(words: str) -> None:
        click.echo(words, err=True)

    with servers(durable=True) as settings:
        admin = admin_url(settings.places, Secrets.kept_in(settings.data_dir), DATABASE_NAME)
        with _connected(admin) as owner:
            owner.execute(f"CREATE DATABASE {EMPTY} TEMPLATE {DATABASE_NAME} OWNER {OWNER_ROLE}")
            start = time.perf_counter()
            say(f"filling {jurisdictions} jurisdictions with {matters} matters each")
            app, empty = create_app(settings), create_app(_on(settings, EMPTY))
            with app.app_context():
                folder = read_folder(ROOT / "tenants" / "420703-huarong")
                first = rows.import_first(db.session, folder, days.hour(days.ARMED) - rows.LONG_AGO)
            rows.fill(owner, first, jurisdictions=jurisdictions, matters=matters)
            run = Run(app, empty, owner, matters=matters, rounds=rounds, said=say)
            queue = functools.partial(workers, settings, environment(settings.data_dir))
            try:
                return run.go(queue, filled_in=time.perf_counter() - start)
            finally:
                for one in (app, empty):
                    with one.app_context():
                        db.session.remove()
                        db.engine.dispose()


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        yield connection


def _on(settings: Settings, database: str) -> Settings:
    """The same servers, another database."""
    names = ("database_url", "owner_database_url", "dispatcher_database_url")
    return dataclasses.replace(
        settings, **{name: getattr(settings, name).replace(f"/{DATABASE_NAME}?", f"/{database}?") for name in names}
    )


def _day(name: str, day: Day) -> str:
    return (
        f"  {name:13} {day.seconds:9.2f} s  {day.share:6.1%} speak  {day.letters:9,} letters  "
        f"{day.matters_per_second:9,.0f} matters/s  {day.letters_per_second:8,.0f} letters/s  "
        f"{day.jurisdictions_per_second:6.1f} jurisdictions/s"
    )


def _lines(figures: SweepFigures) -> Iterator[str]:
    beside, idle = figures.beside, figures.idle
    yield (
        f"sweep, {figures.jurisdictions} jurisdictions x {figures.matters} matters, {figures.rounds} rounds, load "
        f"{figures.load_before:.1f} to {figures.load_after:.1f}, filled in {figures.filled_in} s, {figures.megabytes} MB:"
    )
    yield f"  idle tick     {idle.ours:9.2f} ms, {idle.empty:.2f} ms without jurisdictions: {idle.times} times (aim below 1.5)"
    yield _day("ordinary day", figures.ordinary)
    yield _day("heavy day", figures.heavy)
    yield f"    {beside.insert_times} times one statement by parts, {beside.insert_at_once_times} at once (aim 1.5)"
    yield f"    {beside.scan_times} times one scan of the same rows"
    yield f"    the loop: {beside.loop_matters_per_second:,} matters/s, {beside.loop_times} times as long (aim 60)"
    yield _day("once more", figures.again)
    yield _day("catch-up", figures.catch_up)
    for day in figures.queued:
        yield (
            f"  workers {day.on} {day.seconds:7.2f} s  {day.letters:9,} letters  "
            f"{day.jurisdictions_per_second:.1f} jurisdictions/s, "
            f"{day.part:.3f} of {day.nothing_per_second:,.0f} empty tasks/s (aim 0.167)"
        )
