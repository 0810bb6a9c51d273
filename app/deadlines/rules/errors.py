"""Why a date cannot be computed: a code, its parameters, and one sentence that says what to do."""

from __future__ import annotations

from typing import Any

from app.deadlines.rules.marking import N_

MOST_AMOUNT = 5000

SENTENCES: dict[str, str] = {
    "amount_missing": N_("The number of days or months is missing. Enter a whole number, 0 or more."),
    "amount_not_whole": N_("“%(amount)s” is not a whole number. Enter a whole number, 0 or more."),
    "amount_negative": N_("A period cannot be negative (%(amount)s). Enter 0 or more."),
    "amount_too_large": N_("%(amount)s is too long a period. Enter %(most)s or less, or fix a date."),
    "day_of_year_missing": N_("The day of the year is missing. Enter a month and a day such as 08-31."),
    "day_of_year_unreadable": N_("“%(text)s” is not a day of the year. Enter a month and a day such as 08-31."),
    "schedule_unreadable": N_(
        "“%(text)s” is not a schedule. Enter how often and the day such as month/5, quarter/20/3 or week/5."
    ),
    "schedule_missing": N_("A report that comes round needs its schedule. Say how often and by which day."),
    "time_unreadable": N_("“%(text)s” is not a time of the day. Enter one such as 17:30."),
    "rule_missing": N_("The way of counting is missing. Use one of: %(known)s."),
    "rule_unknown": N_("“%(rule)s” is not a way of counting. Use one of: %(known)s."),
    "roll_unknown": N_("“%(roll)s” is not a way to treat a rest day. Use one of: %(known)s."),
    "date_missing": N_("The date is missing. Enter a date such as 2026-03-05."),
    "date_unreadable": N_("“%(text)s” is not a date. Enter a date such as 2026-03-05 or 2026-03-05T09:30."),
    "start_too_early": N_("%(on)s lies before %(first)s, where the working-day calendar begins. Enter a later date."),
    "date_too_far": N_("The date lies outside every calendar. Choose a nearer one."),
    "year_not_covered": N_(
        "This needs the working days of %(year)s, and holidays are announced only up to %(announced)s. "
        "Choose a shorter period or fix a date."
    ),
    "calendar_empty": N_("The working-day calendar is empty. Load the national calendar first."),
    "day_given_twice": N_("%(on)s is given both as a day off and as a working day. Keep one of the two."),
}


class DeadlineError(ValueError):
    """A date that is refused. ``code`` is for machines; ``msgid`` % ``params`` is the English sentence.

    The edge that shows it translates ``msgid``; nothing is stored when it is raised.
    """

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        self.msgid = SENTENCES[code]
        super().__init__(self.msgid % params if params else self.msgid)
