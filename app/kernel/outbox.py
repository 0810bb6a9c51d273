"""Letters: what a person must hear about, written in the transaction of the act and delivered after it.

A letter is facts (kind, subject, values); the sentence is made in the reader's language when it is shown or sent. Each
occasion reaches each person once per channel, whatever is run twice: the dedupe key is unique in the jurisdiction. The
inbox always has it. Which other ways it goes, and from when, is decided here for every writer by one piece of SQL.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JSONB, Instant, Model, Owned
from app.kernel.tenancy import current_jurisdiction_id, set_based

INBOX, EMAIL = "inbox", "email"
USUAL = "usual"
"""Among the channels a writer asks for: those the letter would have taken anyway."""

READ = "read"
"""The state of an inbox letter that its reader has opened."""

EACH, DIGEST, OFF = "each", "digest", "off"
MODES = (EACH, DIGEST, OFF)
"""How a person takes what comes by a channel: each letter by itself, one message a day, or nothing."""

URGENT_KINDS = ("matter.urged", "matter.slip_issued")
QUIET_FROM, QUIET_UNTIL, DIGEST_AT = dt.time(21), dt.time(7, 30), dt.time(9, 30)
"""How letters leave a jurisdiction that has said nothing about it, in its local hours."""


class Letter(Owned, Model):
    """One letter to one person through one channel, with its life: queued, sending, sent, read, failed, dropped."""

    __tablename__ = "letter"

    recipient_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    channel: Mapped[str] = mapped_column(String(20), nullable=False)
    channel_id: Mapped[int | None] = mapped_column(BigInteger)
    """The jurisdiction's own way of that kind; empty for the inbox and the installation's mail server."""
    kind: Mapped[str] = mapped_column(String(60), nullable=False)
    dedupe_key: Mapped[str] = mapped_column(String(160), nullable=False)
    subject_type: Mapped[str] = mapped_column(String(40), nullable=False)
    subject_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False, server_default="queued")
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    next_attempt_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    leased_by: Mapped[str | None] = mapped_column(String(40))
    message_key: Mapped[str | None] = mapped_column(String(60))
    """The message it went into, together with whatever else was due to the same person there; kept when it is tried again."""
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "dedupe_key", "recipient_id", "channel"),
        Index("ix_letter_inbox", "jurisdiction_id", "recipient_id", "channel", "created_at"),
        Index("ix_letter_due", "channel", "next_attempt_at", postgresql_where="state in ('queued','sending')"),
        Index(
            "ix_letter_waiting",
            "jurisdiction_id",
            "recipient_id",
            "channel",
            postgresql_where="state in ('queued','sending')",
        ),
        Index("ix_letter_dead", "jurisdiction_id", "created_at", postgresql_where="state in ('failed','dropped')"),
    )


# The ways of each reader, once a statement, and when a letter may leave. Quiet hours may pass midnight; a moment of the day
# that is over means tomorrow's. A unit's robot stands before the house's, the house's mail server before the installation's.
_RULE = f"""
letter_rule as materialized (
    select coalesce(p.own_choice, true) as own_choice, coalesce(p.usual_mode, '{EACH}') as usual_mode,
           coalesce(p.urgent_kinds, '{{{",".join(URGENT_KINDS)}}}') as urgent_kinds, loud.at as each_at,
           case when p.urgent_at_night then cast(:at as timestamptz) else loud.at end as urgent_at,
           (date_trunc('day', here.now) + hour.digest
            + case when hour.digest <= cast(here.now as time) then interval '1 day' else interval '0' end)
           at time zone 'Asia/Shanghai' as digest_at
      from (select cast(:at as timestamptz) at time zone 'Asia/Shanghai' as now) as here
      left join letter_policy p on p.jurisdiction_id = :jurisdiction
     cross join lateral (
        select case when p.id is null then time '{QUIET_FROM}' else p.quiet_from end as quiet,
               case when p.id is null then time '{QUIET_UNTIL}' else p.quiet_until end as loud,
               coalesce(p.digest_at, time '{DIGEST_AT}') as digest) as hour
     cross join lateral (
        select case when hour.quiet < hour.loud then cast(here.now as time) >= hour.quiet
                                                 and cast(here.now as time) < hour.loud
                    else cast(here.now as time) >= hour.quiet or cast(here.now as time) < hour.loud end as quiet) as hush
     cross join lateral (
        select case when hush.quiet
                    then (date_trunc('day', here.now) + hour.loud
                          + case when hour.loud <= cast(here.now as time) then interval '1 day' else interval '0' end)
                         at time zone 'Asia/Shanghai'
                    else cast(:at as timestamptz) end as at) as loud
)"""  # noqa: S608 - put together from constants of this module

_WAYS = f"""{_RULE}, letter_way as materialized (
    select p.id as person_id, way.channel, way.channel_id, way.when_asked,
           case when way.channel = '{INBOX}' then '{EACH}' else
               coalesce(case when rule.own_choice then own.mode end, rule.usual_mode) end as mode
      from (select distinct recipient_id from told) as reader
      join ab_user p on p.id = reader.recipient_id
     cross join letter_rule as rule
      left join membership ms on ms.jurisdiction_id = :jurisdiction and ms.person_id = p.id and ms.active
     cross join lateral (
        select '{INBOX}' as channel, cast(null as bigint) as channel_id, false as when_asked
         union all
        select '{EMAIL}', null, false
         where not exists (select from channel c
                            where c.jurisdiction_id = :jurisdiction and c.kind = '{EMAIL}' and c.enabled)
         union all
        (select distinct on (c.kind) c.kind, c.id, c.when_asked
           from channel c
          where c.jurisdiction_id = :jurisdiction and c.enabled and (c.unit_id is null or c.unit_id = ms.unit_id)
          order by c.kind, c.unit_id nulls last)
     ) as way
      left join letter_preference own on own.jurisdiction_id = :jurisdiction and own.person_id = p.id
                                     and own.channel = way.channel
     where way.channel <> '{EMAIL}' or (p.email <> '' and p.email not like '%.invalid')
)"""  # noqa: S608 - put together from constants of this module

# A writer that asks for channels by name gets those and the inbox. Whoever switched a way off is not written to by it, but
# for what the jurisdiction calls urgent, which also waits for no day's digest.
_GOES = f"""
       (way.channel = '{INBOX}'
        or (case when told.wanted is null or (not way.when_asked and '{USUAL}' = any(told.wanted)) then not way.when_asked
                 else way.channel = any(told.wanted) end
            and (way.mode <> '{OFF}' or told.kind = any(rule.urgent_kinds))))"""

LETTERS = f"""{_WAYS}, letter_written as (
    insert into letter (jurisdiction_id, recipient_id, channel, channel_id, kind, dedupe_key, subject_type, subject_id,
                        facts, state, next_attempt_at, created_at, sent_at)
    select :jurisdiction, told.recipient_id, way.channel, way.channel_id, told.kind, told.dedupe_key, told.subject_type,
           told.subject_id, told.facts, case when way.channel = '{INBOX}' then 'sent' else 'queued' end,
           case when way.channel = '{INBOX}' then null
                when told.kind = any(rule.urgent_kinds) then rule.urgent_at
                when way.mode = '{DIGEST}' then rule.digest_at
                else rule.each_at end,
           :at, case when way.channel = '{INBOX}' then cast(:at as timestamptz) end
      from told
      join letter_way as way on way.person_id = told.recipient_id
     cross join letter_rule as rule
     where {_GOES}
        on conflict (jurisdiction_id, dedupe_key, recipient_id, channel) do nothing
    returning recipient_id, channel
)"""  # noqa: S608 - constants
"""Part of a statement that writes letters in sets: after a part ``told`` with the columns ``recipient_id, kind, dedupe_key,
subject_type, subject_id, facts`` (jsonb) and ``wanted`` (text[], null for the usual ways) it gives ``letter_written``, one row
a letter. Binds ``:jurisdiction`` and ``:at``."""

_ONE = set_based(
    text(f"""
