"""Taking a ledger over: its rows become drafts, nothing is taken twice, nothing skips the procedure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, Refused
from app.kernel.i18n import N_
from app.matters.models import Matter, MatterSource
from app.matters.rules import REASONS, Draft
from app.matters.services import add_draft
from app.organisation.models import Unit
from app.organisation.rules import initials, sort_key
from app.reporting.rules import LedgerRow, RowFault, Sheet

# Which kind of source a ledger's own words point to. The first that fits decides.
CATEGORIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("report", ("政府工作报告", "工作要点")),
    ("proposal", ("建议", "提案", "议案")),
    ("petition", ("信访",)),
    ("instruction", ("批示",)),
    ("meeting", ("会议", "常务会", "办公会")),
    ("project", ("项目", "实事", "民生")),
)


@dataclass(frozen=True)
class ImportedSheet:
    """What came of a ledger: drafts made, rows known already, and every row's faults."""

    taken: int
    known: int
    faults: tuple[RowFault, ...]
    units_added: int = 0


@command
def import_ledger(
    session: Any,
    actor: Actor,
    sheet: Sheet,
    *,
    source_key: str | None = None,
    create_units: bool = False,
    at: dt.datetime,
) -> ImportedSheet:
    """Draw up one draft for each row of a ledger that is not known yet; all of them, or none when something breaks.

    A unit is found by its name or short name. One this jurisdiction does not have is kept by name on the draft and
    reported, or added when ``create_units`` says so. Refuses an unknown source and a person without the right.
    """
    if not actor.may("matter:import"):
        raise Refused("right_missing", REASONS["right_missing"])
    sources = list(
        session.scalars(select(MatterSource).where(MatterSource.active.is_(True)).order_by(MatterSource.position))
    )
    chosen = next((one for one in sources if one.key == source_key), None)
    if source_key and chosen is None:
        raise Invalid("source_unknown", N_("This jurisdiction has no matter source “%(key)s”."), key=source_key)
    units = _Units(session, create_units)
    known = set(
        session.scalars(select(Matter.import_key).where(Matter.import_key.in_([row.key for row in sheet.rows])))
    )
    faults, taken = list(sheet.faults), 0
    for row in sheet.rows:
        if row.key in known:
            continue
        draft, missing = _draft(row, chosen or source_of(row, sources), units)
        faults += [RowFault(row.row, "", "unit_unknown", name, fatal=False) for name in missing]
        add_draft(session, actor, draft, at=at, kind="imported")
        taken += 1
    return ImportedSheet(taken, len(sheet.rows) - taken, tuple(sorted(faults, key=lambda one: one.row)), units.added)


def source_of(row: LedgerRow, sources: Iterable[MatterSource]) -> MatterSource:
    """The source a row's own words point to; the jurisdiction's last one, "other", when they point nowhere."""
    there = list(sources)
    for category, words in CATEGORIES:
        if any(word in row.category for word in words):
            found = next((one for one in there if one.category == category), None)
            if found is not None:
                return found
    return next((one for one in there if one.category == "other"), there[-1])


class _Units:
    """The jurisdiction's units by every name they go by."""

    def __init__(self, session: Any, create: bool) -> None:
        self.session, self.create, self.added = session, create, 0
        self.by_name: dict[str, int] = {}
        for unit in session.scalars(select(Unit).where(Unit.active.is_(True))):
            self.by_name.setdefault(unit.name, unit.id)
            self.by_name.setdefault(unit.short_name, unit.id)

    def find(self, name: str) -> int | None:
        """The unit of that name; a new one when that was asked for."""
        if name not in self.by_name and self.create:
            unit = Unit(
                code=f"L{len(self.by_name) + 1:04d}",
                name=name[:80],
                short_name=name[:40],
                kind="department",
                initials=initials(name),
                sort_key=sort_key(name),
            )
            self.session.add(unit)
            self.session.flush()
            self.by_name[name] = unit.id
            self.added += 1
        return self.by_name.get(name)


def _draft(row: LedgerRow, source: MatterSource, units: _Units) -> tuple[Draft, list[str]]:
    lead = units.find(row.lead) if row.lead else None
    co = {name: units.find(name) for name in row.co}
    missing = [name for name, unit_id in {row.lead: lead, **co}.items() if name and unit_id is None]
    named: dict[str, object] | None = {"lead": row.lead, "co": list(row.co)} if missing else None
    co_ids = tuple(unit_id for unit_id in dict.fromkeys(co.values()) if unit_id is not None and unit_id != lead)
    draft = Draft(
        title=row.title,
        source_id=source.id,
        content=row.content,
        stated_due_on=row.deadline.due_on,
        stated_due_words=row.deadline.words[:120] or None,
        lead_unit_id=lead,
        co_unit_ids=co_ids,
        import_key=row.key,
        named_units=named,
    )
    return draft, missing
