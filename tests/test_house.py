"""Tests about the house itself: nothing can be added that forgets the walls, the rights or the words."""

from __future__ import annotations

from typing import Any

from alembic import command as alembic_command
from sqlalchemy import UniqueConstraint

from app import models  # noqa: F401 - fills the metadata
from app.kernel.db import Model
from app.kernel.runtime.roles import connect
from app.kernel.tenancy import JurisdictionOwned
from app.kernel.web import PUBLIC_MARK, RIGHTS_MARK, TableView
from tests.conftest import alembic_config, migrate
from tests.stack import Stack

# Tables that belong to nobody in particular, each with its reason. An entry that no longer exists fails too.
GLOBAL = {
    "jurisdiction": "the list of jurisdictions itself",
    "ab_user": "people sign in once, whatever jurisdictions they belong to",
    "user_session": "a sign-in is a person's, not a jurisdiction's",
    "activation": "a first sign-in is a person's, not a jurisdiction's",
    "job_run": "counts of periodic work, no business text",
    "national_calendar_day": "the State Council's notices are everybody's",
    "national_calendar_year": "the State Council's notices are everybody's",
    "regional_calendar_day": "what a province or a city declares is everybody's below it",
    "calendar_proposal": "changes of the State Council's days are proposed and confirmed by the platform's staff",
    "ab_api_key": "FAB",
    "ab_group": "FAB, platform staff only",
    "ab_group_role": "FAB, platform staff only",
    "ab_permission": "FAB, platform staff only",
    "ab_permission_view": "FAB, platform staff only",
    "ab_permission_view_role": "FAB, platform staff only",
    "ab_register_user": "FAB, unused",
    "ab_role": "FAB, platform staff only",
    "ab_user_group": "FAB, platform staff only",
    "ab_user_role": "FAB, platform staff only",
    "ab_view_menu": "FAB, platform staff only",
}

# Chained per jurisdiction, with the system's chain beside them: no jurisdiction row stands behind number 0.
CHAINS = {"event", "event_head"}

# Addresses that nobody has to sign in for, each with its reason.
OPEN = {
    "static": "style sheets and scripts",
    "appbuilder.static": "style sheets and scripts",
    "SignInView.login": "signing in",
    "SignInView.logout": "signing out",
    "SecurityApi.login": "signing in, for machines",
    "SecurityApi.refresh": "a new token for an old one; the token itself is checked",
    "ActivationView.activate": "a first password; the link's token is checked",
    "LocaleView.index": "choosing a language",
    "UtilView.back": "FAB's way back to the page before",
}


def _owned() -> list[Any]:
    return [table for name, table in Model.metadata.tables.items() if name not in GLOBAL]


def test_every_table_is_a_jurisdictions_or_listed_with_a_reason() -> None:
    tables = set(Model.metadata.tables)
    assert GLOBAL.keys() <= tables, "an exemption for a table that no longer exists"
    for table in _owned():
        column = table.c.get("jurisdiction_id")
        assert column is not None, f"{table.name} belongs to no jurisdiction and is not listed"
        assert not column.nullable, f"{table.name}.jurisdiction_id may be empty"
    scoped = {m.local_table.name for m in Model.registry.mappers if issubclass(m.class_, JurisdictionOwned)}
    assert {table.name for table in _owned()} - scoped == {"membership_role"}, (
        "a mapped table escapes the session guard"
    )


def test_keys_inside_a_jurisdiction_are_composite_and_uniqueness_is_its_own() -> None:
    owned = {table.name for table in _owned()}
    checked = 0
    for table in _owned():
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name in owned:
                checked += 1
                assert "jurisdiction_id" in constraint.column_keys, f"{table.name}: {constraint.column_keys}"
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                names = [column.name for column in constraint.columns]
                assert "jurisdiction_id" in names, f"{table.name}: unique {names} would tell of others"
        assert next(iter(table.primary_key.columns)).name == "jurisdiction_id", table.name
    assert checked > 30


def test_row_level_security_is_forced_on_every_table_of_a_jurisdiction(stack: Stack) -> None:
    with connect(stack.owner_url) as connection:
        rows = connection.execute(
            "select relname, relrowsecurity and relforcerowsecurity from pg_class "
            "where relkind = 'r' and relnamespace = 'public'::regnamespace"
        ).fetchall()
        loose = connection.execute(
            "select rolname from pg_roles where rolname like 'huiyin_%' and (rolsuper or rolbypassrls)"
        ).fetchall()
    forced = {name for name, is_forced in rows if is_forced}
    assert forced == {table.name for table in _owned()}
    assert loose == []


def test_migrations_go_up_from_empty_and_match_the_models(stack: Stack) -> None:
    alembic_command.check(alembic_config(stack.owner_url))
    alembic_command.downgrade(alembic_config(stack.owner_url), "base")
    with connect(stack.owner_url) as connection:
        left = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    migrate(stack.owner_url)
    assert left is not None and left[0] == 1, "only alembic's own table may be left"
    alembic_command.check(alembic_config(stack.owner_url))


def test_every_route_asks_for_a_right_or_is_listed_as_open(app: Any) -> None:
    guarded = 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        function = getattr(view, "__func__", view)
        owner = getattr(view, "__self__", None)
        if isinstance(owner, TableView):
            assert owner.resource, f"{rule} has no resource, so no right"
            guarded += 1
        elif getattr(function, RIGHTS_MARK, None):
            guarded += 1
        else:
            assert rule.endpoint in OPEN or getattr(function, PUBLIC_MARK, False), f"{rule} asks for no right"
    assert guarded > 0
    assert OPEN.keys() <= set(app.view_functions), "an open address that no longer exists"
