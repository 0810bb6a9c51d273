"""What comes with each act, from a page's form or from the API: every field known, bounded and typed; nothing else taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.matters.rules import Act

MOST_ID = 2**63 - 1


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _one_is_a_list(value: object) -> object:
    if value is None or value == "":
        return ()
    return [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value


Id = Annotated[int, Field(gt=0, le=MOST_ID)]
OptionalId = Annotated[Id | None, BeforeValidator(_blank_is_none)]
Ids = Annotated[tuple[Id, ...], Field(max_length=100), BeforeValidator(_one_is_a_list)]
Keys = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=40)], ...], Field(max_length=40), BeforeValidator(_one_is_a_list)
]
Day = Annotated[dt.date | None, BeforeValidator(_blank_is_none)]
YesOrNo = Annotated[bool | None, BeforeValidator(_blank_is_none)]
Line = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
LongWords = Annotated[str, StringConstraints(max_length=20_000, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
OptionalWord = Annotated[Word | None, BeforeValidator(_blank_is_none)]


class Payload(BaseModel):
    """What comes with an act: unknown keys are refused, so that a misspelt field is never silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Payload):
    """An act that needs no words."""


class DraftForm(Payload):
    """A matter as it is drawn up. The source is named by its key or by its id."""

    title: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
    source: OptionalWord = None
    source_id: OptionalId = None
    content: LongWords = ""
    source_document_no: Annotated[Line | None, BeforeValidator(_blank_is_none)] = None
    urgency: Word = "normal"
    origin_level: OptionalWord = None
    handling_mode: OptionalWord = None
    session: OptionalWord = None
    scope_key: OptionalWord = None
    kind_key: OptionalWord = None
    is_major: bool = False
    secrecy_level: Word = "internal"
    handling_proposal: Annotated[LongWords | None, BeforeValidator(_blank_is_none)] = None
    instruction_leader_id: OptionalId = None
    instruction_text: Annotated[LongWords | None, BeforeValidator(_blank_is_none)] = None
    instruction_on: Day = None
    meeting_on: Day = None
    exposed_on: Day = None
    stated_due_on: Day = None
    feedback_due_on: Day = None
    instructed_due_on: Day = None
    hurried: YesOrNo = None
    stated_due_words: Annotated[
        Annotated[str, StringConstraints(max_length=120)] | None, BeforeValidator(_blank_is_none)
    ] = None
    document_type: OptionalWord = None
    plan_title: Annotated[
        Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] | None, BeforeValidator(_blank_is_none)
    ] = None
    responsible_division_id: OptionalId = None
    supervising_unit_id: OptionalId = None
    lead_unit_id: OptionalId = None
    co_unit_ids: Ids = ()
    custodian_id: OptionalId = None


class Opinion(Payload):
    """A leader's decision with the written opinion."""

    opinion: Words = ""


class Agreement(Payload):
    """Agreeing to what was asked for, such as an extension; ``due_on`` fixes the day, empty takes the proposed one."""

    approval_id: Id
    opinion: Words = ""
    due_on: Day = None


class Refusal(Payload):
    """Refusing what was asked for, and why."""

    approval_id: Id
    opinion: Words = ""


class Scheme(Payload):
    """The scheme 督查方案."""

    scheme: LongWords = ""


class Dispatch(Payload):
    """The kind of notice and what it demands."""

    document_type: OptionalWord = None
    requirements: LongWords = ""


class Receipt(Payload):
    """A signature for receipt."""

    assignment_id: Id
    signed_by: Name = ""
    phone: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    leader_in_charge: Name = ""


class Decline(Payload):
    """Why it is not the unit's business."""

    assignment_id: Id
    reason: Words = ""


class PartOpinion(Payload):
    """A word on one unit's part."""

    assignment_id: Id
    opinion: Words = ""


class Reassign(Payload):
    """The unit that takes a declined part."""

    assignment_id: Id
    unit_id: Id


class Progress(Payload):
    """How far a unit is; ``percent`` from 0 to 100."""

    assignment_id: Id
    text: LongWords = ""
    percent: Annotated[int | None, Field(ge=0, le=100), BeforeValidator(_blank_is_none)] = None
    problems: LongWords = ""
    next_steps: LongWords = ""
    attachment_ids: Ids = ()


class Explanation(Payload):
    """Why it will be late, and how far it is."""

    assignment_id: Id
    reason: Words = ""
    progress: LongWords = ""


class ExtensionRequest(Payload):
    """Why more time is needed, how far it is, and until when; without ``obligation_id`` the completion date is meant."""

    assignment_id: Id
    obligation_id: OptionalId = None
    reason: Words = ""
    progress: LongWords = ""
    proposed_due_on: Day = None


class Part(Payload):
    """Which unit's part is meant."""

    assignment_id: Id


class Completion(Payload):
    """The completion report as the unit's formal document."""

    assignment_id: Id
    text: LongWords = ""
    document_no: Line = ""
    signed_by: Name = ""
    attachment_ids: Ids = ()


class Acceptance(Payload):
    """The criteria that are met, as their keys or as key: true."""

    criteria: dict[str, bool] | Keys = ()
    grade: OptionalWord = None
    opinion: Words = ""


class Satisfaction(Payload):
    """What those who raised the matter answered, and in which words."""

    level: Word = ""
    opinion: Words = ""


