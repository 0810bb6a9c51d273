"""The case file and the acts done on it."""

from __future__ import annotations

from app.kernel.web import BusinessView

VIEWS: list[type[BusinessView]] = []
