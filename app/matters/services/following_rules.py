"""The dates of running matters follow a newer version of the rules, because the office says so.

A matter keeps the version it was listed under: its steps, papers and demands stay. Its dates may follow the version in
force, all at once, seen before it happens. A firm date never becomes earlier by it unless the jurisdiction's rules or the
office say so; what an extension fixed, what was stated for the matter, and a report that has been asked for, stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from app.deadlines.queries import calendar_for
from app.deadlines.rules import (
    ClockRule,
    DeadlineError,
    Due,
    RuleKind,
    WorkingCalendar,
    compute_contribution,
    compute_from_events,
    from_instruction,
    rule_of_stage,
)
from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules import Profile
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import current_jurisdiction_id, set_based
from app.matters.models import Obligation
from app.matters.queries.case import deadline_choice
from app.matters.queries.earlier_rules import RunningMatter, count_earlier, list_earlier
from app.matters.rules.moving import EARLIER_STAYS, Outcome, Settled, settle
from app.matters.services.casework import local_day
from app.matters.services.clocks import contribution_rule, events_of
from app.matters.services.moved_dates import Chunk, note, tell, write
from app.matters.services.recomputing import Moves, count, row_of, running

# Stages the profile's rules speak of; the office's own steps, slips and conclusions belong to the matter's procedure.
_STAGES = frozenset(
    {"acknowledgement", "first_feedback", "progress", "result", "rework", "rectification_result", "after_completion"}
)
LONGEST_REASON = 300


@dataclass
class Ruled:
    """What a newer version does to running matters: its number, how many matters it concerns, and their dates."""

    number: int
    matters: int
    moves: Moves


def preview_rules(session: Any, *, at: dt.datetime) -> Ruled:
    """What would move if the dates of all running matters followed the version in force; nothing is moved."""
    version = get_version_in_force(session, at)
    ruled = Ruled(version.number, count_earlier(session, version.id), Moves(f"v{version.number}"))
    if ruled.matters:
        for _ids, chunk in _settled(session, version, at, ruled.moves):
            count(ruled.moves, chunk)
    return ruled


@command
def follow_rules(session: Any, actor: Actor, *, number: int, reason: str, at: dt.datetime) -> Ruled:
    """Let the dates of every running matter follow version ``number``, which must be the one in force.

    Each date is in the log with before, after and the version; units and carriers get one letter a matter; the decision
    itself with its reason is in the log too. A second run finds nothing to do; a matter of which a date was changed
    meanwhile is left to the next. Refuses who may not change the calendar (Refused), a version that is no longer in force
    (Conflict) and a missing reason (Invalid).
    """
    if not actor.may("calendar:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        words = N_("Say why running matters get other dates.")
        raise Invalid("reason_missing", words, {"reason": words})
    jurisdiction_id = current_jurisdiction_id()
    session.scalars(
        select(Jurisdiction).where(Jurisdiction.id == jurisdiction_id).with_for_update(key_share=True)
    ).one()
    version = get_version_in_force(session, at)
    if version.number != number:
        raise Conflict("version_changed", N_("Another version is in force meanwhile. Look at what moves again."))
    calendar = calendar_for(session, jurisdiction_id)
    ruled = Ruled(version.number, count_earlier(session, version.id), Moves(f"v{version.number}"))
    followed: list[int] = []
    for ids, chunk in _settled(session, version, at, ruled.moves):
        written = write(session, jurisdiction_id, calendar, chunk)
        count(ruled.moves, [(row, done) for row, done in chunk if row.id in written])
        left = {row.matter_id for row, _ in chunk if row.id not in written}
        followed += [one for one in ids if one not in left]
    session.execute(_FOLLOWED, {"jurisdiction": jurisdiction_id, "version": version.id, "ids": followed})
    session.expire_all()
    for kind, lines in (("matter.date_ruled", ruled.moves.moved), ("matter.date_ruled_kept", ruled.moves.kept)):
        for one in lines:
            note(session, actor, kind, one, ruled.moves.version, at)
        tell(session, jurisdiction_id, kind, lines, ruled.moves.version, at)
    if followed:
        record(
            session, actor, "profile.dates_followed", "profile_version", version.id, at,
            number=version.number, reason=said, matters=len(followed),
            moved=len(ruled.moves.moved), kept=len(ruled.moves.kept),
        )  # fmt: skip
    return ruled


# The row's version moves on, so that an act somebody has in hand with the old dates is looked at again.
_FOLLOWED = set_based(
    text(
        "update matter set dates_version_id = :version, version = version + 1 "
        "where jurisdiction_id = :jurisdiction and id = any(cast(:ids as bigint[]))"
    )
)


def _settled(session: Any, version: ProfileVersion, at: dt.datetime, moves: Moves) -> Iterator[tuple[list[int], Chunk]]:
    """The matters concerned, set by set, with what becomes of their dates."""
    calendar, profile = calendar_for(session, current_jurisdiction_id()), profile_of(session, version.id)
    earlier = profile.recompute.earlier if profile.recompute is not None else EARLIER_STAYS
    after, today = 0, local_day(at)
    while found := list_earlier(session, version.id, today, after=after):
        after = found[-1].matter.id
        chunk: Chunk = []
        for one in found:
            chunk += _of_matter(one, profile, version.number, calendar, today, earlier, moves)
        yield [one.matter.id for one in found], chunk


def _of_matter(
    one: RunningMatter,
    profile: Profile,
    number: int,
    calendar: WorkingCalendar,
    today: dt.date,
    earlier: str,
    moves: Moves,
) -> Chunk:
    chunk: Chunk = []
    lead: tuple[Obligation, ClockRule, dt.date] | None = None

    def settled(clock: Obligation, due: Due | None, lead_due_on: dt.date | None = None) -> Settled | None:
        if due is None:
            return None
        told = running(clock.explanation, clock, lead_due_on)
        done = settle(told, calendar, today, earlier, ruled=due, rules=number)
        if done.due is not None:
            chunk.append((row_of(clock), done))
        return done

    opinions = [clock for clock in one.clocks if clock.stage == "contribution"]
    for clock in one.clocks:
        if clock.stage not in _STAGES or clock.rule in (RuleKind.FIXED, RuleKind.PERIODIC):
            continue
        moves.looked_at += 1
        try:
            due = _ruled(one, clock, profile, calendar)
            done = settled(clock, due)
        except DeadlineError:
            moves.beyond += 1
            continue
        part = one.assignments.get(clock.assignment_id or 0)
        if (
            clock.stage == "result"
            and part is not None
            and part.role == "lead"
            and due is not None
            and done is not None
        ):
            stays = done.outcome is not Outcome.MOVED
            lead = clock, due.rule, clock.due_on if stays else due.due_on
    for clock in opinions if lead is not None else ():
        assert lead is not None
        part = one.assignments.get(clock.assignment_id or 0)
        noticed = part.notified_at if part is not None and part.notified_at is not None else clock.created_at
        rule = contribution_rule(lead[1].start_event, lead[1].article, lead[1].key)
        moves.looked_at += 1
        try:
            due = compute_contribution(
                rule, lead[2], profile.units.contribution_lead_days, local_day(noticed), calendar
            )
            settled(clock, due, lead[2])
        except DeadlineError:
            moves.beyond += 1
    return chunk


def _ruled(one: RunningMatter, clock: Obligation, profile: Profile, calendar: WorkingCalendar) -> Due | None:
    """The clock's date by another profile; None where that one has no such clock, or what starts it is outstanding."""
    choice = deadline_choice(one.matter, one.source, profile)
    rule = rule_of_stage(profile.deadline_rules, clock.stage, choice, profile.last_day)
    if rule is None or rule.rule is RuleKind.PERIODIC:
        return None
    if clock.start_event == "instructed":
        rule = from_instruction(rule)
    part = one.assignments.get(clock.assignment_id or 0)
    events = events_of(one.matter, part, clock.stage, clock.created_at, choice)
    return compute_from_events(rule, events, calendar, pauses=one.pauses)
