"""The points of units in the browser: a period's table, the occasions behind a number, the letter that follows."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.jurisdictions.rules.profile import PointRule, Points
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link, Pager
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications.schemas import page_number
from app.organisation.models import Unit
from app.urging import queries, services
from app.urging.pages import OccasionsPage, PointsPage
from app.urging.presenting.points import (
    occasion_line,
    occasions_href,
    period_words,
    points_href,
    points_row,
    threshold_words,
)
from app.urging.rules import Counts, Period, period_of, read_period, score

PAGE_SIZE = 50
READERS = ("matter:read_all", "matter:read_unit", "matter:approve")
NO_COUNTS: Counts = {}


class PointsView(BusinessView):
    """Points per unit and period."""

    route_base = "/urging/points"

    @expose("")
    @right(*READERS)
    def table(self) -> Any:
        """A period's points, the lowest first."""
        return self.render_template("urging/points.html", page=_table())

    @expose("/occasions")
    @right(*READERS)
    def occasions(self) -> Any:
        """The occasions behind one number of the table."""
        return self.render_template("urging/occasions.html", page=_occasions())

    @expose("/letters", methods=["POST"])
    @right("matter:urge")
    def issue(self) -> Any:
        """Issue what a threshold asks for and go back to the table; a refusal is said there."""
        try:
            letter = services.issue_points_letter(
                db.session,
                actor(),
                unit_id=_whole(request.args.get("unit", "")),
                period=request.args.get("period", ""),
                threshold=request.args.get("threshold", ""),
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            db.session.rollback()
            flash(refusal.sentence(), "danger")
            return self.render_template("urging/points.html", page=_table()), refusal.status
        said = N_("The letter is issued.") if letter.consequence == "letter" else N_("The summons is issued.")
        flash(translate(said), "success")
        return redirect(f"{request.script_root}/urging/points?period={letter.period}")


def _table() -> PointsPage:
    asking, root = actor(), request.script_root
    points, period = _counted()
    may_issue, may_open = asking.may("matter:urge"), asking.may("attachment:read")
    counts: dict[int, Counts] = {}
    if points is not None:
        counts = queries.count_occasions(db.session, asking, period, at=clock.now())
    units = queries.list_units_counted(db.session, asking) if points is not None else []
    if points is not None:
        start = points
        units.sort(key=lambda unit: score(start, counts.get(unit.id, NO_COUNTS)).total)
    page = min(page_number(request.args.get("page")), max(1, -(-len(units) // PAGE_SIZE)))
    shown = units[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    issued = queries.list_points_letters(db.session, asking, period, [unit.id for unit in shown])
    later = period.after()
    return PointsPage(
        title=_("Points of the units") if asking.may("matter:read_all") else _("Points of my unit"),
        period=period_words(period),
        article=points.article if points is not None else "",
        start=points.start if points is not None else 0,
        rules=tuple((rule.name, rule.points) for rule in points.rules) if points is not None else (),
        thresholds=threshold_words(points) if points is not None else (),
        rows=tuple(
            points_row(
                unit,
                points,
                counts.get(unit.id, NO_COUNTS),
                issued.get(unit.id, []),
                period,
                root,
                may_issue=may_issue,
                may_open=may_open,
            )
            for unit in shown
            if points is not None
        ),
        pager=Pager.of(len(units), page, PAGE_SIZE, lambda number: f"{points_href(root, period)}&page={number}"),
        earlier=Link(period_words(period.before()), points_href(root, period.before()), "back"),
        later=Link(period_words(later), points_href(root, later)) if later.first <= clock.today() else None,
    )


def _occasions() -> OccasionsPage:
    asking, root = actor(), request.script_root
    points, period = _counted()
    unit = _unit()
    rule = _rule(points)
    if points is None or rule is None:
        raise NotFound()
    counts = queries.count_occasions(db.session, asking, period, at=clock.now(), unit_id=unit.id)
    line = next(one for one in score(points, counts.get(unit.id, NO_COUNTS)).lines if one.rule == rule)
    page = min(page_number(request.args.get("page")), max(1, -(-line.count // PAGE_SIZE)))
    found, total = queries.list_occasions(
        db.session, asking, period, unit.id, rule.occasion, rule.slip, at=clock.now(), page=page, page_size=PAGE_SIZE
    )
    return OccasionsPage(
        title=f"{unit.short_name} · {rule.name}",
        unit=unit.short_name,
        period=period_words(period),
        rule=rule.name,
        points=line.points,
        back_href=points_href(root, period),
        lines=tuple(occasion_line(one, root) for one in found),
        pager=Pager.of(
            total, page, PAGE_SIZE, lambda number: f"{occasions_href(root, period, unit.id, rule.key)}&page={number}"
        ),
    )


def _counted() -> tuple[Points | None, Period]:
    """The period an address asks for and the rules it is counted by; without one the present period."""
    at, today = clock.now(), clock.today()
    text = request.args.get("period", "")
    period = read_period(text) if text else None
    if text and (period is None or period.first > today):
        flash(_("There is no such period; the present one is shown."), "warning")
        period = None
    points = queries.points_of(db.session, period, at)
    if period is None:
        return points, period_of(points.period if points is not None else "month", today)
    return (points if points is not None and points.period == period.kind else None), period


def _unit() -> Unit:
    unit = queries.find_unit_counted(db.session, actor(), _whole(request.args.get("unit", "")))
    if unit is None:
        raise NotFound()
    return unit


def _rule(points: Points | None) -> PointRule | None:
    asked = request.args.get("rule", "")
    return next((one for one in points.rules if one.key == asked), None) if points is not None else None


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NotFound()
    return int(text)
