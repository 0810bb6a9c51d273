"""Decisions that are no step of the procedure: what was asked for by somebody's act, and what the votes come to."""

from __future__ import annotations

from dataclasses import dataclass

from app.jurisdictions.rules.procedure import Approval, ApprovalMode
from app.matters.rules.deciding import Decider, deciding_roles, turn


@dataclass(frozen=True)
class AskedFacts:
    """One open question: what it is about, who decides it and how, and which roles have agreed so far."""

    id: int
    purpose: str
    approval: Approval
    approved_by: frozenset[str] = frozenset()


def carried(approval: Approval, approved_by: frozenset[str]) -> bool:
    """Whether these approvals are enough: one of the roles, or all of them, in order or not."""
    if approval.mode is ApprovalMode.ANY_OF:
        return bool(approved_by & set(approval.roles))
    return set(approval.roles) <= approved_by


def why_not_decide(asked: AskedFacts, who: Decider) -> str | None:
    """Why this person may not decide the question now, as the code of a sentence; None when it is his turn."""
    if not deciding_roles(asked.approval, who):
        return "not_your_step"
    return None if turn(asked.approval, asked.approved_by, who) else "already_decided"
