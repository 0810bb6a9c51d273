"""Urging 催办: a person asks units to move, and it is written down (华容区 art. 8(2), 9(5); 淮安市 art. 4(3))."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.deadlines.rules import local_day
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import CHANNELS, INBOX, write_letter
from app.matters import queries as matter_queries
from app.matters.models import Assignment, Matter
from app.matters.queries.visible import SENSITIVE
from app.matters.rules import REASONS, Act, decide
from app.organisation.queries import list_deputies, list_members_with_role
from app.urging.models import Urging
from app.urging.queries import list_assignments_for_urging, list_urged_today
from app.urging.rules import (
    LONGEST_MESSAGE,
    READERS_OF_URGING,
    SYSTEM,
    URGED_STATES,
    URGING_CHANNELS,
    URGING_KINDS,
)


@command
def urge(
    session: Any,
    actor: Actor,
    matter_id: int,
    assignment_ids: Sequence[int],
    channel: str,
    message: str,
    kind: str,
    *,
    at: dt.datetime,
) -> list[Urging]:
    """Urge units about one matter, for their ``receipt`` or for ``feedback``; returns one row per unit.

    Through the system (``system``) the units' liaisons get a letter in the inbox and by mail, once a day for each unit's
    part in the matter; an urging by ``phone`` or on ``paper`` was made outside and is only logged, as often as it was
    made, with a letter in the inbox so that the unit sees the same record. All units are urged or none.

    Refused: what the procedure does not allow now (the same answer that draws the button), a unit that has reported,
    declined or (for receipt) signed already, a second letter on the same local day, a unit with nobody to read it.
    Raises NotFound when the actor may not see the matter, Invalid for words that are missing or unknown.
    """
    matter = matter_queries.get_matter(session, actor, matter_id)
    verdict = decide(matter_queries.case_of(session, actor, matter, today=local_day(at)), Act.URGE)
    if verdict.reason is not None:
        raise Refused(verdict.reason, REASONS[verdict.reason])
    _check_words(channel, message, kind)
    assignments = list_assignments_for_urging(session, matter.id, assignment_ids)
    if not assignments:
        raise Invalid("no_unit_chosen", N_("Choose at least one unit to urge."))
    if len(assignments) != len(set(assignment_ids)):
        raise Invalid("foreign_unit", N_("One of the units does not handle this matter. Read the page again."))
    urged_today = list_urged_today(session, assignments, local_day(at)) if channel == SYSTEM else set()
    urgings = []
    for assignment in assignments:
        _check_unit(assignment, kind, assignment.id in urged_today)
        urging = Urging(
            matter_id=matter.id,
            assignment_id=assignment.id,
            kind=kind,
            channel=channel,
            message=message.strip(),
            urged_at=at,
            urged_by=actor.membership_id,
        )
        session.add(urging)
        session.flush()
        _tell(session, actor, matter, assignment, urging)
        urgings.append(urging)
    record(
        session,
        actor,
        "matter.urged",
        "matter",
        matter.id,
        at,
        units=[assignment.unit.name for assignment in assignments],
        assignment_ids=[assignment.id for assignment in assignments],
        channel=channel,
        asked=kind,
        message=message.strip(),
    )
    return urgings


def _check_words(channel: str, message: str, kind: str) -> None:
    faults = {}
    if channel not in URGING_CHANNELS:
        faults["channel"] = N_("Choose how to urge.")
    if kind not in URGING_KINDS:
        faults["kind"] = N_("Choose what to urge for.")
    if not message.strip():
        faults["message"] = N_("Write what the unit is to do.")
    if faults:
        raise Invalid("urging_incomplete", next(iter(faults.values())), faults)
    if len(message) > LONGEST_MESSAGE:
        raise Invalid(
            "message_too_long", N_("The message is longer than %(most)s characters. Shorten it."), most=LONGEST_MESSAGE
        )


def _check_unit(assignment: Assignment, kind: str, already_urged: bool) -> None:
    unit = assignment.unit.name
    if assignment.state not in URGED_STATES:
        raise Refused(
            "nothing_to_urge", N_("%(unit)s has reported or is done with its part. Urge the others."), unit=unit
        )
    if kind == "receipt" and assignment.state != "notified":
        raise Refused(
            "receipt_signed", N_("%(unit)s has already signed for receipt. Urge it for feedback instead."), unit=unit
        )
    if already_urged:
        raise Refused(
            "urged_today",
            N_("%(unit)s was already urged today. Call by phone and log the call, or wait until tomorrow."),
            unit=unit,
        )


def _tell(session: Any, actor: Actor, matter: Matter, assignment: Assignment, urging: Urging) -> None:
    readers = {
        member.person_id
        for role in READERS_OF_URGING
        for member in list_members_with_role(session, role, unit_id=assignment.unit_id)
        if member.person.active
    }
    if not readers and urging.channel == SYSTEM:
        raise Refused(
            "nobody_to_urge",
            N_("%(unit)s has no liaison here yet. Call by phone and log the call."),
            unit=assignment.unit.name,
        )
    if matter.secrecy_level != SENSITIVE:
        readers |= {one.person_id for one in list_deputies(session, readers, local_day(urging.urged_at))}
    for person_id in sorted(readers):
        write_letter(
            session,
            recipient_id=person_id,
            kind="matter.urged",
            dedupe_key=f"urging:{urging.id}",
            subject_type="matter",
            subject_id=matter.id,
            facts={
                "title": matter.title,
                "register_no": matter.register_no,
                "sensitive": matter.secrecy_level == "sensitive",
                "by": actor.name,
                "asked": urging.kind,
                "message": urging.message,
            },
            at=urging.urged_at,
            channels=CHANNELS if urging.channel == SYSTEM else (INBOX,),
        )
