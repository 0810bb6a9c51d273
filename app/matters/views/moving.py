"""The page on which somebody sees what a changed calendar or newer rules do to the open dates, and lets them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request

from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.i18n import N_, _
from app.kernel.tenancy import current_jurisdiction_id
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.presenting.moving import MOST_LINES, RecomputePage, move_lines, rules_part, shown, waiting_lines
from app.matters.queries.moving import get_clock, list_kept, titles
from app.matters.services.following_rules import follow_rules, preview_rules
from app.matters.services.recomputing import decide_earlier, preview, recompute


class RecomputeView(BusinessView):
    """Dates that follow the calendar, and the rules when somebody says so."""

    route_base = "/settings/recompute"

    @expose("/")
    @right("matter:read_all")
    def show(self) -> Any:
        """Which dates move, from where to where and why; which were kept and wait for a word."""
        return self._page()

    def _page(self, reason: str = "", fault: str = "") -> Any:
        asking, root, now = actor(), request.script_root, clock.now()
        moves, waiting = preview(db.session, at=now), list_kept(db.session, asking)
        ruled = preview_rules(db.session, at=now)
        known = titles(db.session, asking, shown(moves) | shown(ruled.moves))
        house = db.session.get(Jurisdiction, current_jurisdiction_id())
        due_at = house.dates_due_at if house is not None else None
        may = asking.may("calendar:write")
        lines = (*moves.moved[:MOST_LINES], *moves.kept[:MOST_LINES])
        page = RecomputePage(
            matters=moves.matters,
            moving=move_lines(moves.moved[:MOST_LINES], known, root),
            keeping=move_lines(moves.kept[:MOST_LINES], known, root),
            waiting=waiting_lines(waiting[:MOST_LINES], root, may_decide=may),
            hidden=sum(one.matter_id not in known for one in lines),
            more=len(moves.moved) + len(moves.kept) - len(lines) + max(0, len(waiting) - MOST_LINES),
            beyond=moves.beyond,
            at_once=may and bool(lines),
            applies_on=f"{clock.local_datetime(due_at):%Y-%m-%d %H:%M}" if due_at is not None and due_at > now else "",
            action=f"{root}/settings/recompute/",
            rules=rules_part(ruled, known, root, may_decide=may, reason=reason, fault=fault) if ruled.matters else None,
        )
        return self.render_template("settings/recompute.html", page=page), 422 if fault else 200

    @expose("/", methods=["POST"])
    @right("calendar:write")
    def apply(self) -> Any:
        """Let the dates follow now."""
        done = recompute(db.session, actor(), at=clock.now())
        flash(
            _("%(count)s matters have moved; %(kept)s dates were kept.", count=done.matters, kept=len(done.kept)),
            "success",
        )
        return redirect(f"{request.script_root}/settings/recompute/")

    @expose("/rules", methods=["POST"])
    @right("calendar:write")
    def follow(self) -> Any:
        """Let the dates of running matters follow the version in force; a reason that is missing is asked for again."""
        said = request.form.get("number", "")
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
        reason = request.form.get("reason", "")
        try:
            done = follow_rules(db.session, actor(), number=number, reason=reason, at=clock.now())
        except Invalid as error:
            return self._page(reason, error.sentence())
        flash(
            _(
                "%(count)s matters have moved; %(kept)s dates were kept.",
                count=done.moves.matters,
                kept=len(done.moves.kept),
            ),
            "success",
        )
        return redirect(f"{request.script_root}/settings/recompute/")

    @expose("/<int(max=9223372036854775807):obligation_id>", methods=["POST"])
    @right("calendar:write")
    def decide(self, obligation_id: int) -> Any:
        """The word on one date that was kept."""
        get_clock(db.session, actor(), obligation_id)
        said = request.form.get("decision", "")
        try:
            due_on = dt.date.fromisoformat(request.form.get("due_on", ""))
        except ValueError:
            due_on = None
        if due_on is None or said not in ("apply", "keep"):
            raise Invalid("decision_missing", N_("Choose whether the earlier date applies or the promised one stands."))
        decide_earlier(db.session, actor(), obligation_id, apply=said == "apply", due_on=due_on, at=clock.now())
        flash(_("The earlier date applies.") if said == "apply" else _("The promised date stands."), "success")
        return redirect(f"{request.script_root}/settings/recompute/")


VIEWS = (RecomputeView,)
