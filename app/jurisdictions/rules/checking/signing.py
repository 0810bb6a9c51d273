"""Who answers an extension may decide, and where a unit's leader signs there is somebody who signs."""

from __future__ import annotations

from collections.abc import Iterator

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.sentences import Fault

DECIDES, SIGNS = "matter:approve", "matter:sign_report"


def signing(profile: Profile) -> Iterator[Fault]:
    """Every role that answers extensions holds the right to decide; a declining that must be signed can be signed."""
    rights = {role.key: frozenset(role.rights) for role in profile.roles}
    approval = profile.extension.approval
    for place, role in enumerate(approval.roles if approval is not None else ()):
        if DECIDES not in rights.get(role, frozenset({DECIDES})):
            yield fault(f"extension.approval.roles[{place}]", "role_without_right", role, right=DECIDES)
    if profile.receipt.decline_signed_by_leader and not any(SIGNS in held for held in rights.values()):
        yield fault("receipt.decline_signed_by_leader", "nobody_signs")
