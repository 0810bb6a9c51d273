"""The ways by which letters leave the system: the administrator's page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app, flash, g, redirect, request, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.i18n import _, translate
from app.kernel.web import BusinessView, actor, expose, right
from app.kernel.web.fields import put_errors
from app.notifications import forms, queries
from app.notifications.channels import Message, Outlet, outlet
from app.notifications.models import Channel
from app.notifications.pages import WayKindLine, WayLine, WayPage, WaysPage
from app.notifications.rules.ways import WAY_KINDS, WayKind, fault_words
from app.notifications.services import ways as services
from app.organisation.models import Person
from app.organisation.queries import list_units
from app.organisation.rules import is_mail_address, is_phone

RIGHT = "channel:write"


class ChannelsView(BusinessView):
    """The jurisdiction's ways out: one list, a form for each, and a real message to try it."""

    route_base = "/settings/channels"

    @expose("/")
    @right(RIGHT)
    def list(self) -> Any:
        """What is set up, what else there is, and what the installation itself has."""
        settings = current_app.extensions["huiyin.settings"]
        return self.render_template(
            "notifications/ways.html",
            page=WaysPage(
                lines=tuple(_line(channel) for channel in queries.list_channels(db.session)),
                kinds=tuple(
                    WayKindLine(
                        translate(kind.name), translate(kind.about), kind.icon, url_for("ChannelsView.new", kind=code)
                    )
                    for code, kind in WAY_KINDS.items()
                ),
                house_sender=settings.mail_from if settings.smtp_host else "",
            ),
        )

    @expose("/new/<string:kind>", methods=["GET", "POST"])
    @right(RIGHT)
    def new(self, kind: str) -> Any:
        """Set a way up. It is not in use before it has taken a message."""
        way = WAY_KINDS.get(kind)
        if way is None:
            raise NotFound()
        start = {"name": translate(way.name), "base_url": way.base_url, "when_asked": way.when_asked}
        form = forms.way_form(way, _units(), frozenset(), data=start)
        if request.method == "POST" and form.validate():
            try:
                channel = services.add_channel(db.session, actor(), kind, _typed(form, way), _outlet(), at=clock.now())
                flash(_("It is set up. Try it now; then it can be put to use."), "success")
                return redirect(url_for("ChannelsView.show", channel_id=channel.id))
            except (Invalid, Conflict) as error:
                put_errors(form, error)
        return self._form(way, form)

    @expose("/<int(max=9223372036854775807):channel_id>", methods=["GET", "POST"])
    @right(RIGHT)
    def show(self, channel_id: int) -> Any:
        """One way: its settings, a trial, and the switch. Secrets are only ever written."""
        channel = queries.get_channel(db.session, channel_id)
        way = WAY_KINDS[channel.kind]
        kept = services.kept_secrets(channel, _outlet())
        start = {
            **channel.options,
            "name": channel.name,
            "base_url": channel.base_url,
            "when_asked": channel.when_asked,
            "unit": str(channel.unit_id or ""),
        }
        form = forms.way_form(way, _units(channel), kept, data=start)
        if request.method == "POST" and form.validate():
            try:
                services.change_channel(db.session, actor(), channel_id, _typed(form, way), _outlet(), at=clock.now())
                flash(_("Saved."), "success")
                return redirect(url_for("ChannelsView.show", channel_id=channel_id))
            except (Invalid, Conflict) as error:
                put_errors(form, error)
                channel = queries.get_channel(db.session, channel_id)
        return self._form(way, form, channel)

    @expose("/<int(max=9223372036854775807):channel_id>/switch", methods=["POST"])
    @right(RIGHT)
    def switch(self, channel_id: int) -> Any:
        """Put it to use, or take it out of use."""
        enabled = request.form.get("enabled") == "1"
        try:
            services.switch_channel(db.session, actor(), channel_id, enabled=enabled, at=clock.now())
            flash(
                _("Letters go this way from now on.") if enabled else _("No letter goes this way any more."), "success"
            )
        except Conflict as error:
            flash(error.sentence(), "danger")
        return redirect(url_for("ChannelsView.show", channel_id=channel_id))

    @expose("/<int(max=9223372036854775807):channel_id>/trial", methods=["POST"])
    @right(RIGHT)
    def trial(self, channel_id: int) -> Any:
        """Send a real message this way and say what the other side answered."""
        channel = queries.get_channel(db.session, channel_id)
        address = (request.form.get("address") or "").strip()
        back = redirect(url_for("ChannelsView.show", channel_id=channel_id))
        needs = _needs(channel.kind)
        if (needs == "mail" and not is_mail_address(address)) or (needs == "phone" and not is_phone(address)):
            flash(
                _("Say to whom: a mail address.") if needs == "mail" else _("Say to whom: a mobile number."), "danger"
            )
            return back
        try:
            services.must_wait(channel, clock.now())
        except Conflict as error:
            flash(error.sentence(), "danger")
            return back
        settings, name = services.settings_of(channel), channel.name
        db.session.rollback()  # the other side may take its time: no transaction waits for it
        fault = services.send_trial(settings, _trial_message(address if needs else ""), _outlet())
        services.note_trial(db.session, actor(), channel_id, fault.code if fault else "", at=clock.now())
        if fault is None:
            flash(_("%(name)s: the other side has taken the message. See whether it arrived.", name=name), "success")
        else:
            sentence = fault_words(fault.code).say(translate)
            said = _("It said: %(words)s", words=fault.said) if fault.said else ""
            flash(_("%(name)s: %(what)s", name=name, what=f"{sentence} {said}".strip()), "danger")
        return back

    @expose("/<int(max=9223372036854775807):channel_id>/remove", methods=["POST"])
    @right(RIGHT)
    def remove(self, channel_id: int) -> Any:
        """Take it away, its secrets with it."""
        services.remove_channel(db.session, actor(), channel_id, at=clock.now())
        flash(_("The channel is removed."), "success")
        return redirect(url_for("ChannelsView.list"))

    def _form(self, way: WayKind, form: Any, channel: Channel | None = None) -> Any:
        # where the vendor has one public address, one's own comes last
        rest = ("base_url", "when_asked") if way.has_public_address else ("when_asked",)
        page = WayPage(
            kind=translate(way.name),
            about=translate(way.about),
            names=tuple(name for name in form._fields if name not in ("csrf_token", *rest)),
            rest=rest,
            line=_line(channel) if channel is not None else None,
        )
        if channel is not None:
            page = page.with_acts(
                trial=url_for("ChannelsView.trial", channel_id=channel.id),
                switch=url_for("ChannelsView.switch", channel_id=channel.id),
                remove=url_for("ChannelsView.remove", channel_id=channel.id),
                needs=_needs(channel.kind),
                address=_own_address(_needs(channel.kind)),
            )
        return self.render_template("notifications/way.html", page=page, form=form)


