"""Copies of our rows for the stock list, made by our own process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

SCHEMA = "bench_stock"

TABLES = (
    f"CREATE SCHEMA {SCHEMA}",
    f"CREATE TABLE {SCHEMA}.unit (id bigint PRIMARY KEY, name varchar(80) NOT NULL)",
    f"CREATE TABLE {SCHEMA}.source (id bigint PRIMARY KEY, name varchar(80) NOT NULL)",
    f"CREATE TABLE {SCHEMA}.matter (id bigint PRIMARY KEY, jurisdiction_id bigint NOT NULL, register_no varchar(60), "
    f"title varchar(300) NOT NULL, state varchar(20) NOT NULL, due_on date, unit_id bigint REFERENCES {SCHEMA}.unit, "
    f"source_id bigint REFERENCES {SCHEMA}.source)",
    f"CREATE INDEX ON {SCHEMA}.matter (jurisdiction_id, id)",
)


def copy_rows(connection: Any, jurisdiction_ids: list[int]) -> None:
    """Copy every jurisdiction's rows; row-level security shows them one scope at a time."""
    for jurisdiction_id in jurisdiction_ids:
        connection.execute(text("select set_config('app.jurisdiction_id', :j, true)"), {"j": str(jurisdiction_id)})
        connection.execute(text(f"INSERT INTO {SCHEMA}.unit SELECT id, name FROM unit"))  # noqa: S608 - own constant
        connection.execute(text(f"INSERT INTO {SCHEMA}.source SELECT id, short_name FROM matter_source"))  # noqa: S608
        connection.execute(
            text(
                f"INSERT INTO {SCHEMA}.matter SELECT m.id, m.jurisdiction_id, m.register_no, m.title, m.state, o.due_on, "  # noqa: S608
                "m.lead_unit_id, m.source_id FROM matter m JOIN obligation o ON o.matter_id = m.id"
            )
        )
