"""Whatever is killed and however: what must run comes back, and what is stopped leaves no process behind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent


def until(holds: Callable[[], object], seconds: float, explain: Callable[[], str] = str) -> None:
    """Wait until something holds; fail with an explanation otherwise."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.15)


def processes_of(folder: Path) -> dict[int, str]:
    """Every living process that was started for a folder: by its command line or its environment."""
    found = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            line = " ".join(process.cmdline())
            if str(folder) in line or process.environ().get("HUIYIN_DATA_DIR") == str(folder):
                found[process.pid] = line
    return found


def stop_hard(folder: Path) -> None:
    """End whatever a failed test left."""
    for pid in processes_of(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that a server running as another account can reach."""
    place = Path(tempfile.mkdtemp(prefix="huiyin-supervised-"))
    place.chmod(0o711)
    yield place
    stop_hard(place)
    shutil.rmtree(place, ignore_errors=True)


# --- The supervisor alone, with programs that only sleep -------------------------------------------------------------

TOY = """
    import sys
    from pathlib import Path
    from app.kernel.runtime import supervisor as module
    from app.kernel.runtime.service import Service
    from app.kernel.runtime.supervisor import Console, Stopped, Supervisor

    module.FAILURES_ALLOWED = 2

    folder = Path(sys.argv[1])
    parent = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', *sys.argv[:0:-1]]); time.sleep(99)"
    sleeper = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)"
    argvs = {
        "parent": (sys.executable, "-c", parent, str(folder), sleeper),
        "broken": (sys.executable, "-c", "print('I cannot'); raise SystemExit(3)", str(folder)),
    }
    with Supervisor(folder, Console(folder / "log", verbose=False)) as supervisor:
        try:
            for name in sys.argv[2:]:
                supervisor.start(Service(name, argvs[name], tier=1))
            print("up", flush=True)
            supervisor.keep_running()
        except Stopped:
            pass
    sys.exit(supervisor.status)
"""


def start_toy(folder: Path, *names: str) -> subprocess.Popen[str]:
    """A supervisor of programs that have a child each, which ignores every polite signal."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(TOY), str(folder), *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_children_of_children_too(folder: Path, number: signal.Signals) -> None:
    toy = start_toy(folder, "parent")
    until(lambda: len(processes_of(folder)) == 3, 20)
    toy.send_signal(number)
    assert toy.wait(10) == 0
    assert processes_of(folder) == {}


def test_a_killed_program_is_started_again_without_its_old_children(folder: Path) -> None:
    toy = start_toy(folder, "parent")
    until(lambda: len(processes_of(folder)) == 3, 20)
    before = set(processes_of(folder)) - {toy.pid}
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(processes_of(folder)) == 3 and not before & set(processes_of(folder)), 10)
    toy.terminate()
    assert toy.wait(10) == 0
    assert processes_of(folder) == {}


def test_a_program_that_always_fails_is_given_up_with_its_last_words(folder: Path) -> None:
    toy = start_toy(folder, "broken", "parent")
    said, _ = toy.communicate(timeout=60)
    assert toy.returncode == 1
    assert "I cannot" in said
    assert "stopping" in said
    assert processes_of(folder) == {}


# --- The whole installation ------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """``run.py serve`` on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A command line and its environment."""
        env = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_URL_FILE"))}
        env |= {"HUIYIN_DATA_DIR": str(self.folder), "PORT": str(self.port), "HUIYIN_TESTING": "yes"}
        return [sys.executable, str(ROOT / "run.py"), *arguments], env

    def start(self) -> None:
        """Start it and wait until it answers and the worker is ready."""
        argv, env = self.command("serve")
        ready_before = self.log("worker").count(" ready.")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                argv, env=env, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        until(self.announced, 60, self.explain)
        until(lambda: self.log("worker").count(" ready.") > ready_before, 30, self.explain)

    def announced(self) -> bool:
        """Whether it said that it runs. Fails at once when it ended."""
        assert self.process is not None
        assert self.process.poll() is None, self.explain()
        return "is running" in self.output.read_text()

    def answers(self) -> bool:
        """Whether the web server answers."""
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def pid_of(self, words: str) -> int:
        """The first started living process whose command line has these words; 0 when there is none."""
        return min((pid for pid, line in processes_of(self.folder).items() if words in line), default=0)

    def has_another(self, words: str, victim: int) -> bool:
        """Whether a process with these words runs that is not the one we killed."""
        return self.pid_of(words) not in (0, victim)

    def log(self, name: str) -> str:
        """What a process said."""
        try:
            return (self.folder / "log" / f"{name}.log").read_text()
        except FileNotFoundError:
            return ""

    def explain(self) -> str:
        """What can be said when a wait was in vain."""
        return self.output.read_text()[-3000:] + str(processes_of(self.folder))

    def wait_until_gone(self, seconds: float) -> None:
        """Wait until no process is left."""
        until(lambda: not processes_of(self.folder), seconds, self.explain)


def test_the_whole_installation_survives_kills_and_leaves_nothing(folder: Path) -> None:
    """One long story, because each start of everything costs seconds."""
    installation = Installation(folder)
    installation.start()
    assert installation.answers()
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600

    # A second one on the same data is refused with a sentence and harms nothing.
    installation.port, used = free_port(), installation.port
    argv, env = installation.command("serve")
    second = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    installation.port = used
    assert second.returncode == 1
    assert "already running" in second.stderr

    # What is killed comes back, and only once.
    for words in ("valkey-server", "celery_app:celery beat", "celery_app:celery worker", "gunicorn", "bin/postgres -D"):
        victim = installation.pid_of(words)
        assert victim, words
        os.kill(victim, signal.SIGKILL)
        until(partial(installation.has_another, words, victim), 20, installation.explain)
    until(installation.answers, 30, installation.explain)
    until(lambda: installation.log("worker").count(" ready.") >= 2, 30, installation.explain)
    workers = [line for line in processes_of(folder).values() if "celery_app:celery worker" in line]
    assert len(workers) == 3, workers  # the main process and two that work

    # Killed itself, the supervisor takes everything with it.
    assert installation.process is not None
    made = (folder / "secrets.json").read_text()
    installation.process.kill()
    installation.process.wait(5)
    installation.wait_until_gone(20)

    # The next start finds its data; Ctrl-C reaches the whole group of the terminal, and nothing is left.
    installation.start()
    assert installation.answers()
    assert (folder / "secrets.json").read_text() == made
    os.killpg(installation.process.pid, signal.SIGINT)
    assert installation.process.wait(40) == 0
    assert processes_of(folder) == {}


def test_a_start_waits_for_what_a_killed_supervisor_left(folder: Path) -> None:
    first = start_toy(folder, "parent")
    until(lambda: len(processes_of(folder)) == 3, 20)
    first.kill()
    second = start_toy(folder, "parent")
    first.wait(5)
    until(lambda: second.stdout is not None and second.stdout.readline() == "up\n", 20)
    roster = json.loads((folder / "run.json").read_text())
    assert [pid for pid, _ in roster] == [
        pid for pid in processes_of(folder) if psutil.Process(pid).ppid() == second.pid
    ]
    second.terminate()
    assert second.wait(10) == 0
