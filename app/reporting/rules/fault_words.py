"""A row's fault as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.reporting.rules.ledger_sheet import RowFault

SENTENCES: Mapping[str, str] = {
    "file_too_large": N_("the file is larger than 20 MB"),
    "file_unreadable": N_("the file is no readable text"),
    "too_many_rows": N_("the ledger has more than 20,000 rows"),
    "no_headings": N_("no headings of a ledger were found"),
    "no_title_column": N_("no column says what the matter is"),
    "heading_doubled": N_("this heading is there twice"),
    "title_missing": N_("the matter has no title"),
    "title_too_long": N_("the title is longer than 300 characters (%(value)s)"),
    "control_characters": N_("the cell holds characters that cannot be shown"),
    "date_unreadable": N_("“%(value)s” is no date"),
    "row_doubled": N_("the same matter stands in row %(value)s already"),
    "merged_cell": N_("an empty cell was read as merged with the one above: %(value)s"),
    "deadline_needs_year": N_("“%(value)s” names no year; the deadline stays open"),
    "deadline_unclear": N_("“%(value)s” gives no date; the words are kept"),
    "unit_unknown": N_("this jurisdiction has no unit “%(value)s”; the name is kept on the draft"),
}


def describe(fault: RowFault) -> tuple[str, dict[str, str]]:
    """The msgid and values of a fault's reason; row and column stand beside it."""
    return SENTENCES[fault.code], {"value": fault.value}
