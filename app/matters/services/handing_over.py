"""Handing over 交接: what hangs on a person goes over to whoever takes the post, so that no open work is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import write_letter
from app.matters.models import Matter
from app.matters.queries.personal import TIES, OpenWork, goes_over, may_take, open_work
from app.matters.rules import REASONS
from app.organisation.models import Membership
from app.organisation.queries import list_absences
from app.organisation.services import may_pass_on


@command
def hand_over(session: Any, actor: Actor, from_id: int, to_id: int, *, today: dt.date, at: dt.datetime) -> OpenWork:
    """Give somebody's open matters to a successor: those he drew up, keeps, or gave the instruction for; and the absences in
    which he is deputy. What was done keeps its name.

    Everybody hands over his own, the administrator (``membership:write``) for anyone, but never to himself (Refused). A
    sensitive matter goes only to somebody whose role may see such: nobody comes to see more by a hand-over. An absence goes
    over only where whoever hands over could name the deputy himself: nobody comes to decide more by it either; the others
    stay. Refuses (Conflict) when nothing goes over.
    """
    former, successor = _member(session, from_id), _member(session, to_id)
    _may(actor, former, successor)
    if former.id == successor.id or not successor.active or not successor.person.active:
        said = N_("Choose somebody else who belongs here and can sign in.")
        raise Invalid("successor_refused", said, {"successor": said})
    absences = [
        one
        for one in list_absences(session, today, deputy=former.id)
        if may_pass_on(session, actor, one.membership, successor)
    ]
    done = replace(open_work(session, former.id, successor, today), deputyships=len(absences))
    if not done.moves:
        raise Conflict("nothing_to_hand_over", N_("Nothing goes over to this person."))
    names = {"former": former.person.get_full_name(), "successor": successor.person.get_full_name()}
    _matters(session, actor, former, successor, names, at)
    for absence in absences:
        absence.deputy_id = successor.id
    former.former_post_id = None
    session.flush()
    counts = {name: number for name, number in asdict(done).items() if number}
    record(session, actor, "membership.handed_over", "membership", former.id, at, **names, **counts)
    for person_id in {former.person_id, successor.person_id} - {actor.person_id}:
        write_letter(
            session,
            recipient_id=person_id,
            kind="membership.handed_over",
            dedupe_key=f"membership.handed_over:{former.id}:{successor.id}:{at.isoformat()}",
            subject_type="membership",
            subject_id=former.id,
            facts={"title": names["former"], "by": actor.name, **names, "matters": done.moves},
            at=at,
        )
    return done


def _member(session: Any, membership_id: int) -> Membership:
    found = session.get(Membership, membership_id) if 0 < membership_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found


def _may(actor: Actor, former: Membership, successor: Membership) -> None:
    if actor.is_system or former.id == actor.membership_id:
        return
    if not actor.may("membership:write"):
        raise Refused("right_missing", REASONS["right_missing"])
    if successor.id == actor.membership_id:
        raise Refused(
            "own_roles", N_("You cannot take somebody's work over yourself. Let him, or another administrator, do it.")
        )


def _matters(
    session: Any, actor: Actor, former: Membership, successor: Membership, names: dict[str, str], at: dt.datetime
) -> None:
    """Every open matter, row by row: each has its version, and its own record says who carries it on."""
    over = goes_over(former.id, may_take(session, successor))
    for matter in session.scalars(select(Matter).where(over).order_by(Matter.id).with_for_update()):
        if matter.instruction_leader_id == former.id and matter.instruction_by is None:
            matter.instruction_by = names["former"][:60]
        if matter.registered_by == former.id and matter.drawn_up_by is None:
            matter.drawn_up_by = names["former"][:60]
        tied = [tie for tie in TIES if getattr(matter, tie) == former.id]
        for tie in tied:
            setattr(matter, tie, successor.id)
        matter.changed_at = at
        record(session, actor, "matter.handed_over", "matter", matter.id, at, **names, ties=tied)
    session.flush()
