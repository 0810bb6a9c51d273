"""The ways of letters: which they take, when they may leave, what is looked at again, and that no way holds up another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.jurisdictions.models import Jurisdiction
from app.kernel.db import db
from app.kernel.dispatcher import dispatcher as dispatcher_engine
from app.kernel.outbox import Letter, list_ways, write_letter
from app.kernel.tenancy import scope, set_based
from app.notifications import services
from app.notifications.channels import ChannelFault, Message
from app.notifications.models import Channel, LetterPolicy, LetterPreference
from app.notifications.rules import LONGEST_PAUSE, MOST_ATTEMPTS
from app.notifications.services import Way, delivery, write_message
from app.organisation.models import Membership, Person
from tests.conftest import MORNING
from tests.small_house import House, build
from tests.stack import Stack

EVENING = MORNING.replace(hour=14)  # ten o'clock in the evening, local
NEXT_LOUD = (MORNING - dt.timedelta(days=1)).replace(hour=23, minute=30) + dt.timedelta(
    days=1
)  # half past seven, local


class Ways:
    """Ways out that keep what they are given. ``fault`` says, by kind and house, how one refuses just now."""

    def __init__(self) -> None:
        self.messages: list[tuple[Way, Message]] = []
        self.fault: Callable[[Way, Message], ChannelFault | None] = lambda _way, _message: None
        self.before: Callable[[Way], None] = lambda _way: None

    def __call__(self, way: Way) -> Any:
        return _Open(self, way)

    def by(self, kind: str) -> list[Message]:
        return [message for way, message in self.messages if way.kind == kind]


@dataclasses.dataclass
class _Open:
    ways: Ways
    way: Way

    def __enter__(self) -> _Open:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send(self, message: Message) -> None:
        self.ways.before(self.way)
        fault = self.ways.fault(self.way, message)
        if fault is not None:
            raise fault
        self.ways.messages.append((self.way, message))


@pytest.fixture
def ways() -> Ways:
    return Ways()


@pytest.fixture
def dispatcher(stack: Stack) -> Engine:
    return dispatcher_engine(stack.dispatcher_url)


def channel(house: House, kind: str, unit: str | None = None, **values: Any) -> int:
    """A way of the house's own, or of one unit."""
    row = Channel(
        kind=kind,
        name=kind,
        unit_id=house.units[unit] if unit else None,
        base_url="https://chat.example",
        **{"enabled": True} | values,
    )
    house.session.add(row)
    house.session.flush()
    return row.id


def put(house: House, reader: str, key: str = "k1", *, at: dt.datetime = MORNING, **given: Any) -> None:
    letter = {
        "kind": "obligation.due_soon",
        "subject_type": "matter",
        "subject_id": 77,
        "facts": {"title": "老旧小区改造", "stage": "result", "due_on": "2026-03-06"},
    }
    write_letter(house.session, recipient_id=house.people[reader], dedupe_key=key, at=at, **letter | given)
    house.session.commit()


def deliver(dispatcher: Engine, ways: Ways, at: dt.datetime = MORNING) -> int:
    return services.deliver_letters(
        dispatcher, db.session, ways, base_url="https://huiyin.example", by="test", now=lambda _connection: at
    )


def outside(house: House) -> list[Any]:
    with scope(house.id, house.session):
        rows = select(Letter.channel, Letter.state, Letter.last_error, Letter.next_attempt_at, Letter.attempts)
        return list(house.session.execute(rows.where(Letter.channel != "inbox").order_by(Letter.created_at, Letter.id)))


def states(house: House) -> list[tuple[str, str, str | None]]:
    return [(row.channel, row.state, row.last_error) for row in outside(house)]


# -- which ways ------------------------------------------------------------------------------------------------------


