"""The sweep as one writes it first: a loop over the open clocks through the object mapper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from app.deadlines.rules import local_day
from app.kernel.outbox import EMAIL, INBOX, Letter
from app.kernel.tenancy import scope
from app.matters.models import Assignment, Matter, Obligation
from app.organisation.models import JurisdictionRole, Membership, membership_role
from app.platform.bench.sweep.days import Said, present
from app.urging.rules import QUIET_ASSIGNMENT_STATES, QUIET_MATTER_STATES


def loop_over(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
    """Write one jurisdiction's letters of a day that nobody has spoken of, row by row; how many clocks were looked at.

    Sound where nothing else runs: every row is read and written by the mapper, one commit at the end.
    """
    today, looked_at = local_day(at), 0
    with scope(jurisdiction_id, session):
        for clock in session.scalars(select(Obligation).where(Obligation.state == "open").order_by(Obligation.id)):
            looked_at += 1
            matter, part = session.get(Matter, clock.matter_id), session.get(Assignment, clock.assignment_id)
            if matter.state in QUIET_MATTER_STATES or part.state in QUIET_ASSIGNMENT_STATES:
                continue
            said = present(clock.due_on, today)
            if said is not None:
                _write(session, clock, matter, part, said, at)
        session.commit()
    return looked_at


def _write(session: Any, clock: Obligation, matter: Matter, part: Assignment, said: Said, at: dt.datetime) -> None:
    readers = list(session.scalars(_members(part.unit_id, said.step.unit_roles)))
    if said.step.office_roles:
        readers += session.scalars(_members(None, said.step.office_roles))
    if said.step.carrier or not readers:
        readers.append(session.get(Membership, matter.registered_by))
    key = f"obligation:{clock.id}:{said.occasion}:{clock.due_on}"
    for reader in readers:
        for channel in (INBOX, EMAIL):
            known = select(Letter.id).where(
                Letter.dedupe_key == key, Letter.recipient_id == reader.person_id, Letter.channel == channel
            )
            if session.scalars(known).first() is None:
                session.add(_letter(clock, matter, said, key, reader.person_id, channel, at))


def _members(unit_id: int | None, role_keys: tuple[str, ...]) -> Any:
    members = (
        select(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(Membership.active, JurisdictionRole.key.in_(role_keys))
        .order_by(Membership.id)
    )
    return members if unit_id is None else members.where(Membership.unit_id == unit_id)


def _letter(
    clock: Obligation, matter: Matter, said: Said, key: str, reader: int, channel: str, at: dt.datetime
) -> Letter:
    return Letter(
        recipient_id=reader,
        channel=channel,
        kind=said.kind,
        dedupe_key=key,
        subject_type="matter",
        subject_id=matter.id,
        facts={
            "title": matter.title,
            "register_no": matter.register_no,
            "stage": clock.stage,
            "due_on": clock.due_on.isoformat(),
            "article": clock.article,
            "step": said.step.name,
            "sensitive": matter.secrecy_level == "sensitive",
        },
        state="sent" if channel == INBOX else "queued",
        next_attempt_at=None if channel == INBOX else at,
        created_at=at,
        sent_at=at if channel == INBOX else None,
    )
