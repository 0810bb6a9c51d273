"""``run.py person``: the first administrators, who cannot be added by anybody yet, and whom nobody inside may appoint.

Passwords are made, said once and kept nowhere; they are changed at the first sign-in. Everything is written into the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import scoped_session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.organisation import queries, services

_unit = click.option("--unit", "unit_code", required=True, help="The unit's code, for example OFFICE.")
_roles = click.option(
    "--role", "role_keys", multiple=True, required=True, help="A role's key; may be given several times."
)


@click.group()
def person() -> None:
    """Add people from the command line of the host."""


@person.command()
@click.argument("slug")
@click.argument("username")
@click.argument("name")
@_unit
@_roles
def add(slug: str, username: str, name: str, unit_code: str, role_keys: tuple[str, ...]) -> None:
    """Open an account whose home is a jurisdiction, and say its one-time password."""
    with _inside(slug) as (session, actor, method):
        account = services.add_person(
            session,
            actor,
            name=name,
            username=username,
            unit_id=queries.get_unit_by_code(session, unit_code).id,
            role_ids=[role.id for role in queries.get_roles_by_key(session, role_keys)],
            method=method,
            at=clock.now(),
        )
        _say(account)


@person.command()
@click.argument("slug")
@click.argument("username")
@_unit
@_roles
def join(slug: str, username: str, unit_code: str, role_keys: tuple[str, ...]) -> None:
    """Take somebody with an account into a jurisdiction, or give these roles to somebody who is there."""
    with _inside(slug) as (session, actor, _method):
        unit_id = queries.get_unit_by_code(session, unit_code).id
        role_ids = [role.id for role in queries.get_roles_by_key(session, role_keys)]
        known = queries.find_person_by_sign_in(session, username)
        membership = queries.find_membership(session, known.id) if known is not None else None
        if membership is None:
            services.add_membership(
                session, actor, username=username, unit_id=unit_id, role_ids=role_ids, at=clock.now()
            )
        else:
            services.change_membership(
                session, actor, membership.id, unit_id=unit_id, role_ids=role_ids, at=clock.now()
            )
        click.echo(f"{username}: {slug}, {unit_code}, {', '.join(role_keys)}")


@person.command()
@click.argument("username")
@click.argument("name")
def platform(username: str, name: str) -> None:
    """Open an account of the platform's staff, and say its one-time password. It may nothing inside a jurisdiction."""
    with _outside() as (session, method):
        _say(
            services.create_platform_admin(
                session, Actor.system(None), name=name, username=username, method=method, at=clock.now()
            )
        )


@person.command()
@click.argument("username")
def reset(username: str) -> None:
    """Give an account a new one-time password; its sign-ins and tokens end. For those whom nobody else may help."""
    with _outside() as (session, method):
        known = queries.find_person_by_sign_in(session, username)
        if known is None:
            raise NotFound("no_such_account", N_("There is no account of this name."))
        _say(services.reset_password(session, Actor.system(None), known.id, method=method, at=clock.now()))


def _say(account: services.Account) -> None:
    click.echo(f"{account.username}: one-time password {account.one_time_password}, to be changed at the first sign-in")


@contextmanager
def _outside() -> Iterator[tuple[scoped_session[Any], str]]:
    with application() as app:
        try:
            yield db.session, str(app.config["FAB_PASSWORD_HASH_METHOD"])
        except HuiyinError as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def _inside(slug: str) -> Iterator[tuple[scoped_session[Any], Actor, str]]:
    with _outside() as (session, method):
        jurisdiction = queries.find_jurisdiction(session, slug)
        if jurisdiction is None:
            raise NotFound("unknown_jurisdiction", N_("There is no open jurisdiction of this name."))
        jurisdiction_id = jurisdiction.id
        with scope(jurisdiction_id, session):
            yield session, Actor.system(jurisdiction_id), method


__all__ = ["person"]
