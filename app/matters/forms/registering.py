"""Drawing a matter up: only the fields this jurisdiction's procedure knows, the first step's demands marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from app.deadlines.forms import DateField
from app.kernel.i18n import lazy_gettext

Pairs = Sequence[tuple[str, str]]
TOO_LONG = lazy_gettext("This is too long.")


def _line(label: str, most: int, **more: Any) -> StringField:
    return StringField(label, validators=[Optional(), Length(max=most, message=TOO_LONG)], **more)


def _text(label: str, rows: int, **more: Any) -> TextAreaField:
    return TextAreaField(
        label, validators=[Optional(), Length(max=20_000, message=TOO_LONG)], render_kw={"rows": rows}, **more
    )


def _day(label: str, **more: Any) -> DateField:
    return DateField(label, validators=[Optional()], **more)


class RegisterForm(FlaskForm):
    """Everything a matter may be drawn up with."""

    source_id = SelectField(lazy_gettext("Source"))
    source_document_no = _line(lazy_gettext("Number of the source document"), 80)
    origin_level = SelectField(lazy_gettext("Level"))
    instruction_leader_id = SelectField(lazy_gettext("Leader"))
    instruction_on = _day(lazy_gettext("Date of the instruction"))
    meeting_on = _day(lazy_gettext("Date of the meeting"))
    exposed_on = _day(
        lazy_gettext("Exposed by the media on"), description=lazy_gettext("Only for what the media have exposed.")
    )
    instruction_text = _text(lazy_gettext("Words of the instruction"), 3)
    original = MultipleFileField(lazy_gettext("Original of the source document"))
    copy = MultipleFileField(lazy_gettext("Copy of the source document"))
    title = TextAreaField(
        lazy_gettext("Title"),
        validators=[Optional(), Length(max=300, message=TOO_LONG)],
        filters=[lambda text: " ".join(text.split()) if text else text],
        render_kw={"rows": 1},
    )
    content = _text(lazy_gettext("What is to be done"), 5)
    session = SelectField(lazy_gettext("When it was handed in"))
    scope_key = SelectField(lazy_gettext("Content of supervision"))
    kind_key = SelectField(lazy_gettext("Kind of supervision"))
    urgency = RadioField(lazy_gettext("Urgency"))
    secrecy_level = SelectField(lazy_gettext("Label"))
    is_major = BooleanField(lazy_gettext("A major matter"))
    handling_proposal = _text(lazy_gettext("Handling proposal"), 4)
    plan_title = _line(lazy_gettext("Supervision plan"), 200)
    handling_mode = SelectField(lazy_gettext("Way of handling"))
    lead_unit_id = RadioField(lazy_gettext("Lead unit"))
    co_unit_ids = SelectMultipleField(lazy_gettext("Co-handling units"))
    responsible_division_id = SelectField(lazy_gettext("Responsible division"))
    supervising_unit_id = SelectField(lazy_gettext("Carried by"))
    document_type = SelectField(lazy_gettext("Kind of notice"))
    stated_due_on = _day(lazy_gettext("Completion deadline"))
    stated_due_words = _line(lazy_gettext("The deadline in the document's own words"), 120)
    feedback_due_on = _day(lazy_gettext("Feedback wanted by"))
    instructed_due_on = _day(lazy_gettext("Date the instruction states"))
    hurried = SelectField(
        lazy_gettext("Says only “at once”"),
        description=lazy_gettext("When the instruction says 尽快 or 立即 and names no day: what that means here."),
    )


@dataclass(frozen=True)
class Offer:
    """What the form offers: choices by field, the fields that are not asked here, and those the first step demands."""

    choices: Mapping[str, Pairs]
    hints: Mapping[str, str] = field(default_factory=dict)
    unasked: Iterable[str] = ()
    demanded: Iterable[str] = ()


def register_form(offer: Offer, **given: Any) -> RegisterForm:
    """The form for this jurisdiction."""
    form = RegisterForm(**given)
    for name, choices in offer.choices.items():
        form[name].choices = list(choices)
    for name in offer.unasked:
        if name in form:
            delattr(form, name)
    for name, hint in offer.hints.items():
        if name in form:
            form[name].description = hint
    for name in offer.demanded:
        if name in form:
            form[name].flags.required = True
    for name in offer.choices:
        if name in form:
            # what was not sent at all is no wrong answer: whether it may be missing is the act's question
            form[name].validate_choice = bool(form[name].raw_data)
    return form


def payload_of(form: RegisterForm) -> dict[str, Any]:
    """What was typed as the matter's fields; empty choices are nothing."""
    skipped = {"csrf_token", "original", "copy"}
    return {
        name: one.data for name, one in form._fields.items() if name not in skipped and one.data not in (None, "", [])
    }
