"""One's own page: what the account says, the password, the language, where one belongs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_login import login_user

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, member
from app.kernel.web.fields import put_errors
from app.organisation import forms, queries, services
from app.organisation.pages import FeedCard, InvitationLine, OwnPage, Place
from app.organisation.views.absences import absence_line, set_absence
from app.organisation.views.values import hash_method


class OwnPageView(BusinessView):
    """One's own page: what the account says, the password, the language, where one belongs."""

    route_base = "/me"

    @expose("/", methods=["GET"])
    @member
    def me(self) -> Any:
        """The page."""
        return self._page()

    @expose("/", methods=["POST"])
    @member
    def change_data(self) -> Any:
        """Save telephone, mail address and language."""
        form = forms.OwnDataForm()
        if not form.validate():
            return self._page(data=form)
        try:
            person = services.change_own_data(
                db.session,
                actor(),
                phone=form.phone.data,
                email=form.email.data,
                locale=form.locale.data or None,
                at=clock.now(),
            )
        except Invalid as error:
            put_errors(form, error)
            return self._page(data=form)
        if person.locale:
            session["locale"] = person.locale
        flash(_("Saved."), "success")
        return redirect(url_for("OwnPageView.me"))

    @expose("/password", methods=["POST"])
    @member
    def change_password(self) -> Any:
        """A new password; every other sign-in of this account ends."""
        form = forms.OwnPasswordForm()
        if form.validate() and form.new.data != form.again.data:
            form.again.errors = [*form.again.errors, _("The two new passwords are not the same.")]
        if form.errors:
            return self._page(password=form)
        try:
            person = services.change_own_password(
                db.session, actor(), old=form.old.data, new=form.new.data, method=hash_method(), at=clock.now()
            )
        except HuiyinError as error:
            if error.code == "old_password_wrong":
                services.note_sign_in(db.session, actor().person_id or 0, succeeded=False, at=clock.now())
            if not isinstance(error, Invalid):
                raise
            put_errors(form, error)
            return self._page(password=form)
        login_user(person, remember=False)
        flash(_("Your password is changed. Other sign-ins of this account have ended."), "success")
        return redirect(url_for("OwnPageView.me"))

    @expose("/absence", methods=["POST"])
    @member
    def set_absence(self) -> Any:
        """Say from when until when one is away, and who decides meanwhile."""
        own = actor().membership_id
        if own is None:
            raise NotFound()
        form = forms.AbsenceForm()
        if not form.validate() or set_absence(form, own) is None:
            return self._page(absence=form), 422
        return redirect(url_for("OwnPageView.me"))

    @expose("/feed", methods=["POST"])
    @member
    def make_feed(self) -> Any:
        """Make the address for one's calendar program, or a new one; it stands on this answer and nowhere else."""
        return self._page(token=services.make_feed(db.session, actor(), at=clock.now()))

    @expose("/feed/revoke", methods=["POST"])
    @member
    def revoke_feed(self) -> Any:
        """End it."""
        services.revoke_feed(db.session, actor(), at=clock.now())
        flash(_("The address of your calendar opens nothing any more."), "success")
        return redirect(url_for("OwnPageView.me"))

    def _page(self, data: Any = None, password: Any = None, absence: Any = None, token: str = "") -> Any:
        person, own = queries.get_person(db.session, actor().person_id), actor().membership_id
        today = clock.today()
        return self.render_template(
            "organisation/me.html",
            page=OwnPage(
                name=person.get_full_name(),
                username=person.username,
                places=tuple(
                    Place(one.name, one.unit_name, one.role_names, f"/j/{one.slug}/")
                    for one in queries.list_standings(db.session, person.id, detailed=True)
                ),
                must_change=bool(person.must_change_password),
                data_action=url_for("OwnPageView.change_data"),
                password_action=url_for("OwnPageView.change_password"),
                absence_action=url_for("OwnPageView.set_absence") if own is not None else "",
                hand_over_href=f"{request.script_root}/handover/{own}",
                absences=tuple(
                    absence_line(one, True)
                    for one in (queries.list_absences(db.session, today, of=own) if own is not None else ())
                ),
                invitations=tuple(
                    InvitationLine(
                        who=one.jurisdiction,
                        unit=one.unit,
                        roles="、".join(one.roles),
                        on=clock.local_date(one.at),
                        accept_action=url_for("InvitationView.accept", invitation_id=one.id),
                        refuse_action=url_for("InvitationView.refuse", invitation_id=one.id),
                    )
                    for one in queries.list_invited(db.session, person.id)
                ),
                stands_in_for=tuple(
                    absence_line(one, False)
                    for one in (queries.list_absences(db.session, today, deputy=own) if own is not None else ())
                ),
                feed=_feed(own, token) if own is not None else None,
                letters_href=f"{request.script_root}/me/letters/" if actor().may("letter:read") else "",
            ),
            absence=(absence or forms.AbsenceForm(formdata=None)) if own is not None else None,
            data=data
            or forms.OwnDataForm(
                formdata=None,
                data={
                    "phone": person.phone,
                    "email": person.mail_address,
                    "locale": person.locale or session.get("locale"),
                },
            ),
            password=password or forms.OwnPasswordForm(formdata=None),
        )


def _feed(own: int, token: str) -> FeedCard:
    feed = queries.find_feed(db.session, own)
    links: tuple[tuple[str, str], ...] = ()
    if token:
        address = f"{request.host_url.rstrip('/')}{request.script_root}/calendar/{token}.ics"
        links = ((_("Everything I see"), address),)
        if actor().may("matter:register"):
            links += ((_("Registered by me"), f"{address}?mine=1"),)
    return FeedCard(
        make_action=url_for("OwnPageView.make_feed"),
        made_on=clock.local_date(feed.made_at) if feed is not None else None,
        revoke_action=url_for("OwnPageView.revoke_feed") if feed is not None else "",
        links=links,
    )
