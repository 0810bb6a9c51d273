"""The pages a unit answers on: the receipt of a notice and the reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.kernel.pages import Act, DueCell, FileLine, Tab
from app.matters.pages.shared import DueExplanation, FieldGroup, Pair, TimelineEntry


@dataclass(frozen=True)
class Letter:
    """The notice as the unit reads it."""

    issuer: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed: str
    on: dt.date


@dataclass(frozen=True)
class ReceiptPage:
    """Signing for a notice, or declining what is not the unit's business (until ``decline_until``).

    ``proposed`` is why somebody wants to decline while the unit's leader has not signed it; ``signing`` are his two answers.
    """

    title: str
    letter: Letter
    role: str
    due: DueCell | None
    facts: tuple[Pair, ...]
    sign: Act | None
    decline: Act | None = None
    signing: tuple[Act, ...] = ()
    proposed: str = ""
    decline_until: dt.date | None = None
    files: tuple[FileLine, ...] = ()
    explanation: DueExplanation | None = None
    back_href: str = ""


@dataclass(frozen=True)
class ReportPage:
    """Reporting: progress, an explanation of delay, or the completion report (``kind``).

    ``criteria`` are the sentences a completion report is judged by; ``co_reports`` what the co-handling units sent to the
    lead; ``returned`` the reason when the last report came back.
    """

    title: str
    number: str
    kind: str
    tabs: tuple[Tab, ...]
    form: Any
    groups: tuple[FieldGroup, ...]
    action: str
    submit_label: str
    effect: str
    due: DueCell | None
    back_href: str
    criteria: tuple[str, ...] = ()
    returned: str = ""
    history: tuple[TimelineEntry, ...] = ()
    co_reports: tuple[TimelineEntry, ...] = ()
    explanation: DueExplanation | None = None
    version: int | None = None
    meanwhile: str = ""
