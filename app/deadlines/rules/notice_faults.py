"""What can be wrong with days that are to become the national calendar: a code, its values, one sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.deadlines.rules.marking import N_

SENTENCES: Mapping[str, str] = {
    "too_long": N_("The text is longer than a notice. Paste the notice alone."),
    "year_missing": N_("The text does not say for which year it is. Paste it with its title."),
    "year_unlikely": N_("%(year)s is no year a notice can be for."),
    "nothing_found": N_("No festival with its days was found. Paste the whole notice, with its numbered items."),
    "no_such_day": N_("“%(quote)s”: there is no such day."),
    "weekday_differs": N_("“%(quote)s”: %(on)s is a %(weekday)s. Check the date against the printed notice."),
    "count_differs": N_("“%(quote)s”: these are %(days)s days and the text says %(said)s."),
    "range_backwards": N_("“%(quote)s”: the last day lies before the first."),
    "unclear": N_("“%(quote)s”: it is not said whether these days are off or working. Enter them by hand."),
    "works_midweek": N_("“%(quote)s”: %(on)s is a working day anyway. Only Saturdays and Sundays are made up on."),
    "both": N_("%(on)s is named both as a day off and as a working day."),
    "statutory_works": N_("%(on)s (%(name)s) is a holiday by law and would not be off. A festival is missing."),
    "count_unlikely": N_("The year would have %(days)s working days. Between %(fewest)s and %(most)s are possible."),
    "file_unreadable": N_("The file cannot be read. Save it as CSV (UTF-8) or .xlsx and choose it again."),
    "file_too_large": N_("The file is too large for a calendar."),
    "too_many_rows": N_("The file has more than %(most)s rows."),
    "columns_differ": N_("The first row must name these five columns: %(columns)s."),
    "no_rows": N_("The file has no days."),
    "formula": N_("Row %(line)s: there is a formula. Put its value in instead."),
    "line_date": N_("Row %(line)s: “%(quote)s” is not a date such as 2027-01-01."),
    "line_kind": N_("Row %(line)s: “%(quote)s” is neither off nor work."),
    "line_name": N_("Row %(line)s: say in at most 40 characters which festival it is."),
    "line_notice": N_("Row %(line)s: the notice's number is longer than 80 characters."),
    "line_region": N_("Row %(line)s: “%(quote)s” is not the whole country. Enter days of a region on their own page."),
    "line_no_region": N_("Row %(line)s: “%(quote)s” is no region: two digits for a province, four for a city."),
    "line_twice": N_("Row %(line)s: %(on)s stands there twice."),
}


@dataclass(frozen=True)
class NoticeFault:
    """One place that does not fit: a code and the values of its sentence; ``weekday`` among them is a msgid."""

    code: str
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def msgid(self) -> str:
        """The sentence to translate and fill."""
        return SENTENCES[self.code]


class NoticeRefused(ValueError):
    """Days that are no sound calendar of a year. ``faults`` names every place."""

    def __init__(self, faults: Iterable[NoticeFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.msgid % dict(fault.params) for fault in self.faults))
