"""``run.py jobs``: the job board on the terminal, for a monitor to ask."""

from __future__ import annotations

import json
import sys

import click

from app.kernel.cli import application
from app.kernel.clock import local_datetime
from app.kernel.db import db
from app.kernel.dispatcher import dispatcher
from app.kernel.jobs import database_now
from app.platform import queries
from app.platform.rules.jobs import is_alarm


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def jobs(as_json: bool) -> None:
    """Show how the clock's jobs are; the exit status is 1 when one is late or does not run."""
    with application() as app:
        engine = dispatcher(app.extensions["huiyin.settings"].dispatcher_database_url)
        with engine.connect() as connection:
            board = queries.read_board(db.session, connection, database_now(db.session))
    if as_json:
        click.echo(json.dumps(_values(board), ensure_ascii=False))
    else:
        click.echo(f"{'job':<28} {'state':<8} {'last run':<17} {'waiting':>8} {'lag':>9} {'done':>8} {'faults':>7}")
        for one in board.jobs:
            last = local_datetime(one.last_at).strftime("%Y-%m-%d %H:%M") if one.last_at else "never"
            done, faults = one.done.count + one.inside.count, one.done.faults + one.inside.faults
            lag = f"{one.lag(board.at).total_seconds():.0f} s"
            click.echo(f"{one.job.key:<28} {one.state:<8} {last:<17} {one.waiting:>8} {lag:>9} {done:>8} {faults:>7}")
        states = ("queued", "sending", "failed", "dropped")
        click.echo("letters: " + ", ".join(f"{board.letters_in(state)} {state}" for state in states))
    if any(is_alarm(one.state) for one in board.jobs):
        sys.exit(1)


def _values(board: queries.Board) -> dict[str, object]:
    return {
        "at": board.at.isoformat(),
        "jobs": {
            one.job.key: {
                "state": one.state,
                "last_at": one.last_at.isoformat() if one.last_at else None,
                "fault": one.fault,
                "waiting": one.waiting,
                "lag_seconds": round(one.lag(board.at).total_seconds()),
                "done": one.done.count + one.inside.count,
                "faults": one.done.faults + one.inside.faults,
                "jurisdictions_failed": one.inside.houses,
            }
            for one in board.jobs
        },
        "letters": {state: board.letters_in(state) for state in ("queued", "sending", "failed", "dropped")},
    }
