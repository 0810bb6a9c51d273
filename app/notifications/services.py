"""Letters: opened by their reader in the jurisdiction, and carried out of the system by the dispatcher.

The dispatcher works over every jurisdiction under a database role that sees the outbox and nothing of any matter. It
takes letters under a lease and settles each one by itself, so that a crash repeats at most the letter in its hands, and
that one under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text, update

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.i18n import N_, force_locale, translate
from app.kernel.jobs import database_now, record_run
from app.kernel.outbox import INBOX, Letter
from app.notifications.channels import ChannelFault, MailServer, Message
from app.notifications.queries import get_letter
from app.notifications.rules import letter_words, next_try_after, subject_path

Now = Callable[[Connection], dt.datetime]

LEASE = dt.timedelta(minutes=5)
"""How long letters in hand are left to whoever took them."""

BATCH = 20
LONGEST_RUN = dt.timedelta(seconds=60)
BEFORE_LEASE_ENDS = dt.timedelta(seconds=15)


@command
def mark_read(session: Any, actor: Actor, letter_id: int, *, at: dt.datetime) -> Letter:
    """Note that the reader opened one of their own letters, the first time. Raises NotFound for anybody else's."""
    letter = get_letter(session, actor.person_id, letter_id)
    if letter.read_at is None:
        letter.read_at = at
    return letter


@command
def mark_all_read(session: Any, actor: Actor, *, at: dt.datetime) -> int:
    """Note that the reader has seen every letter of their inbox here; returns how many were new."""
    seen = (
        update(Letter)
        .where(Letter.recipient_id == actor.person_id, Letter.channel == INBOX, Letter.read_at.is_(None))
        .values(read_at=at)
    )
    return int(session.execute(seen).rowcount)


@dataclass(frozen=True)
class Parcel:
    """A letter in the dispatcher's hands, with where it goes. ``address`` None: nobody can be reached by mail there."""

    jurisdiction_id: int
    id: int
    kind: str
    facts: dict[str, Any]
    subject_type: str
    subject_id: int
    created_at: dt.datetime
    attempts: int
    leased_by: str
    lease_until: dt.datetime
    address: str | None
    locale: str | None
    slug: str
    jurisdiction: str


# What cannot be later than an hour from now is not believed when it says so: a clock ran ahead when it was written.
_CLAIM = text("""
with due as (
    select jurisdiction_id, id from letter
     where channel = 'email' and state in ('queued', 'sending')
       and (next_attempt_at <= :at or next_attempt_at > cast(:at as timestamptz) + interval '2 hours')
     order by next_attempt_at limit :most
       for update skip locked
), taken as (
    update letter l
       set state = 'sending', leased_by = :by, lease_until = :until, next_attempt_at = :until, attempts = attempts + 1
      from due where l.jurisdiction_id = due.jurisdiction_id and l.id = due.id
    returning l.*
)
select t.jurisdiction_id, t.id, t.kind, t.facts, t.subject_type, t.subject_id, t.created_at, t.attempts,
       t.leased_by, t.lease_until, j.slug, j.short_name as jurisdiction, p.locale,
       case when p.active and p.email not like '%.invalid' and p.email <> '' then p.email end as address
  from taken t
  join jurisdiction j on j.id = t.jurisdiction_id
  left join ab_user p on p.id = t.recipient_id
 order by t.created_at, t.id
""")

_SETTLE = text("""
update letter
   set state = :state, last_error = :error, next_attempt_at = :next, lease_until = null, leased_by = null,
       sent_at = :sent_at
 where jurisdiction_id = :jurisdiction and id = :id and leased_by = :by and state = 'sending'
""")

_DROP_ALL = text("""
update letter set state = 'dropped', last_error = 'no_mail_server', next_attempt_at = null, lease_until = null
 where channel = 'email' and state in ('queued', 'sending') and next_attempt_at <= :at
""")


def claim_letters(connection: Connection, *, at: dt.datetime, by: str, most: int = BATCH) -> list[Parcel]:
    """Take the mail that is due, oldest first, under a lease in the name ``by``; two dispatchers never take the same.

    Being taken counts as an attempt, so that a letter which kills its dispatcher is not tried for ever.
    """
    rows = connection.execute(_CLAIM, {"at": at, "by": by, "until": at + LEASE, "most": most}).mappings()
    return [Parcel(**row) for row in rows]


