"""Handing over: whose open work is left behind, what would go over to a successor, and the act itself."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _
from app.kernel.pages import TaskLine
from app.kernel.web import BusinessView, actor, as_id, expose, member_here, right
from app.matters.pages import HandOverPage
from app.matters.queries import personal
from app.matters.services.handing_over import hand_over
from app.organisation.forms import member_words
from app.organisation.models import Membership
from app.organisation.queries import find_in_post, get_member


class HandOverView(BusinessView):
    """Open work goes over to a successor."""

    route_base = "/handover"

    @expose("/", methods=["GET"])
    @right("membership:write")
    def list(self) -> Any:
        """Those who have left with open work that nobody has taken over."""
        root = request.script_root
        lines = [
            TaskLine(
                member_words(membership),
                _("%(count)s open matters", count=count),
                f"{root}/handover/{membership.id}",
                "users",
                _("to be handed over"),
                "warn",
            )
            for membership, count in personal.list_left_behind(db.session)
        ]
        return self.render_template("matters/left_behind.html", lines=lines)

    @expose("/post/<int(max=9223372036854775807):membership_id>", methods=["GET"])
    @right("membership:write")
    def from_post(self, membership_id: int) -> Any:
        """Somebody new holds a post: on to the open work of whoever held it before, or back to the list."""
        successor = get_member(db.session, membership_id)
        for former in find_in_post(db.session, successor):
            if personal.open_work(db.session, former.id, successor, clock.today()).moves:
                return redirect(f"{request.script_root}/handover/{former.id}?to={successor.id}")
        return redirect(f"{request.script_root}/membershipview/list/")

    @expose("/<int(max=9223372036854775807):membership_id>", methods=["GET"])
    @member_here
    def show(self, membership_id: int) -> Any:
        """What hangs on somebody, and to whom it could go over. ``left`` passes by when nothing does."""
        former = _former(actor(), membership_id)
        if request.args.get("left") and not personal.open_work(db.session, former.id, None, clock.today()).moves:
            return redirect(f"{request.script_root}/membershipview/list/")
        return self._page(former, as_id(request.args.get("to", "")))

    @expose("/<int(max=9223372036854775807):membership_id>", methods=["POST"])
    @member_here
    def take(self, membership_id: int) -> Any:
        """Hand it over."""
        asking = actor()
        former = _former(asking, membership_id)
        wanted = as_id(request.form.get("successor", ""))
        try:
            done = hand_over(db.session, asking, former.id, wanted or former.id, today=clock.today(), at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return self._page(_former(asking, membership_id), wanted), error.status
        flash(_("Handed over: %(count)s.", count=done.moves), "success")
        own = membership_id == asking.membership_id
        return redirect(request.script_root + ("/me/" if own else "/handover/"))

    def _page(self, former: Membership, to: int | None) -> Any:
        asking, today = actor(), clock.today()
        offered = [
            one
            for one in personal.list_successors(db.session, former)
            if one.id != asking.membership_id or former.id == asking.membership_id
        ]
        chosen = next((one for one in offered if one.id == to), None)
        work = personal.open_work(db.session, former.id, chosen, today)
        page = HandOverPage(
            name=former.person.get_full_name(),
            unit=former.unit.name,
            post=former.post.name if former.post else "",
            counts=(
                (_("Matters drawn up"), work.registered),
                (_("of these, drafts"), work.drafts),
                (_("Matters kept as custodian"), work.custody),
                (_("Matters of one's own instruction"), work.instructions),
                (_("Absences as deputy"), work.deputyships),
            ),
            moves=work.moves,
            staying=work.staying,
            successors=tuple((str(one.id), member_words(one)) for one in offered),
            successor=str(chosen.id) if chosen is not None else "",
            successor_name=chosen.person.get_full_name() if chosen is not None else "",
            action=f"{request.script_root}/handover/{former.id}",
        )
        return self.render_template("matters/hand_over.html", page=page)


def _former(asking: Actor, membership_id: int) -> Membership:
    """Whose work it is: one's own, or anybody's for the administrator; a stranger's is not there."""
    if asking.jurisdiction_id is None:
        raise NotFound()
    if membership_id != asking.membership_id and not asking.may("membership:write"):
        raise NotFound()
    return get_member(db.session, membership_id)


VIEWS = [HandOverView]
