"""Files: what is taken, what is refused and why, and that nothing refused leaves a trace."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.documents import queries, services
from app.documents.models import Attachment
from app.documents.rules import MEDIA_TYPES, FileLimits, FileRefused, clean_name, mark_in_file, official_mark, sniff
from app.documents.storage import FileMissing, FileStore, LargerThanAllowed, received
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from app.kernel.events import Event, verify_chain
from app.kernel.tenancy import scope
from tests.made_files import PDF, REFUSED, TAKEN, W, docx, xlsx, zipped
from tests.test_numbering import house

MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


# ---------- rules ----------
@pytest.mark.parametrize("name", TAKEN)
def test_the_files_offices_use_are_taken(name: str) -> None:
    kind = sniff(name, io.BytesIO(TAKEN[name]))
    assert kind in MEDIA_TYPES
    assert mark_in_file(name, kind, io.BytesIO(TAKEN[name])) is None


@pytest.mark.parametrize("case", REFUSED)
def test_what_runs_lies_or_bursts_is_refused(case: str) -> None:
    name, content, code = REFUSED[case]
    with pytest.raises(FileRefused) as refusal:
        sniff(name, io.BytesIO(content))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\批示\u202efdp.exe", "批示_fdp.exe"),
        ("区长批示/../../etc/passwd", "passwd"),
        ('报告<1>:"x".pdf', "报告_1___x_.pdf"),
        ("\u200b报\x00告.pdf", "_报_告.pdf"),
        ("  .. ", "未命名"),
        ("", "未命名"),
        ("/", "未命名"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("关于" * 200 + ".docx")
    assert name.endswith(".docx")
    assert len(name) <= 150


@pytest.mark.parametrize(
    "text",
    [
        "秘密★1年",
        "机密★",
        "绝 密 ★ 30 年",
        "机　密★长期",
        "秘\u200b密★6个月",
        "密级：机密",
        "秘密☆10年",
        "秘密*1年",
        "保密等级 : 绝密",
    ],
)
def test_official_marks_are_seen_however_they_are_spaced(text: str) -> None:
    assert official_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "关于开展保密工作检查的通知",
        "侵犯商业秘密案件督办",
        "工作秘密清单",
        "关于严守国家秘密的学习材料",
        "机密文件管理办法",
        "★★★ 重点项目",
        "督办通知单〔2026〕12号",
    ],
)
def test_words_about_secrecy_are_no_marks(text: str) -> None:
    assert official_mark(text) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("秘密★1年 批示.pdf", PDF),
        ("批示.docx", docx("绝密", "★", "30年")),
        ("台账.xlsx", xlsx("事项", "密级：秘密")),
        ("说明.txt", ("普通" * 200_000 + "机密★长期").encode()),
        ("旧说明.txt", "机密★长期".encode("gb18030")),
        (
            "公文.ofd",
            zipped(
                {"OFD.xml": "<o/>", "Doc_0/Content.xml": "<p><TextObject><TextCode>秘密★</TextCode></TextObject></p>"}
            ),
        ),
    ],
)
def test_marks_are_found_inside_files(name: str, content: bytes) -> None:
    assert mark_in_file(name, sniff(name, io.BytesIO(content)), io.BytesIO(content))


def test_a_star_that_opens_the_next_paragraph_marks_nothing() -> None:
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ("严守国家秘密", "★重点工作"))
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    content = docx("x", **{"word/document2.xml": document.encode()})
    assert mark_in_file("学习.docx", "docx", io.BytesIO(content)) is None


@pytest.mark.parametrize("part", [b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>', b"<x><unclosed></x>", b"\xff\xfe\x00"])
def test_a_document_with_a_dtd_or_a_broken_part_is_damaged(part: bytes) -> None:
    content = docx("x", **{"word/footnotes.xml": part})
    with pytest.raises(FileRefused) as refusal:
        mark_in_file("x.docx", "docx", io.BytesIO(content))
    assert refusal.value.code == "file_damaged"


# ---------- the store ----------
def test_the_store_keeps_content_once_and_notices_change(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first = store.keep_bytes(7, PDF)
    assert store.keep_bytes(7, PDF) == first
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [first]
    assert (tmp_path / "7" / first[:2] / first[2:4] / first).read_bytes() == PDF
    assert store.read(7, first) == PDF
    with pytest.raises(FileMissing):
        store.open(8, first)
    (tmp_path / "7" / first[:2] / first[2:4] / first).write_bytes(PDF + b" ")
    assert not store.intact(7, first)
    with pytest.raises(FileMissing):
        store.read(7, first)
    with pytest.raises(FileMissing):
        store.open(7, "../../../etc/passwd")


class Endless(io.RawIOBase):
    """A stream that never ends, and counts what was read of it."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_an_endless_stream_is_cut_at_the_limit() -> None:
    stream = Endless()
    with pytest.raises(LargerThanAllowed), received(stream, 1 << 20):  # type: ignore[arg-type]
        pass
    assert stream.given <= 2 << 20


