"""Everything a jurisdiction owns, in one file: its folder, every row of every table, every stored file, and a manifest.

The platform's staff see that it was made and its SHA-256; the file itself is its administrator's. It is made at one moment
(a repeatable read), and the manifest counts and digests every part, so that nothing can be missing unnoticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from sqlalchemy import Engine, select, text, update

from app.documents.storage import FileMissing, FileStore, Incoming
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.rules import ProfileError
from app.jurisdictions.rules.folder import folder_files
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.db import Model
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.events import EventHead, record
from app.kernel.i18n import N_
from app.kernel.tenancy import scope
from app.organisation.models import Membership, Person
from app.organisation.services.changing import get_own
from app.platform.models import JurisdictionExport
from app.platform.services.folders import exported_folder
from app.platform.services.standing import find_house, must_manage

_CHUNK = 256 * 1024
_ONE_AT_A_TIME = 7_203_117  # an advisory lock of the database
_PERSON = ("id", "username", "name", "phone", "email", "active", "home_jurisdiction_id")


@dataclass
class _Part:
    """One file of the export: how many rows it holds (None for a stored file) and its SHA-256."""

    sha256: str
    rows: int | None = None


@dataclass
class _Manifest:
    parts: dict[str, _Part] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    event_seq: int = 0

    @property
    def rows(self) -> int:
        return sum(part.rows or 0 for part in self.parts.values())


def ask_export_of(session: Any, actor: Actor, code: str, *, at: dt.datetime) -> int:
    """Ask, from outside, for the export of a jurisdiction; the clock makes it within a minute. Its id."""
    must_manage(actor)
    house = find_house(session, code)
    jurisdiction_id = house.id
    with scope(jurisdiction_id, session):
        inside = Actor(actor.person_id, actor.name, jurisdiction_id, is_system=True)
        return ask_export(session, inside, at=at)


@command
def ask_export(session: Any, actor: Actor, *, at: dt.datetime) -> int:
    """Ask for the export of the jurisdiction in scope. Its id.

    Refuses without the right, and (Conflict) while one is being made, before anything is in service, and after closing.
    """
    _must_export(actor)
    house = session.get(Jurisdiction, actor.jurisdiction_id)
    if house.status not in ("active", "suspended"):
        raise Conflict("nothing_to_export", N_("Exports are made while a jurisdiction is in service or halted."))
    if house.export_asked_at is not None:
        raise Conflict("export_asked", N_("An export is being made already. It is ready within a few minutes."))
    export = JurisdictionExport(asked_by=actor.person_id, asked_by_name=actor.name, asked_at=at, state="asked")
    session.add(export)
    house.export_asked_at = at
    session.flush()
    record(session, actor, "jurisdiction.export_asked", "jurisdiction_export", export.id, at)
    return int(export.id)


def make_waiting(session: Any, engine: Engine, store: FileStore, *, at: dt.datetime) -> int:
    """Make every export that waits; how many. Only one process at a time does: a large one is not begun twice."""
    made = 0
    with engine.connect() as turn, turn.begin():
        if turn.execute(text("select pg_try_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME}).scalar_one():
            waiting = list_asked(session)
            session.rollback()
            for jurisdiction_id in waiting:
                made += make_export(session, engine, store, jurisdiction_id, at=at)
    return made


def list_asked(session: Any) -> list[int]:
    """The jurisdictions for which an export was asked and not made yet, those that wait longest first."""
    statement = select(Jurisdiction.id).where(Jurisdiction.export_asked_at.is_not(None))
    return list(session.scalars(statement.order_by(Jurisdiction.export_asked_at)))


def make_export(session: Any, engine: Engine, store: FileStore, jurisdiction_id: int, *, at: dt.datetime) -> bool:
    """Make the export a jurisdiction has asked for; whether there was one. A fault is written down by its kind only."""
    with scope(jurisdiction_id, session):
        asked = session.scalars(
            select(JurisdictionExport).where(JurisdictionExport.state == "asked").order_by(JurisdictionExport.id)
        ).first()
        if asked is None:
            _settle(session, Actor.system(jurisdiction_id), None, {}, at=at)
            return False
        export_id, slug = asked.id, session.get(Jurisdiction, jurisdiction_id).slug
    try:
        folder = _folder(session, slug, store, at=at)
        store.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=store.root) as target:
            manifest = _write(target, engine, store, jurisdiction_id, folder, at=at)
            size, sha256 = _digest(target)
            store.keep(jurisdiction_id, Incoming(target, size, sha256))
        made: dict[str, Any] = {
            "state": "made", "made_at": at, "size": size, "sha256": sha256, "row_count": manifest.rows,
            "event_seq": manifest.event_seq,
        }  # fmt: skip
    except Exception as error:
        with scope(jurisdiction_id, session):
            failed = {"state": "failed", "made_at": at, "fault": type(error).__name__[:60]}
            _settle(session, Actor.system(jurisdiction_id), export_id, failed, at=at)
        raise
    with scope(jurisdiction_id, session):
        _settle(session, Actor.system(jurisdiction_id), export_id, made, at=at)
    return True


@command
def _settle(session: Any, actor: Actor, export_id: int | None, values: dict[str, Any], *, at: dt.datetime) -> None:
    if export_id is not None:
        export = get_own(session, JurisdictionExport, export_id)
        for name, value in values.items():
            setattr(export, name, value)
    session.execute(
        update(Jurisdiction)
        .where(Jurisdiction.id == actor.jurisdiction_id)
        .values(export_asked_at=None)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    if values.get("state") == "made":
        kept = {"sha256": values["sha256"], "rows": values["row_count"], "size": values["size"]}
        record(session, actor, "jurisdiction.export_made", "jurisdiction_export", export_id or 0, at, **kept)


@command
def take_export(session: Any, actor: Actor, export_id: int, *, at: dt.datetime) -> JurisdictionExport:
    """Note that somebody takes an export away, and say which content it is. NotFound for one that is not ready."""
    _must_export(actor)
    export: JurisdictionExport = get_own(session, JurisdictionExport, export_id)
    if export.state != "made":
        raise NotFound()
    record(session, actor, "jurisdiction.export_downloaded", "jurisdiction_export", export.id, at, sha256=export.sha256)
    return export


def _must_export(actor: Actor) -> None:
    if not actor.may("jurisdiction:export"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def _folder(session: Any, slug: str, store: FileStore, *, at: dt.datetime) -> dict[str, bytes]:
    """The jurisdiction's folder; none where its own changes are more than a folder can carry: the rows have them."""
    try:
        return folder_files(exported_folder(session, slug, at=at, store=store))
    except (NotFound, ProfileError):
        return {}


