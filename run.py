#!/usr/bin/env python3
"""The one door to Huiyin: ``run.py COMMAND`` for people, ``run:create_wsgi()`` for the web server.

Each room brings its own commands; a room is imported only when its command is asked for, so that a command which needs
no database needs none.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from app.kernel.errors import HuiyinError
from app.kernel.runtime.service import ServiceError
from config import ROOT, ConfigError

if TYPE_CHECKING:
    from flask import Flask

# Command: the module that has it, and its name there.
COMMANDS = {
    "serve": ("app.kernel.cli", "serve"),
    "release": ("app.kernel.cli", "release"),
    "check-migrations": ("app.kernel.cli", "check_migrations"),
    "jurisdiction": ("app.platform.cli_jurisdiction", "jurisdiction"),
    "person": ("app.organisation.cli", "person"),
    "matter": ("app.reporting.cli", "matter"),
    "deadline": ("app.deadlines.cli", "deadline"),
    "calendar": ("app.deadlines.cli_calendar", "calendar"),
    "bench": ("app.platform.cli_bench", "bench"),
    "demo": ("app.platform.cli", "demo"),
    "audit": ("app.platform.cli", "audit"),
    "jobs": ("app.platform.cli_jobs", "jobs"),
    "secret": ("app.notifications.cli", "secret"),
}


class Door(click.Group):
    """Finds commands in the rooms that are there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands whose room has a command line."""
        return [name for name in COMMANDS if self.get_command(ctx, name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None when there is none of this name."""
        module, attribute = COMMANDS.get(cmd_name, ("", ""))
        if not module or not (ROOT / f"{module.replace('.', '/')}.py").exists():
            return None
        command = getattr(importlib.import_module(module), attribute, None)
        return command if isinstance(command, click.Command) else None


@click.command(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """回音 Huiyin: government supervision work, one procedure per jurisdiction."""


def create_wsgi() -> Flask:
    """The web application, for a WSGI server."""
    from app import create_app

    return create_app()


if __name__ == "__main__":
    try:
        main(prog_name="run.py")
    except (ConfigError, ServiceError, HuiyinError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
