"""Settings: everything an installation may choose, read once from the environment. Nothing else reads the environment.

With nothing set the product runs by itself: an embedded PostgreSQL and an embedded Redis-protocol server keep their
data below ``var/`` and the secrets are made once. ``DATABASE_URL`` and ``REDIS_URL`` replace the embedded servers.
"""

from __future__ import annotations

import difflib
import fcntl
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent

OWNER_ROLE = "huiyin_owner"
APPLICATION_ROLE = "huiyin_app"
DISPATCHER_ROLE = "huiyin_dispatcher"
DATABASE_NAME = "huiyin"

# Where root keeps what an unprivileged account must be able to reach.
SHARED_STATE = Path("/var/lib/huiyin")

# The longest path a Unix socket may have is 107 bytes; PostgreSQL adds a file name of up to 20.
LONGEST_SOCKET_FOLDER = 84

log = logging.getLogger("huiyin.config")


class ConfigError(ValueError):
    """An environment variable that cannot be used. The sentence says which one, and what it should be."""


@dataclass(frozen=True)
class EmbeddedPlaces:
    """Where the embedded servers of one data folder live. The same answer in every process of one user."""

    database: Path
    """PostgreSQL's folder: the cluster, and its socket when the path is short enough."""
    database_socket: Path
    """Folder of PostgreSQL's socket, mode 0700."""
    broker: Path
    """Valkey's folder: its append-only file."""
    broker_socket: Path
    """Valkey's socket file, in a folder of mode 0700."""

    @classmethod
    def below(cls, data_dir: Path) -> EmbeddedPlaces:
        """The places for a data folder.

        PostgreSQL refuses to run as root, so for root it runs as another account; when that account cannot pass through
        the data folder's parents, the cluster lives below /var/lib and a link in the data folder leads there. Sockets
        move to a short folder when their path would be longer than the system allows.
        """
        mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:10]
        database = (data_dir / "postgres").resolve()
        if os.geteuid() == 0 and not database.exists() and not _others_may_pass(data_dir):
            database = SHARED_STATE / mark / "postgres"
        broker = data_dir / "valkey"
        short = f"/tmp/huiyin-{os.geteuid()}-{mark}"  # noqa: S108 - made 0700 and checked to be ours before use
        return cls(
            database=database,
            database_socket=database if _fits(database) else Path(f"{short}-postgres"),
            broker=broker,
            broker_socket=(broker if _fits(broker) else Path(f"{short}-valkey")) / "valkey.sock",
        )


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER


def _others_may_pass(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents) if place.exists())


