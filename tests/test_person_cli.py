"""``run.py person``: how the first administrators come into a house that has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.kernel import clock
from app.kernel.events import list_events
from app.organisation import cli, queries
from app.organisation.models import Person
from tests.two_houses import House, build_two_houses, visitor


@pytest.fixture
def north(app: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    """The commands run in the suite's own application."""

    @contextmanager
    def here() -> Iterator[Any]:
        yield app

    monkeypatch.setattr(cli, "application", here)
    return build_two_houses(session)[0]


def run(*words: str) -> Result:
    """What the command line answers."""
    return CliRunner().invoke(cli.person, list(words))


def password_in(said: Result) -> str:
    """The one-time password that was said."""
    assert said.exit_code == 0, said.output
    found = re.search(r"one-time password (\S+),", said.output)
    assert found, said.output
    return found.group(1)


def test_a_leader_is_appointed_whom_nobody_inside_may_appoint(session: Any, app: Any, north: House) -> None:
    said = run(
        "add", "north", "qin.zhang", "秦区长", "--unit", "office", "--role", "office_leader", "--role", "inspector"
    )
    password = password_in(said)
    with north.inside():
        person = session.scalars(select(Person).where(Person.username == "qin.zhang")).one()
        assert queries.find_actor(session, person, today=clock.today()).roles == {"office_leader", "inspector"}
        assert list_events(session, "person", person.id)[0].actor_name == "system"
    assert visitor(app).sign_in("qin.zhang", password).headers["Location"]


def test_somebody_joins_and_gets_other_roles(session: Any, north: House) -> None:
    for role in ("clerk", "administrator"):
        said = run("join", "north", "south.liaison", "--unit", "office", "--role", role)
        assert said.exit_code == 0, said.output
        with north.inside():
            person = session.scalars(select(Person).where(Person.username == "south.liaison")).one()
            assert queries.find_actor(session, person, today=clock.today()).roles == {role}


def test_the_platforms_staff_and_a_forgotten_password(session: Any, north: House) -> None:
    first = password_in(run("platform", "root", "平台管理员"))
    second = password_in(run("reset", "root"))
    session.rollback()
    person = session.scalars(select(Person).where(Person.username == "root")).one()
    assert first != second
    assert check_password_hash(person.password, second)
    assert [role.name for role in person.roles] == ["Admin"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "nowhere", "a.b.c", "甲", "--unit", "office", "--role", "clerk"), "no open jurisdiction"),
        (("add", "north", "a.b.c", "甲", "--unit", "XX", "--role", "clerk"), "no unit with the code XX"),
        (("add", "north", "a.b.c", "甲", "--unit", "office", "--role", "king"), "no role with the key king"),
        (("add", "north", "south.admin", "甲", "--unit", "office", "--role", "clerk"), "cannot be used"),
        (("join", "north", "nobody", "--unit", "office", "--role", "clerk"), "can be added"),
        (("reset", "nobody"), "no account"),
        (("platform", "x", "乙"), "cannot be used"),
    ],
)
def test_what_cannot_be_is_said_and_not_done(north: House, words: tuple[str, ...], sentence: str) -> None:
    said = run(*words)
    assert said.exit_code == 1
    assert sentence in said.output
    assert "Traceback" not in said.output
