"""The urging log as it is shown, on the page and in the spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from app.kernel.clock import local_date, local_datetime
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link
from app.matters.presenting.common import matter_href, word
from app.matters.queries.visible import SENSITIVE
from app.urging.pages import LogLine
from app.urging.queries.log import Delivery, LogRow
from app.urging.rules import Effect, Outcome, effect

KINDS: Mapping[str, str] = {"receipt": N_("Signature for receipt"), "feedback": N_("Feedback")}
CHANNELS: Mapping[str, str] = {"system": N_("Through the system"), "phone": N_("By phone"), "paper": N_("On paper")}
OUTCOMES: Mapping[str, str] = {
    "": N_("All"),
    Outcome.WAITING: N_("No answer yet"),
    Outcome.ANSWERED: N_("Answered by the unit"),
    Outcome.ENDED: N_("Ended without an answer"),
}
_TONES: Mapping[str, str] = {Outcome.WAITING: "warn", Outcome.ANSWERED: "ok", Outcome.ENDED: "mute"}
COLUMNS: tuple[tuple[str, int], ...] = (
    (N_("Number"), 22),
    (N_("Matter"), 40),
    (N_("Unit"), 16),
    (N_("Urged"), 18),
    (N_("Urged by"), 12),
    (N_("Asked for"), 12),
    (N_("Way"), 12),
    (N_("Words"), 50),
    (N_("Effect"), 20),
    (N_("Answered"), 18),
)


def log_line(row: LogRow, delivery: Delivery | None, today: dt.date, root: str) -> LogLine:
    """One urging as a line."""
    came = _effect(row, today)
    return LogLine(
        at=local_datetime(row.urging.urged_at),
        matter=Link(row.matter.title, matter_href(root, row.matter.id)),
        number=row.matter.register_no or "",
        unit=row.unit,
        kind=word(KINDS, row.urging.kind),
        channel=word(CHANNELS, row.urging.channel),
        by=row.by,
        message=row.urging.message,
        effect=effect_words(row.urging.kind, came),
        tone=_TONES[came.outcome],
        receipt=_("%(read)s of %(readers)s have read it", read=delivery.read, readers=delivery.readers)
        if delivery is not None
        else "",
    )


def effect_words(kind: str, came: Effect) -> str:
    """What came of an urging, in words."""
    receipt = kind == "receipt"
    if came.outcome is Outcome.ENDED:
        return _("Ended without an answer")
    if came.outcome is Outcome.WAITING:
        return _("No answer yet, %(days)s days", days=came.days) if came.days else _("No answer yet")
    if came.days == 0:
        return _("Signed the same day") if receipt else _("Answered the same day")
    said = N_("Signed in %(days)s days") if receipt else N_("Answered in %(days)s days")
    return translate(said, days=came.days)


def sheet_rows(rows: Sequence[LogRow], today: dt.date) -> list[list[object]]:
    """The log as rows of a spreadsheet, as ``COLUMNS`` names them; what is sensitive has no words outside the system."""
    made: list[list[object]] = []
    for row in rows:
        hidden = row.matter.secrecy_level == SENSITIVE
        made.append(
            [
                row.matter.register_no or "",
                _("a sensitive matter") if hidden else row.matter.title,
                row.unit,
                _stamp(row.urging.urged_at),
                row.by,
                word(KINDS, row.urging.kind),
                word(CHANNELS, row.urging.channel),
                "" if hidden else row.urging.message,
                effect_words(row.urging.kind, _effect(row, today)),
                _stamp(row.answered_at) if row.answered_at else "",
            ]
        )
    return made


def _effect(row: LogRow, today: dt.date) -> Effect:
    answered_on = local_date(row.answered_at) if row.answered_at else None
    return effect(local_date(row.urging.urged_at), answered_on, under_way=row.under_way, today=today)


def _stamp(at: dt.datetime) -> str:
    return local_datetime(at).strftime("%Y-%m-%d %H:%M")
