"""What the ladder suggests, as lines of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from app.deadlines.rules import WorkingCalendar
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link
from app.matters.presenting.common import due_cell, matter_href
from app.urging.pages import SuggestionLine
from app.urging.queries import SuggestionRow

SHOWN_WORDS: Mapping[str, str] = {
    "urging": N_("Urgings to be sent"),
    "bulletin": N_("Candidates for the bulletin"),
    "settled": N_("Dealt with"),
}
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "urged": (N_("Urged"), "warn"),
    "published": (N_("In the bulletin"), "bad"),
    "dropped": (N_("Not followed"), "mute"),
}


def suggestion_lines(
    rows: Iterable[SuggestionRow], calendar: WorkingCalendar, today: dt.date, root: str
) -> tuple[SuggestionLine, ...]:
    """The lines of a list."""
    return tuple(_line(row, calendar, today, root) for row in rows)


def _line(row: SuggestionRow, calendar: WorkingCalendar, today: dt.date, root: str) -> SuggestionLine:
    one = row.suggestion
    words, tone = _OUTCOMES.get(one.outcome or "", (N_("Over by itself"), "ok"))
    kind = "receipt" if one.unsigned else "feedback"
    return SuggestionLine(
        id=str(one.id),
        part_id=str(one.assignment_id),
        matter=Link(row.matter.title, matter_href(root, row.matter.id)),
        number=row.matter.register_no or "",
        unit=row.unit,
        about=translate(SHOWN_WORDS[one.kind]),
        why=one.step_name or (_("Not signed for") if one.unsigned else _("Overdue")),
        due=due_cell(row.clock, calendar, today, paused=row.matter.state == "suspended"),
        raised_on=local_date(one.raised_at),
        urge_href=f"{root}/urging/new?part={one.assignment_id}&kind={kind}",
        outcome=translate(words),
        tone=tone,
        note=one.note or "",
        settled_on=local_date(one.settled_at) if one.settled_at else None,
    )