def test_a_letter_takes_the_ways_that_are_set_up_and_those_it_asks_for(session: Any) -> None:
    house = build(session)
    person = house.people["liaison"]
    with scope(house.id, session):
        channel(house, "wecom")
        channel(house, "dingtalk", enabled=False)
        channel(house, "sms", when_asked=True)
        session.commit()

        def goes(channels: Any = None, kind: str = "obligation.due_soon") -> tuple[str, ...]:
            return list_ways(session, [person], kind=kind, at=MORNING, channels=channels)[person]

        assert goes() == ("inbox", "email", "wecom")
        assert goes(["sms"]) == ("inbox", "sms")
        assert goes(["usual", "sms"]) == ("inbox", "email", "sms", "wecom")
        assert goes(["inbox"]) == ("inbox",)
        assert goes(["dingtalk"]) == ("inbox",)


def test_a_units_own_robot_stands_before_the_houses(session: Any) -> None:
    house = build(session)
    with scope(house.id, session):
        everybody = channel(house, "wecom")
        unit = session.get(Membership, house.memberships["liaison"]).unit_id
        own = Channel(kind="wecom", name="own", unit_id=unit, base_url="https://chat.example", enabled=True)
        session.add(own)
        session.commit()
        own_id = own.id
        put(house, "liaison")
        put(house, "inspector")
        taken = dict(
            session.execute(select(Letter.recipient_id, Letter.channel_id).where(Letter.channel == "wecom")).all()
        )
    assert taken == {house.people["liaison"]: own_id, house.people["inspector"]: everybody}


def test_a_person_chooses_where_the_house_allows_it_but_not_about_what_is_urgent(session: Any) -> None:
    house = build(session)
    person = house.people["liaison"]
    with scope(house.id, session):
        session.add(LetterPreference(person_id=person, channel="email", mode="off"))
        session.commit()

        def goes(kind: str) -> tuple[str, ...]:
            return list_ways(session, [person], kind=kind, at=MORNING)[person]

        assert goes("obligation.due_soon") == ("inbox",)
        assert goes("matter.urged") == ("inbox", "email")
        session.add(LetterPolicy(own_choice=False))
        session.commit()
        assert goes("obligation.due_soon") == ("inbox", "email")


# -- when ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        pytest.param(MORNING, MORNING, id="by day at once"),
        pytest.param(EVENING, NEXT_LOUD, id="in the evening on the next morning"),
        pytest.param(NEXT_LOUD - dt.timedelta(hours=5), NEXT_LOUD, id="before dawn on the same morning"),
        pytest.param(NEXT_LOUD - dt.timedelta(seconds=1), NEXT_LOUD, id="the last quiet second"),
        pytest.param(NEXT_LOUD, NEXT_LOUD, id="the first loud second"),
        pytest.param(MORNING.replace(hour=13), NEXT_LOUD, id="nine in the evening is quiet already"),
    ],
)
def test_nobody_is_written_to_in_quiet_hours(session: Any, written: dt.datetime, leaves: dt.datetime) -> None:
    house = build(session)
    with scope(house.id, session):
        put(house, "liaison", at=written)
    (row,) = outside(house)
    assert row.next_attempt_at == leaves


def test_quiet_hours_are_the_houses_to_set_and_urgent_letters_go_as_it_says(session: Any) -> None:
    north, south = build(session), build(session, "huaian", "320800")
    with scope(north.id, session):
        session.add(LetterPolicy(quiet_from=None, quiet_until=None))
        session.commit()
        put(north, "liaison", at=EVENING)
    with scope(south.id, session):
        session.add(LetterPolicy(quiet_from=dt.time(12), quiet_until=dt.time(14), urgent_at_night=True))
        session.commit()
        noon = MORNING.replace(hour=5)
        put(south, "liaison", "a", at=noon)
        put(south, "liaison", "b", at=noon, kind="matter.urged")
        put(south, "liaison", "c", at=EVENING)
    assert [row.next_attempt_at for row in outside(north)] == [EVENING]
    assert [row.next_attempt_at for row in outside(south)] == [MORNING.replace(hour=6), noon, EVENING]