with told as materialized (
    select cast(:recipient as bigint) as recipient_id, cast(:kind as text) as kind, cast(:key as text) as dedupe_key,
           cast(:subject_type as text) as subject_type, cast(:subject as bigint) as subject_id,
           cast(:facts as jsonb) as facts, cast(:wanted as text[]) as wanted
), {LETTERS}
select count(*) from letter_written""")  # noqa: S608 - constants
)

_LISTED = set_based(
    text(f"""
with told as materialized (
    select one.recipient_id, cast(:kind as text) as kind, cast(:wanted as text[]) as wanted
      from unnest(cast(:people as bigint[])) as one (recipient_id)
), {_WAYS}
select told.recipient_id, array_agg(way.channel order by way.channel <> '{INBOX}', way.channel)
  from told
  join letter_way as way on way.person_id = told.recipient_id
 cross join letter_rule as rule
 where {_GOES}
 group by told.recipient_id""")  # noqa: S608 - constants
)

_LEAVING = set_based(text(f"with {_RULE} select each_at, urgent_at, urgent_kinds from letter_rule"))  # noqa: S608 - constants


def write_letter(
    session: Any,
    *,
    recipient_id: int,
    kind: str,
    dedupe_key: str,
    subject_type: str,
    subject_id: int,
    facts: dict[str, Any],
    at: dt.datetime,
    channels: Sequence[str] | None = None,
) -> None:
    """Put a letter in the outbox; the same occasion to the same person is taken once. An inbox letter has arrived.

    ``channels`` names the ways wanted beside the inbox: None, or USUAL among them, is every way that is not only for letters
    that ask for it; INBOX alone is no other. What is not set up, or was switched off by the person, is not taken.
    """
    values = {
        "jurisdiction": current_jurisdiction_id(),
        "recipient": recipient_id,
        "kind": kind,
        "key": dedupe_key,
        "subject_type": subject_type,
        "subject": subject_id,
        "facts": json.dumps(facts, default=str, ensure_ascii=False),
        "wanted": None if channels is None else list(channels),
        "at": at,
    }
    session.execute(_ONE, values)


def list_ways(
    session: Any,
    person_ids: Collection[int],
    *,
    kind: str,
    at: dt.datetime,
    channels: Sequence[str] | None = None,
) -> dict[int, tuple[str, ...]]:
    """By which channels a letter of this kind would reach each of these people if it were written now, the inbox first."""
    values = {
        "jurisdiction": current_jurisdiction_id(),
        "people": sorted(person_ids),
        "kind": kind,
        "wanted": None if channels is None else list(channels),
        "at": at,
    }
    return {person_id: tuple(ways) for person_id, ways in session.execute(_LISTED, values)}


@dataclass(frozen=True)
class Leaving:
    """From when on letters may leave a jurisdiction, seen from some instant: that instant itself but for quiet hours."""

    each_at: dt.datetime
    urgent_at: dt.datetime
    urgent_kinds: frozenset[str]

    def of(self, kind: str) -> dt.datetime:
        """From when on a letter of this kind may leave."""
        return self.urgent_at if kind in self.urgent_kinds else self.each_at


def find_leaving(session: Any, at: dt.datetime) -> Leaving:
    """When what is due at this instant may leave the jurisdiction in scope."""
    each_at, urgent_at, kinds = session.execute(_LEAVING, {"jurisdiction": current_jurisdiction_id(), "at": at}).one()
    return Leaving(each_at, urgent_at, frozenset(kinds))


Recheck = Callable[[Any, Sequence[int]], Mapping[int, str]]
_rechecks: list[Recheck] = []


def rechecks(check: Recheck) -> Recheck:
    """Have letters looked at again by this check before they leave: a room knows what became of its own subjects.

    It is called in the scope of one jurisdiction with the ids of letters there, and gives for those that need not go the
    code of the reason.
    """
    if check not in _rechecks:
        _rechecks.append(check)
    return check


def find_stale(session: Any, letter_ids: Sequence[int]) -> dict[int, str]:
    """Of letters of the jurisdiction in scope, those that need not leave any more, each with the code of the reason."""
    found: dict[int, str] = {}
    for check in _rechecks if letter_ids else ():
        found.update(check(session, letter_ids))
    return found
