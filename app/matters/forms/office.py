"""What leaders write when they decide."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.kernel.i18n import lazy_gettext


class OpinionForm(FlaskForm):
    """A decision's written opinion."""

    opinion = TextAreaField(
        lazy_gettext("Opinion"),
        validators=[Length(max=4000, message=lazy_gettext("This is too long."))],
        render_kw={"rows": 3},
    )


class ReturnForm(FlaskForm):
    """Why a proposal goes back."""

    opinion = TextAreaField(
        lazy_gettext("Reason"),
        validators=[
            InputRequired(message=lazy_gettext("A reason is needed.")),
            Length(max=4000, message=lazy_gettext("This is too long.")),
        ],
        render_kw={"rows": 3},
    )
