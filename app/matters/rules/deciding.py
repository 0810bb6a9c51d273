"""In which role a person may decide now: his own, or that of somebody absent whose deputy (AB角) he is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.jurisdictions.rules.procedure import Approval, ApprovalMode


class Absent(Protocol):
    """Somebody absent, as his deputy decides for him."""

    @property
    def membership_id(self) -> int:
        """Whose turn it would be."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def unit_id(self) -> int | None:
        """The unit he belongs to."""

    @property
    def roles(self) -> frozenset[str]:
        """His roles."""


class Decider(Protocol):
    """Whoever decides."""

    @property
    def unit_id(self) -> int | None:
        """The unit he belongs to."""

    @property
    def roles(self) -> frozenset[str]:
        """His own roles."""

    @property
    def stands_in_for(self) -> Sequence[Absent]:
        """The absent for whom he decides."""


@dataclass(frozen=True)
class Turn:
    """The role in which it is a person's turn, and for whom when the person is a deputy."""

    role: str
    for_whom: Absent | None = None


def open_roles(approval: Approval, approved_by: frozenset[str]) -> tuple[str, ...]:
    """The roles that may decide now: all that have not, or the next one of a sequence."""
    still = tuple(role for role in approval.roles if role not in approved_by)
    return still[:1] if approval.mode is ApprovalMode.SEQUENCE else still


def deciding_roles(approval: Approval, who: Decider, unit_id: int | None = None) -> frozenset[str]:
    """The roles of an approval in which a person may ever decide, himself or as a deputy; of one unit when asked."""
    held = who.roles if unit_id in (None, who.unit_id) else frozenset()
    for absent in who.stands_in_for if approval.deputies else ():
        if unit_id in (None, absent.unit_id):
            held |= absent.roles
    return held & set(approval.roles)


def turn(approval: Approval, approved_by: frozenset[str], who: Decider, unit_id: int | None = None) -> Turn | None:
    """The role in which the person may decide now; None when it is not his turn.

    A role decides once in a round, so nobody decides in it a second time as somebody's deputy. One's own role comes first.
    """
    for role in open_roles(approval, approved_by):
        if role in who.roles and unit_id in (None, who.unit_id):
            return Turn(role)
    for role in open_roles(approval, approved_by) if approval.deputies else ():
        for absent in who.stands_in_for:
            if role in absent.roles and unit_id in (None, absent.unit_id):
                return Turn(role, absent)
    return None
