"""Other articles for the rules of a draft: what a preset cites gives way to the office's own text, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request

from app.jurisdictions import services
from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.places import FaultLine, Places
from app.jurisdictions.queries import find_draft
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import Fault, parse_profile
from app.jurisdictions.rules.citing import recited, strangers
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import N_, _
from app.kernel.web import BusinessView, actor, as_id, expose, right


@dataclass(frozen=True)
class CitedArticle:
    """One article the text does not have, and the rules that cite it."""

    name: str
    article: str
    places: tuple[FaultLine, ...]


class CitingView(BusinessView):
    """The articles that rules of the draft cite and its text does not have."""

    route_base = "/settings/profile/articles"

    @expose("/")
    @right("profile:write")
    def articles(self) -> Any:
        """Each of them with the rules that cite it, and what may be cited instead."""
        draft = find_draft(db.session)
        if draft is None:
            raise NotFound("no_draft", N_("There is no draft. Start one first."))
        places = Places(draft.document, request.script_root, rights_here().label)
        found = []
        for number, (article, paths) in enumerate(strangers(parse_profile(draft.document)).items()):
            uncited = (Fault(path, "unknown_article", (("word", article),)) for path in paths)
            found.append(CitedArticle(f"a{number}", article, tuple(places.line(one) for one in uncited)))
        return self.render_template(
            "settings/profile/articles.html",
            found=found,
            options=Names(draft.document).cited(),
            revision=draft.revision,
        )

    @expose("/", methods=["POST"])
    @right("profile:write")
    def recite(self) -> Any:
        """Cite what was chosen; what was left open stays as it is. Refuses a draft changed meanwhile (Conflict)."""
        draft = find_draft(db.session)
        if draft is None:
            raise NotFound("no_draft", N_("There is no draft. Start one first."))
        may_cite = {article for article, _words in Names(draft.document).cited()}
        open_ones = list(strangers(parse_profile(draft.document)))
        chosen = {article: request.form.get(f"a{number}", "") for number, article in enumerate(open_ones)}
        instead = {article: other for article, other in chosen.items() if other in may_cite}
        services.replace_draft(
            db.session,
            actor(),
            parse_profile(recited(draft.document, instead)),
            expected_revision=as_id(request.form.get("revision", "")) or 0,
            at=clock.now(),
            origin="articles",
        )
        left = len(open_ones) - len(instead)
        said = _("%(left)s articles are still to be replaced.", left=left) if left else _("Cited anew in the draft.")
        flash(said, "success")
        return redirect(f"{request.script_root}/settings/profile/" + ("articles/" if left else ""))
