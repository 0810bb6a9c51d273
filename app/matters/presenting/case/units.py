"""The units of a matter and how each of them stands."""

from __future__ import annotations

from app.kernel.clock import local_date, local_datetime
from app.kernel.i18n import _
from app.matters.models import Assignment
from app.matters.pages import UnitLine
from app.matters.presenting.common import due_cell
from app.matters.queries import CaseFile
from app.matters.rules import AssignmentState, MatterState


def has_declined(one: Assignment) -> bool:
    """Whether the unit has declined and is no longer counted."""
    return one.state == AssignmentState.DECLINED


def proposed_decline(one: Assignment) -> str:
    """Why a unit wants to decline while its leader has still to sign it."""
    if one.decline_proposed_at is None or one.state not in (AssignmentState.NOTIFIED, AssignmentState.ACKNOWLEDGED):
        return ""
    return _("Declining is proposed, the unit's leader has still to sign: %(reason)s", reason=one.decline_reason or "")


def unit_line(file: CaseFile, one: Assignment) -> UnitLine:
    """One unit's part: how it stands, when it is due, who handles it."""
    running = [clock for clock in file.obligations if clock.assignment_id == one.id and clock.state == "open"]
    clock = min(running, key=lambda each: (each.due_on, each.id), default=None)
    reports = [report for report in file.reports if report.assignment_id == one.id]
    last = reports[-1] if reports else None
    percents = [report.percent for report in reports if report.percent is not None]
    return UnitLine(
        name=one.unit.short_name,
        role=one.role,
        state=one.state,
        due=due_cell(clock, file.calendar, file.today, paused=file.matter.state == MatterState.SUSPENDED, at=file.at),
        leader_in_charge=one.leader_in_charge or "",
        contact=one.acknowledged_by or "",
        phone=one.contact_phone or "",
        acknowledged_at=local_datetime(one.acknowledged_at) if one.acknowledged_at else None,
        logged_by_office=one.logged_by_office,
        reported_on=local_date(last.submitted_at) if last else None,
        percent=percents[-1] if percents else None,
        decline_reason=proposed_decline(one) or one.decline_reason or "",
        receipts=_receipts(file, one),
    )


def _receipts(file: CaseFile, one: Assignment) -> tuple[tuple[str, str], ...]:
    """Who of the unit has the notice and the last urging, and who has not opened them yet."""
    lines = []
    mine = [receipt for receipt in file.receipts if receipt.unit_id == one.unit_id]
    for label, kinds in (
        (_("Arrival of the notice"), ("matter.dispatched", "matter.reassigned")),
        (_("Arrival of the last urging"), ("matter.urged",)),
    ):
        last = max((receipt.at for receipt in mine if receipt.kind in kinds), default=None)
        got = [receipt for receipt in mine if receipt.kind in kinds and receipt.at == last]
        unread = [receipt.name for receipt in got if receipt.read_at is None]
        if last is None:
            continue
        words = _(
            "%(day)s: delivered to %(count)s, read by %(read)s",
            day=f"{local_date(last):%m-%d}",
            count=len(got),
            read=len(got) - len(unread),
        )
        if unread:
            words += _("; not read yet: %(names)s", names="、".join(unread))
        lines.append((label, words))
    return tuple(lines)
