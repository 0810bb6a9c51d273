"""What chooses a matter's path and its clocks."""

from __future__ import annotations

from app.deadlines.rules import ClockChoice, ClockRule, as_clock, fits
from app.jurisdictions.rules import Profile, StepChoice
from app.matters.models import Matter, MatterSource


def choice_of(matter: Matter, source: MatterSource) -> StepChoice:
    """What chooses the matter's path."""
    return StepChoice(source.key, matter.urgency, matter.origin_level, matter.handling_mode)


def deadline_choice(matter: Matter, source: MatterSource, profile: Profile) -> ClockChoice:
    """What chooses the matter's clocks and what they are counted from."""
    return ClockChoice(
        source=source.key,
        urgency=matter.urgency,
        origin_level=matter.origin_level,
        handling_mode=matter.handling_mode,
        session=matter.session,
        meeting_on=matter.meeting_on,
        exposed_on=matter.exposed_on,
        instruction_on=matter.instruction_on,
        stated_due_on=matter.stated_due_on,
        feedback_due_on=matter.feedback_due_on,
        instructed_due_on=matter.instructed_due_on,
        hurried=bool(matter.hurried),
    ).under(profile.readings)


def clock_by_key(
    profile: Profile, matter: Matter, source: MatterSource, stage: str, key: str | None
) -> ClockRule | None:
    """The rule by which a clock was opened, as the matter's facts have it now; None when it no longer speaks of it."""
    choice = deadline_choice(matter, source, profile)
    for said in profile.deadline_rules:
        if said.key == key and said.stage == stage and (choice.shortened or fits(said, choice)):
            return as_clock(said, choice, profile.last_day)
    return None
