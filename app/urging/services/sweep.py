"""The sweep: from open clocks to letters, in sets.

The database is the truth and the queue's messages are doorbells. A jurisdiction is claimed under a lease, swept in one
transaction and only then given its next hour; whatever dies in between is found again when the lease ends.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import or_, select, text, update

from app.deadlines.queries import calendar_for
from app.deadlines.rules import DeadlineError, WorkingCalendar, local_day
from app.jurisdictions.models import Jurisdiction
from app.kernel.commands import command
from app.kernel.jobs import record_run
from app.kernel.tenancy import platform_scope, scope, set_based
from app.matters.services.rounds import ask_next_reports
from app.urging.rules import (
    LADDER,
    LATER_STAGES,
    NOTHING_MORE,
    OFFICE_ROLES,
    OFFICE_STAGES,
    QUIET_ASSIGNMENT_STATES,
    QUIET_MATTER_STATES,
    next_hour_at,
    speaks,
    weekdays_only,
)

LEASE = dt.timedelta(minutes=10)
"""How long a claimed jurisdiction is left to whoever claimed it."""

LONGEST_SILENCE = dt.timedelta(days=2)
"""A next sweep further away was written under a clock that ran ahead, and is not believed."""


def claim_due_jurisdictions(session: Any, at: dt.datetime, limit: int = 5000) -> list[int]:
    """Take the jurisdictions whose hour has come, each under a lease; two claims at once never take the same.

    Their next hour is not moved here: if whoever took them is killed, they are due again when the lease ends. Returns
    the ids, those that have waited longest first. ``at`` is the database's clock, or a test's.
    """
    with platform_scope("ring the jurisdictions that are due", session):
        return _claim(session, at=at, limit=limit)


@command
def _claim(session: Any, *, at: dt.datetime, limit: int) -> list[int]:
    due = (
        select(Jurisdiction.id)
        .where(
            Jurisdiction.status == "active",
            or_(
                Jurisdiction.next_sweep_at.is_(None),
                Jurisdiction.next_sweep_at <= at,
                Jurisdiction.next_sweep_at > at + LONGEST_SILENCE,
            ),
            or_(
                Jurisdiction.claimed_until.is_(None),
                Jurisdiction.claimed_until <= at,
                Jurisdiction.claimed_until > at + 2 * LEASE,
            ),
        )
        .order_by(Jurisdiction.next_sweep_at.nulls_first(), Jurisdiction.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    taken = (
        update(Jurisdiction)
        .where(Jurisdiction.id.in_(due))
        .values(claimed_until=at + LEASE)
        .returning(Jurisdiction.id, Jurisdiction.next_sweep_at)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(taken).all()
    return [
        row.id for row in sorted(rows, key=lambda row: (row.next_sweep_at is not None, row.next_sweep_at or at, row.id))
    ]


def sweep_jurisdiction(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
    """Write every letter that is due in one jurisdiction, give it its next hour, and say how many letters there were.

    One transaction in that jurisdiction's own scope. It speaks on its working days from nine o'clock; on other days and
    hours it only learns when to speak next. Each occasion of each clock reaches each person once, however often and
    from however many processes this is called; after days of silence only the present occasion is spoken of. A
    jurisdiction that is not active, or not due, gets nothing.
    """
    with scope(jurisdiction_id, session):
        return _sweep(session, jurisdiction_id, at=at)


@command
def _sweep(session: Any, jurisdiction_id: int, *, at: dt.datetime) -> int:
    # NO KEY UPDATE: two sweeps queue here, while acts that only refer to the jurisdiction go on beside them.
    house = session.scalars(
        select(Jurisdiction)
        .where(Jurisdiction.id == jurisdiction_id, Jurisdiction.status == "active")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if house is None or (house.next_sweep_at and at < house.next_sweep_at <= at + LONGEST_SILENCE):
        return 0
    calendar = _calendar(session, jurisdiction_id, local_day(at))
    ask_next_reports(session, jurisdiction_id, at)
    written = _write_letters(session, jurisdiction_id, at) if speaks(calendar, at) else 0
    house.next_sweep_at = next_hour_at(at)
    house.claimed_until = None
    if written:
        record_run(session, "urging.sweep", started_at=at, count=written, note=f"jurisdiction {jurisdiction_id}")
    return written


def _calendar(session: Any, jurisdiction_id: int, day: dt.date) -> WorkingCalendar:
    try:
        return calendar_for(session, jurisdiction_id)
    except DeadlineError as error:
        if error.code != "calendar_empty":
            raise
        return weekdays_only(day)


# One statement, one snapshot: a clock armed here is one whose letters were decided here. Letters are inserted without
# waiting for anybody; a clock that somebody is just changing is left armed as it was, and tomorrow's sweep looks again.
_LETTERS = set_based(
    text("""
