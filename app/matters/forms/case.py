"""The forms behind the acts on a case file: one per act, filled from what the jurisdiction's profile knows.

They say what is asked and keep what was typed. Whether it can be taken is judged by the act itself, so that pages and the
API refuse alike; only what is plainly empty is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wtforms import (
    DateField,
    FileField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from app.kernel.i18n import lazy_gettext
from app.kernel.web.fields import Checks
from app.matters.forms import concluding
from app.matters.forms.pieces import LONG, REASON, ActForm, Pairs, PartField
from app.matters.rules import Act

URGING_WAYS = (
    ("system", lazy_gettext("Through the system")),
    ("phone", lazy_gettext("By phone")),
    ("paper", lazy_gettext("On paper")),
)
URGING_KINDS = (("receipt", lazy_gettext("Signature for receipt")), ("feedback", lazy_gettext("Feedback")))
KIND_WORDS = {
    "original": lazy_gettext("Original"),
    "copy": lazy_gettext("Copy"),
    "report": lazy_gettext("Unit's report"),
    "evidence": lazy_gettext("Evidence"),
    "document": lazy_gettext("Document"),
}
# The kinds one chooses from when a file is added.
FILE_KINDS = tuple((key, KIND_WORDS[key]) for key in ("original", "copy", "report", "evidence"))


# What the office makes of an instruction that says only "at once".
HURRY_WORDS = {
    "yes": lazy_gettext("Yes, and it names no day: as the rules read it"),
    "no": lazy_gettext("No: these words set no time"),
}


class OpinionForm(ActForm):
    """A decision with its opinion."""

    opinion = TextAreaField(lazy_gettext("Opinion"), render_kw=LONG)


class ReturnForm(ActForm):
    """A proposal that goes back."""

    opinion = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)


class AgreementForm(ActForm):
    """Agreeing to what was asked for; the day is asked for where the decision fixes one."""

    approval_id = HiddenField()
    due_on = DateField(
        lazy_gettext("New date"),
        [Optional()],
        description=lazy_gettext("As proposed, or another day within what the rules allow."),
    )
    opinion = TextAreaField(lazy_gettext("Opinion"), render_kw=LONG)


class RefusalForm(ActForm):
    """Refusing what was asked for."""

    approval_id = HiddenField()
    opinion = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)


class SchemeForm(ActForm):
    """The scheme."""

    scheme = TextAreaField(
        lazy_gettext("Scheme"),
        [DataRequired(lazy_gettext("Write the scheme."))],
        description=lazy_gettext("What is looked at, by whom, when and how."),
        render_kw={"rows": 8},
    )


class DispatchForm(ActForm):
    """The kind of notice and what it demands."""

    document_type = RadioField(lazy_gettext("Kind of notice"), validate_choice=False)
    requirements = TextAreaField(
        lazy_gettext("Requirements"),
        description=lazy_gettext("Each line becomes a paragraph of the notice; empty takes the handling proposal."),
        render_kw=LONG,
    )
    copy = FileField(lazy_gettext("Original or copy of the source document"))


class ReceiptForm(ActForm):
    """A signature for receipt."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    signed_by = StringField(lazy_gettext("Signed for by"), [DataRequired(lazy_gettext("A name is needed."))])
    phone = StringField(lazy_gettext("Telephone"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    leader_in_charge = StringField(lazy_gettext("Leader in charge"), render_kw={"autocomplete": "off"})


class DeclineForm(ActForm):
    """Why it is not the unit's business."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    reason = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)


class SignDeclineForm(ActForm):
    """The unit's leader signs the declining."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    opinion = TextAreaField(lazy_gettext("Opinion"), render_kw=LONG)


class RejectDeclineForm(ActForm):
    """The unit's leader does not sign, and why."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    opinion = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)


class ReassignForm(ActForm):
    """The unit that takes a declined part."""

    assignment_id = PartField(lazy_gettext("Declined part"), validate_choice=False)
    unit_id = SelectField(
        lazy_gettext("New unit"), [InputRequired(lazy_gettext("Choose a unit."))], validate_choice=False
    )


class ProgressForm(ActForm):
    """How far a unit is."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Progress"), [DataRequired(lazy_gettext("Write the report."))], render_kw={"rows": 5}
    )
    percent = StringField(
        lazy_gettext("Percent done"), render_kw={"type": "number", "min": 0, "max": 100, "inputmode": "numeric"}
    )
    problems = TextAreaField(lazy_gettext("Problems"), render_kw={"rows": 2})
    next_steps = TextAreaField(lazy_gettext("Next steps"), render_kw={"rows": 2})
    attachment_ids = Checks(lazy_gettext("Files already here"), validate_choice=False)
    files = MultipleFileField(lazy_gettext("Files"))


