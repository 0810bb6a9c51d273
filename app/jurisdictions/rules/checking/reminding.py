"""Every step of a ladder has its day on the side it says, tells somebody who may see, and is not hidden by another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.profile import Ladder, Profile, ReminderStep
from app.jurisdictions.rules.sentences import Fault

UNIT_SEES, OFFICE_SEES = "matter:read_unit", "matter:read_all"


def reminding(profile: Profile) -> Iterator[Fault]:
    """What is wrong with the ladders, step by step."""
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    for number, ladder in enumerate(profile.reminders.ladders):
        yield from _hidden(ladder, f"reminders.ladders[{number}].steps")
        for place, step in enumerate(ladder.steps):
            path = f"reminders.ladders[{number}].steps[{place}]"
            yield from _day(step, path)
            yield from _readers(step, path, rights)


def _day(step: ReminderStep, path: str) -> Iterator[Fault]:
    before = step.relative_to == "due"
    if (step.offset > 0) if before else (step.offset < (step.relative_to == "overdue")):
        code = {"due": "offset_after", "overdue": "offset_not_after"}.get(step.relative_to, "offset_before")
        yield fault(f"{path}.offset", code, str(step.offset))
    if step.every is not None and step.relative_to in ("light", "due"):
        yield fault(f"{path}.every", "repeats_before_due")
    if step.bulletin_candidate and step.relative_to != "overdue":
        yield fault(f"{path}.bulletin_candidate", "bulletin_before_overdue")


def _readers(step: ReminderStep, path: str, rights: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    if not (step.to_unit or step.to_office or step.to_carrier or step.drafts_urging or step.bulletin_candidate):
        yield fault(path, "tells_nobody")
    for name, roles, needed in (("to_unit", step.to_unit, UNIT_SEES), ("to_office", step.to_office, OFFICE_SEES)):
        for place, role in enumerate(roles):
            if role in rights and needed not in rights[role]:
                yield fault(f"{path}.{name}[{place}]", "role_without_right", role, right=needed)


def _hidden(ladder: Ladder, path: str) -> Iterator[Fault]:
    seen = set()
    for place, step in enumerate(ladder.steps):
        day = (step.relative_to, step.offset, step.unit if step.offset else "", step.only_unacknowledged)
        if day in seen:
            yield fault(f"{path}[{place}]", "step_of_same_day")
        seen.add(day)
