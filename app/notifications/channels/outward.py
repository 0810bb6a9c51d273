"""How a channel reaches the outside: only where it may, for a bounded time, and never where an answer sends it.

A jurisdiction's administrator types the address, so it could point into our own network (server-side request forgery).
The name is resolved once, every address it has must be a public one, and the connection goes to the address that was
checked, while the host's name stays in the request and in the check of its certificate. What is private (a work chat
inside the government network) the operator of the installation allows by host and port (``HUIYIN_CHANNEL_HOSTS``).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from app.notifications.channels.message import ChannelFault

CONNECT_SECONDS = 3.0
READ_SECONDS = 8.0
WHOLE_SECONDS = 20.0
"""The longest one exchange may take, however the other side drips its answer."""

LARGEST_ANSWER = 64 * 1024
MOST_ADDRESSES = 3
BUSY = dt.timedelta(seconds=60)
LONGEST_PAUSE = dt.timedelta(hours=1)

_PORTS = {"https": 443, "http": 80, "smtp": 587, "smtps": 465}
_PLAIN = ("http", "smtp")

# Public by the registries, but they lead to an address inside another: 6to4 and its relays, NAT64, Teredo.
_LEADING_ELSEWHERE = tuple(
    ipaddress.ip_network(block)
    for block in ("2002::/16", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32")
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether the address is somebody else's, on the open internet."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return is_public(inner)
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or getattr(address, "is_site_local", False))
        and not any(address in block for block in _LEADING_ELSEWHERE if block.version == address.version)
    )


@dataclass(frozen=True)
class Destination:
    """Where a channel goes, checked: the host by name, and the addresses to which the connection may be made, in order."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def is_tls(self) -> bool:
        """Whether the line is encrypted from its first byte."""
        return self.scheme not in _PLAIN


def split_address(url: str, schemes: Collection[str]) -> SplitResult:
    """An address one may keep, without asking the network. Raises ChannelFault(address_not_usable)."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        if usable and not any(mark in url for mark in "\\\r\n\t "):
            (parts.hostname or "").encode("idna")
            return parts
    except ValueError:
        pass
    raise ChannelFault("address_not_usable", down=True)


def is_exception(parts: SplitResult, allowed: Collection[str]) -> bool:
    """Whether the operator allows this host and port, which need be neither public nor encrypted."""
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or _PORTS[parts.scheme]
    return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") in allowed


def find_destination(url: str, allowed: Collection[str], schemes: Collection[str] = ("https", "http")) -> Destination:
    """The destination of an address, resolved once.

    Raises ChannelFault: address_not_usable, host_not_found, address_not_public when any of its addresses is none of the
    open internet's, address_needs_tls when it would speak in the clear; both unless the operator allows host and port.
    """
    parts = split_address(url, schemes)
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or _PORTS[parts.scheme]
    is_allowed = is_exception(parts, allowed)
    if parts.scheme == "http" and not is_allowed:
        raise ChannelFault("address_needs_tls", down=True)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise ChannelFault("host_not_found", down=True) from None
    addresses = tuple(dict.fromkeys(str(one[4][0]) for one in found))
    if not is_allowed and not all(is_public(ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
        raise ChannelFault("address_not_public", down=True)
    return Destination(parts.scheme, host, port, addresses[:MOST_ADDRESSES])


class Line:
    """A connection to a destination's checked address.

    ``ends_in_time`` cuts it when an exchange takes too long: time-outs count each byte anew, and a byte may come every
    second. It is cut through a second handle, because the TLS layer, while it greets, has taken the first one over.
    """

    def __init__(self, destination: Destination) -> None:
        self.socket = _connect(destination)
        self.socket.settimeout(READ_SECONDS)
        self._handle = self.socket.dup()

    @contextlib.contextmanager
    def ends_in_time(self) -> Iterator[None]:
        """Within it, one exchange may take so long and no longer."""
        timer = threading.Timer(WHOLE_SECONDS, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Let go of the connection."""
        self._handle.close()
        self.socket.close()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self._handle.shutdown(socket.SHUT_RDWR)


def _connect(destination: Destination) -> socket.socket:
    """The first address that answers: a host may have one that cannot be reached from here."""
    *others, last = destination.addresses
    for address in others:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, destination.port), CONNECT_SECONDS)
    return socket.create_connection((last, destination.port), CONNECT_SECONDS)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the whole body, and the pause the other side asks for."""

    status: int
    body: bytes
    retry_after: dt.timedelta | None = None

    def as_json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def ask(
    method: str,
    url: str,
    *,
    allowed: Collection[str],
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One HTTP exchange. Raises ChannelFault when there was no whole answer, in time and of a bearable size.

    A redirection is an answer like any other: nobody is followed. Nothing of the address is in a fault.
    """
    destination = find_destination(url, allowed)
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Accept-Encoding": "identity", "User-Agent": "huiyin", "Connection": "close", **(headers or {})}
    try:
        with contextlib.closing(Line(destination)) as line, line.ends_in_time():
            connection = _connection(destination, line)
            connection.request(method, path, body=body, headers=sent, preload_content=False, decode_content=False)
            answer = connection.getresponse()
            read = answer.read(LARGEST_ANSWER + 1, decode_content=False)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise ChannelFault(name_of(error), down=True) from None
    if len(read) > LARGEST_ANSWER:
        raise ChannelFault("answer_too_large", down=True)
    return Answer(answer.status, read, _pause(answer.headers.get("Retry-After")))


def demand_success(answer: Answer) -> None:
    """Raise ChannelFault for a status that is no success: told to wait, away for a while, or not what we speak to."""
    if answer.status in (429, 503):
        raise ChannelFault(f"http_{answer.status}", down=True, retry_after=answer.retry_after or BUSY)
    if answer.status >= 300:
        raise ChannelFault(f"http_{answer.status}", down=True)


class _Plain(HTTPConnection):
    line: Line

    def _new_conn(self) -> socket.socket:
        return self.line.socket


class _Encrypted(HTTPSConnection):
    line: Line

    def _new_conn(self) -> socket.socket:
        return self.line.socket


def _connection(destination: Destination, line: Line) -> _Plain | _Encrypted:
    host, port = destination.host, destination.port
    connection = (
        _Encrypted(host, port, timeout=READ_SECONDS, ssl_context=ssl.create_default_context())
        if destination.is_tls
        else _Plain(host, port, timeout=READ_SECONDS)
    )
    connection.line = line
    return connection


def name_of(error: Exception) -> str:
    """The code of a failed exchange, without its address."""
    reason = error.__cause__ or error
    if isinstance(reason, ssl.SSLCertVerificationError) or isinstance(error, ssl.SSLCertVerificationError):
        return "certificate_not_valid"
    if isinstance(reason, TimeoutError) or "Timeout" in type(error).__name__:
        return "no_answer_in_time"
    return "no_connection" if isinstance(reason, OSError) else "no_whole_answer"


def _pause(text: str | None) -> dt.timedelta | None:
    if text and text.isascii() and text.isdecimal() and len(text) < 10:
        return min(dt.timedelta(seconds=int(text)), LONGEST_PAUSE)
    return None
