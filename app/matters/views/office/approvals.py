"""A leader's decisions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_wtf import FlaskForm

from app.deadlines.queries import calendar_for
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.clock import local_date
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.pages import Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.matters import queries, services
from app.matters.answers import say_beside
from app.matters.forms.case import Choices, act_form
from app.matters.forms.office import OpinionForm, ReturnForm
from app.matters.pages import ApprovalsPage
from app.matters.presenting import office as present
from app.matters.presenting.acts import PHRASES, question_choices
from app.matters.presenting.common import due_cell
from app.matters.queries import Todo
from app.matters.queries.desk import member_names
from app.matters.rules import Act
from app.matters.schemas import PAYLOADS
from app.matters.services.running import run_act
from app.matters.views.office.reading import source_names, unit_names, version_of
from app.matters.waiting import decisions_waiting_for


class ApprovalsView(BusinessView):
    """A leader's decisions."""

    route_base = "/approvals"

    @expose("/")
    @right("matter:approve")
    def list(self) -> Any:
        """What waits for a decision, or what was decided."""
        return self._page(decided=request.args.get("tab") == "decided")

    @expose("/<int(max=9223372036854775807):matter_id>/approve", methods=["POST"])
    @right("matter:approve")
    def approve(self, matter_id: int) -> Any:
        """Approve with the written opinion."""
        return self._decide(matter_id, Act.APPROVE, OpinionForm(formdata=request.form))

    @expose("/<int(max=9223372036854775807):matter_id>/return", methods=["POST"])
    @right("matter:approve")
    def give_back(self, matter_id: int) -> Any:
        """Return with the reason."""
        return self._decide(matter_id, Act.RETURN, ReturnForm(formdata=request.form))

    def _decide(self, matter_id: int, act: Act, form: Any) -> Any:
        asking = actor()
        title = queries.get_matter(db.session, asking, matter_id).title
        if not form.validate():
            return self._page(kept=(matter_id, act, form)), 422
        decide = services.approve if act is Act.APPROVE else services.return_proposal
        try:
            decide(
                db.session,
                asking,
                matter_id,
                opinion=form.opinion.data or "",
                expected_version=version_of(request.form),
                at=clock.now(),
            )
        except NotFound:
            raise
        except Invalid as error:
            form.opinion.errors = [*form.opinion.errors, error.field_sentences().get("opinion") or error.sentence()]
            return self._page(kept=(matter_id, act, form)), error.status
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            form.opinion.errors = [*form.opinion.errors, error.sentence()]
            return self._page(kept=(matter_id, act, form)), error.status
        done = _("“%(title)s” was approved.", title=title) if act is Act.APPROVE else None
        flash(done or _("“%(title)s” was returned.", title=title), "success")
        return redirect(f"{request.script_root}/approvals/")

    @expose("/<int(max=9223372036854775807):matter_id>/agree", methods=["POST"])
    @right("matter:approve")
    def agree(self, matter_id: int) -> Any:
        """Agree to what was asked for, with the written opinion and the day where one is fixed."""
        return self._answer(matter_id, Act.AGREE)

    @expose("/<int(max=9223372036854775807):matter_id>/refuse", methods=["POST"])
    @right("matter:approve")
    def refuse(self, matter_id: int) -> Any:
        """Refuse what was asked for, with the reason."""
        return self._answer(matter_id, Act.REFUSE)

    def _answer(self, matter_id: int, act: Act) -> Any:
        asking = actor()
        title = queries.get_matter(db.session, asking, matter_id).title
        named = request.form.get("approval_id", "")
        asked = next((one.approval for one in decisions_waiting_for(asking) if _is_question(one, named)), None)
        form = act_form(act, question_choices(asked, act) if asked is not None else Choices(), request.form)
        if not form.validate():
            return self._page(kept=(matter_id, act, form)), 422
        sent = {name: form[name].data for name in PAYLOADS[act].model_fields if name in form}
        payload = {name: value for name, value in sent.items() if value is not None}
        try:
            version = version_of(request.form)
            run_act(db.session, asking, matter_id, act.value, payload, expected_version=version, at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            say_beside(form, error)
            return self._page(kept=(matter_id, act, form)), error.status
        done = _("“%(title)s”: agreed.", title=title) if act is Act.AGREE else _("“%(title)s”: refused.", title=title)
        flash(done, "success")
        return redirect(f"{request.script_root}/approvals/")

    def _page(self, *, decided: bool = False, kept: tuple[int, Act, Any] | None = None) -> Any:
        asking = actor()
        return self.render_template("matters/approvals.html", page=_approvals_page(asking, decided, kept))


def _approvals_page(asking: Actor, decided: bool, kept: tuple[int, Act, Any] | None) -> ApprovalsPage:
    today, root = clock.today(), request.script_root
    waiting = decisions_waiting_for(asking)
    past = queries.decided_by(db.session, asking) if decided else []
    people: list[int | None] = []
    for matter, approval in [(one.matter, one.approval) for one in waiting] + [(row[2], row[1]) for row in past]:
        people += [matter.registered_by, matter.instruction_leader_id]
        for vote in approval.votes if approval is not None else ():
            people += [vote.membership_id, vote.on_behalf_of]
        people.append(approval.asked_by if approval is not None else None)
    named: dict[str, Any] = {
        "names": member_names(db.session, people),
        "sources": source_names(),
        "units": unit_names(),
        "root": root,
    }
    if decided:
        cards = [
            present.approval_card(matter, approval, due=None, decided=present.decision_word(vote.decision), **named)
            for vote, approval, matter in past
        ]
    else:
        calendar = calendar_for(db.session, asking.jurisdiction_id)
        cards = [
            present.approval_card(
                one.matter,
                one.approval,
                due=due_cell(one.obligation, calendar, today, at=clock.now()),
                panels=_panels(one, root, kept),
                for_whom=one.for_whom,
                **named,
            )
            for one in waiting
            if one.approval is not None
        ]
    base = f"{root}/approvals/"
    return ApprovalsPage(
        tabs=(
            Tab(_("Waiting for decision"), base, len(waiting), bad=True, current=not decided),
            Tab(_("Decided"), f"{base}?tab=decided", current=decided),
        ),
        cards=tuple(cards),
        pager=present.one_page(len(cards)),
        oldest_on=local_date(waiting[0].approval.opened_at)
        if waiting and waiting[0].approval and not decided
        else None,
    )


def _is_question(one: Todo, approval_id: str) -> bool:
    return one.act is Act.AGREE and one.approval is not None and str(one.approval.id) == approval_id


def _answers(one: Todo, root: str, kept: tuple[int, Act, Any] | None) -> Any:
    """The two answers to a question that is no step; the one that came back is open and holds what was typed."""
    asked = one.approval
    assert asked is not None
    drawn = []
    for act in (Act.AGREE, Act.REFUSE):
        back = kept is not None and kept[:2] == (one.matter.id, act) and kept[2]["approval_id"].data == str(asked.id)
        drawn.append(
            present.act_panel(
                act,
                f"{root}/approvals/{one.matter.id}/{act.value}",
                one.matter.version,
                kept[2] if back and kept is not None else act_form(act, question_choices(asked, act)),
                opened=back,
                key=f"{act.value}-{asked.id}",
                phrases=tuple(_(phrase) for phrase in PHRASES[act][1]),
            )
        )
    return tuple(drawn)


def _panels(one: Todo, root: str, kept: tuple[int, Act, Any] | None) -> Any:
    """The two answers; the one that came back with a fault is open and holds what was typed."""
    if one.act is Act.AGREE:
        return _answers(one, root, kept)

    def form_for(act: Act, empty: FlaskForm) -> tuple[Any, bool]:
        if kept is not None and kept[:2] == (one.matter.id, act):
            return kept[2], True
        return empty, False

    base = f"{root}/approvals/{one.matter.id}"
    agreed, opened = form_for(Act.APPROVE, OpinionForm(formdata=None, data={"opinion": _("Agreed.")}))
    back, back_opened = form_for(Act.RETURN, ReturnForm(formdata=None))
    version = one.matter.version
    return (
        present.act_panel(
            Act.APPROVE,
            f"{base}/approve",
            version,
            agreed,
            opened=opened,
            key=f"approve-{one.matter.id}",
            phrases=(_("Agreed."), _("Agreed. Please see that it is done in time."), _("Agreed. Report back to me.")),
        ),
        present.act_panel(
            Act.RETURN,
            f"{base}/return",
            version,
            back,
            opened=back_opened,
            key=f"return-{one.matter.id}",
            phrases=(
                _("The lead unit is not right."),
                _("The deadline is not right."),
                _("Please say more clearly what is asked."),
            ),
        ),
    )
