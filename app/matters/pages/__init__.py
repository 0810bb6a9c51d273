"""What the pages of matters show, as values. Views build these; templates read them and nothing else.

Every page template takes one of the ``…Page`` classes as ``page``. Pure: no database, no Flask, no clock.
"""

from __future__ import annotations

from app.matters.pages.desk import (
    ApprovalCard,
    ApprovalsPage,
    CheckProgress,
    HandOverPage,
    SoonLine,
    TodoLine,
    TodoPage,
    WorkbenchPage,
)
from app.matters.pages.file import (
    Annex,
    CaseFilePage,
    ConclusionLine,
    DelegationLine,
    LogLine,
    NextStep,
    ObligationLine,
    UnitLine,
)
from app.matters.pages.ledger import LedgerPage, LedgerRow
from app.matters.pages.registering import DuePreview, PreviewLine, RegisterPage
from app.matters.pages.shared import DueExplanation, FieldGroup, Pair, TimelineEntry, TrackerStep
from app.matters.pages.unit_side import Letter, ReceiptPage, ReportPage

__all__ = [
    "Annex",
    "ApprovalCard",
    "ApprovalsPage",
    "CaseFilePage",
    "CheckProgress",
    "ConclusionLine",
    "DelegationLine",
    "DueExplanation",
    "DuePreview",
    "FieldGroup",
    "HandOverPage",
    "LedgerPage",
    "LedgerRow",
    "Letter",
    "LogLine",
    "NextStep",
    "ObligationLine",
    "Pair",
    "PreviewLine",
    "ReceiptPage",
    "RegisterPage",
    "ReportPage",
    "SoonLine",
    "TimelineEntry",
    "TodoLine",
    "TodoPage",
    "TrackerStep",
    "UnitLine",
    "WorkbenchPage",
]
