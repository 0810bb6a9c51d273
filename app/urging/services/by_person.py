"""Urging 催办: a person asks units to move, and it is written down (华容区 art. 8(2), 9(5); 淮安市 art. 4(3))."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app.deadlines.rules import local_day
from app.documents.services import refuse_secret_text
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import INBOX, USUAL, write_letter
from app.matters import queries as matter_queries
from app.matters.queries.visible import SENSITIVE
from app.matters.rules import REASONS, Act, decide
from app.urging.models import Urging
from app.urging.queries import list_assignments_for_urging
from app.urging.queries.planning import Asked, Planned, find_parts, lock_parts, plan_urging, was_sent
from app.urging.rules import LONGEST_MESSAGE, MOST_TOGETHER, SYSTEM, URGING_CHANNELS, URGING_KINDS


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

    Through the system (``system``) the units' liaisons get a letter, as often as the rules in force allow
    (``rules.Limits``); an urging by ``phone`` or on ``paper`` was made outside and is only logged, as often as it was
    made, with a letter in the inbox so that the unit sees the same record. All units are urged or none.

    Refused: what the procedure does not allow now (the same answer that draws the button), a unit that has reported,
    declined or (for receipt) signed already, one urged too lately or often enough today, a unit with nobody to read it.
    Raises NotFound when the actor may not see the matter, Invalid for words that are missing or unknown.
    """
    matter = matter_queries.get_matter(session, actor, matter_id)
    verdict = decide(matter_queries.case_of(session, actor, matter, today=local_day(at)), Act.URGE)
    if verdict.reason is not None:
        raise Refused(verdict.reason, REASONS[verdict.reason])
    _check_words(channel, message, kind)
    parts = list_assignments_for_urging(session, matter.id, assignment_ids)
    if not parts:
        raise Invalid("no_unit_chosen", N_("Choose at least one unit to urge."))
    if len(parts) != len(set(assignment_ids)):
        raise Invalid("foreign_unit", N_("One of the units does not handle this matter. Read the page again."))
    parts = lock_parts(session, actor, assignment_ids, local_day(at))
    asked = Asked(kind, channel, message, at)
    return _send(session, actor, plan_urging(session, actor, [matter], parts, asked), asked)


@command
def urge_together(
    session: Any,
    actor: Actor,
    assignment_ids: Sequence[int],
    channel: str,
    message: str,
    kind: str,
    *,
    batch: str,
    wanted: Sequence[str] = (),
    at: dt.datetime,
) -> list[Urging]:
    """Urge units about many matters at once 一键催办, in one act; returns one row per unit's part.

    As ``urge``, with ``batch`` as the mark of all of them: a mark that was sent already is refused (a second click). The
    ``wanted`` ways out of the system are taken beside each reader's own. If one of the units may not be urged any more,
    none is: what was previewed is what is sent. Raises NotFound for a part of a matter the actor does not see.
    """
    _check_words(channel, message, kind)
    ids = set(assignment_ids)
    if not ids:
        raise Invalid("no_unit_chosen", N_("Choose at least one unit to urge."))
    if len(ids) > MOST_TOGETHER:
        raise too_many()
    today = local_day(at)
    if len(lock_parts(session, actor, ids, today)) != len(ids):
        raise NotFound()
    if was_sent(session, batch):
        raise Conflict("already_sent", N_("These urgings have been sent already."))
    matters, parts = find_parts(session, actor, (), ids, today)
    asked = Asked(kind, channel, message, at)
    return _send(session, actor, plan_urging(session, actor, matters, parts, asked), asked, batch, tuple(wanted))


def _send(
    session: Any,
    actor: Actor,
    lines: Sequence[Planned],
    asked: Asked,
    batch: str | None = None,
    wanted: tuple[str, ...] = (),
) -> list[Urging]:
    """Write down every urging of a plan and its letters, or refuse with the first reason why one may not be."""
    for line in lines:
        if line.refusal is not None:
            raise Refused(line.refusal.code, line.refusal.msgid, **line.refusal.params)
        if len(line.message) > LONGEST_MESSAGE:
            raise _too_long()
        refuse_secret_text(line.message)
    urgings = []
    by_matter: dict[int, list[Planned]] = defaultdict(list)
    for line in lines:
        assert line.part is not None
        urging = Urging(
            matter_id=line.matter.id,
            assignment_id=line.part.id,
            kind=asked.kind,
            channel=asked.channel,
            message=line.message,
            urged_at=asked.at,
            urged_by=actor.membership_id,
            batch=batch,
        )
        session.add(urging)
        session.flush()
        _tell(session, actor, line, urging, wanted)
        by_matter[line.matter.id].append(line)
        urgings.append(urging)
    for matter_id, told in by_matter.items():
        parts = [line.part for line in told if line.part is not None]
        record(
            session,
            actor,
            "matter.urged",
            "matter",
            matter_id,
            asked.at,
            units=[part.unit.name for part in parts],
            assignment_ids=[part.id for part in parts],
            channel=asked.channel,
            asked=asked.kind,
            message="\n".join(dict.fromkeys(line.message for line in told)),
            **({"batch": batch} if batch is not None else {}),
        )
    return urgings


def ways_wanted(channel: str, wanted: Sequence[str]) -> tuple[str, ...] | None:
    """By which ways an urging's letters go (``kernel.outbox``): made outside the system they only stand in the inbox."""
    if channel != SYSTEM:
        return (INBOX,)
    return (USUAL, *wanted) if wanted else None


def too_many() -> Invalid:
    """More units' parts than one act takes."""
    sentence = N_("At most %(most)s units are urged at once. Choose fewer.")
    return Invalid("too_many_at_once", sentence, most=MOST_TOGETHER)


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
        raise _too_long()


def _too_long() -> Invalid:
    sentence = N_("The message is longer than %(most)s characters. Shorten it.")
    return Invalid("message_too_long", sentence, {"message": N_("This is too long.")}, most=LONGEST_MESSAGE)


def _tell(session: Any, actor: Actor, line: Planned, urging: Urging, wanted: tuple[str, ...]) -> None:
    """The letters of one urging: to every reader, and only into the inbox where it was made outside the system."""
    matter = line.matter
    for reader in line.readers:
        facts = {
            "title": matter.title,
            "register_no": matter.register_no,
            "sensitive": matter.secrecy_level == SENSITIVE,
            "by": actor.name,
            "asked": urging.kind,
            "message": urging.message,
        }
        write_letter(
            session,
            recipient_id=reader.person_id,
            kind="matter.urged",
            dedupe_key=f"urging:{urging.id}",
            subject_type="matter",
            subject_id=matter.id,
            facts=facts | ({"in_place_of": reader.in_place_of} if reader.in_place_of else {}),
            at=urging.urged_at,
            channels=ways_wanted(urging.channel, wanted),
        )