with due as materialized (
    select o.id, o.matter_id, o.stage, o.due_on,
           o.due_on || coalesce(nullif(to_char(o.due_at at time zone 'Asia/Shanghai', ' HH24\\:MI'), ' 00:00'), '')
           as due_words,
           o.yellow_on, o.next_reminder_on, o.article,
           case when o.stage <> all(:office_stages) then a.unit_id end as unit_id,
           m.title, m.register_no, m.registered_by, m.secrecy_level = 'sensitive' as sensitive,
           case when (o.due_on < :today or o.due_at < :at) and o.extension_asked then null  -- until it is answered
                when o.due_on < :today or o.due_at < :at then 'overdue'
                when o.due_on = :today then 'due_today'
                when o.yellow_on <= :today then 'due_soon' end as occasion
      from obligation o
      join matter m on m.jurisdiction_id = o.jurisdiction_id and m.id = o.matter_id
      left join assignment a on a.jurisdiction_id = o.jurisdiction_id and a.id = o.assignment_id
     where o.jurisdiction_id = :jurisdiction and o.state = 'open'
       and (o.next_reminder_on is null or o.next_reminder_on <= :today)
       and (m.state <> all(:quiet_matters) or m.state = 'closed_out' and o.stage = any(:later_stages))
       and (a.id is null or a.state <> all(:quiet_assignments) or o.stage = any(:later_stages))
), member as (
    select ms.id, ms.unit_id, ms.person_id, r.id as role_id, r.key as role_key
      from membership ms
      join ab_user p on p.id = ms.person_id and p.active
      left join membership_role mr on mr.jurisdiction_id = ms.jurisdiction_id and mr.membership_id = ms.id
      left join role r on r.jurisdiction_id = mr.jurisdiction_id and r.id = mr.role_id
     where ms.jurisdiction_id = :jurisdiction and ms.active
), ladder (occasion, role_key) as (
    select * from unnest(cast(:occasions as text[]), cast(:role_keys as text[]))
), in_unit as (
    select d.id, member.person_id
      from due d
      join ladder on ladder.occasion = d.occasion
      join member on member.unit_id = d.unit_id and member.role_key = ladder.role_key
), deciding as (
    -- an answer that is due: those whose turn it is, in a sequence the next of them
    select d.id, member.person_id
      from due d
      join approval ap on ap.jurisdiction_id = :jurisdiction and ap.obligation_id = d.id and ap.state = 'pending'
     cross join lateral jsonb_array_elements_text(ap.roles) with ordinality as named (role_key, place)
     cross join lateral (select array_agg(v.role_key) as roles, count(*) as votes from approval_vote v
                          where v.jurisdiction_id = :jurisdiction and v.approval_id = ap.id) as given
      join member on member.role_key = named.role_key
     where d.occasion is not null and not d.sensitive
       and named.role_key <> all(coalesce(given.roles, '{}'))
       and (ap.mode <> 'sequence' or named.place = given.votes + 1)
), reviewing as (
    -- an objection to a conclusion: those of the office who may decide on it and took no part in the supervision
    select d.id, member.person_id
      from due d
      join member on d.stage = 'conclusion_review'
      join role_right may on may.jurisdiction_id = :jurisdiction and may.role_id = member.role_id
                         and may."right" = 'matter:review'
      join role_right sees on sees.jurisdiction_id = :jurisdiction and sees.role_id = member.role_id
                          and sees."right" = 'matter:read_all'
     where d.occasion is not null and not d.sensitive
       and not exists (select 1 from membership part
                        where part.jurisdiction_id = :jurisdiction and part.person_id = member.person_id
                          and (part.id = d.registered_by
                               or part.id in (select c.served_by from conclusion c
                                               where c.jurisdiction_id = :jurisdiction and c.matter_id = d.matter_id)
                               or part.id in (select r.reviewed_by from report r
                                               where r.jurisdiction_id = :jurisdiction and r.matter_id = d.matter_id)))
), in_charge as (
    select d.id, member.person_id
      from due d join member on member.id = d.registered_by
     where d.occasion is not null and d.id not in (select id from in_unit) and d.id not in (select id from deciding)
       and d.id not in (select id from reviewing)
), in_office as (
    select d.id, member.person_id
      from due d join member on member.role_key = any(:office_roles)
     where d.occasion is not null
       and d.id not in (select id from in_unit) and d.id not in (select id from deciding)
       and d.id not in (select id from reviewing) and d.id not in (select id from in_charge)
), asked as (
    select * from in_unit union select * from deciding union select * from reviewing union select * from in_charge
     union select * from in_office
), reader as (
    select * from asked
     union
    -- and the deputies of those who are away, but for sensitive matters: their sight is not lent
    select asked.id, deputy.person_id
      from asked
      join due d on d.id = asked.id and not d.sensitive
      join membership away on away.jurisdiction_id = :jurisdiction and away.person_id = asked.person_id and away.active
      join absence ab on ab.jurisdiction_id = :jurisdiction and ab.membership_id = away.id
                     and ab.from_on <= :today and ab.until_on >= :today
                     and (ab.ended_on is null or ab.ended_on > :today)
      join member deputy on deputy.id = ab.deputy_id
), written as (
    insert into letter (jurisdiction_id, recipient_id, channel, kind, dedupe_key, subject_type, subject_id, facts,
                        state, next_attempt_at, created_at, sent_at)
    select :jurisdiction, reader.person_id, way.channel, 'obligation.' || d.occasion,
           'obligation:' || d.id || ':' || d.occasion || ':' || d.due_on, 'matter', d.matter_id,
           jsonb_build_object('title', d.title, 'register_no', d.register_no, 'stage', d.stage, 'due_on', d.due_words,
                              'article', d.article, 'sensitive', d.sensitive),
           way.state, case when way.channel = 'email' then :at end, :at, case when way.channel = 'inbox' then :at end
      from due d
      join reader on reader.id = d.id
     cross join (values ('inbox', 'sent'), ('email', 'queued')) as way (channel, state)
        on conflict do nothing
    returning 1
), untouched as (
    select o.id, d.occasion
      from obligation o join due d on d.id = o.id
     where o.jurisdiction_id = :jurisdiction and o.state = 'open' and o.due_on = d.due_on and o.yellow_on = d.yellow_on
       and o.next_reminder_on is not distinct from d.next_reminder_on
       for update of o skip locked
), armed as (
    update obligation o
       set next_reminder_on = case untouched.occasion when 'overdue' then cast(:nothing_more as date)
                                                      when 'due_today' then o.due_on + 1
                                                      when 'due_soon' then o.due_on
                                                      else least(o.yellow_on, o.due_on) end
      from untouched
     where o.jurisdiction_id = :jurisdiction and o.id = untouched.id
)
select count(*) from written
""")
)


def _write_letters(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
    rungs = [(rung.occasion.value, role) for rung in LADDER for role in rung.unit_roles]
    values = {
        "jurisdiction": jurisdiction_id,
        "today": local_day(at),
        "at": at,
        "occasions": [occasion for occasion, _ in rungs],
        "role_keys": [role for _, role in rungs],
        "office_roles": list(OFFICE_ROLES),
        "office_stages": list(OFFICE_STAGES),
        "quiet_matters": list(QUIET_MATTER_STATES),
        "quiet_assignments": list(QUIET_ASSIGNMENT_STATES),
        "later_stages": list(LATER_STAGES),
        "nothing_more": NOTHING_MORE,
    }
    return int(session.execute(_LETTERS, values).scalar_one())


@command
def note_failed_sweep(session: Any, jurisdiction_id: int, *, at: dt.datetime, fault: str) -> None:
    """Put a failed sweep on the job board. ``fault`` is the kind of error, never its text, which may quote rows."""
    record_run(
        session, "urging.sweep", started_at=at, count=0, failures=1, note=f"jurisdiction {jurisdiction_id}: {fault}"
    )
