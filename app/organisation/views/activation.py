"""First passwords: the public page behind an activation link, and where links are made to be handed out."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_appbuilder.security.decorators import no_cache

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, public, right
from app.organisation import forms, queries, services
from app.organisation.pages import links_table
from app.organisation.views.values import hash_method


class ActivationView(BusinessView):
    """One page; every link that opens nothing gets the same sentence."""

    route_base = "/activate"

    @expose("/<token>", methods=["GET", "POST"])
    @no_cache
    @public
    def activate(self, token: str) -> Any:
        """Look at the page as often as one likes; the link is spent when the password is set."""
        person = services.find_to_activate(db.session, token, at=clock.now())
        if person is None:
            raise NotFound("activation_refused", services.OPENS_NOTHING)
        form: Any = forms.FirstPasswordForm()
        name, username = person.get_full_name(), person.username
        if form.validate_on_submit():
            if form.new.data != form.again.data:
                form.again.errors = [*form.again.errors, _("The two new passwords are not the same.")]
            else:
                try:
                    services.activate_account(
                        db.session, token, password=form.new.data, method=hash_method(), at=clock.now()
                    )
                    form = None
                except Invalid as error:
                    form.new.errors = [*form.new.errors, *error.field_sentences().values()]
        return self.render_template("organisation/activate.html", form=form, name=name, username=username)


class FirstSignInsView(BusinessView):
    """Who has no password yet, and links for them."""

    route_base = "/activations"

    @expose("/", methods=["GET"])
    @right("person:write")
    def index(self) -> Any:
        """Everybody who waits for a link."""
        return self._page(())

    @expose("/", methods=["POST"])
    @right("person:write")
    def make(self) -> Any:
        """Make links for all who wait, or for one; they stand on this answer and nowhere else."""
        asked = request.form.get("person", "")
        chosen = [int(asked)] if asked.isascii() and asked.isdigit() and len(asked) < 12 else None
        made = services.make_activations(db.session, actor(), chosen, at=clock.now())
        links = tuple(
            (one.name, one.username, one.unit, url_for("ActivationView.activate", token=one.token, _external=True))
            for one in made
        )
        return self._file(links) if request.form.get("as") == "csv" else self._page(links)

    def _page(self, links: tuple[tuple[str, str, str, str], ...]) -> Any:
        waiting = queries.list_without_password(db.session, actor().jurisdiction_id)
        lines = [
            (
                one.person_id,
                one.person.get_full_name(),
                one.person.username,
                one.unit.name,
                "、".join(role.name for role in one.roles),
            )
            for one in waiting
        ]
        return self.render_template("organisation/activations.html", lines=lines, links=links)

    def _file(self, links: tuple[tuple[str, str, str, str], ...]) -> Response:
        """The links as a table for a spreadsheet."""
        headings = (_("Full name"), _("Sign-in name"), _("Unit"), _("Activation link"))
        answer = Response(links_table(headings, links), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename="activation-links.csv")
        return answer
