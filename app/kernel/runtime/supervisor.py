"""Keeps a set of processes running and leaves none behind: not after Ctrl-C, not after ``kill -9``.

Each child has a session of its own and is tied by the kernel to this process. What a child leaves behind when it dies
is re-parented to this process (Linux) and ended before its successor starts.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import IO

from app.kernel.runtime.service import LIBC, Service, ServiceError, signal_group, spawn, wait_until_ready

PR_SET_CHILD_SUBREAPER = 36

STOP_SECONDS = 25.0
STILL_BUSY_SECONDS = 4.0
FAILURES_ALLOWED = 5
FAILURE_WINDOW_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 10.0
LOG_BYTES, LOG_FILES = 10_000_000, 3
TAIL_LINES = 12


class Stopped(Exception):
    """The operator asked to stop while something was still starting."""


class Console:
    """One line at a time to the terminal and to the rotating log of the process that said it."""

    def __init__(self, folder: Path, *, verbose: bool) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.verbose = verbose
        self._writing = threading.Lock()
        self._logs: dict[str, logging.Logger] = {}
        self._tails: dict[str, deque[str]] = {}

    def say(self, line: str) -> None:
        """A line of the supervisor's own."""
        self._record("huiyin", line)
        self._print(line)

    def pump(self, name: str, stream: IO[bytes], keep: list[str] | None = None) -> None:
        """Copy a child's output until it ends, also into ``keep`` when given."""
        for raw in iter(stream.readline, b""):
            line = raw.decode("utf-8", "replace").rstrip("\n")
            self._record(name, line)
            if keep is not None:
                keep.append(line)
            if self.verbose:
                self._print(f"{name:<8} | {line}")

    def tail(self, name: str) -> list[str]:
        """The last lines a child said."""
        return list(self._tails.get(name, ()))

    def forget(self, name: str) -> None:
        """Begin a new tail: what an earlier process of this name said explains nothing any more."""
        self._tails.pop(name, None)

    def _record(self, name: str, line: str) -> None:
        with self._writing:
            if name not in self._logs:
                logger = logging.Logger(name)
                logger.addHandler(
                    RotatingFileHandler(
                        self.folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
                    )
                )
                self._logs[name] = logger
            self._tails.setdefault(name, deque(maxlen=TAIL_LINES)).append(line)
        self._logs[name].info(line)

    def _print(self, line: str) -> None:
        with self._writing:
            try:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            except (OSError, ValueError):  # the terminal is gone; the log still has the line
                return


