"""Whatever is killed, lost, full or turned back: every letter is written once and arrives, and nobody waits for another.

Real processes on servers of their own. Each case ends with the letters of an undisturbed day, to the letter.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import re
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
import psycopg
import pytest

from app import create_app
from app.kernel import clock
from app.kernel.db import db
from tests.conftest import MORNING, empty_house
from tests.faults import DAY, HOUSES, LEASES_END, Installation, until
from tests.matter_life import to_handling
from tests.small_house import Browser
from tests.world import PASSWORD, build_world

THURSDAY = MORNING + 3 * DAY
A_WHILE = dt.timedelta(hours=2)


@pytest.fixture(scope="module")
def whole() -> Iterator[Installation]:
    installation = Installation()
    yield installation
    installation.close()


@pytest.fixture
def house(whole: Installation) -> Iterator[Installation]:
    """The installation on a Monday at nine, everything to be done."""
    whole.begin_anew()
    yield whole


class InMidSweep:
    """While this lasts every sweep stops inside its transaction, before its first letter."""

    def __init__(self, house: Installation) -> None:
        self.house = house

    def __enter__(self) -> None:
        self.admin = self.house.admin()
        self.lock = self.admin.__enter__()
        self.lock.execute("begin")
        self.lock.execute("lock table letter in share row exclusive mode")
        self.house.ring("urging.tick")
        until(self._someone_waits, self.house.said)

    def _someone_waits(self) -> bool:
        found = self.house.rows("select from pg_locks where not granted and relation = 'letter'::regclass")
        return bool(found)

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(psycopg.OperationalError):  # it may be the database that was killed
            self.lock.execute("rollback")
        self.lock.close()


def deliver_all(house: Installation) -> None:
    house.until_swept()
    house.until_delivered()


def test_workers_killed_again_and_again(house: Installation) -> None:
    monday = house.expected(MORNING)
    doomed = house.worker()
    with InMidSweep(house):
        house.kill(doomed)
    assert not house.written()
    house.pass_time(LEASES_END)
    doomed = house.worker()
    house.ring("urging.tick")
    house.until_swept()
    house.postbox.mode = "holding"
    house.ring("notifications.deliver")
    until(lambda: house.postbox.taken, house.said)
    house.kill(doomed)
    in_flight = sum(house.postbox.taken.values())
    house.postbox.mode = "ok"
    house.pass_time(LEASES_END)
    house.worker()
    house.until_delivered()
    house.check(monday, in_flight=in_flight)


def test_a_killed_process_of_the_pool_is_made_good_by_the_queue_itself(house: Installation) -> None:
    monday = house.expected(MORNING)
    worker = house.worker()
    with InMidSweep(house):
        for child in psutil.Process(worker.pid).children():
            child.kill()
    deliver_all(house)
    assert worker.poll() is None
    house.check(monday)


@pytest.mark.parametrize("loses_everything", [False, True])
def test_the_broker_is_killed_and_comes_back(house: Installation, loses_everything: bool) -> None:
    monday = house.expected(MORNING)
    worker = house.worker()
    with InMidSweep(house):
        house.kill_server("valkey")
        if loses_everything:
            house.forget_messages()
        house.start_server("valkey")
    if loses_everything:
        house.pass_time(LEASES_END)
        house.ring("urging.tick")
    until(lambda: house.all_swept() or worker.poll() is not None, house.said)
    if worker.poll() is not None:  # it may end with its connection; whoever supervises it starts another
        house.worker()
        house.pass_time(LEASES_END)
        house.ring("urging.tick")
    deliver_all(house)
    house.check(monday)


def test_the_database_crashes_and_comes_back(house: Installation) -> None:
    monday = house.expected(MORNING)
    house.worker()
    with InMidSweep(house):
        house.kill_server("postgres", signal.SIGQUIT)
        house.start_server("postgres")
    house.pass_time(LEASES_END)
    house.ring("urging.tick")
    deliver_all(house)
    house.check(monday)


def test_two_clocks_and_two_workers_do_everything_once(house: Installation) -> None:
    monday = house.expected(MORNING)
    house.beat()
    house.beat()
    until(lambda: house.said().count("beat: Starting...") == 2, house.said)
    house.worker()
    house.another_worker()
    house.until_swept()
    house.until_delivered()
    house.check(monday)
    sweeps = [line for line in house.said().splitlines() if "urging.sweep[" in line and "succeeded" in line]
    assert len([line for line in sweeps if not line.endswith(": 0")]) == HOUSES, "each house's letters by one sweep"


def test_three_days_down_and_clocks_that_go_wrong(house: Installation) -> None:
    both = house.expected(MORNING, THURSDAY)
    house.worker()
    house.ring("urging.tick")
    deliver_all(house)
    house.kill_programs()
    house.set_clock(THURSDAY)
    assert not house.swept()
    house.beat()
    house.worker()
    deliver_all(house)
    house.check(both)
    # two hours back, and then a month ahead for a moment: nothing is said twice, and nobody sleeps for a month
    house.pass_time(-A_WHILE)
    house.ring_and_wait()
    with house.admin() as connection:
        connection.execute("update jurisdiction set next_sweep_at = next_sweep_at + interval '33 days'")
    house.pass_time(A_WHILE)
    house.ring("urging.tick")
    until(lambda: not _sleeping_longer_than(house, 2 * DAY), house.said)
    house.until_swept()
    house.until_delivered()
    house.check(both)


def _sleeping_longer_than(house: Installation, span: dt.timedelta) -> list[Any]:
    return house.rows(
        "select from jurisdiction where next_sweep_at > pg_catalog.clock_timestamp() + (select shift from faults.clock) + %s",
        span,
    )


@pytest.mark.parametrize("trouble", ["full", "rude", "flaky"])
def test_a_server_in_trouble_gets_every_letter_once_it_is_well(house: Installation, trouble: str) -> None:
    monday = house.expected(MORNING)
    house.postbox.mode = trouble
    house.worker()
    house.ring("urging.tick")
    house.until_swept()
    house.ring("notifications.deliver")
    until(lambda: house.rows("select from letter where last_error is not null"), house.said)
    until(lambda: house.due_mail() == 0, house.said)
    assert house.waiting(), "a letter that could not be handed over waits"
    if trouble != "flaky":
        assert not house.postbox.taken
        house.postbox.mode = "ok"
    house.until_delivered()
    house.check(monday)


def test_a_jurisdiction_that_always_fails_holds_nobody(house: Installation) -> None:
    monday = house.expected(MORNING)
    with house.admin() as connection:
        connection.execute(
            "create function faults.refuse() returns trigger language plpgsql as "
            "$$ begin raise exception 'a title nobody else may read'; end $$; "
            "do $$ begin execute format('create trigger refuse before insert on letter for each row "
            "when (new.jurisdiction_id = %s) execute function faults.refuse()', "
            "(select id from jurisdiction where slug = 'house0')); end $$"
        )
    house.worker()
    house.ring("urging.tick")
    others = [f"house{number}" for number in range(1, HOUSES)]
    until(lambda: house.swept() == others, house.said)
    house.until_delivered()
    told = house.rows(
        "select j.slug, r.fault from job_run r join jurisdiction j on j.id = r.house_id where r.failures > 0"
    )
    assert {slug for slug, _ in told} == {"house0"}
    assert all(re.fullmatch("[A-Za-z]+", fault) for _, fault in told), "the kind of the fault, and no text"
    assert house.written() == Counter({key: 1 for key in monday if key[0] != "house0"})
    with house.admin() as connection:
        connection.execute("drop trigger refuse on letter; drop function faults.refuse()")
    house.pass_time(LEASES_END)
    house.ring("urging.tick")
    deliver_all(house)
    house.check(monday)


def test_without_redis_people_work_and_letters_wait(house: Installation) -> None:
    empty_house(house)
    house.set_clock(clock.now())
    web = create_app(dataclasses.replace(house.settings, testing=False))
    with web.app_context():
        huarong = build_world(db.session).huarong
        house.rows("update ab_user set email = username || '@people.example' returning id")
        with huarong.inside():
            life = to_handling(huarong)
            page = f"/j/huarong/matters/{life.matter_id}"
        db.session.remove()
    before = house.waiting()
    house.kill_server("valkey")
    liaison = Browser(web, web.response_class)
    who = {"username": huarong.username("unit_liaison", "SLJ"), "password": PASSWORD}
    signed_in = liaison.post("/login/", data=who | {"csrf_token": liaison.csrf_token("/login/")})
    assert (signed_in.status_code, "login" in signed_in.location) == (302, False)
    assert liaison.get("/readyz").json["broker"] == "missing"
    panel = re.search(r'<details[^>]*id="act-acknowledge".*?</details>', liaison.get(page).text, re.DOTALL)
    assert panel is not None
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', panel.group(0)))
    assert liaison.post(f"{page}/acknowledge", data=fields | {"signed_by": "王联络"}).status_code == 302
    assert liaison.get("/j/huarong/inbox/").status_code == 200
    assert house.rows("select from assignment where state = 'acknowledged'")
    assert house.waiting() >= before > 0
    assert not house.postbox.taken
    house.start_server("valkey")
    house.worker()
    house.until_delivered()
    sent = house.rows("select distinct message_key from letter where channel <> 'inbox' and state = 'sent'")
    assert house.postbox.taken == Counter({key: 1 for (key,) in sent})


def test_mail_queued_before_a_halt_does_not_go_out(house: Installation) -> None:
    monday = house.expected(MORNING)
    house.worker()
    house.ring("urging.tick")
    house.until_swept()
    with house.admin() as connection:
        connection.execute("update jurisdiction set status = 'suspended' where slug = 'house0'")
    house.until_delivered()
    mail = house.rows(
        "select j.slug, l.state, l.message_key from letter l join jurisdiction j on j.id = l.jurisdiction_id "
        "where l.channel <> 'inbox'"
    )
    assert {state for slug, state, _ in mail if slug == "house0"} == {"dropped"}
    assert {state for slug, state, _ in mail if slug != "house0"} == {"sent"}
    assert set(house.postbox.taken) == {key for slug, _, key in mail if slug != "house0"}
    assert house.written() == monday, "the inbox keeps them for the day it runs again"
