"""Absences and deputies: the administrator's list, and what everybody sets on his own page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.web import BusinessView, actor, expose, member_here, right
from app.kernel.web.fields import put_errors
from app.organisation import forms, queries, services
from app.organisation.models import Absence
from app.organisation.pages import AbsenceLine, AbsencePage


class AbsenceView(BusinessView):
    """Who is away, and who decides meanwhile."""

    route_base = "/absences"

    @expose("/", methods=["GET"])
    @right("membership:read")
    def list(self) -> Any:
        """Those who are away now or will be."""
        return self._page()

    @expose("/", methods=["POST"])
    @right("membership:write")
    def set(self) -> Any:
        """For somebody who cannot set it himself."""
        form = forms.AbsenceOfForm()
        if not form.validate() or set_absence(form, form.person.data.id) is None:
            return self._page(form), 422
        return redirect(url_for("AbsenceView.list"))

    @expose("/<int(max=9223372036854775807):absence_id>/end", methods=["POST"])
    @member_here
    def end(self, absence_id: int) -> Any:
        """Somebody is back."""
        asking = actor()
        if asking.jurisdiction_id is None:
            raise NotFound()
        own = False
        try:
            absence = services.end_absence(db.session, asking, absence_id, today=clock.today(), at=clock.now())
            own = absence.membership_id == asking.membership_id
            flash(_("The absence is ended."), "success")
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
        return redirect(url_for("OwnPageView.me" if own or not asking.may("membership:read") else "AbsenceView.list"))

    def _page(self, form: Any = None) -> Any:
        asking, today = actor(), clock.today()
        may_write = asking.may("membership:write")
        return self.render_template(
            "organisation/absences.html",
            page=AbsencePage(
                tuple(absence_line(one, may_write) for one in queries.list_absences(db.session, today)),
                url_for("AbsenceView.set") if may_write else "",
            ),
            form=form or forms.AbsenceOfForm(formdata=None) if may_write else None,
        )


def set_absence(form: Any, membership_id: int) -> Absence | None:
    """Set the absence a form tells of; None when it was refused, with the sentences beside their fields."""
    try:
        made = services.set_absence(
            db.session,
            actor(),
            membership_id,
            from_on=form.from_on.data,
            until_on=form.until_on.data,
            deputy_id=form.deputy.data.id if form.deputy.data is not None else None,
            reason=form.reason.data,
            today=clock.today(),
            at=clock.now(),
        )
    except NotFound:
        raise
    except Invalid as error:
        put_errors(form, error)
        return None
    except HuiyinError as error:
        flash(error.sentence(), "danger")
        return None
    flash(
        _("The absence is set. Sensitive matters are not passed on: they wait, or another leader decides."), "success"
    )
    return made


def absence_line(absence: Absence, may_end: bool) -> AbsenceLine:
    """One absence as a line."""
    return AbsenceLine(
        name=absence.membership.person.get_full_name(),
        unit=absence.membership.unit.short_name,
        from_on=absence.from_on,
        until_on=absence.until_on,
        deputy=absence.deputy.person.get_full_name() if absence.deputy is not None else "",
        reason=absence.reason or "",
        end_action=url_for("AbsenceView.end", absence_id=absence.id) if may_end else "",
    )
