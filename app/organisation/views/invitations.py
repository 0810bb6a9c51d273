"""Invitations: the administrator's list, and the answer of whoever was invited."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, member, right
from app.organisation import queries, services
from app.organisation.pages import InvitationLine


class InvitationView(BusinessView):
    """Who has been asked to join and has not answered."""

    route_base = "/invitations"

    @expose("/", methods=["GET"])
    @right("membership:write")
    def list(self) -> Any:
        """The open invitations. Only what was typed is shown, and nothing of the person."""
        lines = [
            InvitationLine(
                who=one.facts["username"],
                unit=one.facts["unit"],
                roles="、".join(one.facts["roles"]),
                on=clock.local_date(one.invited_at),
                refuse_action=url_for("InvitationView.withdraw", invitation_id=one.id),
            )
            for one in queries.list_open_invitations(db.session)
        ]
        return self.render_template(
            "organisation/invitations.html", lines=lines, add_href=url_for("MembershipView.add")
        )

    @expose("/<int(max=9223372036854775807):invitation_id>/withdraw", methods=["POST"])
    @right("membership:write")
    def withdraw(self, invitation_id: int) -> Any:
        """Take one back."""
        try:
            services.withdraw_invitation(db.session, actor(), invitation_id, at=clock.now())
            flash(_("The invitation is taken back."), "success")
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
        return redirect(url_for("InvitationView.list"))

    @expose("/<int(max=9223372036854775807):invitation_id>/accept", methods=["POST"])
    @member
    def accept(self, invitation_id: int) -> Any:
        """Join."""
        slug = self._answer(invitation_id, accept=True)
        return redirect(f"/j/{slug}/" if slug else url_for("OwnPageView.me"))

    @expose("/<int(max=9223372036854775807):invitation_id>/refuse", methods=["POST"])
    @member
    def refuse(self, invitation_id: int) -> Any:
        """Do not join."""
        if self._answer(invitation_id, accept=False):
            flash(_("The invitation is refused."), "success")
        return redirect(url_for("OwnPageView.me"))

    def _answer(self, invitation_id: int, *, accept: bool) -> str:
        try:
            return services.answer_invitation(
                db.session,
                actor().person_id or 0,
                invitation_id,
                accept=accept,
                today=clock.today(),
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return ""
