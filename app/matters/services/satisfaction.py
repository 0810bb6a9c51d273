"""Whether the reply satisfies those who raised the matter; where it does not, the matter is handled a second time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.jurisdictions.rules import StepKind
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import N_
from app.matters.models import Matter, SatisfactionAnswer
from app.matters.queries.case import count_answers
from app.matters.rules import REASONS, Act, AssignmentState, MatterState
from app.matters.services import clocks
from app.matters.services.casework import Work, enter, note, require, take, tell_office, tell_unit
from app.matters.services.concluding import supersede


@command
def record_satisfaction(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    level: str,
    opinion: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Write down what the deputies, members or petitioners who raised the matter answered; ``level`` is one of the profile's.

    An answer the profile says so of sends the matter back to its lead unit with a new clock, while rounds are left. Refuses
    an unknown level, an answer nobody is to be asked for, and a dissatisfied answer without words.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.RECORD_SATISFACTION)
    asked = work.profile.completion.satisfaction
    if asked is None:
        raise Conflict("not_here", REASONS["not_here"])
    said = next((one for one in asked.levels if one.key == level), None)
    if said is None:
        raise Invalid(
            "level_unknown", N_("That is not one of the answers."), {"level": N_("Choose one of the answers.")}
        )
    words = opinion.strip()
    if said.second_round and not words:
        raise Invalid(
            "reason_needed",
            N_("Write down what does not satisfy, so that the unit knows what to do."),
            {"opinion": N_("A reason is needed.")},
        )
    done = count_answers(session, matter_id)
    again = said.second_round and done + 1 < asked.most_rounds
    session.add(
        SatisfactionAnswer(
            matter_id=matter_id,
            round=done + 1,
            level=level,
            opinion=words or None,
            sends_back=again,
            answered_at=at,
            recorded_by=actor.membership_id,
        )
    )
    note(work, "satisfaction_recorded", answer=said.name, opinion=words, round=done + 1)
    if again:
        _handle_again(work, words)
    session.flush()
    return work.matter


def _handle_again(work: Work, words: str) -> None:
    """The lead unit has the matter again, with the profile's time for rework."""
    work.matter.completed_at = work.matter.closed_out_at = None
    supersede(work)
    lead = work.lead()
    if lead is not None:
        lead.state = AssignmentState.RETURNED
    enter(work, work.procedure.first_of(StepKind.HANDLING, work.choice))
    work.matter.state = MatterState.IN_PROGRESS
    if lead is not None:
        clocks.end_all(work, "superseded", lead)
        clocks.open_clock(work, "rework", lead)
        clocks.resume_reports(work)
        tell_unit(work, lead, "matter.sent_round_again", str(work.matter.version), opinion=words)
    note(work, "sent_round_again", opinion=words)
    tell_office(work, "matter.sent_round_again", str(work.matter.version), opinion=words)
