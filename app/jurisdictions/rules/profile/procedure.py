"""The work: where matters come from, the steps they take, what goes out and what comes back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.jurisdictions.rules.profile.base import (
    Article,
    HandlingMode,
    Key,
    NumberPattern,
    OriginLevel,
    Section,
    Series,
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
    document_type: Key | None = None


class StepApproval(Section):
    """Who decides, and how."""

    mode: Literal["any_of", "all_of", "sequence"]
    roles: Annotated[tuple[Key, ...], Field(min_length=1)]


class StepLimit(Section):
    """The office's own time for a step."""

    rule: Literal["working_days", "calendar_days"]
    amount: Annotated[int, Field(ge=0, le=365)]


class StepCondition(Section):
    """When a step is taken; an empty list means any."""

    sources: tuple[Key, ...] = ()
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
    who: tuple[Key, ...] = ()
    approval: StepApproval | None = None
    required_fields: tuple[Key, ...] = ()
    required_documents: tuple[Key, ...] = ()
    required_attachments: tuple[Key, ...] = ()
    limit: StepLimit | None = None
    returns_to: Key | None = None
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
    at_step: Key | None = None
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

    document_types: Annotated[tuple[Key, ...], Field(min_length=1)]
    scheme_required: bool = False
    require_source_copy: bool = False
    article: Article


class Receipt(Section):
    """How the office knows that the paper arrived."""

    required: bool = True
    may_be_logged_by_office: bool = False
    require_leader_in_charge: bool = False
    decline_window_working_days: Annotated[int, Field(ge=0, le=60)] | None = None
    article: Article


class Criterion(Section):
    """One thing a completion report is judged by."""

    key: Key
    name: Words


class Completion(Section):
    """What a completion report must be."""

    document_required: bool = True
    document_no_required: bool = True
    return_allowed: bool = True
    criteria: tuple[Criterion, ...] = ()
    article: Article
