"""What surrounds the work: reports, methods, archive, secrecy, accountability, praise."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.jurisdictions.rules.profile.base import (
    Approval,
    Article,
    DocumentTypeKey,
    Key,
    RoleKey,
    Section,
    SlipKey,
    Words,
)


class ReportType(Section):
    """A paper in which the office reports."""

    key: Key
    name: Words
    audience: Literal["units", "leaders", "superior"]
    article: Article


class Reports(Section):
    """The office's own reports and who approves them."""

    approval: Approval | None = None
    types: tuple[ReportType, ...] = ()
    article: Article


class Methods(Section):
    """How the office supervises on the spot, and whether it needs consent."""

    items: tuple[Words, ...]
    consent_roles: tuple[RoleKey, ...] = ()
    consent_for_major_only: bool = False
    article: Article


class Archive(Section):
    """Filing away."""

    is_step: bool
    transfer_important: bool = False
    article: Article


class Secrecy(Section):
    """Labels of a system that must never hold state secrets: public, internal, sensitive."""

    levels: tuple[Literal["public", "internal", "sensitive"], ...] = ("public", "internal", "sensitive")
    custodian_required: bool = False
    prohibitions: tuple[Words, ...] = ()
    article: Article


class Grounds(Section):
    """What somebody is held to account for, or praised for."""

    items: tuple[Words, ...]
    article: Article


class Slip(Section):
    """One coloured slip of the ladder of escalation: a numbered document with its own limit.

    It may be issued to a unit whose main clock is overdue by ``overdue_working_days`` at least, and, above the first, only
    when the slip before it has run out. ``limit_working_days`` from issue is the unit's time to answer.
    """

    key: Key
    name: Words
    colour: Literal["blue", "yellow", "orange", "red"]
    document_type: DocumentTypeKey
    overdue_working_days: Annotated[int, Field(ge=0, le=365)] = 1
    limit_working_days: Annotated[int, Field(ge=1, le=365)]
    approval: Approval | None = None


class Slips(Section):
    """The escalation slips (蓝黄橙红), lowest first."""

    items: Annotated[tuple[Slip, ...], Field(min_length=1)]
    article: Article


class PointRule(Section):
    """What an occasion costs or earns a unit. ``slip`` narrows the occasion ``slip_issued`` to one colour."""

    key: Key
    name: Words
    occasion: Literal[
        "receipt_overdue",
        "feedback_overdue",
        "result_overdue",
        "returned_for_rework",
        "urged",
        "slip_issued",
        "completed_on_time",
    ]
    points: Annotated[int, Field(ge=-100, le=100)]
    slip: SlipKey | None = None


class Threshold(Section):
    """What follows when a unit's points of a period fall to this number or below it."""

    key: Key
    at_or_below: Annotated[int, Field(ge=-1000, le=1000)]
    consequence: Literal["letter", "summons"]
    document_type: DocumentTypeKey


class Points(Section):
    """Marks per unit and period: where everybody starts, what counts, what follows."""

    period: Literal["month", "quarter", "half_year", "year"]
    start: Annotated[int, Field(ge=0, le=1000)] = 100
    rules: Annotated[tuple[PointRule, ...], Field(min_length=1)]
    thresholds: tuple[Threshold, ...] = ()
    article: Article
