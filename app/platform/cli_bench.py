"""``run.py bench``: measure what we claim, as ratios taken in one run on the same rows, on servers of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import create_engine, select, text

from app.deadlines.data import built_in_calendar
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.rules.folder import read_folder
from app.kernel import clock
from app.kernel.db import db
from app.platform.bench import deadline as deadline_bench
from app.platform.bench import ledger as ledger_bench
from app.platform.bench import rows
from app.platform.bench.data import PASSWORD, USERNAME, fill
from app.platform.bench.servers import servers
from app.platform.bench.sweep.command import sweep
from config import ROOT, Settings, inherited_environment

COUNTIES = 3200
"""About as many jurisdictions as the country has counties, districts and cities above them."""


@click.group(invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure. Without a name: everything there is, at a country's size, in an hour or two and 25 GB of temporary files."""
    if context.invoked_subcommand is None:
        context.invoke(ledger)
        context.invoke(deadline)
        for matters in (100, 1000):
            context.invoke(sweep, jurisdictions=COUNTIES, matters=matters)


bench.add_command(sweep)


@bench.command()
@click.option("--jurisdictions", type=click.IntRange(2, 5000), default=200, show_default=True)
@click.option("--matters", type=click.IntRange(25, 10_000), default=1000, show_default=True)
@click.option("--rounds", type=click.IntRange(5, 1000), default=40, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def ledger(jurisdictions: int, matters: int, rounds: int, as_json: bool) -> None:
    """The ledger's page beside a stock Flask-AppBuilder list of the same rows."""
    with servers() as settings:
        first = _fill(settings, jurisdictions, matters)
        statements, size = _statements(settings)
        with _web(["run:create_wsgi()"], settings, {}) as ours_port, _stock(settings, first) as stock_port:
            ours, stock = ledger_bench.Browser(ours_port), ledger_bench.Browser(stock_port)
            ours.sign_in("/login/", USERNAME, PASSWORD)
            stock.sign_in("/login/", "stock", "stock-stock")
            seconds = ledger_bench.measure(
                ours, stock, ours_path="/j/huarong/matters/", stock_path="/matterview/list/", rounds=rounds
            )
            stock_size = stock.timed("/matterview/list/")[1]
    figures = ledger_bench.figures(
        seconds,
        jurisdictions=jurisdictions,
        matters=matters,
        statements=statements,
        size=size,
        stock_size=stock_size,
    )
    if as_json:
        click.echo(json.dumps(figures.facts()))
        return
    click.echo(f"ledger page, {jurisdictions} jurisdictions x {matters} matters, {rounds} paired requests, one client:")
    click.echo(
        f"  ours   {figures.ours_per_second:8.1f} requests/s  {figures.kilobytes:7.1f} KB  {statements} SQL statements"
    )
    click.echo(f"  stock  {figures.stock_per_second:8.1f} requests/s  {figures.stock_kilobytes:7.1f} KB")
    click.echo(f"  ratio  {figures.ratio:8.2f}  (median of the paired ratios)")


@bench.command()
@click.option("--rounds", type=click.IntRange(3, 1000), default=15, show_default=True)
@click.option(
    "--obligations", type=click.IntRange(0, 5_000_000), default=100_000, show_default=True, help="0: only the dates."
)
@click.option("--jurisdictions", type=click.IntRange(1, 5000), default=100, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def deadline(rounds: int, obligations: int, jurisdictions: int, as_json: bool) -> None:
    """Due dates beside a loop over chinese_calendar.is_workday; a changed calendar over many open dates."""
    load = os.getloadavg()[0]
    dates = deadline_bench.measure(built_in_calendar(), rounds)
    short = deadline_bench.measure(built_in_calendar(), rounds, deadline_bench.SHORT)
    moved = _recompute(obligations, jurisdictions) if obligations else None
    if as_json:
        click.echo(
            json.dumps(
                {
                    "load": load,
                    "dates": dates.facts(),
                    "short": short.facts(),
                    "recompute": moved.facts() if moved else None,
                }
            )
        )
        return
    click.echo(f"due dates, {dates.cases} cases, {dates.rounds} paired rounds, load {load:.1f} at the start:")
    click.echo(f"  ours   {dates.ours_per_second:10,.0f} dates/s")
    click.echo(f"  loop   {dates.naive_per_second:10,.0f} dates/s")
    click.echo(f"  ratio  {dates.ratio:10,.1f}  (median of the paired ratios, {dates.lowest} to {dates.highest})")
    click.echo(f"  ratio  {short.ratio:10,.1f}  of periods up to {deadline_bench.SHORT} days alone")
    if moved is not None:
        click.echo(f"a day called off, {moved.obligations} open dates in {moved.jurisdictions} jurisdictions:")
        click.echo(
            f"  {moved.seconds} s, {moved.per_second:,.0f} dates/s; {moved.looked_at} read that day, {moved.moved} moved; "
            f"{moved.records} records differ"
        )
        click.echo(f"  share of computing  {moved.computing:.1%}")


def _recompute(obligations: int, jurisdictions: int) -> deadline_bench.RecomputingFigures:
    from app import create_app

    with servers() as settings:
        _fill_matters(settings, jurisdictions, max(1, obligations // jurisdictions))
        app = create_app(settings)
        with app.app_context():
            ids = list(db.session.scalars(select(Jurisdiction.id).order_by(Jurisdiction.id)))
            deadline_bench.explain(db.session, ids)
            figures = deadline_bench.measure_recomputing(db.session, ids, clock.now())
            db.session.remove()
            db.engine.dispose()
        return figures


def _fill(settings: Settings, jurisdictions: int, matters: int) -> int:
    first = _fill_matters(settings, jurisdictions, matters)
    owner = create_engine(settings.owner_database_url)
    with owner.begin() as connection:
        for statement in rows.TABLES:
            connection.execute(text(statement))
        ids = list(connection.execute(text("SELECT id FROM jurisdiction ORDER BY id")).scalars())
        rows.copy_rows(connection, ids)
    owner.dispose()
    return first


def _fill_matters(settings: Settings, jurisdictions: int, matters: int) -> int:
    from app import create_app

    click.echo(f"filling {jurisdictions} jurisdictions with {matters} matters each", err=True)
    app = create_app(settings)
    with app.app_context():
        first = fill(
            db.session,
            read_folder(ROOT / "tenants" / "420703-huarong"),
            jurisdictions=jurisdictions,
            matters=matters,
            at=clock.now(),
            said=lambda number: _tick(number, jurisdictions),
        )
        db.session.remove()
        db.engine.dispose()
    owner = create_engine(settings.owner_database_url)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    owner.dispose()
    return first


def _tick(number: int, total: int) -> None:
    if number % 50 == 0 or number == total:
        click.echo(f"  {number} of {total}", err=True)


def _statements(settings: Settings) -> tuple[int, int]:
    """How many statements our page sends, counted inside the application."""
    from app import create_app

    app = create_app(settings)
    with app.app_context():
        engine = db.engine
    client = app.test_client()
    page = client.get("/login/").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post("/login/", data={"username": USERNAME, "password": PASSWORD, "csrf_token": token})
    client.get("/j/huarong/matters/")
    counted = ledger_bench.count_statements(engine, client, "/j/huarong/matters/")
    engine.dispose()
    return counted


@contextmanager
def _stock(settings: Settings, jurisdiction_id: int) -> Iterator[int]:
    extra = {"BENCH_DATABASE_URL": settings.owner_database_url, "BENCH_JURISDICTION": str(jurisdiction_id)}
    folder = str(Path(__file__).resolve().parent / "bench")
    with _web(["--chdir", folder, "stock:create()"], settings, extra) as port:
        yield port


@contextmanager
def _web(target: list[str], settings: Settings, extra: dict[str, str]) -> Iterator[int]:
    """One web server process with one worker, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **inherited_environment(),
        "HUIYIN_DATA_DIR": str(settings.data_dir),
        "HUIYIN_TESTING": "1",
        "PYTHONWARNINGS": "ignore",
        **extra,
    }
    argv = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "1", "-k", "sync", "--no-control-socket"]
    with open(settings.data_dir / f"web-{port}.log", "wb") as output:
        process = subprocess.Popen([*argv, *target], cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603
    try:
        _await(port, process, settings.data_dir / f"web-{port}.log")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise click.ClickException(f"the web server ended:\n{log.read_text()[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("the web server did not answer")
