"""The API of matters: ``/j/<slug>/api/v1/matters/``. Same rules, same visibility, same acts as the pages.

Sign in with ``POST …/api/v1/security/login`` and send ``Authorization: Bearer <token>``. A browser's cookie works too, with
the form's token in ``X-CSRFToken``. Errors are problem JSON with code, sentence and request id.
"""

from __future__ import annotations

from typing import Any

from app.matters.api.routes import MattersApi


def register(appbuilder: Any) -> None:
    """Open the API."""
    appbuilder.add_view_no_menu(MattersApi)


__all__ = ["register"]
