"""What the same letters cost when nobody is kept apart: one statement for all jurisdictions, and one that only reads.

The statement knows nothing of the sweep's. It is told which due dates speak, writes into a table with the letters' own
columns, indexes and keys, and is therefore also what the sweep's letters are compared with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import Connection

from app.platform.bench.sweep.days import Said

# Keys on other tables are checked for the letters and are therefore checked here.
_TABLE = (
    "CREATE TABLE bench_letter (LIKE letter INCLUDING ALL)",
    "DO $$ DECLARE one record; BEGIN FOR one IN SELECT pg_get_constraintdef(oid) AS said FROM pg_constraint "
    "WHERE conrelid = 'letter'::regclass AND contype = 'f' LOOP "
    "EXECUTE 'ALTER TABLE bench_letter ADD ' || one.said; END LOOP; END $$",
    "CREATE TABLE bench_said (due_on date PRIMARY KEY, occasion text, kind text, name text, carrier boolean, "
    "unit_roles text[], office_roles text[])",
)

_MATTERS = (
    "FROM obligation o "
    "JOIN matter m ON m.jurisdiction_id = o.jurisdiction_id AND m.id = o.matter_id "
    "JOIN assignment a ON a.jurisdiction_id = o.jurisdiction_id AND a.id = o.assignment_id "
    "WHERE o.state = 'open' AND m.state = 'in_progress' AND o.jurisdiction_id BETWEEN %(lowest)s AND %(highest)s"
)

_INSERT = f"""
WITH due AS MATERIALIZED (
    SELECT o.jurisdiction_id, o.id, o.matter_id, o.stage, o.due_on, o.article, a.unit_id, m.title, m.register_no,
           m.registered_by, m.secrecy_level = 'sensitive' AS sensitive, d.occasion, d.kind, d.name, d.carrier
      {_MATTERS.replace("WHERE", "JOIN bench_said d ON d.due_on = o.due_on WHERE")}
), named AS (
    SELECT due_on, false AS office, unnest(unit_roles) AS role_key FROM bench_said
     UNION ALL
    SELECT due_on, true, unnest(office_roles) FROM bench_said
), heard AS MATERIALIZED (
    SELECT due.jurisdiction_id, due.id, s.person_id
      FROM due
      JOIN named ON named.due_on = due.due_on
      JOIN bench_seat s ON s.jurisdiction_id = due.jurisdiction_id AND s.role_key = named.role_key
                       AND (named.office OR s.unit_id = due.unit_id)
), reader AS (
    SELECT * FROM heard
     UNION ALL
    SELECT due.jurisdiction_id, due.id, s.person_id
      FROM due
      JOIN bench_seat s ON s.jurisdiction_id = due.jurisdiction_id AND s.membership_id = due.registered_by
     WHERE due.carrier
        OR NOT EXISTS (SELECT FROM heard h WHERE h.jurisdiction_id = due.jurisdiction_id AND h.id = due.id)
)
INSERT INTO bench_letter (jurisdiction_id, recipient_id, channel, kind, dedupe_key, subject_type, subject_id, facts, state,
                          next_attempt_at, created_at, sent_at)
SELECT due.jurisdiction_id, reader.person_id, way.channel, due.kind,
       'obligation:' || due.id || ':' || due.occasion || ':' || due.due_on, 'matter', due.matter_id,
       jsonb_build_object('title', due.title, 'register_no', due.register_no, 'stage', due.stage, 'due_on', due.due_on,
                          'article', due.article, 'step', due.name, 'sensitive', due.sensitive),
       way.state, CASE WHEN way.channel = 'email' THEN %(at)s::timestamptz END, %(at)s,
       CASE WHEN way.channel = 'inbox' THEN %(at)s::timestamptz END
  FROM due
  JOIN reader ON reader.jurisdiction_id = due.jurisdiction_id AND reader.id = due.id
 CROSS JOIN (VALUES ('inbox', 'sent'), ('email', 'queued')) AS way (channel, state)
"""  # noqa: S608 - own constants

_SCAN = f"SELECT count(*), count(DISTINCT a.unit_id), max(length(m.title)) {_MATTERS}"

_SAME = "jurisdiction_id, recipient_id, channel, kind, dedupe_key, subject_type, subject_id, facts, state, created_at, sent_at"


@dataclass(frozen=True)
class Difference:
    """Letters of one instant against those that were expected."""

    expected: int
    missing: int
    unexpected: int


class Bound:
    """The one statement, under a login that no wall stops and with memory enough for its joins."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for statement in _TABLE:
            connection.execute(statement)
        connection.execute("SET work_mem = '256MB'")

    def expect(self, said: Sequence[Said]) -> None:
        """Forget what was written, and take another day's occasions."""
        self._connection.execute("TRUNCATE bench_letter, bench_said")
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench_said VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (
                        one.due_on,
                        one.occasion,
                        one.kind,
                        step.name,
                        step.carrier,
                        [*step.unit_roles],
                        [*step.office_roles],
                    )
                    for one in said
                    for step in (one.step,)
                ],
            )
        self._connection.execute("ANALYZE bench_said")

    def insert(self, lowest: int, highest: int, at: dt.datetime) -> int:
        """Write the letters of the jurisdictions between two ids, ends included; how many."""
        done = self._connection.execute(_INSERT, {"lowest": lowest, "highest": highest, "at": at})
        return done.rowcount

    def scan(self, lowest: int, highest: int) -> int:
        """Read their open matters, and write nothing; how many."""
        row = self._connection.execute(_SCAN, {"lowest": lowest, "highest": highest}).fetchone()
        return int(row[0]) if row else 0

    def compare(self, at: dt.datetime) -> Difference:
        """The letters the application wrote at an instant, against all that this wrote."""
        counts = []
        for one, other in (("bench_letter", "letter"), ("letter", "bench_letter")):
            row = self._connection.execute(
                f"SELECT count(*) FROM (SELECT {_SAME} FROM {one} WHERE created_at = %(at)s "  # noqa: S608 - own constants
                f"EXCEPT SELECT {_SAME} FROM {other} WHERE created_at = %(at)s) differ",
                {"at": at},
            ).fetchone()
            counts.append(int(row[0]) if row else 0)
        row = self._connection.execute("SELECT count(*) FROM bench_letter").fetchone()
        return Difference(int(row[0]) if row else 0, *counts)