def settle_letter(connection: Connection, parcel: Parcel, *, at: dt.datetime, fault: ChannelFault | None = None) -> str:
    """Write down what became of a letter in hand and return its state: sent, dropped, failed, or queued again.

    Without a fault it is sent, or dropped when it had no address. A fault that may pass waits twice as long each time,
    at most an hour, eight attempts in all. Nothing is written when the lease has passed to somebody else.
    """
    pause = None if fault is None or fault.permanent else next_try_after(parcel.attempts)
    done, given_up = ("dropped" if parcel.address is None else "sent"), ("failed" if pause is None else "queued")
    state = given_up if fault else done
    connection.execute(
        _SETTLE,
        {
            "state": state,
            "error": fault.code if fault else "no_address" if state == "dropped" else None,
            "next": at + pause if pause else None,
            "sent_at": at if state == "sent" else None,
            "jurisdiction": parcel.jurisdiction_id,
            "id": parcel.id,
            "by": parcel.leased_by,
        },
    )
    return state


def drop_letters(connection: Connection, *, at: dt.datetime) -> int:
    """Give up the mail of an installation without a mail server; the inbox has every letter. Returns how many."""
    return int(connection.execute(_DROP_ALL, {"at": at}).rowcount)


def deliver_letters(
    dispatcher: Engine,
    server: MailServer | None,
    *,
    base_url: str,
    by: str,
    now: Now = database_now,
) -> int:
    """Carry out the mail that is due, batch by batch, for at most a minute; returns how many letters were settled.

    ``dispatcher`` commits by itself, statement by statement: each letter is settled as soon as it was handed over.
    ``by`` names this run. When the server is away the rest of the batch waits too, and the run ends.
    """
    with dispatcher.connect() as connection:
        started = now(connection)
        if server is None:
            states = ["dropped"] * drop_letters(connection, at=started)
        else:
            with server:
                states = _carry_batches(connection, server, base_url, by, now, started + LONGEST_RUN)
        if states:
            failures = sum(state in ("queued", "failed") for state in states)
            record_run(connection, "notifications.deliver", started_at=started, count=len(states), failures=failures)
    return len(states)


def _carry_batches(
    connection: Connection, server: MailServer, base_url: str, by: str, now: Now, until: dt.datetime
) -> list[str]:
    states: list[str] = []
    while now(connection) < until:
        batch = _carry(connection, server, claim_letters(connection, at=now(connection), by=by), base_url, now)
        states += batch
        # fewer than a batch: no more is due; a letter that must wait: a server in trouble is left alone until the next ring
        if len(batch) < BATCH or batch[-1] == "queued":
            break
    return states


def _carry(connection: Connection, server: MailServer, parcels: list[Parcel], base_url: str, now: Now) -> list[str]:
    states: list[str] = []
    down: ChannelFault | None = None
    for parcel in parcels:
        if now(connection) > parcel.lease_until - BEFORE_LEASE_ENDS:
            break  # the rest comes back by itself when its lease ends
        fault = down
        if fault is None and parcel.address is not None:
            try:
                server.send(write_mail(parcel, base_url))
            except ChannelFault as error:
                fault = error
                down = error if error.down else None
        states.append(settle_letter(connection, parcel, at=now(connection), fault=fault))
    return states


def write_mail(parcel: Parcel, base_url: str) -> Message:
    """The letter as mail, in its reader's language, with the way to what it is about."""
    with force_locale(parcel.locale or "zh"):
        words = letter_words(parcel.kind, parcel.facts, outside=True)
        place = f"{base_url}/j/{parcel.slug}{subject_path(parcel.subject_type, parcel.subject_id)}"
        closing = translate(
            N_("Huiyin of %(jurisdiction)s sent this letter by itself. Please do not answer it."),
            jurisdiction=parcel.jurisdiction,
        )
        lines = [words.subject.say(translate), *(line.say(translate) for line in words.lines), "", place, "", closing]
        return Message(
            key=f"letter-{parcel.jurisdiction_id}-{parcel.id}",
            address=parcel.address or "",
            subject=f"[{parcel.jurisdiction}] {words.subject.say(translate)}",
            text="\n".join(lines) + "\n",
            written_at=parcel.created_at,
        )
