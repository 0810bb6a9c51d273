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


__all__ = ["create_app"]
