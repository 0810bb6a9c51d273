"""Invitations: those a jurisdiction has made, and those a person has been sent by whichever jurisdiction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.jurisdictions.models import Jurisdiction
from app.organisation.models import Invitation


@dataclass(frozen=True)
class Invited:
    """What a jurisdiction offers a person: the words were written when it was made."""

    id: int
    jurisdiction: str
    unit: str
    roles: tuple[str, ...]
    by: str
    at: dt.datetime


def list_open_invitations(session: Any) -> list[Invitation]:
    """The open invitations of the jurisdiction in scope, the newest first."""
    return list(
        session.scalars(select(Invitation).where(Invitation.state == "open").order_by(Invitation.invited_at.desc()))
    )


def _own(person_id: int) -> Any:
    """One's own invitations across the walls, as ``list_standings`` reads one's own memberships; row-level security lets
    no other through."""
    invitation = Invitation.__table__
    return (
        select(invitation.c.id, invitation.c.facts, invitation.c.invited_at, Jurisdiction.id.label("place"))
        .add_columns(Jurisdiction.name, Jurisdiction.slug)
        .join(invitation, invitation.c.jurisdiction_id == Jurisdiction.id)
        .where(invitation.c.person_id == person_id, Jurisdiction.status == "active")
        .execution_options(own_memberships=True)
    )


def list_invited(session: Any, person_id: int) -> list[Invited]:
    """What a person has been offered and has not answered."""
    invitation = Invitation.__table__
    rows = session.execute(_own(person_id).where(invitation.c.state == "open").order_by(invitation.c.id))
    return [
        Invited(row.id, row.name, row.facts["unit"], tuple(row.facts["roles"]), row.facts["by"], row.invited_at)
        for row in rows
    ]


def find_invitation_place(session: Any, person_id: int, invitation_id: int) -> tuple[int, str] | None:
    """The jurisdiction that sent a person this invitation, answered or not; None for anybody else's."""
    row = session.execute(_own(person_id).where(Invitation.__table__.c.id == invitation_id)).first()
    return (row.place, row.slug) if row is not None else None
