"""``run.py jurisdiction onboard``: hundreds of jurisdictions at once, from a list."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid
from app.platform import queries, services, spreadsheets
from app.platform.rules.house_list import HouseRow, from_the_top, house_row
from app.platform.rules.people_sheet import SENTENCES, describe_fault

LISTS = ("jurisdictions.csv", "jurisdictions.xlsx")
HEADINGS = ("code", "jurisdiction", "username", "activation link")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--people", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder with CODE.xlsx each."
)
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    default=Path("activation-links.csv"),
    help="Where new links are written.",
)
@click.option("--activate", is_flag=True, help="Put each into service when nothing is missing.")
@click.option("--new-links", is_flag=True, help="Make new links for administrators who have not been in yet.")
def onboard(source: Path, people: Path | None, links: Path, activate: bool, new_links: bool) -> None:
    """Bring on every jurisdiction of a list. Safe to repeat: what is there already is passed over.

    SOURCE is a .csv or .xlsx with the columns 代码, 名称, 简称, 层级, 上级代码, 网址名, 范本, 管理员姓名, 管理员用户名; only
    the code is needed where the place is known. Or it is a folder with jurisdictions.csv (or .xlsx) and, for each code,
    CODE.xlsx with its units and people. Activation links are appended to a file that only its owner can read. Faults are
    told at the end, row by row, and make the exit code 1.
    """
    file, folder = _places(source, people)
    lines, fault = spreadsheets.read_list(file.read_bytes(), file.name)
    if fault:
        raise click.ClickException(f"{file}: {SENTENCES[fault]}")
    faults: list[str] = []
    counts = {"created": 0, "units": 0, "people": 0, "links": 0, "in service": 0}
    with application() as app, _private(links) as target:
        base_url = app.extensions["huiyin.settings"].base_url
        rows = _rows(lines, faults)
        with click.progressbar(rows, label="jurisdictions", show_pos=True) as shown:
            for line in shown:
                done = _one(line, folder, activate, new_links, faults)
                if done is None:
                    continue
                counts["created"] += done.created
                counts["units"] += done.units
                counts["people"] += done.people
                counts["in service"] += done.active
                if done.token:
                    counts["links"] += 1
                    _write(target, (line.code, line.name, line.username, f"{base_url}/activate/{done.token}"))
    click.echo(", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["links"]:
        click.echo(f"{links}: {counts['links']} links, each for one person, once, for 72 hours")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'} in {file}")


def _places(source: Path, people: Path | None) -> tuple[Path, Path | None]:
    if source.is_file():
        return source, people
    found = next((source / name for name in LISTS if (source / name).is_file()), None)
    if found is None:
        raise click.ClickException(f"there is no {' or '.join(LISTS)} in {source}")
    return found, people or source


def _rows(lines: list[tuple[int, dict[str, str]]], faults: list[str]) -> list[HouseRow]:
    """The list's lines from the top down; a code or an address that stands twice is a fault of the later line."""
    slugs = queries.list_slugs(db.session)
    known = queries.slugs_by_code(db.session)
    db.session.rollback()
    rows: list[HouseRow] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        code = cells.get("code", "")
        line = house_row(number, {**cells, "slug": cells.get("slug") or known.get(code, "")}, slugs)
        if code in seen:
            faults.append(f"row {number} ({code}): the code stands in row {seen[code]} already")
            continue
        seen[code] = number
        slugs.add(line.slug)
        rows.append(line)
    return from_the_top(rows)


def _one(
    line: HouseRow, folder: Path | None, activate: bool, new_links: bool, faults: list[str]
) -> services.BroughtOn | None:
    where = f"row {line.row} ({line.code})"
    try:
        sheet = folder / f"{line.code}.xlsx" if folder is not None and line.code.isdigit() else None
        raw = spreadsheets.read_people(sheet.read_bytes()) if sheet is not None and sheet.is_file() else None
        return services.bring_on(
            db.session,
            Actor.system(None),
            line,
            raw,
            activate=activate,
            new_link=new_links,
            at=clock.now(),
            today=clock.today(),
        )
    except services.FaultySheet as error:
        for fault in error.faults:
            msgid, values = describe_fault(fault)
            faults.append(f"{where}: {line.code}.xlsx {fault.sheet} row {fault.row} {fault.column}: {msgid % values}")
    except Invalid as error:
        faults.append(
            f"{where}: " + ("; ".join(f"{name}: {said}" for name, said in error.fields.items()) or str(error))
        )
    except HuiyinError as error:
        faults.append(f"{where}: {error}")
    db.session.rollback()
    return None


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    """A file only its owner can read, to be added to; gone again when nothing was written."""
    fresh = not path.exists()
    with open(
        os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8", newline=""
    ) as target:
        os.chmod(path, 0o600)
        yield target
        size = target.tell()
    if fresh and not size:
        path.unlink()


def _write(target: TextIO, line: tuple[str, ...]) -> None:
    """One line, on the disk at once: an interrupted run loses no link."""
    writer: Any = csv.writer(target)
    if target.tell() == 0:
        writer.writerow(HEADINGS)
    writer.writerow(line)
    target.flush()
