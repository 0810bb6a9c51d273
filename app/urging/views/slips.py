"""Escalation slips in the browser: issued and answered on the case file, listed for the jurisdiction."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request

from app.deadlines.queries import calendar_for
from app.jurisdictions.queries import find_profile_in_force
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Filter, Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.annexes import adds_annex
from app.matters.answers import refused_act, say_beside
from app.matters.forms.case import ActForm
from app.matters.pages import Annex
from app.matters.presenting.acts import Asked, Reader
from app.matters.queries import CaseFile, get_matter
from app.matters.schemas import read_payload
from app.notifications.schemas import page_number
from app.organisation.queries import list_units
from app.urging import queries, services
from app.urging.forms import AnswerSlipForm, IssueSlipForm, WithdrawSlipForm
from app.urging.pages import SlipsPage
from app.urging.presenting.slips import ANSWER, COLOURS, ISSUE, SHOWN_WORDS, WITHDRAW, annex, slip_line
from app.urging.queries import SlipFilter
from app.urging.rules import PartFacts
from app.urging.schemas import AnswerSlip, IssueSlip, WithdrawSlip

PAGE_SIZE = 25
READERS = ("matter:read_all", "matter:read_unit", "matter:approve")


@adds_annex
def slips_of_file(session: Any, file: CaseFile, reader: Reader, asked: Asked) -> Annex | None:
    """The slips on a case file; nothing where the jurisdiction's rules know none."""
    if file.profile.slips is None:
        return None
    parts: dict[int, PartFacts] = {}
    if reader.actor.may("matter:urge"):
        parts = queries.facts_of_parts(session, file.matter, file.assignments, file.calendar, file.today, at=file.at)
    rows = queries.list_slips_of(session, reader.actor, file.matter.id)
    return annex(file, reader, asked, rows, parts)


