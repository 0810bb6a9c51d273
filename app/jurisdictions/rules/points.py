"""What regulations leave open about the clock: each question, the recommended reading and why, and where it is set.

A point is a question in plain words with the places of a profile that answer it. Some are answered for all by law or by the
calendar and have no place. The numbers are the order in which the points are told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.jurisdictions.rules.editing.shapes import Kind, shapes_of
from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile import DeadlineRule, Extension, Profile, Readings, Recompute, Section
from app.jurisdictions.rules.profile.office import UnitsSection

# The sections of the profile in which points are answered.
SECTIONS = ("deadline_rules", "recompute", "readings", "extension", "units")
DAYS_IN_A_MONTH = 30
_COUNTED = ("calendar_days", "working_days", "months")


@dataclass(frozen=True)
class Place:
    """Where a point is answered: the field of a section, of which entry of the rules, and what is recommended there.

    ``path`` is as faults say it (deadline_rules[2].roll). ``among`` narrows a choice to the words the question is about.
    Without a recommendation (``recommends`` false) the regulation's own wording decides.
    """

    path: str
    owner: type[Section]
    field: str
    value: Any
    recommended: Any = None
    recommends: bool = True
    among: tuple[str, ...] = ()
    rule: DeadlineRule | None = None

    @property
    def name(self) -> str:
        """What the field is called in a form."""
        return self.path.replace("[", "-").replace("].", "-").replace(".", "-")

    @property
    def as_recommended(self) -> bool:
        """Whether what holds is what is recommended."""
        return not self.recommends or self.value == self.recommended


@dataclass(frozen=True)
class Point:
    """One open question. ``elsewhere`` is where it is answered when no field answers it: the calendar, or nowhere."""

    number: int
    question: str
    recommended: str
    why: str
    places: Callable[[Profile], Iterator[Place]]
    elsewhere: str = ""


def _rules(
    field: str, which: Callable[[DeadlineRule], bool], recommended: Any, *, among: tuple[str, ...] = ()
) -> Callable[[Profile], Iterator[Place]]:
    """A field of the rules the question is about; ``recommended`` may depend on the rule, None of a function is no advice."""

    def places(profile: Profile) -> Iterator[Place]:
        for index, rule in enumerate(profile.deadline_rules):
            if which(rule):
                advice = recommended(rule) if callable(recommended) else recommended
                silent = callable(recommended) and advice is None
                path = f"deadline_rules[{index}].{field}"
                value = getattr(rule, field)
                yield Place(path, DeadlineRule, field, value, advice, not silent, among, rule)

    return places


def _one(section: str, owner: type[Section], field: str, recommended: Any) -> Callable[[Profile], Iterator[Place]]:
    def places(profile: Profile) -> Iterator[Place]:
        held = getattr(profile, section)
        value = owner.model_fields[field].default if held is None else getattr(held, field)
        yield Place(f"{section}.{field}", owner, field, value, recommended)

    return places


def _nowhere(_profile: Profile) -> Iterator[Place]:
    return iter(())


def _in_days(rule: DeadlineRule) -> bool:
    return rule.rule in ("calendar_days", "working_days") and not _like_months(rule)


def _like_months(rule: DeadlineRule) -> bool:
    """Whole months, or so many times thirty days."""
    return rule.rule == "months" or (rule.rule == "calendar_days" and bool(rule.amount) and not (rule.amount or 1) % 30)


def _counted(rule: DeadlineRule) -> bool:
    return rule.rule in _COUNTED


def _rolls(rule: DeadlineRule) -> bool:
    return rule.rule in ("calendar_days", "months")


def _feedback(*, exposed: bool) -> Callable[[DeadlineRule], bool]:
    return lambda rule: rule.stage == "first_feedback" and _counted(rule) and rule.exposed_only is exposed


def _extension(profile: Profile) -> Iterator[Place]:
    """Advice only where the regulation says anything at all."""
    held = profile.extension
    yield Place("extension.mode", Extension, "mode", held.mode, "explanation_only", held.mode != "none")


CALENDAR, LAW = "calendar", "law"

POINTS: tuple[Point, ...] = (
    Point(
        1,
        N_("“Within 7 days”: calendar days or working days?"),
        N_("Calendar days, unless the text says working days."),
        N_("Laws say working days when they mean them; of what the media exposed the text says only days."),
        _rules(
            "rule",
            _in_days,
            lambda rule: "calendar_days" if rule.exposed_only else None,
            among=("calendar_days", "working_days"),
        ),
    ),
    Point(
        2,
        N_("The last day of a period is a day of rest: does it move?"),
        N_("To the next working day; feedback on what the media exposed stays."),
        N_("Civil Code art. 203. Such feedback is only news of the matter, and somebody is on duty on days of rest."),
        _rules("roll", _rolls, lambda rule: "none" if rule.exposed_only else "next_working_day"),
    ),
    Point(
        3,
        N_("From when does the clock of what the media exposed run?"),
        N_("From dispatch."),
        N_("The text is silent; the exposure may come long before the assignment, the receipt may be delayed."),
        _rules(
            "start_event",
            _feedback(exposed=True),
            "dispatched",
            among=("dispatched", "acknowledged", "exposed_at"),
        ),
    ),
    Point(
        4,
        N_("A period from receipt: what if nobody signs?"),
        N_("It counts as received one working day after dispatch."),
        N_("Otherwise not signing would stop the clock; the office checks the receipt anyway (art. 9(5))."),
        _rules("deemed_receipt_after", lambda rule: rule.start_event == "acknowledged", 1),
    ),
    Point(
        5,
        N_("From when do the days for feedback on an instruction run?"),
        N_("From dispatch."),
        N_("The wording is “handed over”."),
        _rules(
            "start_event",
            _feedback(exposed=False),
            "dispatched",
            among=("dispatched", "acknowledged", "instruction_date", "meeting_date"),
        ),
    ),
    Point(
        6,
        N_("“Within … days from the day of …”: does the first day count?"),
        N_("It does not count."),
        N_("Civil Code art. 201: the period begins on the next day."),
        _rules("count_start_day", _counted, False),
    ),
    Point(
        7,
        N_("Received on a day of rest or after hours: does the clock start later?"),
        N_("No: the same date starts it, and the next day is day 1."),
        N_("The first day is not counted anyway; a second shift would give a day away."),
        _rules("after_hours_cutoff", _counted, None),
    ),
    Point(
        8,
        N_("Is “one month” 30 days?"),
        N_("No: it ends on the corresponding day of the next month."),
        N_("Civil Code art. 202."),
        _rules("rule", _like_months, "months", among=("months", "calendar_days")),
    ),
    Point(
        9,
        N_("28 February and one month"),
        N_("28 March."),
        N_("The corresponding day exists; only a missing one becomes the month's last day."),
        _nowhere,
        LAW,
    ),
    Point(
        10,
        N_("A date that was stated falls on a day of rest: does it move?"),
        N_("No; a warning is shown when it is entered."),
        N_("The office has chosen it: it is a date and not a period."),
        _rules("roll", lambda rule: rule.rule == "fixed", "none"),
    ),
    Point(
        11,
        N_("Does the last day end at midnight or when the office closes?"),
        N_("At midnight."),
        N_("Reports are filed electronically. Civil Code art. 203(2) allows the close of business."),
        _rules("due_time", _counted, "24:00"),
    ),
    Point(
        12,
        N_("Reported in time, returned later: was it in time?"),
        N_("Yes, and the rework has its own clock."),
        N_("The effort was timely; the text asks to report anew (art. 11)."),
        _one("readings", Readings, "returned_counts_as_late", False),
    ),
    Point(
        13,
        N_("Are co-handling units due on the lead unit's date?"),
        N_("Two working days before it."),
        N_("The lead has to draw on their opinions."),
        _one("units", UnitsSection, "contribution_lead_days", 2),
    ),
    Point(
        14,
        N_("“Explain the reasons”: is that an extension?"),
        N_("No: the explanation is on record, the date does not move."),
        N_("The text names only the explanation."),
        _extension,
    ),
    Point(
        15,
        N_("Chinese New Year's Eve 2024, and other leave that was only encouraged"),
        N_("A working day."),
        N_("So says the notice. A jurisdiction that closed declares a day of its own."),
        _nowhere,
        CALENDAR,
    ),
    Point(
        16,
        N_("The item states one date, the instruction another, the rules a period: which holds?"),
        N_("A stated date; of two stated ones the earlier."),
        N_("What is demanded expressly is to be met; a warning is shown when they differ."),
        _one("readings", Readings, "conflict", "explicit"),
    ),
    Point(
        17,
        N_("The leader writes only “at once”: when is it due?"),
        N_(
            "No date is invented: the matter is urgent and has the shortest period of the rules, once the office confirms it."
        ),
        N_("There is no ground for a date nobody named."),
        _one("readings", Readings, "urgent_default", "shortest"),
    ),
    Point(
        18,
        N_("Does a new instruction begin the time anew?"),
        N_("Yes: a new clock runs, the old one stays in the history as replaced."),
        N_("What was asked first, and what came of it, stays to be seen."),
        _one("readings", Readings, "reinstruct", "restart"),
    ),
    Point(
        19,
        N_("The calendar changes and a firm date would be earlier: does it move?"),
        N_("No: what was promised stands, and the office is told."),
        N_("The unit has relied on it."),
        _one("recompute", Recompute, "earlier", "keep"),
    ),
    Point(
        20,
        N_("Exposed by the media: does the usual period for completion run too?"),
        N_("Yes, as a guard."),
        N_("“No time stated: one month” covers it; otherwise what is put right has no limit at all."),
        _one("readings", Readings, "media_guard", True),
    ),
    Point(
        21,
        N_("Handed in on a day later declared a holiday, or while the unit was closed by an emergency"),
        N_("As it was handed in; a pause or a day of one's own makes up for it."),
        N_("What happened stays as it happened."),
        _nowhere,
        CALENDAR,
    ),
    Point(
        22,
        N_("“On the same day”: a period of 0 days"),
        N_("The day of the start itself; from a day of rest it moves as point 2 says."),
        N_("“The day itself” is not the day after."),
        _nowhere,
        LAW,
    ),
)


def answered(document: Mapping[str, Any], values: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, Any]:
    """The sections of a profile's plain data with points answered otherwise: ``values`` by the path of their place.

    "30 days" for a month, and back, takes the number along. None takes a value away.
    """
    sections = {name: document[name] for name in SECTIONS if name in document}
    for path, value in values.items():
        place = places[path]
        if value == place.value:
            continue
        section, _bracket, rest = path.partition("[")
        if rest:
            index = int(rest.partition("]")[0])
            rows = list(sections["deadline_rules"])
            rows[index] = _with(rows[index], place.field, value)
            if place.field == "rule" and place.among == ("months", "calendar_days"):
                rows[index] = _counted_anew(rows[index], value)
            sections["deadline_rules"] = rows
        else:
            section = path.partition(".")[0]
            sections[section] = _with(sections.get(section) or {}, place.field, value)
    return sections


def given(place: Place, text: str) -> Any:
    """What was sent for a place, as the profile holds it; what cannot be understood stays as it was typed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    shape = next(one for one in shapes_of(place.owner) if one.name == place.field)
    if shape.kind is Kind.YES_NO:
        return plain == "1"
    if not plain:
        return None
    return int(plain) if shape.kind is Kind.NUMBER and plain.lstrip("-").isdecimal() else plain


def _with(data: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:
    kept = {name: one for name, one in data.items() if name != field}
    return kept if value is None else kept | {field: value}


def _counted_anew(row: dict[str, Any], kind: str) -> dict[str, Any]:
    def anew(amount: Any) -> Any:
        if not isinstance(amount, int):
            return amount
        return amount // DAYS_IN_A_MONTH if kind == "months" else amount * DAYS_IN_A_MONTH

    found = row | ({"amount": anew(row["amount"])} if "amount" in row else {})
    if found.get("amounts"):
        found["amounts"] = {name: anew(amount) for name, amount in found["amounts"].items()}
    return found
