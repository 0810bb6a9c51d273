"""The urging log in the browser, and as a spreadsheet to take away."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request, send_file

from app.documents.sheets import MOST_ROWS, XLSX, make_sheet
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.i18n import _, translate
from app.kernel.pages import Filter, Link, Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.annexes import adds_annex
from app.matters.pages import Annex
from app.matters.presenting.acts import Asked, Reader
from app.matters.queries import CaseFile
from app.notifications.schemas import is_on_the_clock, page_number
from app.organisation.queries import list_units
from app.urging.pages import LogPage, UrgingsPart
from app.urging.presenting.log import CHANNELS, COLUMNS, KINDS, OUTCOMES, log_line, sheet_rows
from app.urging.queries.log import LogFilter, count_log, list_deliveries, list_log, list_urgers

PAGE_SIZE = 25
ON_FILE = 5
"""Urgings shown on a case file."""

READERS = ("matter:read_all", "matter:read_unit", "matter:approve")
NAMES = ("outcome", "unit", "kind", "channel", "by", "on_from", "on_to", "batch", "matter")


@adds_annex
def urgings_of_file(session: Any, file: CaseFile, reader: Reader, _asked: Asked) -> Annex | None:
    """The last urgings of a matter and what came of each; nothing where nobody has been urged."""
    wanted = LogFilter(matter_id=file.matter.id)
    rows = list_log(session, reader.actor, wanted, limit=ON_FILE)
    if not rows:
        return None
    deliveries = list_deliveries(session, [row.urging.id for row in rows])
    lines = tuple(log_line(row, deliveries.get(row.urging.id), file.today, reader.root) for row in rows)
    part = UrgingsPart(lines, f"{reader.root}/urging/log?matter={file.matter.id}")
    return Annex(template="urging/_urgings.html", content=part)


class LogView(BusinessView):
    """The urging log."""

    route_base = "/urging"

    @expose("/log")
    @right(*READERS)
    def log(self) -> Any:
        """The urgings the reader sees, filtered as the address says."""
        asking = actor()
        return self.render_template("urging/log.html", page=_page(asking, *_asked(asking)))

    @expose("/log.xlsx")
    @right("matter:export")
    def sheet(self) -> Any:
        """The same urgings as a spreadsheet, through the same question."""
        asking = actor()
        given, wanted, _choices = _asked(asking)
        if count_log(db.session, asking, wanted)[wanted.outcome] > MOST_ROWS:
            flash(_("More than %(most)s lines. Narrow the days first.", most=MOST_ROWS), "warning")
            return redirect(_address(given))
        rows = sheet_rows(list_log(db.session, asking, wanted, limit=None), clock.today())
        title = _("Urging log")
        content = make_sheet(title, [(translate(name), width) for name, width in COLUMNS], rows)
        answer = send_file(
            io.BytesIO(content), XLSX, as_attachment=True, download_name=f"{title}-{clock.today().isoformat()}.xlsx"
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _asked(asking: Actor) -> tuple[dict[str, str], LogFilter, dict[str, dict[str, str]]]:
    """What the address asks for, and what may be chosen; a value that makes no sense is said and left out."""
    office = asking.may("matter:read_all")
    choices = {
        "outcome": {key: translate(words) for key, words in OUTCOMES.items()},
        "unit": {str(one.id): one.short_name for one in list_units(db.session, only_active=False)} if office else {},
        "kind": {key: translate(words) for key, words in KINDS.items()},
        "channel": {key: translate(words) for key, words in CHANNELS.items()},
        "by": {str(one): name for one, name in list_urgers(db.session, asking)},
    }
    labels = _labels()
    given: dict[str, str] = {}
    for name in NAMES:
        text = request.args.get(name, "").strip()
        if text and (text in choices[name] if name in choices else _readable(name, text)):
            given[name] = text
        elif text:
            flash(
                _("“%(value)s” is no value for “%(label)s”; it was left out.", value=text[:40], label=labels[name]),
                "warning",
            )

    def whole(name: str) -> int | None:
        return int(given[name]) if name in given else None

    def day(name: str) -> dt.date | None:
        return dt.date.fromisoformat(given[name]) if name in given else None

    wanted = LogFilter(
        unit_id=whole("unit"),
        kind=given.get("kind", ""),
        channel=given.get("channel", ""),
        by=whole("by"),
        since=day("on_from"),
        until=day("on_to"),
        outcome=given.get("outcome", ""),
        batch=given.get("batch", ""),
        matter_id=whole("matter"),
    )
    return given, wanted, choices


def _labels() -> dict[str, str]:
    """What each thing that the log is narrowed by is called."""
    return {
        "outcome": _("Effect"),
        "unit": _("Unit"),
        "kind": _("Asked for"),
        "channel": _("Way"),
        "by": _("Urged by"),
        "on_from": _("Day"),
        "on_to": _("Day"),
        "batch": _("Sent together"),
        "matter": _("Matter"),
    }


def _readable(name: str, text: str) -> bool:
    if name == "matter":
        return text.isascii() and text.isdigit() and len(text) < 19
    if name == "batch":
        return text.isascii() and text.isalnum() and len(text) <= 40
    try:
        return is_on_the_clock(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _address(given: dict[str, str], path: str = "/urging/log", **changed: str) -> str:
    kept = {name: value for name, value in {**given, **changed}.items() if value}
    return f"{request.script_root}{path}" + (f"?{urlencode(kept)}" if kept else "")


def _page(asking: Actor, given: dict[str, str], wanted: LogFilter, choices: dict[str, dict[str, str]]) -> LogPage:
    counts = count_log(db.session, asking, wanted)
    total = counts[wanted.outcome]
    page = min(page_number(request.args.get("page")), max(1, -(-total // PAGE_SIZE)))
    rows = list_log(db.session, asking, wanted, limit=PAGE_SIZE, page=page)
    deliveries = list_deliveries(db.session, [row.urging.id for row in rows])
    labels = _labels()
    chips = []
    if wanted.batch:
        chips.append(Link(_("Sent together"), _address(given, batch="")))
    if wanted.matter_id is not None:
        chips.append(Link(_("Of one matter"), _address(given, matter="")))
    filters = [
        Filter("select", name, labels[name], given.get(name, ""), choices=tuple(choices[name].items()))
        for name in ("unit", "kind", "channel", "by")
        if choices[name]
    ]
    filters.append(Filter("dates", "on", labels["on_from"], given.get("on_from", ""), given.get("on_to", "")))
    return LogPage(
        title=_("Urging log") if asking.may("matter:read_all") else _("Urgings of my unit"),
        tabs=tuple(
            Tab(words, _address(given, outcome=key), counts[key], key == "waiting", key == wanted.outcome)
            for key, words in choices["outcome"].items()
        ),
        filters=tuple(filters),
        hidden=tuple((name, given[name]) for name in ("outcome", "batch", "matter") if name in given),
        chips=tuple(chips),
        reset_href=_address({}),
        lines=tuple(log_line(row, deliveries.get(row.urging.id), clock.today(), request.script_root) for row in rows),
        pager=Pager.of(total, page, PAGE_SIZE, lambda number: _address(given, page=str(number))),
        sheet=Link(_("Export"), _address(given, "/urging/log.xlsx"), "download")
        if asking.may("matter:export")
        else None,
    )
