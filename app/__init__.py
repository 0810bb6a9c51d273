"""回音 Huiyin: government supervision work, one procedure per jurisdiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for one installation; see ``app.assembly``.

    Imported late, so that a command which needs no application does not pay for loading it.
    """
    from app.assembly import create_app as assemble

    return assemble(settings)


def prepare_data(app: Flask) -> None:
    """What every installation holds before anybody signs in; part of each release, safe to repeat."""
    from app.assembly import prepare_data as prepare

    prepare(app)


__all__ = ["create_app", "prepare_data"]
