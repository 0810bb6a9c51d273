"""Deadlines at the terminal: compute a table of dates, or have one date explained. Needs no database."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace

import click

from app.deadlines.data import built_in_calendar
from app.deadlines.queries import explanation
from app.deadlines.rules import DeadlineError, Due, compute, facts
from app.deadlines.schemas import (
    TABLE_RULES,
    TableError,
    decode,
    read_last_day,
    read_lines,
    read_rule,
    read_start,
    read_time,
)
from app.kernel.i18n import N_, translate

LINE = N_("Line %(number)s: %(sentence)s")
PROVISIONAL = N_("Line %(number)s: %(due)s is provisional, holidays that matter to it are not announced yet.")


@click.group("deadline")
def deadline() -> None:
    """Compute and explain due dates on the national working-day calendar."""


@deadline.command("compute")
def compute_table() -> None:
    """Read CSV with the columns id,rule,amount,start,roll on stdin and write id,due_date to stdout.

    Hours end at a minute, so their line gets date and time. A line that cannot be computed gets an empty date and a sentence
    on stderr; the exit code is then 1. A date that a holiday notice still to come may move is written, and named on stderr.
    """
    calendar = built_in_calendar()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "due_date"))
    refused = False
    try:
        for line in read_lines(decode(sys.stdin.buffer.read())):
            if isinstance(line, TableError):
                refused = True
                _say(line.number, line)
                continue
            try:
                due = compute(read_rule(line.rule, line.amount, line.roll), read_start(line.start), calendar)
            except DeadlineError as error:
                refused = True
                _say(line.number, error)
                writer.writerow((line.id, ""))
                continue
            writer.writerow((line.id, _written(due)))
            if due.provisional:
                click.echo(translate(PROVISIONAL, number=line.number, due=due.due_on), err=True)
    except TableError as error:
        refused = True
        _say(error.number, error)
    sys.stdout.flush()
    if refused:
        sys.exit(1)


@deadline.command("explain")
@click.option("--rule", required=True, help=", ".join(TABLE_RULES))
@click.option(
    "--amount", default="", help="Days, months or hours; 08-31 for a day_of_year; month/5 for what is periodic."
)
@click.option("--start", required=True, help="ISO date or date-time; for a fixed date the date itself.")
@click.option("--roll", default="none", help="none, next_working_day or previous_working_day")
@click.option("--due-time", default="", help="Until when on the due day, such as 17:30.")
@click.option("--cutoff", default="", help="A start later than this, or on a rest day, counts as the next working day.")
@click.option("--last-day", default="", help="The day of the year after which nothing is due, such as 08-31.")
def explain_one(rule: str, amount: str, start: str, roll: str, due_time: str, cutoff: str, last_day: str) -> None:
    """Say in words how one date comes about."""
    try:
        told = replace(
            read_rule(rule, amount, roll),
            due_time=read_time(due_time),
            after_hours_cutoff=read_time(cutoff),
            last_day=read_last_day(last_day),
        )
        due = compute(told, read_start(start), built_in_calendar())
    except DeadlineError as error:
        click.echo(translate(error.msgid, **error.params), err=True)
        sys.exit(1)
    click.echo(_written(due))
    for sentence in explanation(facts(due)):
        click.echo(sentence)


def _written(due: Due) -> str:
    return due.due_at.strftime("%Y-%m-%dT%H:%M") if due.due_at else due.due_on.isoformat()


def _say(number: int, error: DeadlineError | TableError) -> None:
    sentence = translate(error.msgid, **error.params)
    click.echo(translate(LINE, number=number, sentence=sentence), err=True)
