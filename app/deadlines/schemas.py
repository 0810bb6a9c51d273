"""What deadlines look like outside: the lines of the computing table, and what may stand in its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from app.deadlines.rules import (
    WITHOUT_AMOUNT,
    ClockRule,
    DayInYear,
    DeadlineError,
    Every,
    LastDay,
    Roll,
    RuleKind,
    Schedule,
)
from app.deadlines.rules.periodic import MONTHS_IN
from app.kernel.i18n import N_

COLUMNS = ("id", "rule", "amount", "start", "roll")
TABLE_RULES = tuple(kind for kind in RuleKind if kind is not RuleKind.ON_EVENT)
_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)  # int() would also read 1_000
COLUMNS_MISSING = N_("The first line must name the columns %(columns)s; missing: %(missing)s.")
LINE_UNREADABLE = N_("This line is not readable as CSV (%(reason)s).")


@dataclass(frozen=True, slots=True)
class Line:
    """One data line of the table with the number of the text line it begins on."""

    number: int
    id: str
    rule: str
    amount: str
    start: str
    roll: str


class TableError(ValueError):
    """The table as a whole, or one line of it, cannot be read; ``number`` is the line it concerns."""

    def __init__(self, number: int, msgid: str, **params: object) -> None:
        super().__init__(msgid % params)
        self.number = number
        self.msgid = msgid
        self.params = params


def decode(content: bytes) -> str:
    """The text of a file as people make them: UTF-8 with or without a mark, else the one of Chinese spreadsheets."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def read_lines(text: str) -> Iterator[Line | TableError]:
    """The data lines in order, blank ones left out; a line that is not CSV comes as the error itself.

    Raises ``TableError`` when the heading lacks one of the columns ``id,rule,amount,start,roll`` (any order and case).
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    places: dict[str, int] | None = None
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield TableError(number, LINE_UNREADABLE, reason=str(error))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _places(cells, number)
            continue
        found = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        yield Line(number, **found)
    if places is None:
        raise TableError(1, COLUMNS_MISSING, columns=",".join(COLUMNS), missing=",".join(COLUMNS))


def read_rule(kind: str, amount: str, roll: str) -> ClockRule:
    """The clock rule three cells describe; an empty roll is none, and a fixed date needs no amount.

    The amount of a ``day_of_year`` is that day (08-31), of what is ``periodic`` its schedule: how often, the day, the month of
    the period (month/5, quarter/20/3).
    """
    return _read_rule(kind.strip().lower(), amount.strip(), roll.strip().lower())


@lru_cache(maxsize=4096)
def _read_rule(kind: str, amount: str, roll: str) -> ClockRule:
    if not kind:
        raise DeadlineError("rule_missing", known=", ".join(TABLE_RULES))
    if kind not in TABLE_RULES:
        raise DeadlineError("rule_unknown", rule=kind, known=", ".join(TABLE_RULES))
    said = read_roll(roll)
    return ClockRule(
        RuleKind(kind),
        None if kind in WITHOUT_AMOUNT else read_amount(amount),
        roll=said,
        day_of_year=read_day_of_year(amount) if kind == RuleKind.DAY_OF_YEAR else None,
        schedule=_read_schedule(amount, said) if kind == RuleKind.PERIODIC else None,
    )


def read_day_of_year(text: str) -> DayInYear:
    """A month and a day such as 08-31; 29 February is the month's last day where there is none."""
    if not text:
        raise DeadlineError("day_of_year_missing")
    try:
        day = date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise DeadlineError("day_of_year_unreadable", text=text) from None
    return DayInYear(day.month, day.day)


def read_time(text: str) -> time | None:
    """A time of the day such as 17:30; nothing, and 24:00, are the day's end."""
    if text in ("", "24:00"):
        return None
    try:
        return time.fromisoformat(text) if len(text) == len("17:30") else _no_time(text)
    except ValueError:
        return _no_time(text)


def _no_time(text: str) -> time:
    raise DeadlineError("time_unreadable", text=text)


def read_last_day(text: str) -> LastDay | None:
    """The day of the year after which nothing is due; nothing is none."""
    return LastDay(read_day_of_year(text), "") if text else None


def _read_schedule(text: str, roll: Roll) -> Schedule:
    if not text:
        raise DeadlineError("schedule_missing")
    every, *numbers = text.split("/")
    try:
        day, month = (int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 1)
        said = Every(every)
        most_days, most_months = (7, 1) if said is Every.WEEK else (31, MONTHS_IN[said])
        if len(numbers) > 2 or not 1 <= day <= most_days or not 1 <= month <= most_months:
            raise ValueError
        return Schedule(said, day, month, roll)
    except (ValueError, IndexError):
        raise DeadlineError("schedule_unreadable", text=text) from None


def read_roll(text: str) -> Roll:
    """What to do on a rest day; an empty cell means nothing."""
    try:
        return Roll(text) if text else Roll.NONE
    except ValueError:
        raise DeadlineError("roll_unknown", roll=text, known=", ".join(Roll)) from None


def read_amount(text: str) -> int:
    """A whole number as typed. Refuses an empty cell and anything else."""
    if not text:
        raise DeadlineError("amount_missing")
    if not _WHOLE.fullmatch(text):
        raise DeadlineError("amount_not_whole", amount=text)
    return int(text)


def read_start(text: str) -> date | datetime:
    """A local date or date-time in ISO form, with or without an offset from UTC."""
    if not text:
        raise DeadlineError("date_missing")
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        raise DeadlineError("date_unreadable", text=text) from None


def _places(heading: list[str], number: int) -> dict[str, int]:
    names = [cell.strip().lower() for cell in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise TableError(number, COLUMNS_MISSING, columns=",".join(COLUMNS), missing=",".join(missing))
    return {name: names.index(name) for name in COLUMNS}


SIMULATOR_PARAMETERS: tuple[tuple[str, str, str], ...] = (
    ("source", "string", "Key of the matter's source; the first of the rules when it is not given."),
    ("urgency", "string", "normal, urgent or critical."),
    ("origin_level", "string", "superior or own; as the source says when it is not given."),
    ("handling_mode", "string", "One of the rules' ways of handling."),
    ("session", "string", "in_session or between_sessions, for deputies' proposals."),
    ("dispatched_on", "date", "Day of the dispatch; today when it is not given."),
    ("dispatched_at", "time", "Time of the dispatch, such as 17:30, for periods in hours."),
    ("acknowledged_on", "date", "Day of the signature for receipt."),
    ("acknowledged_at", "time", "Time of the signature."),
    ("stated_due_on", "date", "Completion deadline stated for the matter."),
    ("feedback_due_on", "date", "When the meeting wants to hear of it."),
    ("instructed_due_on", "date", "Date the leader's instruction states."),
    ("hurried", "boolean", "The instruction only says that it is to be done at once."),
    ("meeting_on", "date", "Date of the meeting."),
    ("instruction_on", "date", "Date of the leader's instruction."),
    ("exposed_on", "date", "Day of the media exposure."),
    ("reported_on", "date", "Day on which completion is reported."),
    ("returned_on", "date", "Day on which a report is returned."),
    ("instructed_on", "date", "Day of a new instruction while the matter runs."),
    ("completed_on", "date", "Day on which the completion is accepted."),
)
"""What the simulator takes, as its page and its address for machines do: name, kind, what it means."""
