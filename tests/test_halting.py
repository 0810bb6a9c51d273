"""Halting, closing and taking away: nobody works, no clock speaks, nothing is missing from the export."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.documents.models import Attachment
from app.documents.storage import FileStore
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.platform import services
from app.platform.models import JurisdictionExport
from app.urging.services import claim_due_jurisdictions, sweep_jurisdiction
from tests.conftest import MORNING
from tests.matter_life import draw_up, huarong_draft, to_handling
from tests.onboarding_house import STAFF
from tests.small_house import Browser
from tests.world import PASSWORD, Place, World

REASON = "机构改革，职能并入鄂州市。"
HUARONG = "420703"


def _sign_in(app: Any, username: str) -> Browser:
    browser = Browser(app, app.response_class)
    form = {"username": username, "password": PASSWORD, "csrf_token": browser.csrf_token("/login/")}
    assert browser.post("/login/", data=form).status_code == 302, username
    return browser


def _export(session: Any, store: FileStore, place: Place) -> tuple[int, str]:
    with place.inside():
        services.ask_export(session, place.actor("administrator"), at=clock.now())
    assert services.make_export(session, db.engine, store, place.id, at=clock.now())
    with place.inside():
        made = session.scalars(select(JurisdictionExport).order_by(JurisdictionExport.id.desc()).limit(1)).one()
        return made.id, made.state


def test_every_row_of_every_table_is_in_the_export(app: Any, session: Any, world: World) -> None:
    place, store = world.huarong, FileStore(app.extensions["huiyin.settings"].files_dir)
    with place.inside():
        to_handling(place)
        kept = store.keep_bytes(place.id, b"a file")
        session.execute(update(Attachment).values(sha256=kept))
        session.commit()
        services.ask_export(session, place.actor("administrator"), at=clock.now())
    with place.inside():
        counts = {
            table.name: session.execute(
                select(func.count()).select_from(table).where(table.c.jurisdiction_id == place.id),
                execution_options={"set_based": True},
            ).scalar_one()
            for table in services.owned_tables()
        }
    assert services.make_export(session, db.engine, store, place.id, at=clock.now())
    with place.inside():
        made = session.scalars(select(JurisdictionExport)).one()
        assert (made.state, made.row_count) == ("made", sum(counts.values()) + len(place.people))
        data = store.read(place.id, made.sha256)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, part in manifest["parts"].items():
            content = archive.read(name)
            assert hashlib.sha256(content).hexdigest() == part["sha256"], name
            if name.startswith("tables/"):
                lines = [json.loads(line) for line in content.splitlines()]
                assert len(lines) == part["rows"] == counts.pop(name.removeprefix("tables/").removesuffix(".jsonl"))
                assert {line["jurisdiction_id"] for line in lines} <= {place.id}
        assert counts == {}
        assert manifest["missing_files"] == []
        assert archive.read(f"files/{kept}") == b"a file"
        people = archive.read("people.jsonl").decode()
        assert "folder/jurisdiction.yaml" in archive.namelist()
    assert "huarong.administrator" in people
    assert "huaian." not in people
    assert "pbkdf2" not in people


def test_a_halted_jurisdiction_is_nobodys_until_it_runs_again(app: Any, session: Any, world: World) -> None:
    inspector = _sign_in(app, world.huarong.username("inspector"))
    assert inspector.get("/j/huarong/").status_code == 200
    with pytest.raises(Invalid):
        services.suspend(session, STAFF, HUARONG, reason=" ", at=MORNING)
    with pytest.raises(Refused):
        services.suspend(session, world.huarong.actor("administrator"), HUARONG, reason=REASON, at=MORNING)
    services.suspend(session, STAFF, HUARONG, reason=REASON, at=MORNING)
    session.rollback()
    for path in ("/", "/matters/", "/todo/", "/api/v1/matters"):
        answer = inspector.get(f"/j/huarong{path}")
        assert (answer.status_code, REASON in (answer.json or {"title": answer.text})["title"]) == (403, True), path
    assert _sign_in(app, world.huarong.username("administrator")).get("/j/huarong/matters/").status_code == 403
    stranger = _sign_in(app, world.huaian.username("inspector"))
    assert stranger.get("/j/huarong/").status_code == 404
    assert world.huarong.id not in claim_due_jurisdictions(session, MORNING)
    assert sweep_jurisdiction(session, world.huarong.id, MORNING) == 0
    services.resume(session, STAFF, HUARONG, at=MORNING)
    session.rollback()
    assert inspector.get("/j/huarong/").status_code == 200
    assert world.huarong.id in claim_due_jurisdictions(session, MORNING)
    with pytest.raises(Conflict):
        services.resume(session, STAFF, HUARONG, at=MORNING)


def test_closing_waits_for_an_export_of_the_last_state(session: Any, world: World, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    _export(session, store, world.huarong)
    with pytest.raises(Conflict) as running:
        services.close(session, STAFF, HUARONG, reason=REASON, at=clock.now())
    assert running.value.code == "not_suspended"
    services.suspend(session, STAFF, HUARONG, reason=REASON, at=clock.now())
    with pytest.raises(Conflict) as older:
        services.close(session, STAFF, HUARONG, reason=REASON, at=clock.now())
    assert older.value.code == "not_exported"
    services.ask_export_of(session, STAFF, HUARONG, at=clock.now())
    with pytest.raises(Conflict) as twice:
        services.ask_export_of(session, STAFF, HUARONG, at=clock.now())
    assert twice.value.code == "export_asked"
    assert services.list_asked(session) == [world.huarong.id]
    with db.engine.connect() as other, other.begin():
        other.exec_driver_sql("select pg_advisory_xact_lock(7203117)")
        assert services.make_waiting(session, db.engine, store, at=clock.now()) == 0, "another process is at it"
    assert services.make_waiting(session, db.engine, store, at=clock.now()) == 1
    assert services.list_asked(session) == []
    assert services.close(session, STAFF, HUARONG, reason=REASON, at=clock.now()).status == "closed"
    with pytest.raises(Conflict):
        services.resume(session, STAFF, HUARONG, at=clock.now())


def test_what_happened_since_needs_a_new_export(session: Any, world: World, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    services.suspend(session, STAFF, HUARONG, reason=REASON, at=MORNING)
    _export(session, store, world.huarong)
    with world.huarong.inside():
        draw_up(world.huarong, huarong_draft(world.huarong))
    with pytest.raises(Conflict) as late:
        services.close(session, STAFF, HUARONG, reason=REASON, at=clock.now())
    assert late.value.code == "not_exported"


def test_exports_are_their_own_jurisdictions(session: Any, world: World, tmp_path: Path) -> None:
    export_id, _state = _export(session, FileStore(tmp_path), world.huarong)
    with world.huaian.inside(), pytest.raises(NotFound):
        services.take_export(session, world.huaian.actor("administrator"), export_id, at=clock.now())
    with world.huarong.inside():
        with pytest.raises(Refused):
            services.take_export(session, world.huarong.actor("inspector"), export_id, at=clock.now())
        with pytest.raises(Refused):
            services.ask_export(session, world.huarong.actor("inspector"), at=clock.now())
        assert services.take_export(session, world.huarong.actor("administrator"), export_id, at=clock.now()).sha256
    with pytest.raises(Refused):
        services.ask_export_of(session, Actor(1, "某人", None), HUARONG, at=clock.now())


def test_an_export_that_breaks_says_so_and_may_be_asked_again(
    session: Any, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(tmp_path)
    with world.huarong.inside():
        services.ask_export(session, world.huarong.actor("administrator"), at=clock.now())
    with monkeypatch.context() as broken:
        broken.setattr(store, "keep", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
        with pytest.raises(OSError):
            services.make_export(session, db.engine, store, world.huarong.id, at=clock.now())
    with world.huarong.inside():
        failed = session.scalars(select(JurisdictionExport)).one()
        assert (failed.state, failed.fault) == ("failed", "OSError")
    assert _export(session, store, world.huarong)[1] == "made"