class ExplanationForm(ActForm):
    """Why it will be late."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    reason = TextAreaField(
        lazy_gettext("Why it will be late"),
        [DataRequired(lazy_gettext("Explain why it will be late."))],
        render_kw=LONG,
    )
    progress = TextAreaField(lazy_gettext("How far it is"), render_kw=LONG)


class ExtensionForm(ActForm):
    """Why more time is needed, how far it is, until when."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    obligation_id = PartField(lazy_gettext("Which date"), validate_choice=False)
    proposed_due_on = DateField(lazy_gettext("Done by"), [Optional()])
    reason = TextAreaField(
        lazy_gettext("Why more time is needed"),
        [DataRequired(lazy_gettext("Explain why more time is needed."))],
        render_kw=LONG,
    )
    progress = TextAreaField(
        lazy_gettext("How far it is"), [DataRequired(lazy_gettext("Write down how far it is."))], render_kw=LONG
    )


class PartForm(ActForm):
    """An act that asks only which unit's part is meant."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)


class CompletionForm(ActForm):
    """The completion report, as the unit's formal document."""

    assignment_id = PartField(lazy_gettext("Unit"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Result of handling"), [DataRequired(lazy_gettext("Write the report."))], render_kw={"rows": 6}
    )
    document_no = StringField(
        lazy_gettext("Document number"), description=lazy_gettext("The number of your unit's formal document.")
    )
    signed_by = StringField(lazy_gettext("Signed by"))
    attachment_ids = Checks(lazy_gettext("Files already here"), validate_choice=False)
    files = MultipleFileField(lazy_gettext("Completion report"))


class AcceptForm(ActForm):
    """Judging the report by every criterion."""

    criteria = Checks(lazy_gettext("The report meets"), validate_choice=False)
    grade = RadioField(lazy_gettext("Grade"), validate_choice=False)
    opinion = TextAreaField(lazy_gettext("Opinion"), render_kw=LONG)


class SatisfactionForm(ActForm):
    """What those who raised the matter answered."""

    level = RadioField(lazy_gettext("Answer"), validate_choice=False)
    opinion = TextAreaField(
        lazy_gettext("In their words"),
        description=lazy_gettext("Needed where the answer sends the matter back to its unit."),
        render_kw=LONG,
    )


class ReworkForm(ActForm):
    """What the report fails and what must be corrected."""

    failed = Checks(lazy_gettext("Not met"), validate_choice=False)
    opinion = TextAreaField(lazy_gettext("What must be corrected"), [DataRequired(REASON)], render_kw=LONG)


class ResultForm(ActForm):
    """The recorded result."""

    result = TextAreaField(
        lazy_gettext("Result"), [DataRequired(lazy_gettext("Write down the result."))], render_kw={"rows": 5}
    )


class FilingForm(ActForm):
    """Where the file is kept."""

    archive_no = StringField(lazy_gettext("Archive number"))


class ReasonForm(ActForm):
    """Why."""

    reason = TextAreaField(lazy_gettext("Reason"), [DataRequired(REASON)], render_kw=LONG)


class InstructionForm(ActForm):
    """A leader's new instruction on a running matter."""

    text = TextAreaField(
        lazy_gettext("Words of the instruction"),
        [DataRequired(lazy_gettext("Write down the words of the instruction."))],
        render_kw=LONG,
    )
    given_on = DateField(lazy_gettext("Date of the instruction"), [Optional()])
    instructed_due_on = DateField(lazy_gettext("Date the instruction states"), [Optional()])
    hurried = SelectField(
        lazy_gettext("Says only “at once”"),
        choices=[("", "—"), *((key, words) for key, words in HURRY_WORDS.items())],
        validate_choice=False,
    )


class ResumeForm(ActForm):
    """A new date, where the time was stated and has been eaten up."""

    stated_due_on = DateField(
        lazy_gettext("New date"),
        [Optional()],
        description=lazy_gettext("Only where the time was stated for the matter; empty leaves it as it is."),
    )


class UrgeForm(ActForm):
    """Whom to urge, how, for what, in which words. Answered by the urging room."""

    assignment_ids = Checks(lazy_gettext("Units"), validate_choice=False)
    kind = RadioField(lazy_gettext("Asked for"), validate_choice=False)
    channel = RadioField(lazy_gettext("Way"), choices=URGING_WAYS, default="system", validate_choice=False)
    message = TextAreaField(
        lazy_gettext("Words"), [DataRequired(lazy_gettext("Write what the unit is to do."))], render_kw=LONG
    )


class UploadForm(ActForm):
    """A file and what it is."""

    kind = RadioField(lazy_gettext("What it is"), choices=FILE_KINDS, default="evidence", validate_choice=False)
    file = FileField(lazy_gettext("File"), [InputRequired(lazy_gettext("Choose a file first."))])


FORMS: Mapping[Act, type[ActForm]] = {
    Act.APPROVE: OpinionForm,
    Act.RETURN: ReturnForm,
    Act.SCHEME: SchemeForm,
    Act.DISPATCH: DispatchForm,
    Act.ACKNOWLEDGE: ReceiptForm,
    Act.LOG_RECEIPT: ReceiptForm,
    Act.DECLINE: DeclineForm,
    Act.CONFIRM_DECLINE: SignDeclineForm,
    Act.REJECT_DECLINE: RejectDeclineForm,
    Act.REASSIGN: ReassignForm,
    Act.REPORT_PROGRESS: ProgressForm,
    Act.EXPLAIN_DELAY: ExplanationForm,
    Act.REPORT_COMPLETION: CompletionForm,
    Act.ACCEPT: AcceptForm,
    Act.RETURN_FOR_REWORK: ReworkForm,
    Act.RECORD_SATISFACTION: SatisfactionForm,
    Act.SERVE_CONCLUSION: concluding.ConclusionForm,
    Act.ACKNOWLEDGE_CONCLUSION: concluding.ConclusionReceiptForm,
    Act.LOG_CONCLUSION_RECEIPT: concluding.ConclusionReceiptForm,
    Act.OBJECT: concluding.ObjectionForm,
    Act.WAIVE_OBJECTION: concluding.WaiverForm,
    Act.DECIDE_OBJECTION: concluding.ReviewDecisionForm,
    Act.DELEGATE: concluding.DelegationForm,
    Act.END_DELEGATION: concluding.EndDelegationForm,
    Act.CLOSE_OUT: ResultForm,
    Act.ARCHIVE: FilingForm,
    Act.INSTRUCT: InstructionForm,
    Act.SUSPEND: ReasonForm,
    Act.RESUME: ResumeForm,
    Act.CANCEL: ReasonForm,
    Act.REOPEN: ReasonForm,
    Act.URGE: UrgeForm,
    Act.REQUEST_EXTENSION: ExtensionForm,
    Act.WITHDRAW_EXTENSION: PartForm,
    Act.AGREE: AgreementForm,
    Act.REFUSE: RefusalForm,
}


@dataclass(frozen=True)
class Choices:
    """What the forms of one act offer: the profile's words, the parts of the matter, what is known already."""

    parts: Pairs = ()
    part: str = ""
    document_types: Pairs = ()
    criteria: Pairs = ()
    grades: Pairs = ()
    levels: Pairs = ()
    units: Pairs = ()
    own_files: Pairs = ()
    dates: Pairs = ()
    delegations: Pairs = ()
    urging_kinds: Pairs = ()
    required: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)


