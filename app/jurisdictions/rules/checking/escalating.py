"""Slips go up, thresholds go down, and points count only what can happen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from app.jurisdictions.rules.checking.telling import fault, twice
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.sentences import Fault

ISSUES, DECIDES = "matter:urge", "matter:approve"


def slips(profile: Profile) -> Iterator[Fault]:
    """No slip comes before the one below it, each colour is there once, and somebody issues and decides."""
    if profile.slips is None:
        return
    items = profile.slips.items
    yield from twice("slips.items", [slip.colour for slip in items], ".colour")
    for index, (below, slip) in enumerate(pairwise(items), 1):
        if slip.overdue_working_days < below.overdue_working_days:
            yield fault(f"slips.items[{index}].overdue_working_days", "slip_too_early", slip.name)
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    if not any(ISSUES in held for held in rights.values()):
        yield fault("slips", "nobody_issues")
    for index, slip in enumerate(items):
        for place, role in enumerate(slip.approval.roles if slip.approval else ()):
            if DECIDES not in rights.get(role, frozenset({DECIDES})):
                path = f"slips.items[{index}].approval.roles[{place}]"
                yield fault(path, "role_without_right", role, right=DECIDES)


def points(profile: Profile) -> Iterator[Fault]:
    """Thresholds go from the mildest down and lie below the start; a rule names a slip only where it counts slips."""
    if profile.points is None:
        return
    for index, rule in enumerate(profile.points.rules):
        path = f"points.rules[{index}]"
        if rule.slip is not None and rule.occasion != "slip_issued":
            yield fault(f"{path}.slip", "slip_misplaced", rule.name)
        if rule.occasion == "slip_issued" and profile.slips is None:
            yield fault(f"{path}.occasion", "no_slips", rule.name)
    thresholds = profile.points.thresholds
    for index, (milder, one) in enumerate(pairwise(thresholds), 1):
        if one.at_or_below >= milder.at_or_below:
            yield fault(f"points.thresholds[{index}].at_or_below", "threshold_rises", str(one.at_or_below))
    for index, one in enumerate(thresholds):
        if one.at_or_below >= profile.points.start:
            yield fault(f"points.thresholds[{index}].at_or_below", "threshold_at_start", str(one.at_or_below))
