"""``run.py calendar``: propose a year from the installed package or from a file, and show what is in force.

The command line proposes and never confirms: a superadmin looks at it in the browser, so there are always two people.
"""

from __future__ import annotations

from pathlib import Path

import click

from app.deadlines import day_files, services
from app.deadlines.models import CalendarProposal
from app.deadlines.presenting.year import year_view
from app.deadlines.queries import calendar_for
from app.deadlines.rules import DeadlineError
from app.deadlines.rules.notice_faults import NoticeRefused
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.cli import application
from app.kernel.db import db
from app.kernel.errors import HuiyinError
from app.kernel.i18n import translate


@click.group()
def calendar() -> None:
    """Bring a year of the national calendar in, and look at one."""


@calendar.command()
@click.option("--year", type=int, help="One year, announced here or not; otherwise every year that is missing here.")
def sync(year: int | None) -> None:
    """Propose what the installed chinesecalendar package knows."""
    with application():
        try:
            found = services.propose_from_package(db.session, Actor.system(None), year=year, at=clock.now())
        except HuiyinError as error:
            raise _refusal(error) from error
        _say(found)


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--document-no", default="", help="The notice's number, for rows that name none.")
def import_file(file: Path, document_no: str) -> None:
    """Propose the years of FILE, a .csv or .xlsx with the columns date,kind,name,region,source_doc."""
    try:
        years = day_files.read_file(file.read_bytes(), file.name)
    except NoticeRefused as refused:
        raise click.ClickException("\n".join(services.say_fault(fault) for fault in refused.faults)) from refused
    with application():
        try:
            found = services.propose_years(
                db.session, Actor.system(None), years=years, document_no=document_no, at=clock.now()
            )
        except HuiyinError as error:
            raise _refusal(error) from error
        _say(found)


@calendar.command()
@click.argument("year", type=int)
def show(year: int) -> None:
    """Show the days of YEAR that are no ordinary ones, and how many working days it has."""
    with application():
        try:
            whole = calendar_for(db.session, None)
        except DeadlineError as error:
            raise click.ClickException(translate(error.msgid, **error.params)) from error
        if not whole.first_day.year <= year <= whole.last_day.year:
            raise click.ClickException(f"the calendar reaches from {whole.first_day.year} to {whole.last_day.year}")
        view = year_view(whole, year, today=clock.today())
        click.echo(f"{year}  {view.status_label}  {view.notice}  {view.working_days}")
        for span in view.spans:
            click.echo(f"{span.first} {span.last}  {span.kind_label}  {span.name}  {span.notice}")


def _say(found: list[CalendarProposal]) -> None:
    for one in found:
        click.echo(
            f"{one.year}: proposed ({one.document_no or one.origin}); confirm it at /platform/calendar/proposals/{one.id}"
        )


def _refusal(error: HuiyinError) -> click.ClickException:
    lines = error.sentences() if isinstance(error, services.FaultyNotice) else [error.sentence()]
    return click.ClickException("\n".join(lines))