def act_form(act: Act, choices: Choices, given: Any = None) -> ActForm:
    """The form of an act; ``given`` is what was sent (fields and files), None for a fresh one."""
    form = FORMS.get(act, ActForm)(given, data=dict(choices.values))
    offered = {
        "document_type": choices.document_types,
        "criteria": choices.criteria,
        "grade": choices.grades,
        "level": choices.levels,
        "failed": choices.criteria,
        "assignment_ids": choices.parts,
        "attachment_ids": choices.own_files,
        "kind": choices.urging_kinds,
        "unit_id": (("", lazy_gettext("Choose…")), *choices.units),
    }
    for name, pairs in offered.items():
        if name in form:
            form[name].choices = list(pairs)
    parts = {
        "assignment_id": choices.parts,
        "obligation_id": choices.dates,
        "delegation_id": choices.delegations,
    }
    for name, pairs in parts.items():
        if name in form:
            form[name].settle(pairs, choices.part if name == "assignment_id" else "")
    for name in choices.without & set(form.data):
        del form[name]
    for name in choices.required & set(form.data):
        form[name].flags.required = True
    return form


def upload_form() -> UploadForm:
    """The form that adds a file to a matter."""
    return UploadForm()


def sent_words(form: ActForm) -> tuple[tuple[str, str], ...]:
    """What somebody had typed, label by label: shown again where the form itself cannot be."""
    typed = ((item.label.text, item.data) for item in form if item.type in ("TextAreaField", "StringField"))
    return tuple((str(label), text.strip()) for label, text in typed if isinstance(text, str) and text.strip())
