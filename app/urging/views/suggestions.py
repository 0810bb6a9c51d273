"""What the ladder has laid before the office, as lists: urgings to be sent, candidates for the bulletin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request

from app.deadlines.queries import calendar_for
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _, translate
from app.kernel.pages import Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.urging import queries, services
from app.urging.pages import SuggestionsPage
from app.urging.presenting.suggestions import SHOWN_WORDS, suggestion_lines

PAGE_SIZE = 25


class SuggestionsView(BusinessView):
    """The ladder's suggestions."""

    route_base = "/urging"

    @expose("/suggestions/")
    @right("matter:urge")
    def list(self) -> Any:
        """The urgings that wait to be sent, or what has been dealt with."""
        return self.render_template("urging/suggestions.html", page=_page(request.args.get("shown", "")))

    @expose("/bulletin/")
    @right("matter:urge")
    def bulletin(self) -> Any:
        """The units' parts that are candidates for the next bulletin."""
        return self.render_template("urging/suggestions.html", page=_page("bulletin"))

    @expose("/suggestions/settle", methods=["POST"])
    @right("matter:urge")
    def settle(self) -> Any:
        """Say what became of the lines that are ticked; refused, they stay ticked and the reason stays typed."""
        shown, ticked = request.form.get("shown", ""), request.form.getlist("id")
        ids = [int(one) for one in ticked if one.isdecimal() and len(one) < 19]
        note = request.form.get("note", "")
        try:
            count = services.settle_suggestions(
                db.session, actor(), ids, request.form.get("outcome", ""), note, at=clock.now()
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            db.session.rollback()
            flash(refusal.sentence(), "danger")
            page = _page(shown, note, frozenset(ticked))
            return self.render_template("urging/suggestions.html", page=page), refusal.status
        flash(_("%(count)s lines are dealt with.", count=count), "success")
        return redirect(_address(shown))

    @expose("/suggestions/urge", methods=["POST"])
    @right("matter:urge")
    def urge(self) -> Any:
        """From the lines that are ticked to the form of urging, which shows who would get what."""
        ids = [int(one) for one in request.form.getlist("id") if one.isdecimal() and len(one) < 19]
        parts = queries.parts_of_suggestions(db.session, actor(), ids, clock.today())
        if not parts:
            flash(_("Tick at least one line."), "warning")
            return redirect(_address("urging"))
        return redirect(f"{request.script_root}/urging/new?{urlencode([('part', one) for one in parts])}", code=303)


def _page(shown: str, note: str = "", ticked: frozenset[str] = frozenset()) -> SuggestionsPage:
    asking, today, root = actor(), clock.today(), request.script_root
    here = shown if shown in SHOWN_WORDS else "urging"
    counts = queries.count_suggestions(db.session, asking, today)
    asked = request.args.get("page", "1")
    last = max(1, -(-counts[here] // PAGE_SIZE))
    number = min(max(1, int(asked)), last) if asked.isdecimal() and len(asked) < 9 else 1
    rows = queries.list_suggestions(db.session, asking, here, today, page=number, page_size=PAGE_SIZE)
    return SuggestionsPage(
        title=translate(SHOWN_WORDS[here]),
        shown=here,
        tabs=tuple(
            Tab(translate(words), _address(key), counts[key], key != "settled", key == here)
            for key, words in SHOWN_WORDS.items()
        ),
        lines=suggestion_lines(rows, calendar_for(db.session, asking.jurisdiction_id), today, root),
        ticked=ticked,
        note=note,
        together_action=f"{root}/urging/suggestions/urge",
        settle_action=f"{root}/urging/suggestions/settle",
        pager=Pager.of(counts[here], number, PAGE_SIZE, lambda n: _address(here, n)),
    )


def _address(shown: str, page: int = 1) -> str:
    path = "bulletin" if shown == "bulletin" else "suggestions"
    given = {"shown": shown} if shown == "settled" else {}
    kept = {**given, **({"page": str(page)} if page > 1 else {})}
    return f"{request.script_root}/urging/{path}/" + (f"?{urlencode(kept)}" if kept else "")
