"""One long-running process: how it is started, how one knows it is ready, how it is asked to stop."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ServiceError(RuntimeError):
    """A server that cannot be started here. The sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """The system account a process runs as, when it is not our own."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> Account | None:
        """The account of this name, or None when the system has none."""
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            return None
        return cls(name, entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class Service:
    """A process to keep running.

    ``tier`` orders the stop: the highest stops first. ``death_signal`` is what the kernel sends when its parent dies in
    whatever way (Linux only), so that a killed supervisor leaves nothing behind.
    """

    name: str
    argv: tuple[str, ...]
    tier: int
    ready: Callable[[], bool] | None = None
    account: Account | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM


def spawn(service: Service, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own. Call it from the main thread: it dies with the calling thread."""
    account = service.account
    return subprocess.Popen(  # noqa: S603 - argv is built by this package
        service.argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=service.cwd,
        env=dict(service.env),
        start_new_session=True,
        preexec_fn=_die_with_parent(os.getpid(), service.death_signal),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _die_with_parent(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:  # the parent died between fork and prctl: nobody would ever stop us
                os._exit(1)

    return prepare


def wait_until_ready(service: Service, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait until the service answers. Raises ServiceError when it ends or stays silent for ``seconds``."""
    deadline = time.monotonic() + seconds
    while service.ready is not None and not service.ready():
        if process.poll() is not None:
            raise ServiceError(f"{service.name} ended with status {process.returncode} before it was ready")
        if time.monotonic() > deadline:
            raise ServiceError(f"{service.name} did not answer within {seconds:.0f} seconds")
        time.sleep(0.02)


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the process and everything it started."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def private_folder(path: Path, account: Account | None = None) -> Path:
    """Make a folder only its owner may enter.

    Raises ServiceError when it exists and belongs to someone else: in a shared place anybody may have put it there.
    """
    uid = account.uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        status = path.lstat()
        if path.is_symlink() or not path.is_dir() or status.st_uid not in (uid, os.geteuid()):
            raise ServiceError(f"{path} belongs to another account; remove it or set HUIYIN_DATA_DIR") from None
    except PermissionError as error:
        raise ServiceError(f"{error.filename} cannot be made by this account; set HUIYIN_DATA_DIR") from error
    if account and path.lstat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path
