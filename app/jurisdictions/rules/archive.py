"""A profile as one zip file: the same folder of YAML, to look at in a diff, and back in with nothing believed."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator

from app.jurisdictions.rules.folder import profile_files, read_profile_files
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.reading import MOST_BYTES, FolderError
from app.jurisdictions.rules.sentences import Fault

MOST_ARCHIVE_BYTES = 2 * 1024 * 1024
MOST_ENTRIES = 100
_UNIX, _LINK = 3, 0o120000


def write_archive(profile: Profile) -> bytes:
    """The profile's files in a zip. The same profile gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in profile_files(profile).items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def read_archive(data: bytes) -> Profile:
    """The profile in a zip. It may have faults of the kind the check before publishing finds.

    Raises FolderError with every place: no zip, too large, too many files, a name that leads outside, a file that unpacks
    to more than is allowed, a file or word nobody knows, YAML that is no plain data, a section that is none.
    """
    if len(data) > MOST_ARCHIVE_BYTES:
        raise FolderError([Fault("zip", "file_too_large", (("most", str(MOST_ARCHIVE_BYTES // 1024)),))])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return read_profile_files(dict(_unpacked(archive)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise FolderError([Fault("zip", "archive_unreadable")]) from error


def _unpacked(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FolderError([Fault("zip", "archive_crowded", (("most", str(MOST_ENTRIES)),))])
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if entry.is_dir():
            continue
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "" in parts:
            raise FolderError([Fault(name[:80], "archive_path")])
        if any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX":
            continue
        if name in seen:
            raise FolderError([Fault(name[:80], "doubled", (("word", name[:60]),))])
        seen.add(name)
        if entry.create_system == _UNIX and (entry.external_attr >> 16) & 0o170000 == _LINK:
            raise FolderError([Fault(name[:80], "file_refused")])
        with archive.open(entry) as file:  # never more than is allowed, whatever the archive says of itself
            yield name, file.read(MOST_BYTES + 1)
