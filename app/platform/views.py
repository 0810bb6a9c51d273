"""Pages of the superadmin: what is there, without a look inside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from app.jurisdictions.models import Jurisdiction
from app.kernel.db import db
from app.kernel.i18n import _, lazy_gettext
from app.kernel.pages import Filter, Pager
from app.kernel.web import BusinessView, expose, right
from app.platform import queries
from app.platform.pages import JurisdictionRow, JurisdictionsPage
from app.platform.queries import Inside

PAGE_SIZE = 25
LEVELS = {
    "province": lazy_gettext("Province"),
    "city": lazy_gettext("City"),
    "district": lazy_gettext("District"),
    "county": lazy_gettext("County"),
}
STATES = {
    "preparing": (lazy_gettext("In preparation"), "warn"),
    "active": (lazy_gettext("Running"), "ok"),
    "suspended": (lazy_gettext("Halted"), "bad"),
    "closed": (lazy_gettext("Closed"), "mute"),
}


class JurisdictionsView(BusinessView):
    """The jurisdictions of the installation."""

    route_base = "/platform/jurisdictions"

    @expose("/")
    @right("jurisdiction:read")
    def list(self) -> Any:
        """Every jurisdiction with its level, superior, procedure and counts."""
        words, level = request.args.get("q", "")[:80], request.args.get("level", "")
        asked = request.args.get("page", "1")
        page = min(max(1, int(asked)), 10_000) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        level = level if level in LEVELS else ""
        rows, total = queries.list_page(db.session, words=words, level=level, page=page, page_size=PAGE_SIZE)
        superiors = queries.names_of(db.session, [row.parent_id for row in rows if row.parent_id])
        inside = queries.count_inside(db.engine, [row.id for row in rows])
        shown = JurisdictionsPage(
            rows=tuple(_row(row, superiors.get(row.parent_id or 0, ""), inside[row.id]) for row in rows),
            pager=Pager.of(total, page, PAGE_SIZE, lambda number: _address(words, level, number)),
            filters=(
                Filter("text", "q", _("Search"), words, placeholder=_("Name, code or address")),
                Filter(
                    "select",
                    "level",
                    _("Level of government"),
                    level,
                    choices=tuple((key, str(label)) for key, label in LEVELS.items()),
                    any_label=_("All levels"),
                ),
            ),
        )
        return self.render_template("platform/jurisdictions.html", page=shown)


def _address(words: str, level: str, number: int) -> str:
    given = {"q": words, "level": level, "page": number if number > 1 else ""}
    query = urlencode({name: value for name, value in given.items() if value})
    return request.path + (f"?{query}" if query else "")


def _row(jurisdiction: Jurisdiction, superior: str, inside: Inside) -> JurisdictionRow:
    label, tone = STATES[jurisdiction.status]
    version = _("version %(number)s", number=inside.version) if inside.version else ""
    return JurisdictionRow(
        name=jurisdiction.name,
        href="",
        slug=jurisdiction.slug,
        code=jurisdiction.code,
        level_label=str(LEVELS.get(jurisdiction.level, jurisdiction.level)),
        superior=superior,
        procedure=f"{inside.regulation} · {version}" if version else "",
        units=inside.units,
        people=inside.people,
        open_matters=inside.open_matters,
        state_label=str(label),
        state_tone=tone,
    )


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    appbuilder.add_view_no_menu(JurisdictionsView)
