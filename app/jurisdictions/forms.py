"""The forms of the profile's front page. They keep what was typed; whether it can be taken is judged by the act."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import DateField, FileField, Form, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from app.kernel.i18n import lazy_gettext

_NOTE = {"rows": 3, "maxlength": 500}


class StartForm(Form):
    """From what a draft begins."""

    origin = SelectField(lazy_gettext("Begin with"))
    note = TextAreaField(lazy_gettext("What the draft is for"), render_kw=_NOTE)

    def offer(self, choices: Iterable[tuple[str, str]]) -> StartForm:
        """Fill in what can be begun with."""
        self.origin.choices = list(choices)
        return self


class PublishForm(Form):
    """From when the draft holds, and why."""

    revision = HiddenField()
    effective_on = DateField(
        lazy_gettext("In force from"),
        [InputRequired(lazy_gettext("Choose a day."))],
        description=lazy_gettext("At midnight of that day; until then the version before it holds."),
    )
    note = TextAreaField(
        lazy_gettext("Reason"),
        [InputRequired(lazy_gettext("Say why: the history shows it."))],
        description=lazy_gettext("For example the document by which the regulation was changed."),
        render_kw=_NOTE,
    )


class RevisionForm(Form):
    """The draft one has read."""

    revision = HiddenField()


class WithdrawForm(Form):
    """Why a version is taken back."""

    number = HiddenField()
    note = TextAreaField(
        lazy_gettext("Reason"), [InputRequired(lazy_gettext("Say why: the history shows it."))], render_kw=_NOTE
    )


class UploadForm(Form):
    """A profile's folder in a zip."""

    revision = HiddenField()
    file = FileField(
        lazy_gettext("Zip file"), description=lazy_gettext("The profile's folder as it was exported, 2 MB at most.")
    )
