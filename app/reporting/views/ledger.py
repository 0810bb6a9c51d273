"""The ledger and its saved views."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request

from app.jurisdictions.in_force import rules_in_force
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid
from app.kernel.i18n import _
from app.kernel.pages import Act, Link, Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.matters import queries as matter_queries
from app.matters.pages import LedgerPage
from app.organisation.queries import list_units
from app.reporting import services
from app.reporting.forms import SaveViewForm, ShareViewForm
from app.reporting.presenting import ledger as presenting
from app.reporting.presenting.ledger import Asked, Choices
from app.reporting.queries import inspectors, list_saved_views

PAGE_SIZE = 25
MORE = ("urgency", "level", "scope", "kind", "inspector", "due_from", "due_to")
READERS = ("matter:read_all", "matter:read_unit", "matter:approve")


class LedgerView(BusinessView):
    """The ledger."""

    route_base = "/matters"

    @expose("/")
    @right(*READERS)
    def list(self) -> Any:
        """The matters the reader sees, filtered as the address says."""
        return self._page(request.args)

    @expose("/views", methods=["POST"])
    @right(*READERS)
    def save_view(self) -> Any:
        """Keep the filter in force under a name."""
        asking = actor()
        form = _view_form(asking, formdata=request.form)
        parameters = presenting.parameters_of(form.query.data or "")
        if not form.validate():
            return self._page(parameters, form), 422
        try:
            services.save_view(
                db.session,
                asking,
                name=form.name.data,
                query=presenting.address("", parameters).removeprefix("?"),
                shared="shared" in form and bool(form.shared.data),
                at=clock.now(),
            )
        except HuiyinError as error:
            sentence = error.field_sentences().get("name") if isinstance(error, Invalid) else None
            form.name.errors = [*form.name.errors, sentence or error.sentence()]
            return self._page(parameters, form), error.status
        flash(_("The view was saved."), "success")
        return redirect(presenting.address(f"{request.script_root}/matters/", parameters))

    @expose("/views/<int(max=9223372036854775807):view_id>/remove", methods=["POST"])
    @right(*READERS)
    def drop_view(self, view_id: int) -> Any:
        """Take one of one's own views away."""
        name = services.drop_view(db.session, actor(), view_id, at=clock.now())
        flash(_("The view “%(name)s” was removed.", name=name), "success")
        return redirect(f"{request.script_root}/matters/")

    def _page(self, given: Any, form: Any = None) -> Any:
        asking = actor()
        sources = [(one.id, one.short_name) for one in matter_queries.list_sources(db.session, only_active=False)]
        sees_all = asking.may("matter:read_all")
        units = [(one.id, one.short_name) for one in list_units(db.session, only_active=False)] if sees_all else []
        asked = presenting.read_address(given, sources, units, _listed(sees_all and "inspector" in given))
        for sentence in asked.faults:
            flash(sentence, "warning")
        return self.render_template("matters/ledger.html", page=_ledger_page(asking, asked, sources, units, form))


def _listed(with_people: bool) -> dict[str, dict[str, str]]:
    """The contents and kinds of supervision that the rules in force know, and the inspectors where one is asked for."""
    people = {"inspector": dict(inspectors(db.session))} if with_people else {}
    rules = rules_in_force()
    if rules is None:
        return people
    entries = {"scope": rules.scopes, "kind": rules.supervision_kinds}
    return {name: {one.key: one.name for one in known} for name, known in entries.items()} | people


def _ledger_page(asking: Actor, asked: Asked, sources: Choices, units: Choices, form: Any) -> LedgerPage:
    today, root = clock.today(), request.script_root
    base = f"{root}/matters/"
    page = _page_number()
    found = matter_queries.ledger(
        db.session, asking, asked.wanted, today=today, at=clock.now(), page=page, page_size=PAGE_SIZE
    )
    last = max(1, -(-found.total // PAGE_SIZE))
    if page > last:
        page = last
        found = matter_queries.ledger(
            db.session, asking, asked.wanted, today=today, at=clock.now(), page=page, page_size=PAGE_SIZE
        )
    rules = rules_in_force()
    lights = matter_queries.lights_count(db.session, asking, today=today, at=clock.now())
    registers = asking.may("matter:register")
    tabs = [tab for tab, _parameters in presenting.default_tabs(asked, base, lights, registers=registers)]
    known, drop = any(tab.current for tab in tabs), None
    for view in list_saved_views(db.session, asking):
        parameters = presenting.parameters_of(view.query)
        here = presenting.same(asked, parameters)
        tabs.append(Tab(view.name, presenting.address(base, parameters), current=here and not known))
        if here and view.membership_id == asking.membership_id:
            drop = Act(
                key="drop-view",
                label=_("Remove this view"),
                submit_label=_("Remove the view"),
                action=f"{root}/matters/views/{view.id}/remove",
                effect=_("The view “%(name)s” is removed. The matters stay as they are.", name=view.name),
                icon="close",
            )
        known = known or here
    at_hand, more = presenting.filters(asked, sources, units, with_units=asking.may("matter:read_all"))
    return LedgerPage(
        title="" if asking.may("matter:read_all") or asking.may("matter:approve") else _("Ledger of my unit"),
        tabs=tuple(tabs),
        filters=at_hand,
        more_filters=more,
        more_open=any(
            name in asked.parameters
            for name in ("urgency", "level", "scope", "kind", "inspector", "due_from", "due_to")
        ),
        chips=presenting.chips(asked, sources, units, base),
        rows=presenting.rows(found.rows, today, root, rules.words if rules else {}),
        pager=Pager.of(
            found.total, page, PAGE_SIZE, lambda n: presenting.address(base, {**asked.parameters, "page": str(n)})
        ),
        reset_href=base,
        sorts=presenting.sorts(asked, base),
        hidden=tuple(
            (name, asked.parameters[name])
            for name in ("completed_from", "group", "rules", "mine", "open", "running")
            if name in asked.parameters
        ),
        register=Link(_("Register a matter"), f"{root}/matters/register", "plus") if registers else None,
        bulk=(_urge_act(root),) if asking.may("matter:urge") else (),
        save_view=_save_act(asking, asked, root, form) if form is not None or not known else None,
        drop_view=drop,
    )


def _urge_act(root: str) -> Act:
    """What is done with the ticked rows: the urging room shows whom it would reach before anything is sent."""
    return Act(
        key="urge",
        label=_("Urge together"),
        submit_label=_("Urge together"),
        action=f"{root}/urging/chosen",
        tone="primary",
        icon="bell",
    )


def _view_form(asking: Actor, **given: Any) -> Any:
    return ShareViewForm(**given) if asking.may("view:share") else SaveViewForm(**given)


def _save_act(asking: Actor, asked: Asked, root: str, form: Any) -> Act:
    query = presenting.address("", presenting.without(asked.parameters)).removeprefix("?")
    return Act(
        key="save-view",
        label=_("Save this view"),
        submit_label=_("Save the view"),
        action=f"{root}/matters/views",
        effect=_("The conditions in force are kept under a name of yours."),
        icon="star",
        form=form if form is not None else _view_form(asking, formdata=None, data={"query": query}),
        open=form is not None,
    )


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return min(max(1, int(asked)), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
