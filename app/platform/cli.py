"""``run.py demo`` and ``run.py audit``: fill an empty installation with the demonstration; verify the chains of events."""

from __future__ import annotations

import sys
import time

import click

from app.documents.storage import FileStore
from app.jurisdictions.queries import list_jurisdictions
from app.kernel import clock
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.events import count_events, verify_chain
from app.kernel.tenancy import scope
from app.platform import demo as demonstration

SYSTEM_CHAIN = 0


@click.group()
def demo() -> None:
    """Show what Huiyin does, with invented people."""


@demo.command("seed")
@click.option("--once", is_flag=True, help="Do nothing, and say so, when a jurisdiction is there already.")
def seed(once: bool) -> None:
    """Fill an empty installation with three jurisdictions, and say who can sign in."""
    begun = time.monotonic()
    with application() as app:
        if demonstration.is_told(db.session):
            if once:
                click.echo("there are jurisdictions already; the demonstration was left out")
                return
            raise click.ClickException("there are jurisdictions already; the demonstration needs an empty installation")
        settings = app.extensions["huiyin.settings"]
        told = demonstration.seed(
            db.session,
            at=clock.now(),
            store=FileStore(settings.files_dir),
            method=app.config["FAB_PASSWORD_HASH_METHOD"],
            say=lambda line: _progress(f"{time.monotonic() - begun:5.1f} s  {line}"),
        )
    click.echo(f"The demonstration: {sum(one.matters for one in told)} matters. Password of every account:")
    click.echo(f"  {demonstration.PASSWORD}")
    click.echo(f"  {demonstration.ADMIN:<16} 平台管理员（/）")
    for one in told:
        click.echo(f"{one.name} /j/{one.slug}/")
        for account in one.accounts:
            click.echo(f"  {account.username:<16} {account.name} {account.office} · {account.role}")


def _progress(line: str) -> None:
    """For somebody who watches; what is kept of a run are its results."""
    if sys.stderr.isatty():
        click.echo(line, err=True)


@click.group()
def audit() -> None:
    """Check what must not have been altered."""


@audit.command()
def verify() -> None:
    """Verify the chain of events of every jurisdiction and of the platform. Exit code 1 when one is broken."""
    broken = False
    with application():
        chains = [(SYSTEM_CHAIN, "platform"), *((one.id, one.slug) for one in list_jurisdictions(db.session))]
        for jurisdiction_id, slug in chains:
            with scope(jurisdiction_id, db.session):
                faults, count = verify_chain(db.session), count_events(db.session)
            click.echo(f"{slug}: {count} events, " + ("the chain holds" if not faults else "BROKEN"))
            for seq, reason in faults:
                broken = True
                click.echo(f"  event {seq}: {reason}", err=True)
    if broken:
        sys.exit(1)
