"""``run.py matter``: taking existing ledgers over."""

from __future__ import annotations

from pathlib import Path

import click

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.errors import HuiyinError
from app.kernel.i18n import N_, force_locale, translate
from app.kernel.tenancy import scope
from app.organisation.queries import find_jurisdiction
from app.reporting import services
from app.reporting.rules import RowFault, Sheet, describe, read_sheet


@click.group()
def matter() -> None:
    """Take existing ledgers over."""


@matter.command("import")
@click.option("--jurisdiction", "slug", required=True, help="The jurisdiction's short name, as in the address.")
@click.option(
    "--source", "source_key", help="The key of the matter source, instead of the one the ledger's words point to."
)
@click.option("--year", type=click.IntRange(1949, 2100), help="The year of deadlines that name none.")
@click.option("--create-units", is_flag=True, help="Add units this jurisdiction does not have.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(slug: str, source_key: str | None, year: int | None, create_units: bool, file: Path) -> None:
    """Read a printed ledger (CSV) into drafts. Every row that cannot be taken is named with its reason; exit status 1.

    Nothing is taken twice: the same ledger again makes no further drafts.
    """
    sheet = read_sheet(file.read_bytes(), year=year)
    with application(), force_locale("zh"):
        done = _take(slug, sheet, source_key, create_units)
        refused = [fault for fault in done.faults if fault.fatal]
        for fault in done.faults:
            click.echo(_line(file.name, fault), err=fault.fatal)
        click.echo(
            translate(
                N_("%(file)s: %(taken)s drafts made, %(known)s rows known already, %(refused)s rows refused"),
                file=file.name,
                taken=done.taken,
                known=done.known,
                refused=len(refused),
            )
        )
    raise SystemExit(1 if refused else 0)


def _take(slug: str, sheet: Sheet, source_key: str | None, create_units: bool) -> services.ImportedSheet:
    found = find_jurisdiction(db.session, slug)
    if found is None:
        raise click.ClickException(f"there is no jurisdiction {slug}")
    jurisdiction_id = found.id
    with scope(jurisdiction_id, db.session):
        try:
            return services.import_ledger(
                db.session,
                Actor.system(jurisdiction_id),
                sheet,
                source_key=source_key,
                create_units=create_units,
                at=clock.now(),
            )
        except HuiyinError as error:
            raise click.ClickException(error.sentence()) from error


def _line(name: str, fault: RowFault) -> str:
    msgid, values = describe(fault)
    place = f"{name}:{fault.row}" + (f" {fault.column}" if fault.column else "")
    return f"{place}: {translate(msgid, **values)}"
