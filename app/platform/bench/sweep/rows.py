"""Jurisdictions with units, people and matters, made by the database itself in one statement per table.

The first is a shipped one, imported as any other; the others copy its profile, roles, sources and units. It is filled as
the superuser of a server that is thrown away, without the checks of foreign keys: they would only repeat the joins.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from psycopg import Connection

from app.deadlines.services import seed_national_calendar
from app.jurisdictions.rules.folder import LoadedFolder
from app.kernel.actor import Actor
from app.platform.bench.sweep import days
from app.platform.services import import_folder

LONG_AGO = dt.timedelta(days=60)
"""How long before the first sweep everything was dispatched."""

# One unit in seventeen has no liaison, as happens: its clocks speak to the inspector who registered the matter.
WITHOUT_LIAISON = 17

_HOUSES = (
    "INSERT INTO jurisdiction (id, code, slug, name, short_name, level, status, created_at) "
    "SELECT nextval('jurisdiction_id_seq'), 900000 + n, 'bench-' || n, '测区' || n, '测区' || n, 'district', 'active', "
    "%(at)s FROM generate_series(2, %(jurisdictions)s) n",
    "INSERT INTO profile_version (jurisdiction_id, number, status, document, digest, effective_on, published_at) "
    "SELECT j.id, p.number, p.status, p.document, p.digest, p.effective_on, p.published_at "
    "FROM profile_version p, jurisdiction j WHERE p.jurisdiction_id = %(first)s AND j.id <> %(first)s",
    "INSERT INTO unit (jurisdiction_id, code, name, short_name, kind, initials, sort_key, position) "
    "SELECT j.id, u.code, u.name, u.short_name, u.kind, u.initials, u.sort_key, u.position "
    "FROM unit u, jurisdiction j WHERE u.jurisdiction_id = %(first)s AND j.id <> %(first)s",
    "INSERT INTO matter_source (jurisdiction_id, key, name, short_name, category, article, origin_level, position) "
    "SELECT j.id, s.key, s.name, s.short_name, s.category, s.article, s.origin_level, s.position "
    "FROM matter_source s, jurisdiction j WHERE s.jurisdiction_id = %(first)s AND j.id <> %(first)s",
    "INSERT INTO role (jurisdiction_id, key, name, article, position) "
    "SELECT j.id, r.key, r.name, r.article, r.position "
    "FROM role r, jurisdiction j WHERE r.jurisdiction_id = %(first)s AND j.id <> %(first)s",
    'INSERT INTO role_right (jurisdiction_id, role_id, "right") SELECT o.jurisdiction_id, o.id, g."right" '
    "FROM role_right g JOIN role r ON r.jurisdiction_id = g.jurisdiction_id AND r.id = g.role_id "
    "JOIN role o ON o.key = r.key AND o.jurisdiction_id <> r.jurisdiction_id WHERE g.jurisdiction_id = %(first)s",
)

# Every handling unit has a liaison and a leader; the office has three inspectors and the one who leads it.
_PEOPLE = (
    "CREATE TABLE bench_seat AS "
    "SELECT nextval('ab_user_id_seq')::int AS person_id, nextval('entity_id_seq') AS membership_id, "
    " u.jurisdiction_id, u.id AS unit_id, r.id AS role_id, r.key AS role_key, s.n "
    "FROM (SELECT *, row_number() OVER (PARTITION BY jurisdiction_id, kind = 'office' ORDER BY code) AS place FROM unit) u "
    "JOIN (VALUES ('unit_liaison', false, 1), ('unit_leader', false, 1), ('inspector', true, 1), ('inspector', true, 2), "
    " ('inspector', true, 3), ('office_leader', true, 1)) AS s (role_key, office, n) "
    " ON s.office = (u.kind = 'office') AND u.kind <> 'government' "
    " AND NOT (s.role_key = 'unit_liaison' AND u.place = %(without)s) "
    "JOIN role r ON r.jurisdiction_id = u.jurisdiction_id AND r.key = s.role_key",
    "INSERT INTO ab_user (id, username, first_name, last_name, name, email, active, home_jurisdiction_id) "
    "SELECT person_id, 'p' || person_id, '', 'p' || person_id, '测' || person_id, 'p' || person_id || '@bench.example', true, "
    " jurisdiction_id FROM bench_seat",
    "INSERT INTO membership (jurisdiction_id, id, person_id, unit_id) "
    "SELECT jurisdiction_id, membership_id, person_id, unit_id FROM bench_seat",
    "INSERT INTO membership_role (jurisdiction_id, membership_id, role_id) "
    "SELECT jurisdiction_id, membership_id, role_id FROM bench_seat",
)

# A share has its state, its secrecy and, in the bands, its due date; the rest takes the days of the spread in turn. Matters
# of one jurisdiction lie together, as those of a day do that were listed by one house.
_MATTERS = (
    "CREATE TABLE bench_share (place int PRIMARY KEY, due_on date, suspended boolean, sensitive boolean)",
    "CREATE TABLE bench_matter AS "
    "SELECT j.id AS jurisdiction_id, nextval('entity_id_seq') AS id, nextval('entity_id_seq') AS assignment_id, n, "
    " h.profile_id, h.units[1 + n %% cardinality(h.units)] AS unit_id, "
    " h.sources[1 + n %% cardinality(h.sources)] AS source_id, "
    " h.inspectors[1 + n %% cardinality(h.inspectors)] AS inspector_id, coalesce(s.due_on, "
    " (%(spread)s::date[])[1 + (n * 7 + j.id) %% cardinality(%(spread)s::date[])]) AS due_on, s.suspended, s.sensitive "
    "FROM jurisdiction j "
    "JOIN LATERAL (SELECT "
    " (SELECT max(id) FROM profile_version p WHERE p.jurisdiction_id = j.id) AS profile_id, "
    " (SELECT array_agg(id ORDER BY code) FROM unit u WHERE u.jurisdiction_id = j.id AND kind NOT IN ('office', 'government')) "
    "  AS units, "
    " (SELECT array_agg(id ORDER BY key) FROM matter_source m WHERE m.jurisdiction_id = j.id) AS sources, "
    " (SELECT array_agg(membership_id ORDER BY n) FROM bench_seat b "
    "   WHERE b.jurisdiction_id = j.id AND role_key = 'inspector') AS inspectors) h ON true "
    "CROSS JOIN generate_series(0, %(matters)s - 1) n JOIN bench_share s ON s.place = n %% %(shares)s "
    "ORDER BY j.id, n",
    "INSERT INTO matter (jurisdiction_id, id, version, profile_version_id, step_key, state, title, source_id, origin_level, "
    " secrecy_level, lead_unit_id, registered_by, register_no, created_at, changed_at, listed_at, registered_at, "
    " dispatched_at) "
    "SELECT jurisdiction_id, id, 1, profile_id, 'handling', CASE WHEN suspended THEN 'suspended' ELSE 'in_progress' END, "
    " '关于第' || n || '号督查事项：落实第' || n %% 37 || '次常务会议决定的事项', source_id, 'own', "
    " CASE WHEN sensitive THEN 'sensitive' ELSE 'internal' END, unit_id, inspector_id, '政督登〔2026〕' || n || '号', "
    " %(at)s, %(at)s, %(at)s, %(at)s, %(at)s FROM bench_matter",
    "INSERT INTO assignment (jurisdiction_id, id, matter_id, unit_id, role, state, notified_at, acknowledged_at) "
    "SELECT jurisdiction_id, assignment_id, id, unit_id, 'lead', 'in_progress', %(at)s, %(at)s FROM bench_matter",
    # the report on the plan has been given
    "INSERT INTO obligation (jurisdiction_id, matter_id, assignment_id, stage, rule, amount, article, start_event, start_on, "
    " raw_on, due_on, original_due_on, yellow_days, yellow_on, explanation, state, created_at, met_at) "
    "SELECT jurisdiction_id, id, assignment_id, 'plan', 'working_days', 7, '第十条', 'dispatched', %(day)s, %(day)s, %(day)s, "
    " %(day)s, 2, %(day)s, '{}', 'met', %(at)s, %(at)s FROM bench_matter WHERE n %% 3 = 0",
    "INSERT INTO obligation (jurisdiction_id, matter_id, assignment_id, stage, rule, amount, article, start_event, start_on, "
    " raw_on, due_on, original_due_on, yellow_days, yellow_on, explanation, state, created_at) "
    "SELECT jurisdiction_id, id, assignment_id, 'result', 'months', 1, '第十条', 'acknowledged', %(day)s, m.due_on, m.due_on, "
    ' m.due_on, %(yellow_days)s, y.yellow_on, \'{"rule": "months", "amount": 1}\', \'open\', %(at)s '
    "FROM bench_matter m JOIN bench_yellow y ON y.due_on = m.due_on",
)


def import_first(session: Any, folder: LoadedFolder, at: dt.datetime) -> int:
    """The calendar and the first jurisdiction, brought in as any other; its id."""
    seed_national_calendar(session)
    session.commit()
    return import_folder(session, Actor.system(None), folder, at=at, today=at.date()).jurisdiction_id


def fill(connection: Connection, first: int, *, jurisdictions: int, matters: int) -> None:
    """Make the other jurisdictions after the first, then everybody's people, matters and open clocks."""
    at = days.hour(days.ARMED) - LONG_AGO
    values = {
        "first": first,
        "jurisdictions": jurisdictions,
        "matters": matters,
        "at": at,
        "day": at.date(),
        "without": WITHOUT_LIAISON,
        "spread": days.spread_days(),
        "shares": days.SHARES,
        "yellow_days": days.YELLOW_DAYS,
    }
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        for statement in (*_HOUSES, *_PEOPLE):
            cursor.execute(statement, values)
        cursor.execute(_MATTERS[0])
        cursor.executemany(
            "INSERT INTO bench_share VALUES (%s, %s, %s, %s)",
            [(share.place, share.due_on, share.suspended, share.sensitive) for share in days.shares()],
        )
        cursor.execute("CREATE TABLE bench_yellow (due_on date PRIMARY KEY, yellow_on date)")
        cursor.executemany(
            "INSERT INTO bench_yellow VALUES (%s, %s)",
            [(due, days.working_day(due, -days.YELLOW_DAYS)) for due in days.due_dates()],
        )
        for statement in _MATTERS[1:]:
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE bench_matter")
    connection.execute("VACUUM ANALYZE")