@dataclass(frozen=True)
class Settings:
    """What one installation has chosen. Secrets never appear in ``repr``."""

    secret_key: str = field(repr=False)
    """Signs browser sessions and forms. ``HUIYIN_SECRET_KEY``; made once when absent."""
    jwt_secret: str = field(repr=False)
    """Signs the API's tokens. ``HUIYIN_JWT_SECRET``; made once when absent."""
    audit_key: str = field(repr=False)
    """Keys the event chains: whoever has it could forge one. ``HUIYIN_AUDIT_KEY``; made once when absent."""
    field_key: str = field(repr=False)
    """Seals the secrets jurisdictions entrust to us. ``HUIYIN_FIELD_KEY``; made once when absent."""
    database_url: str = field(repr=False)
    """The application's login: owns nothing, row-level security applies. ``DATABASE_URL`` beside the owner's."""
    owner_database_url: str = field(repr=False)
    """The owner's login, for migrations only. ``OWNER_DATABASE_URL``, or ``DATABASE_URL`` when that is the only one."""
    dispatcher_database_url: str = field(repr=False)
    """The login that empties the outbox and nothing else. ``DISPATCHER_DATABASE_URL``."""
    redis_url: str = field(repr=False)
    """The broker, ``redis://``, ``rediss://`` or ``unix://``. ``REDIS_URL``; the embedded Valkey when absent."""
    data_dir: Path
    """Everything that must survive a restart. ``HUIYIN_DATA_DIR``; ``var`` beside this file."""
    files_dir: Path
    """Attachments and rendered documents. ``HUIYIN_FILES_DIR``; ``files`` in the data folder."""
    places: EmbeddedPlaces
    """Where the embedded servers live, when they are used."""
    database_is_embedded: bool
    """Whether PostgreSQL is the one from the wheel, started by ``serve``."""
    broker_is_embedded: bool
    """Whether the broker is the Valkey from the wheel, started by ``serve``."""
    smtp_host: str = ""
    """Outgoing mail server. ``SMTP_HOST``; empty means letters go to the inbox only."""
    smtp_port: int = 25
    """``SMTP_PORT``: 465 speaks TLS from the start, others upgrade when the server offers it."""
    smtp_user: str = ""
    """``SMTP_USER``; empty means no sign-in."""
    smtp_password: str = field(default="", repr=False)
    """``SMTP_PASSWORD`` or ``SMTP_PASSWORD_FILE``."""
    mail_from: str = "huiyin@localhost"
    """Sender of letters. ``MAIL_FROM``."""
    base_url: str = "http://127.0.0.1:8000"
    """The address in letters, without a slash at the end. ``HUIYIN_BASE_URL``."""
    host: str = "127.0.0.1"
    """The address the web server listens on. ``HUIYIN_HOST``."""
    port: int = 8000
    """The port the web server listens on. ``PORT``."""
    web_processes: int = 2
    """Web server processes, eight threads each. ``HUIYIN_WEB_PROCESSES``."""
    worker_processes: int = 2
    """Processes that work off the queues. ``HUIYIN_WORKER_PROCESSES``."""
    testing: bool = False
    """Set by the test suite only. ``HUIYIN_TESTING``."""
    environment_label: str = ""
    """A word shown on every page, such as 演练; empty in real use. ``HUIYIN_ENVIRONMENT_LABEL``."""
    log_level: str = "INFO"
    """``HUIYIN_LOG_LEVEL``: DEBUG, INFO, WARNING or ERROR."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names the web server answers to, by comma. ``HUIYIN_TRUSTED_HOSTS``; from the base URL when that is set."""
    cookie_secure: bool = False
    """Whether cookies travel by TLS only. ``HUIYIN_COOKIE_SECURE``; yes when the base URL begins with https."""
    former_field_keys: tuple[str, ...] = field(default=(), repr=False)
    """Keys that still open what they sealed, by comma. ``HUIYIN_FORMER_FIELD_KEYS``; see ``run.py secret reseal``."""
    channel_hosts: tuple[str, ...] = ()
    """``host:port`` by comma: where a jurisdiction's channels may go although it is private or speaks no TLS, such as a
    work chat inside the government network. ``HUIYIN_CHANNEL_HOSTS``; everything else must be public and speak TLS."""
    metrics_token: str = field(default="", repr=False)
    """The password with which a monitor reads ``/metrics``, under any name. ``HUIYIN_METRICS_TOKEN``; empty: no such page."""
    languages: tuple[str, ...] = ("zh", "en")
    """Languages on offer, the first is the default. ``HUIYIN_LANGUAGES``, by comma."""

    @property
    def broker_url(self) -> str:
        """The broker as Celery writes it: ``redis+socket://`` for a socket."""
        return self.redis_url.replace("unix://", "redis+socket://", 1)

    @property
    def limiter_url(self) -> str:
        """The broker as the request limiter writes it: ``redis+unix://`` for a socket."""
        return self.redis_url.replace("unix://", "redis+unix://", 1)


@dataclass(frozen=True)
class Secrets:
    """The secrets an installation made for itself: ``secrets.json`` in the data folder, mode 0600."""

    secret_key: str
    jwt_secret: str
    audit_key: str
    field_key: str
    database_admin_password: str
    database_owner_password: str
    database_application_password: str
    database_dispatcher_password: str

    @classmethod
    def kept_in(cls, data_dir: Path) -> Secrets:
        """Read the secrets, making those that do not exist yet. Two processes that start at once agree.

        Raises ConfigError when the folder cannot be written or the file is not ours to read.
        """
        path = data_dir / "secrets.json"
        try:
            data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
            with open(os.open(data_dir / ".secrets.lock", os.O_CREAT | os.O_RDWR, 0o600), "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
                missing = [name for name in cls.__dataclass_fields__ if not known.get(name)]
                if missing:
                    known |= {name: secrets.token_urlsafe(48) for name in missing}
                    _write_private(path, json.dumps(known, indent=1) + "\n")
        except PermissionError as error:
            raise ConfigError(
                f"{error.filename} belongs to another account; run as that account or set HUIYIN_DATA_DIR"
            ) from error
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path} cannot be used: {error}") from error
        return cls(**{name: known[name] for name in cls.__dataclass_fields__})


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


