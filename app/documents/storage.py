"""The file store: content by its SHA-256, one folder per jurisdiction, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_CHUNK = 256 * 1024
_IN_MEMORY = 1 << 20


class FileMissing(RuntimeError):
    """A row names content that the store does not have, or has altered. A fault of the installation, never a user's."""


class LargerThanAllowed(ValueError):
    """The stream holds more bytes than the caller takes."""


@dataclass(frozen=True)
class Incoming:
    """A file that has arrived and is not kept yet: seekable content, its size in bytes and its SHA-256."""

    stream: IO[bytes]
    size: int
    sha256: str


@contextmanager
def received(stream: IO[bytes], most: int) -> Iterator[Incoming]:
    """Read an arriving stream to a temporary place, at most ``most`` bytes of it (LargerThanAllowed); gone on the way out."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        digest, size = hashlib.sha256(), 0
        while block := stream.read(_CHUNK):
            size += len(block)
            if size > most:
                raise LargerThanAllowed(most)
            digest.update(block)
            spool.write(block)
        spool.seek(0)
        yield Incoming(spool, size, digest.hexdigest())


class FileStore:
    """Files below one folder: ``<jurisdiction id>/ab/cd/<sha256>``. The same content is kept once per jurisdiction.

    A file is complete before it has its name, so a crash leaves at most a nameless rest. Content is never overwritten and
    never deleted here: a rolled-back act leaves content no row names, which a sweep may take away.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def _path(self, jurisdiction_id: int, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise FileMissing("not a SHA-256")
        return self.root / str(int(jurisdiction_id)) / sha256[:2] / sha256[2:4] / sha256

    def keep(self, jurisdiction_id: int, incoming: Incoming) -> None:
        """Keep a file that has arrived. Raises OSError when the disk is full; nothing half written stays under its name."""
        path = self._path(jurisdiction_id, incoming.sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".arriving-")
        try:
            with os.fdopen(handle, "wb") as target:
                incoming.stream.seek(0)
                while block := incoming.stream.read(_CHUNK):
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def keep_bytes(self, jurisdiction_id: int, content: bytes) -> str:
        """Keep content that was made here; its SHA-256."""

        digest = hashlib.sha256(content).hexdigest()
        self.keep(jurisdiction_id, Incoming(io.BytesIO(content), len(content), digest))
        return digest

    def open(self, jurisdiction_id: int, sha256: str) -> IO[bytes]:
        """The content, for reading from its start. Raises FileMissing when it is gone."""
        try:
            return self._path(jurisdiction_id, sha256).open("rb")
        except FileNotFoundError as error:
            raise FileMissing(f"{sha256} of jurisdiction {jurisdiction_id} is not in the store") from error

    def read(self, jurisdiction_id: int, sha256: str) -> bytes:
        """The whole content, checked against its name. Raises FileMissing when it is gone or altered."""
        with self.open(jurisdiction_id, sha256) as stream:
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileMissing(f"{sha256} of jurisdiction {jurisdiction_id} was altered")
        return content

    def intact(self, jurisdiction_id: int, sha256: str) -> bool:
        """Whether the content is there and is still what its name says."""
        digest = hashlib.sha256()
        try:
            with self.open(jurisdiction_id, sha256) as stream:
                while block := stream.read(_CHUNK):
                    digest.update(block)
        except FileMissing:
            return False
        return digest.hexdigest() == sha256