def owned_tables() -> list[Any]:
    """Every table a jurisdiction has rows in."""
    return [table for table in Model.metadata.sorted_tables if "jurisdiction_id" in table.c]


def _write(
    target: IO[bytes],
    engine: Engine,
    store: FileStore,
    jurisdiction_id: int,
    folder: dict[str, bytes],
    *,
    at: dt.datetime,
) -> _Manifest:
    manifest = _Manifest()
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, snapshot.connect() as connection:
        with connection.begin():
            connection.execute(
                text("select set_config('app.jurisdiction_id', :j, true), set_config('statement_timeout', '0', true)"),
                {"j": str(jurisdiction_id)},
            )
            head = EventHead.__table__.c
            seq = connection.execute(select(head.seq).where(head.jurisdiction_id == jurisdiction_id)).scalar()
            manifest.event_seq = int(seq or 0)
            for name, data in folder.items():
                _put(archive, manifest, f"folder/{name}", iter([data]))
            files: set[str] = set()
            for table in owned_tables():
                rows = _rows(connection, table, jurisdiction_id, files)
                _put(archive, manifest, f"tables/{table.name}.jsonl", rows, counted=True)
            _put(archive, manifest, "people.jsonl", _people(connection, jurisdiction_id), counted=True)
        for sha256 in sorted(files):
            try:
                with store.open(jurisdiction_id, sha256) as stream:
                    _put(archive, manifest, f"files/{sha256}", iter(lambda: stream.read(_CHUNK), b""))
            except FileMissing:
                manifest.missing.append(sha256)
        archive.writestr("manifest.json", _manifest_text(manifest, jurisdiction_id, at))
    return manifest


def _put(
    archive: zipfile.ZipFile, manifest: _Manifest, name: str, blocks: Iterator[bytes], *, counted: bool = False
) -> None:
    digest, rows = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as part:
        for block in blocks:
            digest.update(block)
            part.write(block)
            rows += 1
    manifest.parts[name] = _Part(digest.hexdigest(), rows if counted else None)


def _rows(connection: Any, table: Any, jurisdiction_id: int, files: set[str]) -> Iterator[bytes]:
    """Every row as one line of JSON, by its key; what it names of the file store is remembered. Secrets stay here."""
    statement = select(table).where(table.c.jurisdiction_id == jurisdiction_id).order_by(*table.primary_key.columns)
    own_files = table is not JurisdictionExport.__table__
    for row in connection.execution_options(stream_results=True, yield_per=500).execute(statement):
        values = {name: None if column.info.get("sealed") else row._mapping[name] for name, column in table.c.items()}
        if own_files and values.get("sha256"):
            files.add(str(values["sha256"]))
        yield _line(values)


def _people(connection: Any, jurisdiction_id: int) -> Iterator[bytes]:
    """The accounts that are looked after here or belong here, without anything one could sign in with."""
    people, memberships = Person.__table__, Membership.__table__
    members = select(memberships.c.person_id).where(memberships.c.jurisdiction_id == jurisdiction_id)
    statement = (
        select(*(people.c[name] for name in _PERSON))
        .where((people.c.home_jurisdiction_id == jurisdiction_id) | people.c.id.in_(members))
        .order_by(people.c.id)
    )
    for row in connection.execute(statement):
        yield _line(dict(row._mapping))


def _line(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain) + "\n").encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime, dt.time)) else str(value)


def _manifest_text(manifest: _Manifest, jurisdiction_id: int, at: dt.datetime) -> str:
    said = {
        "format": "huiyin-export-1",
        "jurisdiction_id": jurisdiction_id,
        "made_at": at.isoformat(),
        "event_seq": manifest.event_seq,
        "rows": manifest.rows,
        "parts": {
            name: {"sha256": part.sha256} | ({} if part.rows is None else {"rows": part.rows})
            for name, part in sorted(manifest.parts.items())
        },
        "missing_files": manifest.missing,
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _digest(stream: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while block := stream.read(_CHUNK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
