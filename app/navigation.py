"""What every page carries around its content: who is here, where one may go, what waits."""

from __future__ import annotations

from typing import Any

from flask import Flask


def install(app: Flask) -> None:
    """Give every template its ``shell``."""

    @app.context_processor
    def _shell() -> dict[str, Any]:
        return {}
