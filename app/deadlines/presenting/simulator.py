"""The simulator as values: what it asks under a profile, and each clock of the imagined matter in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.deadlines.forms import Pairs, SimulatorForm, simulator_form
from app.deadlines.queries import explanation
from app.deadlines.rules import LATE_STEPS, ZONE, ClockChoice, SimulatedClock, Tried, facts, until
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.profile.wording import values
from app.kernel.i18n import N_, _, translate

WAITING: Mapping[str, str] = {
    "dispatched": N_("From dispatch on"),
    "acknowledged": N_("From receipt on"),
    "meeting_date": N_("From the day of the meeting on"),
    "exposed_at": N_("From the day of the media exposure on"),
    "instruction_date": N_("From the day of the instruction on"),
    "reported": N_("Once completion has been reported"),
    "completed": N_("Once the completion has been accepted"),
    "returned": N_("Once a report has been returned"),
    "instructed": N_("From the new instruction on"),
    "fixed": N_("On the date stated for the matter"),
}
CONTRIBUTION = N_("Contribution to the lead unit")


@dataclass(frozen=True)
class SimulatedLine:
    """One clock in words. ``due_on`` None: ``note`` says what it waits for, or why it cannot be computed."""

    label: str
    article: str
    note: str
    start_on: dt.date | None = None
    due_on: dt.date | None = None
    until: str = ""
    yellow_on: dt.date | None = None
    provisional: bool = False
    lines: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True)
class SimulatorPage:
    """The simulator, as a page or as a panel beside the rules.

    ``lines`` are the clocks under the rules named in ``rules``; ``warning`` says why there are none.
    """

    form: SimulatorForm
    rules: str
    draft: bool
    action: str
    panel: bool = False
    lines: tuple[SimulatedLine, ...] = ()
    warning: str = ""


def choices_of(profile: Profile) -> dict[str, Pairs]:
    """What may be chosen under a profile."""
    return {
        "source": [(one.key, one.short_name) for one in profile.matter_sources],
        "urgency": _pairs(values.URGENCY),
        "origin_level": [("", _("As the source says")), *_pairs(values.ORIGIN_LEVEL)],
        "handling_mode": [(key, translate(values.HANDLING_MODE[key])) for key in profile.handling_modes],
        "session": [("", "—"), *_pairs(values.SESSION)],
    }


def unasked(profile: Profile) -> tuple[str, ...]:
    """The fields that change nothing under this profile."""
    rules = profile.deadline_rules
    starts = {rule.start_event for rule in rules}
    late = {LATE_STEPS[step.kind] for step in profile.procedure.steps if step.limit and step.kind in LATE_STEPS}
    fixed = {rule.stage for rule in rules if rule.rule == "fixed"}
    matters = {
        "session": any(rule.sessions for rule in rules),
        "handling_mode": len(profile.handling_modes) > 1,
        "acknowledged_on": "acknowledged" in starts,
        "acknowledged_at": "acknowledged" in starts,
        "stated_due_on": bool(fixed - {"first_feedback"}),
        "feedback_due_on": "first_feedback" in fixed,
        "meeting_on": any(rule.start_event == "meeting_date" and rule.rule != "fixed" for rule in rules),
        "instruction_on": "instruction_date" in starts,
        "instructed_due_on": bool(fixed & {"result"}),
        "exposed_on": "exposed_at" in starts or any(rule.exposed_only for rule in rules),
        "reported_on": "reported" in starts | late or profile.readings.returned_counts_as_late,
        "returned_on": "returned" in starts or profile.readings.returned_counts_as_late,
        "completed_on": "completed" in starts | late,
    }
    return tuple(name for name, asked in matters.items() if not asked)


def form_for(profile: Profile, given: Mapping[str, str] | None, today: dt.date) -> SimulatorForm:
    """The form under a profile, filled in with what was given; None is a fresh one."""
    return simulator_form(choices_of(profile), unasked(profile), formdata=given or None, data={"dispatched_on": today})


def tried(form: SimulatorForm, profile: Profile, today: dt.date) -> Tried:
    """The imagined matter. Without a date it is dispatched today."""

    def said(name: str) -> str:
        return (form[name].data or "").strip() if name in form else ""

    def day(name: str) -> dt.date | None:
        return form[name].data if name in form else None

    def moment(name: str) -> dt.date | dt.datetime | None:
        on, at = day(f"{name}_on"), said(f"{name}_at")
        return on if on is None or not at else dt.datetime.combine(on, dt.time.fromisoformat(at), ZONE)

    source = profile.source(said("source"))
    choice = ClockChoice(
        source=source.key,
        urgency=said("urgency") or "normal",
        origin_level=said("origin_level") or source.origin_level,
        handling_mode=said("handling_mode") or profile.handling_modes[0],
        session=said("session") or None,
        meeting_on=day("meeting_on"),
        exposed_on=day("exposed_on"),
        instruction_on=day("instruction_on"),
        stated_due_on=day("stated_due_on"),
        feedback_due_on=day("feedback_due_on"),
        instructed_due_on=day("instructed_due_on"),
        hurried=bool(form.hurried.data),
    )
    return Tried(
        choice,
        moment("dispatched") or today,
        moment("acknowledged"),
        day("reported_on"),
        day("returned_on"),
        day("completed_on"),
        day("instructed_on"),
    )


def lines(clocks: Iterable[SimulatedClock]) -> tuple[SimulatedLine, ...]:
    """The clocks in words."""
    return tuple(_line(clock) for clock in clocks)


def _line(clock: SimulatedClock) -> SimulatedLine:
    label = clock.name or translate(CONTRIBUTION if clock.stage == "contribution" else values.STAGE[clock.stage])
    if clock.refusal is not None:
        return SimulatedLine(label, clock.article, translate(clock.refusal.msgid, **clock.refusal.params), refused=True)
    due = clock.due
    if due is None:
        return SimulatedLine(label, clock.article, translate(WAITING.get(clock.waits_for or "", WAITING["dispatched"])))
    told = facts(due)
    if clock.runs_on is not None:
        told["runs_on"] = [{"met": clock.runs_on[0].isoformat(), "on": clock.runs_on[1].isoformat()}]
    return SimulatedLine(
        label,
        clock.article,
        "",
        start_on=None if due.rule.rule == "fixed" else due.start_on,
        due_on=due.due_on,
        until=until(due.due_at),
        yellow_on=due.yellow_on,
        provisional=due.provisional,
        lines=tuple(explanation(told)),
    )


def _pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, translate(said)) for key, said in words.items()]
