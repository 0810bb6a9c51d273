"""The desk: the workbench, what is to be done, what is to be decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, redirect, request
from flask_wtf import FlaskForm

from app.deadlines.queries import calendar_for
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.clock import local_date, local_datetime
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _
from app.kernel.pages import Figure, Link, Pager, Tab, TaskLine
from app.kernel.web import BusinessView, actor, expose, member, right
from app.matters import queries, services
from app.matters.answers import say_beside
from app.matters.forms.case import Choices, act_form
from app.matters.forms.office import OpinionForm, ReturnForm
from app.matters.pages import ApprovalsPage, TodoPage, WorkbenchPage
from app.matters.presenting import office as present
from app.matters.presenting.acts import PHRASES, question_choices
from app.matters.presenting.common import due_cell
from app.matters.queries import LedgerFilter, Todo
from app.matters.queries.desk import count_acted_on, list_acted_on, list_activity, member_names
from app.matters.rules import Act
from app.matters.schemas import PAYLOADS
from app.matters.services.running import run_act
from app.matters.waiting import decisions_waiting_for, waiting_for
from app.organisation.queries import list_standings, list_units

PAGE_SIZE = 25
ON_DESK = 8
NEXT_DATES = 6
LATELY = 5
WATCHING = ("matter:read_all", "matter:read_unit", "matter:approve")


def page_number() -> int:
    """The page asked for in the address, from 1; anything else is the first."""
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def source_names() -> dict[int, str]:
    """Every source's short name, old ones included."""
    return {one.id: one.short_name for one in queries.list_sources(db.session, only_active=False)}


def unit_names() -> dict[int, str]:
    """Every unit's short name, old ones included."""
    return {one.id: one.short_name for one in list_units(db.session, only_active=False)}


class IndexView(BusinessView):
    """Home: the workbench inside a jurisdiction, the way in outside one."""

    default_view = "index"

    @expose("/")
    @member
    def index(self) -> Any:
        """The workbench, or the jurisdictions one may enter."""
        asking = actor()
        if asking.jurisdiction_id is None:
            return self._way_in(asking)
        return self.render_template("matters/workbench.html", page=_workbench(asking))

    def _way_in(self, asking: Actor) -> Any:
        if asking.may("jurisdiction:read"):
            return redirect("/platform/jurisdictions/")
        standings = list_standings(db.session, asking.person_id or 0)
        if len(standings) == 1:
            return redirect(f"/j/{standings[0].slug}/")
        lines = tuple(TaskLine(one.name, "", f"/j/{one.slug}/", "building") for one in standings)
        return self.render_template("platform/choose.html", lines=lines, name=asking.name)


def _workbench(asking: Actor) -> WorkbenchPage:
    today, root = clock.today(), request.script_root
    decides = asking.may("matter:approve") and not asking.may("matter:register")
    waiting = decisions_waiting_for(asking) if decides else waiting_for(asking)
    sources, units = source_names(), unit_names()
    calendar = calendar_for(db.session, asking.jurisdiction_id)
    first = today.replace(day=1)
    coming = LedgerFilter(due_from=today, open_only=True, order="due")
    place = g.jurisdiction.name
    if asking.unit_id in units and not asking.may("matter:read_all"):
        place = f"{place} · {units[asking.unit_id]}"
    all_href = root + ("/approvals/" if decides else "/todo/")
    return WorkbenchPage(
        name=asking.name,
        greeting=present.greeting(local_datetime(clock.now())),
        today=today,
        place=place,
        figures=_figures(asking, len(waiting), decides, today, first, root),
        tabs=_desk_tabs(asking, decides, root),
        lines=present.todo_lines(waiting[:ON_DESK], sources, units, calendar, clock.now(), root),
        all_href=all_href,
        soon=present.soon_lines(
            queries.ledger(db.session, asking, coming, today=today, at=clock.now(), page_size=NEXT_DATES).rows, root
        ),
        soon_href=f"{root}/matters/?open=1&due_from={today.isoformat()}&sort=due",
        activity=present.activity(list_activity(db.session, asking, LATELY)),
        links=(Link(_("Register a matter"), f"{root}/matters/register", "plus"),)
        if asking.may("matter:register")
        else (),
    )


