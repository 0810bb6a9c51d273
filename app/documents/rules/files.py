"""Which files are taken: the ending is on the list, the content is what the ending says, and nothing in it runs.

Pure on bytes: a seekable binary stream goes in, a kind comes out, or a refusal with a sentence.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import ParseError, XMLPullParser

from app.documents.rules.refusals import FileRefused
from app.documents.rules.secrecy import official_mark

MB = 1 << 20
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class FileLimits:
    """How much a jurisdiction takes: bytes in one file, bytes in all files of one matter."""

    file_bytes: int = 50 * MB
    matter_bytes: int = 500 * MB


MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/x-et",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "txt": "text/plain",
}
_SPELLINGS = {"jpeg": "jpg", "tiff": "tif"}
_OLE_KINDS = frozenset({"doc", "xls", "ppt", "wps", "et"})
# WPS writes its own endings around either container.
_ZIP_KINDS = {"docx": {"docx", "wps"}, "xlsx": {"xlsx", "et"}, "pptx": {"pptx"}, "ofd": {"ofd"}}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACRO = "_VBA_PROJECT".encode("utf-16-le")
_PROGRAM = re.compile(r"vbaproject|\.(exe|dll|com|scr|js|vbs|bat|cmd|ps1|hta|lnk|jar|msi|html?|svg)$")
_MARKUP = re.compile(rb"\s*(?:<|#!)")
MOST_ENTRIES = 5000
MOST_UNPACKED = 500 * MB
MOST_RATIO = 200
_RATIO_FROM = 8 * MB
_MOST_READ = 64 * MB

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
MOST_NAME = 150


def clean_name(name: str) -> str:
    """A file's name without folders, control, bidirectional and invisible characters; its ending survives shortening."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    last = _FORBIDDEN.sub("_", last).strip(" .")
    stem, dot, ending = last.rpartition(".")
    if not dot or not stem:
        return last[:MOST_NAME] or "未命名"
    return f"{stem[: MOST_NAME - 12].rstrip()}.{ending[:10]}"


def sniff(name: str, stream: IO[bytes]) -> str:
    """The kind of a file (a key of ``MEDIA_TYPES``), agreed between its ending, its signature and its container.

    Refuses: an ending that is not on the list, an empty or damaged file, content of another kind, macros and programs,
    markup, a container behind a picture or PDF, and a container that unpacks to far more than its size.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = _SPELLINGS.get(ending, ending)
    if kind not in MEDIA_TYPES:
        raise FileRefused("file_type_not_allowed", extension=ending[:10] or "—", allowed="、".join(MEDIA_TYPES))
    stream.seek(0)
    head = stream.read(8192)
    if not head:
        raise FileRefused("file_empty", name=name)
    if head.startswith(b"PK\x03\x04"):
        found = kind if kind in _ZIP_KINDS.get(_container(name, stream), ()) else ""
    elif head.startswith(_OLE):
        if _contains(stream, _OLE_MACRO):
            raise FileRefused("file_has_program", name=name)
        found = kind if kind in _OLE_KINDS else ""
    else:
        found = _plain_kind(head, stream)
        if found not in ("", "txt") and zipfile.is_zipfile(stream):
            raise FileRefused("file_is_two_files", name=name)
    if found != kind:
        raise FileRefused("file_type_mismatch", name=name, extension=ending)
    return kind


def _container(name: str, stream: IO[bytes]) -> str:
    """Which format a zip container holds, after looking for what must not be in it."""
    try:
        stream.seek(0)
        archive = zipfile.ZipFile(stream)
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise FileRefused("file_damaged", name=name) from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused("file_unpacks_too_large", name=name)
    for entry in entries:
        if entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise FileRefused("file_unpacks_too_large", name=name)
    names = [entry.filename.lower().replace("\\", "/") for entry in entries]
    if any(entry.startswith("/") or ".." in entry.split("/") for entry in names):
        raise FileRefused("file_damaged", name=name)
    if any(_PROGRAM.search(entry) for entry in names):
        raise FileRefused("file_has_program", name=name)
    if "ofd.xml" in names:
        return "ofd"
    if "[content_types].xml" not in names:
        return ""
    try:
        types = archive.open("[Content_Types].xml").read(MB)
    except (KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise FileRefused("file_damaged", name=name) from error
    if b"macroenabled" in types.lower():
        raise FileRefused("file_has_program", name=name)
    parts = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
    return next((kind for folder, kind in parts.items() if any(entry.startswith(folder) for entry in names)), "")


def _plain_kind(head: bytes, stream: IO[bytes]) -> str:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "tif"
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)) or head.startswith(b"MZ"):
        return ""
    return "txt" if _encoding(stream) else ""


def _encoding(stream: IO[bytes]) -> str | None:
    """How a text file is written: UTF-8, UTF-16 with its mark, or the GB18030 of older office computers."""
    stream.seek(0)
    marked = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        stream.seek(0)
        try:
            while block := stream.read(_CHUNK):
                if "\0" in decoder.decode(block):
                    return None
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _contains(stream: IO[bytes], needle: bytes) -> bool:
    stream.seek(0)
    tail = b""
    while block := stream.read(_CHUNK):
        if needle in tail + block:
            return True
        tail = block[-len(needle) :]
    return False


def mark_in_file(name: str, kind: str, stream: IO[bytes]) -> str | None:
    """The official secrecy mark in a file's name or, where it can be read (docx, xlsx, pptx, ofd, txt), in its text.

    At most 64 MB of text are read. None says that no mark was found, not that there is none: pictures, PDF and the older
    binary formats are not read.
    """
    found = official_mark(name)
    if found:
        return found
    if kind == "txt":
        return _mark_in_text(stream)
    stream.seek(0)
    if zipfile.is_zipfile(stream):
        stream.seek(0)
        return _mark_in_container(name, stream)
    return None


def _mark_in_text(stream: IO[bytes]) -> str | None:
    decoder = codecs.getincrementaldecoder(_encoding(stream) or "gb18030")(errors="replace")
    stream.seek(0)
    tail = ""
    while block := stream.read(_CHUNK):
        text = tail + decoder.decode(block)
        found = official_mark(text)
        if found:
            return found
        tail = text[-100:]
    return None


def _mark_in_container(name: str, stream: IO[bytes]) -> str | None:
    budget = _MOST_READ
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith(".xml") or entry.file_size > budget:
                continue
            budget -= entry.file_size
            try:
                with archive.open(entry) as part:
                    found = _mark_in_xml(part)
            except (
                zipfile.BadZipFile,
                zlib.error,
                ParseError,
                LookupError,
                ValueError,
                RuntimeError,
                EOFError,
            ) as error:
                raise FileRefused("file_damaged", name=name) from error
            if found:
                return found
    return None


_PARAGRAPHS = frozenset({"p", "si", "TextObject"})


def _mark_in_xml(part: IO[bytes]) -> str | None:
    """Text is read paragraph by paragraph, so that a star opening the next line marks nothing.

    A DTD is refused as damage: none of these formats has one, and it is how such files attack their readers.
    """
    parser: Any = XMLPullParser(events=("end",))
    words: list[str] = []
    while block := part.read(_CHUNK):
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise ParseError("a document type definition")
        parser.feed(block)
        for _event, element in parser.read_events():
            words.append(element.text or "")
            if element.tag.rpartition("}")[2] in _PARAGRAPHS:
                found = official_mark("".join(words))
                if found:
                    return found
                words.clear()
            element.clear()
    if part.tell():
        parser.close()
    return official_mark("".join(words))
