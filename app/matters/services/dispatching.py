"""Handing a matter to units, and their answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.deadlines.queries import explanation
from app.deadlines.rules import until
from app.documents.queries import list_attachments
from app.documents.services import issue_document
from app.jurisdictions.rules.profile import DocumentType
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid
from app.kernel.i18n import N_, force_locale
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.delegations import list_running
from app.matters.rules import Act, AssignmentState, MatterState
from app.matters.services import clocks
from app.matters.services.casework import (
    TRANSFERRED,
    Work,
    advance,
    begin_at_once,
    note,
    require,
    take,
    tell_unit,
)
from app.matters.services.intake import give_number
from app.organisation.models import Membership, Unit

_URGENCY = {"normal": "", "urgent": "急件", "critical": "特急"}


@command
def dispatch(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    document_type: str | None = None,
    requirements: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Hand the matter to its units: a numbered notice to each, and their clocks start (华容区 art. 9(2); 淮安市 art. 4(2)).

    Refuses without the original or a copy where the profile demands it, and a kind of notice the jurisdiction does not know.
    """
    work = take(session, actor, matter_id, at, expected_version)
    if document_type:
        if document_type not in work.profile.dispatch.document_types:
            raise Invalid(
                "document_type", N_("Choose the kind of notice."), {"document_type": N_("Choose the kind of notice.")}
            )
        work.matter.document_type = document_type
    require(work, Act.DISPATCH)
    give_number(work)
    issued_as = work.profile.document_type(work.matter.document_type or "")
    work.matter.dispatched_at = at
    session.flush()
    numbers = []
    for assignment in work.assignments:
        if assignment.state != AssignmentState.PLANNED:
            continue
        if assignment.role == "lead" and work.matter.handling_mode != TRANSFERRED:
            begin_at_once(work, assignment)  # the office leads the matter itself: nobody writes to himself
        else:
            numbers.append(_notify(work, assignment, issued_as, requirements))
    note(work, "dispatched", document_no=numbers, units=[_name(work, one) for one in work.assignments])
    advance(work)
    session.flush()
    return work.matter


def _notify(work: Work, assignment: Assignment, issued_as: DocumentType, requirements: str) -> str:
    """One unit's notice, number and clocks."""
    assignment.state, assignment.notified_at = AssignmentState.NOTIFIED, work.at
    work.session.flush()
    clocks.open_unit_clocks(work, assignment)
    unit = work.session.get(Unit, assignment.unit_id)
    document = issue_document(
        work.session,
        work.actor,
        matter_id=work.matter.id,
        unit_id=assignment.unit_id,
        document_type_key=issued_as.key,
        series=issued_as.series,
        number_pattern=issued_as.number_pattern,
        title=f"{issued_as.name}：{work.matter.title}"[:300],
        facts=_notice(work, assignment, unit, requirements),
        at=work.at,
    )
    assignment.document_id = document.id
    work.session.flush()
    tell_unit(work, assignment, "matter.dispatched", "notice", document_no=document.document_no)
    return document.document_no


def _notice(work: Work, assignment: Assignment, unit: Unit, requirements: str) -> dict[str, object]:
    """What the notice says, frozen at this moment."""
    matter = work.matter
    due = _due(work, assignment)
    leader = work.session.get(Membership, matter.instruction_leader_id) if matter.instruction_leader_id else None
    names = {one.id: one.name for one in (work.session.get(Unit, a.unit_id) for a in work.assignments)}
    lead = next((one for one in work.assignments if one.role == "lead"), None)
    wanted = requirements.strip() or matter.handling_proposal or matter.content
    return {
        "主送": unit.name,
        "督办事项": matter.title,
        "立项依据": f"{work.source.name}（{work.source.article}）",
        "来文字号": matter.source_document_no or "",
        "批示领导": matter.instruction_by or (leader.person.get_full_name() if leader else ""),
        "批示日期": _words(matter.instruction_on),
        "领导批示": matter.instruction_text or "",
        "主办单位": names.get(lead.unit_id, "") if lead else "",
        "协办单位": "、".join(names[one.unit_id] for one in work.assignments if one.role == "co"),
        "办理要求": wanted.splitlines() if wanted else [],
        "交办日期": _words(work.today),
        "办结时限": _last_day(due),
        "时限依据": due.article or "" if due else "",
        "时限说明": _reasons(due),
        "反馈方式": "请登录本系统签收，并按时限书面反馈办理情况。",
        "紧急程度": _URGENCY.get(matter.urgency, ""),
        "附件": [
            one.file_name for one in list_attachments(work.session, matter.id) if one.kind in ("original", "copy")
        ],
        "联系人": work.actor.name,
        "联系电话": "",
        "署名": work.profile.bodies.operating,
    }


