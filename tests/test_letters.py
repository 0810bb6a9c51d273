"""Letters: one's own inbox, and mail that goes out once, waits when it must, and ends when it cannot."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Connection, Engine, select

from app.kernel.db import db
from app.kernel.dispatcher import dispatcher as dispatcher_engine
from app.kernel.errors import NotFound
from app.kernel.jobs import JobRun
from app.kernel.outbox import Letter, write_letter
from app.kernel.tenancy import scope
from app.notifications import queries, services, tasks
from app.notifications.channels import MailServer
from app.notifications.rules import MOST_ATTEMPTS, letter_words, next_try_after
from tests.conftest import MORNING
from tests.small_house import House, build
from tests.stack import Stack

BASE = "https://huiyin.example"
SENDER = "回音 <huiyin@office.example>"
FACTS = {"title": "老旧小区改造", "register_no": "3", "stage": "result", "due_on": "2026-03-06"}


class Postbox:
    """A mail server that keeps what it is given. ``refusal`` is its reply to recipients, while there is one."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.refusal = ""
        self.refused = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refusal:
            self.refused += 1
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, MailServer]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, MailServer(controller.hostname, controller.port, SENDER, timeout=3)
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def dispatcher(stack: Stack) -> Engine:
    return dispatcher_engine(stack.dispatcher_url)


def put(house: House, reader: str, key: str = "k1", *, at: dt.datetime = MORNING, **facts: Any) -> None:
    with scope(house.id, house.session):
        write_letter(
            house.session,
            recipient_id=house.people[reader],
            kind="obligation.due_soon",
            dedupe_key=key,
            subject_type="matter",
            subject_id=77,
            facts=FACTS | facts,
            at=at,
        )
        house.session.commit()


def mail_rows(house: House) -> list[Any]:
    wanted = ("state", "attempts", "last_error", "leased_by", "sent_at", "next_attempt_at")
    with scope(house.id, house.session):
        columns = select(*(getattr(Letter, name) for name in wanted))
        return list(house.session.execute(columns.where(Letter.channel == "email").order_by(Letter.id)))


def clock(at: dt.datetime) -> Callable[[Connection], dt.datetime]:
    return lambda _connection: at


def deliver(dispatcher: Engine, server: MailServer | None, at: dt.datetime = MORNING, by: str = "test") -> int:
    """A run of the dispatcher with this mail server of the installation, at this instant."""
    return services.deliver_letters(dispatcher, db.session, lambda _way: server, base_url=BASE, by=by, now=clock(at))


def claim(connection: Connection, at: dt.datetime = MORNING, by: str = "test", **given: Any) -> list[services.Parcel]:
    return services.claim_letters(connection, channel="email", at=at, by=by, **given)


def test_a_letter_arrives_once_and_says_what_is_due(session: Any, dispatcher: Engine, postbox: Any) -> None:
    box, server = postbox
    house = build(session)
    put(house, "liaison")
    put(house, "liaison")
    assert deliver(dispatcher, server) == 1
    assert deliver(dispatcher, server) == 0
    (message,) = box.messages
    assert message["To"] == "liaison@huarong.example"
    assert "huiyin@office.example" in message["From"]
    assert "老旧小区改造" in message["Subject"]
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_content()
    assert f"{BASE}/j/huarong/matters/77" in body
    assert "2026-03-06" in body
    (row,) = mail_rows(house)
    assert (row.state, row.attempts, row.leased_by, row.last_error) == ("sent", 1, None, None)
    assert row.sent_at == MORNING
    run = session.query(JobRun).order_by(JobRun.id).first()  # and a second run found nothing to do
    assert (run.name, run.count, run.failures) == ("notifications.deliver", 1, 0)


