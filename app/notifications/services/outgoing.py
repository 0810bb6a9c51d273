"""Letters in the dispatcher's hands: taken under a lease in sets, and put down again.

The dispatcher works over every jurisdiction under a database role that sees the outbox, the ways out and who is written to,
and nothing of any matter. Letters are found by an index on the channel and the instant they are due; what waits for another
hour is not looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

LEASE = dt.timedelta(minutes=5)
"""How long letters in hand are left to whoever took them."""

BATCH = 200
MOST_IN_ONE_MESSAGE = 30


@dataclass(frozen=True)
class Way:
    """One way out: a jurisdiction's own, or the installation's mail server when ``channel_id`` is None."""

    kind: str
    jurisdiction_id: int | None = None
    channel_id: int | None = None
    base_url: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)
    secret: str | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Parcel:
    """A letter in the dispatcher's hands, with where it goes. ``dropped`` says why it need not go at all."""

    jurisdiction_id: int
    id: int
    channel: str
    channel_id: int | None
    kind: str
    facts: dict[str, Any]
    subject_type: str
    subject_id: int
    created_at: dt.datetime
    attempts: int
    message_key: str
    leased_by: str
    lease_until: dt.datetime
    last_error: str | None
    name: str
    address: str
    locale: str | None
    slug: str
    jurisdiction: str
    base_url: str | None
    options: Mapping[str, Any] | None
    secret: str | None = field(repr=False)
    dropped: str | None

    @property
    def way(self) -> Way:
        """The way it goes."""
        if self.channel_id is None:
            return Way(self.channel)
        options = self.options or {}
        return Way(self.channel, self.jurisdiction_id, self.channel_id, self.base_url or "", options, self.secret)


# A message that was tried once keeps its letters and its key, so that the other side can recognise it; letters that came in
# between go into the next one. A letter that was read in the inbox meanwhile, or whose reader is gone, goes nowhere.
_CLAIM = text("""
with due as (
    select jurisdiction_id, id, recipient_id, channel_id, message_key from letter
     where channel = :channel and state in ('queued', 'sending') and next_attempt_at <= :at
     order by next_attempt_at limit :most
       for update skip locked
), beside as (
    select more.*
      from (select distinct jurisdiction_id, recipient_id from due) as reader
     cross join lateral (
        select l.jurisdiction_id, l.id, l.recipient_id, l.channel_id, l.message_key
          from letter l
         where l.jurisdiction_id = reader.jurisdiction_id and l.recipient_id = reader.recipient_id
           and l.channel = :channel and l.state in ('queued', 'sending') and coalesce(l.next_attempt_at, :at) <= :at
           and not exists (select from due where due.jurisdiction_id = l.jurisdiction_id and due.id = l.id)
         limit :together
           for update skip locked
     ) as more
), numbered as (
    select jurisdiction_id, id, recipient_id, channel_id, message_key,
           (row_number() over (partition by jurisdiction_id, recipient_id, channel_id, message_key order by id) - 1)
           / :together as part
      from (select * from due union all select * from beside) as all_due
), keyed as (
    select jurisdiction_id, id,
           coalesce(message_key, 'letter-' || jurisdiction_id || '-' || min(id) over (
               partition by jurisdiction_id, recipient_id, channel_id, message_key, part)) as message_key
      from numbered
), taken as (
    update letter l
       set state = 'sending', leased_by = :by, lease_until = :until, next_attempt_at = :until,
           attempts = attempts + 1, message_key = keyed.message_key
      from keyed where l.jurisdiction_id = keyed.jurisdiction_id and l.id = keyed.id
    returning l.*
)
select t.jurisdiction_id, t.id, t.channel, t.channel_id, t.kind, t.facts, t.subject_type, t.subject_id, t.created_at,
       t.attempts, t.message_key, t.leased_by, t.lease_until, t.last_error, coalesce(p.name, '') as name, p.locale,
       j.slug, j.short_name as jurisdiction, c.base_url, c.options, c.secret,
       coalesce(case t.channel when 'email' then p.email else p.phone end, '') as address,
       case when j.status in ('suspended', 'closed') then 'jurisdiction_halted'
            when not coalesce(p.active, false) then 'person_inactive'
            when t.channel_id is not null and not coalesce(c.enabled, false) then 'channel_off'
            when t.channel = 'email' and (p.email = '' or p.email like '%.invalid') then 'no_address'
            when t.channel = 'sms' and coalesce(p.phone, '') = '' then 'no_address'
            when exists (select from letter i
                          where i.jurisdiction_id = t.jurisdiction_id and i.dedupe_key = t.dedupe_key
                            and i.recipient_id = t.recipient_id and i.channel = 'inbox' and i.read_at is not null)
            then 'read_meanwhile' end as dropped
  from taken t
  join jurisdiction j on j.id = t.jurisdiction_id
  left join ab_user p on p.id = t.recipient_id
  left join channel c on c.jurisdiction_id = t.jurisdiction_id and c.id = t.channel_id
 order by t.created_at, t.id
""")

