"""What a house's clocks have to say on a day: one statement for all of them, one snapshot.

A clock armed here is one whose letters were decided here. Letters are inserted without waiting for anybody; a clock that
somebody is just changing is left armed as it was, and the next sweep looks again.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import text

from app.kernel.outbox import LETTERS
from app.kernel.tenancy import set_based
from app.urging.rules import (
    LATER_STAGES,
    NOTHING_MORE,
    OWN_STAGES,
    QUIET_ASSIGNMENT_STATES,
    QUIET_MATTER_STATES,
    Days,
    House,
)

# The days of app.urging.rules.ladder in SQL: counts[i] working days up to the i-th day, working[k] the k-th working day, both
# counted from 1 here. An unknown day is the one after the calendar's last, as there.
_DAYS = """
calendar as materialized (
    select cast(:counts as int[]) as counts, cast(:working as int[]) as working, cast(:first_day as date) as first_day,
           cast(:last_day as date) as last_day, cast(:today as date) as today,
           (cast(:counts as int[]))[cast(:today as date) - cast(:first_day as date) + 1] as count_today
), step as materialized (
    select * from jsonb_to_recordset(cast(:steps as jsonb)) as given (
        ladder int, place int, key text, name text, base text, days int, counted boolean, every int, unsigned boolean,
        carrier boolean, drafts boolean, bulletin boolean, wanted jsonb, unit_roles jsonb, office_roles jsonb)
)"""

# Of each clock, in one pass over its steps: the step that came last up to today, the next day on which any comes, and the last
# draft and candidate since it was looked at. A mark is (day of the calendar, place in the ladder, how often it has come again),
# so that the greatest is the last. Clocks are not joined with their steps anew: a plan that is made once for all houses does
# not know how many there are, and would compare each with each. ``offset 0`` has what stands before it worked out once; without
# it every mention would be worked out anew, fifty times a step.
_STEPPED = """
stepped as materialized (
    select d.*, mark.last, mark.draft, mark.bulletin, coalesce(mark.next_on, cast(:nothing_more as date)) as next_on
      from due d
     cross join lateral (
        select max(told.mark) as last,
               max(told.mark) filter (where step.drafts and fresh.yes) as draft,
               max(told.mark) filter (where step.bulletin and fresh.yes) as bulletin,
               min(case when first.day > c.today then first.day
                        when step.every is not null
                        then coalesce(c.first_day + c.working[again.counted + (come.time + 1) * step.every],
                                      c.last_day + 1) end) as next_on
          from step
         cross join calendar c
         cross join lateral (
            select greatest(case step.base when 'dispatched' then d.start_on when 'light' then d.yellow_on
                                           else d.last_on end, c.first_day) as day) as base
         cross join lateral (
            select greatest(case when not step.counted then base.day + step.days end, c.first_day) as day) as raw
         cross join lateral (
            select case when base.day > c.last_day then c.last_day + 1
                        when step.counted and step.days > 0
                        then coalesce(c.first_day + c.working[c.counts[base.day - c.first_day + 1] + step.days],
                                      c.last_day + 1)
                        when step.counted
                        then c.first_day + c.working[greatest(coalesce(c.counts[base.day - c.first_day], 0)
                                                              + step.days + 1, 1)]
                        when raw.day > c.last_day then c.last_day + 1
                        when not :working_days_only then raw.day
                        when step.base = 'due'
                        then c.first_day + c.working[greatest(c.counts[raw.day - c.first_day + 1], 1)]
                        else coalesce(c.first_day + c.working[coalesce(c.counts[raw.day - c.first_day], 0) + 1],
                                      c.last_day + 1) end as day offset 0) as first
         cross join lateral (
            select coalesce(c.counts[first.day - c.first_day + 1], 0) as counted offset 0) as again
         cross join lateral (
            select case when first.day <= c.today
                        then case when step.every is null then 0 else (c.count_today - again.counted) / step.every end
                        end as time offset 0) as come
         cross join lateral (
            select case when come.time = 0 then first.day - c.first_day
                        when come.time > 0 then c.working[again.counted + come.time * step.every] end as day
            offset 0) as said
         cross join lateral (
            select case when said.day is not null then array[said.day, step.place, come.time] end as mark
            offset 0) as told
         cross join lateral (
            select d.next_reminder_on is null or c.first_day + said.day >= d.next_reminder_on as yes) as fresh
         where step.ladder = d.ladder and (not step.unsigned or d.unsigned)) as mark
)"""

_SPEAK = set_based(
    text(f"""
