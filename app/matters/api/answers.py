"""What the API answers: plain values under the field's words, ISO dates, UTC instants."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.deadlines.queries import explanation
from app.deadlines.rules import LightReading
from app.matters.models import (
    STEP,
    Approval,
    Assignment,
    Conclusion,
    Delegation,
    Extension,
    Obligation,
    Report,
)
from app.matters.queries import CaseFile, LedgerRow


def row_answer(row: LedgerRow) -> dict[str, Any]:
    """One line of the ledger."""
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "register_no": row.register_no or None,
        "state": row.state,
        "urgency": row.urgency,
        "source": row.source,
        "lead_unit": row.unit or None,
        "co_units": row.co_count,
        "created_on": row.created_on.isoformat(),
        "due_on": _day(row.due_on),
        "provisional": row.provisional,
        "light": _light(row.reading),
        "return_count": row.return_count,
    }


def case_answer(file: CaseFile) -> dict[str, Any]:
    """One matter whole, with the acts open to whoever asks."""
    matter = file.matter
    main = file.main_obligation()
    return {
        "id": matter.id,
        "version": matter.version,
        "title": matter.title,
        "content": matter.content,
        "register_no": matter.register_no,
        "state": matter.state,
        "step": {"key": matter.step_key, "name": file.procedure.step(matter.step_key).name},
        "source": matter.source.short_name,
        "urgency": matter.urgency,
        "origin_level": matter.origin_level,
        "handling_mode": matter.handling_mode,
        "session": matter.session,
        "scope_key": matter.scope_key,
        "kind_key": matter.kind_key,
        "secrecy_level": matter.secrecy_level,
        "handling_proposal": matter.handling_proposal,
        "instruction_text": matter.instruction_text,
        "stated_due_on": _day(matter.stated_due_on),
        "instructed_due_on": _day(matter.instructed_due_on),
        "hurried": matter.hurried,
        "result": matter.result,
        "return_count": matter.return_count,
        "created_at": _instant(matter.created_at),
        "due_on": _day(main.due_on) if main else None,
        "light": _light(file.reading(main)) if main else None,
        "assignments": [_assignment(one) for one in file.assignments],
        "obligations": [_obligation(file, one) for one in file.obligations],
        "reports": [_report(one) for one in file.reports],
        "conclusions": [_conclusion(one) for one in file.conclusions],
        "delegations": [_delegation(one) for one in file.delegations],
        "documents": [
            {"id": one.id, "document_no": one.document_no, "title": one.title, "status": one.status}
            for one in file.documents
        ],
        "attachments": [
            {"id": one.id, "file_name": one.file_name, "kind": one.kind, "size": one.size, "sha256": one.sha256}
            for one in file.attachments
        ],
        "extensions": [_extension(one) for one in file.extensions],
        "questions": [_question(one) for one in file.approvals if one.purpose != STEP],
        "acts": [
            {
                "act": offer.act.value,
                "assignment_id": offer.assignment_id,
                "approval_id": offer.approval_id,
                "missing": list(offer.missing),
            }
            for offer in file.offers
        ],
    }


def _assignment(one: Assignment) -> dict[str, Any]:
    return {
        "id": one.id,
        "unit_id": one.unit_id,
        "unit": one.unit.name,
        "role": one.role,
        "state": one.state,
        "notified_at": _instant(one.notified_at),
        "acknowledged_at": _instant(one.acknowledged_at),
        "leader_in_charge": one.leader_in_charge,
        "decline_reason": one.decline_reason,
        "decline_proposed_at": _instant(one.decline_proposed_at),
    }


def _obligation(file: CaseFile, one: Obligation) -> dict[str, Any]:
    return {
        "id": one.id,
        "assignment_id": one.assignment_id,
        "stage": one.stage,
        "rule": one.rule,
        "amount": one.amount,
        "article": one.article,
        "start_event": one.start_event,
        "start_on": _day(one.start_on),
        "due_on": _day(one.due_on),
        "due_at": _instant(one.due_at),
        "original_due_on": _day(one.original_due_on),
        "extended_due_on": _day(one.extended_due_on),
        "extension_asked": one.extension_asked,
        "provisional": one.provisional,
        "state": one.state,
        "light": _light(file.reading(one)),
        "explanation": explanation(one.explanation),
    }


def _report(one: Report) -> dict[str, Any]:
    return {
        "id": one.id,
        "assignment_id": one.assignment_id,
        "kind": one.kind,
        "attempt": one.attempt,
        "text": one.text,
        "percent": one.percent,
        "document_no": one.document_no,
        "submitted_at": _instant(one.submitted_at),
        "review_state": one.review_state,
        "review_opinion": one.review_opinion,
    }


def _extension(one: Extension) -> dict[str, Any]:
    return {
        "id": one.id,
        "assignment_id": one.assignment_id,
        "obligation_id": one.obligation_id,
        "state": one.state,
        "reason": one.reason,
        "progress": one.progress,
        "base_due_on": _day(one.base_due_on),
        "proposed_due_on": _day(one.proposed_due_on),
        "granted_due_on": _day(one.granted_due_on),
        "asked_at": _instant(one.asked_at),
        "settled_at": _instant(one.settled_at),
        "article": one.article,
    }


def _question(one: Approval) -> dict[str, Any]:
    """A decision that is no step: what was asked for, who decides, and what they have said."""
    return {
        "id": one.id,
        "purpose": one.purpose,
        "state": one.state,
        "mode": one.mode,
        "roles": one.roles,
        "reason": one.reason,
        "facts": one.facts,
        "opened_at": _instant(one.opened_at),
        "decided_at": _instant(one.decided_at),
        "votes": [{"role": vote.role_key, "decision": vote.decision, "opinion": vote.opinion} for vote in one.votes],
    }


def _conclusion(one: Conclusion) -> dict[str, Any]:
    filed = one.objection
    return {
        "id": one.id,
        "assignment_id": one.assignment_id,
        "document_id": one.document_id,
        "state": one.state,
        "text": one.text,
        "rectification": one.rectification,
        "rectify_by": _day(one.rectify_by),
        "served_at": _instant(one.served_at),
        "received_at": _instant(one.received_at),
        "objection_until": _day(one.objection_until),
        "objection": {
            "reason": filed.reason,
            "filed_at": _instant(filed.filed_at),
            "decision": filed.decision,
            "decision_text": filed.decision_text,
            "decided_at": _instant(filed.decided_at),
            "document_id": filed.document_id,
        }
        if filed
        else None,
    }


def _delegation(one: Delegation) -> dict[str, Any]:
    return {
        "id": one.id,
        "unit_id": one.unit_id,
        "scope": one.scope,
        "duty": one.duty,
        "from_on": _day(one.from_on),
        "until_on": _day(one.until_on),
        "document_no": one.document_no,
        "ended_at": _instant(one.ended_at),
    }


def _light(reading: LightReading | None) -> str | None:
    return reading.light.value if reading is not None else None


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
