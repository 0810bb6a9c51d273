"""An installation that is hurt on purpose: its own PostgreSQL, broker, workers and clocks as real processes, and a mail
server and an SMS gateway that can be full, rude or slow.

Days pass without waiting for them: the product asks the database what time it is, and here the database answers with a
time of our choosing, because a function of that name stands before PostgreSQL's own in the search path.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from kombu import Exchange, Queue

from app.kernel.celery_app import QUEUES
from app.kernel.runtime.embedded_postgres import admin_url
from app.kernel.runtime.installation import embedded_services, prepare_roles
from app.kernel.runtime.roles import connect
from app.kernel.runtime.service import Service, signal_group, spawn, wait_until_ready
from app.notifications.models import Channel
from app.urging.services import sweep_jurisdiction
from config import APPLICATION_ROLE, DATABASE_NAME, DISPATCHER_ROLE, Secrets, load_settings
from tests.conftest import MORNING, ROOT, empty_house, migrate
from tests.kept_world import keep_rows
from tests.small_house import build
from tests.stack import quickest_folder
from tests.troubled_postbox import Postbox

PATIENCE = 120
"""Seconds to wait for what must come. Nothing here is a measurement: a machine under load only takes longer."""

HOUSES = 6
DAY = dt.timedelta(days=1)
AN_HOUR = dt.timedelta(hours=1)
LEASES_END = dt.timedelta(minutes=11)

_CLOCK = f"""
create schema faults;
create table faults.clock (shift interval not null);
insert into faults.clock values ('0');
create function faults.clock_timestamp() returns timestamptz language sql volatile
    as 'select pg_catalog.clock_timestamp() + shift from faults.clock';
grant usage on schema faults to {APPLICATION_ROLE}, {DISPATCHER_ROLE};
grant select on faults.clock to {APPLICATION_ROLE}, {DISPATCHER_ROLE};
alter role {APPLICATION_ROLE} set search_path = faults, pg_catalog, public;
alter role {DISPATCHER_ROLE} set search_path = faults, pg_catalog, public;
"""

_LETTERS = """
select j.slug, p.name, l.kind, l.facts ->> 'title', l.channel, l.state, l.message_key
  from letter l join jurisdiction j on j.id = l.jurisdiction_id join ab_user p on p.id = l.recipient_id
"""


def until(holds: Callable[[], object], explain: Callable[[], object] = str) -> None:
    """Wait until something holds; fail with an explanation when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.1)