def _figures(
    asking: Actor, waiting: int, decides: bool, today: dt.date, first: dt.date, root: str
) -> tuple[Figure, ...]:
    lights = queries.lights_count(db.session, asking, today=today, at=clock.now())
    completed = queries.count_ledger(
        db.session, asking, LedgerFilter(completed_from=first), today=today, at=clock.now()
    )
    unit = _("matters")
    return (
        Figure(_("Waiting for my decision"), waiting, unit, f"{root}/approvals/", icon="stamp")
        if decides
        else Figure(_("Waiting for me"), waiting, unit, f"{root}/todo/", icon="inbox"),
        Figure(_("Due soon"), lights["warn"], unit, f"{root}/matters/?light=warn&sort=due", tone="warn", light="warn"),
        Figure(_("Overdue"), lights["bad"], unit, f"{root}/matters/?light=bad&sort=due", tone="bad", light="bad"),
        Figure(
            _("Completed this month"),
            completed,
            unit,
            f"{root}/matters/?completed_from={first.isoformat()}",
            tone="ok",
            light="done",
        ),
    )


def _desk_tabs(asking: Actor, decides: bool, root: str) -> tuple[Tab, ...]:
    if not decides:
        return _todo_tabs(asking, "waiting", f"{root}/todo/")
    return (
        Tab(
            _("Waiting for decision"), f"{root}/approvals/", len(decisions_waiting_for(asking)), bad=True, current=True
        ),
        Tab(_("Decided"), f"{root}/approvals/?tab=decided"),
    )


class TodoView(BusinessView):
    """A person's work: waiting, done, registered."""

    route_base = "/todo"

    @expose("/")
    @right(*WATCHING)
    def list(self) -> Any:
        """One of the lists."""
        asking = actor()
        tab = request.args.get("tab", "waiting")
        if tab not in ("waiting", "done", "mine") or (tab == "mine" and not asking.may("matter:register")):
            tab = "waiting"
        return self.render_template("matters/todo.html", page=_todo_page(asking, tab))


def _todo_tabs(asking: Actor, tab: str, base: str) -> tuple[Tab, ...]:
    mine = LedgerFilter(mine=True)
    tabs = [
        Tab(_("To do"), base, len(waiting_for(asking)), bad=True, current=tab == "waiting"),
        Tab(_("Done"), f"{base}?tab=done", count_acted_on(db.session, asking), current=tab == "done"),
    ]
    if asking.may("matter:register"):
        count = queries.count_ledger(db.session, asking, mine, today=clock.today(), at=clock.now())
        tabs.append(Tab(_("Registered by me"), f"{base}?tab=mine", count, current=tab == "mine"))
    return tuple(tabs)


def _todo_page(asking: Actor, tab: str) -> TodoPage:
    today, root, page = clock.today(), request.script_root, page_number()
    base = f"{root}/todo/"
    link = (lambda number: f"{base}?tab={tab}&page={number}") if tab != "waiting" else (lambda n: f"{base}?page={n}")
    if tab == "mine":
        found = queries.ledger(
            db.session, asking, LedgerFilter(mine=True), today=today, at=clock.now(), page=page, page_size=PAGE_SIZE
        )
        total, lines = found.total, present.ledger_lines(found.rows, today, root)
    elif tab == "done":
        total = count_acted_on(db.session, asking)
        acted = list_acted_on(db.session, asking, page=page, page_size=PAGE_SIZE)
        lines = present.acted_lines(acted, source_names(), unit_names(), root)
    else:
        waiting = waiting_for(asking)
        total, calendar = len(waiting), calendar_for(db.session, asking.jurisdiction_id)
        shown = waiting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        lines = present.todo_lines(shown, source_names(), unit_names(), calendar, clock.now(), root)
    titles = {
        "waiting": (_("Nothing waits for you today"), _("You can look at what is due soon.")),
        "done": (_("You have not done anything yet"), _("What you do to a matter will be listed here.")),
        "mine": (_("You have not drawn up a matter yet"), ""),
    }
    links = {
        "waiting": (Link(_("Due soon"), f"{root}/matters/?light=warn&sort=due", "clock"),),
        "mine": (Link(_("Register a matter"), f"{root}/matters/register", "plus"),),
    }
    return TodoPage(
        tabs=_todo_tabs(asking, tab, base),
        lines=lines,
        pager=Pager.of(total, page, PAGE_SIZE, link),
        empty_title=titles[tab][0],
        empty_text=titles[tab][1],
        empty_links=links.get(tab, ()),
    )


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


def version_of(sent: Any) -> int:
    """The version of the matter the reader decided on, as the form sent it; an unreadable one fits no matter."""
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


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


VIEWS = [TodoView, ApprovalsView]