class _Reader:
    """Reads named values, from ``NAME`` or from the file named by ``NAME_FILE``."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self.asked |= {name, f"{name}_FILE"}
        value, file = self.env.get(name, ""), self.env.get(f"{name}_FILE", "")
        if value and file:
            raise ConfigError(f"{name} and {name}_FILE are both set; keep one")
        if file:
            try:
                value = Path(file).read_text("utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"{name}_FILE cannot be read: {error}") from error
        return value or default

    def secret(self, name: str, default: Callable[[], str]) -> str:
        value = self.text(name)
        if value and len(value) < 16:
            raise ConfigError(f"{name} must have at least 16 characters")
        return value or default()

    def number(self, name: str, default: int, *, lowest: int = 1, highest: int = 65535) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdecimal() or not lowest <= int(value) <= highest:
            raise ConfigError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}")
        return int(value)

    def yes(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value in ("1", "yes", "true", "on"):
            return True
        if value in ("0", "no", "false", "off"):
            return False
        raise ConfigError(f"{name} must be yes or no, not {value!r}")

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip()) or default

    def warn_of_strangers(self) -> None:
        for name in sorted(self.env):
            if name.startswith("HUIYIN_") and name not in self.asked:
                near = difflib.get_close_matches(name, self.asked, 1)
                log.warning("%s is not a setting%s", name, f"; did you mean {near[0]}?" if near else " and is ignored")


def inherited_environment() -> dict[str, str]:
    """What the processes we start are given: everything we were given, and output without delay."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def load_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Raises ConfigError with a sentence for the operator. Unknown ``HUIYIN_*`` names are warned of, because a mistyped
    setting that is silently ignored is found only when it hurts.
    """
    read = _Reader(env)
    data_dir = Path(read.text("HUIYIN_DATA_DIR", str(ROOT / "var"))).expanduser().absolute()
    made = Secrets.kept_in(data_dir)
    places = EmbeddedPlaces.below(data_dir)
    given = {name: read.text(name) for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "DISPATCHER_DATABASE_URL")}
    application, owner, dispatcher = _database_urls(given, made, places)
    base_url = read.text("HUIYIN_BASE_URL").rstrip("/")
    port = read.number("PORT", 8000)
    settings = Settings(
        secret_key=read.secret("HUIYIN_SECRET_KEY", lambda: made.secret_key),
        jwt_secret=read.secret("HUIYIN_JWT_SECRET", lambda: made.jwt_secret),
        audit_key=read.secret("HUIYIN_AUDIT_KEY", lambda: made.audit_key),
        field_key=read.secret("HUIYIN_FIELD_KEY", lambda: made.field_key),
        database_url=application,
        owner_database_url=owner,
        dispatcher_database_url=dispatcher,
        redis_url=_redis_url(read.text("REDIS_URL"), places),
        data_dir=data_dir,
        files_dir=Path(read.text("HUIYIN_FILES_DIR", str(data_dir / "files"))).expanduser().absolute(),
        places=places,
        database_is_embedded=not given["DATABASE_URL"],
        broker_is_embedded=not read.text("REDIS_URL"),
        smtp_host=read.text("SMTP_HOST"),
        smtp_port=read.number("SMTP_PORT", 25),
        smtp_user=read.text("SMTP_USER"),
        smtp_password=read.text("SMTP_PASSWORD"),
        mail_from=read.text("MAIL_FROM", "huiyin@localhost"),
        base_url=_web_url(base_url) or f"http://127.0.0.1:{port}",
        host=read.text("HUIYIN_HOST", "127.0.0.1"),
        port=port,
        web_processes=read.number("HUIYIN_WEB_PROCESSES", 2, highest=64),
        worker_processes=read.number("HUIYIN_WORKER_PROCESSES", 2, highest=64),
        testing=read.yes("HUIYIN_TESTING", False),
        environment_label=read.text("HUIYIN_ENVIRONMENT_LABEL"),
        log_level=_one_of("HUIYIN_LOG_LEVEL", read.text("HUIYIN_LOG_LEVEL", "INFO").upper(), _LOG_LEVELS),
        trusted_hosts=read.words("HUIYIN_TRUSTED_HOSTS", _hosts_of(base_url)),
        cookie_secure=read.yes("HUIYIN_COOKIE_SECURE", base_url.startswith("https://")),
        former_field_keys=_keys("HUIYIN_FORMER_FIELD_KEYS", read.words("HUIYIN_FORMER_FIELD_KEYS", ())),
        channel_hosts=tuple(_host_and_port(word) for word in read.words("HUIYIN_CHANNEL_HOSTS", ())),
        metrics_token=read.secret("HUIYIN_METRICS_TOKEN", str),
        languages=tuple(
            _one_of("HUIYIN_LANGUAGES", word, ("zh", "en")) for word in read.words("HUIYIN_LANGUAGES", ("zh", "en"))
        ),
    )
    read.warn_of_strangers()
    return settings


_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _keys(name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    if any(len(key) < 16 for key in keys):
        raise ConfigError(f"each of {name} must have at least 16 characters")
    return keys


def _host_and_port(word: str) -> str:
    try:
        parts = urlsplit(f"//{word}")
        if not parts.hostname or not parts.port or f"//{word}" != parts.geturl() or parts.netloc != word or "@" in word:
            raise ValueError(word)
    except ValueError:
        raise ConfigError(f"HUIYIN_CHANNEL_HOSTS must hold host:port by comma, not {word!r}") from None
    return word.lower()


def _web_url(url: str) -> str:
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ConfigError(f"HUIYIN_BASE_URL must begin with http:// or https:// and name a host, not {url!r}")
    return url


def _hosts_of(base_url: str) -> tuple[str, ...]:
    return (urlsplit(base_url).hostname or "", "localhost", "127.0.0.1") if base_url else ()


def _redis_url(url: str, places: EmbeddedPlaces) -> str:
    if not url:
        return f"unix://{quote(str(places.broker_socket))}"
    for other in ("redis+socket://", "redis+unix://"):
        url = url.replace(other, "unix://", 1) if url.startswith(other) else url
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigError("REDIS_URL must begin with redis://, rediss:// or unix://")
    return url


def embedded_url(role: str, password: str, places: EmbeddedPlaces, database: str = DATABASE_NAME) -> str:
    """How a role reaches the embedded PostgreSQL."""
    return (
        f"postgresql+psycopg://{role}:{quote(password, safe='')}@/{database}?host={quote(str(places.database_socket))}"
    )


def _database_urls(given: dict[str, str], made: Secrets, places: EmbeddedPlaces) -> tuple[str, str, str]:
    """The three logins: application, owner, dispatcher."""
    url = _postgres_url("DATABASE_URL", given["DATABASE_URL"])
    owner = _postgres_url("OWNER_DATABASE_URL", given["OWNER_DATABASE_URL"])
    dispatcher = _postgres_url("DISPATCHER_DATABASE_URL", given["DISPATCHER_DATABASE_URL"])
    if not url:
        if owner or dispatcher:
            raise ConfigError("OWNER_DATABASE_URL and DISPATCHER_DATABASE_URL need DATABASE_URL beside them")
        return (
            embedded_url(APPLICATION_ROLE, made.database_application_password, places),
            embedded_url(OWNER_ROLE, made.database_owner_password, places),
            embedded_url(DISPATCHER_ROLE, made.database_dispatcher_password, places),
        )
    if not owner:
        owner, url = url, as_role(url, APPLICATION_ROLE, made.database_application_password)
    return url, owner, dispatcher or as_role(owner, DISPATCHER_ROLE, made.database_dispatcher_password)


def _postgres_url(name: str, url: str) -> str:
    if not url:
        return ""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise ConfigError(f"{name} must begin with postgresql://: PostgreSQL 15 or newer is the one database")


def as_role(url: str, role: str, password: str) -> str:
    """The same database, reached as another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{quote(password, safe='')}@{place}").geturl()
