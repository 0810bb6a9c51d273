"""Commands of the house itself: bring it up, bring its database up to date."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from app.kernel.runtime import installation, migrations
from config import load_settings


@contextmanager
def application() -> Iterator[Flask]:
    """For a room's command: the application with its context pushed, its embedded database started when need be."""
    from app import create_app  # late: a command that needs no application does not load it

    settings = load_settings()
    with installation.database_running(settings):
        app = create_app(settings)
        with app.app_context():
            yield app


def _parts(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    parts = tuple(word.strip() for word in value.split(","))
    for part in parts:
        if part not in installation.PARTS:
            raise click.BadParameter(f"{part!r} is not one of {', '.join(installation.PARTS)}")
    return parts


@click.command()
@click.option("--only", default=",".join(installation.PARTS), callback=_parts, help="Run only these: web,worker,beat.")
@click.option("--port", type=click.IntRange(1, 65535), help="The web server's port, instead of PORT.")
@click.option("--demonstration", is_flag=True, help="Fill an empty database with the demonstration.")
@click.option("--verbose", is_flag=True, help="Show what every process says, not only the supervisor.")
def serve(only: tuple[str, ...], port: int | None, demonstration: bool, verbose: bool) -> None:
    """Run Huiyin until Ctrl-C: the embedded servers, the web server, a worker and the clock."""
    settings = load_settings()
    if port is not None:
        base_url = settings.base_url.replace(f"http://127.0.0.1:{settings.port}", f"http://127.0.0.1:{port}")
        settings = dataclasses.replace(settings, port=port, base_url=base_url)
    raise SystemExit(installation.serve(settings, only, demonstration=demonstration, verbose=verbose))


@click.command()
def release() -> None:
    """Bring the database up to date: roles, tables, rights, permissions. Safe to repeat."""
    from app import prepare_data  # late, as above

    settings = load_settings()
    with installation.database_running(settings):
        migrations.upgrade(settings)
        with application() as app:
            app.extensions["appbuilder"].add_permissions(update_perms=True)
            prepare_data(app)


@click.command("check-migrations")
def check_migrations() -> None:
    """Check on a throw-away database that the migrations go up and down and say what the models say."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrations.check()
    click.echo("the migrations and the models agree")
