"""A matter as it is imagined in the simulator, what the calendars are told, and the date as every form here reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms import DateField as WtfDateField
from wtforms.validators import InputRequired, Length, Optional

from app.kernel.i18n import _, lazy_gettext

Pairs = Sequence[tuple[str, str]]


class DateField(WtfDateField):
    """A date as 2026-11-23; anything else is said in our words and kept as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            raise ValueError(_("Give a date such as 2026-10-08.")) from None


def _day(label: str, **more: Any) -> DateField:
    return DateField(label, validators=[Optional()], **more)


def _time(label: str) -> StringField:
    return StringField(label, validators=[Optional(), _is_time], render_kw={"placeholder": "17:30", "maxlength": 5})


def _word(label: str) -> SelectField:
    return SelectField(label, validators=[_is_on_offer], validate_choice=False)


def _is_on_offer(_form: FlaskForm, field: SelectField) -> None:
    if field.data not in [key for key, _said in field.choices]:
        raise ValidationError(_("Choose one of the words on offer."))


def _is_time(_form: FlaskForm, field: StringField) -> None:
    try:
        if len(field.data.strip()) == len("17:30"):
            dt.time.fromisoformat(field.data.strip())
            return
    except ValueError:
        pass
    raise ValidationError(_("Give a time of the day such as 17:30."))


class SimulatorForm(FlaskForm):
    """What chooses the clocks of a matter, and when what happened. Sent by GET: it changes nothing."""

    class Meta:
        csrf = False

    source = _word(lazy_gettext("Source"))
    urgency = _word(lazy_gettext("Urgency"))
    origin_level = _word(lazy_gettext("Level"))
    handling_mode = _word(lazy_gettext("Way of handling"))
    session = _word(lazy_gettext("When it was handed in"))
    dispatched_on = _day(lazy_gettext("Dispatched on"))
    dispatched_at = _time(lazy_gettext("at"))
    acknowledged_on = _day(lazy_gettext("Signed for on"))
    acknowledged_at = _time(lazy_gettext("at"))
    stated_due_on = _day(lazy_gettext("Completion deadline"))
    feedback_due_on = _day(lazy_gettext("Feedback wanted by"))
    meeting_on = _day(lazy_gettext("Date of the meeting"))
    instructed_due_on = _day(lazy_gettext("Date the instruction states"))
    hurried = BooleanField(lazy_gettext("The instruction only says “at once”"))
    instruction_on = _day(lazy_gettext("Date of the instruction"))
    exposed_on = _day(lazy_gettext("Exposed by the media on"))
    reported_on = _day(lazy_gettext("Completion reported on"))
    returned_on = _day(lazy_gettext("Report returned on"))
    instructed_on = _day(lazy_gettext("New instruction on"))
    completed_on = _day(lazy_gettext("Completion accepted on"))


def simulator_form(choices: Mapping[str, Pairs], unasked: Sequence[str], **given: Any) -> SimulatorForm:
    """The form under one profile: its own sources, and only what its rules ask about."""
    form = SimulatorForm(**given)
    for name in unasked:
        delattr(form, name)
    for name, pairs in choices.items():
        if name in form:
            form[name].choices = list(pairs)
            if form[name].data is None:
                form[name].data = pairs[0][0]
    return form


def _document_no() -> StringField:
    return StringField(
        lazy_gettext("Number of the notice"),
        [Optional(), Length(max=80)],
        description=lazy_gettext("Only when it does not stand in the text or in the rows."),
    )


class NoticeForm(FlaskForm):
    """The State Council's notice as text."""

    text = TextAreaField(
        lazy_gettext("Text of the notice"),
        [InputRequired()],
        description=lazy_gettext("With its title. Every weekday and every number of days is checked."),
        render_kw={"rows": 12},
    )
    document_no = _document_no()


class TableForm(FlaskForm):
    """The days as a table."""

    file = FileField(
        lazy_gettext("Table of days (.csv or .xlsx)"),
        description=lazy_gettext("Columns date,kind,name,region,source_doc; kind is off or work; all days of a year."),
    )
    document_no = _document_no()


class ReasonForm(FlaskForm):
    """Why a proposal is turned down."""

    reason = TextAreaField(lazy_gettext("Reason"), [InputRequired(), Length(max=300)], render_kw={"rows": 2})


class RegionForm(FlaskForm):
    """A day of a province or a city."""

    region_code = StringField(
        lazy_gettext("Region"),
        [InputRequired(), Length(max=4)],
        description=lazy_gettext("The first two digits of the GB/T 2260 code for a province, four for a city."),
    )
    on = DateField(lazy_gettext("Date"), validators=[InputRequired()])
    kind = SelectField(
        lazy_gettext("Kind of day"),
        [InputRequired()],
        choices=[("off", lazy_gettext("Day off")), ("work", lazy_gettext("Working day"))],
    )
    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=40)])
    notice = StringField(lazy_gettext("Notice"), [Optional(), Length(max=80)])

    def given(self) -> dict[str, Any]:
        """What was typed, by name."""
        words = {name: self[name].data or "" for name in ("region_code", "kind", "name", "notice")}
        return {**words, "on": self.on.data}
