"""Words of the fields. The clocks: deadlines, extension, reminders, checks."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.clocks import (
    AmountByUrgency,
    DayOfYear,
    DeadlineRule,
    Extension,
    Ladder,
    LastDay,
    PeriodicCheck,
    Recompute,
    Reminders,
    ReminderStep,
    ReportSchedule,
)
from app.jurisdictions.rules.profile.readings import Readings
from app.jurisdictions.rules.profile.wording.words import FieldWords

CLOCKS: Mapping[type[Section], Mapping[str, FieldWords]] = {
    AmountByUrgency: {
        "normal": FieldWords(N_("Ordinary")),
        "urgent": FieldWords(N_("Urgent")),
        "critical": FieldWords(N_("Most urgent")),
    },
    DayOfYear: {
        "month": FieldWords(N_("Month")),
        "day": FieldWords(N_("Day of the month"), N_("A day beyond the month's end is its last.")),
    },
    ReportSchedule: {
        "every": FieldWords(N_("How often")),
        "day": FieldWords(N_("Which day"), N_("Of the month; for a weekly report 1 is Monday.")),
        "month_in_period": FieldWords(
            N_("Month of the period"), N_("Which month of the quarter, the half-year or the year.")
        ),
        "first_not_within": FieldWords(
            N_("None yet within"), N_("No report is owed within so many working days of the dispatch.")
        ),
    },
    DeadlineRule: {
        "key": FieldWords(N_("Key")),
        "article": FieldWords(N_("Article")),
        "stage": FieldWords(N_("What is due"), N_("What has to be done by the date.")),
        "rule": FieldWords(N_("Counted in"), N_("How the time is counted.")),
        "amount": FieldWords(N_("How many"), N_("In the unit chosen beside it.")),
        "amounts": FieldWords(
            N_("By urgency"), N_("Other numbers for urgent matters; they win where they are filled in.")
        ),
        "day_of_year": FieldWords(N_("On a day of the year"), N_("Due on the next such day.")),
        "schedule": FieldWords(N_("Comes round"), N_("When the regular report is owed.")),
        "start_event": FieldWords(N_("Counted from"), N_("What starts the clock.")),
        "sources": FieldWords(N_("Sources"), N_("Nothing ticked means all.")),
        "urgencies": FieldWords(N_("Urgency"), N_("Nothing ticked means all.")),
        "origin_levels": FieldWords(N_("Whose matters"), N_("Nothing ticked means all.")),
        "handling_modes": FieldWords(N_("Way of handling"), N_("Nothing ticked means all.")),
        "sessions": FieldWords(
            N_("When it was handed in"), N_("For suggestions of deputies: during the congress or between its sessions.")
        ),
        "roll": FieldWords(N_("When the last day is a day of rest"), N_("Whether the date stays or moves.")),
        "count_start_day": FieldWords(
            N_("The first day counts"), N_("The day of the event is the first day of the time.")
        ),
        "deemed_receipt_after": FieldWords(
            N_("Counts as received after"), N_("Working days after the dispatch at which receipt is assumed.")
        ),
        "after_hours_cutoff": FieldWords(
            N_("Office hours end at"), N_("What comes later counts from the next working day; such as 17:30.")
        ),
        "due_time": FieldWords(N_("Due by the hour of"), N_("24:00 is the end of the day.")),
        "required_at_intake": FieldWords(
            N_("Stated when proposed"), N_("Whoever proposes the matter fills in the date.")
        ),
        "written": FieldWords(N_("In writing"), N_("The answer is a document.")),
        "guard": FieldWords(
            N_("Keeps the file open"),
            N_("For reports after completion: the matter cannot be closed out or filed before."),
        ),
        "exposed_only": FieldWords(
            N_("Only what the media exposed"), N_("Holds for matters exposed in the media only.")
        ),
        "yellow_days": FieldWords(
            N_("Warned before"),
            N_("Working days before the date at which the light turns yellow; 0 means on the day itself."),
        ),
        "ladder": FieldWords(N_("How it is reminded of"), N_("One of the ladders; empty means the first.")),
        "note": FieldWords(
            N_("Why it counts so"), N_("Why the office counts like this where the regulation is silent.")
        ),
    },
    LastDay: {
        "day_of_year": FieldWords(N_("Last day"), N_("No result is due later in the year than this.")),
        "sources": FieldWords(N_("Sources"), N_("Nothing ticked means all.")),
        "article": FieldWords(N_("Article")),
    },
    Readings: {
        "returned_counts_as_late": FieldWords(
            N_("A report that came back was no report"),
            N_(
                "Handed in on time and returned: its date runs on. Otherwise it stays in time and only the rework clock runs."
            ),
        ),
        "conflict": FieldWords(
            N_("When several dates are stated"),
            N_("Of the item, the leader's instruction and the period of the rules."),
        ),
        "urgent_default": FieldWords(
            N_("When the instruction only says “at once”"), N_("尽快, 立即 and the like, without a date.")
        ),
        "reinstruct": FieldWords(
            N_("When a new instruction comes while the matter runs"), N_("Whether the clock begins anew.")
        ),
        "media_guard": FieldWords(
            N_("The usual period runs for what the media exposed"),
            N_("Beside the feedback that is owed first; otherwise such a matter has no completion date of its own."),
        ),
        "article": FieldWords(N_("Article")),
    },
    Recompute: {
        "earlier": FieldWords(
            N_("A firm date that would be earlier"),
            N_("A provisional date follows the calendar both ways in any case."),
        ),
    },
    Extension: {
        "mode": FieldWords(
            N_("When a unit will be late"), N_("Whether it explains, asks for more time, or can do neither.")
        ),
        "max_times": FieldWords(N_("Extensions at most"), N_("How often one unit may be given more time.")),
        "approval": FieldWords(N_("Who answers"), N_("Who grants or refuses more time, and how.")),
        "cap": FieldWords(N_("How far at most"), N_("How far one extension may reach.")),
        "cap_amount": FieldWords(N_("Days at most"), N_("For a limit in days.")),
        "apply_before": FieldWords(
            N_("Asked for ahead"), N_("Working days before the due date at the latest; 0 means up to the date itself.")
        ),
        "answer_within": FieldWords(N_("Answered within"), N_("Working days within which the answer is given.")),
        "article": FieldWords(N_("Article")),
    },
    ReminderStep: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the step is called; left empty it is told by its day.")),
        "relative_to": FieldWords(N_("Counted from"), N_("From which day of the clock the step is counted.")),
        "offset": FieldWords(
            N_("How many days"), N_("0 is the day itself; before the due date it is negative, such as -1.")
        ),
        "unit": FieldWords(N_("Counted in"), N_("Whether days of rest count.")),
        "every": FieldWords(
            N_("Again every"), N_("Working days after which it is said again, until it is done; empty means once.")
        ),
        "only_unacknowledged": FieldWords(
            N_("Only while not signed for"), N_("The step is left out once the unit has signed for the matter.")
        ),
        "to_unit": FieldWords(N_("To the unit"), N_("Who of the unit that is to act hears of it.")),
        "to_office": FieldWords(N_("To the office"), N_("Who of the office and its leaders hears of it.")),
        "to_carrier": FieldWords(N_("To whoever carries the matter"), N_("The inspector in charge hears of it.")),
        "channels": FieldWords(
            N_("By which ways"), N_("Besides the inbox; nothing ticked means the usual ways of each person.")
        ),
        "drafts_urging": FieldWords(
            N_("An urging is laid before the office"),
            N_("The office finds it ready to be sent among what it has to do."),
        ),
        "bulletin_candidate": FieldWords(
            N_("A candidate for the bulletin"), N_("The unit's part is put on the list for the next bulletin.")
        ),
    },
    Ladder: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the ladder is called, such as after the matters it is for.")),
        "article": FieldWords(N_("Article")),
        "steps": FieldWords(
            N_("Steps of the ladder"),
            N_("Where two fall on one day the later in the list speaks; missed ones are not caught up."),
        ),
    },
    Reminders: {
        "hour": FieldWords(N_("Hour of the day"), N_("When reminders are sent, from 0 to 23.")),
        "working_days_only": FieldWords(
            N_("Only on working days"),
            N_("What falls on a day of rest before the date comes earlier, what falls after it later."),
        ),
        "ladders": FieldWords(N_("Ladders"), N_("The first holds for every clock whose deadline rule names no other.")),
        "own_ladder": FieldWords(
            N_("Ladder of the office's own clocks"), N_("For reviews, steps and decisions; empty means the first.")
        ),
        "min_urging_interval_days": FieldWords(N_("Days between two urgings"), N_("A unit is not urged again before.")),
        "article": FieldWords(N_("Article")),
    },
    PeriodicCheck: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the check is called.")),
        "every": FieldWords(N_("How often")),
        "origin_levels": FieldWords(N_("Whose matters"), N_("Nothing ticked means all.")),
        "article": FieldWords(N_("Article")),
    },
}
