"""Dates that were settled under another calendar, written back in sets; what is put down and written of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.deadlines.rules import WorkingCalendar
from app.kernel.actor import Actor
from app.kernel.events import record
from app.kernel.tenancy import set_based
from app.matters.queries.moving import Outdated
from app.matters.rules.moving import Outcome, Settled
from app.matters.services.casework import local_day

MOVED_KINDS = ("matter.date_moved", "matter.date_ruled")
"""The acts of which the units hear; where a date was kept nothing has changed for them."""

Chunk = list[tuple[Outdated, Settled]]


@dataclass(frozen=True, slots=True)
class Move:
    """One date that another calendar puts elsewhere; ``kept`` says that it stays until the office decides."""

    obligation_id: int
    matter_id: int
    stage: str
    before: str
    until: str
    days: tuple[str, ...]
    kept: bool = False


# A clock somebody has met, moved or computed anew since it was read is not what was settled here: it stays.
_SAME = set_based(
    text("""
update obligation o
   set calendar_version = cast(:version as text), earlier_due_on = null,
       consulted_from = coalesce(v.consulted_from, least(o.yellow_on, o.due_on)),
       consulted_until = coalesce(v.consulted_until, o.due_on),
       explanation = o.explanation || jsonb_build_object('calendar_version', cast(:version as text))
  from unnest(cast(:ids as bigint[]), cast(:due_ons as date[]), cast(:consulted_froms as date[]),
              cast(:consulted_untils as date[])) as v (id, due_on, consulted_from, consulted_until)
 where o.jurisdiction_id = :jurisdiction and o.id = v.id and o.state = 'open' and o.due_on = v.due_on
returning o.id
""")
)

_CHANGED = set_based(
    text("""
update obligation o
   set rule = v.rule, amount = v.amount, rule_key = v.rule_key, article = v.article, start_event = v.start_event,
       start_on = v.start_on, raw_on = v.raw_on, due_on = v.due_on, due_at = v.due_at, original_due_on = v.original_due_on,
       yellow_days = v.yellow_days, yellow_on = v.yellow_on, provisional = v.provisional, earlier_due_on = null,
       explanation = v.explanation, calendar_version = cast(:version as text),
       consulted_from = v.consulted_from, consulted_until = v.consulted_until,
       next_reminder_on = case when o.due_on = v.due_on and o.due_at is not distinct from v.due_at
                                and o.yellow_on = v.yellow_on
                               then o.next_reminder_on end
  from (select unnest(cast(:ids as bigint[])) as id, unnest(cast(:old_due_ons as date[])) as old_due_on,
               unnest(cast(:start_ons as date[])) as start_on, unnest(cast(:raw_ons as date[])) as raw_on,
               unnest(cast(:due_ons as date[])) as due_on, unnest(cast(:due_ats as timestamptz[])) as due_at,
               unnest(cast(:original_due_ons as date[])) as original_due_on,
               unnest(cast(:yellow_days as int[])) as yellow_days, unnest(cast(:yellow_ons as date[])) as yellow_on,
               unnest(cast(:provisionals as boolean[])) as provisional,
               unnest(cast(:rules as text[])) as rule, unnest(cast(:amounts as int[])) as amount,
               unnest(cast(:rule_keys as text[])) as rule_key, unnest(cast(:articles as text[])) as article,
               unnest(cast(:start_events as text[])) as start_event,
               unnest(cast(:consulted_froms as date[])) as consulted_from,
               unnest(cast(:consulted_untils as date[])) as consulted_until,
               cast(unnest(cast(:explanations as text[])) as jsonb) as explanation) v
 where o.jurisdiction_id = :jurisdiction and o.id = v.id and o.state = 'open' and o.due_on = v.old_due_on
returning o.id
""")
)

_KEPT = set_based(
    text("""
