"""Values that several of these pages need."""

from __future__ import annotations

from flask import current_app

from app.documents.storage import FileStore
from app.kernel import clock
from app.kernel.clock import local_datetime
from app.kernel.db import db
from app.kernel.i18n import _
from app.platform import queries
from app.platform.models import JurisdictionExport
from app.platform.pages import ExportLine
from app.platform.rules.checklist import Surroundings
from config import Settings


def settings() -> Settings:
    """What this installation has chosen."""
    found: Settings = current_app.extensions["huiyin.settings"]
    return found


def surroundings() -> Surroundings:
    """What the checklist needs to know of the whole installation."""
    return queries.surroundings(db.session, today=clock.today(), mail=bool(settings().smtp_host))


def store() -> FileStore:
    """Where files lie."""
    return FileStore(settings().files_dir)


def export_line(export: JurisdictionExport, href: str = "") -> ExportLine:
    """An export as a line."""
    tone, state = {
        "asked": ("hold", _("Being made")),
        "made": ("ok", _("Made")),
        "failed": ("bad", _("Failed: %(fault)s", fault=export.fault or "")),
    }[export.state]
    return ExportLine(
        asked_at=local_datetime(export.asked_at),
        asked_by=export.asked_by_name,
        tone=tone,
        state=state,
        size=export.size or 0,
        rows=export.row_count or 0,
        sha256=export.sha256 or "",
        href=href if export.state == "made" else "",
    )
