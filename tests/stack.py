"""The servers the suite runs on: a real PostgreSQL and a real Redis-protocol server, started for it and gone with it.

``TEST_DATABASE_URL`` (a login that may create roles and databases) and ``TEST_REDIS_URL`` replace them.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.kernel.runtime.embedded_postgres import admin_url, postgres_service
from app.kernel.runtime.embedded_valkey import valkey_service
from app.kernel.runtime.roles import connect, ensure_database, ensure_roles
from app.kernel.runtime.service import Service, signal_group, spawn, wait_until_ready
from config import APPLICATION_ROLE, DATABASE_NAME, DISPATCHER_ROLE, OWNER_ROLE, EmbeddedPlaces, Secrets, as_role

PREFIX = "huiyin-test-"
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 4 * 2**30
EXTERNAL_PASSWORD = "huiyin-test-only"


@dataclass(frozen=True)
class Stack:
    """Running servers and the three logins of an empty database. ``redis_url`` is as Settings writes it."""

    folder: Path
    owner_url: str
    app_url: str
    dispatcher_url: str
    redis_url: str
    stop: Callable[[], None]
    """Stops what was started and removes its data; safe to call twice."""

    def environment(self) -> dict[str, str]:
        """The variables that make a process of ours use this stack."""
        return {
            "OWNER_DATABASE_URL": self.owner_url,
            "DATABASE_URL": self.app_url,
            "DISPATCHER_DATABASE_URL": self.dispatcher_url,
            "REDIS_URL": self.redis_url,
            "HUIYIN_DATA_DIR": str(self.folder / "var"),
        }


class _Servers:
    """What was started, in order; stopped in reverse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        self.afterwards: list[Callable[[], None]] = []

    def start(self, service: Service) -> None:
        with open(self.folder / f"{service.name}.log", "ab") as output:
            process = spawn(service, output)
        self.running.append((service, process))
        wait_until_ready(service, process)

    def stop(self) -> None:
        while self.afterwards:
            self.afterwards.pop()()
        while self.running:
            service, process = self.running.pop()
            process.send_signal(service.stop_signal)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                signal_group(process, service.stop_signal.SIGKILL)
                process.wait(5)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_stack(base_dir: Path | None = None) -> Stack:
    """Start the servers in a new folder below ``base_dir`` (when None: in memory if there is room, else with other
    temporary files).

    The kernel ends the servers when this process dies, however it dies; the folder it then leaves behind is removed by
    the next start. Raises ServiceError with a sentence when a server cannot be started.
    """
    base = base_dir or quickest_folder()
    _remove_forgotten(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)).resolve()
    folder.chmod(0o711)
    lock = open(folder / "lock", "w")  # noqa: SIM115 - held until this process ends
    fcntl.flock(lock, fcntl.LOCK_EX)
    servers = _Servers(folder)
    atexit.register(servers.stop)
    try:
        owner, application, dispatcher = _database(servers)
        redis_url = os.environ.get("TEST_REDIS_URL") or _broker(servers)
    except BaseException:
        servers.stop()
        raise

    def stop() -> None:
        servers.stop()
        lock.close()

    return Stack(folder, owner, application, dispatcher, redis_url, stop)


def quickest_folder() -> Path:
    """Where tables are emptied five times as fast: data that nobody keeps need not reach a disk."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED
    return MEMORY if roomy else Path(tempfile.gettempdir())


def _places(folder: Path) -> EmbeddedPlaces:
    places = EmbeddedPlaces.below(folder)
    if places.database.is_relative_to(folder):
        return places
    # Run as root below a folder others may not enter (pytest's own): a test's cluster does not belong in /var/lib.
    raise ValueError(f"{folder} cannot be entered by other accounts; give start_stack no folder")


def _broker(servers: _Servers) -> str:
    places = EmbeddedPlaces.below(servers.folder)
    servers.start(valkey_service(places.broker, places.broker_socket, durable=False))
    return f"unix://{quote(str(places.broker_socket))}"


def _database(servers: _Servers) -> tuple[str, str, str]:
    """Logins of the owner, the application and the dispatcher to an empty database."""
    if external := os.environ.get("TEST_DATABASE_URL"):
        return _external_database(servers, "postgresql+psycopg://" + external.partition("://")[2])
    places, made = _places(servers.folder), Secrets.kept_in(servers.folder)
    servers.start(postgres_service(places, made, durable=False))
    passwords = {
        OWNER_ROLE: made.database_owner_password,
        APPLICATION_ROLE: made.database_application_password,
        DISPATCHER_ROLE: made.database_dispatcher_password,
    }
    admin = admin_url(places, made)
    ensure_roles(admin, passwords)
    ensure_database(admin, DATABASE_NAME, OWNER_ROLE)
    target = admin_url(places, made, DATABASE_NAME)
    return tuple(as_role(target, role, password) for role, password in passwords.items())  # type: ignore[return-value]


def _external_database(servers: _Servers, admin: str) -> tuple[str, str, str]:
    """A database of our own on the given server, dropped at the end."""
    name = f"huiyin_test_{secrets.token_hex(4)}"
    roles = (OWNER_ROLE, APPLICATION_ROLE, DISPATCHER_ROLE)
    ensure_roles(admin, dict.fromkeys(roles, EXTERNAL_PASSWORD))
    ensure_database(admin, name, OWNER_ROLE)

    def drop() -> None:
        with connect(admin) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]

    servers.afterwards.append(drop)
    target = urlsplit(admin)._replace(path=f"/{name}").geturl()
    return tuple(as_role(target, role, EXTERNAL_PASSWORD) for role in roles)  # type: ignore[return-value]


def _remove_forgotten(base: Path) -> None:
    """Remove the folders of runs that were killed: nobody holds their lock."""
    for folder in base.glob(f"{PREFIX}*"):
        if folder.stat().st_uid != os.geteuid() or not (folder / "lock").exists():
            continue
        with open(folder / "lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(folder, ignore_errors=True)
