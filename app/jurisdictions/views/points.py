"""The page of open points: everything the regulation leaves open about the clock, seen and switched together in the draft."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.jurisdictions.presenting.form import errors_by_name
from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.places import Places
from app.jurisdictions.presenting.points import point_cards
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import Fault, ProfileError, faults, parse_profile, with_live_rights
from app.jurisdictions.rules.points import POINTS, SECTIONS, Place, answered, given
from app.jurisdictions.rules.profile.wording import SectionPage, page_of
from app.jurisdictions.views.editing import (
    FASTER,
    Editing,
    address_of,
    discard,
    editor_page,
    open_page,
    store,
)
from app.kernel.db import db
from app.kernel.errors import Conflict
from app.kernel.i18n import _
from app.kernel.pages import Link
from app.kernel.web import BusinessView, expose, right


class OpenPointsView(BusinessView):
    """One page of the editor beside those of the sections."""

    route_base = "/settings/profile/edit/readings"

    @expose("", methods=["GET"])
    @right("profile:read")
    def points(self) -> Any:
        """Every open point, as the draft has it, or what is in force."""
        return self._draw(_open())

    @expose("", methods=["POST"])
    @right("profile:write")
    def answer(self) -> Any:
        """Keep the answers in the draft. What cannot be taken comes back with its sentence, and nothing is kept."""
        here = _open()
        act = request.form.get("do", "save")
        if act == "discard":
            return discard(here)
        places = {place.path: place for place in _places(here)}
        sent = {path: request.form[one.name] for path, one in places.items() if one.name in request.form}
        typed = {places[path].name: text for path, text in sent.items()}
        here.data = answered(here.document, {path: given(places[path], text) for path, text in sent.items()}, places)
        try:
            parse_profile({name: value for name, value in here.as_typed.items() if value is not None})
        except ProfileError as error:
            return self._draw(here, typed, refusals=error.faults), 422
        try:
            if request.form.get("base") != editor_page(here, [], Names(here.document), unsaved=True).base:
                raise Conflict("page_changed", FASTER)
            changed = store(here, here.data)
        except Conflict as error:
            db.session.rollback()
            return self._draw(_open(), typed, conflict=error.sentence()), 409
        kept = _("Kept in the draft. It holds for nobody until it is published.")
        flash(kept if changed else _("Nothing was different."), "success")
        following = editor_page(here, [], Names(here.document)).next if act == "next" else None
        return redirect(following.href if isinstance(following, Link) else address_of(here.page))

    def _draw(
        self,
        here: Editing,
        typed: dict[str, str] | None = None,
        *,
        refusals: tuple[Fault, ...] = (),
        conflict: str = "",
    ) -> Any:
        rights = rights_here()
        places = Places(here.document, request.script_root, rights.label, here.before)
        stored = parse_profile(here.document)
        found = faults(with_live_rights(stored, rights.live(db.session)), rights.known())
        errors = errors_by_name(refusals or found, places.sentence)
        page = editor_page(
            here,
            [places.line(fault) for fault in found],
            Names(here.document, here.before),
            points=point_cards(stored, places, typed or {}, errors),
            simulator=True,
            unsaved=bool(typed),
            refusals=tuple(places.line(fault) for fault in refusals),
            conflict=conflict,
        )
        return self.render_template("settings/profile/edit.html", page=page)


def _open() -> Editing:
    """The page over all the sections in which points are answered, so that nothing somebody else saves there is lost."""
    here = open_page("readings")
    page = page_of("readings")
    assert page is not None
    here.page = SectionPage(page.key, page.title, page.intro, SECTIONS)
    return here


def _places(here: Editing) -> list[Place]:
    profile = parse_profile(here.document)
    return [place for point in POINTS for place in point.places(profile)]