_SETTLE = text("""
update letter
   set state = :state, last_error = :error, next_attempt_at = :next, lease_until = null, leased_by = null,
       sent_at = :sent_at, attempts = attempts - :untried
 where jurisdiction_id = :jurisdiction and id = any(:ids) and leased_by = :by and state = 'sending'
""")

_POSTPONE = text("""
update letter set next_attempt_at = :next
 where channel = :channel and state = 'queued' and next_attempt_at <= :at
   and jurisdiction_id = :jurisdiction and channel_id = :channel_id
""")

_NO_SERVER = text("""
update letter set state = 'dropped', last_error = 'no_mail_server', next_attempt_at = null, lease_until = null
 where channel = 'email' and channel_id is null and state in ('queued', 'sending') and next_attempt_at <= :at
""")

# Nobody asks for later than the day after tomorrow: a clock ran ahead when that was written.
_HEAL = text("""
update letter set next_attempt_at = :at
 where channel = :channel and state in ('queued', 'sending')
   and next_attempt_at > cast(:at as timestamptz) + interval '2 days'
""")


def claim_letters(connection: Connection, *, channel: str, at: dt.datetime, by: str, most: int = BATCH) -> list[Parcel]:
    """Take what is due by one kind of channel, what waited longest first, under a lease in the name ``by``.

    Two dispatchers never take the same letter. What else is due to the same person there, as far as one message holds it,
    comes along under the same ``message_key``. Being taken counts as an attempt, so that a letter which kills its dispatcher
    is not tried for ever.
    """
    values = {
        "channel": channel,
        "at": at,
        "by": by,
        "until": at + LEASE,
        "most": most,
        "together": MOST_IN_ONE_MESSAGE,
    }
    return [Parcel(**row) for row in connection.execute(_CLAIM, values).mappings()]


def settle_letters(
    connection: Connection,
    parcels: Sequence[Parcel],
    *,
    state: str,
    at: dt.datetime,
    error: str | None = None,
    next_at: dt.datetime | None = None,
    tried: bool = True,
) -> None:
    """Write down what became of letters in hand that belong to one jurisdiction and one claim.

    ``tried`` False gives the attempt back. Nothing is written of a letter whose lease has passed to somebody else.
    """
    first = parcels[0]
    connection.execute(
        _SETTLE,
        {
            "state": state,
            "error": error,
            "next": next_at,
            "sent_at": at if state == "sent" else None,
            "untried": 0 if tried else 1,
            "jurisdiction": first.jurisdiction_id,
            "ids": [parcel.id for parcel in parcels],
            "by": first.leased_by,
        },
    )


def postpone_way(connection: Connection, way: Way, *, at: dt.datetime, until: dt.datetime) -> None:
    """Leave a jurisdiction's own way alone for a while: everything that is due by it waits, in one statement."""
    connection.execute(
        _POSTPONE,
        {
            "channel": way.kind,
            "at": at,
            "next": until,
            "jurisdiction": way.jurisdiction_id,
            "channel_id": way.channel_id,
        },
    )


def drop_unsendable(connection: Connection, *, at: dt.datetime) -> int:
    """Give up the mail of an installation without a mail server; the inbox has every letter. Returns how many."""
    return int(connection.execute(_NO_SERVER, {"at": at}).rowcount)


def heal_ahead(connection: Connection, channel: str, *, at: dt.datetime) -> None:
    """Do not believe an instant that no rule gives: the letter is due now."""
    connection.execute(_HEAL, {"channel": channel, "at": at})