def test_after_a_crash_the_same_letter_goes_out_under_the_same_message_id(
    session: Any, dispatcher: Engine, postbox: Any
) -> None:
    box, server = postbox
    house = build(session)
    put(house, "liaison")
    with dispatcher.connect() as connection, server:
        (parcel,) = claim(connection, by="killed")
        server.send(services.write_message([parcel], BASE))  # and is killed before it is settled
        put(house, "liaison", "k2")  # what is written meanwhile goes into another message
        assert [other.message_key for other in claim(connection, by="other")] != [parcel.message_key]
        # whoever comes late cannot settle what was taken over
        later = MORNING + services.LEASE
        assert deliver(dispatcher, server, later) == 2
        services.settle_letters(connection, [parcel], state="failed", at=later)
    first, second, between = box.messages
    assert first["Message-ID"] == second["Message-ID"] == f"<letter-{house.id}-{parcel.id}@office.example>"
    assert first["Date"] == second["Date"]
    assert between["Message-ID"] != first["Message-ID"]
    assert [(row.state, row.attempts) for row in mail_rows(house)] == [("sent", 2), ("sent", 2)]


def test_what_may_pass_is_tried_again_more_and_more_patiently(session: Any, dispatcher: Engine, postbox: Any) -> None:
    box, server = postbox
    box.refusal = "451 try later"
    house = build(session)
    put(house, "liaison")
    at, pauses = MORNING, []
    for attempt in range(1, MOST_ATTEMPTS):
        assert deliver(dispatcher, server, at) == 1
        (row,) = mail_rows(house)
        assert (row.state, row.attempts, row.last_error) == ("queued", attempt, "smtp_451")
        assert deliver(dispatcher, server, row.next_attempt_at - dt.timedelta(seconds=1)) == 0
        pauses.append((row.next_attempt_at - at).total_seconds())
        at = row.next_attempt_at
    assert deliver(dispatcher, server, at) == 1
    (row,) = mail_rows(house)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    assert (row.state, row.attempts, row.last_error) == ("failed", MOST_ATTEMPTS, "smtp_451")
    assert box.refused == MOST_ATTEMPTS
    assert deliver(dispatcher, server, at + dt.timedelta(days=1)) == 0
    assert box.messages == []


def test_a_pause_is_never_longer_than_an_hour() -> None:
    assert max(filter(None, map(next_try_after, range(MOST_ATTEMPTS)))) <= dt.timedelta(hours=1)
    assert next_try_after(MOST_ATTEMPTS) is None


def test_a_letter_that_was_refused_for_good_has_failed_and_holds_no_other(
    session: Any, dispatcher: Engine, postbox: Any
) -> None:
    box, server = postbox
    house = build(session)
    put(house, "liaison", "first")
    box.refusal = "550 no such mailbox"
    assert deliver(dispatcher, server) == 1
    box.refusal = ""
    put(house, "teacher", "second")
    assert deliver(dispatcher, server) == 1
    assert [(row.state, row.last_error) for row in mail_rows(house)] == [("failed", "smtp_550"), ("sent", None)]


def test_a_server_that_is_away_is_asked_once_for_the_whole_batch(
    session: Any, dispatcher: Engine, postbox: Any, monkeypatch: Any
) -> None:
    box, server = postbox
    away = MailServer("127.0.0.1", free_port(), SENDER, timeout=1)
    asked: list[int] = []
    reach = away._connected
    monkeypatch.setattr(away, "_connected", lambda: asked.append(1) or reach())
    house = build(session)
    for number, reader in enumerate(("liaison", "liaison", "teacher")):
        put(house, reader, f"k{number}")
    assert deliver(dispatcher, away) == 3
    assert asked == [1]
    assert [(row.state, row.attempts, row.last_error) for row in mail_rows(house)] == [
        ("queued", 1, "no_connection"),
        ("queued", 1, "no_connection"),
        ("queued", 0, "no_connection"),  # behind the message that was tried
    ]
    assert deliver(dispatcher, server, MORNING + dt.timedelta(minutes=1)) == 3
    assert len(box.messages) == 2  # two letters to one person are one message