@dataclass
class _Kept:
    """A service being kept running: its current process and how often it failed lately."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    failures: list[float] = field(default_factory=list)
    not_before: float = 0.0

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """The parent of all processes of one data folder. One at a time: it holds the folder's lock.

    Use as a context manager; leaving it stops everything, the highest tier first.
    """

    def __init__(self, data_dir: Path, console: Console) -> None:
        self.data_dir = data_dir
        self.console = console
        self.status = 0
        self._kept: list[_Kept] = []
        self._running_once: set[int] = set()
        self._stop_asked = 0
        self._lock: IO[str] | None = None
        self._roster = data_dir / "run.json"

    def __enter__(self) -> Supervisor:
        """Take the folder. Raises ServiceError when another supervisor has it."""
        self._lock = open(self.data_dir / "run.lock", "a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise ServiceError(f"Huiyin is already running on {self.data_dir}") from None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        if LIBC is not None:
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
        self._await_predecessors()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_all()
        if self._lock is not None:
            self._lock.close()

    def start(self, service: Service, seconds: float = 60) -> None:
        """Start a service, wait until it is ready, and keep it running from then on.

        Raises ServiceError when it does not come up and Stopped when we are asked to stop meanwhile.
        """
        kept = _Kept(service)
        self._kept.append(kept)
        begun = time.monotonic()
        process = self._spawn(kept)
        watched = Service(
            service.name, service.argv, service.tier, ready=lambda: self._ready_or_stopped(service), env=service.env
        )
        try:
            wait_until_ready(watched, process, seconds)
        except ServiceError as error:
            raise ServiceError("\n".join([str(error), *self._explain(service.name)])) from error
        self._refuse_when_stopping()
        if service.ready is not None:
            self.console.say(f"  {service.name} is ready ({time.monotonic() - begun:.1f} s)")

    def run(self, service: Service, doing: str) -> list[str]:
        """Run a process to its end, say so while it lasts, and return the lines it said.

        Raises ServiceError when it fails and Stopped when we are asked to stop meanwhile.
        """
        self.console.forget(service.name)
        begun = time.monotonic()
        said_at = begun
        self.console.say(f"  {doing}")
        process = spawn(service, subprocess.PIPE)
        self._running_once.add(process.pid)
        lines: list[str] = []
        pump = self._pump(service.name, process, lines)
        while process.poll() is None:
            if self._stop_asked:
                self._end_once(service, process)
            if time.monotonic() - said_at > STILL_BUSY_SECONDS:
                said_at = time.monotonic()
                self.console.say(f"    still busy after {said_at - begun:.0f} s{_last(lines)}")
            time.sleep(0.05)
        pump.join(5)
        self._refuse_when_stopping()
        if process.returncode:
            raise ServiceError(
                "\n".join([f"{service.name} failed (status {process.returncode})", *self._explain(service.name)])
            )
        return lines

    def _end_once(self, service: Service, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(service.stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)

    def keep_running(self) -> None:
        """Restart what ends, until asked to stop or until something fails too often (then ``status`` is 1)."""
        while not self._stop_asked:
            for kept in self._kept:
                if not kept.is_running() and not self._revive(kept):
                    self.status = 1
                    return
            self._end_orphans()
            time.sleep(0.2)

    def _revive(self, kept: _Kept) -> bool:
        now, name = time.monotonic(), kept.service.name
        if kept.process is not None:
            signal_group(kept.process, signal.SIGKILL)  # no half-dead pool processes beside the new ones
            kept.failures = [at for at in kept.failures if now - at < FAILURE_WINDOW_SECONDS] + [now]
            self.console.say(f"{name} ended with status {kept.process.returncode}; starting it again")
            for line in self._explain(name):
                self.console.say(line)
            kept.process = None
            if len(kept.failures) > FAILURES_ALLOWED:
                self.console.say(f"{name} failed {len(kept.failures)} times within a minute; stopping")
                return False
            kept.not_before = now + min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** (len(kept.failures) - 1))
        if now >= kept.not_before:
            self._end_orphans()
            self._spawn(kept)
        return True

    def _spawn(self, kept: _Kept) -> subprocess.Popen[bytes]:
        self.console.forget(kept.service.name)
        kept.process = spawn(kept.service, subprocess.PIPE)
        self._pump(kept.service.name, kept.process)
        self._write_roster()
        return kept.process

    def _pump(self, name: str, process: subprocess.Popen[bytes], keep: list[str] | None = None) -> threading.Thread:
        thread = threading.Thread(target=self.console.pump, args=(name, process.stdout, keep), daemon=True)
        thread.start()
        return thread

    def _explain(self, name: str) -> list[str]:
        log_file = self.console.folder / f"{name}.log"
        return [*(f"    {line}" for line in self.console.tail(name)), f"  the whole log: {log_file}"]

    def _ready_or_stopped(self, service: Service) -> bool:
        return bool(self._stop_asked) or service.ready is None or service.ready()

    def _refuse_when_stopping(self) -> None:
        if self._stop_asked:
            raise Stopped

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked += 1

    def _stop_all(self) -> None:
        if any(kept.is_running() for kept in self._kept):
            self.console.say("stopping…")
        for tier in sorted({kept.service.tier for kept in self._kept}, reverse=True):
            self._stop_tier([kept for kept in self._kept if kept.service.tier == tier])
        self._end_orphans(all_of_them=True)
        self._roster.unlink(missing_ok=True)

    def _stop_tier(self, tier: Sequence[_Kept]) -> None:
        """Ask the main processes only, so that work in hand is finished; then end whatever is left of their groups."""
        asked, deadline = self._stop_asked, time.monotonic() + STOP_SECONDS
        for kept in tier:
            if kept.process is not None and kept.is_running():
                kept.process.send_signal(kept.service.stop_signal)
        while any(kept.is_running() for kept in tier) and time.monotonic() < deadline:
            if self._stop_asked > asked:  # asked again: the operator is in a hurry
                break
            time.sleep(0.05)
        for kept in tier:
            if kept.process is None:
                continue
            if kept.is_running():
                self.console.say(f"{kept.service.name} did not stop in time and is ended")
            signal_group(kept.process, signal.SIGKILL)
            kept.process.wait(5)

    def _end_orphans(self, *, all_of_them: bool = False) -> None:
        """End children we did not start: their parent died and the kernel gave them to us. Reap what has ended."""
        ours = set() if all_of_them else {kept.process.pid for kept in self._kept if kept.process} | self._running_once
        for pid in _children():
            if pid in ours:
                continue
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError, PermissionError):
                continue

    def _write_roster(self) -> None:
        roster = [[k.process.pid, _started(k.process.pid)] for k in self._kept if k.process]
        self._roster.write_text(json.dumps(roster))

    def _await_predecessors(self) -> None:
        """After a supervisor was killed its children need a moment to end; a database must not be started twice."""
        try:
            roster = json.loads(self._roster.read_text())
        except (OSError, ValueError):
            return
        deadline = time.monotonic() + STOP_SECONDS
        for pid, started in roster:
            while started is not None and _started(pid) == started:
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)


def _last(lines: list[str]) -> str:
    return f": {lines[-1]}" if lines else ""


def _children() -> list[int]:
    found: list[int] = []
    for place in Path("/proc/self/task").glob("*/children"):
        try:
            found += [int(pid) for pid in place.read_text().split()]
        except OSError:
            continue
    return found


def _started(pid: int) -> str | None:
    """When a living process was started, in the kernel's ticks; None when it is gone. Tells a re-used number apart."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
