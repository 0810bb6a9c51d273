"""Who would carry a matter, and which units it looks like the business of: asked by the form and by the act alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.jurisdictions.rules import Profile
from app.matters.models import MatterSource
from app.matters.rules.routing import Carrier, LeaderFacts, PortfolioFacts, carrier, fit, lines_of
from app.organisation.models import Membership, Post, Unit

MOST_SUGGESTED = 3


@dataclass(frozen=True)
class Suggestion:
    """A unit whose functional line the matter speaks of."""

    unit_id: int
    name: str
    line: str


def find_carrier(
    session: Any, profile: Profile, *, leader_id: int | None, lead_unit_id: int | None, drawer_id: int | None
) -> Carrier | None:
    """The unit that carries a matter under the profile; None where matters are not routed by leaders."""
    if profile.routing.strategy != "leader_portfolio":
        return None
    lead: Unit | None = session.get(Unit, lead_unit_id) if lead_unit_id is not None else None
    return carrier(
        leader=_leader(session, leader_id, profile),
        principal_roles=profile.routing.principal_roles,
        portfolios=_portfolios(session) if profile.groups.enabled else [],
        line=lead.functional_line if lead is not None else None,
        office_id=_office(session, profile.bodies.operating),
        drawer_id=drawer_id,
    )


def _leader(session: Any, leader_id: int | None, profile: Profile) -> LeaderFacts | None:
    leader = session.get(Membership, leader_id) if leader_id is not None else None
    if leader is None:
        return None
    roles, having = frozenset(role.key for role in leader.roles), set(profile.groups.portfolio_roles)
    has_group = profile.groups.enabled and leader.post is not None and (not having or bool(having & roles))
    return LeaderFacts(roles, leader.post.supervising_unit_id if has_group else None)


def _portfolios(session: Any) -> list[PortfolioFacts]:
    posts = session.scalars(
        select(Post)
        .where(Post.active.is_(True), Post.supervising_unit_id.is_not(None), Post.portfolio.is_not(None))
        .order_by(Post.position, Post.id)
    )
    return [PortfolioFacts(frozenset(lines_of(post.portfolio)), post.supervising_unit_id) for post in posts]


def _office(session: Any, operating_body: str) -> int | None:
    """The operating body's unit: the one of its name, else the first supervision office."""
    units = session.execute(
        select(Unit.id, Unit.name, Unit.kind)
        .where(or_(Unit.kind == "supervision_office", Unit.name == operating_body), Unit.active.is_(True))
        .order_by((Unit.name == operating_body).desc(), Unit.position, Unit.id)
    ).all()
    return units[0].id if units else None


def suggest_leads(session: Any, source: MatterSource | None, words: str) -> list[Suggestion]:
    """The units whose functional line occurs in a matter's words or its source, the best fitting first; at most three."""
    told = f"{words} {source.name if source is not None else ''}"
    units = session.scalars(
        select(Unit).where(Unit.active.is_(True), Unit.functional_line.is_not(None)).order_by(Unit.position, Unit.id)
    )
    fitting = [(fit(unit.functional_line, told), unit) for unit in units]
    best = sorted((one for one in fitting if one[0]), key=lambda one: -one[0])[:MOST_SUGGESTED]
    return [Suggestion(unit.id, unit.name, unit.functional_line or "") for _fit, unit in best]
