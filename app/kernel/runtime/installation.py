"""One installation on one host: the processes it consists of, and the order in which they come up."""

from __future__ import annotations

import fcntl
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.kernel.runtime import embedded_postgres, embedded_valkey, roles
from app.kernel.runtime.service import Service, ServiceError, signal_group, spawn, wait_until_ready
from app.kernel.runtime.supervisor import Console, Stopped, Supervisor
from config import (
    APPLICATION_ROLE,
    DATABASE_NAME,
    DISPATCHER_ROLE,
    OWNER_ROLE,
    ROOT,
    Secrets,
    Settings,
    inherited_environment,
)

PARTS = ("web", "worker", "beat")
SERVERS, PROGRAMS = 0, 2
THREADS_PER_WEB_PROCESS = 8


def serve(settings: Settings, parts: Sequence[str], *, demonstration: bool, verbose: bool) -> int:
    """Bring everything up, keep it running, take it down again. Returns the exit status.

    ``demonstration`` fills a database that has neither jurisdiction nor person. Raises ServiceError when something
    cannot be started; whatever was started by then has been stopped again.
    """
    console = Console(settings.data_dir / "log", verbose=verbose)
    with Supervisor(settings.data_dir, console) as supervisor:
        try:
            if "web" in parts:
                _refuse_taken_port(settings)
            console.say("starting Huiyin")
            for service in embedded_services(settings):
                supervisor.start(service)
            supervisor.run(_command(settings, "release"), "preparing the database")
            if demonstration and roles.is_untouched(settings.owner_database_url):
                said = supervisor.run(_command(settings, "demo", "seed"), "filling in the demonstration")
                _accounts_file(settings).touch(mode=0o600)
                _accounts_file(settings).write_text("\n".join(said) + "\n", "utf-8")
            console.say(f"  starting {', '.join(parts)}")
            for service in programs(settings, parts):
                supervisor.start(service)
            _announce(settings, parts, console)
            supervisor.keep_running()
        except Stopped:
            return 0
    return supervisor.status


def embedded_services(settings: Settings, *, durable: bool = True) -> Iterator[Service]:
    """The servers this installation brings along; none when both are external. Prepared only when asked for."""
    made = Secrets.kept_in(settings.data_dir)
    if settings.database_is_embedded:
        database = embedded_postgres.postgres_service(settings.places, made, durable=durable)
        link = settings.data_dir / "postgres"
        if not link.exists():  # the cluster had to live elsewhere: the link keeps the two together
            link.symlink_to(settings.places.database)
        yield database
    if settings.broker_is_embedded:
        yield embedded_valkey.valkey_service(settings.places.broker, settings.places.broker_socket, durable=durable)


def programs(settings: Settings, parts: Sequence[str]) -> list[Service]:
    """The product's own processes."""
    celery = [sys.executable, "-m", "celery", "-A", "app.kernel.celery_app:celery"]
    level = ["-l", settings.log_level]
    # A name of its own, for hosts that are clones of one another.
    name = f"worker-{secrets.token_hex(4)}@%h"
    worker = ["worker", "-n", name, "-c", str(settings.worker_processes), *level, "-Q", "beat,sweep,deliver"]
    argvs = {
        "worker": [*celery, *worker, "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", *level, "--pidfile="],
        "web": [
            *(sys.executable, "-m", "gunicorn", "-b", f"{settings.host}:{settings.port}"),
            *("-k", "gthread", "--threads", str(THREADS_PER_WEB_PROCESS), "-w", str(settings.web_processes)),
            *("--graceful-timeout", "15", "--timeout", "60", "--no-control-socket"),
            "run:create_wsgi()",
        ],
    }
    return [
        Service(
            name=part,
            argv=tuple(argv),
            tier=PROGRAMS,
            ready=_web_answers(settings) if part == "web" else None,
            env=_environment(settings),
            cwd=ROOT,
        )
        for part, argv in argvs.items()
        if part in parts
    ]


def prepare_roles(settings: Settings) -> None:
    """Make the database and the roles that do not exist yet.

    Embedded, the cluster's superuser does it. Outside, the owner's login does, if it may; raises ServiceError with the
    SQL for the database's administrator otherwise.
    """
    made = Secrets.kept_in(settings.data_dir)
    if settings.database_is_embedded:
        admin = embedded_postgres.admin_url(settings.places, made)
        roles.ensure_roles(
            admin,
            {
                OWNER_ROLE: made.database_owner_password,
                APPLICATION_ROLE: made.database_application_password,
                DISPATCHER_ROLE: made.database_dispatcher_password,
            },
        )
        roles.ensure_database(admin, DATABASE_NAME, OWNER_ROLE)
        return
    roles.ensure_logins(
        settings.owner_database_url,
        {APPLICATION_ROLE: settings.database_url, DISPATCHER_ROLE: settings.dispatcher_database_url},
    )


@contextmanager
def database_running(settings: Settings) -> Iterator[None]:
    """For commands: use the running embedded database, or start it for as long as the command needs it."""
    if not settings.database_is_embedded:
        yield
        return
    admin = embedded_postgres.admin_url(settings.places, Secrets.kept_in(settings.data_dir))
    if embedded_postgres.answers(admin):
        yield
        return
    with open(settings.data_dir / "run.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _wait_for(lambda: embedded_postgres.answers(admin), "the embedded database", 30)
            yield
            return
        service = next(embedded_services(settings))
        process = spawn(service, subprocess.DEVNULL)
        try:
            wait_until_ready(service, process)
            yield
        finally:
            signal_group(process, service.stop_signal)
            process.wait(30)


def _wait_for(ready: Callable[[], bool], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise ServiceError(f"{what} does not answer although Huiyin is running; see the logs in the data folder")
        time.sleep(0.1)


def _environment(settings: Settings) -> dict[str, str]:
    return inherited_environment() | {"PORT": str(settings.port)}


def _command(settings: Settings, *arguments: str) -> Service:
    argv = (sys.executable, str(ROOT / "run.py"), *arguments)
    return Service(name=arguments[0], argv=argv, tier=PROGRAMS, env=_environment(settings), cwd=ROOT)


def _accounts_file(settings: Settings) -> Path:
    """What the seeding of the demonstration said: its accounts. Shown at every start."""
    return settings.data_dir / "demonstration.txt"


def _announce(settings: Settings, parts: Sequence[str], console: Console) -> None:
    if "web" in parts:
        console.say(f"Huiyin 回音 is running: {settings.base_url}/")
        if _accounts_file(settings).exists():
            for line in _accounts_file(settings).read_text("utf-8").splitlines():
                console.say(f"  {line}")
    console.say(f"Ctrl-C stops it. Logs are in {console.folder}")


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ServiceError(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}); choose another port: PORT=8001"
            ) from error


def _web_answers(settings: Settings) -> Callable[[], bool]:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104 - compared, not bound

    def ready() -> bool:
        """Any HTTP answer will do: the socket accepts long before the application has loaded."""
        try:
            with socket.create_connection((host, settings.port), 2) as connection:
                connection.settimeout(30)
                connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return connection.recv(16).startswith(b"HTTP/1.")
        except OSError:
            return False

    return ready
