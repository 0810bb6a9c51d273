"""The three database roles. The owner makes the tables; the application and the dispatcher own nothing.

Roles belong to the whole PostgreSQL server, tables to one database: ``ensure_roles`` and ``ensure_database`` need a
login that may create roles, ``grant_tables`` only the owner's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from app.kernel.runtime.service import ServiceError
from config import APPLICATION_ROLE, DISPATCHER_ROLE

# What the application may not do although it may do everything else: history is only ever added to.
ADD_ONLY = ("event",)

# What the dispatcher may do; everything else is closed to it.
DISPATCHER_RIGHTS: Mapping[str, str] = {
    "letter": "SELECT, UPDATE",
    "channel": "SELECT",
    "job_run": "SELECT, INSERT, UPDATE",
    "jurisdiction": "SELECT",
    "ab_user": "SELECT (id, username, name, email, phone, locale, active)",
}


@contextmanager
def connect(url: str) -> Iterator[psycopg.Connection]:
    """An autocommit connection from one of our URLs. Raises ServiceError when the login fails."""
    try:
        connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise ServiceError(f"the database does not accept the login: {str(error).strip()}") from error
    with connection:
        yield connection


def ensure_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing, each with its password; never change the password of one that exists.

    Roles are shared by every database of a server, so another installation may be using them. Raises ServiceError with
    the SQL for the database's administrator when this login may not create roles, when a role is too powerful, or when
    a role exists with another password.
    """
    with connect(admin_url) as connection:
        for role, password in passwords.items():
            known = connection.execute(
                "select rolcanlogin, rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = %s", [role]
            ).fetchone()
            if known is None:
                _create_role(connection, role, password, list(passwords))
            elif not known[0] or known[1]:
                raise ServiceError(
                    f"role {role} must be able to log in and must not be a superuser, bypass row-level security or "
                    f"create roles; as the database's administrator: ALTER ROLE {role} {_ATTRIBUTES}"
                )


def ensure_logins(owner_url: str, logins: Mapping[str, str]) -> None:
    """As ``ensure_roles``, for roles given by their URLs; nothing is asked of the owner when every login works.

    Raises ServiceError when a role exists and its URL has another password.
    """
    refused = [role for role, url in logins.items() if not _works(url)]
    if not refused:
        return
    ensure_roles(owner_url, {role: unquote(urlsplit(logins[role]).password or "") for role in refused})
    for role in refused:
        if not _works(logins[role]):
            raise ServiceError(
                f"role {role} exists and does not accept the password we have. Set OWNER_DATABASE_URL, DATABASE_URL "
                f"(as {APPLICATION_ROLE}) and DISPATCHER_DATABASE_URL (as {DISPATCHER_ROLE}), each with its password"
            )


def _works(url: str) -> bool:
    try:
        with connect(url):
            return True
    except ServiceError:
        return False


_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def _create_role(connection: psycopg.Connection, role: str, password: str, wanted: list[str]) -> None:
    statement = sql.SQL("CREATE ROLE {} " + _ATTRIBUTES + " PASSWORD {}")
    try:
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
    except psycopg.errors.DuplicateObject:  # another host's release was faster
        return
    except psycopg.errors.InsufficientPrivilege as error:
        statements = "".join(f"\n  CREATE ROLE {name} {_ATTRIBUTES} PASSWORD '…';" for name in wanted)
        raise ServiceError(
            "this login may not create roles. Ask the database's administrator to run" + statements + "\n"
            "and set OWNER_DATABASE_URL (this login), DATABASE_URL (huiyin_app) and DISPATCHER_DATABASE_URL"
        ) from error


def ensure_database(admin_url: str, name: str, owner: str) -> None:
    """Make the database if it is missing, owned by ``owner``; only our roles may enter it."""
    with connect(admin_url) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(owner)
                )
            )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute(
            # The application's start-up check proves the session guard on a temporary table.
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                sql.Identifier(name), sql.Identifier(APPLICATION_ROLE)
            )
        )
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(DISPATCHER_ROLE))
        )


def is_untouched(owner_url: str) -> bool:
    """Whether nobody has begun to use the database: no jurisdiction and no person."""
    with connect(owner_url) as connection:
        row = connection.execute(
            "select not exists (select 1 from jurisdiction) and not exists (select 1 from ab_user)"
        )
        return bool((row.fetchone() or (False,))[0])


def grant_tables(owner_url: str) -> None:
    """Give the application and the dispatcher their rights on what exists now. Run after every migration."""
    with connect(owner_url) as connection, connection.transaction():
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        application, dispatcher = sql.Identifier(APPLICATION_ROLE), sql.Identifier(DISPATCHER_ROLE)
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "REVOKE CREATE ON SCHEMA public FROM {}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            for role in (application, dispatcher):
                connection.execute(sql.SQL(statement).format(role))
        connection.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(application)
        )
        for table in tables:
            name = sql.Identifier(table)
            if table in ADD_ONLY:
                connection.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(name, application))
            if table == "alembic_version":
                connection.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(name, application))
            if table in DISPATCHER_RIGHTS:
                statement = "GRANT " + DISPATCHER_RIGHTS[table] + " ON {} TO {}"
                connection.execute(sql.SQL(statement).format(name, dispatcher))
