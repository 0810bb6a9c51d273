"""Files in the browser: taken away only by those who see the matter, always as a file, every time written down."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.documents import queries, services
from app.documents.rules import SAMPLE_NOTICE
from app.documents.storage import FileStore
from app.jurisdictions.services import publish_profile
from app.kernel.commands import command
from app.kernel.events import Event
from app.kernel.tenancy import current_scope, scope
from app.matters.models import Matter
from app.organisation.permissions import RIGHTS
from tests.conftest import MORNING
from tests.made_files import PDF, docx
from tests.small_house import House, build
from tests.test_templates import GOOD, template, text_of
from tests.world import folder


@pytest.fixture
def store(app: Any) -> FileStore:
    """The store of the test installation."""
    return FileStore(Path(app.extensions["huiyin.settings"].files_dir))


@pytest.fixture
def house(session: Any) -> House:
    """One matter, handled by 住建局; 教育局 has nothing to do with it."""
    house = build(session)
    with scope(house.id, session):
        publish_profile(
            session,
            house.actor("inspector"),
            folder("huarong").profile,
            known_rights=RIGHTS,
            effective_on=MORNING.date(),
            note="",
            at=MORNING,
        )
        house.grant(
            "inspector", "matter:read_all", "attachment:read", "attachment:write", "template:read", "template:write"
        )
        house.grant("unit_liaison", "matter:read_unit", "attachment:read", "attachment:write")
        house.grant("unit_leader", "matter:read_unit")
        matter = house.matter("泵站建设")
        house.assignment(matter, "住建局")
        session.commit()
    return house


def matter_of(house: House) -> int:
    """The one matter."""
    if current_scope().jurisdiction_id == house.id:
        return int(house.session.scalars(select(Matter.id)).one())
    with scope(house.id, house.session):
        return int(house.session.scalars(select(Matter.id)).one())


@command
def issue(session: Any, house: House) -> int:
    """Issue the notice of the matter."""
    facts = {name: words for name, words in SAMPLE_NOTICE.items() if name not in ("编号", "成文日期")}
    return services.issue_document(
        session,
        house.actor("inspector"),
        matter_id=matter_of(house),
        unit_id=house.units["住建局"],
        document_type_key="supervision_notice",
        series="notice",
        number_pattern="华政督〔{year}〕{no}号",
        title="关于泵站建设的督办通知",
        facts=facts,
        at=MORNING,
    ).id


def attached(house: House, store: FileStore, name: str = "区长批示.pdf") -> int:
    """A file of the matter."""
    with scope(house.id, house.session):
        return services.add_attachment(
            house.session,
            house.actor("inspector"),
            matter_id=matter_of(house),
            kind="original",
            file_name=name,
            stream=io.BytesIO(PDF),
            at=MORNING,
            store=store,
        ).id


def kinds(house: House) -> list[str]:
    """The kinds of what happened."""
    with scope(house.id, house.session):
        return [row.kind for row in house.session.scalars(select(Event).order_by(Event.seq))]


def sent(client: Any, path: str, content: bytes, name: str, **fields: str) -> Any:
    """Post a form with a file."""
    token = client.csrf_token("/j/huarong/documenttemplateview/list/")
    return client.post(path, data={"file": (io.BytesIO(content), name), "csrf_token": token, **fields})


def test_a_file_comes_as_a_file_and_is_written_down(house: House, store: FileStore, app: Any) -> None:
    kept = attached(house, store)
    answer = house.client(app, "liaison").get(f"/j/huarong/attachments/{kept}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E5%8C%BA%E9%95%BF%E6%89%B9%E7%A4%BA.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox ; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert kinds(house)[-1] == "attachment.downloaded"


def test_whom_the_matter_does_not_concern_finds_nothing(house: House, store: FileStore, app: Any, session: Any) -> None:
    kept = attached(house, store)
    with scope(house.id, session):
        document = issue(session, house)
    other = build(session, "huaian", "320800")
    with scope(other.id, session):
        other.grant("inspector", "matter:read_all", "attachment:read")
        session.commit()
    for client, slug in ((house.client(app, "teacher"), "huarong"), (other.client(app, "inspector"), "huaian")):
        for path in (f"/attachments/{kept}", f"/documents/{document}.docx", "/attachments/999999999999999999999999"):
            assert client.get(f"/j/{slug}{path}").status_code == 404, path
    assert house.client(app, "leader").get(f"/j/huarong/attachments/{kept}").status_code == 403
    assert "attachment.downloaded" not in kinds(house)


def test_the_first_reader_of_a_notice_makes_it(house: House, store: FileStore, app: Any, session: Any) -> None:
    with scope(house.id, session):
        document = issue(session, house)
    client = house.client(app, "liaison")
    first = client.get(f"/j/huarong/documents/{document}.docx")
    assert first.status_code == 200
    assert "华政督〔2026〕1号" in text_of(first.data)
    assert client.get(f"/j/huarong/documents/{document}.docx").data == first.data
    with scope(house.id, session):
        assert store.intact(house.id, str(queries.get_document(session, document).sha256))
    assert kinds(house).count("attachment.downloaded") == 2


def test_a_file_is_added_and_a_marked_one_is_refused(house: House, app: Any, session: Any) -> None:
    client = house.client(app, "inspector")
    path = f"/j/huarong/matters/{matter_of(house)}/attachments"
    assert sent(client, path, PDF, "证明.pdf", kind="evidence").status_code == 302
    assert sent(client, path, docx("机密★长期"), "证明.docx", kind="evidence").status_code == 302
    assert sent(client, path, b"MZ", "木马.exe", kind="evidence").status_code == 302
    assert sent(client, path, PDF, "证明.pdf", kind="anything").status_code == 302
    matter_id = matter_of(house)
    with scope(house.id, session):
        assert [row.file_name for row in queries.list_attachments(session, matter_id)] == ["证明.pdf"]
    assert kinds(house)[-2:] == ["attachment.added", "attachment.refused"]
    assert client.post(path, data={"file": (io.BytesIO(PDF), "x.pdf"), "kind": "evidence"}).status_code == 400


def test_templates_are_listed_tested_used_and_reset(house: House, app: Any, session: Any) -> None:
    client = house.client(app, "inspector")
    root = "/j/huarong/documenttemplateview"
    page = client.get(f"{root}/list/")
    assert page.status_code == 200
    assert "督办通知单" in page.text
    assert "{{ 督办事项 }}" in page.text
    built_in = client.get(f"{root}/download/supervision_notice")
    assert (built_in.status_code, built_in.mimetype.rpartition(".")[2]) == (200, "document")
    refused = sent(client, f"{root}/upload/supervision_notice", template("{{ 督办事像 }}"), "新.docx")
    assert refused.status_code == 422
    assert "督办事像" in refused.text
    assert sent(client, f"{root}/upload/supervision_notice", GOOD, "新.docx").status_code == 302
    assert client.get(f"{root}/download/supervision_notice").data == GOOD
    token = client.csrf_token(f"{root}/list/")
    assert client.post(f"{root}/reset/supervision_notice", data={"csrf_token": token}).status_code == 302
    assert client.get(f"{root}/download/supervision_notice").data == built_in.data
    assert client.get(f"{root}/download/nothing").status_code == 404
    assert house.client(app, "liaison").get(f"{root}/list/").status_code == 403