with {_DAYS}, due as materialized (
    select o.id, o.matter_id, o.assignment_id, o.stage, o.due_on,
           o.due_on || coalesce(nullif(to_char(o.due_at at time zone 'Asia/Shanghai', ' HH24\\:MI'), ' 00:00'), '')
           as due_words,
           o.yellow_on, o.next_reminder_on, o.article, part.unit_id,
           coalesce(cast(a.notified_at at time zone 'Asia/Shanghai' as date), o.start_on) as start_on,
           case when o.due_at < (o.due_on + make_time(:hour, 0, 0)) at time zone 'Asia/Shanghai'
                then o.due_on - 1 else o.due_on end as last_on,
           o.due_on < :today or o.due_at < :at as passed,
           case when part.unit_id is null then :own_ladder
                else coalesce(cast(cast(:by_rule as jsonb) ->> o.rule_key as int), 0) end as ladder,
           part.unit_id is not null and a.acknowledged_at is null
           and not exists (select 1 from obligation e
                            where e.jurisdiction_id = :jurisdiction and e.matter_id = o.matter_id and e.state = 'open'
                              and e.assignment_id = o.assignment_id and e.id < o.id) as unsigned,
           m.title, m.register_no, m.registered_by, m.supervising_unit_id, m.secrecy_level = 'sensitive' as sensitive
      from obligation o
     -- looked up by key, row by row: the planner expects one row here and is not to choose another way for hundreds
     cross join lateral (
        select matter.* from matter where matter.jurisdiction_id = :jurisdiction and matter.id = o.matter_id offset 0) as m
      left join lateral (
        select assignment.* from assignment
         where assignment.jurisdiction_id = :jurisdiction and assignment.id = o.assignment_id offset 0) as a on true
     cross join lateral (select case when o.stage <> all(:own_stages) then a.unit_id end as unit_id) as part
     where o.jurisdiction_id = :jurisdiction and o.state = 'open'
       and (o.next_reminder_on is null or o.next_reminder_on <= :today)
       and (m.state <> all(:quiet_matters) or m.state = 'closed_out' and o.stage = any(:later_stages))
       and (a.id is null or a.state <> all(:quiet_assignments) or o.stage = any(:later_stages))
       and not (o.extension_asked and (o.due_on < :today or coalesce(o.due_at < :at, false)))  -- until it is answered
), {_STEPPED}, speaking as materialized (
    select d.*, step.key || case when d.last[3] > 0 then '.' || d.last[3] else '' end as occasion,
           step.name as step_name, step.place, step.carrier, step.unit_roles, step.office_roles,
           (select array_agg(way) from jsonb_array_elements_text(step.wanted) as way) as wanted,
           case step.base when 'dispatched' then d.start_on else d.due_on end as counted_from,
           case when step.unsigned then 'unacknowledged' when d.passed then 'overdue'
                when d.due_on = :today then 'due_today'
                when d.yellow_on <= :today or step.base in ('light', 'due') then 'due_soon'
                else 'under_way' end as kind
      from stepped d
     cross join calendar c
      join step on step.ladder = d.ladder and step.place = d.last[2]
     where d.next_reminder_on is null or c.first_day + d.last[1] >= d.next_reminder_on
), member as materialized (
    select ms.id, ms.unit_id, ms.person_id, r.id as role_id, r.key as role_key
      from membership ms
     cross join lateral (select from ab_user where ab_user.id = ms.person_id and ab_user.active offset 0) as p
      left join lateral (
        select role.id, role.key from membership_role mr
          join role on role.jurisdiction_id = :jurisdiction and role.id = mr.role_id
         where mr.jurisdiction_id = :jurisdiction and mr.membership_id = ms.id offset 0) as r on true
     where ms.jurisdiction_id = :jurisdiction and ms.active
), office as materialized (
    -- roles that see every matter, and whether the sensitive ones too; those that urge are the office itself
    select sees.role_id, bool_or(more."right" = 'matter:read_restricted') as restricted,
           bool_or(more."right" = 'matter:urge') as urges
      from role_right sees
      join role_right more on more.jurisdiction_id = sees.jurisdiction_id and more.role_id = sees.role_id
     where sees.jurisdiction_id = :jurisdiction and sees."right" = 'matter:read_all'
     group by sees.role_id
), in_unit as (
    select d.id, member.person_id
      from speaking d
     cross join lateral jsonb_array_elements_text(d.unit_roles) as named (role_key)
      join member on member.unit_id = d.unit_id and member.role_key = named.role_key
), in_office as (
    select d.id, member.person_id
      from speaking d
     cross join lateral jsonb_array_elements_text(d.office_roles) as named (role_key)
      join member on member.role_key = named.role_key
      join office on office.role_id = member.role_id and (office.restricted or not d.sensitive)
), deciding as (
    -- an answer that is due: those whose turn it is, in a sequence the next of them
    select d.id, member.person_id
      from speaking d
      join approval ap on ap.jurisdiction_id = :jurisdiction and ap.obligation_id = d.id and ap.state = 'pending'
     cross join lateral jsonb_array_elements_text(ap.roles) with ordinality as named (role_key, place)
     cross join lateral (select array_agg(v.role_key) as roles, count(*) as votes from approval_vote v
                          where v.jurisdiction_id = :jurisdiction and v.approval_id = ap.id) as given
      join member on member.role_key = named.role_key
     where not d.sensitive and named.role_key <> all(coalesce(given.roles, '{{}}'))
       and (ap.mode <> 'sequence' or named.place = given.votes + 1)
), reviewing as (
    -- an objection to a conclusion: those of the office who may decide on it and took no part in the supervision
    select d.id, member.person_id
      from speaking d
      join member on d.stage = 'conclusion_review'
      join role_right may on may.jurisdiction_id = :jurisdiction and may.role_id = member.role_id
                         and may."right" = 'matter:review'
      join office on office.role_id = member.role_id
     where not d.sensitive
       and not exists (select 1 from membership part
                        where part.jurisdiction_id = :jurisdiction and part.person_id = member.person_id
                          and (part.id = d.registered_by
                               or part.id in (select c.served_by from conclusion c
                                               where c.jurisdiction_id = :jurisdiction and c.matter_id = d.matter_id)
                               or part.id in (select r.reviewed_by from report r
                                               where r.jurisdiction_id = :jurisdiction and r.matter_id = d.matter_id)))
), decided as (
    select * from deciding union select * from reviewing
), answering as (
    select * from in_unit union select * from in_office union select * from decided
), heard as materialized (
    select answering.id, bool_or(decided.id is not null) as decides
      from answering left join decided on decided.id = answering.id group by answering.id
), carrying as (
    -- whoever carries the matter: where the step says so and nobody is asked to decide, and where nobody else hears of it
    select d.id, member.person_id
      from speaking d
      left join heard on heard.id = d.id
      join member on member.id = d.registered_by
     where heard.id is null or d.carrier and not heard.decides
     union
    select d.id, member.person_id
      from speaking d
      left join heard on heard.id = d.id
      join member on member.unit_id = d.supervising_unit_id
      join office on office.role_id = member.role_id and office.urges
     where heard.id is null or d.carrier and not heard.decides
), told_first as materialized (
    select * from answering union select * from carrying
), asked as (
    select * from told_first
     union
    -- a clock nobody is left to hear of: whoever urges in this house
    select d.id, member.person_id
      from speaking d
      join office on office.urges and (office.restricted or not d.sensitive)
      join member on member.role_id = office.role_id
     where not exists (select 1 from told_first where told_first.id = d.id)
), reader as (
    select * from asked
     union
    -- and the deputies of those who are away, but for sensitive matters: their sight is not lent
    select asked.id, deputy.person_id
      from asked
      join speaking d on d.id = asked.id and not d.sensitive
      join membership away on away.jurisdiction_id = :jurisdiction and away.person_id = asked.person_id and away.active
      join absence ab on ab.jurisdiction_id = :jurisdiction and ab.membership_id = away.id
                     and ab.from_on <= :today and ab.until_on >= :today
                     and (ab.ended_on is null or ab.ended_on > :today)
      join member deputy on deputy.id = ab.deputy_id
), told as materialized (
    select reader.person_id as recipient_id, 'obligation.' || d.kind as kind,
           'obligation:' || d.id || ':' || d.occasion || ':' || d.counted_from as dedupe_key,
           cast('matter' as text) as subject_type, d.matter_id as subject_id,
           jsonb_build_object('title', d.title, 'register_no', d.register_no, 'stage', d.stage, 'due_on', d.due_words,
                              'article', d.article, 'step', d.step_name, 'sensitive', d.sensitive) as facts,
           d.wanted
      from speaking d
      join reader on reader.id = d.id
), {LETTERS}, suggested as (
    insert into suggestion (jurisdiction_id, matter_id, assignment_id, obligation_id, kind, step_key, step_name, unsigned,
                            due_on, raised_at)
    select :jurisdiction, d.matter_id, d.assignment_id, d.id, flag.kind, step.key, step.name, step.unsigned, d.due_on, :at
      from stepped d
     cross join lateral (values ('urging', d.draft), ('bulletin', d.bulletin)) as flag (kind, mark)
      join step on step.ladder = d.ladder and step.place = flag.mark[2]
     where d.unit_id is not null
        on conflict do nothing
), untouched as (
    select o.id, d.next_on as day
      from obligation o
      join stepped d on d.id = o.id
     where o.jurisdiction_id = :jurisdiction and o.state = 'open' and o.due_on = d.due_on and o.yellow_on = d.yellow_on
       and o.next_reminder_on is not distinct from d.next_reminder_on
       for update of o skip locked
), armed as (
    update obligation o set next_reminder_on = untouched.day
      from untouched
     where o.jurisdiction_id = :jurisdiction and o.id = untouched.id
)
select count(*) from letter_written
""")  # noqa: S608 - put together from constants
)


def speak(session: Any, jurisdiction_id: int, house: House, days: Days, *, today: dt.date, at: dt.datetime) -> int:
    """Write what the house's clocks have to say today, and arm each for its next step; how many letters were written.

    A clock that has come to several steps speaks of the last of them; every urging and every candidate for the bulletin it
    passed is laid before the office. Part of a command. ``today`` lies within ``days``.
    """
    values = counting(house, days, today) | {
        "jurisdiction": jurisdiction_id,
        "at": at,
        "hour": house.hour,
        "by_rule": house.by_rule_text,
        "own_ladder": house.own_ladder,
        "own_stages": list(OWN_STAGES),
        "quiet_matters": list(QUIET_MATTER_STATES),
        "quiet_assignments": list(QUIET_ASSIGNMENT_STATES),
        "later_stages": list(LATER_STAGES),
    }
    return int(session.execute(_SPEAK, values).scalar_one())


def counting(house: House, days: Days, today: dt.date) -> dict[str, Any]:
    """What the parts of the statement that count days are given: the ladders' steps and the stretch of the calendar."""
    return {
        "today": today,
        "working_days_only": house.working_days_only,
        "counts": days.counts_text,
        "working": days.working_text,
        "first_day": days.first,
        "last_day": days.last,
        "steps": house.steps_text,
        "nothing_more": NOTHING_MORE,
    }