def _line(channel: Channel) -> WayLine:
    tried = channel.last_test_code
    return WayLine(
        name=channel.name,
        kind=translate(WAY_KINDS[channel.kind].name),
        icon=WAY_KINDS[channel.kind].icon,
        unit=channel.unit.short_name if channel.unit is not None else "",
        enabled=channel.enabled,
        when_asked=channel.when_asked,
        tried_at=clock.local_datetime(channel.last_test_at) if channel.last_test_at else None,
        trial=fault_words(tried).say(translate) if tried else "",
        href=url_for("ChannelsView.show", channel_id=channel.id),
    )


def _typed(form: Any, way: WayKind) -> services.WayInput:
    values, forget = forms.typed_values(form, way)
    unit = form.unit.data if way.in_a_group else ""
    return services.WayInput(
        name=form["name"].data or "",
        base_url=form.base_url.data or "",
        unit_id=int(unit) if unit else None,
        when_asked=bool(form.when_asked.data),
        values=values,
        forget=forget,
    )


def _units(channel: Channel | None = None) -> list[tuple[int, str]]:
    """The units a robot may be for; its own one stays among them when it was closed."""
    units = [
        unit
        for unit in list_units(db.session, only_active=False)
        if unit.active or (channel and unit.id == channel.unit_id)
    ]
    return [(int(unit.id), unit.name) for unit in units]


def _outlet() -> Outlet:
    return outlet(current_app.extensions["huiyin.settings"])


def _needs(kind: str) -> str:
    return {"email": "mail", "sms": "phone", "wecom_app": "phone"}.get(kind, "")


def _own_address(needs: str) -> str:
    person: Person = g.user
    return str({"mail": person.mail_address, "phone": person.phone}.get(needs) or "")


def _trial_message(address: str) -> Message:
    place = f"{current_app.extensions['huiyin.settings'].base_url}{request.script_root}/settings/channels/"
    return Message(
        key=f"trial-{uuid.uuid4().hex}",
        address=address,
        subject=_("Huiyin: a message to try this channel"),
        text=_(
            "%(jurisdiction)s tries how letters arrive here. Nothing needs to be done.",
            jurisdiction=g.jurisdiction.name,
        ),
        written_at=clock.now(),
        link=place,
    )