class Installation:
    """One installation. Whoever makes it calls ``close``."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="huiyin-faults-", dir=quickest_folder())).resolve()
        self.folder.chmod(0o711)
        self.postbox = Postbox()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "HUIYIN_DATA_DIR": str(self.folder),
            "HUIYIN_TESTING": "1",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.postbox.mail.port),
            "HUIYIN_CHANNEL_HOSTS": self.postbox.host,
        }
        self.settings = load_settings(self.environment)
        self.services = {service.name: service for service in embedded_services(self.settings)}
        self.servers: dict[str, subprocess.Popen[bytes]] = {}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.beats: list[subprocess.Popen[bytes]] = []
        for name in self.services:
            self.start_server(name)
        prepare_roles(self.settings)
        migrate(self.owner_url)
        with self.admin() as connection:
            connection.execute(_CLOCK)
        self._rows = self._build()
        self._expected: dict[tuple[dt.datetime, ...], Counter[Any]] = {}

    @property
    def owner_url(self) -> str:
        """The owner's login, as a ``Stack`` has it."""
        return self.settings.owner_database_url

    # --- its parts -------------------------------------------------------------------------------------------------

    def start_server(self, name: str) -> None:
        """Start PostgreSQL (``postgres``) or the broker (``valkey``) on the data it left."""
        service: Service = self.services[name]
        with open(self.folder / f"{name}.log", "ab") as output:
            self.servers[name] = spawn(service, output)
        wait_until_ready(service, self.servers[name], PATIENCE)

    def kill_server(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a server at once. For PostgreSQL use SIGQUIT, its own way of crashing."""
        self.servers[name].send_signal(how)
        self.servers[name].wait(PATIENCE)

    def forget_messages(self) -> None:
        """What a broker without its data knows. Call it while the broker is down."""
        for place in self.settings.places.broker.glob("appendonlydir*"):
            shutil.rmtree(place)

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker on every queue: one that has come through everything so far, else a new one."""
        return next((one for one in self.workers if one.poll() is None), None) or self.another_worker()

    def another_worker(self) -> subprocess.Popen[bytes]:
        """A new worker on every queue."""
        options = ["-c", "2", "-l", "INFO", "-Q", ",".join(QUEUES), "-n", f"w{len(self.workers)}@faults"]
        self.workers.append(self._program("worker", *options, "--without-gossip", "--without-mingle"))
        return self.workers[-1]

    def beat(self) -> subprocess.Popen[bytes]:
        """A clock that rings. It begins by ringing for everything."""
        self.beats.append(self._program("beat", "-l", "INFO", "--pidfile="))
        return self.beats[-1]

    def _program(self, *words: str) -> subprocess.Popen[bytes]:
        with open(self.folder / "programs.log", "ab") as log:
            argv = (sys.executable, "-m", "celery", "-A", "app.kernel.celery_app:celery", *words)
            return spawn(Service(words[0], argv, tier=0, env=self.environment, cwd=ROOT), log)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 for a program and every process it has."""
        signal_group(process, signal.SIGKILL)
        process.wait(PATIENCE)

    def kill_programs(self) -> None:
        """Everything of the product is gone at once."""
        for process in (*self.workers, *self.beats):
            self.kill(process)

    def said(self) -> str:
        """What the programs said since the last new beginning."""
        return (self.folder / "programs.log").read_text("utf-8", "replace")

    def admin(self) -> Any:
        """The database as its superuser, whom no wall holds."""
        return connect(admin_url(self.settings.places, Secrets.kept_in(self.folder), DATABASE_NAME))

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Ask the database."""
        with self.admin() as connection:
            return list(connection.execute(statement, list(values)))

    def close(self) -> None:
        """End everything and remove it."""
        self.kill_programs()
        self.postbox.close()
        for name in reversed(list(self.servers)):
            self.kill_server(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- its world -------------------------------------------------------------------------------------------------

    def _build(self) -> str:
        from app import create_app
        from app.kernel.db import db
        from app.kernel.tenancy import scope

        self.app = create_app(self.settings)
        with self.app.app_context():
            for number in range(HOUSES):
                house = build(db.session, f"house{number}", f"99900{number}")
                with scope(house.id, db.session):
                    for days in (-3, 0, 1, 3, 4, 30):
                        matter = house.matter(f"事项{days}")
                        due = MORNING.date() + days * DAY
                        house.clock(matter, house.assignment(matter, "住建局"), due - 2 * DAY, due)
                    db.session.add(self._gateway())
                    db.session.commit()
            db.session.remove()
        self.rows("update ab_user set phone = '1380000' || lpad(id::text, 4, '0') returning id")
        return keep_rows(self.owner_url)

    def _gateway(self) -> Channel:
        body = '{"to": "{phone}", "key": "{key}", "text": "{message}"}'
        return Channel(
            kind="sms",
            name="短信",
            enabled=True,
            when_asked=False,
            base_url=f"http://{self.postbox.host}/send",
            options={"method": "POST", "body": body, "body_type": "json", "answer_field": "code", "taken": "0"},
        )

    def begin_anew(self) -> None:
        """The world as it was built, at nine on a Monday; no message waits, no clock rings, and workers are idle."""
        for process in self.beats:
            self.kill(process)
        for name, process in self.servers.items():
            if process.poll() is not None:
                self.start_server(name)
        with redis.Redis.from_url(self.settings.redis_url) as broker:
            broker.delete(*(f"huiyin:{name}" for name in (*QUEUES, "unacked", "unacked_index")))
        empty_house(self)
        with connect(self.owner_url) as connection:
            connection.execute(self._rows)  # type: ignore[call-overload]
        self.set_clock(MORNING)
        self.postbox.mode = "ok"
        self.postbox.taken.clear()
        self.postbox.asked = 0
        (self.folder / "programs.log").write_bytes(b"")

    def set_clock(self, at: dt.datetime) -> None:
        """From now on it is this instant."""
        with self.admin() as connection:
            connection.execute("update faults.clock set shift = %s - pg_catalog.clock_timestamp()", [at])

    def pass_time(self, span: dt.timedelta) -> None:
        """Let time pass, or go back."""
        with self.admin() as connection:
            connection.execute("update faults.clock set shift = shift + %s", [span])

    def expected(self, *mornings: dt.datetime) -> Counter[Any]:
        """The letters that are written when nothing goes wrong: the sweeps of these mornings, called one by one."""
        if mornings not in self._expected:
            from app.kernel.db import db

            with self.app.app_context():
                for at in mornings:
                    for (house_id,) in self.rows("select id from jurisdiction order by id"):
                        sweep_jurisdiction(db.session, house_id, at)
                db.session.remove()
            self._expected[mornings] = self.written()
            self.begin_anew()
        return self._expected[mornings]

    # --- what came of it -------------------------------------------------------------------------------------------

    def written(self) -> Counter[Any]:
        """Every letter: whose, to whom, of what kind about what, by which way."""
        return Counter(row[:5] for row in self.rows(_LETTERS))

    def ring(self, *tasks: str) -> None:
        """Ring as the clock does."""
        queues = {"urging.tick": "beat", "notifications.deliver": "deliver"}
        with Celery(broker=self.settings.broker_url) as ringer:
            ringer.conf.broker_transport_options = {"global_keyprefix": "huiyin:"}
            for task in tasks:
                name = queues[task]
                ringer.send_task(task, queue=Queue(name, Exchange(name, type="direct"), routing_key=name))

    def ring_and_wait(self) -> None:
        """Ring for the reminders, and wait until that ring was answered."""
        before = self._ticks()
        self.ring("urging.tick")
        until(lambda: self._ticks() > before, self.said)

    def _ticks(self) -> int:
        return int(self.rows("select coalesce(sum(times), 0) from job_run where name = 'urging.tick'")[0][0])

    def swept(self) -> list[str]:
        """The jurisdictions that have their next hour."""
        return [
            row[0]
            for row in self.rows(
                "select slug from jurisdiction where next_sweep_at > pg_catalog.clock_timestamp() + "
                "(select shift from faults.clock) and claimed_until is null order by slug"
            )
        ]

    def all_swept(self) -> bool:
        """Whether every jurisdiction has its next hour."""
        return len(self.swept()) == HOUSES

    def waiting(self) -> int:
        """Letters that have not found their end."""
        return int(self.rows("select count(*) from letter where state in ('queued', 'sending')")[0][0])

    def due_mail(self) -> int:
        """Letters that are in somebody's hands, or whose time has come."""
        return int(
            self.rows(
                "select count(*) from letter where state = 'sending' or state = 'queued' and next_attempt_at <= "
                "pg_catalog.clock_timestamp() + (select shift from faults.clock)"
            )[0][0]
        )

    def until_swept(self) -> None:
        """Wait for the sweeps, and say what the programs said when they do not come."""
        until(self.all_swept, lambda: f"swept: {self.swept()}\n{self.said()[-4000:]}")

    def until_delivered(self) -> None:
        """Ring for the dispatcher as often as it takes; what is tried again later is tried an hour later."""
        while self.waiting():
            self.ring("notifications.deliver")
            until(
                lambda: self._is_kept_up() and self.due_mail() == 0,
                lambda: f"{self.due_mail()} letters are due\n{self.said()[-4000:]}",
            )
            if self.waiting():
                self.pass_time(AN_HOUR)

    def _is_kept_up(self) -> bool:
        """As the supervisor does: a worker that ended when its broker went is started again, and the clock rings again."""
        if self.workers and all(one.poll() is not None for one in self.workers):
            self.another_worker()
            self.ring("notifications.deliver")
        return True

    def check(self, expected: Counter[Any], *, in_flight: int = 0) -> None:
        """Nothing lost, nothing doubled: exactly these letters, each at its end, each key with the other side.

        ``in_flight`` is how many messages may have arrived twice, under the same key: those that were on their way when
        something was killed.
        """
        assert expected, "nothing is expected, so nothing is proved"
        assert {slug for slug, *_ in expected} == {f"house{number}" for number in range(HOUSES)}
        assert self.written() == expected
        letters = self.rows(_LETTERS)
        assert {row[4] for row in letters} == {"inbox", "email", "sms"}
        assert {row[5] for row in letters} == {"sent"}
        keys = {row[6] for row in letters if row[4] != "inbox"}
        assert set(self.postbox.taken) == keys
        assert sum(self.postbox.taken.values()) - len(keys) <= in_flight, self.postbox.taken
