"""The burden meter as it is shown: a month's table, and what stands behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from app.kernel.i18n import N_, translate
from app.kernel.pages import Link
from app.matters.presenting.common import matter_href, word
from app.organisation.models import Unit
from app.urging.pages import BurdenCell, BurdenLine, BurdenRow
from app.urging.presenting.points import ABOUT, CONSEQUENCES
from app.urging.queries.burden import ASKED, Burden
from app.urging.rules import Period

WORDS: Mapping[str, str] = {
    "dispatched": N_("Matters dispatched"),
    "reports": N_("Reports due"),
    "reminders": N_("Reminders"),
    "urgings": N_("Urgings"),
    "slips": N_("Escalation slips"),
    "letters": N_("Letters and summonses"),
}
HINTS: Mapping[str, str] = {
    "dispatched": N_("Given to the unit in the month"),
    "reports": N_("Reports whose date lies in the month"),
    "reminders": N_("Written by the system, each occasion once"),
    "urgings": N_("By the system, by phone and on paper"),
    "slips": N_("Issued and not withdrawn"),
    "letters": N_("Issued for a unit's points"),
}
_ABOUT: Mapping[str, str] = {**ABOUT, **CONSEQUENCES}


def burden_rows(
    units: Sequence[Unit],
    now: Mapping[int, Mapping[str, int]],
    before: Mapping[int, Mapping[str, int]],
    month: Period,
    root: str,
) -> tuple[BurdenRow, ...]:
    """The units' lines, those that were asked for most first: every number leads to what it counts."""
    ordered = sorted(units, key=lambda unit: -sum(now.get(unit.id, {}).values()))
    return tuple(
        BurdenRow(unit.short_name, _cells(now.get(unit.id, {}), before.get(unit.id, {}), month, unit.id, root))
        for unit in ordered
    )


def total_cells(
    now: Mapping[int, Mapping[str, int]], before: Mapping[int, Mapping[str, int]], month: Period, root: str
) -> tuple[BurdenCell, ...]:
    """The same of all units together."""
    return _cells(_sum(now), _sum(before), month, None, root)


def _sum(counts: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    return {what: sum(one.get(what, 0) for one in counts.values()) for what in ASKED}


def _cells(
    now: Mapping[str, int], before: Mapping[str, int], month: Period, unit_id: int | None, root: str
) -> tuple[BurdenCell, ...]:
    former = month.before()
    return tuple(
        BurdenCell(
            count=now.get(what, 0),
            href=list_href(root, month, what, unit_id) if now.get(what, 0) else "",
            former=before.get(what, 0),
            former_href=list_href(root, former, what, unit_id) if before.get(what, 0) else "",
            tone="bad"
            if now.get(what, 0) > before.get(what, 0)
            else "ok"
            if now.get(what, 0) < before.get(what, 0)
            else "",
        )
        for what in ASKED
    )


def burden_href(root: str, month: Period) -> str:
    """The address of a month's table."""
    return f"{root}/urging/burden?month={month.key}"


def list_href(root: str, month: Period, what: str, unit_id: int | None) -> str:
    """The address of what stands behind one number."""
    asked = {"month": month.key, "what": what} | ({"unit": str(unit_id)} if unit_id is not None else {})
    return f"{root}/urging/burden/list?{urlencode(asked)}"


def burden_line(one: Burden, root: str) -> BurdenLine:
    """One thing asked for, as a line."""
    matter = Link(one.title, matter_href(root, one.matter_id)) if one.matter_id is not None else None
    return BurdenLine(one.on, one.unit, matter, one.register_no, word(_ABOUT, one.about))


def column_words() -> tuple[tuple[str, str], ...]:
    """What the columns are called, and what each counts."""
    return tuple((translate(WORDS[what]), translate(HINTS[what])) for what in ASKED)
