"""The public page behind an activation link: a first password of one's own."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.decorators import no_cache

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, expose, public
from app.organisation import forms, services
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
