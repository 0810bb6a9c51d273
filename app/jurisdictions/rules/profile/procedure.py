"""The work: where matters come from, the steps they take, what goes out and what comes back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.jurisdictions.rules.profile.base import (
    Approval,
    Article,
    AttachmentKey,
    DocumentTypeKey,
    FieldKey,
    HandlingMode,
    Key,
    NumberPattern,
    OriginLevel,
    RoleKey,
    Section,
    Series,
    SourceKey,
    StepKey,
    Urgency,
    Words,
)


class MatterSource(Section):
    """Where matters come from, in the regulation's order."""

    key: Key
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    category: Literal[
        "decision", "meeting", "instruction", "report", "project", "proposal", "petition", "media", "superior", "other"
    ]
    article: Article
    origin_level: OriginLevel
    is_proposal: bool = False
    is_petition: bool = False
    document_type: DocumentTypeKey | None = None


class StepLimit(Section):
    """The office's own time for a step."""

    rule: Literal["working_days", "calendar_days"]
    amount: Annotated[int, Field(ge=0, le=365)]


class StepCondition(Section):
    """When a step is taken; an empty list means any."""

    sources: tuple[SourceKey, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    origin_levels: tuple[OriginLevel, ...] = ()
    handling_modes: tuple[HandlingMode, ...] = ()


class Step(Section):
    """One step of the procedure."""

    key: Key
    kind: Literal[
        "draft", "approval", "registration", "scheme", "dispatch", "handling", "review", "closing", "archiving"
    ]
    name: Words
    article: Article
    who: tuple[RoleKey, ...] = ()
    approval: Approval | None = None
    required_fields: tuple[FieldKey, ...] = ()
    required_documents: tuple[DocumentTypeKey, ...] = ()
    required_attachments: tuple[AttachmentKey, ...] = ()
    limit: StepLimit | None = None
    returns_to: StepKey | None = None
    when: StepCondition = StepCondition()
    by_supervising_unit: bool = False


class ProcedureSection(Section):
    """The ordered steps."""

    steps: Annotated[tuple[Step, ...], Field(min_length=2)]


class Intake(Section):
    """The paper on which a matter is proposed."""

    paper: Literal["handling_proposal", "supervision_plan"]
    plan_cardinality: Literal["none", "one_plan_many_matters"] = "none"
    article: Article


class Numbering(Section):
    """The register number: whether there is one, at which step it is given, what it looks like."""

    enabled: bool
    at_step: StepKey | None = None
    series: Series = "register"
    pattern: NumberPattern = "〔{year}〕{no}号"
    article: Article | None = None


class DocumentType(Section):
    """A paper the office issues, and how it is numbered."""

    key: Key
    name: Words
    header: Literal["red", "letter", "brief", "telegram", "none"]
    series: Series
    number_pattern: NumberPattern
    article: Article
    audience: Literal["units", "leaders", "superior", "archive"] = "units"


class Dispatch(Section):
    """What goes out."""

    document_types: Annotated[tuple[DocumentTypeKey, ...], Field(min_length=1)]
    scheme_required: bool = False
    require_source_copy: bool = False
    article: Article


class Receipt(Section):
    """How the office knows that the paper arrived."""

    required: bool = True
    may_be_logged_by_office: bool = False
    require_leader_in_charge: bool = False
    decline_window_working_days: Annotated[int, Field(ge=0, le=60)] | None = None
    decline_signed_by_leader: bool = False
    article: Article


class Criterion(Section):
    """One thing a completion report is judged by."""

    key: Key
    name: Words


class Grade(Section):
    """One mark a result can be given (A, B, C, D, or the office's own words)."""

    key: Key
    name: Words


class SatisfactionLevel(Section):
    """One answer to the question whether whoever raised the matter is satisfied; some send it round again."""

    key: Key
    name: Words
    second_round: bool = False


class Satisfaction(Section):
    """Who is asked whether the reply satisfies, and which answers open a second round of handling."""

    asked_of: Words
    levels: Annotated[tuple[SatisfactionLevel, ...], Field(min_length=2)]
    sources: tuple[SourceKey, ...] = ()
    most_rounds: Annotated[int, Field(ge=1, le=5)] = 2
    article: Article


class Completion(Section):
    """What a completion report must be, and how its result is marked."""

    document_required: bool = True
    document_no_required: bool = True
    return_allowed: bool = True
    criteria: tuple[Criterion, ...] = ()
    grades: tuple[Grade, ...] = ()
    satisfaction: Satisfaction | None = None
    article: Article


class Conclusion(Section):
    """The conclusion served on the unit, its right to object, and the review (政府督查工作条例 arts. 16 and 17).

    Both periods are calendar days from receipt. ``recusal``: whoever took part in the supervision does not review it.
    The decision on a review goes out as ``review_document_type``; without one, as another paper of the conclusion's.
    """

    document_type: DocumentTypeKey
    review_document_type: DocumentTypeKey | None = None
    objection_days: Annotated[int, Field(ge=1, le=365)] = 30
    review_days: Annotated[int, Field(ge=1, le=365)] = 30
    recusal: bool = True
    article: Article


class Delegation(Section):
    """A department supervises only when its government says so: matter, scope, duty and period (条例 art. 7)."""

    allowed: bool = False
    most_days: Annotated[int, Field(ge=1, le=1000)] | None = None
    article: Article
