"""Open work that hangs on a person: what a successor takes over, and whose work is left behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.matters.models import Matter
from app.matters.queries.visible import SENSITIVE
from app.matters.rules import MatterState
from app.organisation.models import JurisdictionRole, Membership, Post, RoleRight, membership_role
from app.organisation.queries import list_absences

TIES = ("registered_by", "custodian_id", "instruction_leader_id")
_OVER = (MatterState.ARCHIVED, MatterState.CANCELLED)


@dataclass(frozen=True)
class OpenWork:
    """How much hangs on one person. ``drafts`` are among those ``registered``; ``staying`` are sensitive matters that this
    successor may not see and so does not get."""

    registered: int = 0
    drafts: int = 0
    custody: int = 0
    instructions: int = 0
    deputyships: int = 0
    staying: int = 0

    @property
    def moves(self) -> int:
        """Everything that goes over."""
        return self.registered + self.custody + self.instructions + self.deputyships


def hangs_on(membership_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that an open matter hangs on a membership."""
    return and_(Matter.state.not_in(_OVER), or_(*(getattr(Matter, tie) == membership_id for tie in TIES)))


def may_take(session: Any, successor: Membership | None) -> bool:
    """Whether somebody's role lets him see sensitive matters: only then do they go over to him."""
    if successor is None:
        return True
    held = (
        select(RoleRight.id)
        .join(membership_role, membership_role.c.role_id == RoleRight.role_id)
        .where(membership_role.c.membership_id == successor.id, RoleRight.right == "matter:read_restricted")
    )
    return session.scalar(held.limit(1)) is not None


def goes_over(membership_id: int, with_sensitive: bool) -> ColumnElement[bool]:
    """The condition that an open matter goes over from a membership to its successor."""
    return (
        hangs_on(membership_id) if with_sensitive else and_(hangs_on(membership_id), Matter.secrecy_level != SENSITIVE)
    )


def open_work(session: Any, membership_id: int, successor: Membership | None, today: dt.date) -> OpenWork:
    """What would go over to a successor, counted; without one, everything there is."""
    over = goes_over(membership_id, may_take(session, successor))
    counts = {tie: func.count(Matter.id).filter(over, getattr(Matter, tie) == membership_id).label(tie) for tie in TIES}
    drafts = func.count(Matter.id).filter(over, Matter.registered_by == membership_id, Matter.state == "draft")
    row = session.execute(
        select(*counts.values(), drafts.label("drafts"), func.count(Matter.id).label("all")).where(
            hangs_on(membership_id)
        )
    ).one()
    moving = session.scalar(select(func.count(Matter.id)).where(over))
    deputyships = [
        one
        for one in list_absences(session, today, deputy=membership_id)
        if successor is None or one.membership_id != successor.id
    ]
    return OpenWork(
        registered=row.registered_by,
        drafts=row.drafts,
        custody=row.custodian_id,
        instructions=row.instruction_leader_id,
        deputyships=len(deputyships),
        staying=row.all - moving,
    )


def list_left_behind(session: Any) -> list[tuple[Membership, int]]:
    """Those who have left, or left a post, with open matters that nobody has taken over, and how many."""
    count = select(func.count(Matter.id)).where(hangs_on(Membership.id)).correlate(Membership).scalar_subquery()
    rows = session.execute(
        select(Membership, count)
        .where(or_(Membership.active.is_(False), Membership.former_post_id.is_not(None)), count > 0)
        .order_by(Membership.id)
    )
    return [(row[0], row[1]) for row in rows]


def list_successors(session: Any, membership: Membership) -> list[Membership]:
    """Who could take over: holders of the same post first, then the same unit's people with one of the same roles."""
    post_id = membership.former_post_id or membership.post_id
    post: Post | None = session.get(Post, post_id) if post_id is not None else None
    unit_id = post.unit_id if post is not None else membership.unit_id
    shared = (
        select(membership_role.c.membership_id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(membership_role.c.role_id.in_([role.id for role in membership.roles]))
    )
    found = session.scalars(
        select(Membership)
        .where(Membership.active.is_(True), Membership.id != membership.id)
        .order_by(
            (Membership.post_id == post_id).desc().nulls_last() if post_id is not None else Membership.id,
            (Membership.unit_id == unit_id).desc(),
            Membership.id.in_(shared).desc(),
            Membership.id,
        )
    )
    return [one for one in found if one.person.active]