class Rework(Payload):
    """The criteria that are not met, and what must be corrected."""

    failed: Keys = ()
    opinion: Words = ""


class Conclusion(Payload):
    """The conclusion, the units it is served on (none named: all that have none), and what is to be put right until when."""

    assignment_ids: Ids = ()
    text: LongWords = ""
    rectification: LongWords = ""
    rectify_by: Day = None


class ConclusionReceipt(Payload):
    """A signature for a conclusion."""

    assignment_id: Id
    signed_by: Name = ""


class Objection(Payload):
    """Why a unit objects to its conclusion."""

    assignment_id: Id
    reason: LongWords = ""
    attachment_ids: Ids = ()


class Waiver(Payload):
    """The unit's part whose conclusion is not objected to."""

    assignment_id: Id


class ReviewDecision(Payload):
    """What becomes of the conclusion (upheld, changed, revoked), and on what grounds."""

    assignment_id: Id
    decision: Word = ""
    text: LongWords = ""


class Delegation(Payload):
    """The department that supervises, what, to do what, from when until when, by which instrument."""

    unit_id: Id
    scope: Words = ""
    duty: Words = ""
    from_on: Day = None
    until_on: Day = None
    document_no: Line = ""


class EndOfDelegation(Payload):
    """Which delegation ends before its time, and why."""

    delegation_id: Id
    reason: Words = ""


class Result(Payload):
    """The recorded result."""

    result: LongWords = ""


class Filing(Payload):
    """Where the file is kept."""

    archive_no: Line = ""


class Resumption(Payload):
    """The clock runs again; where the time was stated, the office may state a new one."""

    stated_due_on: Day = None


class Instruction(Payload):
    """A leader's new instruction: its words, its day, the date it names, or that it says only "at once"."""

    text: LongWords = ""
    given_on: Day = None
    instructed_due_on: Day = None
    hurried: YesOrNo = None


class Reason(Payload):
    """Why."""

    reason: Words = ""


PAYLOADS: Mapping[Act, type[Payload]] = {
    Act.EDIT: DraftForm,
    Act.SUBMIT: Nothing,
    Act.APPROVE: Opinion,
    Act.RETURN: Opinion,
    Act.REGISTER: Nothing,
    Act.SCHEME: Scheme,
    Act.DISPATCH: Dispatch,
    Act.ACKNOWLEDGE: Receipt,
    Act.LOG_RECEIPT: Receipt,
    Act.DECLINE: Decline,
    Act.CONFIRM_DECLINE: PartOpinion,
    Act.REJECT_DECLINE: PartOpinion,
    Act.REASSIGN: Reassign,
    Act.REPORT_PROGRESS: Progress,
    Act.EXPLAIN_DELAY: Explanation,
    Act.REPORT_COMPLETION: Completion,
    Act.ACCEPT: Acceptance,
    Act.RETURN_FOR_REWORK: Rework,
    Act.RECORD_SATISFACTION: Satisfaction,
    Act.SERVE_CONCLUSION: Conclusion,
    Act.ACKNOWLEDGE_CONCLUSION: ConclusionReceipt,
    Act.LOG_CONCLUSION_RECEIPT: ConclusionReceipt,
    Act.OBJECT: Objection,
    Act.WAIVE_OBJECTION: Waiver,
    Act.DECIDE_OBJECTION: ReviewDecision,
    Act.DELEGATE: Delegation,
    Act.END_DELEGATION: EndOfDelegation,
    Act.CLOSE_OUT: Result,
    Act.ARCHIVE: Filing,
    Act.INSTRUCT: Instruction,
    Act.SUSPEND: Reason,
    Act.RESUME: Resumption,
    Act.CANCEL: Reason,
    Act.REOPEN: Reason,
    Act.REQUEST_EXTENSION: ExtensionRequest,
    Act.WITHDRAW_EXTENSION: Part,
    Act.AGREE: Agreement,
    Act.REFUSE: Refusal,
}

OTHER_PAYLOADS: dict[str, type[Payload]] = {}
"""Acts on a matter that other rooms answer, by the last word of their address; they are decided without a version."""

_SENTENCES: Mapping[str, str] = {
    "extra_forbidden": N_("This field is not known here."),
    "missing": N_("This is needed."),
    "string_too_long": N_("This is too long."),
    "too_long": N_("These are too many."),
    "string_type": N_("Give this as text."),
    "bool_type": N_("Give this as true or false."),
    "bool_parsing": N_("Give this as true or false."),
}
_NUMBERS = ("int_", "greater_than", "less_than")
_DATES = ("date_",)


def read_payload(payload: type[Payload], given: Mapping[str, Any]) -> Payload:
    """What was sent, read. Refuses with Invalid, field by field, what is unknown, missing, too long or no such value."""
    try:
        return payload.model_validate(dict(given))
    except ValidationError as error:
        fields: dict[str, str] = {}
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            fields.setdefault(name, _sentence(str(fault["type"])))
        raise Invalid("input_refused", N_("Some of what was entered cannot be taken."), fields) from None


def _sentence(kind: str) -> str:
    if kind.startswith(_NUMBERS):
        return N_("Give this as a whole number within bounds.")
    if kind.startswith(_DATES):
        return N_("Give a date such as 2026-10-08.")
    return _SENTENCES.get(kind, N_("This cannot be taken as it stands."))
