"""Two profiles side by side, and taking single differences over into the draft."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.jurisdictions import services
from app.jurisdictions.desk import DRAFT, PRESET, Desk, Side
from app.jurisdictions.presenting.comparison import ComparisonPage
from app.jurisdictions.presenting.differences import Teller
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import ProfileError
from app.jurisdictions.rules.comparing import adopt
from app.jurisdictions.views.versions import home
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, right

LONGEST_NAME = 400
MOST_TAKEN = 2000


class ComparisonView(BusinessView):
    """What differs between two versions, a draft, a preset."""

    route_base = "/settings/profile"

    @expose("/compare")
    @right("profile:read")
    def compare(self) -> Any:
        """The differences in words, by the pages of the profile."""
        desk = Desk(actor())
        left, right_ = _sides(desk)
        return self.render_template("settings/profile/compare.html", page=_page(desk, left, right_))

    @expose("/compare/take", methods=["POST"])
    @right("profile:write")
    def take(self) -> Any:
        """Take the ticked differences over into the draft; without one, a draft is begun with them."""
        desk = Desk(actor())
        source = desk.side(request.form.get("right", "")[:60])
        wanted = {name[:LONGEST_NAME] for name in request.form.getlist("take")[:MOST_TAKEN]}
        base = desk.side(DRAFT) if desk.draft is not None else _current(desk)
        try:
            profile = adopt(base.profile, source.profile, wanted)
            if desk.draft is None:
                services.start_draft(db.session, desk.asking, at=clock.now(), profile=profile, note=source.label)
            else:
                revision = request.form.get("revision", "")
                services.replace_draft(
                    db.session,
                    desk.asking,
                    profile,
                    expected_revision=int(revision) if revision.isascii() and revision.isdigit() else -1,
                    at=clock.now(),
                    origin=source.label,
                )
        except ProfileError:
            flash(_("These cannot be taken over together: the profile would lose something it must have."), "danger")
            return redirect(f"{request.script_root}/settings/profile/compare?left={base.word}&right={source.word}")
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return redirect(f"{request.script_root}/settings/profile/compare?left={base.word}&right={source.word}")
        flash(_("%(count)s differences are in the draft now.", count=len(wanted)), "success")
        return redirect(home())

    @expose("/preset/settle", methods=["POST"])
    @right("profile:write")
    def settle(self) -> Any:
        """The preset's change was looked at: it is offered again when it changes again."""
        desk = Desk(actor())
        digest = request.form.get("digest", "")
        if desk.changed_preset is None or not digest.isalnum() or len(digest) != 64:
            raise NotFound()
        services.settle_preset(db.session, desk.asking, digest, at=clock.now())
        flash(_("The preset is offered again when it changes again."), "success")
        return redirect(home())


def _sides(desk: Desk) -> tuple[Side, Side]:
    """What the address names; without words the version in force and the draft, or the two newest versions."""
    words = [word for word, _label in desk.words() if not word.startswith(PRESET)]
    if not words:
        raise NotFound()
    newest = words[0]
    before = (
        str(desk.in_force.number) if desk.in_force is not None and newest == DRAFT else words[min(1, len(words) - 1)]
    )
    left = request.args.get("left", "")[:60] or before
    return desk.side(left), desk.side(request.args.get("right", "")[:60] or newest)


def _current(desk: Desk) -> Side:
    if desk.in_force is None:
        raise NotFound()
    return desk.side(str(desk.in_force.number))


def _page(desk: Desk, left: Side, right_: Side) -> ComparisonPage:
    teller = Teller(left.profile, right_.profile, rights_here().label, request.script_root)
    here = f"{request.script_root}/settings/profile"
    starts = desk.draft is None and desk.in_force is not None and left.word == str(desk.in_force.number)
    may_take = desk.asking.may("profile:write") and right_.word != DRAFT and (left.word == DRAFT or starts)
    return ComparisonPage(
        left=left.word,
        left_label=left.label,
        right=right_.word,
        right_label=right_.label,
        choices=tuple(desk.words()),
        groups=teller.groups(),
        take_action=f"{here}/compare/take" if may_take else "",
        starts_draft=starts,
        revision=desk.draft.revision if desk.draft is not None else 0,
    )