class SlipsView(BusinessView):
    """Escalation slips."""

    route_base = ""

    @expose("/matters/<int(max=9223372036854775807):matter_id>/issue_slip", methods=["POST"])
    @right("matter:urge")
    def issue(self, matter_id: int) -> Any:
        """Issue a slip and go back to the matter; refused, the panel stays open with the words typed in it."""
        get_matter(db.session, actor(), matter_id)
        form = IssueSlipForm(request.form)
        part, _colon, key = str(form.slip.data or "").partition(":")
        given = {"assignment_id": part or None, "slip": key, "demand": form.demand.data or ""}
        try:
            _validated(form)
            asked = read_payload(IssueSlip, given)
            assert isinstance(asked, IssueSlip)
            slip = services.issue_slip(
                db.session,
                actor(),
                matter_id,
                assignment_id=asked.assignment_id,
                slip=asked.slip,
                demand=asked.demand,
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            return self._refused(matter_id, ISSUE, form, refusal)
        said = N_("%(name)s is issued.") if slip.issued_at else N_("%(name)s was asked for; the leaders decide.")
        flash(translate(said, name=slip.name), "success")
        return redirect(f"{request.script_root}/matters/{matter_id}")

    @expose("/matters/<int(max=9223372036854775807):matter_id>/answer_slip", methods=["POST"])
    @right("matter:report")
    def answer(self, matter_id: int) -> Any:
        """Answer the slips of the own part; refused, the panel stays open with the words typed in it."""
        get_matter(db.session, actor(), matter_id)
        form = AnswerSlipForm(request.form)
        given = {"assignment_id": form.assignment_id.data or None, "answer": form.answer.data or ""}
        try:
            _validated(form)
            asked = read_payload(AnswerSlip, given)
            assert isinstance(asked, AnswerSlip)
            services.answer_slip(
                db.session, actor(), matter_id, assignment_id=asked.assignment_id, answer=asked.answer, at=clock.now()
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            return self._refused(matter_id, ANSWER, form, refusal)
        flash(_("The answer is on record."), "success")
        return redirect(f"{request.script_root}/matters/{matter_id}")

    @expose("/matters/<int(max=9223372036854775807):matter_id>/withdraw_slip", methods=["POST"])
    @right("matter:urge")
    def withdraw(self, matter_id: int) -> Any:
        """Take a slip back; refused, the panel stays open with the words typed in it."""
        get_matter(db.session, actor(), matter_id)
        form = WithdrawSlipForm(request.form)
        given = {"slip_id": form.slip_id.data or None, "reason": form.reason.data or ""}
        try:
            _validated(form)
            asked = read_payload(WithdrawSlip, given)
            assert isinstance(asked, WithdrawSlip)
            slip = services.withdraw_slip(
                db.session, actor(), matter_id, slip_id=asked.slip_id, reason=asked.reason, at=clock.now()
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            return self._refused(matter_id, WITHDRAW, form, refusal)
        flash(_("%(name)s is withdrawn.", name=slip.name), "success")
        return redirect(f"{request.script_root}/matters/{matter_id}")

    def _refused(self, matter_id: int, act: str, form: ActForm, refusal: HuiyinError) -> Any:
        db.session.rollback()
        say_beside(form, refusal)
        return refused_act(self, matter_id, act, form, refusal)

    @expose("/urging/slips")
    @right(*READERS)
    def list(self) -> Any:
        """The slips the reader sees, those still with a unit first asked for by a tab of their own."""
        return self.render_template("urging/slips.html", page=_page())


def _validated(form: ActForm) -> None:
    form.validate()
    if form.errors:
        raise Invalid("input_refused", N_("Some of what was entered cannot be taken."))


def _page() -> SlipsPage:
    asking, today, root = actor(), clock.today(), request.script_root
    units = [(str(one.id), one.short_name) for one in list_units(db.session)] if asking.may("matter:read_all") else []
    given = {
        "shown": _one_of("shown", SHOWN_WORDS),
        "colour": _one_of("colour", COLOURS),
        "unit": _one_of("unit", dict(units)),
    }
    wanted = SlipFilter(given["shown"], given["colour"], int(given["unit"]) if given["unit"] else None)
    counts = queries.count_slips(db.session, asking, wanted, today=today)
    total = counts[wanted.shown]
    page = min(page_number(request.args.get("page")), max(1, -(-total // PAGE_SIZE)))
    found = queries.list_slips(db.session, asking, wanted, today=today, page=page, page_size=PAGE_SIZE)
    calendar = calendar_for(db.session, asking.jurisdiction_id)
    may_open = asking.may("attachment:read")

    def address(**changed: str) -> str:
        kept = {name: value for name, value in {**given, **changed}.items() if value}
        return f"{root}/urging/slips" + (f"?{urlencode(kept)}" if kept else "")

    rules = find_profile_in_force(db.session, clock.now())
    slips = rules.slips if rules is not None else None
    filters = [
        Filter(
            "select",
            "colour",
            _("Colour"),
            given["colour"],
            choices=tuple((k, translate(w)) for k, w in COLOURS.items()),
        )
    ]
    if units:
        filters.append(Filter("select", "unit", _("Unit"), given["unit"], choices=tuple(units)))
    return SlipsPage(
        title=_("Escalation slips"),
        article=slips.article if slips is not None else "",
        tabs=tuple(
            Tab(translate(words), address(shown=key), counts[key], key == "ran_out", key == wanted.shown)
            for key, words in SHOWN_WORDS.items()
            if key not in ("asked", "withdrawn") or counts[key] or key == wanted.shown
        ),
        filters=tuple(filters),
        hidden=(("shown", given["shown"]),) if given["shown"] else (),
        reset_href=f"{root}/urging/slips",
        lines=tuple(slip_line(row, calendar, today, root, may_open=may_open) for row in found.rows),
        pager=Pager.of(found.total, page, PAGE_SIZE, lambda number: address(page=str(number))),
    )


def _one_of(name: str, known: Any) -> str:
    """The value an address asks for; one that makes no sense is said and left out."""
    text = request.args.get(name, "").strip()
    if text and text not in known:
        flash(_("“%(value)s” is no value for “%(label)s”; it was left out.", value=text[:40], label=name), "warning")
        return ""
    return text
