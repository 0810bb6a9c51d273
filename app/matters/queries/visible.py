"""Which matters a person sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true

from app.documents.models import Document
from app.documents.queries import get_document
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.matters.models import Approval, Assignment, Delegation, Matter
from app.matters.rules import AssignmentState

SENSITIVE = "sensitive"


def visible_to(actor: Actor, today: dt.date | None = None) -> Select[tuple[Matter]]:
    """The matters a person may know of, as a statement to narrow further.

    The office and the leaders see all (``matter:read_all``), a unit those it has been given (``matter:read_unit``), from
    the notice on and not before, and those it supervises by delegation, while that holds (on ``today``, the local day when
    none is given). A sensitive matter is for those who may see such, its custodian, the leader whose
    instruction it is, the group that carries it, and the units that handle it (淮安市 art. 8). A deputy sees what waits for
    a decision as those who decide do; the sight of sensitive matters is never lent to him.
    """
    return select(Matter).where(may_see(actor, today))


def may_see(actor: Actor, today: dt.date | None = None) -> ColumnElement[bool]:
    """The condition behind ``visible_to``."""
    if actor.is_system:
        return true()
    own_unit = (
        exists()
        .where(
            Assignment.matter_id == Matter.id,
            Assignment.unit_id == actor.unit_id,
            Assignment.state != AssignmentState.PLANNED,
        )
        .correlate(Matter)  # a statement that joins the parts itself asks about another row of them here
    )
    ways: list[ColumnElement[bool]] = []
    if actor.may("matter:read_all"):
        ways.append(true() if actor.may("matter:read_restricted") else _open_to(actor, own_unit))
    if actor.may("matter:read_unit"):
        ways += [own_unit, delegated_to(actor, today)]
    if actor.may("matter:approve") and not actor.may("matter:read_all"):
        asked = exists().where(Approval.matter_id == Matter.id, Approval.state == "pending").correlate(Matter)
        ways.append(and_(asked, _open_to(actor, own_unit)))
    return or_(*ways) if ways else false()


def delegated_to(actor: Actor, today: dt.date | None = None) -> ColumnElement[bool]:
    """Whether the person's unit supervises the matter by delegation on that day (政府督查工作条例 art. 7)."""
    day = today or clock.today()
    return (
        exists()
        .where(
            Delegation.matter_id == Matter.id,
            Delegation.unit_id == actor.unit_id,
            Delegation.ended_at.is_(None),
            Delegation.from_on <= day,
            Delegation.until_on >= day,
        )
        .correlate(Matter)
    )


def is_delegated(session: Any, actor: Actor, matter_id: int, today: dt.date | None = None) -> bool:
    """As ``delegated_to``, of one matter."""
    statement = select(Matter.id).where(Matter.id == matter_id, delegated_to(actor, today))
    return actor.may("matter:read_unit") and session.scalar(statement) is not None


def of_office(actor: Actor) -> bool:
    """Whether the person belongs to those who weigh a matter before it goes out, and may read what was weighed."""
    return actor.may("matter:read_all") or actor.may("matter:approve")


def _open_to(actor: Actor, own_unit: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = or_(
        Matter.custodian_id == actor.membership_id,
        Matter.instruction_leader_id == actor.membership_id,
        Matter.registered_by == actor.membership_id,
        Matter.supervising_unit_id == actor.unit_id,
    )
    return or_(Matter.secrecy_level != SENSITIVE, mine, own_unit)


def find_matter(session: Any, actor: Actor, matter_id: int, today: dt.date | None = None) -> Matter | None:
    """A matter the person may know of, or None."""
    found: Matter | None = session.scalars(visible_to(actor, today).where(Matter.id == matter_id)).first()
    return found


def get_matter(session: Any, actor: Actor, matter_id: int, today: dt.date | None = None) -> Matter:
    """A matter the person may know of; NotFound for every other id, of whomever."""
    found = find_matter(session, actor, matter_id, today) if 0 < matter_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def get_issued(session: Any, actor: Actor, document_id: int) -> Document:
    """An issued document the person may read: the office and its leaders every one, a unit the one written to it.

    A letter to a unit that is about no matter is read by the same people.
    """
    issued = get_document(session, document_id)
    of_the_office = actor.may("matter:read_all") or actor.may("matter:approve")
    if issued.matter_id is not None:
        get_matter(session, actor, issued.matter_id)
    elif not of_the_office and not actor.may("matter:read_unit"):
        raise NotFound()
    if of_the_office or issued.unit_id in (None, actor.unit_id):
        return issued
    if issued.matter_id is None or not is_delegated(session, actor, issued.matter_id):
        raise NotFound()
    return issued
