"""What is typed about a way out of the system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.kernel.i18n import _, translate
from app.notifications.rules.ways import WayField, WayKind

FORGET = "forget_"


def way_form(kind: WayKind, units: list[tuple[int, str]], kept: frozenset[str], **values: Any) -> Any:
    """The form of one kind of way out. ``kept`` are the secrets that are set: they are never shown, only replaced."""
    fields: dict[str, Any] = {"name": StringField(_("Name"), [InputRequired(), Length(max=60)])}
    if kind.in_a_group:
        everybody = ("", _("Everybody whose unit has no robot of its own"))
        choices = [everybody, *((str(unit_id), name) for unit_id, name in units)]
        fields["unit"] = SelectField(_("For the people of"), choices=choices)
    fields["base_url"] = StringField(_("Address of the service"), description=translate(kind.base_url_hint))
    for one in kind.fields:
        fields[one.name] = _field(one, one.name in kept)
        if one.secret and not one.required and one.name in kept:
            fields[FORGET + one.name] = BooleanField(_("Remove: %(what)s", what=translate(one.label)))
    fields["when_asked"] = BooleanField(_("Only when a step of the ladder or an urging asks for it"))
    made = type("WayForm", (FlaskForm,), fields)
    return made(**values)


def _field(one: WayField, is_kept: bool) -> Any:
    label, hint = translate(one.label), translate(one.hint) if one.hint else ""
    if one.secret:
        state = _("Set. Leave it empty to keep it.") if is_kept else _("Not set.")
        return PasswordField(
            label,
            [InputRequired()] if one.required and not is_kept else [],
            description=f"{state} {hint}",
            render_kw={"autocomplete": "new-password"},
        )
    if one.form == "tick":
        return BooleanField(label, description=hint)
    if one.form == "choice":
        return SelectField(label, choices=[(code, translate(name)) for code, name in one.choices], default=one.default)
    if one.form == "area":
        return TextAreaField(label, description=hint, render_kw={"rows": 4, "spellcheck": "false"})
    return StringField(label, [InputRequired()] if one.required else [], description=hint)


def typed_values(form: Any, kind: WayKind) -> tuple[Mapping[str, str], frozenset[str]]:
    """The values of the kind's own fields, and the secrets that shall be forgotten."""
    values = {one.name: form[one.name].data or "" for one in kind.fields if one.form != "tick"}
    ticked = {one.name: "1" for one in kind.fields if one.form == "tick" and form[one.name].data}
    forget = {one.name for one in kind.fields if FORGET + one.name in form and form[FORGET + one.name].data}
    return values | ticked, frozenset(forget)
