"""``run.py secret``: changing the key that seals what jurisdictions entrust to us."""

from __future__ import annotations

import click

from app.jurisdictions.queries import list_jurisdictions
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.tenancy import platform_scope, scope
from app.notifications.channels import outlet
from app.notifications.services.ways import reseal_channels


@click.group()
def secret() -> None:
    """Look after the secrets that are kept sealed."""


@secret.command()
def reseal() -> None:
    """Seal everything with HUIYIN_FIELD_KEY that one of HUIYIN_FORMER_FIELD_KEYS has sealed."""
    with application() as app:
        out = outlet(app.extensions["huiyin.settings"])
        with platform_scope("list the jurisdictions whose secrets are sealed anew", db.session):
            ids = [house.id for house in list_jurisdictions(db.session)]
        done = lost = 0
        for jurisdiction_id in ids:
            with scope(jurisdiction_id, db.session):
                more, gone = reseal_channels(db.session, Actor.system(jurisdiction_id), out, at=clock.now())
            done, lost = done + more, lost + gone
    click.echo(f"{done} sealed anew")
    if lost:
        raise click.ClickException(f"{lost} cannot be opened with any key we have: their secrets must be typed again")