def test_a_days_letters_are_one_message_for_whoever_wants_a_digest(
    session: Any, dispatcher: Engine, ways: Ways
) -> None:
    house = build(session)
    with scope(house.id, session):
        session.add(LetterPreference(person_id=house.people["liaison"], channel="email", mode="digest"))
        session.commit()
        put(house, "liaison", "a")  # at nine
        put(house, "liaison", "b", at=MORNING + dt.timedelta(minutes=10))
        put(house, "liaison", "late", at=MORNING + dt.timedelta(minutes=30))  # half past nine: tomorrow's
        put(house, "liaison", "urged", kind="matter.urged")
    digest = MORNING + dt.timedelta(minutes=30)
    tomorrow = digest + dt.timedelta(days=1)
    assert sorted(row.next_attempt_at for row in outside(house)) == [MORNING, digest, digest, tomorrow]
    deliver(dispatcher, ways)
    before = len(ways.messages)
    assert deliver(dispatcher, ways, digest) == 2
    (message,) = [message for _, message in ways.messages[before:]]
    assert "2" in message.subject
    assert message.text.count("老旧小区改造") == 2
    assert message.link.endswith("/j/huarong/inbox/?unread=1")
    assert deliver(dispatcher, ways, digest + dt.timedelta(days=1)) == 1


# -- looked at again -------------------------------------------------------------------------------------------------


