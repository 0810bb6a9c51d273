"""The forms about conclusions, objections and delegations."""

from __future__ import annotations

from wtforms import DateField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from app.kernel.i18n import lazy_gettext
from app.kernel.web.fields import Checks
from app.matters.forms.pieces import LONG, REASON, ActForm, PartField

DECISIONS = (
    ("upheld", lazy_gettext("Uphold the conclusion")),
    ("changed", lazy_gettext("Change the conclusion")),
    ("revoked", lazy_gettext("Revoke the conclusion")),
)


class ConclusionForm(ActForm):
    """A conclusion, the units it is served on, and what they must put right."""

    assignment_ids = Checks(lazy_gettext("Units"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Conclusion"),
        [DataRequired(lazy_gettext("Write the conclusion."))],
        description=lazy_gettext(
            "Facts, evidence and judgement on these units. Each line becomes a paragraph of the paper."
        ),
        render_kw={"rows": 6},
    )
    rectification = TextAreaField(lazy_gettext("To be put right"), render_kw={"rows": 2})
    rectify_by = DateField(lazy_gettext("To be put right by"), [Optional()])


class ConclusionReceiptForm(ActForm):
    """A signature for a conclusion."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    signed_by = StringField(lazy_gettext("Signed for by"), [DataRequired(lazy_gettext("A name is needed."))])


class ObjectionForm(ActForm):
    """Why a unit objects."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    reason = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw={"rows": 5})
    attachment_ids = Checks(lazy_gettext("Files already here"), validate_choice=False)
    files = MultipleFileField(lazy_gettext("Files"))


class WaiverForm(ActForm):
    """Whose conclusion is not objected to."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)


class ReviewDecisionForm(ActForm):
    """What becomes of a conclusion somebody objects to."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    decision = RadioField(lazy_gettext("What becomes of it"), choices=DECISIONS, validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Grounds of the decision"),
        [DataRequired(lazy_gettext("Write down the grounds; where it is changed, the conclusion as it now stands."))],
        render_kw={"rows": 5},
    )


class DelegationForm(ActForm):
    """A matter given to a department to supervise."""

    unit_id = SelectField(
        lazy_gettext("Department"), [InputRequired(lazy_gettext("Choose a unit."))], validate_choice=False
    )
    scope = TextAreaField(
        lazy_gettext("Scope"),
        [DataRequired(lazy_gettext("Say what the department supervises."))],
        render_kw={"rows": 2},
    )
    duty = TextAreaField(
        lazy_gettext("Duty"), [DataRequired(lazy_gettext("Say what the department has to do."))], render_kw={"rows": 2}
    )
    from_on = DateField(lazy_gettext("From"), [InputRequired(lazy_gettext("Give a date such as 2026-10-08."))])
    until_on = DateField(lazy_gettext("Until"), [InputRequired(lazy_gettext("Give a date such as 2026-10-08."))])
    document_no = StringField(
        lazy_gettext("Number of the instrument"),
        [DataRequired(lazy_gettext("Enter the number of the paper by which the government delegates."))],
        description=lazy_gettext("The paper by which the government delegates."),
    )


class EndDelegationForm(ActForm):
    """A delegation that ends before its time."""

    delegation_id = PartField(lazy_gettext("Delegation"), validate_choice=False)
    reason = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)
