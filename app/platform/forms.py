"""What the superadmin types."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.kernel.i18n import lazy_gettext

LEVELS = {
    "province": lazy_gettext("Province"),
    "city": lazy_gettext("City"),
    "district": lazy_gettext("District"),
    "county": lazy_gettext("County"),
}


class CardForm(FlaskForm):
    """What a jurisdiction is called and where it stands."""

    code = StringField(
        lazy_gettext("Code"), [InputRequired(), Length(max=6)], description=lazy_gettext("Six digits, as in GB/T 2260.")
    )
    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=80)])
    short_name = StringField(lazy_gettext("Short name"), [InputRequired(), Length(max=20)])
    level = SelectField(lazy_gettext("Level of government"), [InputRequired()], choices=list(LEVELS.items()))
    parent = StringField(
        lazy_gettext("Code of the jurisdiction above"),
        [Optional(), Length(max=6)],
        description=lazy_gettext("Only when it works with this system too."),
    )
    slug = StringField(
        lazy_gettext("Address"),
        [InputRequired(), Length(max=40)],
        description=lazy_gettext("It stands in every link: /j/address/. Small letters, digits and hyphens."),
    )


class AdministratorForm(FlaskForm):
    """Who looks after the jurisdiction first."""

    name = StringField(lazy_gettext("Full name"), [InputRequired(), Length(max=60)])
    username = StringField(
        lazy_gettext("Sign-in name"),
        [InputRequired(), Length(max=40)],
        description=lazy_gettext("Three to forty small letters, digits, dots, hyphens; a letter or digit first."),
    )
    phone = StringField(lazy_gettext("Telephone"), [Optional(), Length(max=40)])
    unit = SelectField(lazy_gettext("Unit"), [Optional()], validate_choice=False)


class SheetForm(FlaskForm):
    """A spreadsheet of units and people."""

    file = FileField(lazy_gettext("Spreadsheet (.xlsx)"))


class MailForm(FlaskForm):
    """Where a message is sent to try the mail server."""

    address = StringField(lazy_gettext("Mail address"), [InputRequired(), Length(max=320)])


class ReasonForm(FlaskForm):
    """Why a jurisdiction is halted or closed."""

    reason = TextAreaField(lazy_gettext("Reason"), [InputRequired(), Length(max=300)], render_kw={"rows": 2})