def test_what_happened_meanwhile_is_not_written_about(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    due = dt.date(2026, 3, 6)
    fates = {
        "stays": {},
        "settled": {"clock": {"state": "met"}},
        "date_moved": {"clock": {"due_on": dt.date(2026, 3, 9)}},
        "matter_cancelled": {"matter": {"state": "cancelled"}},
        "matter_paused": {"matter": {"state": "suspended"}},
    }
    with scope(house.id, session):
        made = {}
        for name in fates:
            matter = house.matter(name)
            clock = house.clock(matter, house.assignment(matter, "住建局"), due, due)
            made[name] = (matter, clock)
        session.commit()
        for name, (matter, clock) in made.items():
            put(
                house,
                "liaison",
                f"obligation:{clock.id}:due_soon:{due}",
                subject_id=matter.id,
                facts={"title": name, "due_on": "2026-03-06 18:00"},
            )
        for name, fate in fates.items():
            for one, part in zip(made[name], ("matter", "clock"), strict=True):
                for field, value in fate.get(part, {}).items():
                    setattr(one, field, value)
        session.commit()
    assert deliver(dispatcher, ways) == len(fates)
    expected = [("email", "sent", None), *[("email", "dropped", name) for name in list(fates)[1:]]]
    assert states(house) == expected
    (message,) = ways.by("email")
    assert "stays" in message.subject


def test_whoever_is_gone_or_has_read_it_already_is_not_written_to(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        matter = house.matter("改造")
        session.commit()
        for reader in ("liaison", "teacher", "inspector"):
            session.get(Person, house.people[reader]).email = f"{reader}@huarong.example"
            session.commit()
            put(house, reader, subject_id=matter.id)
        put(house, "liaison", "paper", subject_type="document", kind="points.letter_issued")
        put(house, "liaison", "own", subject_type="membership", kind="membership.ended")
        session.get(Membership, house.memberships["liaison"]).active = False
        session.get(Person, house.people["teacher"]).active = False
        services.mark_all_read(session, house.actor("inspector"), at=MORNING)
        session.commit()
    deliver(dispatcher, ways)
    assert states(house) == [
        ("email", "dropped", "no_member"),
        ("email", "dropped", "person_inactive"),
        ("email", "dropped", "read_meanwhile"),
        ("email", "dropped", "no_member"),
        ("email", "sent", None),  # what concerns the membership itself
    ]
    assert len(ways.messages) == 1


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_what_waited_when_a_jurisdiction_was_halted_does_not_go_out(
    session: Any, dispatcher: Engine, ways: Ways, status: str
) -> None:
    north, south = build(session), build(session, "huaian", "320800")
    for house in (north, south):
        with scope(house.id, session):
            put(house, "liaison")
    session.get(Jurisdiction, north.id).status = status
    session.commit()
    deliver(dispatcher, ways)
    assert states(north) == [("email", "dropped", "jurisdiction_halted")]
    assert states(south) == [("email", "sent", None)]


def test_a_way_that_was_switched_off_meanwhile_is_not_taken(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        way = channel(house, "wecom")
        session.commit()
        put(house, "liaison", channels=["wecom"])
        session.get(Channel, way).enabled = False
        session.commit()
    deliver(dispatcher, ways)
    assert states(house) == [("wecom", "dropped", "channel_off")]


# -- no way holds up another -----------------------------------------------------------------------------------------


def test_a_way_that_is_away_rests_and_the_others_go_on(session: Any, dispatcher: Engine, ways: Ways) -> None:
    north, south = build(session), build(session, "huaian", "320800")
    for house in (north, south):
        with scope(house.id, session):
            channel(house, "wecom")
            session.commit()
            for reader in ("liaison", "teacher", "inspector"):
                put(house, reader, channels=["wecom"])
    ways.fault = lambda way, _message: ChannelFault("away", down=True) if way.jurisdiction_id == north.id else None
    deliver(dispatcher, ways)
    assert [row.state for row in outside(south)] == ["sent"] * 3
    assert [(row.state, row.attempts) for row in outside(north)] == [("queued", 1), ("queued", 0), ("queued", 0)]
    pauses = {row.next_attempt_at - MORNING for row in outside(north)}
    assert pauses == {dt.timedelta(seconds=30)}
    ways.fault = lambda _way, _message: None
    assert deliver(dispatcher, ways, MORNING + dt.timedelta(seconds=29)) == 0
    assert deliver(dispatcher, ways, MORNING + dt.timedelta(seconds=30)) == 3


def test_while_one_way_hangs_the_others_are_carried(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        session.commit()
        put(house, "liaison", "slow", channels=["wecom"])
        put(house, "liaison", "quick", channels=["email"])
    let_go = threading.Event()

    def hold(way: Way) -> None:
        if way.kind == "wecom":
            assert let_go.wait(30)
        else:
            let_go.set()  # had the mail waited for the chat, nobody would ever let go

    ways.before = hold
    assert deliver(dispatcher, ways) == 2
    assert [way.kind for way, _ in ways.messages] == ["email", "wecom"]


def test_the_pause_another_side_asks_for_is_kept_and_is_nobodys_attempt(
    session: Any, dispatcher: Engine, ways: Ways
) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        session.commit()
        for reader in ("liaison", "teacher"):
            put(house, reader, channels=["wecom"])
    pause = dt.timedelta(seconds=70)
    ways.fault = lambda _way, _message: ChannelFault("45009", down=True, retry_after=pause)
    deliver(dispatcher, ways)
    assert [(row.state, row.attempts, row.next_attempt_at) for row in outside(house)] == [
        ("queued", 0, MORNING + pause),
        ("queued", 0, MORNING + pause),
    ]


def test_a_robot_is_given_no_more_messages_a_minute_than_it_takes(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        for number in range(23):
            house.person(f"p{number}", "住建局")
            put(house, f"p{number}", channels=["wecom"])
    deliver(dispatcher, ways)
    assert len(ways.messages) == 20
    deliver(dispatcher, ways, MORNING + dt.timedelta(seconds=59))
    assert len(ways.messages) == 20
    deliver(dispatcher, ways, MORNING + dt.timedelta(minutes=1))
    assert len({message.key for _, message in ways.messages}) == len(ways.messages) == 23


def test_a_way_that_stays_closed_ends_its_letters_but_what_nobody_tried_goes_out(
    session: Any, dispatcher: Engine, ways: Ways
) -> None:
    house = build(session)
    with scope(house.id, session):
        put(house, "liaison")
        session.execute(
            set_based(Letter.__table__.update().where(Letter.channel == "email").values(last_error="smtp_451"))
        )
        session.commit()
        session.get(Person, house.people["teacher"]).email = "teacher@huarong.example"
        session.commit()
        put(house, "teacher", "never tried")
    deliver(dispatcher, ways, MORNING + dt.timedelta(days=8))
    assert sorted(states(house), key=str) == [("email", "failed", "too_old"), ("email", "sent", None)]


def test_a_letter_that_kills_its_dispatchers_is_not_tried_for_ever(
    session: Any, dispatcher: Engine, ways: Ways
) -> None:
    house = build(session)
    with scope(house.id, session):
        put(house, "liaison")
    at = MORNING
    for _ in range(MOST_ATTEMPTS):
        with dispatcher.connect() as connection:
            assert services.claim_letters(connection, channel="email", at=at, by="killed")
        at += services.LEASE
    deliver(dispatcher, ways, at)
    assert states(house) == [("email", "failed", "too_many_attempts")]


def test_what_is_late_in_the_evening_by_now_waits_for_the_morning(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        put(house, "liaison")  # by day, but nobody carried it until the evening
    assert deliver(dispatcher, ways, EVENING) == 0
    assert [(row.state, row.attempts, row.next_attempt_at) for row in outside(house)] == [("queued", 0, NEXT_LOUD)]
    assert deliver(dispatcher, ways, NEXT_LOUD) == 1


def test_a_defect_in_one_letter_or_channel_holds_up_nobody(
    session: Any, dispatcher: Engine, ways: Ways, monkeypatch: Any
) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        session.commit()
        put(house, "liaison", "broken", facts={"title": "x"}, channels=["email"])
        put(house, "teacher", "whole", channels=["wecom"])
        put(house, "liaison", "breaks the channel", channels=["wecom"])

    def write(parcels: Any, base_url: str) -> Message:
        if parcels[0].channel == "email":
            raise KeyError("stage")
        return write_message(parcels, base_url)

    def fault(_way: Way, message: Message) -> None:
        if "liaison" in message.subject:
            raise ZeroDivisionError

    monkeypatch.setattr(delivery, "write_message", write)
    ways.fault = fault
    deliver(dispatcher, ways)
    assert sorted(states(house), key=str) == [
        ("email", "failed", "cannot_be_written"),
        ("wecom", "queued", "ZeroDivisionError"),
        ("wecom", "sent", None),
    ]


def test_a_recipient_refused_for_now_does_not_close_the_server_for_the_others(
    session: Any, dispatcher: Engine, ways: Ways
) -> None:
    house = build(session)
    with scope(house.id, session):
        session.get(Person, house.people["teacher"]).email = "teacher@huarong.example"
        session.commit()
        put(house, "liaison")
        put(house, "teacher")
    ways.fault = lambda _way, message: ChannelFault("smtp_451") if message.address.startswith("liaison") else None
    deliver(dispatcher, ways)
    assert sorted(states(house), key=str) == [("email", "queued", "smtp_451"), ("email", "sent", None)]


def test_in_a_group_chat_a_message_says_for_whom_it_is(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        session.commit()
        put(house, "liaison", channels=["wecom", "email"])
    deliver(dispatcher, ways)
    assert [("liaison：" in message.subject) for message in (*ways.by("wecom"), *ways.by("email"))] == [True, False]


def test_a_way_that_is_away_for_days_loses_no_letter(session: Any, dispatcher: Engine, ways: Ways) -> None:
    house = build(session)
    with scope(house.id, session):
        channel(house, "wecom")
        session.add(LetterPolicy(quiet_from=None, quiet_until=None))
        session.commit()
        for reader in ("liaison", "teacher"):
            put(house, reader, channels=["wecom"])
    ways.fault = lambda _way, _message: ChannelFault("away", down=True)
    at = MORNING
    for _ in range(MOST_ATTEMPTS + 5):
        assert deliver(dispatcher, ways, at) == 2
        pauses = [row.next_attempt_at - at for row in outside(house)]
        assert max(pauses) <= LONGEST_PAUSE
        at += max(pauses)
    assert {row.state for row in outside(house)} == {"queued"}
    ways.fault = lambda _way, _message: None
    assert deliver(dispatcher, ways, MORNING + dt.timedelta(days=3)) == 2
    assert {row.state for row in outside(house)} == {"sent"}
