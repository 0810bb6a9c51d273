"""The burden meter in the browser: what each unit was asked for in a month, beside the month before."""

from __future__ import annotations

from typing import Any

from flask import flash, request

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import _, translate
from app.kernel.pages import Link, Pager
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications.schemas import page_number
from app.urging import queries
from app.urging.pages import BurdenListPage, BurdenPage
from app.urging.presenting.burden import (
    WORDS,
    burden_href,
    burden_line,
    burden_rows,
    column_words,
    list_href,
    total_cells,
)
from app.urging.presenting.points import period_words
from app.urging.queries.burden import ASKED, count_burden, list_burden
from app.urging.rules import Period, period_of, read_period

PAGE_SIZE = 50
READERS = ("matter:read_all", "matter:read_unit")


class BurdenView(BusinessView):
    """The burden meter."""

    route_base = "/urging"

    @expose("/burden")
    @right(*READERS)
    def burden(self) -> Any:
        """A month's table: the units the reader sees."""
        return self.render_template("urging/burden.html", page=_table())

    @expose("/burden/list")
    @right(*READERS)
    def burden_list(self) -> Any:
        """What stands behind one number; of another unit, and of what nobody counts, there is nothing."""
        return self.render_template("urging/burden_list.html", page=_list())


def _table() -> BurdenPage:
    asking, root, month = actor(), request.script_root, _month()
    units = queries.list_units_counted(db.session, asking)
    now = count_burden(db.session, asking, month)
    before = count_burden(db.session, asking, month.before())
    later = month.after()
    return BurdenPage(
        title=_("What units are asked for") if asking.may("matter:read_all") else _("What my unit is asked for"),
        month=period_words(month),
        columns=column_words(),
        rows=burden_rows(units, now, before, month, root),
        totals=total_cells(now, before, month, root) if len(units) > 1 else (),
        earlier=Link(period_words(month.before()), burden_href(root, month.before()), "back"),
        later=Link(period_words(later), burden_href(root, later)) if later.first <= clock.today() else None,
    )


def _list() -> BurdenListPage:
    asking, root, month = actor(), request.script_root, _month()
    what, text = request.args.get("what", ""), request.args.get("unit", "")
    if what not in ASKED:
        raise NotFound()
    unit = None
    if text:
        unit = queries.find_unit_counted(db.session, asking, int(text)) if _whole(text) else None
        if unit is None:
            raise NotFound()
    unit_id = unit.id if unit is not None else None
    page = page_number(request.args.get("page"))
    found, total = list_burden(db.session, asking, month, what, unit_id, page=page, page_size=PAGE_SIZE)
    return BurdenListPage(
        title=f"{unit.short_name} · {translate(WORDS[what])}" if unit is not None else translate(WORDS[what]),
        month=period_words(month),
        back_href=burden_href(root, month),
        with_unit=unit is None,
        lines=tuple(burden_line(one, root) for one in found),
        pager=Pager.of(total, page, PAGE_SIZE, lambda number: f"{list_href(root, month, what, unit_id)}&page={number}"),
    )


def _month() -> Period:
    text = request.args.get("month", "")
    month = read_period(text) if text else None
    if month is not None and month.kind == "month" and month.first <= clock.today():
        return month
    if text:
        flash(_("There is no such month; the present one is shown."), "warning")
    return period_of("month", clock.today())


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
