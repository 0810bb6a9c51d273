"""What surrounds the work: reports, methods, archive, secrecy, accountability, praise."""

from __future__ import annotations

from typing import Literal

from app.jurisdictions.rules.profile.base import Article, Key, Section, Words
from app.jurisdictions.rules.profile.procedure import StepApproval


class ReportType(Section):
    """A paper in which the office reports."""

    key: Key
    name: Words
    audience: Literal["units", "leaders", "superior"]
    article: Article


class Reports(Section):
    """The office's own reports and who approves them."""

    approval: StepApproval | None = None
    types: tuple[ReportType, ...] = ()
    article: Article


class Methods(Section):
    """How the office supervises on the spot, and whether it needs consent."""

    items: tuple[Words, ...]
    consent_roles: tuple[Key, ...] = ()
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