update obligation o
   set rule = v.rule, amount = v.amount, rule_key = v.rule_key, article = v.article, start_event = v.start_event,
       earlier_due_on = v.earlier_due_on, provisional = v.provisional, explanation = v.explanation,
       calendar_version = cast(:version as text), consulted_from = v.consulted_from,
       consulted_until = greatest(v.consulted_until, o.due_on)
  from (select unnest(cast(:ids as bigint[])) as id, unnest(cast(:old_due_ons as date[])) as old_due_on,
               unnest(cast(:due_ons as date[])) as earlier_due_on,
               unnest(cast(:provisionals as boolean[])) as provisional,
               unnest(cast(:rules as text[])) as rule, unnest(cast(:amounts as int[])) as amount,
               unnest(cast(:rule_keys as text[])) as rule_key, unnest(cast(:articles as text[])) as article,
               unnest(cast(:start_events as text[])) as start_event,
               unnest(cast(:consulted_froms as date[])) as consulted_from,
               unnest(cast(:consulted_untils as date[])) as consulted_until,
               cast(unnest(cast(:explanations as text[])) as jsonb) as explanation) v
 where o.jurisdiction_id = :jurisdiction and o.id = v.id and o.state = 'open' and o.due_on = v.old_due_on
returning o.id
""")
)


def write(session: Any, jurisdiction_id: int, calendar: WorkingCalendar, chunk: Chunk) -> set[int]:
    """Write what was settled, one statement for each outcome; the ids that still were as they had been read."""
    by: dict[bool | None, Chunk] = {None: [], True: [], False: []}
    for pair in chunk:
        outcome = pair[1].outcome
        by[None if outcome is Outcome.SAME else outcome is Outcome.KEPT].append(pair)
    common = {"jurisdiction": jurisdiction_id, "version": calendar.version}
    written: set[int] = set()
    if by[None]:
        spans = [done.due.decided_by if done.due else (None, None) for _, done in by[None]]
        same = {
            "ids": [row.id for row, _ in by[None]],
            "due_ons": [row.due_on for row, _ in by[None]],
            "consulted_froms": [first for first, _ in spans],
            "consulted_untils": [last for _, last in spans],
        }
        written |= set(session.scalars(_SAME, common | same))
    for kept, statement in ((False, _CHANGED), (True, _KEPT)):
        if by[kept]:
            written |= set(session.scalars(statement, common | _columns(by[kept], kept)))
    return written


def _columns(chunk: Chunk, kept: bool) -> dict[str, list[Any]]:
    pairs = [(row, done.due, done.record) for row, done in chunk if done.due is not None]
    columns: dict[str, list[Any]] = {
        "ids": [row.id for row, _, _ in pairs],
        "old_due_ons": [row.due_on for row, _, _ in pairs],
        "due_ons": [due.due_on for _, due, _ in pairs],
        "provisionals": [due.provisional for _, due, _ in pairs],
        "rules": [due.rule.rule.value for _, due, _ in pairs],
        "amounts": [due.rule.amount for _, due, _ in pairs],
        "rule_keys": [due.rule.key for _, due, _ in pairs],
        "articles": [due.rule.article for _, due, _ in pairs],
        "start_events": [due.rule.start_event for _, due, _ in pairs],
        "consulted_froms": [due.decided_by[0] for _, due, _ in pairs],
        "consulted_untils": [due.decided_by[1] for _, due, _ in pairs],
        "explanations": [json.dumps(told, ensure_ascii=False) for _, _, told in pairs],
    }
    if kept:
        return columns
    return columns | {
        "start_ons": [due.start_on for _, due, _ in pairs],
        "raw_ons": [due.raw_on for _, due, _ in pairs],
        "due_ats": [due.due_at for _, due, _ in pairs],
        "original_due_ons": [
            due.due_on if row.original_due_on == row.due_on else row.original_due_on for row, due, _ in pairs
        ],
        "yellow_days": [due.yellow_days for _, due, _ in pairs],
        "yellow_ons": [due.yellow_on for _, due, _ in pairs],
    }


def note(session: Any, actor: Actor, kind: str, one: Move, version: str, at: dt.datetime) -> None:
    """Put one date down in the log: before and after, the days that changed, the version of the calendar or the rules."""
    record(
        session,
        actor,
        kind,
        "matter",
        one.matter_id,
        at,
        obligation_id=one.obligation_id,
        stage=one.stage,
        before=one.before,
        after=one.until,
        days=list(one.days),
        version=version,
    )


# One letter a matter to each reader, whatever number of its dates moved: the unit's people who report and whoever carries
# the matter, and the deputies of those who are away, but for sensitive matters: their sight is not lent.
_LETTERS = set_based(
    text("""
