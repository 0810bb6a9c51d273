"""One jurisdiction on its way in, and out: the checklist and the pages of its items."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_code
from app.jurisdictions.rules import describe_fault as describe_profile_fault
from app.jurisdictions.rules.presets import list_presets
from app.kernel import clock
from app.kernel.db import db, separate_session
from app.kernel.errors import Conflict, HuiyinError, Invalid
from app.kernel.i18n import _, translate
from app.kernel.pages import TaskLine
from app.kernel.tenancy import scope
from app.kernel.web import BusinessView, actor, expose, right
from app.kernel.web.fields import put_errors
from app.notifications.channels import ChannelFault, Message, mail_server
from app.organisation import queries as organisation_queries
from app.organisation.pages import links_table
from app.organisation.permissions import RIGHTS
from app.platform import forms, presenting, queries, services, spreadsheets
from app.platform.pages import ExportLine, FaultLine, HousePage, Offer
from app.platform.rules import checklist as rules
from app.platform.rules.divisions import Division, divisions, find_divisions, slug_for
from app.platform.rules.people_sheet import RawSheet
from app.platform.views.jurisdictions import STATES
from app.platform.views.values import export_line, settings, surroundings

BASE = "/platform/jurisdictions"
ICONS = {
    "card": ("building", "card"),
    "preset": ("flow", "preset"),
    "people": ("users", "people"),
    "administrator": ("shield", "administrator"),
    "calendar": ("calendar", ""),
    "channels": ("mail", "channels"),
    "check": ("check", "#check"),
    "active": ("flag", "#check"),
}
TONES = {"done": "ok", "open": "mute", "attention": "warn"}


class HouseView(BusinessView):
    """The pages of one jurisdiction for the platform's staff; by its code, and never a look at its work."""

    route_base = BASE

    @expose("/new", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def new(self) -> Any:
        """Open a jurisdiction; a place found by name, code or initials fills the form in."""
        form = forms.CardForm()
        if request.method == "POST" and form.validate():
            try:
                services.create_jurisdiction(db.session, actor(), _card(form), at=clock.now())
                flash(_("%(name)s is there. Go on in any order.", name=form.name.data), "success")
                return redirect(f"{BASE}/{(form.code.data or '').strip()}/")
            except Invalid as error:
                put_errors(form, error)
        if request.method == "GET":
            chosen = divisions().get(request.args.get("code", ""))
            form = forms.CardForm(formdata=None, data=self._proposed(chosen) if chosen else {"level": "district"})
        return self.render_template(
            "platform/card.html", form=form, offers=self._offers(), asked=request.args.get("q", "")[:40], name=""
        )

    @expose("/codes")
    @right("jurisdiction:write")
    def codes(self) -> Any:
        """The places that may be meant, as a fragment under the search box."""
        return self.render_template(
            "platform/_offers.html", offers=self._offers(), asked=request.args.get("q", "")[:40]
        )

    def _offers(self) -> tuple[Offer, ...]:
        found = find_divisions(request.args.get("q", ""))
        here = queries.codes_here(db.session, [one.code for one in found])
        return tuple(
            Offer(one.code, one.name, one.path, f"{BASE}/{one.code}/", True)
            if one.code in here
            else Offer(one.code, one.name, one.path, f"{BASE}/new?code={one.code}", False)
            for one in found
        )

    def _proposed(self, place: Division) -> dict[str, str]:
        above = find_by_code(db.session, place.parent) if place.parent else None
        return {
            "code": place.code,
            "name": place.name,
            "short_name": place.name[:20],
            "level": place.level,
            "parent": place.parent if above is not None else "",
            "slug": slug_for(place.name, place.code, queries.list_slugs(db.session)),
        }

    @expose("/<code>/", methods=["GET"])
    @right("jurisdiction:read")
    def house(self, code: str) -> Any:
        """The checklist, what is missing, and what may be done to the whole."""
        return self._house(services.find_house(db.session, code))

    def _house(self, house: Jurisdiction, halting: Any = None, status: int = 200) -> Any:
        page = _house_page(house)
        form = halting or forms.ReasonForm(formdata=None)
        return self.render_template("platform/house.html", page=page, halting=form), status

    @expose("/<code>/card", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def card(self, code: str) -> Any:
        """Correct the card while it is being prepared."""
        house = services.find_house(db.session, code)
        form = forms.CardForm()
        form.code.data = house.code
        if request.method == "POST" and form.validate():
            try:
                services.change_card(db.session, actor(), _card(form), at=clock.now())
                flash(_("Saved."), "success")
                return redirect(f"{BASE}/{code}/")
            except Invalid as error:
                put_errors(form, error)
        if request.method == "GET":
            parents = queries.codes_of(db.session, [house.parent_id] if house.parent_id else [])
            form = forms.CardForm(formdata=None, obj=house, data={"parent": parents.get(house.parent_id or 0, "")})
        return self.render_template("platform/card.html", form=form, offers=(), asked="", name=house.name)

    @expose("/<code>/preset", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def preset(self, code: str) -> Any:
        """Choose a preset, with what differs beside it."""
        house = services.find_house(db.session, code)
        if request.method == "POST":
            key = request.form.get("preset", "")[:40]
            with separate_session() as session:
                services.choose_preset(session, actor(), code, key, at=clock.now(), today=clock.today())
            flash(_("The procedure is published. Its administrator can change all of it."), "success")
            return redirect(f"{BASE}/{code}/")
        presets = list_presets(RIGHTS)
        return self.render_template(
            "platform/preset.html",
            name=house.name,
            href=f"{BASE}/{code}/",
            columns=presenting.preset_columns(presets, house.preset or ""),
            rows=presenting.preset_rows(presets),
            may_choose=house.status == "preparing",
        )

    @expose("/<code>/people.xlsx", methods=["GET"])
    @right("jurisdiction:write")
    def people_template(self, code: str) -> Any:
        """The template, with the roles and kinds of units of this jurisdiction's procedure."""
        house = services.find_house(db.session, code)
        with separate_session() as session:
            roles, kinds = services.words_for_sheet(session, house.id, at=clock.now())
        content = spreadsheets.as_file(spreadsheets.people_template(roles, kinds))
        return send_file(content, as_attachment=True, download_name=f"{house.short_name}-单位和人员.xlsx")

    @expose("/<code>/people", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def people(self, code: str) -> Any:
        """Look at a spreadsheet; every fault with its row, or what it would bring. Taken only on a second word."""
        house = services.find_house(db.session, code)
        faults: tuple[FaultLine, ...] = ()
        preview = None
        if request.method == "POST":
            raw, kept = _sent()
            with separate_session() as session:
                sheet = services.check_people(session, code, raw, at=clock.now())
                if kept and not sheet.faults:
                    services.import_people(session, actor(), code, sheet, at=clock.now())
                    flash(
                        _("%(units)s units and %(people)s people were added.",
                          units=len(sheet.new_units), people=len(sheet.new_people)),
                        "success",
                    )  # fmt: skip
                    return redirect(f"{BASE}/{code}/")
            faults = presenting.fault_lines(sheet)
            preview = None if faults else presenting.preview(sheet, spreadsheets.pack(raw))
        return self.render_template(
            "platform/people.html",
            name=house.name,
            href=f"{BASE}/{code}/",
            template_href=f"{BASE}/{code}/people.xlsx",
            form=forms.SheetForm(formdata=None),
            faults=faults,
            preview=preview,
            may_import=house.status == "preparing" and bool(house.preset),
            waiting=self._waiting(house.id) if house.status == "preparing" else 0,
        )

    def _waiting(self, jurisdiction_id: int) -> int:
        """How many people have no password yet."""
        with separate_session() as session, scope(jurisdiction_id, session):
            return len(organisation_queries.list_without_password(session, jurisdiction_id))

    @expose("/<code>/links", methods=["POST"])
    @right("jurisdiction:write")
    def links(self, code: str) -> Any:
        """Activation links for everybody who has no password yet, as a file: made now, kept nowhere."""
        with separate_session() as session:
            made = services.make_links(session, actor(), code, at=clock.now())
        headings = (_("Full name"), _("Sign-in name"), _("Unit"), _("Activation link"))
        lines = [
            (one.name, one.username, one.unit, url_for("ActivationView.activate", token=one.token, _external=True))
            for one in made
        ]
        answer = Response(links_table(headings, lines), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=f"activation-links-{code}.csv")
        return answer

    @expose("/<code>/administrator", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def administrator(self, code: str) -> Any:
        """Name the first administrator; the activation link stands on the answer, once."""
        house = services.find_house(db.session, code)
        form, link = forms.AdministratorForm(), ""
        with separate_session() as session, scope(house.id, session):
            units = [(unit.code, unit.name) for unit in organisation_queries.list_units(session)]
        form.unit.choices = [("", _("The government office")), *units]
        if request.method == "POST" and form.validate():
            try:
                with separate_session() as session:
                    named = services.name_administrator(
                        session,
                        actor(),
                        code,
                        name=form.name.data or "",
                        username=form.username.data or "",
                        phone=form.phone.data or None,
                        unit_code=form.unit.data or "",
                        at=clock.now(),
                    )
                link = url_for("ActivationView.activate", token=named.token, _external=True)
            except (Invalid, Conflict) as error:
                put_errors(form, error)
        return self.render_template(
            "platform/administrator.html",
            name=house.name,
            href=f"{BASE}/{code}/",
            form=form,
            link=link,
            may_name=house.status == "preparing" and bool(house.preset),
        )

    @expose("/<code>/channels", methods=["GET", "POST"])
    @right("jurisdiction:write")
    def channels(self, code: str) -> Any:
        """Whether mail goes out, and a message to try it."""
        house = services.find_house(db.session, code)
        form, server = forms.MailForm(), mail_server(settings())
        if request.method == "POST" and server is not None and form.validate():
            mail = Message(
                key=f"test-{uuid.uuid4().hex}",
                address=(form.address.data or "").strip(),
                subject=_("Huiyin: a message to try the mail server"),
                text=_(
                    "This message was sent from the checklist of %(name)s. Nothing needs to be done.", name=house.name
                ),
                written_at=clock.now(),
            )
            try:
                with server:
                    server.send(mail)
                flash(_("The mail server has taken the message. See whether it arrives."), "success")
                return redirect(request.path)
            except ChannelFault as error:
                form.address.errors = [_("The mail server did not take it: %(code)s.", code=error.code)]
        return self.render_template(
            "platform/channels.html",
            name=house.name,
            href=f"{BASE}/{code}/",
            form=form,
            host=settings().smtp_host,
            sender=settings().mail_from,
        )

    @expose("/<code>/activate", methods=["POST"])
    @right("jurisdiction:write")
    def activate(self, code: str) -> Any:
        """Put it into service."""
        house = services.put_into_service(db.session, actor(), code, at=clock.now())
        flash(_("%(name)s is in service. Its people can sign in.", name=house.name), "success")
        return redirect(f"{BASE}/{code}/")

    @expose("/<code>/suspend", methods=["POST"])
    @right("jurisdiction:write")
    def suspend(self, code: str) -> Any:
        """Halt it, with the reason its people read."""
        return self._with_reason(code, services.suspend, _("It is halted. Nobody can work in it."))

    @expose("/<code>/resume", methods=["POST"])
    @right("jurisdiction:write")
    def resume(self, code: str) -> Any:
        """Let it run again."""
        services.resume(db.session, actor(), code, at=clock.now())
        flash(_("It runs again."), "success")
        return redirect(f"{BASE}/{code}/")

    @expose("/<code>/export", methods=["POST"])
    @right("jurisdiction:write")
    def export(self, code: str) -> Any:
        """Ask for an export; its administrator takes it away."""
        with separate_session() as session:
            services.ask_export_of(session, actor(), code, at=clock.now())
        flash(_("The export is being made. Open this page again in a minute."), "success")
        return redirect(f"{BASE}/{code}/")

    @expose("/<code>/close", methods=["POST"])
    @right("jurisdiction:write")
    def close(self, code: str) -> Any:
        """Close it for good."""
        return self._with_reason(code, services.close, _("It is closed."))

    def _with_reason(self, code: str, act: Any, said: str) -> Any:
        form = forms.ReasonForm()
        if form.validate():
            try:
                with separate_session() as session:
                    act(session, actor(), code, reason=form.reason.data or "", at=clock.now())
                flash(said, "success")
                return redirect(f"{BASE}/{code}/")
            except HuiyinError as error:
                form.reason.errors = [error.sentence()]
        return self._house(services.find_house(db.session, code), form, 422)


def _card(form: forms.CardForm) -> services.Card:
    return services.Card(
        code=(form.code.data or "").strip(),
        name=" ".join((form.name.data or "").split()),
        short_name=" ".join((form.short_name.data or "").split()),
        level=form.level.data or "",
        slug=(form.slug.data or "").strip().lower(),
        parent=(form.parent.data or "").strip(),
    )


def _sent() -> tuple[RawSheet, bool]:
    """The spreadsheet of this request, and whether it is the one that was looked at and is to be taken now."""
    kept = request.form.get("kept", "")
    if kept:
        return spreadsheets.unpack(kept), True
    file = request.files.get("file")
    return spreadsheets.read_people(file.stream.read(spreadsheets.MOST_BYTES + 1) if file is not None else b""), False


def _house_page(house: Jurisdiction) -> HousePage:
    inside = queries.count_inside(db.session, [house.id])[house.id]
    around = surroundings()
    base = f"{BASE}/{house.code}/"
    items = rules.checklist(inside, around, active=house.status in ("active", "suspended", "closed"))
    label, tone = STATES[house.status]
    exports: tuple[ExportLine, ...] = ()
    with separate_session() as session:
        faults = services.profile_faults(session, house.id, at=clock.now())
        with scope(house.id, session):
            exports = tuple(export_line(one) for one in queries.list_exports(session))
    preparing = house.status == "preparing"
    return HousePage(
        name=house.name,
        code=house.code,
        href=base,
        address=f"/j/{house.slug}/",
        status=house.status,
        state_label=str(label),
        state_tone=tone,
        reason=house.status_reason or "",
        lines=tuple(_line(item, base) for item in items if preparing or item.key not in ("card", "check")),
        done=sum(item.state == "done" for item in items),
        missing=tuple(translate(msgid) for msgid in rules.blockers(inside)) if preparing else (),
        warnings=tuple(translate(msgid, **values) for msgid, values in rules.warnings(inside, around)),
        faults=tuple(translate(msgid, **values) for msgid, values in map(describe_profile_fault, faults)),
        exports=exports,
        being_exported=house.export_asked_at is not None,
        may_write=actor().may("jurisdiction:write"),
    )


def _line(item: rules.Item, base: str) -> TaskLine:
    icon, place = ICONS[item.key]
    href = "/platform/calendar/" if item.key == "calendar" else base + place
    states = {"done": _("Settled"), "open": _("Not done yet"), "attention": _("Needs a look")}
    return TaskLine(
        translate(item.title), translate(item.said, **item.values), href, icon, states[item.state], TONES[item.state]
    )