def test_without_a_mail_server_or_an_address_the_inbox_is_intact(
    session: Any, dispatcher: Engine, postbox: Any
) -> None:
    box, server = postbox
    house = build(session)
    put(house, "leader", "nobody there")
    assert deliver(dispatcher, server) == 0
    put(house, "liaison", "no server")
    assert deliver(dispatcher, None) == 1
    assert [(row.state, row.last_error) for row in mail_rows(house)] == [("dropped", "no_mail_server")]
    assert box.messages == []
    with scope(house.id, session):
        assert queries.count_unread(session, house.people["leader"]) == 1
        assert queries.count_unread(session, house.people["liaison"]) == 1


def test_two_dispatchers_never_take_the_same_letter(session: Any, dispatcher: Engine) -> None:
    house = build(session)
    for number in range(5):
        put(house, "liaison", f"k{number}")
    with dispatcher.connect() as one, dispatcher.connect() as other:
        first, second = claim(one, by="one", most=3), claim(other, by="other", most=3)
    assert len({parcel.id for parcel in first + second}) == len(first) + len(second) == 5


def test_the_message_of_a_sensitive_matter_says_nothing_outside(session: Any, dispatcher: Engine, postbox: Any) -> None:
    box, server = postbox
    house = build(session)
    put(house, "liaison", sensitive=True, message="尽快核实信访人情况")
    deliver(dispatcher, server)
    (message,) = box.messages
    told = message["Subject"] + message.get_content()
    assert "老旧小区改造" not in told
    assert "信访人" not in told
    inside = letter_words("obligation.due_soon", FACTS | {"sensitive": True}, outside=False)
    assert inside.subject.say(lambda msgid, **values: msgid % values) == "Due soon: 老旧小区改造"


def test_a_title_with_line_breaks_cannot_write_headers(session: Any, dispatcher: Engine, postbox: Any) -> None:
    box, server = postbox
    house = build(session)
    put(house, "liaison", title="改造\r\nBcc: everybody@example.com")
    deliver(dispatcher, server)
    (message,) = box.messages
    assert message["Bcc"] is None
    assert "改造 Bcc:" in message["Subject"]


def test_an_inbox_is_its_readers_own(session: Any) -> None:
    house, other = build(session), build(session, "huaian", "320800")
    put(house, "liaison", "a")
    put(house, "liaison", "b", at=MORNING + dt.timedelta(hours=1))
    put(house, "teacher", "c")
    with scope(house.id, session):
        mine = queries.list_letters(session, house.people["liaison"])
        assert [letter.dedupe_key for letter in mine] == ["b", "a"]
        assert [letter.dedupe_key for letter in queries.list_letters(session, house.people["liaison"], page=2)] == []
        newest = mine[0].id
        with pytest.raises(NotFound):
            services.mark_read(session, house.actor("teacher"), newest, at=MORNING)
        services.mark_read(session, house.actor("liaison"), newest, at=MORNING)
        services.mark_read(session, house.actor("liaison"), newest, at=MORNING + dt.timedelta(days=1))
        assert queries.get_letter(session, house.people["liaison"], newest).read_at == MORNING
        assert queries.count_unread(session, house.people["liaison"]) == 1
        assert services.mark_all_read(session, house.actor("liaison"), at=MORNING) == 1
        assert queries.count_unread(session, house.people["liaison"]) == 0
        assert queries.count_unread(session, house.people["teacher"]) == 1
    with scope(other.id, session):
        person_elsewhere = dataclasses.replace(house.actor("liaison"), jurisdiction_id=other.id)
        with pytest.raises(NotFound):
            services.mark_read(session, person_elsewhere, newest, at=MORNING)


def test_the_task_finds_its_own_way(session: Any, app: Any) -> None:
    house = build(session)
    put(house, "liaison")
    assert tasks.deliver.run() == 1
    (row,) = mail_rows(house)
    assert (row.state, row.last_error) == ("dropped", "no_mail_server")