with moved as (
    select o.matter_id, o.assignment_id, v.words, v.days
      from (select unnest(cast(:ids as bigint[])) as id, unnest(cast(:words as text[])) as words,
                   unnest(cast(:days as text[])) as days) v
      join obligation o on o.jurisdiction_id = :jurisdiction and o.id = v.id
), told as (
    select m.id, m.title, m.register_no, m.registered_by, m.supervising_unit_id,
           m.secrecy_level = 'sensitive' as sensitive,
           string_agg(distinct moved.words, '、') as words, string_agg(distinct nullif(moved.days, ''), '、') as days
      from moved join matter m on m.jurisdiction_id = :jurisdiction and m.id = moved.matter_id
     group by m.id, m.title, m.register_no, m.registered_by, m.supervising_unit_id, m.secrecy_level
), member as (
    select ms.id, ms.unit_id, ms.person_id, rr."right" as may
      from membership ms
      join ab_user p on p.id = ms.person_id and p.active
      join membership_role mr on mr.jurisdiction_id = :jurisdiction and mr.membership_id = ms.id
      join role_right rr on rr.jurisdiction_id = :jurisdiction and rr.role_id = mr.role_id
     where ms.jurisdiction_id = :jurisdiction and ms.active and rr."right" in ('matter:report', 'matter:register')
), asked as (
    select told.id, member.person_id
      from told
      join moved on moved.matter_id = told.id
      join assignment a on a.jurisdiction_id = :jurisdiction and a.id = moved.assignment_id
      join member on member.unit_id = a.unit_id and member.may = 'matter:report'
     where cast(:units as boolean)
     union
    select told.id, member.person_id
      from told join member on member.may = 'matter:register'
                           and (member.id = told.registered_by or member.unit_id = told.supervising_unit_id)
), reader as (
    select * from asked
     union
    select asked.id, deputy.person_id
      from asked
      join told on told.id = asked.id and not told.sensitive
      join membership away on away.jurisdiction_id = :jurisdiction and away.person_id = asked.person_id and away.active
      join absence ab on ab.jurisdiction_id = :jurisdiction and ab.membership_id = away.id
                     and ab.from_on <= :today and ab.until_on >= :today
                     and (ab.ended_on is null or ab.ended_on > :today)
      join member deputy on deputy.id = ab.deputy_id
)
insert into letter (jurisdiction_id, recipient_id, channel, kind, dedupe_key, subject_type, subject_id, facts,
                    state, next_attempt_at, created_at, sent_at)
select :jurisdiction, reader.person_id, way.channel, cast(:kind as text),
       cast(:kind as text) || ':' || told.id || ':' || cast(:occasion as text), 'matter', told.id,
       jsonb_build_object('title', told.title, 'register_no', told.register_no, 'sensitive', told.sensitive,
                          'dates', told.words, 'days', coalesce(told.days, '')),
       way.state, case when way.channel = 'email' then cast(:at as timestamptz) end, cast(:at as timestamptz),
       case when way.channel = 'inbox' then cast(:at as timestamptz) end
  from told
  join reader on reader.id = told.id
 cross join (values ('inbox', 'sent'), ('email', 'queued')) as way (channel, state)
    on conflict do nothing
""")
)


def tell(session: Any, jurisdiction_id: int, kind: str, lines: Iterable[Move], occasion: str, at: dt.datetime) -> None:
    """Write the letters. Of a date that was kept only the office hears: for the unit nothing has changed."""
    told = list(lines)
    if not told:
        return
    session.flush()
    session.execute(
        _LETTERS,
        {
            "jurisdiction": jurisdiction_id,
            "ids": [one.obligation_id for one in told],
            "words": [f"{one.before} → {one.until}" for one in told],
            "days": ["、".join(one.days) for one in told],
            "units": kind in MOVED_KINDS,
            "kind": kind,
            "occasion": occasion,
            "today": local_day(at),
            "at": at,
        },
    )