def _due(work: Work, assignment: Assignment) -> Obligation | None:
    still = clocks.open_clocks(work, assignment, ("first_feedback", "result", "contribution"))
    return min(still, key=lambda one: one.due_on, default=None)


def _last_day(due: Obligation | None) -> str:
    """The due date as the paper states it. A clock that runs from receipt may end earlier: the paper says so."""
    if due is None:
        return ""
    hour = until(due.due_at)
    return (
        _words(due.due_on)
        + (f"{hour}前" if hour else "")
        + ("（自签收之日起算，最迟至该日）" if due.start_event == "acknowledged" else "")
    )


def _reasons(due: Obligation | None) -> str:
    """How the date comes about, in the sentences of the case file; a paper is written in Chinese whoever issues it."""
    if due is None:
        return ""
    with force_locale("zh"):
        return "".join(explanation(due.explanation))


def _words(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@command
def acknowledge(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    signed_by: str = "",
    phone: str = "",
    leader_in_charge: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """A unit signs for receipt (华容区 art. 9(5)), naming the leader in charge where that is demanded (淮安市 art. 10)."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.ACKNOWLEDGE, assignment_id)
    _receive(work, assignment_id, signed_by or actor.name, phone, leader_in_charge, by_office=False)
    return work.matter


@command
def log_receipt(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    signed_by: str,
    phone: str = "",
    leader_in_charge: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """The office logs a receipt it has asked for by telephone: who said so is written down (华容区 art. 9(5))."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.LOG_RECEIPT, assignment_id)
    if not signed_by.strip():
        raise Invalid(
            "name_needed", N_("Write down who confirmed the receipt."), {"signed_by": N_("A name is needed.")}
        )
    _receive(work, assignment_id, signed_by, phone, leader_in_charge, by_office=True)
    return work.matter


def _receive(
    work: Work, assignment_id: int, signed_by: str, phone: str, leader_in_charge: str, *, by_office: bool
) -> None:
    assignment = work.assignment(assignment_id)
    if work.profile.receipt.require_leader_in_charge and not leader_in_charge.strip():
        field = {"leader_in_charge": N_("Name the leader in charge of this matter.")}
        raise Invalid("leader_needed", N_("Name the leader in charge of this matter."), field)
    assignment.state, assignment.acknowledged_at = AssignmentState.ACKNOWLEDGED, work.at
    assignment.acknowledged_by, assignment.logged_by_office = signed_by.strip()[:60], by_office
    assignment.contact_phone = phone.strip()[:40] or None
    assignment.leader_in_charge = leader_in_charge.strip()[:60] or None
    clocks.meet(work, assignment, ("acknowledgement",), "assignment", assignment.id)
    clocks.restart_from_receipt(work, assignment)
    if assignment.role == "lead" and work.matter.state == MatterState.DISPATCHED:
        work.matter.state = MatterState.ACKNOWLEDGED
    note(
        work,
        "receipt_logged" if by_office else "acknowledged",
        unit=_name(work, assignment),
        acknowledged_by=assignment.acknowledged_by,
        leader_in_charge=assignment.leader_in_charge,
    )


@command
def reassign(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    unit_id: int,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Hand a declined part to another unit: a new notice, a new number, new clocks.

    Refuses a unit that has a part already, and one to which the matter is delegated.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REASSIGN, assignment_id)
    declined = work.assignment(assignment_id)
    unit = session.get(Unit, unit_id)
    if unit is None or any(one.unit_id == unit_id for one in work.assignments):
        field = {"unit_id": N_("Choose a unit that has no part in this matter yet.")}
        raise Invalid("unit_refused", N_("Choose a unit that has no part in this matter yet."), field)
    if any(one.unit_id == unit_id for one in list_running(session, matter_id, work.today)):
        field = {"unit_id": N_("It supervises this matter. End its delegation first.")}
        raise Invalid("unit_supervises", N_("A unit does not handle what it supervises."), field)
    fresh = Assignment(
        matter_id=work.matter.id,
        unit_id=unit_id,
        role=declined.role,
        state=AssignmentState.PLANNED,
        position=len(work.assignments),
    )
    session.add(fresh)
    session.flush()
    work.assignments.append(fresh)
    if fresh.role == "lead":
        work.matter.lead_unit_id = unit_id
        declined.role = "co"
    number = _notify(work, fresh, work.profile.document_type(work.matter.document_type or ""), "")
    note(work, "reassigned", unit=unit.name, document_no=number)
    return work.matter


def _name(work: Work, assignment: Assignment) -> str:
    unit: Unit = work.session.get(Unit, assignment.unit_id)
    return unit.short_name
