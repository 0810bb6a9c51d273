"""From a channel as its administrator set it up to the message in the group: the whole way a letter goes outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.kernel.db import db
from app.kernel.outbox import Letter
from app.kernel.tenancy import scope
from app.notifications import services, tasks
from app.notifications.channels import Outlet, outlet
from app.notifications.models import Channel
from app.notifications.services import ways
from tests.conftest import MORNING
from tests.fake_vendors import FakeVendor, allowed_vendor
from tests.small_house import House, build
from tests.stack import Stack
from tests.test_letters import BASE, clock, put

SECRET = "k3y-that-nobody-may-read"


@pytest.fixture
def vendor(app: Any, session: Any) -> Iterator[FakeVendor]:
    with allowed_vendor(app) as one:
        yield one


@pytest.fixture
def out(app: Any, vendor: FakeVendor) -> Outlet:
    return outlet(app.extensions["huiyin.settings"])


@pytest.fixture
def engine(stack: Stack) -> Engine:
    return tasks.dispatcher(stack.dispatcher_url)


def set_up(house: House, vendor: FakeVendor, out: Outlet, key: str = SECRET, unit: str | None = None) -> None:
    """A robot, tried and in use."""
    actor = house.actor("inspector", "channel:write")
    typed = ways.WayInput(f"群 {unit}", vendor.url, house.units[unit] if unit else None, False, {"token": key})
    with scope(house.id, house.session):
        channel_id = ways.add_channel(house.session, actor, "wecom", typed, out, at=MORNING).id
        ways.note_trial(house.session, actor, channel_id, "", at=MORNING)
        ways.switch_channel(house.session, actor, channel_id, enabled=True, at=MORNING)


def carry(engine: Engine, app: Any, at: dt.datetime = MORNING) -> int:
    """A run of the dispatcher over the ways this installation really has."""
    settings = app.extensions["huiyin.settings"]
    return services.deliver_letters(
        engine, db.session, tasks.ways_out(settings), base_url=BASE, by="test", now=clock(at)
    )


def robot_letters(house: House) -> list[tuple[str, str | None]]:
    with scope(house.id, house.session):
        letters = select(Letter).where(Letter.channel == "wecom").order_by(Letter.id)
        return [(letter.state, letter.last_error) for letter in house.session.scalars(letters)]


def test_a_units_letters_go_to_its_own_group_and_all_others_to_the_offices(
    session: Any,
    app: Any,
    engine: Engine,
    vendor: FakeVendor,
    out: Outlet,
) -> None:
    house = build(session)
    set_up(house, vendor, out, "key-of-everybody")
    set_up(house, vendor, out, "key-of-housing", "住建局")
    put(house, "liaison")
    put(house, "teacher")
    carry(engine, app)
    said = {asked.query["key"]: asked.told["text"]["content"] for asked in vendor.asked}
    assert set(said) == {"key-of-everybody", "key-of-housing"}
    assert all("老旧小区改造" in text and f"{BASE}/j/huarong/matters/77" in text for text in said.values())
    assert robot_letters(house) == [("sent", None)] * 2


def test_a_sensitive_matter_is_not_named_in_a_group(
    session: Any,
    app: Any,
    engine: Engine,
    vendor: FakeVendor,
    out: Outlet,
) -> None:
    house = build(session)
    set_up(house, vendor, out)
    put(house, "liaison", sensitive=True)
    carry(engine, app)
    (asked,) = vendor.asked
    assert "老旧小区改造" not in asked.body.decode()
    assert "敏感事项" in asked.told["text"]["content"]


def test_a_robot_that_was_removed_keeps_the_letters_and_holds_nobody_up(
    session: Any,
    app: Any,
    engine: Engine,
    vendor: FakeVendor,
    out: Outlet,
) -> None:
    house, other = build(session), build(session, "huaian", "320800")
    set_up(house, vendor, out, "key-of-huarong")
    set_up(other, vendor, out, "key-of-huaian")
    vendor.answer = lambda asked: {"errcode": 93000 if asked.query["key"] == "key-of-huarong" else 0}
    for number in range(3):
        put(house, "liaison", f"k{number}")
    put(other, "liaison")
    carry(engine, app)
    assert robot_letters(other) == [("sent", None)]
    assert {state for state, _ in robot_letters(house)} == {"queued"}
    vendor.answer = {"errcode": 0}
    carry(engine, app, MORNING + dt.timedelta(hours=3))
    assert {state for state, _ in robot_letters(house)} == {"sent"}


def test_a_stolen_row_opens_in_no_other_jurisdiction(
    session: Any,
    app: Any,
    engine: Engine,
    vendor: FakeVendor,
    out: Outlet,
) -> None:
    house, other = build(session), build(session, "huaian", "320800")
    set_up(house, vendor, out)
    with scope(house.id, session):
        sealed = session.scalars(select(Channel.secret)).one()
    with scope(other.id, session):
        session.add(Channel(kind="wecom", name="群", base_url=vendor.url, options={}, secret=sealed, enabled=True))
        session.commit()
    put(other, "liaison")
    carry(engine, app)
    assert vendor.asked == []
    ((state, error),) = robot_letters(other)
    assert state == "queued"
    assert error is None or error == "secret_unreadable"
