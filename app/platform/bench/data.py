"""Rows to measure on: many jurisdictions with many open matters each, made by the database itself.

The first jurisdiction is a shipped one, imported as any other; the rest copy its profile, sources and units. Texts and
dates are made from numbers, so that every run has the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from werkzeug.security import generate_password_hash

from app.deadlines.services import seed_national_calendar
from app.jurisdictions.rules.folder import LoadedFolder
from app.kernel.actor import Actor
from app.kernel.tenancy import scope, set_based
from app.organisation.models import Membership, Person, Unit
from app.platform.services import import_folder

USERNAME = "bench"
PASSWORD = "bench-bench-bench"  # noqa: S105 - lives in a throw-away database

_TEMPLATES = (
    "CREATE TEMP TABLE bench_profile AS SELECT * FROM profile_version",
    "CREATE TEMP TABLE bench_unit AS SELECT * FROM unit WHERE kind IN ('department', 'township')",
    "CREATE TEMP TABLE bench_source AS SELECT * FROM matter_source",
)

_COPY = (
    "INSERT INTO profile_version (jurisdiction_id, number, status, document, digest, effective_on, published_at) "
    "SELECT :j, number, status, document, digest, effective_on, published_at FROM bench_profile",
    "INSERT INTO unit (jurisdiction_id, code, name, short_name, kind, initials, sort_key, position) "
    "SELECT :j, code, name, short_name, kind, initials, sort_key, position FROM bench_unit",
    "INSERT INTO matter_source (jurisdiction_id, key, name, short_name, category, article, origin_level, position) "
    "SELECT :j, key, name, short_name, category, article, origin_level, position FROM bench_source",
)

_MATTERS = (
    "INSERT INTO matter (jurisdiction_id, version, profile_version_id, step_key, state, title, source_id, origin_level, "
    " lead_unit_id, register_no, created_at, changed_at, listed_at, registered_at, dispatched_at) "
    "SELECT :j, 1, (SELECT id FROM profile_version WHERE jurisdiction_id = :j ORDER BY number DESC LIMIT 1), 'handling', "
    " 'in_progress', '督查事项' || n || '：落实第' || n % 37 || '次会议决定', s.ids[1 + n % array_length(s.ids, 1)], 'own', "
    " u.ids[1 + n % array_length(u.ids, 1)], '政督登〔2026〕' || n || '号', i, i, i, i, i "
    "FROM generate_series(1, :m) n, "
    " LATERAL (SELECT CAST(:at AS timestamptz) - make_interval(hours => 4 * n) AS i) t, "
    " (SELECT array_agg(id ORDER BY id) AS ids FROM matter_source WHERE jurisdiction_id = :j) s, "
    " (SELECT array_agg(id ORDER BY id) AS ids FROM unit WHERE jurisdiction_id = :j AND kind IN ('department', 'township')) u",
    "INSERT INTO assignment (jurisdiction_id, matter_id, unit_id, role, state, notified_at, acknowledged_at) "
    "SELECT jurisdiction_id, id, lead_unit_id, 'lead', 'in_progress', dispatched_at, dispatched_at "
    "FROM matter WHERE jurisdiction_id = :j",
    "INSERT INTO obligation (jurisdiction_id, matter_id, assignment_id, stage, rule, amount, article, start_event, start_on, "
    " raw_on, due_on, original_due_on, yellow_days, yellow_on, explanation, state, created_at, next_reminder_on) "
    "SELECT a.jurisdiction_id, a.matter_id, a.id, 'result', 'months', 1, '第十条', 'acknowledged', d, d + 30, d + 30, d + 30, "
    " 5, d + 23, '{}', 'open', a.notified_at, d + 23 "
    "FROM assignment a, LATERAL (SELECT (a.notified_at AT TIME ZONE 'Asia/Shanghai')::date AS d) t "
    "WHERE a.jurisdiction_id = :j",
)


def fill(
    session: Any,
    folder: LoadedFolder,
    *,
    jurisdictions: int,
    matters: int,
    at: dt.datetime,
    said: Callable[[int], None],
) -> int:
    """Fill an empty database; the id of the first jurisdiction, which ``USERNAME`` may enter as its inspector."""
    seed_national_calendar(session)
    session.commit()
    first = import_folder(session, Actor.system(None), folder, at=at, today=at.date()).jurisdiction_id
    with scope(first, session):
        _inspector(session, first)
        session.commit()
        connection = session.connection()
        for statement in _TEMPLATES:
            connection.execute(text(statement))
        _matters(connection, first, matters, at)
        for number in range(2, jurisdictions + 1):
            _copy(connection, number, matters, at)
            said(number)
        session.commit()
    return first


def _copy(connection: Any, number: int, matters: int, at: dt.datetime) -> None:
    jurisdiction_id = connection.execute(
        text(
            "INSERT INTO jurisdiction (id, code, slug, name, short_name, level, status, created_at) "
            "VALUES (nextval('jurisdiction_id_seq'), :c, :s, :n, :n, 'district', 'active', :at) RETURNING id"
        ),
        {"c": f"{900000 + number}", "s": f"bench-{number}", "n": f"测区{number}", "at": at},
    ).scalar_one()
    connection.execute(text("select set_config('app.jurisdiction_id', :j, true)"), {"j": str(jurisdiction_id)})
    for statement in _COPY:
        connection.execute(text(statement), {"j": jurisdiction_id})
    _matters(connection, jurisdiction_id, matters, at)


def _matters(connection: Any, jurisdiction_id: int, matters: int, at: dt.datetime) -> None:
    for statement in _MATTERS:
        connection.execute(text(statement), {"j": jurisdiction_id, "m": matters, "at": at})


def _inspector(session: Any, jurisdiction_id: int) -> None:
    person = Person(
        username=USERNAME,
        first_name="",
        last_name=USERNAME,
        name=USERNAME,
        email=f"{USERNAME}@people.invalid",
        password=generate_password_hash(PASSWORD, "pbkdf2:sha256:1000"),
        active=True,
        home_jurisdiction_id=jurisdiction_id,
    )
    session.add(person)
    session.flush()
    unit = session.query(Unit).filter(Unit.kind == "office").first()
    membership = Membership(person_id=person.id, unit_id=unit.id, active=True)
    session.add(membership)
    session.flush()
    session.execute(
        set_based(
            text(
                "INSERT INTO membership_role (jurisdiction_id, membership_id, role_id) "
                "SELECT jurisdiction_id, :m, id FROM role WHERE jurisdiction_id = :j AND key = 'inspector'"
            )
        ),
        {"m": membership.id, "j": jurisdiction_id},
    )
