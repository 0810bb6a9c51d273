"""What people type in on the ledger's page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.kernel.i18n import lazy_gettext


class SaveViewForm(FlaskForm):
    """A name for the filter in force."""

    name = StringField(
        lazy_gettext("Name of the view"),
        validators=[
            InputRequired(message=lazy_gettext("Give the view a name.")),
            Length(max=60, message=lazy_gettext("This is too long.")),
        ],
    )
    query = HiddenField(validators=[Length(max=1000)])


class ShareViewForm(SaveViewForm):
    """As ``SaveViewForm``, for those who may share."""

    shared = BooleanField(lazy_gettext("Everybody here may use it"))
