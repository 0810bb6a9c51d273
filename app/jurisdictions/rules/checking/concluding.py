"""What a profile after 《政府督查工作条例》 must say: what is chosen from is listed, and somebody can conclude and review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.sentences import Fault

# What a step may demand to be chosen, and the profile's list it is chosen from.
_CHOSEN_FROM: Mapping[str, str] = {"scope": "scopes", "kind": "supervision_kinds"}


def contents(profile: Profile) -> Iterator[Fault]:
    """A step demands to choose only what the profile lists."""
    for index, step in enumerate(profile.procedure.steps):
        for place, name in enumerate(step.required_fields):
            if name in _CHOSEN_FROM and not getattr(profile, _CHOSEN_FROM[name]):
                yield fault(f"procedure.steps[{index}].required_fields[{place}]", "nothing_listed", name)


def conclusions(profile: Profile) -> Iterator[Fault]:
    """A conclusion needs somebody of the office who draws it up and decides on objections."""
    concluding = {"matter:read_all", "matter:review"}
    if profile.conclusion is not None and not any(concluding <= set(role.rights) for role in profile.roles):
        yield fault("conclusion", "nobody_concludes")
