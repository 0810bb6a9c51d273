"""What a person's desk shows beside the work that waits: what was done lately, by whom, and who drew a matter up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select, true

from app.kernel.actor import Actor
from app.kernel.events import Event
from app.matters.models import Matter
from app.matters.queries.visible import may_see, of_office
from app.matters.rules import OFFICE_EVENTS, PART_EVENTS
from app.organisation.models import Membership, Person


def list_activity(session: Any, actor: Actor, limit: int = 6) -> list[tuple[Event, Matter]]:
    """The latest acts on matters the person sees."""
    rows = session.execute(
        select(Event, Matter)
        .join(Matter, Matter.id == Event.subject_id)
        .where(
            Event.subject_type == "matter",
            Event.kind.like("matter.%"),
            may_see(actor),
            true() if of_office(actor) else Event.kind.not_in(OFFICE_EVENTS | PART_EVENTS),
        )
        .order_by(Event.seq.desc())
        .limit(limit)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _acted_on(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The last act of the person on each matter the person still sees."""
    last = (
        select(Event.subject_id.label("matter_id"), func.max(Event.seq).label("seq"))
        .where(Event.subject_type == "matter", Event.kind.like("matter.%"), Event.actor_id == actor.person_id)
        .group_by(Event.subject_id)
        .subquery("last")
    )
    return (
        select(Event, Matter)
        .join(last, last.c.seq == Event.seq)
        .join(Matter, Matter.id == last.c.matter_id)
        .where(may_see(actor))
    )


def list_acted_on(session: Any, actor: Actor, *, page: int = 1, page_size: int = 25) -> list[tuple[Event, Matter]]:
    """The matters the person has done something to, with the last thing done, the latest first; pages count from 1."""
    latest = _acted_on(actor).order_by(Event.seq.desc()).limit(page_size).offset((max(1, page) - 1) * page_size)
    return [(row[0], row[1]) for row in session.execute(latest).all()]


def count_acted_on(session: Any, actor: Actor) -> int:
    """How many matters ``list_acted_on`` pages through."""
    return int(session.scalar(_acted_on(actor).with_only_columns(func.count(Matter.id))) or 0)


def member_names(session: Any, membership_ids: Iterable[int | None]) -> dict[int, str]:
    """The names behind memberships, in one statement."""
    wanted = {one for one in membership_ids if one is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id.in_(wanted))
    ).all()
    return {row[0]: row[1] for row in rows}


def find_similar(session: Any, actor: Actor, title: str, *, not_id: int | None = None, limit: int = 3) -> list[Matter]:
    """Visible matters whose title is the same or holds the other: perhaps the same thing drawn up twice."""
    words = title.strip()
    if len(words) < 4:
        return []
    statement = select(Matter).where(
        may_see(actor),
        Matter.state != "cancelled",
        Matter.title.contains(words, autoescape=True),
    )
    if not_id is not None:
        statement = statement.where(Matter.id != not_id)
    return list(session.scalars(statement.order_by(Matter.created_at.desc()).limit(limit)))