def test_a_full_disk_leaves_nothing_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.documents.storage.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        store.keep_bytes(7, PDF)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# ---------- services ----------
def add(session: Any, home: int, store: FileStore, name: str, content: bytes, **more: Any) -> Attachment:
    """Add a file to matter 1."""
    return services.add_attachment(
        session,
        Actor.system(home),
        matter_id=more.pop("matter_id", 1),
        kind="original",
        file_name=name,
        stream=io.BytesIO(content),
        at=MORNING,
        store=store,
        **more,
    )


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """An empty store."""
    return FileStore(tmp_path)


def test_a_file_is_added_listed_opened_and_written_down(session: Any, store: FileStore) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        kept = add(session, home, store, "区长批示/批示件.pdf", PDF)
        assert (kept.file_name, kept.media_type, kept.size) == ("批示件.pdf", "application/pdf", len(PDF))
        assert [row.id for row in queries.list_attachments(session, 1)] == [kept.id]
        found, stream = queries.open_attachment(session, kept.id, store)
        assert stream.read() == PDF
        services.note_download(session, Actor.system(home), "attachment", found.id, matter_id=1, at=MORNING)
        kinds = [row.kind for row in session.scalars(select(Event).order_by(Event.seq))]
        assert kinds == ["attachment.added", "attachment.downloaded"]
        assert verify_chain(session) == []


def test_another_jurisdictions_file_is_not_found(session: Any, store: FileStore) -> None:
    here, there = house(session, "huarong", "420703"), house(session, "huaian", "320800")
    with scope(here, session):
        kept = add(session, here, store, "批示件.pdf", PDF).id
    with scope(there, session), pytest.raises(NotFound):
        queries.open_attachment(session, kept, store)


def test_a_refused_file_leaves_no_row_and_no_content(session: Any, store: FileStore) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        with pytest.raises(Invalid):
            add(session, home, store, "木马.pdf", b"MZ" + b"\0" * 64)
        with pytest.raises(TooLarge):
            add(session, home, store, "大.pdf", PDF + b" " * 2000, limits=FileLimits(file_bytes=1000))
        assert queries.list_attachments(session, 1) == []
    assert not list(store.root.rglob("*"))


def test_a_matter_holds_no_more_than_allowed(session: Any, store: FileStore) -> None:
    home = house(session, "huarong", "420703")
    limits = FileLimits(matter_bytes=len(PDF) + 10)
    with scope(home, session):
        add(session, home, store, "一.pdf", PDF, limits=limits)
        with pytest.raises(TooLarge):
            add(session, home, store, "二.pdf", PDF, limits=limits)
        add(session, home, store, "二.pdf", PDF, limits=limits, matter_id=2)
        assert queries.count_attachments(session, 1, ["original"]) == 1


def test_a_marked_file_is_refused_and_only_its_hash_is_written_down(session: Any, store: FileStore) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        with pytest.raises(services.SecretFile) as refusal:
            add(session, home, store, "机密★长期 某工程.docx", docx("某工程"))
        services.note_refused_file(session, Actor.system(home), refusal.value, at=MORNING)
        written = session.scalars(select(Event)).one()
        assert written.kind == "attachment.refused"
        assert set(written.facts) == {"mark", "sha256", "size"}
        assert "某工程" not in str(written.facts)
    assert not list(store.root.rglob("*"))


def test_files_are_removed_only_from_a_draft(session: Any, store: FileStore) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        kept = add(session, home, store, "批示件.pdf", PDF).id
        with pytest.raises(Conflict):
            services.remove_attachment(session, Actor.system(home), kept, matter_is_draft=False, at=MORNING)
        services.remove_attachment(session, Actor.system(home), kept, matter_is_draft=True, at=MORNING)
        assert queries.list_attachments(session, 1) == []
