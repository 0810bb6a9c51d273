"""``run.py jurisdiction``: check a folder, import it, write it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from app.documents.storage import FileStore
from app.jurisdictions.rules import Fault, Profile, ProfileError, describe_fault
from app.jurisdictions.rules.folder import FolderError, LoadedFolder, check_folder, folder_files, read_profile
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.errors import HuiyinError
from app.organisation.permissions import RIGHTS
from app.platform import services
from app.platform.cli_onboard import onboard


@click.group()
def jurisdiction() -> None:
    """Check, import and export a jurisdiction's folder."""


jurisdiction.add_command(onboard)


@jurisdiction.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """List every fault of a folder with its place, or say what it would load. Needs no database.

    A folder with a profile and no jurisdiction.yaml is checked as a preset.
    """
    if (folder / "profile").is_dir() and not (folder / "jurisdiction.yaml").exists():
        try:
            _say_profile(f"{folder.name}：", read_profile(folder, RIGHTS))
        except FolderError as error:
            raise _faulty(_tell(error.faults), folder) from error
        return
    loaded = _read(folder)
    card = loaded.card
    _say_profile(f"{card.name}（{card.code}，{card.slug}）：", loaded.profile)
    click.echo(f"  {len(loaded.units)} units, {len(loaded.templates)} templates")


def _say_profile(whose: str, profile: Profile) -> None:
    click.echo(f"{whose}{profile.regulation.title}")
    click.echo(
        f"  {len(profile.matter_sources)} sources, {len(profile.roles)} roles, {len(profile.procedure.steps)} steps, "
        f"{len(profile.document_types)} document types, {len(profile.deadline_rules)} deadline rules"
    )
    click.echo("  " + " → ".join(step.name for step in profile.procedure.steps))


@jurisdiction.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
def import_(folder: Path) -> None:
    """Open the jurisdiction of a folder, or bring it up to date. Safe to repeat."""
    loaded = _read(folder)
    with application() as app:
        try:
            done = services.import_folder(
                db.session, Actor.system(None), loaded, at=clock.now(), today=clock.today(), store=_store(app)
            )
        except HuiyinError as error:
            raise click.ClickException(str(error)) from error
    said = "published" if done.published else "unchanged, still"
    click.echo(f"{done.slug}: profile {said} version {done.version}")
    for noun, taken in (
        ("roles", done.roles),
        ("sources", done.sources),
        ("units", done.units),
        ("templates", done.templates),
    ):
        counts = [f"{count} {word}" for word, count in asdict(taken).items() if count]
        click.echo(f"  {noun}: {', '.join(counts) or 'as they were'}")


@jurisdiction.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(path_type=Path))
def export(slug: str, folder: Path) -> None:
    """Write a jurisdiction into a folder, as it would be imported."""
    if (
        folder.exists()
        and (not folder.is_dir() or any(folder.iterdir()))
        and not (folder / "jurisdiction.yaml").exists()
    ):
        raise click.ClickException(f"{folder} is there and is no jurisdiction's folder")
    with application() as app:
        try:
            loaded = services.exported_folder(db.session, slug, at=clock.now(), store=_store(app))
        except HuiyinError as error:
            raise click.ClickException(f"{slug}: {error}") from error
        except ProfileError as error:
            _tell(error.faults)
            raise click.ClickException(f"{slug} has values a folder cannot carry; correct them on its pages") from error
    files = folder_files(loaded)
    for stale in (*folder.glob("profile/*.yaml"), *folder.glob("templates/*.docx")):
        if stale.relative_to(folder).as_posix() not in files:
            stale.unlink()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    click.echo(f"{slug}: {len(files)} files in {folder}")


def _read(folder: Path) -> LoadedFolder:
    loaded, found = check_folder(folder, RIGHTS)
    count = _tell(found)
    for name, sentence in services.refused_templates(loaded.templates) if loaded else ():
        click.echo(f"templates/{name}.docx: {sentence}", err=True)
        count += 1
    if loaded is None or count:
        raise _faulty(count, folder)
    return loaded


def _faulty(count: int, folder: Path) -> click.ClickException:
    return click.ClickException(f"{count} {'fault' if count == 1 else 'faults'} in {folder}")


def _tell(found: Iterable[Fault]) -> int:
    """Say every fault; how many there were."""
    count = 0
    for fault in found:
        msgid, values = describe_fault(fault)
        click.echo(msgid % values, err=True)
        count += 1
    return count


def _store(app: Flask) -> FileStore:
    return FileStore(app.extensions["huiyin.settings"].files_dir)
